"""The typed arguments of every operation, by name and version.

Ids of new rows are made by the author and travel in the arguments. Fields that are not known are ignored;
a value that cannot be read is :class:`shared.errors.BadArgs`. Wall times travel as ``14:00``, dates as
``2027-06-12``, amounts in minor units with their currency.
"""

from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from shared.errors import BadArgs
from shared.models.slot import Slot
from shared.models.states import (
    CancelReason,
    ManualMethod,
    ReasonCode,
    ReminderChoiceKind,
    ResourceKind,
    Series,
)

MAX_AMOUNT = 10**12 - 1


def _clean(text: str) -> str:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("a character that cannot be kept")
    return text


Line = Annotated[str, Field(max_length=200), AfterValidator(_clean)]
"""One line of text: at most 200 characters."""
Body = Annotated[str, Field(max_length=20_000), AfterValidator(_clean)]
"""Long text: at most 20,000 characters."""
Amount = Annotated[int, Field(ge=1, le=MAX_AMOUNT, strict=True)]
Currency = Annotated[str, Field(min_length=3, max_length=3, pattern="^[A-Z]{3}$")]
Percent = Annotated[int, Field(ge=0, le=100)]


class OperationArgs(BaseModel):
    """Arguments of one operation: frozen, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class SlotArgs(OperationArgs):
    """A slot by the wall clock of its zone."""

    start_date: date
    start_time: time
    end_date: date
    end_time: time
    zone: Line

    def slot(self) -> Slot:
        """The slot; raises SlotInvalid, ZoneUnknown."""
        return Slot(self.start_date, self.start_time, self.end_date, self.end_time, self.zone)

    @classmethod
    def of(cls, slot: Slot) -> "SlotArgs":
        """The arguments that say this slot."""
        return cls(
            start_date=slot.start_date,
            start_time=slot.start_time,
            end_date=slot.end_date,
            end_time=slot.end_time,
            zone=slot.zone,
        )


class FieldChange(OperationArgs):
    """What the author saw, and what it shall become."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    seen: Any = Field(alias="from")
    to: Any


Patch = dict[str, FieldChange]


class IdOnly(OperationArgs):
    """One thing, nothing else."""

    id: UUID


class PatchArgs(OperationArgs):
    """An edit, field by field."""

    id: UUID
    patch: Patch


class CustomerCreate(OperationArgs):
    """``customer.create``."""

    id: UUID
    name: Annotated[Line, Field(min_length=1)]
    email: Line
    phone: Line = ""
    street: Line = ""
    postal_city: Line = ""
    country: Line = ""
    language: Line = "en"
    zone: Line | None = None


class PackageCreate(OperationArgs):
    """``package.create``."""

    id: UUID
    name: Annotated[Line, Field(min_length=1)]
    description: Body = ""
    price_minor: Annotated[int, Field(ge=0, le=MAX_AMOUNT, strict=True)]
    currency: Currency
    duration_minutes: Annotated[int, Field(ge=0, le=31 * 24 * 60)] = 0
    deposit_percent: Percent = 50
    remainder_days_before: Annotated[int, Field(ge=0, le=365)] = 3
    tax_percent: Line = "0"
    resources_needed: Annotated[int, Field(ge=0, le=20)] = 1


class ResourceCreate(OperationArgs):
    """``resource.create``."""

    id: UUID
    name: Annotated[Line, Field(min_length=1)]
    kind: ResourceKind = ResourceKind.PERSON


class BlockCreate(OperationArgs):
    """``block.create``: close a time of one resource, or of the whole studio."""

    id: UUID
    resource_id: UUID | None = None
    slot: SlotArgs
    reason: Line = ""


class LineArgs(OperationArgs):
    """One further line of a booking beside its package."""

    text: Annotated[Line, Field(min_length=1)]
    detail: Line = ""
    unit_price_minor: Annotated[int, Field(ge=0, le=MAX_AMOUNT, strict=True)]


class BookingCreate(OperationArgs):
    """``booking.create``; lines, stages and held resources get ids that follow from the operation's."""

    id: UUID
    customer_id: UUID
    package_id: UUID
    slot: SlotArgs
    resource_ids: Annotated[list[UUID], Field(max_length=20)]
    place: Line = ""
    add_ons: Annotated[list[LineArgs], Field(max_length=50)] = []
    note: Body = ""


class BookingMove(OperationArgs):
    """``booking.move``: from the time the author saw to another."""

    id: UUID
    seen: SlotArgs
    slot: SlotArgs


