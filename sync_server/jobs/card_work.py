"""Card work that is due: events to look into, refunds to send, payments to close, events that were lost."""

from collections.abc import Callable, Mapping

from sync_server.services.payment_intents import PaymentIntents
from sync_server.services.refund_submission import RefundSubmission
from sync_server.services.webhook_handling import WebhookHandling


def card_ticks(
    handling: WebhookHandling, submission: RefundSubmission, intents: PaymentIntents
) -> Mapping[str, Callable[[], int]]:
    """By the worker's name of the tick: takes one batch of due rows, answers how many there were."""
    return {
        "events": handling.process_due,
        "refunds": lambda: submission.submit_due() + intents.cancel_due(),
        "backfill": handling.backfill,
    }
