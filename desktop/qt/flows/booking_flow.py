"""What staff do with bookings: open the record, take a new one, move, postpone and cancel it."""

from collections.abc import Callable, Sequence
from datetime import date, time
from functools import partial
from uuid import UUID

from desktop.commands import bookings as commands
from desktop.commands.cancelling import cancel_and_ask
from desktop.local_store.replica import Connection
from desktop.presenting.dates import day_words
from desktop.qt.background.acting import Command
from desktop.qt.background.reading import AnyFeed, Asker, Feed
from desktop.qt.dialogs.booking_dialog import BookingDialog, BookingDraft, BookingOffer
from desktop.qt.dialogs.clash_notice import ClashNotice
from desktop.qt.dialogs.confirm_dialog import ConfirmDialog, Question
from desktop.qt.dialogs.move_dialog import MoveDialog, MoveDraft
from desktop.qt.dialogs.refund_dialog import CancelDraft, RefundDialog
from desktop.qt.dialogs.slot_fields import a_day
from desktop.qt.flows.frame import Flow, Frame, Then
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.workbench import Workbench
from desktop.queries.catalogue import packages_list, resources_list
from desktop.queries.customers import customers_with_mail
from desktop.queries.record_rows import BookingRecord, RefundPreview
from desktop.queries.refund_preview import refund_preview
from desktop.queries.rows import PackageRow, ResourceRow
from desktop.queries.slots import clash_words
from shared.errors import Gone
from shared.ids import new_id
from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.printable import unprintable_character
from shared.models.slot import Slot
from shared.models.states import CancelReason, ReasonCode
from shared.sync_protocol.operations import (
    BookingCreate,
    CustomerCreate,
    RefundAsk,
    RefundLine,
    SlotArgs,
)

RECORD_ENTITIES = frozenset(
    {
        "booking",
        "booking_line",
        "booking_resource",
        "customer",
        "document",
        "ledger",
        "manual_payment",
        "note",
        "payment_stage",
        "refund",
        "refund_request",
        "reminder_choice",
        "reminder_log",
        "reminder_rule",
        "resource",
        "sync_issue",
    }
)
_INITIATOR = "booking"


