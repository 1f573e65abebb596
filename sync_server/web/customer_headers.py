"""What every answer to a customer carries in its headers."""

from collections.abc import Callable
from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

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


class CustomerRoute(APIRoute):
    """A route that customers reach."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's own
        super().__init__(path, endpoint, **options)
        self.app = _Door(self.app)


class _Door:
    """Pure ASGI: adds the headers to whatever answer the route gives."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in CUSTOMER_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)
