"""How days and times are written: "Wed 9 June", "12:00–22:00", "in 3 days"; "today" is always passed in."""

from datetime import date, datetime, time, timedelta
from typing import Final

from shared.clock import utc_to_wall

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_SHORT_ENOUGH: Final = 4


def weekday(day: date) -> str:
    """The short weekday: "Wed"."""
    return WEEKDAYS[day.weekday()][:3]


def month(day: date) -> str:
    """The month in a line: May, June and July in full, the others in three letters."""
    name = MONTHS[day.month - 1]
    return name if len(name) <= _SHORT_ENOUGH else name[:3]


def day_month(day: date) -> str:
    """A date without weekday: "9 June"."""
    return f"{day.day} {month(day)}"


def day_words(day: date, today: date | None = None) -> str:
    """A date in a list: "Wed 9 June", with its year when that is not this year."""
    plain = f"{weekday(day)} {day_month(day)}"
    return plain if today is None or day.year == today.year else f"{plain} {day.year}"


def day_with_year(day: date) -> str:
    """A date in a heading: "Sat 12 June 2027"."""
    return f"{weekday(day)} {day_month(day)} {day.year}"


def long_day(day: date) -> str:
    """A date in full: "Saturday 12 June 2027"."""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def month_year(day: date) -> str:
    """A month in a heading: "May 2027"."""
    return f"{MONTHS[day.month - 1]} {day.year}"


def day_span(first: date, last: date) -> str:
    """Several days: "10 – 16 May", "31 May – 6 June"."""
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} \N{EN DASH} {day_month(last)}"
    return f"{day_month(first)} \N{EN DASH} {day_month(last)}"


def clock(moment: datetime) -> str:
    """The time of a wall-clock moment: "09:30"."""
    return f"{moment.hour:02}:{moment.minute:02}"


def clock_in(instant: datetime, zone_name: str) -> str:
    """The time of an instant in a zone: "09:30"."""
    return clock(utc_to_wall(instant, zone_name))


def time_span(starts_at: datetime, ends_at: datetime) -> str:
    """Start and end of a wall-clock slot: "12:00–22:00", "18:00–02:00 (Sun)" past midnight."""
    words = f"{clock(starts_at)}\N{EN DASH}{clock(ends_at)}"
    last_day = (ends_at - timedelta(microseconds=1)).date()
    return words if last_day <= starts_at.date() else f"{words} ({weekday(ends_at.date())})"


def days_span(starts_at: datetime, ends_at: datetime) -> str:
    """Start and end of a wall-clock slot of several days: "Fri 14 May 16:00 – Sun 16 May 14:00"."""
    begins, ends = (f"{day_words(each.date())} {clock(each)}" for each in (starts_at, ends_at))
    return f"{begins} \N{EN DASH} {ends}"


def hour_on(day: date, starts_at: datetime, ends_at: datetime) -> str:
    """A wall-clock slot on one of its days: when it begins, and on later days "all day", "until 14:00"."""
    if starts_at.date() == day:
        return clock(starts_at)
    return f"until {clock(ends_at)}" if ends_at.date() == day else "all day"


def part_of_day(day: date, starts_at: datetime, ends_at: datetime) -> str:
    """Which part of a day lies in a wall-clock span: "09:00–12:00", "from 14:00"; nothing for all of it."""
    begins = clock(starts_at) if starts_at.date() == day and starts_at.time() > time() else ""
    ends = clock(ends_at) if ends_at.date() == day else ""
    if begins and ends:
        return f"{begins}\N{EN DASH}{ends}"
    return f"from {begins}" if begins else f"until {ends}" if ends else ""


def relative_day(day: date, today: date) -> str:
    """How far a day is: "today", "tomorrow", "in 3 days", "yesterday", "2 days ago"."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    return f"in {days} days" if days > 0 else f"{-days} days ago"


def due_day(day: date, today: date) -> str:
    """How a due date stands: "Today", "Tomorrow", "in 3 days", "1 day overdue"."""
    days = (day - today).days
    if days >= 0:
        words = relative_day(day, today)
        return words.capitalize() if days <= 1 else words
    return f"{-days} day{'' if days == -1 else 's'} overdue"


def time_left(instant: datetime, now: datetime) -> str:
    """How long until an instant: "in 40 min", "in 7 h", "in 2 days", "over"."""
    minutes = int((instant - now).total_seconds() // 60)
    if minutes < 0:
        return "over"
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"in {minutes} min"
    hours = minutes // 60
    if hours < 24:  # noqa: PLR2004 - a day
        return f"in {hours} h"
    days = hours // 24
    return f"in {days} day{'' if days == 1 else 's'}"


def near_moment(instant: datetime, zone_name: str, today: date) -> str:
    """A moment in a list: "Today 18:00", "Fri 14 May 18:00"."""
    local = utc_to_wall(instant, zone_name)
    day = "Today" if local.date() == today else day_words(local.date(), today)
    return f"{day} {clock(local)}"


def moment_elsewhere(instant: datetime, zone_name: str, studio_zone: str) -> str:
    """A moment where the booking is, "Fri 14 May 17:00 in Lisbon"; nothing where the studio is too."""
    if zone_name == studio_zone:
        return ""
    local = utc_to_wall(instant, zone_name)
    return f"{day_words(local.date())} {clock(local)} in {city(zone_name)}"


def past_moment(instant: datetime, zone_name: str, today: date) -> str:
    """When something happened: "today 08:02", "10 May 18:31"."""
    local = utc_to_wall(instant, zone_name)
    if local.date() == today:
        return f"today {clock(local)}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{day_month(local.date())}{year} {clock(local)}"


def city(zone_name: str) -> str:
    """The place that a zone is named by: "Lisbon" for Europe/Lisbon."""
    return zone_name.rsplit("/", 1)[-1].replace("_", " ")


def greeting(local_now: datetime) -> str:
    """How Today begins."""
    if local_now.hour < 12:  # noqa: PLR2004 - noon
        return "Good morning"
    return "Good afternoon" if local_now.hour < 18 else "Good evening"  # noqa: PLR2004 - six in the evening
