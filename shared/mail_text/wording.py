"""Puts money, dates, times, zones and names into the words that mails, pages, papers and screens share.

``language`` is a studio's language code (``en``); a language that is not known here is worded in English.
Dates are local dates, times are wall times of the zone named beside them. Nothing here decides.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_decimal

from shared.clock import end_of_local_day, utc_to_wall, zone
from shared.money import Money, exponent

BANK_DAYS: Final = 10
"""Working days after which nearly every bank shows a refund."""

_TRUE_MINUS: Final = "\N{MINUS SIGN}"
_EN_DASH: Final = "\N{EN DASH}"
_FIXED_OFFSET: Final = re.compile(r"^Etc/(?:GMT|UTC)([+-])(\d{1,2})$")
_SUM_GAP: Final = re.compile(r"(?<=\d) (?=[A-Z]{3}\b)|(?<=ending) (?=\d{4}\b)")
_PATTERNS_EN: Final = {
    "long": "EEEE d MMMM y",
    "day": "EEEE d MMMM",
    "plain": "d MMMM y",
    "short": "d MMMM",
    "month": "MMMM y",
}
_SKELETONS: Final = {"day": "MMMMEEEEd", "plain": "yMMMMd", "short": "MMMMd", "month": "yMMMM"}
_SATURDAY: Final = 5
_BETWEEN_PEOPLE: Final = re.compile(r"\s*[&+]\s*|\s+(?:and|und|et)\s+", re.IGNORECASE)
_TITLE: Final = re.compile(
    r"(dr|prof|mr|mrs|ms|miss|mx|sir|dame|lady|lord|rev|herr|frau|mme|mlle|monsieur|madame|mademoiselle"
    r"|sr|sra|srta|señor|señora|signor|signora|sig|dott)\.?",
    re.IGNORECASE,
)
_FAMILIES: Final = frozenset({"family", "familie", "famille", "familia", "famiglia"})
_REMEMBERED: Final = 4_096
"""Words that are kept: mails of a day, rows of a list and cells of a month say the same ones again."""


# --- money --------------------------------------------------------------------------------------------------


@lru_cache(maxsize=_REMEMBERED)
def amount_number(amount_minor: int, currency: str, language: str = "en") -> str:
    """The number with all decimals of its currency: ``1,225.00``, ``−490.00``; raises CurrencyUnknown."""
    decimals = exponent(currency)
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    words = format_decimal(Money(amount_minor, currency).decimal, format=pattern, locale=_locale(language))
    return words.replace("-", _TRUE_MINUS)


def money_text(amount_minor: int, currency: str, language: str = "en") -> str:
    """A sum: ``1,225.00 EUR``, ``120,000 JPY``, ``12.500 KWD``; the space is a plain one."""
    return f"{amount_number(amount_minor, currency, language)} {currency}"


@lru_cache(maxsize=_REMEMBERED)
def unbroken_sums(text: str) -> str:
    """The text with no-break spaces inside sums and card numbers, for places where lines break."""
    return _SUM_GAP.sub("\N{NO-BREAK SPACE}", text)


# --- dates --------------------------------------------------------------------------------------------------


def long_date(day: date, language: str = "en") -> str:
    """``Saturday 12 June 2027``."""
    return _date_words(day, "long", language)


def day_date(day: date, language: str = "en") -> str:
    """``Saturday 12 June``: where the year is plain."""
    return _date_words(day, "day", language)


def plain_date(day: date, language: str = "en") -> str:
    """``12 June 2027``: where the weekday says nothing."""
    return _date_words(day, "plain", language)


def short_date(day: date, language: str = "en") -> str:
    """``12 June``."""
    return _date_words(day, "short", language)


def weekday(day: date, language: str = "en") -> str:
    """``Saturday``."""
    return _date_words(day, "weekday", language)


def month_title(day: date, language: str = "en") -> str:
    """``July 2027``, of any day of that month."""
    return _date_words(day, "month", language)


def month_short(day: date, language: str = "en") -> str:
    """``Jul``: a tab of the month row."""
    words = format_date(day, "LLL", locale=_locale(language)).removesuffix(".")
    return words[:3] if words.isascii() else words


def weekday_initials(language: str = "en") -> tuple[str, ...]:
    """``Mo Tu We Th Fr Sa Su``: the head of a month, Monday first."""
    monday = date(2024, 1, 1)
    days = (monday + timedelta(days=offset) for offset in range(7))
    return tuple(format_date(day, "cccccc", locale=_locale(language)).removesuffix(".") for day in days)


def bank_shows_by(settled_on: date) -> date:
    """The day by which most banks show a refund: ten working days on, Monday to Friday."""
    day, left = settled_on, BANK_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


# --- times and zones ----------------------------------------------------------------------------------------


def clock_time(wall: time | datetime) -> str:
    """``09:05``, always with 24 hours."""
    return f"{wall.hour:02d}:{wall.minute:02d}"


def time_range(start: time | datetime, end: time | datetime) -> str:
    """``14:00–23:30`` in wall times; :func:`ends_on` says when the end is on another day."""
    return f"{clock_time(start)}{_EN_DASH}{clock_time(end)}"


def ends_on(start: datetime, end: datetime, language: str = "en") -> str:
    """``ends on Sunday`` when the wall end lies on a later day (dated when over a day), else empty."""
    days = (end.date() - start.date()).days
    if days <= 0:
        return ""
    return "ends on " + (weekday(end, language) if days == 1 else day_date(end, language))


def event_time(start: datetime, end: datetime, zone_name: str, language: str = "en") -> str:
    """``14:00–23:30, Paris time`` or ``15:00–00:30, ends on Sunday, Paris time``, from wall times."""
    parts = (time_range(start, end), ends_on(start, end, language), zone_words(zone_name, language))
    return ", ".join(part for part in parts if part)


@lru_cache(maxsize=_REMEMBERED)
def zone_city(zone_name: str, language: str = "en") -> str:
    """The city a zone is known by: ``New York`` for America/New_York; ``UTC+5`` where there is no city."""
    known = zone(zone_name)
    if offset := _FIXED_OFFSET.match(zone_name):
        sign, hours = offset.groups()
        return f"UTC{'+' if sign == '-' else _TRUE_MINUS}{hours}"
    if zone_name.startswith("Etc/") or "/" not in zone_name:
        return (
            "UTC" if zone_name.rpartition("/")[2] in {"UTC", "UCT", "GMT", "Zulu", "Universal"} else zone_name
        )
    return get_timezone_location(known, locale=_locale(language), return_city=True).rpartition("/")[2]


def zone_words(zone_name: str, language: str = "en") -> str:
    """``Paris time``; plain ``UTC`` for zones without a city."""
    city = zone_city(zone_name, language)
    return city if city.startswith("UTC") else f"{city} time"


def moment(instant: datetime, zone_name: str, language: str = "en") -> str:
    """``Monday 1 March 2027, 14:05, Paris time`` of an aware instant."""
    wall = utc_to_wall(instant, zone_name)
    return f"{long_date(wall.date(), language)}, {clock_time(wall)}, {zone_words(zone_name, language)}"


def deadline(last_day: date, zone_name: str, language: str = "en") -> str:
    """``Sunday 14 March 2027, 23:59, Paris time``: the last minute of a local day."""
    return moment(end_of_local_day(last_day, zone_name) - timedelta(minutes=1), zone_name, language)


def duration(length: timedelta) -> str:
    """``9½ hours``, ``1 hour``, ``45 minutes``, ``1 hour 20 minutes``."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    if hours and minutes == 30:  # noqa: PLR2004 - half an hour
        return f"{hours}½ hours"
    parts = [_counted(count, unit) for count, unit in ((hours, "hour"), (minutes, "minute")) if count]
    return " ".join(parts) or "0 minutes"


