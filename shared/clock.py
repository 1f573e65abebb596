"""What time it is, and what a wall clock in a zone means.

Instants are aware datetimes in UTC. A wall time that does not exist moves forward by the gap; one that
exists twice means the first (PEP 495, ``fold=0``). Zones come from the ``tzdata`` package.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shared.errors import ZoneUnknown


class Clock(Protocol):
    """Tells the present instant; passed in, never patched."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


@dataclass(frozen=True)
class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


@dataclass
class ShiftedClock:
    """A clock beside another one by ``shift``: the practice studio's movable clock."""

    base: Clock
    shift: timedelta = timedelta()

    def now(self) -> datetime:
        """The base's instant plus the shift."""
        return self.base.now() + self.shift


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """The zone with this IANA name; raises ZoneUnknown."""
    if name not in zone_names():
        raise ZoneUnknown(zone=name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as cause:
        raise ZoneUnknown(zone=name) from cause


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Every zone there is, the same ones on each computer: what ``localtime`` is, no other one knows."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def wall_to_utc(local_date: date, local_time: time, zone_name: str) -> datetime:
    """The instant at which the wall clock of the zone shows this date and time.

    A time in a gap moves forward by the gap (02:30 becomes 03:30), a doubled one is the first.
    """
    naive = datetime.combine(local_date, local_time.replace(tzinfo=None, fold=0))
    return naive.replace(tzinfo=zone(zone_name)).astimezone(UTC)


def utc_to_wall(instant: datetime, zone_name: str) -> datetime:
    """The wall clock of the zone at this instant (an aware datetime in that zone)."""
    assert instant.tzinfo is not None, "an instant carries its zone"
    return instant.astimezone(zone(zone_name))


def local_date(instant: datetime, zone_name: str) -> date:
    """The calendar date in the zone at this instant."""
    return utc_to_wall(instant, zone_name).date()


def end_of_local_day(day: date, zone_name: str) -> datetime:
    """The first instant after the local day: where a deadline named by a date ends."""
    return wall_to_utc(day + timedelta(days=1), time(), zone_name)
