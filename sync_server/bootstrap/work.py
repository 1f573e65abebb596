"""The jobs of this process: which ticks there are, and what each works with."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from shared.errors import PdfNotReady, ThingNotFound
from shared.ports import Mailer
from sync_server.adapters.smtp_mailer import SmtpAccount, SmtpMailer
from sync_server.adapters.spool_mailer import SpoolMailer
from sync_server.bootstrap.cards import Cards
from sync_server.bootstrap.ground import Ground, mail_domain
from sync_server.jobs import calendar, deliver_mail, janitor, reminders
from sync_server.jobs.card_work import card_ticks
from sync_server.jobs.deliver_outbox import OutboxDelivery
from sync_server.jobs.worker import Calendar, Worker
from sync_server.repositories import leader_lock
from sync_server.repositories.leader_lock import LeaderLock
from sync_server.services.document_files import FileKind
from sync_server.services.mail_delivery import MailDelivery
from sync_server.services.mail_writer import MailWriter
from sync_server.subscribers.credit_notes import CreditNotes
from sync_server.subscribers.customer_mail import CustomerMail
from sync_server.subscribers.routing import CREDIT_NOTES, CUSTOMER_MAIL, Handler


def make_worker(ground: Ground, cards: Cards | None) -> Worker:
    """The clock of this process; nothing ticks before it is started."""
    address = ground.worker_engine.url.set(drivername="postgresql")
    lead = Calendar(
        LeaderLock(address.render_as_string(hide_password=False)),
        store_engine=ground.worker_engine,
        last_done=partial(_last_done, ground),
    )
    calendar.bind(
        calendar.CalendarTools(
            units=ground.worker_units,
            across=ground.worker_across,
            planning=ground.planning,
            may_go_on=lead.still_held,
            reconcile=cards.worker_inbox.backfill if cards is not None else None,
        )
    )
    return Worker(_ticks(ground, cards), calendar=lead)


def _ticks(ground: Ground, cards: Cards | None) -> Mapping[str, Callable[[], int]]:
    units, across = ground.worker_units, ground.worker_across
    handlers: Mapping[str, Handler] = {
        CUSTOMER_MAIL: CustomerMail(mail_domain(ground.settings)),
        CREDIT_NOTES: CreditNotes(ground.numbers, ground.files),
    }
    outbox = OutboxDelivery(units, across, handlers, owner=ground.owner)
    ticks: dict[str, Callable[[], int]] = {
        "outbox": outbox.deliver_due,
        "janitor": partial(janitor.run, units, across),
    }
    delivery = make_mail_delivery(ground)
    if delivery is not None:
        ticks |= {
            "mail": partial(deliver_mail.run, delivery),
            "reminders": partial(reminders.run, delivery),
        }
    if cards is not None:
        ticks |= card_ticks(cards.worker_inbox, cards.submission, cards.worker_intents)
    return ticks


def make_mail_delivery(ground: Ground) -> MailDelivery | None:
    """The hand that sends what is queued; none where there is no way to send."""
    mailer = make_mailer(ground)
    if mailer is None:
        return None
    return MailDelivery(
        ground.worker_units,
        ground.worker_across,
        mailer,
        writer=MailWriter(ground.link_terms, partial(_logo, ground)),
        mail_domain=mail_domain(ground.settings),
        owner=ground.owner,
    )


def make_mailer(ground: Ground) -> Mailer | None:
    """The spool in practice, SMTP where it is configured; without either, mails wait."""
    settings = ground.settings
    if settings.mail_spool is not None:
        return SpoolMailer(settings.mail_spool)
    if settings.smtp_host:
        account = SmtpAccount(
            settings.smtp_host,
            settings.smtp_port,
            user=settings.smtp_user,
            password=settings.smtp_password.get_secret_value(),
        )
        return SmtpMailer(account)
    return None


def _logo(ground: Ground, tenant_id: UUID, sha256: str) -> tuple[str, bytes] | None:
    try:
        file = ground.files.get(tenant_id, sha256, kind=FileKind.BLOB)
    except (ThingNotFound, PdfNotReady):
        return None  # the desk has not sent it yet
    return file.media_type, file.data


def _last_done(ground: Ground, job_id: str) -> datetime | None:
    with ground.worker_units.sessions.global_session() as session:
        return leader_lock.last_done(session, job_id)
