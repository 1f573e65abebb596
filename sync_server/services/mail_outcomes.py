"""Writes down how sending ended: the row's new state, a line in the log of mails, what needs a person."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from shared.ids import derived_id
from shared.models.inbox import SyncIssue
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.mail_log import MailLog
from sync_server.repositories.mail_queues import DeliveryStatus, MailQueue, QueueName
from sync_server.services.mail_cases import MailCase, Verdict
from sync_server.services.mail_values import Letter

ANSWER_MAY_COME: Final = timedelta(seconds=30)
"""How long a provider is given to know a mail whose answer was lost."""

_NOT_FINISHED: Final = frozenset(
    {DeliveryStatus.RETRY, DeliveryStatus.UNCERTAIN, DeliveryStatus.HELD, DeliveryStatus.SCHEDULED}
)
_NEEDS_A_PERSON: Final = frozenset(
    {DeliveryStatus.DEAD, DeliveryStatus.FAILED, DeliveryStatus.SENT_UNCONFIRMED}
)


_Values = tuple[tuple[str, datetime | str | bool | None], ...]
_Ending = tuple[DeliveryStatus, _Values]
"""Rows that ended alike are written down together."""


@dataclass(frozen=True)
class Outcome:
    """How one try ended."""

    case: MailCase
    status: DeliveryStatus
    letter: Letter
    reason: str = ""
    provider_id: str | None = None
    wait: timedelta | None = None
    second_time: bool = False

    @classmethod
    def of_verdict(cls, case: MailCase, against: Verdict) -> Self:
        """It must not go out."""
        return cls(case, against.status, Letter.unwritten(), reason=against.reason)

    @classmethod
    def sent(cls, case: MailCase, letter: Letter, provider_id: str | None) -> Self:
        """The transport took it."""
        return cls(case, DeliveryStatus.SENT, letter, provider_id=provider_id)

    @classmethod
    def uncertain(cls, case: MailCase, letter: Letter) -> Self:
        """It was handed over, and nothing was heard."""
        return cls(case, DeliveryStatus.UNCERTAIN, letter)

    @classmethod
    def unconfirmed(cls, case: MailCase, letter: Letter) -> Self:
        """It may have arrived; no machine sends it again."""
        reason = "nobody can say whether it arrived"
        return cls(case, DeliveryStatus.SENT_UNCONFIRMED, letter, reason=reason)

    @classmethod
    def failed(cls, case: MailCase, letter: Letter, error: str) -> Self:
        """Refused for good."""
        return cls(case, DeliveryStatus.FAILED, letter, reason=error)

    @classmethod
    def refused_for_now(cls, case: MailCase, letter: Letter, error: str, *, wait: timedelta | None) -> Self:
        """Once more after a wait; dead when there is none left."""
        status = DeliveryStatus.DEAD if wait is None else DeliveryStatus.RETRY
        return cls(case, status, letter, reason=error, wait=wait)

    def as_second_time(self) -> Self:
        """Sent again without knowing whether it arrived: that happens once."""
        return replace(self, second_time=True)


def finish(unit: UnitOfWork, queue: QueueName, outcomes: Sequence[Outcome], *, owner: str) -> None:
    """Under the studio's lock: each row that is still this worker's gets its state and its line."""
    if not outcomes:
        return
    tenant_id = outcomes[0].case.row.tenant_id
    now = tenant_lock.business_now(unit.session)
    machine = tenant_lock.machine_now(unit.session)
    mails = MailQueue(unit.session, queue)
    plain = {one.case.row.id: one.provider_id or "" for one in outcomes if _is_plainly_sent(one)}
    mine = mails.finish_sent(tenant_id, plain, owner=owner, sent_at=now)
    alike: defaultdict[_Ending, list[UUID]] = defaultdict(list)
    for outcome in outcomes:
        if outcome.case.row.id not in plain:
            alike[outcome.status, _values(outcome, now, machine)].append(outcome.case.row.id)
    for (status, values), row_ids in alike.items():
        mine |= mails.finish(tenant_id, row_ids, owner=owner, status=status, values=dict(values))
    ended = [one for one in outcomes if one.case.row.id in mine and one.status not in _NOT_FINISHED]
    for outcome in ended:
        if outcome.status in _NEEDS_A_PERSON:
            _ask_a_person(unit, tenant_id, outcome)
    assert unit.act is not None, "mail is ended in somebody's act"
    MailLog(unit.session).add(tenant_id, unit.act, [_log_line(outcome, now) for outcome in ended])


def _is_plainly_sent(outcome: Outcome) -> bool:
    return outcome.status is DeliveryStatus.SENT and outcome.case.row.status is DeliveryStatus.SENDING


def _log_line(outcome: Outcome, now: datetime) -> dict[str, Any]:
    """The columns of its line in the log of mails."""
    row = outcome.case.row
    went_out = outcome.status in (DeliveryStatus.SENT, DeliveryStatus.SENT_UNCONFIRMED)
    return {
        "id": derived_id(row.id, "log", row.tries, outcome.status.value),
        "booking_id": outcome.case.booking.id if outcome.case.booking is not None else None,
        "kind": row.kind,
        "rule_id": row.rule_id,
        "stage_position": row.stage_position,
        "schedule_rev": row.schedule_rev,
        "due_at": row.due_at,
        "sent_at": (row.handed_over_at or now) if went_out else None,
        "recipient": outcome.case.recipient,
        "subject": outcome.letter.rendered.subject,
        "text": outcome.letter.text_for_log,
        "outcome": outcome.status.value,
        "reason": outcome.reason,
        "tries": row.tries,
        "provider_id": outcome.provider_id,
    }


def _values(outcome: Outcome, now: datetime, machine: datetime) -> _Values:
    """The columns of the row that say how it ended, beside its state."""
    values: dict[str, datetime | str | bool | None] = {
        "lease_until": None,
        "last_error": outcome.reason or None,
    }
    match outcome.status:
        case DeliveryStatus.SENT | DeliveryStatus.SENT_UNCONFIRMED:
            values["sent_at"] = outcome.case.row.handed_over_at or now
            values["provider_id"] = outcome.provider_id
        case DeliveryStatus.RETRY:
            assert outcome.wait is not None, "a retry waits"
            values |= {"handed_over_at": None, "next_try": now + outcome.wait}
            if outcome.second_time:
                values["resent"] = True
        case DeliveryStatus.UNCERTAIN:
            values["lease_until"] = machine + ANSWER_MAY_COME
        case _:
            values["handed_over_at"] = None
    return tuple(values.items())


def _ask_a_person(unit: UnitOfWork, tenant_id: UUID, outcome: Outcome) -> None:
    row, booking, customer = outcome.case.row, outcome.case.booking, outcome.case.customer
    issue_id = derived_id(row.id, "issue", row.tries)
    if unit.issues.find(tenant_id, issue_id) is not None:
        return
    unit.issues.add(
        tenant_id,
        SyncIssue(
            tenant_id=tenant_id,
            id=issue_id,
            kind="mail_failed",
            entity="booking" if booking is not None else None,
            row_id=booking.id if booking is not None else None,
            payload={
                "customer": customer.name if customer is not None else "",
                "mail_kind": row.kind,
                "mail_id": str(row.id),
                "queue": row.queue.value,
                "outcome": outcome.status.value,
                "reason": outcome.reason,
            },
        ),
    )
