"""Reads a CSV of bookings as a person writes it; says line and column of what cannot be used."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from shared.clock import SystemClock, utc_to_wall, zone
from shared.errors import DomainError
from shared.models.slot import Slot
from shared.money import Money, parse_amount
from shared.policies.deposit_plan import plan_stages, template_for_deposit
from shared.policies.reminder_times import due_at_utc
from shared.services.catalogue import check_mail_address
from shared.sync_protocol.operations import Body, Line
from tests.journeys.tour.records import Record, read_records

REQUIRED: Final = (
    "customer_name",
    "email",
    "event_date",
    "start",
    "end",
    "time_zone",
    "package",
    "price",
    "currency",
    "deposit_percent",
)
OPTIONAL: Final = ("phone", "place", "notes")
MAX_BYTES: Final = 5 * 1024 * 1024
CLOCK_REACH: Final = timedelta(days=3 * 365)
LEAD: Final = timedelta(days=30)
"""The practice clock starts at the latest this long before the first event."""
FIRST_YEAR: Final = 1971
"""The card network counts seconds from 1970 on: no practice clock starts earlier."""
LAST_YEAR: Final = 9000

_ONE_LINE: Final = ("customer_name", "email", "phone", "package", "place")
_LINE: Final = TypeAdapter(Line)
_BODY: Final = TypeAdapter(Body)

_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_TIME = re.compile(r"^\d{1,2}:\d{2}$")
_PERCENT = re.compile(r"^\d{1,3}$")


class FileUnusable(Exception):
    """The whole file cannot be read; its text is the one sentence."""


@dataclass(frozen=True)
class BookingRow:
    """One good row. ``line`` is the line of the file where the row begins, the header being 1."""

    line: int
    customer_name: str
    email: str
    phone: str
    slot: Slot
    package: str
    price: Money
    deposit_percent: int
    place: str
    notes: str

    def is_marked(self, mark: str) -> bool:
        """Whether the notes ask the tour to move, cancel or decline: ``tour:move`` and so on."""
        return f"tour:{mark}" in self.notes.split()

    @property
    def reminder_at(self) -> datetime:
        """When the reminder is due: three days before at 10:00 in the booking's zone."""
        return due_at_utc(self.slot.start_date, self.slot.zone, days_before=3, at=time(10))


