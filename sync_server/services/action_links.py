"""Mailed links: one purpose, one subject, one use (access, "Action links").

The raw token is derived from the row's id by a key outside the database, so a mail can be rebuilt and a
leaked database opens nothing. Who may look at what behind a link is decided by the routes that spend it.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from shared.errors import LinkEnded
from shared.ids import TenantId, new_id
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.link_tokens import LinkRow, LinkTokens
from sync_server.services.addresses import address_hash
from sync_server.services.key_ring import KeyRing
from sync_server.services.studio_unit import StudioUnits

_TOKEN: Final = re.compile(r"\A[A-Za-z0-9_-]{43}\Z")


class LinkPurpose(StrEnum):
    """What a link is good for."""

    VIEW = "view"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    PAY = "pay"
    INVOICE = "invoice"
    STAFF_SETUP = "staff_setup"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a purpose, no password


OPENING: Final = frozenset({LinkPurpose.VIEW, LinkPurpose.INVOICE})
"""Used by opening something, which then stays open for half an hour."""
_ONLY_THE_NEWEST: Final = frozenset({LinkPurpose.STAFF_SETUP, LinkPurpose.PASSWORD_RESET})


@dataclass(frozen=True)
class LinkWanted:
    """One link that a mail needs: for whom, about what (type, id, revision), and until when."""

    subject: tuple[str, UUID, int]
    email: str
    expires_at: datetime


@dataclass(frozen=True)
class LinkGrant:
    """A link that was found: whose studio, and the row as it stood then."""

    tenant_id: TenantId
    row: LinkRow

    @property
    def purpose(self) -> LinkPurpose:
        """What it is good for."""
        return LinkPurpose(self.row.purpose)


class ActionLinks:
    """Issues, finds, spends and ends links."""

    def __init__(
        self, units: StudioUnits, across: AcrossStudios, *, link_key: KeyRing, public_base_url: str
    ) -> None:
        self._units = units
        self._across = across
        self._keys = link_key
        self._base_url = public_base_url.rstrip("/")

    # --- by whoever needs a link in a mail ----------------------------------------------------------------

    def issue(
        self,
        unit: UnitOfWork,
        tenant_id: UUID,
        purpose: LinkPurpose,
        *,
        subject: tuple[str, UUID, int],
        email: str,
        expires_at: datetime,
    ) -> UUID:
        """The id of a valid link for this subject (type, id, revision), in the caller's transaction.

        A valid one is used again and ends as if it were new; a change of address makes another.
        """
        tokens, now = LinkTokens(unit.session), self._units.business_now(unit)
        subject_type, subject_id, subject_rev = subject
        tokens.one_at_a_time(tenant_id, purpose.value, subject_id)
        recipient = address_hash(email)
        valid = tokens.valid_for(tenant_id, purpose.value, subject_id, subject_rev=subject_rev, now=now)
        if valid is not None and valid.email_hash == recipient and purpose not in _ONLY_THE_NEWEST:
            tokens.extend(tenant_id, valid.id, expires_at=expires_at)
            return valid.id
        if valid is not None:
            reason = "newer link" if valid.email_hash == recipient else "address changed"
            tokens.revoke(tenant_id, subject_id, reason=reason, now=now, purposes=(purpose.value,))
        token_id, version = new_id(), self._keys.newest
        tokens.add(
            tenant_id,
            {
                "id": token_id,
                "purpose": purpose.value,
                "subject_type": subject_type,
                "subject_id": subject_id,
                "subject_rev": subject_rev,
                "email_hash": recipient,
                "token_sha256": _sha256(self._raw(token_id, version)),
                "key_ver": version,
                "expires_at": expires_at,
            },
        )
        return token_id

    def issue_many(
        self, unit: UnitOfWork, tenant_id: UUID, purpose: LinkPurpose, *, wanted: Sequence[LinkWanted]
    ) -> list[str]:
        """As :meth:`issue` and :meth:`url` for many mails of one purpose, in few questions; in their order.

        No two of them may be about one subject, and the newest-only purposes are issued one by one.
        """
        assert purpose not in _ONLY_THE_NEWEST, "these end the ones before"
        tokens, now = LinkTokens(unit.session), self._units.business_now(unit)
        subjects = {one.subject[1]: one.subject[2] for one in wanted}
        assert len(subjects) == len(wanted), "one link a subject"
        known = tokens.valid_for_many(tenant_id, purpose.value, subjects, now=now)
        version = self._keys.newest
        urls: list[str] = []
        new: list[dict[str, Any]] = []
        ends: dict[UUID, datetime] = {}
        for one in wanted:
            subject_type, subject_id, subject_rev = one.subject
            recipient = address_hash(one.email)
            valid = known.get(subject_id)
            if valid is not None and valid.email_hash == recipient:
                ends[valid.id] = one.expires_at
                urls.append(self._url(self._raw(valid.id, valid.key_ver)))
                continue
            if valid is not None:
                tokens.revoke(
                    tenant_id, subject_id, reason="address changed", now=now, purposes=(purpose.value,)
                )
            token_id = new_id()
            raw = self._raw(token_id, version)
            urls.append(self._url(raw))
            new.append(
                {
                    "id": token_id,
                    "subject_type": subject_type,
                    "subject_id": subject_id,
                    "subject_rev": subject_rev,
                    "email_hash": recipient,
                    "token_sha256": _sha256(raw),
                    "expires_at": one.expires_at,
                }
            )
        tokens.add_many(tenant_id, new, alike={"purpose": purpose.value, "key_ver": version})
        tokens.extend_many(tenant_id, ends)
        return urls

    def url(self, unit: UnitOfWork, tenant_id: UUID, token_id: UUID) -> str:
        """The link as it is mailed; it is stored nowhere. Raises LinkEnded when its key is no more."""
        return self._url(self.raw_token(unit, tenant_id, token_id))

    def raw_token(self, unit: UnitOfWork, tenant_id: UUID, token_id: UUID) -> str:
        """The token inside the link; raises LinkEnded when its key is no more."""
        row = LinkTokens(unit.session).find(tenant_id, token_id)
        assert row is not None, "a link is rebuilt from its row"
        return self._raw(row.id, row.key_ver)

    def raw_of(self, grant: LinkGrant) -> str:
        """The token of a link that was found; raises LinkEnded when its key is no more."""
        return self._raw(grant.row.id, grant.row.key_ver)

    def end(self, unit: UnitOfWork, tenant_id: UUID, subject_id: UUID, *, reason: str) -> None:
        """End the links of a subject; what was opened by one is closed with it."""
        tokens, now = LinkTokens(unit.session), self._units.business_now(unit)
        tokens.revoke(tenant_id, subject_id, reason=reason, now=now)
        tokens.revoke_used(
            tenant_id, subject_id, reason=reason, now=now, purposes=[purpose.value for purpose in OPENING]
        )

    # --- by whoever comes with a link -----------------------------------------------------------------------

    def find(self, raw: str) -> LinkGrant | None:
        """The link behind a raw token, valid or not; None for anything that was never one.

        A link whose key was taken out of the ring is none any more: with the key its tokens may have leaked.
        """
        if not _TOKEN.match(raw):
            return None
        found = self._across.find_link(_sha256(raw))
        grant = None if found is None else self.find_by_id(TenantId(found[0]), found[1])
        return grant if grant is not None and grant.row.key_ver in self._keys.versions else None

    def find_by_id(self, tenant_id: TenantId, token_id: UUID) -> LinkGrant | None:
        """The link that a signed cookie names."""
        with self._units.reading(tenant_id) as (unit, _):
            row = LinkTokens(unit.session).find(tenant_id, token_id)
        return None if row is None else LinkGrant(tenant_id, row)

    def count_view(self, grant: LinkGrant) -> None:
        """A GET of a person or scanner; nothing else changes."""
        with self._units.sessions.unlocked(grant.tenant_id) as session:
            LinkTokens(session).count_view(grant.tenant_id, grant.row.id, at=tenant_lock.machine_now(session))

    def spend(self, unit: UnitOfWork, grant: LinkGrant, *, ip: str | None = None) -> None:
        """Use it up in the transaction of the act, under the studio's lock; raises LinkEnded."""
        now = self._units.business_now(unit)
        if not LinkTokens(unit.session).spend(grant.tenant_id, grant.row.id, now=now, ip=ip):
            raise LinkEnded

    def _url(self, raw: str) -> str:
        return f"{self._base_url}/l/{raw}"

    def _raw(self, token_id: UUID, version: int) -> str:
        mac = self._keys.sign(f"v1|{token_id}".encode(), version=version)
        if mac is None:
            raise LinkEnded
        return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def _sha256(raw: str) -> bytes:
    return hashlib.sha256(raw.encode()).digest()