# --- names --------------------------------------------------------------------------------------------------


def given_name(full_name: str, language: str = "en") -> str:
    """How a letter addresses a customer: by the first word of a name, a couple by both.

    ``Zoë`` of Zoë Brûlé, ``Ines and Tom`` of Ines Carvalho & Tom Riley. The whole name where its first word
    is no given name: a title, an initial, a family, a surname before a comma.
    """
    words = " ".join(full_name.split())
    people = [person for person in _BETWEEN_PEOPLE.split(words) if person]
    return names([_first_name(person) for person in people], language)


def _first_name(person: str) -> str:
    first, _, rest = person.partition(" ")
    plain = len(first.rstrip(".")) > 1 and not _TITLE.fullmatch(first) and "," not in person
    return first if rest and plain and not _FAMILIES & set(person.casefold().split()) else person


def names(people: Sequence[str], language: str = "en") -> str:
    """``Clara Moreau, Idris Benali and Jo Park``."""
    if len(people) <= 1:
        return "".join(people)
    return format_list(list(people), locale=_locale(language))


def masked_address(address: str) -> str:
    """``z…e@brule.example``: enough to know one's own address, too little to learn another's."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}…{local[-1:] if len(local) > 1 else ''}@{host}"


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    if language in {"", "en"}:
        return Locale("en", "GB")
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def _date_words(day: date, shape: str, language: str) -> str:
    # a moment is known by its instant alone, which is another day elsewhere: what is remembered is the date
    return _remembered_words(date(day.year, day.month, day.day), shape, language)


@lru_cache(maxsize=_REMEMBERED)
def _remembered_words(day: date, shape: str, language: str) -> str:
    locale = _locale(language)
    if shape == "weekday":
        return format_date(day, "EEEE", locale=locale)
    if locale.language == "en":
        return format_date(day, _PATTERNS_EN[shape], locale=locale)
    if shape == "long":
        return format_date(day, "full", locale=locale)
    return format_skeleton(_SKELETONS[shape], day, locale=locale)


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
