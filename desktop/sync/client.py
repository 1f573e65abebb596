"""The only door to the network: every call to the sync server, over one connection pool.

What the network does never leaves here as an exception of its library: sync calls answer "nothing came back",
calls that a person waits for raise a DomainError.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

import httpx
import httpx_sse
import structlog
from pydantic import ValidationError

from desktop.sync.exchange import Answer, Call, Request
from desktop.sync.tokens import SignedIn, Tokens
from shared.errors import Busy, DomainError
from shared.sync_protocol.changes import PROTOCOL, SCHEMA
from shared.sync_protocol.numbers import LeaseAnswer, LeaseRequest
from shared.sync_protocol.sessions import RefreshRequest, SessionAnswer, SetUpRequest, SignInRequest

log = structlog.get_logger()

_CONNECT_S: Final = 5.0
_SIGN_IN_S: Final = 20.0
_FILE_S: Final = 60.0
_LEASE_S: Final = 2.0
_SILENT_STREAM_S: Final = 40.0
_LOCAL_HOSTS: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_OVER: Final = frozenset({"sign_in", "session_reused", "revoked"})


class ServerClient:
    """One server, as this device sees it. Implements :class:`desktop.sync.exchange.Transport`."""

    def __init__(self, base_url: str, tokens: Tokens, *, app_version: str) -> None:
        """``base_url`` is https, or plain http on this very machine (practice)."""
        self._url = httpx.URL(base_url)
        self._is_local = self._url.host in _LOCAL_HOSTS
        assert self._url.scheme == "https" or self._is_local, "what leaves the machine is encrypted"
        self._app_version = app_version
        self.tokens = tokens
        self._is_cut = threading.Event()
        self._refreshing = threading.Lock()
        self._stream_socket: socket.socket | None = None
        self._opening = threading.Lock()
        self._opened: httpx.Client | None = None

    @property
    def _http(self) -> httpx.Client:
        """Opened by the first request: that takes a tenth of a second, which no window should wait for."""
        with self._opening:
            if self._opened is None:
                self._opened = httpx.Client(
                    base_url=self._url,
                    headers={
                        "X-Sync": f"protocol={PROTOCOL};schema={SCHEMA}",
                        "User-Agent": f"Daybook/{self._app_version}",
                        "Accept-Encoding": "zstd, gzip",
                    },
                    timeout=httpx.Timeout(_FILE_S, connect=_CONNECT_S),
                    trust_env=not self._is_local,
                )
            return self._opened

    # --- the line -------------------------------------------------------------------------------------

    def cut(self) -> None:
        """From now on nothing goes out and nothing comes in, as without a network."""
        self._is_cut.set()
        self._end_stream()

    def restore(self) -> None:
        """The network is back."""
        self._is_cut.clear()

    @property
    def is_cut(self) -> bool:
        """Whether the line was cut on purpose."""
        return self._is_cut.is_set()

    def close(self) -> None:
        """End every connection."""
        self._is_cut.set()
        self._end_stream()
        with self._opening:
            if self._opened is not None:
                self._opened.close()

    # --- sync -----------------------------------------------------------------------------------------

    def send(self, request: Request) -> Answer:
        """Send one request of the cycle as the right person, with a fresh access token where needed."""
        user_id = self.tokens.session_of(request.user_id)
        if user_id is None:
            return _refused(request.serial, "sign_in")
        answer = self._send_as(user_id, request)
        if answer.status == HTTPStatus.UNAUTHORIZED and answer.json().get("code") == "token_expired":
            self.tokens.expire(user_id)
            answer = self._send_as(user_id, request)
        if request.call is Call.RENEW and answer.is_ok:
            self._keep_renewed(answer)
        return answer

    def _send_as(self, user_id: UUID, request: Request) -> Answer:
        refusal = self._freshen(user_id, request.serial)
        if refusal is not None:
            return refusal
        return self._exchange(
            request.serial,
            request.method,
            request.path,
            body=request.body,
            user_id=user_id,
            timeout_s=request.timeout_s,
        )

    def _keep_renewed(self, answer: Answer) -> None:
        try:
            session = SessionAnswer.model_validate_json(answer.body)
        except ValidationError:
            log.warning("renewed_session_unreadable")  # the cycle refuses the same answer and asks again
        else:
            self.tokens.keep(session, sits_here=False)

    def _freshen(self, user_id: UUID, serial: int) -> Answer | None:
        """Make sure there is an access token; what came instead, when there is none."""
        with self._refreshing:
            if self.tokens.access_token(user_id) is not None:
                return None
            refresh = self.tokens.refresh_token(user_id)
            if refresh is None:
                return _refused(serial, "sign_in")
            wish = RefreshRequest(refresh_token=refresh).model_dump_json().encode()
            answer = self._exchange(serial, "POST", "/v1/session/refresh", body=wish, timeout_s=_SIGN_IN_S)
            if not answer.is_ok:
                if answer.json().get("code") in _OVER:
                    self.tokens.end(user_id)
                return answer
            self.tokens.keep(SessionAnswer.model_validate_json(answer.body), sits_here=False)
            return None

    # --- sessions -------------------------------------------------------------------------------------

    def sign_in(self, wish: SignInRequest) -> SignedIn:
        """Sign in and sit down. Raises what the server says, and Busy when it does not answer."""
        proof = wish.device_proof or self.tokens.device_proof
        wish = wish.model_copy(update={"device_proof": proof})
        return self._open_session("/v1/session/sign-in", wish.model_dump_json())

    def set_up(self, wish: SetUpRequest) -> SignedIn:
        """Spend a set-up link: first password and first device. Raises LinkEnded, PasswordTooWeak, Busy."""
        return self._open_session("/v1/session/set-up", wish.model_dump_json())

    def sign_out(self, user_id: UUID) -> None:
        """End the session, on the server too when it can be reached."""
        if self._freshen(user_id, 0) is None:
            self._exchange(0, "POST", "/v1/session/sign-out", user_id=user_id, timeout_s=_SIGN_IN_S)
        self.tokens.end(user_id)

    def _open_session(self, path: str, body: str) -> SignedIn:
        answer = self._exchange(0, "POST", path, body=body.encode(), timeout_s=_SIGN_IN_S)
        if not answer.is_ok:
            raise _error_of(answer)
        return self.tokens.keep(SessionAnswer.model_validate_json(answer.body), sits_here=True)

    # --- numbers and files ----------------------------------------------------------------------------

    def lease_number(self, wish: LeaseRequest) -> LeaseAnswer | None:
        """Ask for one number, two seconds long; None when nothing came: then a standing number serves."""
        user_id = self.tokens.user_id
        if user_id is None or self._freshen(user_id, 0) is not None:
            return None
        body = wish.model_dump_json().encode()
        answer = self._exchange(
            0, "POST", "/v1/numbers/lease", body=body, user_id=user_id, timeout_s=_LEASE_S
        )
        if not answer.is_ok:
            return None
        try:
            return LeaseAnswer.model_validate_json(answer.body)
        except ValidationError:
            log.warning("number_lease_unreadable")
            return None

    def upload(self, kind: str, sha256: str, data: bytes) -> bool:
        """Bring a stored file to the server; a repetition is harmless."""
        answer = self._file_call("PUT", kind, sha256, data)
        return answer.status in {HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.NO_CONTENT}

    def download(self, kind: str, sha256: str) -> bytes | None:
        """Fetch a stored file; None when it is not there (yet)."""
        answer = self._file_call("GET", kind, sha256, None)
        return answer.body if answer.is_ok else None

    def _file_call(self, method: str, kind: str, sha256: str, data: bytes | None) -> Answer:
        user_id = self.tokens.user_id
        refusal = _refused(0, "sign_in") if user_id is None else self._freshen(user_id, 0)
        if refusal is not None:
            return refusal
        return self._exchange(
            0, method, f"/v1/{kind}s/{sha256}", body=data, user_id=user_id, timeout_s=_FILE_S
        )

    # --- pokes ----------------------------------------------------------------------------------------

    def listen(self, on_poke: Callable[[int], None]) -> bool:
        """Hear pokes until the stream ends, however it ends; whether it had begun at all."""
        user_id = self.tokens.user_id
        if self.is_cut or user_id is None or self._freshen(user_id, 0) is not None:
            return False
        begun = False
        stream = httpx_sse.connect_sse(
            self._http,
            "GET",
            "/v1/sync/events",
            headers=self._authorization(user_id),
            timeout=httpx.Timeout(_SILENT_STREAM_S, connect=_CONNECT_S),
        )
        with _nothing_came("events"), stream as source:
            if source.response.status_code == HTTPStatus.UNAUTHORIZED:
                self.tokens.expire(user_id)
            if source.response.status_code != HTTPStatus.OK:
                return False
            begun = True
            self._stream_socket = _socket_of(source.response)
            if self.is_cut:  # while it began: then nobody has ended it
                _hang_up(source.response)
            for event in source.iter_sse():
                if self.is_cut:
                    break
                if event.event == "poke":
                    on_poke(int(json.loads(event.data)["head"]))
        self._stream_socket = None
        return begun

    def _end_stream(self) -> None:
        open_socket = self._stream_socket
        if open_socket is not None:
            try:
                open_socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return  # it had ended by itself

    # --- one exchange ---------------------------------------------------------------------------------

    def _exchange(
        self,
        serial: int,
        method: str,
        path: str,
        *,
        timeout_s: float,
        body: bytes | None = None,
        user_id: UUID | None = None,
    ) -> Answer:
        answer = Answer(serial, None)
        if self.is_cut:
            return answer
        headers = {} if user_id is None else self._authorization(user_id)
        if body is not None:
            headers["Content-Type"] = (
                "application/json" if body.startswith(b"{") else "application/octet-stream"
            )
        with _nothing_came(path.partition("?")[0]):
            response = self._http.request(
                method,
                path,
                content=body,
                headers=headers,
                timeout=httpx.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s)),
            )
            answer = replace(
                answer,
                status=response.status_code,
                body=response.content,  # httpx has taken zstd off
                retry_after_s=_retry_after_s(response),
            )
            if self.is_cut:
                _hang_up(response)
        return Answer(serial, None) if self.is_cut else answer

    def _authorization(self, user_id: UUID) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens.access_token(user_id)}"}


@contextmanager
def _nothing_came(call: str) -> Iterator[None]:
    """A failure of the network means that nothing came back; httpx says which, the log keeps it."""
    try:
        yield
    except (httpx.HTTPError, httpx.StreamError, httpx_sse.SSEError) as failure:
        log.info("no_answer", call=call, failure=type(failure).__name__)


def _refused(serial: int, code: str) -> Answer:
    return Answer(serial, HTTPStatus.UNAUTHORIZED.value, json.dumps({"code": code}).encode())


def _retry_after_s(response: httpx.Response) -> float | None:
    value = response.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None


def _hang_up(response: httpx.Response) -> None:
    """End the connection: one that was still being opened when its pool was closed belongs to nobody."""
    response.extensions["network_stream"].close()


def _socket_of(response: httpx.Response) -> socket.socket | None:
    stream = response.extensions.get("network_stream")
    found = None if stream is None else stream.get_extra_info("socket")
    return found if isinstance(found, socket.socket) else None


def _error_of(answer: Answer) -> DomainError:
    """The server's refusal as the error whose sentence a person reads."""
    body: dict[str, Any] = answer.json()
    code = body.pop("code", None)
    known = {leaf.code: leaf for leaf in _leaves(DomainError)}
    details = body.get("details")
    return known.get(str(code), Busy)(**(details if isinstance(details, dict) else body))


def _leaves(error: type[DomainError]) -> Iterator[type[DomainError]]:
    if error.code:
        yield error
    for child in error.__subclasses__():
        yield from _leaves(child)
