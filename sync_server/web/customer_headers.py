"""What every answer to a customer carries in its headers, whatever has become of the request."""

from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_PLACES: Final = ("/l", "/pay")

_CSP: Final = {
    "default-src": "'none'",
    "style-src": "'self'",
    "font-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
_CSP_CARDS: Final = {
    "script-src": "'self' https://js.stripe.com",
    "connect-src": "'self' https://api.stripe.com",
    "frame-src": "https://js.stripe.com https://hooks.stripe.com",
}


def content_policy(*, card_form: bool = False) -> str:
    """The Content-Security-Policy; ``card_form`` opens what the card provider's own form needs."""
    return "; ".join(f"{name} {value}" for name, value in (_CSP | (_CSP_CARDS if card_form else {})).items())


CUSTOMER_HEADERS: Final = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000",
    "Content-Security-Policy": content_policy(),
}
"""Set on every answer unless it has brought its own."""


class CustomerHeaders:
    """Pure ASGI, around the whole application; other addresses pass untouched."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not is_customer_path(scope["path"]):
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in CUSTOMER_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def is_customer_path(path: str) -> bool:
    """Whether customers come here."""
    return any(path == place or path.startswith(f"{place}/") for place in _PLACES)