class BookingFlow(Flow):
    """One booking in time; what a record asks for about money, mails and papers is RecordFlow's."""

    def __init__(
        self,
        bench: Workbench,
        frame: Frame,
        *,
        keep: Callable[[AnyFeed], None],
        dress: Callable[[BookingRecordPage], None],
    ) -> None:
        """``keep`` hears of the feed of every record page, ``dress`` connects the rest of its signals."""
        super().__init__(bench, frame)
        self._keep, self._dress = keep, dress

    # --- the record ---------------------------------------------------------------------------------------

    def open_booking(self, booking_id: UUID) -> None:
        """Show the record over the page."""
        bench = self.bench
        page = BookingRecordPage(bench.theme, bench.today(), booking_id=booking_id)
        feed: Feed[BookingRecord | None] = Feed(
            page,
            bench.reading,
            query=lambda: lambda connection: self.read_record(connection, booking_id),
            show=lambda record: self._show_record(page, record),
            entities=RECORD_ENTITIES,
        )
        self._keep(feed)
        self._connect(page)
        self._dress(page)
        self.frame.open_record(page)

    def _show_record(self, page: BookingRecordPage, record: BookingRecord | None) -> None:
        if record is not None:
            page.show_record(record, self.bench.today())
        elif page.isVisible():
            self.frame.go_back()

    def _connect(self, page: BookingRecordPage) -> None:
        page.move_wanted.connect(self.move)
        page.postpone_wanted.connect(self.postpone)
        page.cancel_wanted.connect(lambda record: self.cancel(record.booking_id))
        page.close_wanted.connect(self.frame.go_back)
        page.new_wanted.connect(self.new_booking)
        page.hint_changed.connect(lambda words: self.frame.show_hint(words) if page.isVisible() else None)
        page.zone_changed.connect(lambda words: self.frame.show_zone(words) if page.isVisible() else None)

    # --- a new one ----------------------------------------------------------------------------------------

    def new_booking(
        self, day: date | None = None, *, start: time = time(10), resource_ids: Sequence[UUID] = ()
    ) -> None:
        """Ask for a new booking, on a day that was clicked or on today."""
        bench = self.bench

        def look(connection: Connection) -> tuple[tuple[PackageRow, ...], tuple[ResourceRow, ...]]:
            return packages_list(connection, bench.tenant_id), resources_list(connection, bench.tenant_id)

        def go_on(found: tuple[tuple[PackageRow, ...], tuple[ResourceRow, ...]]) -> None:
            packages, resources = found
            slot = a_day(day or bench.today(), bench.studio.time_zone, start=start)
            chosen = frozenset(resource_ids) or frozenset(row.resource_id for row in resources[:1])
            self._open_booking_dialog(BookingOffer(packages, resources, slot, bench.today(), chosen))

        self.asker.ask(look, go_on)

    def _open_booking_dialog(self, offer: BookingOffer) -> None:
        bench = self.bench
        dialog = BookingDialog(bench.theme, self.frame.window, offer)

        def look_up(email: str) -> None:
            query = partial(customers_with_mail, tenant_id=bench.tenant_id, email=email)
            bench.reading.ask(query, lambda found: dialog.show_customer(email, found), asker=dialog)

        printing = Asker(bench.reading, dialog)

        def look_at_name(name: str) -> None:
            printing.ask(
                lambda _: unprintable_character(name, bundled_fonts()), partial(dialog.show_unprintable, name)
            )

        dialog.mail_typed.connect(look_up)
        dialog.name_typed.connect(look_at_name)
        ask_clash = self._clash_asker(dialog.clash)
        dialog.slot_typed.connect(ask_clash)
        booking_id = new_id()
        self.ask(dialog, partial(_making, booking_id), then=lambda _: self.open_booking(booking_id))
        slot = dialog.slot.slot()
        if slot is not None:
            ask_clash(slot, tuple(offer.resource_ids))

    # --- another time -------------------------------------------------------------------------------------

    def move(self, record: BookingRecord, then: Then | None = None) -> None:
        """Ask for another time; ``then`` follows when it was taken."""
        bench = self.bench
        dialog = MoveDialog(bench.theme, self.frame.window, record, today=bench.today())
        ask_clash = self._clash_asker(dialog.clash, but_for=record.booking_id)
        dialog.slot_typed.connect(lambda slot: ask_clash(slot, record.slot.resource_ids))
        self.ask(dialog, _moving, then=lambda draft: self._say_moved(draft) if then is None else then())
        slot = dialog.slot.slot()
        if slot is not None:
            ask_clash(slot, record.slot.resource_ids)

    def _say_moved(self, draft: MoveDraft) -> None:
        start, _ = draft.slot.shown
        self.frame.toast(f"Moved to {day_words(start.date())} {start:%H:%M}.")

    def postpone(self, record: BookingRecord) -> None:
        """Ask whether the slot shall be given up."""
        dialog = ConfirmDialog(
            self.bench.theme,
            self.frame.window,
            Question(
                "Postpone booking",
                subtitle=f"{record.customer.name} · {record.package_name}",
                sentences=(
                    "The time becomes free for others; what was paid stays.",
                    "Reminders and due dates wait until there is a new date.",
                ),
                keep="Keep the time",
                act="Postpone booking",
            ),
        )
        command = partial(commands.postpone_booking, booking_id=record.booking_id, initiator=_INITIATOR)
        self.ask(dialog, lambda _: command, then=lambda _: self.frame.toast("Postponed."))

    # --- the end ------------------------------------------------------------------------------------------

    def cancel(self, booking_id: UUID, then: Then | None = None) -> None:
        """Show every number of a cancellation, then ask; ``then`` follows when it was done."""
        bench = self.bench

        self.asker.ask(
            lambda connection: refund_preview(
                connection, bench.tenant_id, booking_id, user_id=bench.user_id, now=bench.now()
            ),
            lambda preview: self._open_refund_dialog(preview, then),
        )

    def _open_refund_dialog(self, preview: RefundPreview | None, then: Then | None) -> None:
        if preview is None:
            self.refused(Gone())
        else:
            dialog = RefundDialog(self.bench.theme, self.frame.window, preview)
            self.ask(
                dialog,
                _cancelling,
                then=lambda draft: self._say_cancelled(draft) if then is None else then(),
            )

    def _say_cancelled(self, draft: CancelDraft) -> None:
        self.frame.toast("Cancelled; the refund has been asked for." if draft.lines else "Cancelled.")

    # --- small change -------------------------------------------------------------------------------------

    def _clash_asker(
        self, notice: ClashNotice, *, but_for: UUID | None = None
    ) -> Callable[[Slot, Sequence[UUID]], None]:
        """Asks what stands in the way of a slot with these people; the notice hears of the last one asked."""
        asker, tenant_id = Asker(self.bench.reading, notice), self.bench.tenant_id

        def ask_clash(slot: Slot, resource_ids: Sequence[UUID]) -> None:
            query = partial(
                clash_words, tenant_id=tenant_id, slot=slot, resource_ids=resource_ids, but_for=but_for
            )
            asker.ask(query, partial(notice.tell, slot))

        return ask_clash


def _making(booking_id: UUID, draft: BookingDraft) -> Command:
    customer_id = draft.customer_id or new_id()
    new_customer = None
    if draft.customer_id is None:
        new_customer = CustomerCreate(id=customer_id, name=draft.name, email=draft.email, phone=draft.phone)
    args = BookingCreate(
        id=booking_id,
        customer_id=customer_id,
        package_id=draft.package_id,
        slot=SlotArgs.of(draft.slot),
        resource_ids=list(draft.resource_ids),
        place=draft.place,
        note=draft.note,
    )
    return partial(commands.make_booking, draft=args, new_customer=new_customer, initiator=_INITIATOR)


def _moving(draft: MoveDraft) -> Command:
    return partial(
        commands.move_booking,
        booking_id=draft.booking_id,
        seen=draft.seen,
        slot=draft.slot,
        initiator=_INITIATOR,
    )


def _cancelling(draft: CancelDraft) -> Command:
    if draft.lines and not draft.by_policy:
        return partial(
            cancel_and_ask,
            booking_id=draft.booking_id,
            seen=draft.seen,
            reason=CancelReason(draft.reason),
            refund=_other_refund(draft),
            initiator=_INITIATOR,
        )
    return partial(
        commands.cancel_booking,
        booking_id=draft.booking_id,
        seen=draft.seen,
        why=commands.WhyCancelled(CancelReason(draft.reason), draft.note),
        preview_hash=draft.preview_hash if draft.lines else None,
        initiator=_INITIATOR,
    )


def _other_refund(draft: CancelDraft) -> RefundAsk:
    """The amounts of the dialog where they are not the policy's own."""
    return RefundAsk(
        id=new_id(),
        request_key=new_id(),
        booking_id=draft.booking_id,
        lines=[RefundLine(stage_id=stage_id, amount_minor=minor) for stage_id, minor in draft.lines],
        currency=draft.currency,
        reason_code=ReasonCode(draft.reason),
        note=draft.note,
    )
