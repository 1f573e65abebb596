"""A studio with reminder rules on a real database, its worker's hands, and a clock that a test moves."""

import email
import email.policy
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from shared.ids import new_id
from shared.models.act import Act, Actor, ActorKind, Role
from shared.models.mail import ReminderRule
from shared.models.payment import PaymentStage
from shared.models.slot import Slot
from shared.policies.reminder_policy import DEFAULT_RULES
from shared.ports import Mailer
from shared.services import payment_plan
from shared.services.operations import carry_out, find_operation
from shared.sync_protocol.operations import SlotArgs
from shared.unit_of_work import UnitOfWork
from sync_server.adapters.folder_blobs import FolderBlobs
from sync_server.adapters.number_journal import FolderNumberJournal
from sync_server.adapters.spool_mailer import SpoolMailer
from sync_server.jobs import deliver_mail, janitor, reminders
from sync_server.jobs.deliver_outbox import OutboxDelivery
from sync_server.repositories import practice_clock, tenant_lock
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.action_links import ActionLinks
from sync_server.services.audit import write_audit
from sync_server.services.document_chain import chain_documents
from sync_server.services.document_files import DocumentFiles
from sync_server.services.event_routing import EventRouting
from sync_server.services.key_ring import KeyRing
from sync_server.services.link_terms import LinkTerms, end_links
from sync_server.services.mail_delivery import MailDelivery
from sync_server.services.mail_writer import MailWriter
from sync_server.services.number_leases import NumberLeases
from sync_server.services.provider_events import system_act
from sync_server.services.reminder_planning import ReminderPlanning
from sync_server.services.studio_unit import StudioUnits
from sync_server.subscribers.credit_notes import CreditNotes
from sync_server.subscribers.customer_mail import CustomerMail
from sync_server.subscribers.routing import CREDIT_NOTES, CUSTOMER_MAIL, ROUTES, Handler
from tests.sync_server.studio_house import StudioHouse

MAIL_DOMAIN = "mail.example"
BASE_URL = "http://127.0.0.1:8000"


