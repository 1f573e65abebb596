"""A studio that takes cards: real Postgres, the emulator as its own process, the server's services."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import pytest
import sqlalchemy as sa

from shared.ids import TenantId, new_id
from shared.models.act import Act, Actor, ActorKind, Role
from shared.models.payment import PaymentStage
from shared.models.refund import Refund, RefundRequest
from shared.models.slot import Slot
from shared.ports import PaymentAccount
from shared.services.operations import carry_out, find_operation
from shared.sync_protocol.operations import SlotArgs
from shared.sync_protocol.results import Outcome
from sync_server.adapters.stripe_payments import StripePayments
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.payment_accounts import PaymentAccounts
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.payment_intents import PaymentIntents
from sync_server.services.provider_events import ProviderTruth
from sync_server.services.refund_submission import RefundSubmission
from sync_server.services.studio_unit import StudioUnits
from sync_server.services.webhook_handling import WebhookHandling
from tests.builders.studio_world import a_slot
from tests.gateways.emulator_process import Emulator, emulator, emulator_process
from tests.sync_server.studio_house import StudioHouse

__all__ = ["emulator", "emulator_process"]

INSTALL = "test-install"


@dataclass
class CardStudio:
    """One studio, its card services and the emulator; ``do`` carries an operation out as the owner."""

    house: StudioHouse
    units: StudioUnits
    across: AcrossStudios
    gateway: StripePayments
    emulator: Emulator
    intents: PaymentIntents = field(init=False)
    submission: RefundSubmission = field(init=False)
    handling: WebhookHandling = field(init=False)
    truth: ProviderTruth = field(init=False)

    def __post_init__(self) -> None:
        self.truth = ProviderTruth(self.units, self.gateway)
        self.intents = PaymentIntents(
            self.units, self.across, self.truth, gateway=self.gateway, install=INSTALL
        )
        self.submission = self.a_worker("worker-1")
        self.handling = WebhookHandling(
            self.units.sessions, self.across, self.truth, gateway=self.gateway, owner="worker-1"
        )

    def a_worker(self, owner: str) -> RefundSubmission:
        """A refund worker with a name of its own."""
        return RefundSubmission(self.units, self.across, self.gateway, install=INSTALL, owner=owner)

    @property
    def tenant_id(self) -> TenantId:
        return self.house.tenant_id

    @property
    def account(self) -> PaymentAccount:
        short = self.tenant_id.hex[:16]
        return PaymentAccount(self.tenant_id, f"acct_practice_{short}", f"fake:{self.tenant_id}")

    def open(self) -> "CardStudio":
        """Make the studio ready for cards."""
        with self.units.sessions.unlocked(self.tenant_id) as session:
            PaymentAccounts(session).install(self.tenant_id, self.account, livemode=False, mode="practice")
        return self

    def do(self, name: str, args: dict[str, object], *, by: UUID | None = None) -> Outcome:
        """Carry an operation out as the owner, or as another owner."""
        operation = find_operation(name, 1)
        assert operation is not None
        with self.units.transaction(self.tenant_id) as (unit, now):
            actor = Actor(ActorKind.STAFF, by or self.house.owner_id, Role.OWNER)
            return carry_out(unit, Act(self.tenant_id, actor, now, new_id()), operation, args=args)

    def a_booking(self, slot: Slot | None = None) -> UUID:
        booking_id = new_id()
        self.do(
            "booking.create",
            {
                "id": str(booking_id),
                "customer_id": str(self.house.customer_id),
                "package_id": str(self.house.package_id),
                "slot": SlotArgs.of(slot or a_slot()).model_dump(mode="json"),
                "resource_ids": [str(self.house.resource_id)],
            },
        )
        return booking_id

    def customer_act(self) -> Act:
        """What a customer does by a pay link."""
        return Act(self.tenant_id, Actor(ActorKind.CUSTOMER, new_id()), a_slot().starts_at, new_id())

    def pay(self, stage_id: UUID, card: str = "pm_card_visa") -> str:
        """Press pay with a card; the payment's status as fetched."""
        return self.intents.confirm(
            self.customer_act(), stage_id, payment_method=card, run=new_id().hex
        ).status

    def stages(self, booking_id: UUID) -> list[PaymentStage]:
        with self.units.reading(self.tenant_id) as (unit, _now):
            return unit.stages.of_booking(self.tenant_id, booking_id)

    def refunds(self, booking_id: UUID) -> list[Refund]:
        with self.units.reading(self.tenant_id) as (unit, _now):
            return unit.refunds.of_booking(self.tenant_id, booking_id)

    def request(self, booking_id: UUID) -> RefundRequest:
        with self.units.reading(self.tenant_id) as (unit, _now):
            return unit.refund_requests.of_booking(self.tenant_id, booking_id)[-1]

    def ask(self, booking_id: UUID, amount_minor: int, **fields: object) -> None:
        """Ask for money of the first stage back, as the owner: approved at once."""
        stage = self.stages(booking_id)[0]
        lines = [{"stage_id": str(stage.id), "amount_minor": amount_minor}]
        args: dict[str, object] = {"id": str(new_id()), "request_key": str(new_id()), "lines": lines}
        args |= {"booking_id": str(booking_id), "currency": "EUR", "reason_code": "goodwill"}
        self.do("refund.request", args | fields)

    def stripe_refunds(self) -> list[dict[str, object]]:
        """Every refund that the emulator knows."""
        return self.emulator.objects(self.account.account, "refund")

    def let_time_pass(self, seconds: int) -> None:
        """Make every waiting refund due, as if this much business time had gone by."""
        with self.units.sessions.global_session() as session:
            session.execute(
                sa.text(
                    "INSERT INTO practice_clock (one, shift_s) VALUES (true, :s)"
                    " ON CONFLICT (one) DO UPDATE SET shift_s = practice_clock.shift_s + :s"
                ),
                {"s": seconds},
            )
        self.emulator.forward(seconds)

    def end_leases(self) -> None:
        """As if the worker that holds a refund had died two minutes ago."""
        with self.units.transaction(self.tenant_id) as (unit, _now):
            unit.session.execute(sa.text("UPDATE refund SET lease_until = now() - interval '1 second'"))


@pytest.fixture
def studio(worker_engine: sa.Engine, emulator: Emulator) -> Iterator[CardStudio]:
    units = StudioUnits(StudioSessions(worker_engine))
    gateway = StripePayments(
        emulator.api_key, webhook_secrets=(emulator.webhook_secret,), api_base=emulator.base_url
    )
    yield CardStudio(StudioHouse(units).open(), units, AcrossStudios(worker_engine), gateway, emulator).open()
    gateway.close()
