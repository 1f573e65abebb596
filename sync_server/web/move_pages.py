"""The page on which a customer moves a booking: three steps, each choice a link, only the last a button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from shared.clock import utc_to_wall, zone
from shared.errors import ZoneUnknown
from shared.mail_text import wording
from shared.models.slot import Slot
from shared.policies.cancellation import move_deadline
from shared.policies.deposit_plan import DueRule
from shared.policies.reschedule import DueChange, UnpaidStage, move_outlook
from sync_server.services.booking_words import STAGE_WORDS, last_day
from sync_server.services.link_cases import BookingSight
from sync_server.web.booking_page_words import event_time, money, slot_time
from sync_server.web.page_pieces import Brand, Form, Notice
from sync_server.web.page_values import DayCell, MonthTab, MoveCheck, MovePage, SlotLine

MOVE: Final = "/l/move"
MONTHS_A_ROW: Final = 5
_MONTHS_AHEAD: Final = 13
_WEEK: Final = 7
_DECEMBER: Final = 12

Month = tuple[int, int]


@dataclass(frozen=True)
class MoveChoice:
    """What the reader has chosen so far, from the address; anything that cannot be is no choice."""

    month: Month | None = None
    day: date | None = None

    @classmethod
    def read(cls, month: str, day: str) -> "MoveChoice":
        """From ``?month=2027-07`` and ``?day=2027-07-03``."""
        chosen = _date(day)
        first = _date(f"{month}-01")
        if chosen is not None:
            return cls((chosen.year, chosen.month), chosen)
        return cls(None if first is None else (first.year, first.month))


def move_page(
    sight: BookingSight,
    brand: Brand,
    free: Sequence[date],
    *,
    choice: MoveChoice,
    form: Form,
    notice: Notice | None = None,
) -> MovePage:
    """The page for what is free now."""
    booking, language = sight.booking, sight.language
    months = _months(sight)
    month = choice.month if choice.month in months else _first_month(sight, months, free)
    row, earlier, later = _row_around(month, months)
    day = choice.day if choice.day in free else None
    deadline = move_deadline(sight.policy, event_date=booking.start_date, zone=booking.zone)
    return MovePage(
        brand=brand,
        practice=sight.studio.practice,
        language=language,
        now_words=f"{wording.long_date(booking.start_date, language)}, {slot_time(booking.slot, language)}",
        free_until=wording.long_date(last_day(deadline, booking.zone), language),
        months=tuple(_tab(one, free, language, chosen=one == month) for one in row),
        earlier_href=None if earlier is None else _month_href(earlier),
        later_href=None if later is None else _month_href(later),
        month_title=wording.month_title(date(*month, 1), language),
        weekdays=wording.weekday_initials(language),
        weeks=_weeks(month, free, day, language),
        chosen_day="" if day is None else wording.long_date(day, language),
        length_words=wording.duration(booking.ends_at - booking.starts_at),
        zone_words=wording.zone_words(booking.zone, language),
        own_zone="" if _own_zone(sight) is None else wording.zone_city(str(_own_zone(sight)), language),
        slots=() if day is None else (_slot_line(sight, day),),
        check=None if day is None else _check(sight, day, form),
        notice=notice,
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _months(sight: BookingSight) -> list[Month]:
    today = utc_to_wall(sight.now, sight.booking.zone).date()
    year, month = today.year, today.month
    months: list[Month] = []
    for _ in range(_MONTHS_AHEAD):
        months.append((year, month))
        year, month = (year + 1, 1) if month == _DECEMBER else (year, month + 1)
    return months


def _first_month(sight: BookingSight, months: Sequence[Month], free: Sequence[date]) -> Month:
    """The month of the event if it has a free day, else the first that has one."""
    of_event = (sight.booking.start_date.year, sight.booking.start_date.month)
    with_free = [month for month in months if any((day.year, day.month) == month for day in free)]
    return of_event if of_event in with_free else next(iter(with_free), months[0])


def _row_around(month: Month, months: Sequence[Month]) -> tuple[Sequence[Month], Month | None, Month | None]:
    """Five months with the chosen one in the middle where there are enough, and where the others begin."""
    half, last = MONTHS_A_ROW // 2, len(months) - 1
    start = min(max(months.index(month) - half, 0), len(months) - MONTHS_A_ROW)
    end = start + MONTHS_A_ROW
    earlier = months[max(start - 1 - half, 0)] if start else None
    later = months[min(end + half, last)] if end <= last else None
    return months[start:end], earlier, later


def _month_href(month: Month) -> str:
    return f"{MOVE}?month={month[0]:04d}-{month[1]:02d}#day"


def _tab(month: Month, free: Sequence[date], language: str, *, chosen: bool) -> MonthTab:
    count = sum((day.year, day.month) == month for day in free)
    href = _month_href(month) if count else None
    return MonthTab(wording.month_short(date(*month, 1), language), count, href, chosen=chosen)


def _weeks(
    month: Month, free: Sequence[date], chosen: date | None, language: str
) -> tuple[tuple[DayCell | None, ...], ...]:
    first = date(*month, 1)
    days = [first + timedelta(days=offset) for offset in range(31)]
    open_days = set(free)
    cells: list[DayCell | None] = [None] * first.weekday()
    cells += [
        DayCell(
            day.day,
            wording.long_date(day, language),
            f"{MOVE}?day={day.isoformat()}#time" if day in open_days else None,
            chosen=day == chosen,
        )
        for day in days
        if day.month == first.month
    ]
    cells += [None] * (-len(cells) % _WEEK)
    return tuple(tuple(cells[at : at + _WEEK]) for at in range(0, len(cells), _WEEK))


def _own_zone(sight: BookingSight) -> str | None:
    """The reader's zone from the customer's record, where it differs from the booking's."""
    own = sight.customer.zone
    if not own or own == sight.booking.zone:
        return None
    try:
        zone(own)
    except ZoneUnknown:  # a record from elsewhere: the booking's zone is what counts
        return None
    return own


