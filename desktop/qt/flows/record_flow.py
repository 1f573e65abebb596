"""What a booking's record asks for beside time and papers: money at the desk, mails, the note."""

from functools import partial

from shiboken6 import isValid

from desktop.commands.notes import add_note, edit_note
from desktop.commands.packages import add_package
from desktop.commands.payments import record_manual
from desktop.commands.reminders import choose_reminder
from desktop.qt.background.acting import Command
from desktop.qt.dialogs.package_dialog import PackageDialog, PackageDraft
from desktop.qt.dialogs.record_payment_dialog import RecordPaymentDialog, payable_stages
from desktop.qt.flows.frame import Flow, Frame
from desktop.qt.flows.refund_flow import RefundFlow
from desktop.qt.pages.booking_record import BookingRecordPage, NoteDraft
from desktop.qt.workbench import Workbench
from desktop.queries.record_rows import BookingRecord, MailRow
from shared.ids import new_id
from shared.models.states import ReminderChoiceKind, ReminderKind
from shared.sync_protocol.operations import PackageCreate, PaymentRecordManual, ReminderChoose

_CHOICE_WORDS = {
    ReminderChoiceKind.HOLD: "The mail is held back.",
    ReminderChoiceKind.RELEASE: "The mail goes out again.",
    ReminderChoiceKind.SKIP: "The mail is left out.",
    ReminderChoiceKind.SEND_NOW: "The mail goes out with the next sync.",
}


class RecordFlow(Flow):
    """Money back goes to the flow of refunds."""

    def __init__(self, bench: Workbench, frame: Frame, refunds: RefundFlow) -> None:
        super().__init__(bench, frame)
        self._refunds = refunds

    def dress(self, page: BookingRecordPage) -> None:
        """Connect what a record asks for about money, mails and words."""
        page.payment_wanted.connect(self.pay)
        page.pay_link_wanted.connect(self.pay_link)
        page.refund_wanted.connect(self._refunds.ask_for)
        page.mail_chosen.connect(self.choose_mail)
        page.note_saved.connect(partial(self.save_note, page))

    # --- money --------------------------------------------------------------------------------------------

    def pay(self, record: BookingRecord) -> None:
        """Write down cash, a bank transfer and the like."""
        if not payable_stages(record):
            self.frame.toast("Everything is paid.")
            return

        dialog = RecordPaymentDialog(self.bench.theme, self.frame.window, record, today=self.bench.today())
        self.ask(dialog, _recording, then=lambda _: self.frame.toast("Payment recorded."))

    def pay_link(self, record: BookingRecord) -> None:
        """Let the next mail with a pay link leave now."""
        kind = ReminderKind.BALANCE_DUE.value
        planned = (mail for mail in record.mails if mail.kind == kind and mail.sent_at_utc is None)
        mail = next(planned, None)
        if mail is None or mail.rule_id is None:
            self.frame.toast("No mail with a pay link is planned for this booking.")
        else:
            self.choose_mail(record, mail, ReminderChoiceKind.SEND_NOW.value)

    # --- words --------------------------------------------------------------------------------------------

    def choose_mail(self, record: BookingRecord, mail: MailRow, choice: str) -> None:
        """Hold, release, skip or send one planned mail now."""
        assert mail.rule_id is not None, "a planned mail has a rule"
        draft = ReminderChoose(
            booking_id=record.booking_id, rule_id=mail.rule_id, stage_position=mail.stage_position
        )
        kind = ReminderChoiceKind(choice)
        self.bench.acting.do(
            lambda desk: choose_reminder(desk, draft, kind),
            then=lambda: self.frame.toast(_CHOICE_WORDS[kind]),
        )

    def save_note(self, page: BookingRecordPage, draft: NoteDraft) -> None:
        """Keep what was typed into the note of a booking; a refusal gives it back to its page."""

        def refused(failure: BaseException) -> None:
            if isValid(page):
                page.note_refused(draft)
            self.bench.failed(failure)

        self.bench.acting.do(
            _keeping(draft), then=lambda: page.note_kept() if isValid(page) else None, on_failed=refused
        )

    # --- what is sold -------------------------------------------------------------------------------------

    def new_package(self) -> None:
        """Ask for a package."""
        dialog = PackageDialog(self.bench.theme, self.frame.window, currency=self.bench.studio.currency)
        self.ask(dialog, _adding)


def _keeping(draft: NoteDraft) -> Command:
    note_id = draft.note_id
    if note_id is None:
        return lambda desk: add_note(desk, draft.booking_id, draft.body, note_id=new_id())
    return lambda desk: edit_note(desk, note_id, seen=draft.seen, body=draft.body)


def _recording(draft: PaymentRecordManual) -> Command:
    return lambda desk: record_manual(desk, draft)


def _adding(draft: PackageDraft) -> Command:
    args = PackageCreate(
        id=new_id(),
        name=draft.name,
        price_minor=draft.price_minor,
        currency=draft.currency,
        duration_minutes=draft.duration_minutes,
        deposit_percent=draft.deposit_percent,
        remainder_days_before=draft.remainder_days_before,
    )
    return lambda desk: add_package(desk, args)
