"""The way to a sync server in memory, as the whole desktop sees it: sessions, sync, files, a line to cut."""

import threading
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from uuid import UUID

from desktop.sync.exchange import Answer, Request
from desktop.sync.tokens import SignedIn, Tokens
from shared.errors import Busy, SignInFailed
from shared.ids import new_id
from shared.models.act import Role
from shared.sync_protocol.numbers import LeaseAnswer, LeaseRequest
from shared.sync_protocol.sessions import SessionAnswer, SetUpRequest, SignInRequest
from tests.fakes.sync_server import FakeSyncServer

PASSWORD = "a long enough phrase"


class FakeLine:
    """One computer's line; the server behind it is asked by one thread at a time."""

    def __init__(self, server: FakeSyncServer, tokens: Tokens) -> None:
        self._server = server
        self._tokens = tokens
        self._device_id: UUID = new_id()
        self._asking = threading.Lock()
        self._is_cut = self._session_ended = False
        self.files: dict[str, bytes] = {}
        self.next_user_id: UUID | None = None
        """Who signs in next, instead of the owner."""

    def set_up(self, wish: SetUpRequest) -> SignedIn:
        """Whoever has a link is the owner."""
        if self._is_cut:
            raise Busy
        assert wish.password, "a password was chosen"
        return self._session()

    def sign_in(self, wish: SignInRequest) -> SignedIn:
        """The owner has one password."""
        if self._is_cut:
            raise Busy
        if wish.password != PASSWORD:
            raise SignInFailed
        return self._session(self.next_user_id)

    def end_session(self) -> None:
        """Every call is refused until somebody signs in."""
        self._session_ended = True

    def _session(self, user_id: UUID | None = None) -> SignedIn:
        self._session_ended = False
        session = SessionAnswer(
            access_token="a" * 24,
            access_expires_at=self._server.clock.now() + timedelta(hours=1),
            refresh_token="r" * 24,
            tenant_id=self._server.tenant_id,
            device_id=self._device_id,
            user_id=user_id or self._server.owner_id,
            user_name="Clara",
            role=Role.OWNER,
        )
        return self._tokens.keep(session, sits_here=True)

    def send(self, request: Request) -> Answer:
        """Nothing comes back while the line is cut."""
        with self._asking:
            if self._is_cut:
                return Answer(request.serial, None)
            if self._session_ended:
                return Answer(request.serial, HTTPStatus.UNAUTHORIZED, b'{"code": "sign_in"}')
            return self._server.answer(request, self._device_id)

    def listen(self, on_poke: Callable[[int], None]) -> bool:
        """No pokes."""
        del on_poke
        return False

    def lease_number(self, wish: LeaseRequest) -> LeaseAnswer | None:
        """The standing number serves."""
        return None if self._is_cut or wish.standing_next is None else LeaseAnswer(use_standing=True)

    def upload(self, kind: str, sha256: str, data: bytes) -> bool:
        """Keep the file."""
        del kind
        if not self._is_cut:
            self.files[sha256] = data
        return not self._is_cut

    def download(self, kind: str, sha256: str) -> bytes | None:
        """A file that was uploaded."""
        del kind
        return None if self._is_cut else self.files.get(sha256)

    def cut(self) -> None:
        """No network from now on."""
        self._is_cut = True

    def restore(self) -> None:
        """The network is back."""
        self._is_cut = False

    def close(self) -> None:
        """As cut: nothing comes any more."""
        self._is_cut = True
