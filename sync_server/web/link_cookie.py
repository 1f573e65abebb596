"""The cookie that stands for an exchanged link, and the proof that a form came from our own page.

It holds ids and an end, signed; the link itself is in no cookie. A form carries an HMAC of cookie and page,
and its ``Origin`` must be ours.
"""

import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response

from shared.clock import Clock
from shared.errors import PageOutdated
from shared.ids import TenantId
from sync_server.services.key_ring import KeyRing

LIFETIME: Final = timedelta(minutes=30)
_PARTS: Final = 6


@dataclass(frozen=True)
class LinkVisit:
    """Somebody who came with a link; ``opened`` once a button has opened what it stands for."""

    tenant_id: TenantId
    token_id: UUID
    opened: bool
    cookie: str

    def __repr__(self) -> str:
        return f"LinkVisit({self.token_id})"


class LinkCookies:
    """Sets, reads and ends the cookie."""

    def __init__(self, keys: KeyRing, clock: Clock, *, public_base_url: str) -> None:
        self._keys = keys
        self._clock = clock
        address = urlsplit(public_base_url)
        self._base_url = public_base_url.rstrip("/")
        self._origin = f"{address.scheme}://{address.netloc}".lower()
        self._secure = address.scheme == "https"
        self.name: Final = "__Host-lnk" if self._secure else "lnk"  # plain http: practice on loopback

    def set(self, response: Response, tenant_id: UUID, token_id: UUID, *, opened: bool = False) -> None:
        """From now on for 30 minutes this browser holds the link."""
        ends_at = int((self._clock.now() + LIFETIME).timestamp())
        version = self._keys.newest
        body = f"{version}.{tenant_id.hex}.{token_id.hex}.{int(opened)}.{ends_at}"
        response.set_cookie(
            self.name,
            f"{body}.{self._sign(f'lnk|{body}', version)}",
            max_age=int(LIFETIME.total_seconds()),
            httponly=True,
            secure=self._secure,
            samesite="lax",
        )

    def read(self, request: Request) -> LinkVisit | None:
        """The visit, or None for a cookie that is missing, changed or over."""
        value = request.cookies.get(self.name, "")
        parts = value.split(".")
        if len(parts) != _PARTS or not value.isascii():
            return None
        version, tenant_hex, token_hex, opened, ends_at, signature = parts
        if not version.isdigit() or int(version) not in self._keys.versions:
            return None
        body = value.rpartition(".")[0]
        if not hmac.compare_digest(signature, self._sign(f"lnk|{body}", int(version))):
            return None
        if datetime.fromtimestamp(int(ends_at), UTC) <= self._clock.now():
            return None
        return LinkVisit(TenantId(UUID(tenant_hex)), UUID(token_hex), opened == "1", value)

    def csrf(self, visit: LinkVisit, page: str) -> str:
        """What the form that posts to ``page`` must bring along."""
        return self._sign(f"csrf|{visit.cookie}|{page}", int(visit.cookie.partition(".")[0]))

    def absolute(self, path: str) -> str:
        """The address of a page of ours, for those who send a customer back."""
        return self._base_url + path

    def check_form(self, request: Request, visit: LinkVisit, csrf: str) -> None:
        """Raise PageOutdated unless this browser was shown this form by us."""
        self.check_origin(request)
        if not hmac.compare_digest(csrf.encode(), self.csrf(visit, request.url.path).encode()):
            raise PageOutdated

    def check_origin(self, request: Request) -> None:
        """Raise PageOutdated for a form of another site.

        Our pages ask for no referrer, and then browsers send ``Origin: null`` even to ourselves (Fetch
        standard, "append a request Origin header"): for that one the browser's own word on the site decides.
        """
        origin = request.headers.get("Origin", "").lower()
        site = request.headers.get("Sec-Fetch-Site", "same-origin" if origin == "null" else "")
        if origin != self._origin and (origin != "null" or site != "same-origin"):
            raise PageOutdated

    def _sign(self, message: str, version: int) -> str:
        mac = self._keys.sign(message.encode(), version=version)
        assert mac is not None, "asked for a version that is in the ring"
        return urlsafe_b64encode(mac).rstrip(b"=").decode()