@dataclass
class MailRoom:
    """One studio and everything between a fact and a mail."""

    engine: sa.Engine
    folder: Path
    rule_ids: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.planning = ReminderPlanning(MAIL_DOMAIN)
        steps = (self.planning, end_links, chain_documents, write_audit, EventRouting(ROUTES))
        self.units = StudioUnits(StudioSessions(self.engine), steps)
        self.across = AcrossStudios(self.engine)
        self.links = ActionLinks(
            self.units, self.across, link_key=KeyRing({1: b"k" * 32}), public_base_url=BASE_URL
        )
        self.spool = SpoolMailer(self.folder)
        self.files = DocumentFiles(self.units, FolderBlobs(self.folder.parent / "documents"))
        self.numbers = NumberLeases(self.units, FolderNumberJournal(self.folder.parent / "numbers"))
        self.handlers: dict[str, Handler] = {
            CUSTOMER_MAIL: CustomerMail(MAIL_DOMAIN),
            CREDIT_NOTES: CreditNotes(self.numbers, self.files),
        }
        self.outbox = OutboxDelivery(self.units, self.across, self.handlers, owner="outbox-1")
        self.house = StudioHouse(self.units).open()
        self.t = self.house.tenant_id
        self.delivery = self.worker(self.spool)

    def worker(self, mailer: Mailer, owner: str = "mail-1") -> MailDelivery:
        """A mail worker with another transport or under another name."""
        writer = MailWriter(LinkTerms(self.links))
        return MailDelivery(
            self.units, self.across, mailer, writer=writer, mail_domain=MAIL_DOMAIN, owner=owner
        )

    # --- the studio -------------------------------------------------------------------------------------

    def add_default_rules(self) -> None:
        """The four rules of a new studio."""
        with self.units.transaction(self.t) as (unit, now):
            unit.begin_act(self.act(now))
            for rule in DEFAULT_RULES:
                self.rule_ids[rule.kind.value] = rule_id = new_id()
                unit.reminder_rules.add(
                    self.t,
                    ReminderRule(
                        tenant_id=self.t,
                        id=rule_id,
                        kind=rule.kind,
                        anchor=rule.anchor.value,
                        offset_days=rule.offset_days,
                        local_time=rule.local_time,
                    ),
                )

    def act(self, now: datetime, operation_id: UUID | None = None) -> Act:
        """The owner acts."""
        actor = Actor(ActorKind.STAFF, self.house.owner_id, Role.OWNER)
        return Act(self.t, actor, now, operation_id or new_id())

    def do(self, name: str, args: Mapping[str, Any], operation_id: UUID | None = None) -> None:
        """One operation of the owner, as intake carries it out."""
        operation = find_operation(name, 1)
        assert operation is not None, name
        with self.units.transaction(self.t) as (unit, now):
            carry_out(unit, self.act(now, operation_id), operation, args=args)

    def a_booking(self, slot: Slot, *, place: str = "Écouen") -> UUID:
        """A booking's id."""
        booking_id = new_id()
        self.do(
            "booking.create",
            {
                "id": str(booking_id),
                "customer_id": str(self.house.customer_id),
                "package_id": str(self.house.package_id),
                "slot": SlotArgs.of(slot).model_dump(mode="json"),
                "resource_ids": [str(self.house.resource_id)],
                "place": place,
            },
        )
        return booking_id

    def pay(self, booking_id: UUID, position: int) -> None:
        """The card of one stage is charged, as the provider says."""
        with self.units.transaction(self.t) as (unit, now):
            stage = self.stage(unit, booking_id, position)
            act = system_act(self.t, now, stage.id, "payment", "pi_1")
            unit.begin_act(act)
            payment_plan.open_for_card(unit, act, stage.id, scope="acct_1")
            payment_plan.card_paid(
                unit, act, stage.id, amount_minor=stage.amount_minor, ref=f"pi_{stage.id}", words="Visa"
            )

    def stage(self, unit: UnitOfWork, booking_id: UUID, position: int) -> PaymentStage:
        """One stage of a booking."""
        stages = unit.stages.of_booking(self.t, booking_id)
        return next(one for one in stages if one.position == position)

    # --- the clock --------------------------------------------------------------------------------------

    def set_now(self, instant: datetime) -> None:
        """Business time jumps, without stops on the way."""
        with self.units.sessions.global_session() as session:
            machine = tenant_lock.machine_now(session)
            practice_clock.set_shift_s(session, math.ceil((instant - machine).total_seconds()))

    def now(self) -> datetime:
        """Business time."""
        with self.units.sessions.global_session() as session:
            return tenant_lock.business_now(session)

    # --- the worker -------------------------------------------------------------------------------------

    def work(self) -> None:
        """Everything that is due, until nothing is."""
        while any(
            (
                self.outbox.deliver_due(),
                deliver_mail.run(self.delivery),
                reminders.run(self.delivery),
                janitor.run(self.units, self.across),
            )
        ):
            pass

    def rows(self, table: str, columns: str = "*") -> list[Any]:
        """Rows of one of the studio's tables, oldest due first where it has such a time."""
        order = {"reminder": "due_at, kind", "mail": "created_at, kind", "reminder_log": "created_at"}
        with self.units.sessions.unlocked(self.t) as session:
            query = sa.text(f"SELECT {columns} FROM {table} ORDER BY {order.get(table, '1')}")
            return list(session.execute(query))

    def execute(self, statement: str) -> None:
        """Change the studio's queue rows behind everybody's back."""
        with self.units.sessions.unlocked(self.t) as session:
            session.execute(sa.text(statement))

    def execute_locked(self, statement: str) -> None:
        """Change studio data behind everybody's back."""
        with self.units.sessions.locked(self.t) as session:
            session.execute(sa.text(statement))

    def spooled(self) -> list[str]:
        """Kinds of the mails in the spool, by their Message-IDs."""
        return sorted(mail["Message-ID"].strip("<>").partition(".")[0] for mail in self.mails())

    def mails(self) -> list[EmailMessage]:
        """The mails in the spool, in no particular order."""
        return [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.SMTP)
            for path in self.folder.rglob("*.eml")
        ]

    def text_of(self, kind: str) -> str:
        """The text of the only mail of this kind."""
        (mail,) = [one for one in self.mails() if one["Message-ID"].strip().startswith(f"<{kind}.")]
        body = mail.get_body(("plain",))
        assert body is not None, "a mail has a text"
        text: str = body.get_content()
        return text.replace("\r\n", "\n")
