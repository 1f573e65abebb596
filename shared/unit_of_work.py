"""One session and its repositories: what a service works in.

The story's owner (a desktop command, a route, a job, operation intake) opens the session, gives the unit to a
service and commits. A service never commits.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session, UOWTransaction

from shared.events import DomainEvent
from shared.models.act import Act
from shared.models.entity import Entity
from shared.repositories.bookings import AvailabilityBlocks, BookingLines, BookingResources, Bookings, Notes
from shared.repositories.documents import DocumentDrafts, DocumentLines, Documents
from shared.repositories.mails import ReminderChoices, ReminderLogs, ReminderRules, SyncIssues
from shared.repositories.payments import Ledger, ManualPayments, PaymentStages
from shared.repositories.refunds import RefundRequestLines, RefundRequests, Refunds
from shared.repositories.studios import Customers, Members, Packages, Resources, Studios
from shared.repositories.tenant_repository import TenantRepository


class UnitOfWork:
    """The repositories of one open session, and the events that were recorded in it."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.events: list[DomainEvent] = []
        self._act: Act | None = None
        self.studios = Studios(session)
        self.members = Members(session)
        self.resources = Resources(session)
        self.packages = Packages(session)
        self.customers = Customers(session)
        self.bookings = Bookings(session)
        self.booking_lines = BookingLines(session)
        self.booking_resources = BookingResources(session)
        self.blocks = AvailabilityBlocks(session)
        self.notes = Notes(session)
        self.stages = PaymentStages(session)
        self.manual_payments = ManualPayments(session)
        self.ledger = Ledger(session)
        self.refund_requests = RefundRequests(session)
        self.refund_request_lines = RefundRequestLines(session)
        self.refunds = Refunds(session)
        self.drafts = DocumentDrafts(session)
        self.documents = Documents(session)
        self.document_lines = DocumentLines(session)
        self.reminder_rules = ReminderRules(session)
        self.reminder_choices = ReminderChoices(session)
        self.reminder_log = ReminderLogs(session)
        self.issues = SyncIssues(session)
        self._often_asked: Mapping[str, TenantRepository[Any]] = {
            "customer": self.customers,
            "package": self.packages,
            "resource": self.resources,
            "booking": self.bookings,
            "block": self.blocks,
            "note": self.notes,
        }
        sa.event.listen(session, "before_flush", self._stamp)

    def look_ahead(
        self, tenant_id: UUID, entity: str, row_ids: Collection[UUID], *, new: Collection[UUID]
    ) -> None:
        """Ask at once for rows that will be asked for one by one; kinds that are few and rare are not."""
        repository = self._often_asked.get(entity)
        if repository is not None:
            repository.look_ahead(tenant_id, row_ids, new=new)

    def begin_act(self, act: Act) -> None:
        """Everything that changes from here on is stamped with this act."""
        if self._act is None or (act.at, act.actor) != (self._act.at, self._act.actor):
            self.session.flush()  # what waits is stamped with its own
        self._act = act

    @property
    def act(self) -> Act | None:
        """The act under way."""
        return self._act

    def record(self, event: DomainEvent) -> None:
        """Note a fact; what follows from it is the owner's business."""
        self.events.append(event)

    def take_events(self) -> list[DomainEvent]:
        """The facts recorded since the last call."""
        taken, self.events = self.events, []
        return taken

    def _stamp(self, session: Session, context: UOWTransaction, instances: object) -> None:
        del context, instances
        act = self._act
        if act is None:
            return
        for row in session.new:
            if isinstance(row, Entity):
                row.created_at, row.created_by = act.at, act.actor.id
                row.updated_at, row.updated_by = act.at, act.actor.id
        for row in session.dirty:
            if isinstance(row, Entity) and session.is_modified(row):
                row.updated_at, row.updated_by = act.at, act.actor.id
