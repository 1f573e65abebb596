"""Stripe's webhook: verified, kept, answered; nothing is decided here."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from shared.clock import Clock
from shared.errors import BodyTooLarge
from shared.ports import ProviderEvent
from sync_server.services.webhook_handling import WebhookHandling

MAX_BODY: Final = 256 * 1024


ReadWebhook = Callable[[bytes, str, datetime], ProviderEvent]
"""Checks the signature at machine time; raises BadSignature."""


async def raw_body(request: Request) -> bytes:
    """The bytes as they were signed; raises BodyTooLarge."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise BodyTooLarge(limit="256 KB")
    return bytes(body)


def webhook_router(handling: WebhookHandling, read_webhook: ReadWebhook, clock: Clock) -> APIRouter:
    """``POST /stripe/webhook``: 200 also for a repeat, 400 for a signature that does not fit."""
    router = APIRouter()

    @router.post("/stripe/webhook", include_in_schema=False)
    def stripe_webhook(request: Request, body: Annotated[bytes, Depends(raw_body)]) -> Response:
        signature = request.headers.get("Stripe-Signature", "")
        handling.receive(read_webhook(body, signature, clock.now()))
        return Response(status_code=200)

    return router