class BookingCancel(OperationArgs):
    """``booking.cancel``; with ``refund``, ``preview_hash`` is that of the amounts the author saw."""

    id: UUID
    reason: CancelReason = CancelReason.STUDIO
    seen: SlotArgs | None = None
    refund: bool = False
    preview_hash: Line | None = None
    note: Annotated[str, Field(max_length=500), AfterValidator(_clean)] = ""


class BookingPostpone(OperationArgs):
    """``booking.postpone``: give up the slot, keep the deposit."""

    id: UUID


class NoteAdd(OperationArgs):
    """``note.add``."""

    id: UUID
    booking_id: UUID
    body: Annotated[Body, Field(min_length=1)]


class NoteEdit(OperationArgs):
    """``note.edit``: a three-way merge with what the author saw."""

    id: UUID
    seen: Body
    body: Body


class PaymentRecordManual(OperationArgs):
    """``payment.record_manual``."""

    id: UUID
    stage_id: UUID
    amount_minor: Amount
    currency: Currency
    method: ManualMethod
    paid_on: date
    note: Line = ""


class PaymentVoidManual(OperationArgs):
    """``payment.void_manual``."""

    id: UUID
    reason: Annotated[Line, Field(min_length=1)]


class RefundLine(OperationArgs):
    """How much of one stage."""

    stage_id: UUID
    amount_minor: Amount


class RefundAsk(OperationArgs):
    """``refund.request``."""

    id: UUID
    request_key: UUID
    booking_id: UUID
    lines: Annotated[list[RefundLine], Field(min_length=1, max_length=12)]
    currency: Currency
    reason_code: ReasonCode
    note: Annotated[str, Field(max_length=500), AfterValidator(_clean)] = ""
    another: bool = False


class RefundAnswer(OperationArgs):
    """``refund.approve``, ``decline``, ``withdraw``, ``try_again``, ``close``."""

    id: UUID
    note: Annotated[str, Field(max_length=500), AfterValidator(_clean)] = ""


class RefundPaidBack(OperationArgs):
    """``refund.mark_paid_back``: staff have handed the money back."""

    id: UUID
    method: ManualMethod
    on: date


class InvoiceIssue(OperationArgs):
    """``invoice.issue`` and ``credit.issue``: the frozen document, rendered and numbered by the desk."""

    id: UUID
    booking_id: UUID
    series: Series
    year: Annotated[int, Field(ge=2000, le=9999)]
    number: Annotated[int, Field(ge=1, le=10**9)]
    lease_id: UUID | None = None
    device_id: UUID | None = None
    snapshot: dict[str, Any]
    content_hash: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    pdf_sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    renderer_version: Line
    refers_to: UUID | None = None
    cause_id: UUID | None = None


class ReminderChoose(OperationArgs):
    """``reminder.hold``, ``release``, ``skip``, ``send_now``: about one planned mail."""

    booking_id: UUID
    rule_id: UUID
    stage_position: Annotated[int, Field(ge=0, le=12)] = 0


class ReminderRuleEdit(OperationArgs):
    """``reminder_rule.edit``: field by field; a rule that does not exist yet is made by ``to`` alone."""

    id: UUID
    patch: Patch


class IssueResolve(OperationArgs):
    """``issue.resolve``: the first to arrive resolves."""

    id: UUID
    resolution: Line


class AuditNote(OperationArgs):
    """``audit.note``: something that happened on the device alone (an export, a failed PIN)."""

    action: Annotated[Line, Field(pattern="^[a-z_]+$")]
    entity: Line = ""
    entity_id: UUID | None = None


CHOICE_OF_OPERATION = {
    "reminder.hold": ReminderChoiceKind.HOLD,
    "reminder.release": ReminderChoiceKind.RELEASE,
    "reminder.skip": ReminderChoiceKind.SKIP,
    "reminder.send_now": ReminderChoiceKind.SEND_NOW,
}

ArgsT = TypeVar("ArgsT", bound=OperationArgs)


def read_args(args_type: type[ArgsT], args: Mapping[str, object]) -> ArgsT:
    """Read arguments from their JSON form; raises BadArgs naming the first field that cannot be read."""
    try:
        return args_type.model_validate(dict(args))
    except ValidationError as failure:
        first = failure.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BadArgs(detail=f"{where}: {first['msg']}") from failure


def write_args(args: OperationArgs) -> dict[str, Any]:
    """The JSON form of arguments, readable by :func:`read_args`."""
    return args.model_dump(mode="json", by_alias=True)
