"""Decides which mail follows from which fact; a row holds ids, words and links are made when it is sent.

One message for one thing that happened: the payment that confirms a booking is told by the confirmation, the
last one by "everything is paid".
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from shared.events import BookingConfirmed, BookingFullyPaid
from shared.ids import derived_id
from shared.models.booking import Booking
from shared.models.states import BookingStatus, DueRuleKind, Series
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.event_outbox import EventOutbox, OutboxFact
from sync_server.repositories.mail_queues import CausedMails
from sync_server.services.addresses import address_hash
from sync_server.services.event_routing import event_id

_SUBJECT_TYPES: Final = {"pay": "stage", "invoice": "document"}
_FIRST_WORDS: Final = ("booking_confirmed", "rescheduled")


class CustomerMail:
    """The handler of that name."""

    def __init__(self, mail_domain: str) -> None:
        self._mail_domain = mail_domain

    def __call__(self, unit: UnitOfWork, now: datetime, fact: OutboxFact) -> None:
        """Queue what the fact calls for; nothing when the customer has no address."""
        _Letters(unit, now, fact, mail_domain=self._mail_domain).queue()


class _Letters:
    """What one fact calls for."""

    def __init__(self, unit: UnitOfWork, now: datetime, fact: OutboxFact, *, mail_domain: str) -> None:
        self._unit = unit
        self._now = now
        self._fact = fact
        self._mail_domain = mail_domain
        self._mails = CausedMails(unit.session)
        self._tenant_id = fact.tenant_id
        self._booking: Booking = unit.bookings.get(fact.tenant_id, fact.id_of("booking_id"))

    def queue(self) -> None:
        self._by_name[self._fact.name](self)

    def _made(self) -> None:
        if self._booking.status is BookingStatus.HELD:
            self._ask_for_what_is_due_on_booking()

    def _confirmed(self) -> None:
        self._queue("booking_confirmed", ("booking", self._booking.id))

    def _moved(self) -> None:
        """A booking that nobody was told of yet begins as a new one would."""
        if not self._is_known_to_the_customer():
            if self._booking.status is BookingStatus.CONFIRMED:
                self._confirmed()
            else:
                self._made()
            return
        values = {"schedule_rev": self._booking.schedule_rev}
        self._queue("rescheduled", ("booking", self._booking.id), values=values)

    def _cancelled(self) -> None:
        if self._is_known_to_the_customer():
            self._queue("cancelled", ("booking", self._booking.id))

    def _stage_paid(self) -> None:
        cause_id = self._fact.id_of("cause_id")
        outbox = EventOutbox(self._unit.session)
        told_by_another = (
            event_id(BookingConfirmed(self._tenant_id, cause_id, self._booking.id)),
            event_id(BookingFullyPaid(self._tenant_id, cause_id, self._booking.id)),
        )
        if not any(outbox.knows(self._tenant_id, other) for other in told_by_another):
            self._queue("payment_received", ("stage", self._fact.id_of("stage_id")))

    def _fully_paid(self) -> None:
        confirmed = BookingConfirmed(self._tenant_id, self._fact.id_of("cause_id"), self._booking.id)
        if not EventOutbox(self._unit.session).knows(self._tenant_id, event_id(confirmed)):
            self._queue("fully_paid", ("booking", self._booking.id))

    def _refund_settled(self) -> None:
        self._queue("refund_settled", ("refund", self._fact.id_of("refund_id")))

    def _document_issued(self) -> None:
        document = self._unit.documents.get(self._tenant_id, self._fact.id_of("document_id"))
        kind = "credit_note" if document.series is Series.CREDIT else "invoice"
        self._queue(kind, ("document", document.id))

    def _link_asked(self) -> None:
        purpose = str(self._fact.payload["purpose"])
        subject_type = _SUBJECT_TYPES.get(purpose, "booking")
        subject = (subject_type, self._fact.id_of("subject_id"))
        self._queue("new_link", subject, values={"purpose": purpose})

    def _ask_for_what_is_due_on_booking(self) -> None:
        for stage in self._unit.stages.of_booking(self._tenant_id, self._booking.id):
            if stage.due_rule is DueRuleKind.ON_BOOKING and stage.is_payable:
                cause_id = derived_id(self._fact.event_id, stage.id)
                self._queue("pay_link", ("stage", stage.id), cause_id=cause_id)

    def _is_known_to_the_customer(self) -> bool:
        stages = self._unit.stages.of_booking(self._tenant_id, self._booking.id)
        told = self._mails.has_told(self._tenant_id, self._booking.id, _FIRST_WORDS)
        return told or any(self._mails.has_told(self._tenant_id, stage.id, ["pay_link"]) for stage in stages)

    def _queue(
        self,
        kind: str,
        subject: tuple[str, UUID],
        *,
        cause_id: UUID | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> None:
        customer = self._unit.customers.find(self._tenant_id, self._booking.customer_id)
        if customer is None or not customer.email:
            return
        subject_type, subject_id = subject
        cause = cause_id or self._fact.event_id
        recipient_hash = address_hash(customer.email)
        row_id = derived_id(cause, "mail", kind, recipient_hash.hex())
        self._mails.add(
            self._tenant_id,
            [
                {
                    "id": row_id,
                    "kind": kind,
                    "cause_id": cause,
                    "subject_type": subject_type,
                    "subject_id": subject_id,
                    "recipient": customer.email,
                    "recipient_hash": recipient_hash,
                    "language": self._unit.studios.settings(self._tenant_id).language,
                    "values": values,
                    "next_try": self._now,
                    "message_id": f"<{kind}.{row_id}@{self._mail_domain}>",
                }
            ],
        )

    _by_name: Final[Mapping[str, Callable[["_Letters"], None]]] = {
        "BookingMade": _made,
        "BookingConfirmed": _confirmed,
        "BookingMoved": _moved,
        "BookingCancelled": _cancelled,
        "StagePaid": _stage_paid,
        "BookingFullyPaid": _fully_paid,
        "RefundSettled": _refund_settled,
        "DocumentIssued": _document_issued,
        "LinkAsked": _link_asked,
    }