def _own_time(sight: BookingSight, slot: Slot) -> str:
    own = _own_zone(sight)
    if own is None:
        return ""
    return wording.time_range(utc_to_wall(slot.starts_at, own), utc_to_wall(slot.ends_at, own))


def _slot_line(sight: BookingSight, day: date) -> SlotLine:
    slot = sight.booking.slot.on(day)
    start, end = slot.shown
    return SlotLine(
        wording.time_range(start, end),
        f"{MOVE}?day={day.isoformat()}#check",
        _own_time(sight, slot),
        wording.ends_on(start, end, sight.language),
        chosen=True,
    )


def _check(sight: BookingSight, day: date, form: Form) -> MoveCheck:
    booking, language = sight.booking, sight.language
    slot = booking.slot.on(day)
    own = _own_zone(sight)
    detail = wording.zone_words(booking.zone, language)
    if own is not None:
        detail += f"; {_own_time(sight, slot)} in {wording.zone_city(own, language)}"
    (before, _), (start, _) = booking.slot.shown, slot.shown
    price = money(booking.price_minor, booking.currency, sight)
    return MoveCheck(
        from_words=f"{wording.long_date(before.date(), language)}, {wording.clock_time(before)}",
        to_date=wording.long_date(start.date(), language),
        to_time=slot_time(slot, language),
        to_detail=detail,
        pay_words=_due_changes(sight, slot),
        price_words=f"Unchanged, {price}",
        button=f"Move to {wording.day_date(start.date(), language)}, {wording.clock_time(start)}",
        form=form,
    )


def _due_changes(sight: BookingSight, slot: Slot) -> str:
    booking, language = sight.booking, sight.language
    unpaid = {stage.id: stage for stage in sight.stages if stage.is_payable}
    outlook = move_outlook(
        booking.slot,
        slot,
        unpaid=[
            UnpaidStage(
                stage.id,
                stage.position,
                DueRule(stage.due_rule, days=stage.due_days),
                stage.due_local_date,
                stage.due_at,
            )
            for stage in unpaid.values()
        ],
        schedule_rev=booking.schedule_rev,
        at=sight.now,
    )
    return "; ".join(
        f"{STAGE_WORDS[unpaid[change.stage_id].kind]} of "
        f"{money(unpaid[change.stage_id].amount_minor, booking.currency, sight)} then due on "
        + _instead(change, language)
        for change in outlook.due_changes
        if change.new_date != change.old_date
    )


def _instead(change: DueChange, language: str) -> str:
    """``Wednesday 30 June instead of 9 June``, with the years where they differ."""
    if change.new_date.year == change.old_date.year:
        new, old = wording.day_date(change.new_date, language), wording.short_date(change.old_date, language)
    else:
        new, old = wording.long_date(change.new_date, language), wording.plain_date(change.old_date, language)
    return f"{new} instead of {old}"


def event_words(sight: BookingSight) -> str:
    """``Saturday 3 July 2027, 14:00–23:30, Paris time``."""
    slot = sight.booking.slot
    return f"{wording.long_date(slot.start_date, sight.language)}, {event_time(slot, sight.language)}"
