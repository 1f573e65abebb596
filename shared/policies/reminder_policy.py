"""Decides which mails a booking plans, which of them are still wanted and useful, and why one is not sent.

The planner of the server and the forecast of the desktop ask the same functions, so what is foretold is sent.
It reads no choice of staff (hold, skip): those stand beside the plan.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.errors import RuleInvalid
from shared.models.states import (
    PAYABLE_STAGE,
    BookingStatus,
    DueRuleKind,
    ReminderKind,
    StageStatus,
)
from shared.policies.reminder_times import (
    MAX_OFFSET_DAYS,
    ReminderAnchor,
    due_at_offset,
    first_day,
    last_day,
)

MAX_RULES: Final = 12
MINUTE_STEP: Final = 15
EVENT_RULE_POSITION: Final = 0
"""The stage position of a mail that is about the event and not about one payment."""

USEFUL_FOR: Final[Mapping[ReminderKind, timedelta]] = {
    ReminderKind.BEFORE_EVENT: timedelta(hours=24),
    ReminderKind.BALANCE_DUE: timedelta(hours=72),
    ReminderKind.OVERDUE: timedelta(days=7),
    ReminderKind.FOLLOW_UP: timedelta(days=14),
}
"""How long after its due time a mail of this kind still says something true (time_and_mail, "Rules")."""

EVENT_AHEAD_BY: Final[Mapping[ReminderKind, timedelta]] = {
    ReminderKind.BEFORE_EVENT: timedelta(hours=2),
    ReminderKind.BALANCE_DUE: timedelta(0),
}
"""The event must be further ahead than this."""

ANCHORS: Final[Mapping[ReminderKind, frozenset[ReminderAnchor]]] = {
    ReminderKind.BEFORE_EVENT: frozenset({ReminderAnchor.EVENT_START}),
    ReminderKind.BALANCE_DUE: frozenset({ReminderAnchor.EVENT_START, ReminderAnchor.STAGE_DUE}),
    ReminderKind.OVERDUE: frozenset({ReminderAnchor.STAGE_DUE}),
    ReminderKind.FOLLOW_UP: frozenset({ReminderAnchor.EVENT_END}),
}
_ABOUT_MONEY: Final = frozenset({ReminderKind.BALANCE_DUE, ReminderKind.OVERDUE})
_TAKES_PLACE: Final[Mapping[ReminderKind, frozenset[BookingStatus]]] = {
    ReminderKind.BEFORE_EVENT: frozenset({BookingStatus.CONFIRMED}),
    ReminderKind.FOLLOW_UP: frozenset({BookingStatus.CONFIRMED, BookingStatus.COMPLETED}),
}
_NO_LONGER_ASKED: Final = frozenset({StageStatus.CANCELED, StageStatus.SUPERSEDED})


class NotSentReason(StrEnum):
    """Why a planned mail is not sent."""

    NOT_CONFIRMED = "not_confirmed"
    CANCELLED = "booking_cancelled"
    POSTPONED = "postponed"
    NO_SLOT = "no_slot"
    NOTHING_UNPAID = "nothing_unpaid"
    DISPUTE_OPEN = "dispute_open"
    HAS_PAY_LINK = "has_pay_link"
    FULLY_REFUNDED = "fully_refunded"
    NO_FOLLOW_UP = "no_follow_up"
    TOO_LATE = "too_late"
    HELD = "held_by_staff"
    SKIPPED = "skipped_by_staff"


REASON_WORDS: Final[Mapping[NotSentReason, str]] = {
    NotSentReason.NOT_CONFIRMED: "the booking is not confirmed",
    NotSentReason.CANCELLED: "the booking is cancelled",
    NotSentReason.POSTPONED: "the booking is postponed and has no date",
    NotSentReason.NO_SLOT: "the booking needs another slot first",
    NotSentReason.NOTHING_UNPAID: "nothing is left to pay",
    NotSentReason.DISPUTE_OPEN: "the bank has opened a dispute on this payment",
    NotSentReason.HAS_PAY_LINK: "the pay link of the held booking asks for it",
    NotSentReason.FULLY_REFUNDED: "everything was refunded",
    NotSentReason.NO_FOLLOW_UP: "the customer is marked “no follow-up”",
    NotSentReason.TOO_LATE: "its time has passed",
    NotSentReason.HELD: "held by staff",
    NotSentReason.SKIPPED: "skipped by staff",
}


@dataclass(frozen=True, slots=True)
class RuleTerms:
    """One rule of the studio; ``offset_days`` below 0 is before the anchor, ``services`` None is all."""

    rule_id: UUID
    kind: ReminderKind
    anchor: ReminderAnchor
    offset_days: int
    local_time: time
    is_on: bool = True
    services: frozenset[UUID] | None = None


@dataclass(frozen=True, slots=True)
class DefaultRule:
    """A rule that a new studio starts with."""

    kind: ReminderKind
    anchor: ReminderAnchor
    offset_days: int
    local_time: time = time(10)


DEFAULT_RULES: Final = (
    DefaultRule(ReminderKind.BEFORE_EVENT, ReminderAnchor.EVENT_START, -3),
    DefaultRule(ReminderKind.BALANCE_DUE, ReminderAnchor.EVENT_START, -7),
    DefaultRule(ReminderKind.OVERDUE, ReminderAnchor.STAGE_DUE, 1),
    DefaultRule(ReminderKind.FOLLOW_UP, ReminderAnchor.EVENT_END, 7),
)


@dataclass(frozen=True, slots=True)
class RemindedBooking:
    """What reminders need to know of a booking; instants are aware UTC."""

    status: BookingStatus
    package_id: UUID
    zone: str
    starts_at: datetime
    ends_at: datetime
    fully_refunded: bool = False
    no_follow_up: bool = False


@dataclass(frozen=True, slots=True)
class RemindedStage:
    """What reminders need to know of a payment stage."""

    position: int
    status: StageStatus
    due_rule: DueRuleKind
    due_local_date: date
    dispute_open: bool = False


@dataclass(frozen=True, slots=True)
class PlannedReminder:
    """One mail that a rule foresees: wall date and time in zone ``tz``, and the instant that they mean.

    With the booking's id and ``schedule_rev``, rule and stage position are its key; the time is not.
    """

    rule_id: UUID
    kind: ReminderKind
    stage_position: int
    local_date: date
    local_time: time
    tz: str
    due_at: datetime

    @property
    def local_at(self) -> str:
        """The wall time that the rule asked for, as ISO text to the minute."""
        return f"{self.local_date.isoformat()}T{self.local_time.isoformat('minutes')}"


@dataclass(frozen=True, slots=True)
class ForeseenReminder:
    """A mail of a rule, and why it would not be sent (None: it will be)."""

    reminder: PlannedReminder
    reason: NotSentReason | None


def check_rule(rule: RuleTerms | DefaultRule) -> None:
    """Raise RuleInvalid unless the rule can be kept."""
    if rule.anchor not in ANCHORS[rule.kind]:
        raise RuleInvalid(detail="it cannot count from that day")
    if abs(rule.offset_days) > MAX_OFFSET_DAYS:
        raise RuleInvalid(detail=f"at most {MAX_OFFSET_DAYS} days before or after")
    at = rule.local_time
    if at.minute % MINUTE_STEP or at.second or at.microsecond or at.tzinfo is not None:
        raise RuleInvalid(detail=f"the time goes in steps of {MINUTE_STEP} minutes")


def check_rules(rules: Sequence[RuleTerms]) -> None:
    """Raise RuleInvalid unless these can be the rules of a studio."""
    if len(rules) > MAX_RULES:
        raise RuleInvalid(detail=f"a studio has at most {MAX_RULES} rules")
    for rule in rules:
        check_rule(rule)


def reason_words(reason: NotSentReason) -> str:
    """The reason as a clause that follows "not sent: "."""
    return REASON_WORDS[reason]


def still_useful(kind: ReminderKind, *, due_at: datetime, now: datetime, starts_at: datetime) -> bool:
    """Whether a mail of this kind, due at ``due_at``, would still help when it goes out at ``now``."""
    if now - due_at > USEFUL_FOR[kind]:
        return False
    ahead_by = EVENT_AHEAD_BY.get(kind)
    return ahead_by is None or starts_at - now > ahead_by


def why_unwanted(
    kind: ReminderKind, booking: RemindedBooking, stage: RemindedStage | None = None
) -> NotSentReason | None:
    """Why a mail of this kind must not go out as things stand; None when it may."""
    if booking.status is BookingStatus.CANCELLED:
        return NotSentReason.CANCELLED
    if booking.status is BookingStatus.POSTPONED:
        return NotSentReason.POSTPONED
    if kind in _ABOUT_MONEY:
        assert stage is not None, "a mail about money is about one stage"
        return _why_not_asked(kind, booking, stage)
    if booking.status not in _TAKES_PLACE[kind]:
        return NotSentReason.NOT_CONFIRMED
    return _why_no_follow_up(booking) if kind is ReminderKind.FOLLOW_UP else None


def _why_no_follow_up(booking: RemindedBooking) -> NotSentReason | None:
    if booking.fully_refunded:
        return NotSentReason.FULLY_REFUNDED
    return NotSentReason.NO_FOLLOW_UP if booking.no_follow_up else None


def _why_not_asked(
    kind: ReminderKind, booking: RemindedBooking, stage: RemindedStage
) -> NotSentReason | None:
    if booking.status is BookingStatus.NEEDS_SLOT:
        return NotSentReason.NO_SLOT
    if stage.status not in PAYABLE_STAGE:
        return NotSentReason.NOTHING_UNPAID
    if stage.dispute_open:
        return NotSentReason.DISPUTE_OPEN
    due_on_booking = stage.due_rule is DueRuleKind.ON_BOOKING
    if kind is ReminderKind.BALANCE_DUE and due_on_booking and booking.status is BookingStatus.HELD:
        return NotSentReason.HAS_PAY_LINK
    return None


def foresee_reminders(
    rules: Sequence[RuleTerms], booking: RemindedBooking, stages: Sequence[RemindedStage], *, now: datetime
) -> list[ForeseenReminder]:
    """Every mail of the rules that are on, earliest first, each with the reason if it will not be sent.

    ``stages`` are the booking's current ones. A row that exists already and is only ``too_late`` here is left
    to the mail worker, which marks it; for every other reason the planner cancels it.
    """
    foreseen = [
        ForeseenReminder(reminder, _why_not(reminder, booking, stage, now=now))
        for rule in rules
        if rule.is_on and (rule.services is None or booking.package_id in rule.services)
        for stage in _subjects(rule.kind, stages)
        for reminder in (_placed(rule, booking, stage),)
    ]
    return sorted(
        foreseen, key=lambda one: (one.reminder.due_at, one.reminder.kind, one.reminder.stage_position)
    )


def planned_reminders(
    rules: Sequence[RuleTerms], booking: RemindedBooking, stages: Sequence[RemindedStage], *, now: datetime
) -> list[PlannedReminder]:
    """The mails that a booking has coming, earliest first: wanted as things stand, useful when due."""
    foreseen = foresee_reminders(rules, booking, stages, now=now)
    return [one.reminder for one in foreseen if one.reason is None]


def _subjects(kind: ReminderKind, stages: Sequence[RemindedStage]) -> Sequence[RemindedStage | None]:
    if kind not in _ABOUT_MONEY:
        return [None]
    return [stage for stage in stages if stage.status not in _NO_LONGER_ASKED]


def _placed(rule: RuleTerms, booking: RemindedBooking, stage: RemindedStage | None) -> PlannedReminder:
    anchor = _anchor_day(rule.anchor, booking, stage)
    return PlannedReminder(
        rule_id=rule.rule_id,
        kind=rule.kind,
        stage_position=stage.position if stage else EVENT_RULE_POSITION,
        local_date=anchor + timedelta(days=rule.offset_days),
        local_time=rule.local_time,
        tz=booking.zone,
        due_at=due_at_offset(anchor, booking.zone, offset_days=rule.offset_days, at=rule.local_time),
    )


def _anchor_day(anchor: ReminderAnchor, booking: RemindedBooking, stage: RemindedStage | None) -> date:
    match anchor:
        case ReminderAnchor.EVENT_START:
            return first_day(booking.starts_at, booking.zone)
        case ReminderAnchor.EVENT_END:
            return last_day(booking.ends_at, booking.zone)
        case ReminderAnchor.STAGE_DUE:
            assert stage is not None, "checked with the rule"
            return stage.due_local_date


def _why_not(
    reminder: PlannedReminder, booking: RemindedBooking, stage: RemindedStage | None, *, now: datetime
) -> NotSentReason | None:
    reason = why_unwanted(reminder.kind, booking, stage)
    if reason is not None:
        return reason
    goes_out_at = max(now, reminder.due_at)
    useful = still_useful(reminder.kind, due_at=reminder.due_at, now=goes_out_at, starts_at=booking.starts_at)
    return None if useful else NotSentReason.TOO_LATE
