"""Sends queued mail: claim, check again, write, hand over in a commit of its own, and only then the body.

A body is never on its way without a committed handover, and none is committed for a mail that the booking
no longer wants. What happened after it and was not heard of is ``uncertain`` (time_and_mail, "Answers").
"""

import random
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from typing import Final
from uuid import UUID

import structlog

from shared.errors import DomainError, MailRefused, MailRefusedForNow, MailUncertain
from shared.ports import Mailer, MailSession, OutgoingMail
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.changed_rows import ChangedRows
from sync_server.repositories.mail_queues import DeliveryStatus, MailQueue, QueueName
from sync_server.services.mail_cases import MailCase, Verdict, load_cases, verdict
from sync_server.services.mail_outcomes import Outcome, finish
from sync_server.services.mail_values import Letter
from sync_server.services.mail_writer import MailWriter
from sync_server.services.provider_events import system_act
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

LEASE: Final = timedelta(minutes=5)
SMALLEST_BATCH: Final = 5
LAPSED_BATCH: Final = 20
MAX_TRIES: Final = 5
RESENT_ONCE: Final = frozenset({"booking_confirmed", "rescheduled", "cancelled"})
"""With every reminder: one missed costs more than two. All other kinds wait for a person."""

_WAITS_MIN: Final = (1, 4, 16, 64)
_JITTER: Final = 0.2


@dataclass(frozen=True)
class _Written:
    """``head``: how far the studio's rows were when the case was looked at."""

    case: MailCase
    letter: Letter
    mail: OutgoingMail
    head: int


@dataclass(frozen=True)
class _Seen:
    """Cases, and how far the studio's rows were when they were read, or further back."""

    cases: list[MailCase]
    head: int


