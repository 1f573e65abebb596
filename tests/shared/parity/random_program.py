"""A random afternoon at the front desk: the same seed gives the same operations."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.models.act import Role
from tests.builders.studio_world import NOON

ZONES = ("Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe")
PRICES = ((245000, "EUR"), (48000, "JPY"), (310550, "KWD"), (99, "USD"), (0, "EUR"))


@dataclass(frozen=True)
class Step:
    """One operation, when and by whom."""

    name: str
    args: dict[str, Any]
    operation_id: UUID
    at: datetime
    role: Role


@dataclass
class Desk:
    """Writes a program; remembers the ids it has given, also those whose making will be refused."""

    rng: random.Random
    tenant_id: UUID
    now: datetime = NOON
    ids: dict[str, list[str]] = field(default_factory=dict)
    slots: dict[str, dict[str, Any]] = field(default_factory=dict)

    def new_id(self) -> UUID:
        return UUID(int=self.rng.getrandbits(128), version=4)

    def made(self, kind: str) -> str:
        row_id = str(self.new_id())
        self.ids.setdefault(kind, []).append(row_id)
        return row_id

    def one(self, kind: str) -> str:
        known = self.ids.get(kind)
        return self.rng.choice(known) if known else str(self.new_id())

    def slot(self) -> dict[str, Any]:
        day = f"2027-0{self.rng.randint(3, 4)}-{self.rng.randint(26, 29)}"
        start = self.rng.randint(0, 20)
        return {
            "start_date": day,
            "start_time": f"{start:02}:30",
            "end_date": day,
            "end_time": f"{start + self.rng.randint(0, 3):02}:{self.rng.choice(('30', '45'))}",
            "zone": self.rng.choice(ZONES),
        }

    def step(self) -> Step:
        name, write = self.rng.choice(ACTS)
        args = write(self)
        self.now += timedelta(minutes=self.rng.randint(0, 4000))
        return Step(name, args, self.new_id(), self.now, self.rng.choice(list(Role)))


def _package(desk: Desk) -> dict[str, Any]:
    price_minor, currency = desk.rng.choice(PRICES)
    return {
        "id": desk.made("package"),
        "name": "Full day",
        "price_minor": price_minor,
        "currency": currency,
        "deposit_percent": desk.rng.choice((0, 30, 50, 100)),
        "tax_percent": desk.rng.choice(("0", "20")),
    }


def _booking(desk: Desk) -> dict[str, Any]:
    row_id, slot = desk.made("booking"), desk.slot()
    desk.slots[row_id] = slot
    return {
        "id": row_id,
        "customer_id": desk.one("customer"),
        "package_id": desk.one("package"),
        "slot": slot,
        "resource_ids": sorted({desk.one("resource"), desk.one("resource")}),
        "note": desk.rng.choice(("", "Ceremony in the garden")),
    }


def _move(desk: Desk) -> dict[str, Any]:
    row_id, to = desk.one("booking"), desk.slot()
    seen = desk.slots.get(row_id, to)
    desk.slots[row_id] = to
    return {"id": row_id, "seen": seen, "slot": to}


def _edit(desk: Desk) -> dict[str, Any]:
    change = {"from": desk.rng.choice(("", "1")), "to": desk.rng.choice(("1", "2"))}
    return {"id": desk.one("customer"), "patch": {"phone": change}}


ACTS: tuple[tuple[str, Callable[[Desk], dict[str, Any]]], ...] = (
    ("customer.create", lambda desk: {"id": desk.made("customer"), "name": "Zoë", "email": "z@example.com"}),
    ("customer.create", lambda desk: {"id": desk.made("customer"), "name": "", "email": "not an address"}),
    ("customer.edit", _edit),
    ("customer.delete", lambda desk: {"id": desk.one("customer")}),
    ("customer.restore", lambda desk: {"id": desk.one("customer")}),
    ("package.create", _package),
    ("package.archive", lambda desk: {"id": desk.one("package")}),
    ("resource.create", lambda desk: {"id": desk.made("resource"), "name": "Anna"}),
    (
        "block.create",
        lambda desk: {"id": desk.made("block"), "slot": desk.slot(), "resource_id": desk.one("resource")},
    ),
    ("booking.create", _booking),
    ("booking.create", _booking),
    ("booking.create", _booking),
    ("booking.move", _move),
    ("booking.postpone", lambda desk: {"id": desk.one("booking")}),
    ("booking.cancel", lambda desk: {"id": desk.one("booking"), "refund": True}),
    (
        "note.add",
        lambda desk: {"id": desk.made("note"), "booking_id": desk.one("booking"), "body": "a\nb\nc"},
    ),
    ("note.edit", lambda desk: {"id": desk.one("note"), "seen": "a\nb\nc", "body": "a\nb\nd"}),
)


def a_program(seed: int, tenant_id: UUID, *, steps: int) -> list[Step]:
    """The same steps for the same seed; some repeat an operation that was already carried out."""
    desk = Desk(random.Random(seed), tenant_id)  # noqa: S311 - a reproducible story
    program: list[Step] = []
    for _ in range(steps):
        again = program and desk.rng.random() < 0.1
        program.append(desk.rng.choice(program) if again else desk.step())
    return program
