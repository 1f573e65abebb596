"""The practice studio: who works there, what it sells, and (for the demo) a week that is worth looking at.

Everything is made through the services that the desk uses, as the owner, at moments before the present one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from shared.clock import local_date
from shared.ids import TenantId, derived_id
from shared.models.act import Act, Actor, ActorKind, Role
from shared.models.mail import ReminderRule
from shared.models.slot import Slot
from shared.models.states import ReminderKind
from shared.models.studio import Member, Studio
from shared.policies.cancellation import CancellationPolicy, CancellationTier
from shared.policies.reminder_policy import DEFAULT_RULES
from shared.services.operations import carry_out, find_operation
from shared.sync_protocol.operations import SlotArgs
from shared.unit_of_work import UnitOfWork
from sync_server.services.studio_unit import StudioUnits

CODE: Final = "BELLAWEDS"
ZONE: Final = "Europe/Paris"
CURRENCY: Final = "EUR"
OWNER_MAIL: Final = "clara@bellaweddings.example"

TERMS: Final = "Thank you for your trust."

POLICY: Final = CancellationPolicy(
    currency=CURRENCY,
    # 20 percent from 30 days before on, nothing earlier
    tiers=(CancellationTier(31, 0), CancellationTier(0, 20)),
    move_until_days_before=1,
    cancel_until_days_before=1,
)


@dataclass(frozen=True)
class _Sold:
    name: str
    description: str
    price_minor: int
    hours: int
    deposit_percent: int


PACKAGES: Final = (
    _Sold("Full-day wedding", "Two photographers, edited pictures within six weeks", 245000, 10, 50),
    _Sold("Civil ceremony", "One photographer, three hours", 96000, 3, 50),
    _Sold("Engagement", "A walk of two hours, twenty pictures", 32000, 2, 50),
    _Sold("Family portraits", "One hour, ten pictures", 22000, 1, 50),
    _Sold("Event coverage", "One photographer, four hours", 62000, 4, 0),
)


@dataclass(frozen=True)
class _Seeded:
    """A booking of the demo: who, what, in how many days, and how many stages are paid."""

    customer: str
    email: str
    package: str
    in_days: int
    starts: time
    resources: tuple[str, ...]
    place: str
    paid: int = 0
    booked_days_ago: int = 40
    note: str = ""


BOOKINGS: Final = (
    _Seeded("Yuki Tanaka", "yuki@example.com", "Family portraits", -2, time(14), ("Ben",), "Parc Monceau", 2),
    _Seeded(
        "Farah & Omar Haddad",
        "haddad@example.com",
        "Engagement",
        -1,
        time(10),
        ("Anna",),
        "Canal Saint-Martin",
        2,
    ),
    _Seeded(
        "Priya Nair & James Cole",
        "priya@example.com",
        "Engagement",
        0,
        time(16),
        ("Anna",),
        "Jardin du Luxembourg",
        2,
    ),
    _Seeded(
        "Novak & Partner", "office@novak.example", "Event coverage", 1, time(9, 30), ("Ben",), "La Défense"
    ),
    _Seeded(
        "Elif Demir & Jonas Vogt",
        "elif@example.com",
        "Civil ceremony",
        9,
        time(11),
        ("Anna",),
        "Mairie du 4e",
        0,
        1,
    ),
    _Seeded(
        "Aoife Byrne & Declan Walsh",
        "aoife@example.com",
        "Full-day wedding",
        3,
        time(12),
        ("Anna", "Ben"),
        "Château de Chantilly",
        1,
        note="Ceremony 15:00 in the lemon garden, moves inside if it rains.",
    ),
    _Seeded(
        "Okafor family",
        "okafor@example.com",
        "Family portraits",
        4,
        time(10),
        ("Ben",),
        "Bois de Vincennes",
        1,
    ),
    _Seeded(
        "Zoë Brûlé & Malik Haddad",
        "zoe@example.com",
        "Full-day wedding",
        27,
        time(13),
        ("Anna", "Ben"),
        "Château d'Écouen",
        1,
        note="First look at 13:30. Zoë's grandmother needs a seat in the shade.",
    ),
    _Seeded(
        "Hana Sato & Leo Brandt",
        "hana@example.com",
        "Civil ceremony",
        17,
        time(15),
        ("Ben",),
        "Mairie du 11e",
        0,
        3,
    ),
    _Seeded(
        "Mei-Ling Chen & David Roth",
        "meiling@example.com",
        "Full-day wedding",
        40,
        time(11),
        ("Anna",),
        "Versailles",
        1,
    ),
    _Seeded(
        "Dr Amara Diallo", "amara@example.com", "Event coverage", 12, time(18), ("Ben",), "Institut Pasteur"
    ),
    _Seeded(
        "Ines Carvalho & Tom Riley",
        "ines@example.com",
        "Full-day wedding",
        61,
        time(11),
        ("Anna",),
        "Giverny",
        1,
    ),
)


class PracticeStudio:
    """Makes the studio in an empty database; ids follow from the studio's."""

    def __init__(self, units: StudioUnits, tenant_id: TenantId) -> None:
        self._units = units
        self.tenant_id = tenant_id
        self.owner_id = derived_id(tenant_id, "owner")
        self._step = 0

    def found(self, *, logo_sha256: str | None) -> None:
        """The studio, its owner and colleague, its reminder rules, resources and packages."""
        self._units.sessions.found(self.tenant_id, derived_id(self.tenant_id, "epoch"))
        with self._units.transaction(self.tenant_id) as (unit, now):
            unit.begin_act(self._act(now, "found"))
            unit.studios.add(self.tenant_id, self._studio(logo_sha256))
            unit.members.add(
                self.tenant_id,
                Member(tenant_id=self.tenant_id, id=self.owner_id, name="Clara", role=Role.OWNER),
            )
            for rule in DEFAULT_RULES:
                unit.reminder_rules.add(self.tenant_id, self._rule(rule.kind))
            for name, kind in (("Anna", "person"), ("Ben", "person")):
                self._do(unit, now, "resource.create", {"id": self._id(name), "name": name, "kind": kind})
            for sold in PACKAGES:
                self._do(unit, now, "package.create", self._package(sold))

    def _studio(self, logo_sha256: str | None) -> Studio:
        return Studio(
            tenant_id=self.tenant_id,
            id=self.tenant_id,
            code=CODE,
            name="Bella Weddings",
            zone=ZONE,
            currency=CURRENCY,
            phone="01 99 00 42 17",
            email="hello@bellaweddings.example",
            street="14 rue des Tilleuls",
            postal_city="95440 Écouen",
            country="France",
            logo_sha256=logo_sha256,
            tax_percent="20",
            policy=POLICY.to_json(),
            vat_id="FR00 123 456 789",
            registration="SIRET 123 456 789 00012",
            bank_name="Exemple Banque, Paris",
            iban="FR7630006000011234567890189",
            bic="EXMPFRPPXXX",
            invoice_terms=TERMS,
            signature="Clara Moreau",
            practice=True,
        )

    def _rule(self, kind: ReminderKind) -> ReminderRule:
        rule = next(rule for rule in DEFAULT_RULES if rule.kind is kind)
        return ReminderRule(
            tenant_id=self.tenant_id,
            id=derived_id(self.tenant_id, "rule", kind),
            kind=kind,
            anchor=rule.anchor.value,
            offset_days=rule.offset_days,
            local_time=rule.local_time,
        )

    def _package(self, sold: _Sold) -> dict[str, Any]:
        return {
            "id": self._id(sold.name),
            "name": sold.name,
            "description": sold.description,
            "price_minor": sold.price_minor,
            "currency": CURRENCY,
            "duration_minutes": sold.hours * 60,
            "deposit_percent": sold.deposit_percent,
            "tax_percent": "20",
        }

    def fill(self) -> None:
        """Customers and bookings around the present day, some of them paid by bank transfer."""
        for seeded in BOOKINGS:
            with self._units.transaction(self.tenant_id) as (unit, now):
                self._book(unit, now, seeded)

    def _book(self, unit: UnitOfWork, now: datetime, seeded: _Seeded) -> None:
        today = local_date(now, ZONE)
        booked_at = now - timedelta(days=seeded.booked_days_ago)
        sold = next(sold for sold in PACKAGES if sold.name == seeded.package)
        customer_id, booking_id = self._id(seeded.email), self._id(seeded.customer, "booking")
        person = {"id": customer_id, "name": seeded.customer, "email": seeded.email}
        self._do(unit, booked_at, "customer.create", person)
        self._do(
            unit,
            booked_at,
            "booking.create",
            {
                "id": booking_id,
                "customer_id": customer_id,
                "package_id": self._id(seeded.package),
                "slot": SlotArgs.of(_slot(today, seeded, sold.hours)).model_dump(mode="json"),
                "resource_ids": [self._id(name) for name in seeded.resources],
                "place": seeded.place,
                "note": seeded.note,
            },
        )
        stages = unit.stages.of_booking(self.tenant_id, UUID(booking_id))
        for position, stage in enumerate(stages[: seeded.paid]):
            paid_at = min(booked_at + timedelta(days=2 + 30 * position), now)
            self._do(
                unit,
                paid_at,
                "payment.record_manual",
                {
                    "id": self._id(seeded.customer, "paid", str(position)),
                    "stage_id": str(stage.id),
                    "amount_minor": stage.amount_minor,
                    "currency": CURRENCY,
                    "method": "bank",
                    "paid_on": local_date(paid_at, ZONE).isoformat(),
                },
            )

    def _do(self, unit: UnitOfWork, at: datetime, name: str, args: Mapping[str, Any]) -> None:
        operation = find_operation(name, 1)
        assert operation is not None, name
        self._step += 1
        carry_out(unit, self._act(at, "seed", str(self._step)), operation, args=args)

    def _act(self, at: datetime, *role: str) -> Act:
        return Act(
            self.tenant_id,
            Actor(ActorKind.STAFF, self.owner_id, Role.OWNER),
            at,
            derived_id(self.tenant_id, *role),
        )

    def _id(self, *role: str) -> str:
        return str(derived_id(self.tenant_id, *role))


def _slot(today: date, seeded: _Seeded, hours: int) -> Slot:
    day = today + timedelta(days=seeded.in_days)
    start = datetime.combine(day, seeded.starts)
    end = start + timedelta(hours=hours)
    return Slot(day, seeded.starts, end.date(), end.time(), ZONE)
