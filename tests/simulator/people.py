"""What the people of a studio do at their desks in one history: real commands, on what they see there."""

import random
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from desktop.commands import (
    bookings,
    customers,
    issues,
    notes,
    packages,
    payments,
    refunds,
    resources,
    studio,
)
from shared.ids import new_id
from shared.models.slot import Slot
from shared.models.states import ManualMethod, ReasonCode, Series
from shared.sync_protocol.operations import (
    BlockCreate,
    BookingCreate,
    CustomerCreate,
    PackageCreate,
    PaymentRecordManual,
    RefundAsk,
    RefundLine,
    SlotArgs,
)

if TYPE_CHECKING:
    from tests.simulator.device import SimDevice

ZONE: Final = "Europe/Paris"
_DAYS: Final = (date(2027, 3, 28), date(2027, 10, 31))
_HOURS: Final = (1, 2, 9)
_BODY: Final = "first\nsecond\nthird\nfourth"

Deed = Callable[["SimDevice"], None]


def some_deed(dice: random.Random) -> tuple[str, Deed]:
    """What somebody does next, by how often it is done."""
    name = dice.choices(_NAMES, weights=_WEIGHTS)[0]
    return name, _DEEDS[name][1]


# --- looking ----------------------------------------------------------------------------------------------


def _pick(device: "SimDevice", statement: str, *values: object) -> Any:  # noqa: ANN401 - a row
    """One of the rows that are seen, or None."""
    rows = device.select(statement, *values)
    return device.world.dice.choice(rows) if rows else None


def _slot(device: "SimDevice") -> Slot:
    dice = device.world.dice
    day, hour = dice.choice(_DAYS), dice.choice(_HOURS)
    return Slot(day, time(hour), day, time(hour + dice.randint(1, 3)), ZONE)


def _slot_seen(row: Any) -> Slot:  # noqa: ANN401 - a row
    return Slot(
        date.fromisoformat(row.start_date),
        time.fromisoformat(row.start_time),
        date.fromisoformat(row.end_date),
        time.fromisoformat(row.end_time),
        row.zone,
    )


def _fresh(device: "SimDevice") -> str:
    """A value that nobody else writes."""
    return f"{device.name} {device.world.dice.getrandbits(32):x}"


def changes_of(row: object, changed: dict[str, object]) -> dict[str, tuple[object, object]]:
    """What an edit sends: only what was changed, as (seen, new)."""
    return {name: (getattr(row, name), value) for name, value in changed.items()}


# --- customers, packages, resources, settings -------------------------------------------------------------

_CUSTOMER: Final = (
    "SELECT id, name, phone, street, email FROM customer WHERE deleted_at IS NULL ORDER BY id LIMIT 4"
)


def _edit_customer(device: "SimDevice") -> None:
    row = _pick(device, _CUSTOMER)
    if row is not None:
        dice = device.world.dice
        fields = dice.sample(("name", "phone", "street"), dice.choice((1, 1, 2)))
        changes = changes_of(row, {field: _fresh(device) for field in fields})
        customers.edit_customer(device.desk, UUID(row.id), changes)


def _add_customer(device: "SimDevice") -> None:
    draft = CustomerCreate(id=new_id(), name=_fresh(device), email="new@example.com")
    customers.add_customer(device.desk, draft)


def _delete_customer(device: "SimDevice") -> None:
    row = _pick(device, _CUSTOMER)
    if row is not None:
        customers.delete_customer(device.desk, UUID(row.id))


