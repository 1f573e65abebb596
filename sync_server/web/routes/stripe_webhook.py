"""Stripe's webhook: verified, kept, answered; nothing is decided here."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Response

from shared.clock import Clock
from shared.ports import ProviderEvent
from sync_server.services.webhook_handling import WebhookHandling
from sync_server.web.dependencies import raw_body

ReadWebhook = Callable[[bytes, str, datetime], ProviderEvent]
"""Checks the signature at machine time; raises BadSignature."""


def webhook_router(handling: WebhookHandling, read_webhook: ReadWebhook, clock: Clock) -> APIRouter:
    """``POST /stripe/webhook``: 200 also for a repeat, 400 for a signature that does not fit."""
    router = APIRouter()

    @router.post("/stripe/webhook", include_in_schema=False)
    def stripe_webhook(
        body: Annotated[bytes, Depends(raw_body)], stripe_signature: Annotated[str, Header()] = ""
    ) -> Response:
        """Keep a signed event."""
        handling.receive(read_webhook(body, stripe_signature, clock.now()))
        return Response(status_code=200)

    return router
