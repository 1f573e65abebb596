"""Card payments: the one Stripe client of this process and the services on it."""

from dataclasses import dataclass

from shared.ids import new_id
from sync_server.adapters.stripe_payments import StripePayments
from sync_server.bootstrap.ground import Ground
from sync_server.repositories.payment_accounts import install_id
from sync_server.services.payment_intents import PaymentIntents
from sync_server.services.provider_events import ProviderTruth
from sync_server.services.refund_submission import RefundSubmission
from sync_server.services.webhook_handling import WebhookHandling


@dataclass(frozen=True)
class Cards:
    """For routes (``intents``, ``inbox``) as the web's role, for jobs as the worker's."""

    gateway: StripePayments
    intents: PaymentIntents
    inbox: WebhookHandling
    worker_intents: PaymentIntents
    worker_inbox: WebhookHandling
    submission: RefundSubmission


def connect_cards(ground: Ground) -> Cards | None:
    """None where no card payments are configured: everything else works without them."""
    settings = ground.settings
    api_key = settings.stripe_api_key.get_secret_value()
    if not api_key:
        return None
    gateway = StripePayments(
        api_key,
        webhook_secrets=(settings.stripe_webhook_secret.get_secret_value(),),
        api_base=settings.stripe_api_base,
    )
    with ground.worker_units.sessions.global_session() as session:
        install = str(install_id(session, new_id()))
    truth = ProviderTruth(ground.units, gateway)
    worker_truth = ProviderTruth(ground.worker_units, gateway)
    units, across = ground.worker_units, ground.worker_across
    return Cards(
        gateway=gateway,
        intents=PaymentIntents(ground.units, ground.across, truth, gateway=gateway, install=install),
        inbox=WebhookHandling(
            ground.units.sessions, ground.across, truth, gateway=gateway, owner=ground.owner
        ),
        worker_intents=PaymentIntents(units, across, worker_truth, gateway=gateway, install=install),
        worker_inbox=WebhookHandling(
            units.sessions, across, worker_truth, gateway=gateway, owner=ground.owner
        ),
        submission=RefundSubmission(units, across, gateway, install=install, owner=ground.owner),
    )
