"""Decides until when the link of a purpose is good, and when links end with what they are about."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from shared.events import (
    BookingCancelled,
    BookingMoved,
    BookingPostponed,
    DomainEvent,
    StagePaid,
)
from shared.models.booking import Booking
from shared.models.payment import PaymentStage
from shared.policies.cancellation import CancellationPolicy, cancel_deadline, move_deadline
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.link_tokens import LinkTokens
from sync_server.repositories.sessions import Sessions
from sync_server.services.action_links import ActionLinks, LinkPurpose, LinkWanted
from sync_server.services.mail_values import MailedLink
from sync_server.services.mail_writer import MailLink

VIEW_LASTS: Final = timedelta(days=30)
DOCUMENT_LASTS: Final = timedelta(days=30)
PAY_LASTS_PAST_DUE: Final = timedelta(days=2)
SETUP_LASTS: Final = timedelta(hours=72)
RESET_LASTS: Final = timedelta(minutes=45)
ENDED_BY_MOVE: Final = "the booking was moved"
ENDED_BY_CANCELLING: Final = "the booking was cancelled"
_ONE_BY_ONE: Final = frozenset({LinkPurpose.STAFF_SETUP.value, LinkPurpose.PASSWORD_RESET.value})


class LinkTerms:
    """The links of mails: subject, revision and end of each purpose (access, "Action links")."""

    def __init__(self, links: ActionLinks) -> None:
        self._links = links

    def mailed(
        self, unit: UnitOfWork, tenant_id: UUID, purpose: str, *, subject_id: UUID, email: str, now: datetime
    ) -> MailedLink:
        """The link for this subject, to be sent to this address; a valid one is used again."""
        wanted = LinkPurpose(purpose)
        subject, ends_at = _terms(unit, tenant_id, MailLink(purpose, subject_id, email), now=now)
        token_id = self._links.issue(
            unit, tenant_id, wanted, subject=subject, email=email, expires_at=ends_at
        )
        return MailedLink(self._links.url(unit, tenant_id, token_id), ends_at)

    def mailed_many(
        self, unit: UnitOfWork, tenant_id: UUID, wanted: Sequence[MailLink], *, now: datetime
    ) -> dict[MailLink, MailedLink]:
        """The links of many mails; the same one for two mails about one thing."""
        found: dict[MailLink, MailedLink] = {}
        together = {(one.purpose, one.subject_id): one for one in wanted if one.purpose not in _ONE_BY_ONE}
        for one in set(wanted) - set(together.values()):
            found[one] = self.mailed(
                unit, tenant_id, one.purpose, subject_id=one.subject_id, email=one.email, now=now
            )
        for purpose in sorted({one.purpose for one in together.values()}):
            links = [one for one in together.values() if one.purpose == purpose]
            terms = [_terms(unit, tenant_id, one, now=now) for one in links]
            asked = [
                LinkWanted(subject, one.email, ends_at)
                for one, (subject, ends_at) in zip(links, terms, strict=True)
            ]
            urls = self._links.issue_many(unit, tenant_id, LinkPurpose(purpose), wanted=asked)
            found |= {
                one: MailedLink(url, ends_at)
                for one, url, (_, ends_at) in zip(links, urls, terms, strict=True)
            }
        return found


def _terms(
    unit: UnitOfWork, tenant_id: UUID, wanted: MailLink, *, now: datetime
) -> tuple[tuple[str, UUID, int], datetime]:
    subject_id, about = wanted.subject_id, wanted.about
    known = about is not None and about.deleted_at is None
    match LinkPurpose(wanted.purpose):
        case LinkPurpose.VIEW | LinkPurpose.RESCHEDULE | LinkPurpose.CANCEL as purpose:
            if known and isinstance(about, Booking):
                booking = about
            else:
                booking = unit.bookings.get(tenant_id, subject_id)
            ends_at = now + VIEW_LASTS if purpose is LinkPurpose.VIEW else _deadline(booking, purpose)
            return ("booking", booking.id, booking.schedule_rev), ends_at
        case LinkPurpose.PAY:
            if known and isinstance(about, PaymentStage):
                stage = about
            else:
                stage = unit.stages.get(tenant_id, subject_id)
            return ("stage", stage.id, stage.rev), max(stage.due_at, now) + PAY_LASTS_PAST_DUE
        case LinkPurpose.INVOICE:
            return ("document", subject_id, 0), now + DOCUMENT_LASTS
        case LinkPurpose.STAFF_SETUP:
            return ("member", subject_id, 0), now + SETUP_LASTS
        case LinkPurpose.PASSWORD_RESET:
            credential = Sessions(unit.session).credential(tenant_id, subject_id)
            return ("member", subject_id, credential.sv if credential else 0), now + RESET_LASTS


def _deadline(booking: Booking, purpose: LinkPurpose) -> datetime:
    """Until when the booking's own policy lets a customer move or cancel it."""
    policy = CancellationPolicy.from_json(booking.policy or {"currency": booking.currency})
    deadline = move_deadline if purpose is LinkPurpose.RESCHEDULE else cancel_deadline
    return deadline(policy, event_date=booking.start_date, zone=booking.zone)


def end_links(unit: UnitOfWork, now: datetime, events: Sequence[DomainEvent]) -> None:
    """At the end of a transaction: links of a passed date, a cancelled booking or a paid stage end."""
    tokens = LinkTokens(unit.session)
    for event in events:
        tenant_id = event.tenant_id
        if isinstance(event, BookingMoved | BookingPostponed):
            rev = unit.bookings.get(tenant_id, event.booking_id).schedule_rev
            tokens.revoke(tenant_id, event.booking_id, reason=ENDED_BY_MOVE, now=now, below_rev=rev)
        elif isinstance(event, BookingCancelled):
            subjects = [event.booking_id]
            subjects += [stage.id for stage in unit.stages.of_booking(tenant_id, event.booking_id)]
            for subject_id in subjects:
                tokens.revoke(tenant_id, subject_id, reason=ENDED_BY_CANCELLING, now=now)
        elif isinstance(event, StagePaid):
            for link in tokens.of_subject(tenant_id, event.stage_id):
                tokens.spend(tenant_id, link.id, now=now, ip=None)