@dataclass(frozen=True)
class BadRow:
    """A row that cannot be used, and why."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True)
class BookingFile:
    """What stood in the file, and where the practice clock has to start."""

    good: list[BookingRow] = field(default_factory=list)
    bad: list[BadRow] = field(default_factory=list)
    clock_start: datetime = field(default_factory=lambda: SystemClock().now())


class _CellUnusable(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(column, reason)
        self.column, self.reason = column, reason


def read_bookings(path: Path) -> BookingFile:
    """Read the file; raises FileUnusable when it is not one."""
    try:
        data = path.read_bytes()
    except OSError as cause:
        raise FileUnusable(f"The file {path} cannot be read: {cause.strerror}.") from cause
    if len(data) > MAX_BYTES:
        raise FileUnusable(f"The file {path} is larger than {MAX_BYTES // 1024 // 1024} MB.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise FileUnusable(f"The file {path} is not UTF-8 (byte {cause.start}).") from cause
    return _read_text(text, path)


def _read_text(text: str, path: Path) -> BookingFile:
    records = read_records(text)
    header = next(records, None)
    if header is None:
        raise FileUnusable(f"The file {path} is empty.")
    names = _read_header(header, path)
    found = BookingFile()
    for record in records:
        try:
            found.good.append(_read_row(record, names))
        except _CellUnusable as failure:
            found.bad.append(BadRow(record.line, failure.column, failure.reason))
    if not found.good and not found.bad:
        raise FileUnusable(f"The file {path} has no bookings, only a header.")
    return _within_reach(found)


def _read_header(header: Record, path: Path) -> list[str]:
    if header.fault:
        raise FileUnusable(f"The header of {path} cannot be read: {header.fault}.")
    names = [name.strip().lower() for name in header.cells]
    known = (*REQUIRED, *OPTIONAL)
    missing = [name for name in known if name not in names]
    if missing:
        raise FileUnusable(f"The header of {path} lacks: {', '.join(missing)}.")
    twice = [name for name in known if names.count(name) > 1]
    if twice:
        raise FileUnusable(f"The header of {path} names more than once: {', '.join(twice)}.")
    return names


def _cells_by_name(record: Record, names: list[str]) -> dict[str, str]:
    cells = [cell.strip() for cell in record.cells]
    if record.fault:
        raise _CellUnusable(names[0], f"the row cannot be read: {record.fault}")
    if len(cells) < len(names):
        reason = f"is missing: the row has {len(cells)} values, the header names {len(names)}"
        raise _CellUnusable(names[len(cells)], reason)
    if len(cells) > len(names):
        reason = f"the row has {len(cells)} values, the header names {len(names)}; is a quote missing?"
        raise _CellUnusable(names[-1], reason)
    row = dict(zip(names, cells, strict=True))
    for column in REQUIRED:
        if not row[column]:
            raise _CellUnusable(column, "is empty")
    for column in _ONE_LINE:
        row[column] = _read_words(column, " ".join(row[column].split()), _LINE)
    return row | {"notes": _read_words("notes", row["notes"], _BODY)}


def _read_words(column: str, words: str, kind: TypeAdapter[str]) -> str:
    try:
        return kind.validate_python(words)
    except ValidationError as failure:
        most = failure.errors()[0].get("ctx", {}).get("max_length")
        reason = f"is longer than {most} characters" if most else "contains a character that cannot be kept"
        raise _CellUnusable(column, reason) from failure


def _read_row(record: Record, names: list[str]) -> BookingRow:
    row = _cells_by_name(record, names)
    with _Column("email"):
        check_mail_address(row["email"])
    slot = _read_slot(row)
    with _Column("currency"):
        Money(0, row["currency"])
    percent = row["deposit_percent"]
    if not _PERCENT.match(percent) or not 0 <= int(percent) <= 100:
        raise _CellUnusable("deposit_percent", f"“{percent}” is not a whole number from 0 to 100")
    return BookingRow(
        line=record.line,
        customer_name=row["customer_name"],
        email=row["email"],
        phone=row["phone"],
        slot=slot,
        package=row["package"],
        price=_read_price(row, slot, int(percent)),
        deposit_percent=int(percent),
        place=row["place"],
        notes=row["notes"],
    )


def _read_slot(row: dict[str, str]) -> Slot:
    with _Column("time_zone"):
        zone(row["time_zone"])
    start_date = _read_date("event_date", row["event_date"])
    start_time = _read_time("start", row["start"])
    end_date, end_time = start_date, row["end"]
    if "T" in row["end"] or " " in row["end"]:
        day, _, end_time = row["end"].replace(" ", "T").partition("T")
        end_date = _read_date("end", day)
    with _Column("end"):
        return Slot(start_date, start_time, end_date, _read_time("end", end_time), row["time_zone"])


def _read_date(column: str, text: str) -> date:
    if not _DATE.match(text):
        raise _CellUnusable(column, f"“{text}” is not a date like 2027-06-12")
    try:
        day = date.fromisoformat(text)
    except ValueError as cause:
        raise _CellUnusable(column, f"the date “{text}” does not exist") from cause
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise _CellUnusable(column, f"the practice clock cannot reach “{text}”")
    return day


def _read_time(column: str, text: str) -> time:
    plain = text.removesuffix(":00") if text.count(":") == 2 else text
    if not _TIME.match(plain):
        raise _CellUnusable(column, f"“{text}” is not a time like 14:00")
    try:
        return time.fromisoformat(plain.zfill(5))
    except ValueError as cause:
        raise _CellUnusable(column, f"the time “{text}” does not exist") from cause


def _read_price(row: dict[str, str], slot: Slot, percent: int) -> Money:
    with _Column("price"):
        price = parse_amount(row["price"], row["currency"])
        if price.amount_minor <= 0:
            raise _CellUnusable("price", "must be above 0")
        plan_stages(
            price,
            template_for_deposit(percent),
            event_date=slot.start_date,
            zone=slot.zone,
            booked_at=slot.starts_at - LEAD,
        )
    return price


class _Column:
    """Turns a refusal of the studio's own rules into one about a column."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, failure: BaseException | None, trace: object) -> None:
        if isinstance(failure, DomainError):
            raise _CellUnusable(self._name, failure.sentence) from failure


def _within_reach(found: BookingFile) -> BookingFile:
    now = SystemClock().now()
    starts = [row.slot.starts_at - LEAD for row in found.good]
    clock_start = min([now, *starts]).replace(microsecond=0)
    good: list[BookingRow] = []
    for row in found.good:
        if row.reminder_at > clock_start + CLOCK_REACH:
            reached = utc_to_wall(clock_start + CLOCK_REACH, "UTC").date()
            reason = f"the reminder would be due after {reached}, later than the practice clock can reach"
            found.bad.append(BadRow(row.line, "event_date", reason))
        else:
            good.append(row)
    found.bad.sort(key=lambda bad: bad.line)
    return BookingFile(good, found.bad, clock_start.astimezone(UTC))