def _restore_customer(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id FROM customer WHERE deleted_at IS NOT NULL ORDER BY id")
    if row is not None:
        customers.restore_customer(device.desk, UUID(row.id))


def _edit_package(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id, name, price_minor, description FROM package ORDER BY id")
    if row is not None:
        price_minor = device.world.dice.randint(1, 9) * 10_000
        changes = changes_of(row, {"price_minor": price_minor})
        packages.edit_package(device.desk, UUID(row.id), changes)


def _add_package(device: "SimDevice") -> None:
    draft = PackageCreate(id=new_id(), name=_fresh(device), price_minor=0, currency="EUR")
    packages.add_package(device.desk, draft)


def _edit_resource(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id, name FROM resource ORDER BY id")
    if row is not None:
        resources.edit_resource(device.desk, UUID(row.id), changes_of(row, {"name": _fresh(device)}))


def _edit_settings(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id, name, phone, email FROM studio")
    if row is not None:
        studio.edit_settings(device.desk, UUID(row.id), changes_of(row, {"phone": _fresh(device)}))


# --- bookings ---------------------------------------------------------------------------------------------

_BOOKING: Final = (
    "SELECT * FROM booking WHERE deleted_at IS NULL AND status IN"
    " ('held', 'confirmed', 'needs_slot', 'postponed') ORDER BY id"
)


def _make_booking(device: "SimDevice") -> None:
    customer, package = _pick(device, _CUSTOMER), _pick(device, "SELECT id FROM package ORDER BY id")
    rooms = device.select("SELECT id FROM resource ORDER BY id")
    if customer is None or package is None or not rooms:
        return
    chosen = device.world.dice.sample(rooms, device.world.dice.randint(1, len(rooms)))
    draft = BookingCreate(
        id=new_id(),
        customer_id=UUID(customer.id),
        package_id=UUID(package.id),
        slot=SlotArgs.of(_slot(device)),
        resource_ids=[UUID(room.id) for room in chosen],
        note=device.world.dice.choice(("", _BODY)),
    )
    bookings.make_booking(device.desk, draft)


def _move_booking(device: "SimDevice") -> None:
    row = _pick(device, _BOOKING)
    if row is not None:
        bookings.move_booking(device.desk, UUID(row.id), seen=_slot_seen(row), slot=_slot(device))


def _edit_booking(device: "SimDevice") -> None:
    row = _pick(device, _BOOKING)
    if row is not None:
        bookings.edit_booking(device.desk, UUID(row.id), changes_of(row, {"place": _fresh(device)}))


def _postpone_booking(device: "SimDevice") -> None:
    row = _pick(device, _BOOKING)
    if row is not None:
        bookings.postpone_booking(device.desk, UUID(row.id))


def _cancel_booking(device: "SimDevice") -> None:
    row = _pick(device, _BOOKING)
    if row is not None:
        bookings.cancel_booking(device.desk, UUID(row.id), seen=_slot_seen(row))


def _close_time(device: "SimDevice") -> None:
    room = _pick(device, "SELECT id FROM resource ORDER BY id")
    resource_id = UUID(room.id) if room is not None and device.world.dice.random() < 0.5 else None
    draft = BlockCreate(id=new_id(), resource_id=resource_id, slot=SlotArgs.of(_slot(device)))
    resources.close_time(device.desk, draft)


def _open_time(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id FROM availability_block WHERE deleted_at IS NULL ORDER BY id")
    if row is not None:
        resources.open_time(device.desk, UUID(row.id))


def _add_note(device: "SimDevice") -> None:
    row = _pick(device, _BOOKING)
    if row is not None:
        notes.add_note(device.desk, UUID(row.id), _BODY, note_id=new_id())


def _edit_note(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id, body FROM note ORDER BY id")
    if row is not None:
        lines = row.body.split("\n")
        lines[device.world.dice.randrange(len(lines))] = _fresh(device)
        notes.edit_note(device.desk, UUID(row.id), seen=row.body, body="\n".join(lines))


# --- money and paper --------------------------------------------------------------------------------------


def _record_payment(device: "SimDevice") -> None:
    row = _pick(
        device, "SELECT id, amount_minor, currency FROM payment_stage WHERE status = 'planned' ORDER BY id"
    )
    if row is not None:
        draft = PaymentRecordManual(
            id=new_id(),
            stage_id=UUID(row.id),
            amount_minor=row.amount_minor,
            currency=row.currency,
            method=ManualMethod.CASH,
            paid_on=date(2026, 6, 12),
        )
        payments.record_manual(device.desk, draft)


def _void_payment(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id FROM manual_payment WHERE voided_at IS NULL ORDER BY id")
    if row is not None:
        payments.void_manual(device.desk, UUID(row.id), reason="a mistake")


def _ask_refund(device: "SimDevice") -> None:
    row = _pick(
        device,
        "SELECT id, booking_id, currency, received_minor - refund_reserved_minor AS free FROM payment_stage"
        " WHERE received_minor > refund_reserved_minor ORDER BY id",
    )
    if row is not None:
        part = max(1, row.free // device.world.dice.choice((1, 2, 3)))
        draft = RefundAsk(
            id=new_id(),
            request_key=new_id(),
            booking_id=UUID(row.booking_id),
            lines=[RefundLine(stage_id=UUID(row.id), amount_minor=part)],
            currency=row.currency,
            reason_code=ReasonCode.STUDIO_CANCELLED,
        )
        refunds.request_refund(device.desk, draft)


def _answer_refund(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id FROM refund_request WHERE status = 'requested' ORDER BY id")
    if row is not None:
        answer = device.world.dice.choice(
            (refunds.approve_refund, refunds.decline_refund, refunds.withdraw_refund)
        )
        answer(device.desk, UUID(row.id))


def _pay_back(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id FROM refund WHERE status = 'approved' ORDER BY id")
    if row is not None:
        refunds.mark_paid_back(device.desk, UUID(row.id), method=ManualMethod.CASH, on=date(2026, 6, 13))


def _issue_invoice(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id FROM booking WHERE price_minor > 0 AND deleted_at IS NULL ORDER BY id")
    if row is not None:
        document_id = new_id()
        answer = None
        if device.world.dice.random() < 0.5:
            answer = device.papers.ask_number(Series.INVOICE, document_id)
        device.papers.issue_invoice(UUID(row.id), document_id=document_id, answer=answer)


def _resolve_issue(device: "SimDevice") -> None:
    row = _pick(device, "SELECT id FROM sync_issue WHERE state = 'open' ORDER BY id")
    if row is not None:
        issues.resolve_issue(device.desk, UUID(row.id), resolution=_fresh(device))


def _be_away(device: "SimDevice") -> None:
    """Time goes by without anybody at this desk."""
    device.offline_until_s = device.world.at_s + timedelta(hours=12).total_seconds()


_DEEDS: Final[dict[str, tuple[int, Deed]]] = {
    "edit customer": (16, _edit_customer),
    "add customer": (2, _add_customer),
    "delete customer": (2, _delete_customer),
    "restore customer": (2, _restore_customer),
    "edit package": (3, _edit_package),
    "add package": (1, _add_package),
    "edit resource": (3, _edit_resource),
    "edit settings": (3, _edit_settings),
    "make booking": (14, _make_booking),
    "move booking": (12, _move_booking),
    "edit booking": (6, _edit_booking),
    "postpone booking": (2, _postpone_booking),
    "cancel booking": (3, _cancel_booking),
    "close time": (2, _close_time),
    "open time": (2, _open_time),
    "add note": (2, _add_note),
    "edit note": (4, _edit_note),
    "record payment": (5, _record_payment),
    "void payment": (2, _void_payment),
    "ask refund": (4, _ask_refund),
    "answer refund": (2, _answer_refund),
    "pay back": (2, _pay_back),
    "issue invoice": (6, _issue_invoice),
    "resolve issue": (3, _resolve_issue),
    "be away": (2, _be_away),
}
_NAMES: Final = tuple(_DEEDS)
_WEIGHTS: Final = tuple(weight for weight, _ in _DEEDS.values())
