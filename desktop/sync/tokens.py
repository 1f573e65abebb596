"""Who is signed in on this computer: access tokens in memory, refresh tokens among the secrets."""

import threading
from dataclasses import dataclass
from uuid import UUID

from desktop.local_store.secrets import Secrets
from shared.models.act import Role
from shared.sync_protocol.sessions import SessionAnswer

_PRESENT_USER = "user_id"
_PROOF = "device_proof"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a sign-in made known: who sits here, in which studio, on which device."""

    tenant_id: UUID
    device_id: UUID
    user_id: UUID
    user_name: str
    role: Role


class Tokens:
    """The sessions of this computer. Used by the sync thread and by sign-in, so each call is whole."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._access: dict[UUID, str] = {}
        self._lock = threading.Lock()

    @property
    def user_id(self) -> UUID | None:
        """The member who sits at this computer."""
        kept = self._secrets.get(_PRESENT_USER)
        return None if kept is None else UUID(kept)

    @property
    def device_proof(self) -> str | None:
        """The last refresh token this device had: it keeps the device's id at the next sign-in."""
        return self._secrets.get(_PROOF)

    def session_of(self, author_id: UUID | None) -> UUID | None:
        """Whose session speaks for this author: their own, else the one of who sits here."""
        if author_id is not None and self.refresh_token(author_id) is not None:
            return author_id
        return self.user_id

    def access_token(self, user_id: UUID) -> str | None:
        """The access token, or None when it has to be fetched."""
        with self._lock:
            return self._access.get(user_id)

    def refresh_token(self, user_id: UUID) -> str | None:
        """The refresh token, or None when this member is not signed in here."""
        return self._secrets.get(_refresh_name(user_id))

    def keep(self, session: SessionAnswer, *, sits_here: bool) -> SignedIn:
        """Keep a session; with ``sits_here`` its member is the one at the desk."""
        self._secrets.put(_refresh_name(session.user_id), session.refresh_token)
        self._secrets.put(_PROOF, session.refresh_token)
        if sits_here:
            self._secrets.put(_PRESENT_USER, str(session.user_id))
        with self._lock:
            self._access[session.user_id] = session.access_token
        return SignedIn(
            session.tenant_id, session.device_id, session.user_id, session.user_name, session.role
        )

    def expire(self, user_id: UUID) -> None:
        """The access token is over."""
        with self._lock:
            self._access.pop(user_id, None)

    def end(self, user_id: UUID) -> None:
        """The session is over; a person has to sign in."""
        self.expire(user_id)
        self._secrets.delete(_refresh_name(user_id))


def _refresh_name(user_id: UUID) -> str:
    return f"refresh_{user_id}"
