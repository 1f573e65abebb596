"""What stands in the calendar between two days: it counts all bookings, and names those that have a line."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from desktop.presenting.dates import part_of_day
from desktop.queries.booking_people import names_in, people_held
from desktop.queries.marks import marks_of_bookings
from desktop.queries.month_rows import BlockedDay, CalendarItem, MonthRows, MonthWanted, last_day
from desktop.queries.rows import RowMark
from shared.clock import utc_to_wall, wall_to_utc
from shared.models.states import BookingStatus
from shared.tables import availability_block, booking, customer, resource
from shared.tables.column_types import Id, Instant, instant_from_text

_ONE_DAY: Final = timedelta(days=1)
_LONGEST: Final = timedelta(days=32)
"""A booking touches at most 31 days."""
_BEFORE: Final = -1
"""The minute of what has begun on an earlier day."""
_TENANT: Final = sa.bindparam("tenant", type_=Id())
_EARLIEST, _BEGIN, _END = (sa.bindparam(name, type_=Instant()) for name in ("earliest", "begin", "end"))
_BOOKED_BY: Final = booking.outerjoin(
    customer, sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
)

_ROWID: Final[sa.ColumnClause[int]] = sa.literal_column("booking.rowid")
_WANTED: Final = sa.func.json_each(sa.bindparam("wanted")).table_valued("value")

# The questions are made once, and the bookings come as the store's text: a month has hundreds of them.
_BEGINNINGS: Final = sa.select(
    _ROWID,
    sa.type_coerce(booking.c.starts_at, sa.Text),
    booking.c.zone,
    sa.type_coerce(booking.c.status, sa.Text),
    # only of those that are not over on the day on which they begin
    sa.case((booking.c.end_date > booking.c.start_date, sa.type_coerce(booking.c.ends_at, sa.Text))),
).where(
    booking.c.tenant_id == _TENANT,
    booking.c.deleted_at.is_(None),
    booking.c.status != BookingStatus.POSTPONED,
    booking.c.starts_at >= _EARLIEST,
    booking.c.starts_at < _END,
    booking.c.ends_at > _BEGIN,
)
_BEGINNINGS_AND_PEOPLE: Final = _BEGINNINGS.add_columns(people_held())
_ITEMS: Final = (
    sa.select(
        sa.type_coerce(booking.c.id, sa.Text),
        sa.type_coerce(booking.c.starts_at, sa.Text),
        sa.type_coerce(booking.c.ends_at, sa.Text),
        booking.c.zone,
        sa.type_coerce(booking.c.hold_ends_at, sa.Text),
        sa.type_coerce(booking.c.status, sa.Text),
        booking.c.package_name,
        customer.c.name,
        people_held(),
    )
    .select_from(_BOOKED_BY)
    # the plus keeps SQLite from going through all bookings of the studio: each is found by its row
    .where(sa.literal_column("+booking.tenant_id") == _TENANT, _ROWID.in_(sa.select(_WANTED.c.value)))
    .order_by(booking.c.starts_at, booking.c.id)
)
_BLOCKED: Final = (
    sa.select(
        availability_block.c.starts_at,
        availability_block.c.ends_at,
        availability_block.c.zone,
        availability_block.c.reason,
        resource.c.name,
    )
    .select_from(
        availability_block.outerjoin(
            resource,
            sa.and_(
                resource.c.tenant_id == availability_block.c.tenant_id,
                resource.c.id == availability_block.c.resource_id,
            ),
        )
    )
    .where(
        availability_block.c.tenant_id == _TENANT,
        availability_block.c.deleted_at.is_(None),
        availability_block.c.starts_at < _END,
        availability_block.c.ends_at > _BEGIN,
    )
    .order_by(availability_block.c.starts_at)
)


class Beginning(NamedTuple):
    """A booking by its row, when it begins by the clock of its own zone, and its last day if that is another.

    Its minute on that and on all days between is before the first one of the day.
    """

    rowid: int
    day: date
    minute: int
    status: str
    resource_names: tuple[str, ...] = ()
    last: date | None = None

    def later_days(self, wanted: MonthWanted) -> Iterator[date]:
        """The wanted days on which it goes on."""
        if self.last is not None:
            day, last = max(self.day + _ONE_DAY, wanted.first), min(self.last, wanted.last)
            while day <= last:
                yield day
                day += _ONE_DAY


def calendar_rows(connection: sa.Connection, tenant_id: UUID, wanted: MonthWanted, *, zone: str) -> MonthRows:
    """Bookings and closed times of these days; the days are those of the zone."""
    begin, end = wall_to_utc(wanted.first, time(), zone), wall_to_utc(wanted.last + _ONE_DAY, time(), zone)
    found = _beginnings(connection, tenant_id, wanted, begin=begin - _ONE_DAY, end=end + _ONE_DAY)
    named, more = named_bookings(found, wanted)
    blocked = _blocked(connection, tenant_id, begin=begin, end=end)
    busy = [each for each in found if each.status != BookingStatus.CANCELLED]
    several = [each for each in busy if each.last is not None]
    return MonthRows(
        items=_items(connection, tenant_id, named),
        blocked=tuple(each for each in blocked if each.resource_name not in wanted.hidden),
        more=more,
        booked=Counter(each.day for each in busy if each.day >= wanted.first),
        continued=frozenset(day for each in several for day in each.later_days(wanted)),
        lines=wanted.lines,
    )


def named_bookings(
    found: Iterable[Beginning], wanted: MonthWanted
) -> tuple[Sequence[int], Mapping[date, int]]:
    """The rows of the bookings that are named, and how many more each day has.

    Bookings of one minute stand by their names: if one of them is named, all are. One that goes on is named
    on its later days, so on its first one all are named that begin before it.
    """
    days: dict[date, list[Beginning]] = {}
    forced: dict[date, int] = {}
    for each in found:
        if _is_left_out(each, wanted):
            continue
        days.setdefault(each.day, []).append(each)
        if each.last is not None:
            forced[each.day] = max(each.minute, forced.get(each.day, _BEFORE))
            for day in each.later_days(wanted):
                days.setdefault(day, []).append(each._replace(minute=_BEFORE))
    named: list[int] = []
    more: dict[date, int] = {}
    for day, booked in days.items():
        kept = booked
        if len(booked) > wanted.lines and day != wanted.whole:
            last = sorted(each.minute for each in booked)[wanted.lines - 1]
            if day in forced:
                last = max(last, forced[day])
            kept = [each for each in booked if each.minute <= last]
        named += [each.rowid for each in kept]
        if len(kept) < len(booked):
            more[day] = len(booked) - len(kept)
    return named, more


@lru_cache(maxsize=4096)
def _shown(instant: str, zone: str) -> datetime:
    """An instant as clocks there show it; many bookings begin together, and a month is asked for again."""
    return utc_to_wall(instant_from_text(instant), zone)


@lru_cache(maxsize=4096)
def _day_and_minute(instant: str, zone: str) -> tuple[date, int]:
    """The same as a day and the minute of it."""
    shown = _shown(instant, zone)
    return shown.date(), shown.hour * 60 + shown.minute


def _is_left_out(each: Beginning, wanted: MonthWanted) -> bool:
    if each.status in wanted.left_out:
        return True
    return bool(wanted.hidden and each.resource_names) and wanted.hidden.issuperset(each.resource_names)


def _beginnings(
    connection: sa.Connection, tenant_id: UUID, wanted: MonthWanted, *, begin: datetime, end: datetime
) -> Sequence[Beginning]:
    asked = {"tenant": tenant_id, "earliest": begin - _LONGEST, "begin": begin, "end": end}
    # who is booked costs as much as all the rest, and is asked only where somebody is hidden
    rows = connection.execute(_BEGINNINGS_AND_PEOPLE if wanted.hidden else _BEGINNINGS, asked).all()
    found = []
    for rowid, begins, zone, status, ends, *people in rows:
        day, minute = _day_and_minute(begins, zone)
        seen_last = day if ends is None else last_day(_shown(begins, zone), _shown(ends, zone))
        if day <= wanted.last and seen_last >= wanted.first:
            names = names_in(*people) if people else ()
            found.append(Beginning(rowid, day, minute, status, names, seen_last if seen_last > day else None))
    return found


def _items(connection: sa.Connection, tenant_id: UUID, rowids: Sequence[int]) -> tuple[CalendarItem, ...]:
    """These bookings in full, by start."""
    found = connection.execute(_ITEMS, {"tenant": tenant_id, "wanted": json.dumps(rowids)}).all()
    marks = {str(marked): mark for marked, mark in marks_of_bookings(connection).items()}
    return tuple(
        CalendarItem(
            UUID(row_id),
            _shown(begins, zone),
            _shown(ends, zone),
            customer_name or "",
            status,
            names_in(people),
            marks.get(row_id, RowMark.NONE),
            None if held_until is None else _shown(held_until, zone),
            package_name=package_name,
        )
        for row_id, begins, ends, zone, held_until, status, package_name, customer_name, people in found
    )


def _blocked(
    connection: sa.Connection, tenant_id: UUID, *, begin: datetime, end: datetime
) -> tuple[BlockedDay, ...]:
    rows = connection.execute(_BLOCKED, {"tenant": tenant_id, "begin": begin, "end": end})
    blocked = []
    for row in rows:
        day = utc_to_wall(max(row.starts_at, begin), row.zone).date()
        last = utc_to_wall(min(row.ends_at, end) - timedelta(microseconds=1), row.zone).date()
        begins, ends = utc_to_wall(row.starts_at, row.zone), utc_to_wall(row.ends_at, row.zone)
        words = row.reason or (f"{row.name} away" if row.name else "Closed")
        while day <= last:
            part = part_of_day(day, begins, ends)
            blocked.append(BlockedDay(day, f"{part} {words}" if part else words, row.name or ""))
            day += _ONE_DAY
    return tuple(blocked)
