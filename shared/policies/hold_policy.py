"""Decides whether a new booking is only held, until when, and what confirms it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from shared.models.states import PAYABLE_STAGE, BookingStatus, DueRuleKind, StageStatus

HOLD_DAYS: Final = 7
"""How long a hold lasts unless the studio says otherwise."""


def first_status(due_rules: Iterable[DueRuleKind]) -> BookingStatus:
    """``held`` when one of the stages is due on booking, else ``confirmed``."""
    return BookingStatus.HELD if DueRuleKind.ON_BOOKING in due_rules else BookingStatus.CONFIRMED


def hold_ends_at(booked_at: datetime, hold_days: int, *, starts_at: datetime | None = None) -> datetime:
    """When a hold lapses: so many days after the booking, and not later than the event begins.

    An event that had begun when it was entered does not shorten the hold: it would never have been one.
    """
    ends_at = booked_at + timedelta(days=hold_days)
    return min(ends_at, starts_at) if starts_at is not None and starts_at > booked_at else ends_at


def has_lapsed(status: BookingStatus, ends_at: datetime | None, now: datetime) -> bool:
    """Whether a held booking's time is over."""
    return status is BookingStatus.HELD and ends_at is not None and ends_at <= now


def confirms(stages: Iterable[tuple[DueRuleKind, StageStatus]]) -> bool:
    """Whether nothing due on booking is unpaid any more, so that a held booking becomes confirmed."""
    return not any(rule is DueRuleKind.ON_BOOKING and status in PAYABLE_STAGE for rule, status in stages)