class RetryWaits:
    """1, 4, 16, 64 minutes, each 20 % more or less; the fifth failure is the last."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # noqa: S311 - spreads retries, guards nothing

    def after(self, tries: int) -> timedelta | None:
        """How long to wait after so many tries; None when it was the last one."""
        if tries >= MAX_TRIES:
            return None
        wait = timedelta(minutes=_WAITS_MIN[max(tries, 1) - 1])
        return wait * (1 + _JITTER * (2 * self._random.random() - 1))


class MailDelivery:
    """The mail worker's hand; one for both queues."""

    def __init__(
        self,
        units: StudioUnits,
        across: AcrossStudios,
        mailer: Mailer,
        *,
        writer: MailWriter,
        mail_domain: str,
        owner: str,
    ) -> None:
        self._units = units
        self._across = across
        self._mailer = mailer
        self._writer = writer
        self._mail_domain = mail_domain
        self._owner = owner
        self._waits = RetryWaits(owner)

    def deliver_due(self, queue: QueueName) -> int:
        """Take a batch of due mails and send them; how many were taken."""
        claim = {
            QueueName.REMINDER: self._across.claim_reminders,
            QueueName.MAIL: self._across.claim_mail,
        }[queue]
        claimed = claim(self._owner, LEASE, max(self._mailer.at_once, SMALLEST_BATCH))
        by_studio: defaultdict[UUID, list[UUID]] = defaultdict(list)
        for tenant_id, row_id in claimed:
            by_studio[tenant_id].append(row_id)
        for tenant_id, row_ids in by_studio.items():
            self._deliver(tenant_id, row_ids, queue)
        return len(claimed)

    def resolve_lapsed(self) -> int:
        """Find out what became of mails that were handed over and not heard of; how many were looked at."""
        found = self._across.lapsed_mail(LAPSED_BATCH)
        return sum(self._resolve(tenant_id, row_id, QueueName(queue)) for tenant_id, row_id, queue in found)

    # --- sending --------------------------------------------------------------------------------------------

    def _deliver(self, tenant_id: UUID, row_ids: Sequence[UUID], queue: QueueName) -> None:
        try:
            written = self._write(tenant_id, row_ids, queue)
        except Exception:
            # one mail that cannot be written must not keep the others from going out
            if len(row_ids) > 1:
                for row_id in row_ids:
                    self._deliver(tenant_id, [row_id], queue)
                return
            log.exception("mail_unwritten", tenant_id=str(tenant_id), row_id=str(row_ids[0]))
            self._give_up_for_now(tenant_id, row_ids[0], queue)
            return
        if not written:
            return
        try:
            session = self._mailer.connect()
        except MailRefusedForNow as refusal:
            self._finish(queue, [self._again(one, refusal.code) for one in written])
            return
        with closing(session):
            for group in _groups(written, self._mailer.at_once):
                self._send(queue, session, group)

    def _give_up_for_now(self, tenant_id: UUID, row_id: UUID, queue: QueueName) -> None:
        with self._units.transaction(tenant_id) as (unit, now):
            unit.begin_act(system_act(tenant_id, now, "mail"))
            rows = MailQueue(unit.session, queue).mine(tenant_id, [row_id], owner=self._owner)
            for row in rows:
                case = MailCase(row=row, studio=unit.studios.settings(tenant_id))
                wait = self._waits.after(row.tries)
                outcome = Outcome.refused_for_now(case, Letter.unwritten(), "unwritten", wait=wait)
                finish(unit, queue, [outcome], owner=self._owner)

    def _write(self, tenant_id: UUID, row_ids: Sequence[UUID], queue: QueueName) -> list[_Written]:
        """Check again, then write; what must not go out is finished with the check.

        Cases are read before the studio's lock is taken, and words found after it is given back: under it
        they are read again only if a row has changed meanwhile.
        """
        with self._units.reading(tenant_id) as (unit, _):
            seen = self._look(unit, tenant_id, row_ids, queue)
        with self._units.transaction(tenant_id) as (unit, now):
            unit.begin_act(system_act(tenant_id, now, "mail"))
            if _has_changed(unit, tenant_id, seen.head):
                seen = self._look(unit, tenant_id, row_ids, queue)
            wanted, over = [], []
            for case in seen.cases:
                against = self._against(case, now)
                if against is None:
                    wanted.append(case)
                else:
                    over.append(Outcome.of_verdict(case, against))
            plans = self._writer.plan(unit, wanted, now)
            finish(unit, queue, over, owner=self._owner)
        letters = [plan.written() for plan in plans]
        return [
            _Written(case, letter, self._outgoing(case, letter, now), seen.head)
            for case, letter in zip(wanted, letters, strict=True)
        ]

    def _look(self, unit: UnitOfWork, tenant_id: UUID, row_ids: Collection[UUID], queue: QueueName) -> _Seen:
        head = tenant_lock.head(unit.session, tenant_id)
        rows = MailQueue(unit.session, queue).mine(tenant_id, row_ids, owner=self._owner)
        return _Seen(load_cases(unit, tenant_id, rows), head)

    def _against(self, case: MailCase, now: datetime) -> Verdict | None:
        if case.row.tries > MAX_TRIES:
            return Verdict(DeliveryStatus.DEAD, "its sender stopped five times")
        return verdict(case, now)

    def _send(self, queue: QueueName, session: MailSession, group: Sequence[_Written]) -> None:
        outcomes: list[Outcome] = []
        addressed: list[_Written] = []
        for one in group:
            try:
                session.address(one.mail)
            except MailRefusedForNow as refusal:
                outcomes.append(self._again(one, refusal.code))
            except MailRefused as refusal:
                outcomes.append(Outcome.failed(one.case, one.letter, refusal.code))
            else:
                addressed.append(one)
        handed, refused = self._hand_over(queue, addressed)
        outcomes += refused
        outcomes += [self._hand_body(session, one) for one in handed]
        self._finish(queue, outcomes)

    def _hand_over(
        self, queue: QueueName, addressed: Sequence[_Written]
    ) -> tuple[list[_Written], list[Outcome]]:
        """Commit that these bodies go out now; those that nobody wants any more come back as outcomes.

        What they speak of is read again only if a row of the studio has changed since they were written.
        """
        if not addressed:
            return [], []
        tenant_id = addressed[0].case.row.tenant_id
        by_id = {one.case.row.id: one for one in addressed}
        with self._units.queue_transaction(tenant_id) as (unit, now):
            cases = [one.case for one in addressed]
            if _has_changed(unit, tenant_id, addressed[0].head):
                cases = self._look(unit, tenant_id, by_id.keys(), queue).cases
            against = {case.row.id: verdict(case, now) for case in cases}
            wanted = [row_id for row_id, reason in against.items() if reason is None]
            handed = MailQueue(unit.session, queue).hand_over(tenant_id, wanted, owner=self._owner, now=now)
        refused = [
            Outcome.of_verdict(by_id[row_id].case, reason)
            for row_id, reason in against.items()
            if reason is not None
        ]
        return [by_id[row_id] for row_id in wanted if row_id in handed], refused

    def _hand_body(self, session: MailSession, one: _Written) -> Outcome:
        try:
            provider_id = session.send_body(one.mail)
        except MailUncertain:
            return Outcome.uncertain(one.case, one.letter)
        except MailRefusedForNow as refusal:
            return self._again(one, refusal.code)
        except MailRefused as refusal:
            return Outcome.failed(one.case, one.letter, refusal.code)
        return Outcome.sent(one.case, one.letter, provider_id)

    def _again(self, one: _Written, error: str) -> Outcome:
        return Outcome.refused_for_now(
            one.case, one.letter, error, wait=self._waits.after(one.case.row.tries)
        )

    def _finish(self, queue: QueueName, outcomes: Sequence[Outcome]) -> None:
        if not outcomes:
            return
        tenant_id = outcomes[0].case.row.tenant_id
        with self._units.transaction(tenant_id) as (unit, now):
            unit.begin_act(system_act(tenant_id, now, "mail"))
            finish(unit, queue, outcomes, owner=self._owner)
        for outcome in outcomes:
            log.info(
                "mail_finished",
                tenant_id=str(tenant_id),
                row_id=str(outcome.case.row.id),
                kind=outcome.case.row.kind,
                outcome=outcome.status.value,
            )

    def _outgoing(self, case: MailCase, letter: Letter, now: datetime) -> OutgoingMail:
        return OutgoingMail(
            message_id=case.row.message_id,
            row_id=case.row.id,
            tenant_id=case.row.tenant_id,
            sender_name=_one_line(case.studio.name),
            sender_address=f"bookings@{self._mail_domain}",
            reply_to=_one_line(case.studio.email) or None,
            recipient=_one_line(case.recipient),
            subject=letter.rendered.subject,
            text=letter.rendered.text,
            html=letter.rendered.html,
            written_at=now,
            inline_images=letter.inline_images,
        )

    # --- finding out ----------------------------------------------------------------------------------------

    def _resolve(self, tenant_id: UUID, row_id: UUID, queue: QueueName) -> bool:
        with self._units.queue_transaction(tenant_id) as (unit, _):
            machine = tenant_lock.machine_now(unit.session)
            row = MailQueue(unit.session, queue).take_lapsed(
                tenant_id, row_id, owner=self._owner, now=machine, lease=LEASE
            )
        if row is None:
            return False
        with self._units.transaction(tenant_id) as (unit, now):
            unit.begin_act(system_act(tenant_id, now, "mail"))
            (case,) = load_cases(unit, tenant_id, [row])
            try:
                with unit.session.begin_nested():
                    (plan,) = self._writer.plan(unit, [case], now)
                    letter = plan.written()
            except DomainError:  # what it spoke of has changed beyond words; its outcome matters more
                letter = None
        known_as = self._outgoing(case, letter or Letter.unwritten(), now)
        was_sent = self._mailer.look_up(known_as)
        self._finish(queue, [self._resolved(case, letter, was_sent=was_sent)])
        return True

    def _resolved(self, case: MailCase, letter: Letter | None, *, was_sent: bool | None) -> Outcome:
        kept = letter or Letter.unwritten()
        if was_sent:
            return Outcome.sent(case, kept, None)
        may_go_again = case.row.queue is QueueName.REMINDER or case.row.kind in RESENT_ONCE
        if was_sent is None and (case.row.resent or not may_go_again):
            return Outcome.unconfirmed(case, kept)
        wait = timedelta(0) if case.row.tries < MAX_TRIES else None
        outcome = Outcome.refused_for_now(case, kept, "uncertain", wait=wait)
        return outcome if was_sent is not None else outcome.as_second_time()


def _has_changed(unit: UnitOfWork, tenant_id: UUID, head: int) -> bool:
    """Whether a mail may speak of a row that has changed since; it never speaks of the log of mails."""
    return ChangedRows(unit.session).has_any(tenant_id, after=head, but="reminder_log")


def _groups(written: Sequence[_Written], at_once: int) -> Iterator[list[_Written]]:
    rest = iter(written)
    while group := list(islice(rest, at_once)):
        yield group


@lru_cache(maxsize=256)
def _one_line(words: str) -> str:
    """Names and addresses never break a header's line."""
    return " ".join(words.split())
