"""What staff do with bookings: open the record, take a new one, move, postpone and cancel it."""

from collections.abc import Callable, Sequence
from datetime import date, time
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from desktop.commands import bookings as commands
from desktop.local_store.replica import Connection
from desktop.presenting.dates import day_words
from desktop.qt.background.reading import AnyFeed, Feed
from desktop.qt.dialogs.booking_dialog import BookingDialog, BookingDraft, BookingOffer
from desktop.qt.dialogs.confirm_dialog import ConfirmDialog
from desktop.qt.dialogs.move_dialog import MoveDialog, MoveDraft
from desktop.qt.dialogs.refund_dialog import CancelDraft, RefundDialog
from desktop.qt.dialogs.slot_fields import a_day
from desktop.qt.main_window import MainWindow
from desktop.qt.pages.booking_record import BookingRecordPage
from desktop.qt.workbench import Workbench
from desktop.queries.booking_record import booking_record
from desktop.queries.catalogue import packages_list, resources_list
from desktop.queries.customers import customers_with_mail
from desktop.queries.record_rows import BookingRecord, RefundPreview
from desktop.queries.refund_preview import refund_preview
from desktop.queries.rows import PackageRow, ResourceRow
from desktop.queries.slots import clash_words
from shared.ids import new_id
from shared.models.slot import Slot
from shared.models.states import CancelReason, ReasonCode
from shared.sync_protocol.operations import (
    BookingCancel,
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


class BookingFlow(QObject):
    """`record_opened(page)` lets others connect what a record asks for beside its own time."""

    record_opened = Signal(object)

    def __init__(self, bench: Workbench, window: MainWindow, *, keep: Callable[[AnyFeed], None]) -> None:
        """``keep`` hears of every feed of a record page, so that it hears of changes."""
        super().__init__(window)
        self._bench, self._window, self._keep = bench, window, keep

    # --- the record ---------------------------------------------------------------------------------------

    def open_booking(self, booking_id: UUID) -> None:
        """Show the record over the page; one that is shown already stays."""
        shown = self._window.page
        if isinstance(shown, BookingRecordPage) and shown.booking_id == booking_id:
            return
        bench = self._bench
        page = BookingRecordPage(bench.theme, bench.today(), booking_id=booking_id)
        feed: Feed[BookingRecord | None] = Feed(
            page,
            bench.reading,
            lambda: self._record_query(booking_id),
            lambda record: self._show_record(page, record),
            entities=RECORD_ENTITIES,
        )
        self._keep(feed)
        self._connect(page)
        self.record_opened.emit(page)
        self._window.open_record(page)

    def with_record(self, booking_id: UUID, then: Callable[[BookingRecord], None]) -> None:
        """Read a booking and go on with it; one that is gone ends there."""

        def go_on(record: BookingRecord | None) -> None:
            if record is not None:
                then(record)

        self._bench.reading.ask(self._record_query(booking_id), go_on)

    def _record_query(self, booking_id: UUID) -> Callable[[Connection], BookingRecord | None]:
        bench = self._bench
        return lambda connection: booking_record(
            connection, bench.tenant_id, booking_id, user_id=bench.user_id, now=bench.now()
        )

    def _show_record(self, page: BookingRecordPage, record: BookingRecord | None) -> None:
        if record is not None:
            page.show_record(record)
        elif self._window.page is page:
            self._window.go_back()

    def _connect(self, page: BookingRecordPage) -> None:
        page.move_wanted.connect(self.move)
        page.postpone_wanted.connect(self.postpone)
        page.cancel_wanted.connect(lambda record: self.cancel(record.booking_id))
        page.close_wanted.connect(self._window.go_back)
        page.new_wanted.connect(self.new_booking)
        page.hint_changed.connect(self._window.status_bar.show_hint)
        page.zone_changed.connect(self._window.status_bar.show_zone)

    # --- a new one ----------------------------------------------------------------------------------------

    def new_booking(
        self, day: date | None = None, *, start: time = time(10), resource_ids: Sequence[UUID] = ()
    ) -> None:
        """Ask for a new booking, on a day that was clicked or on today."""
        bench = self._bench

        def look(connection: Connection) -> tuple[tuple[PackageRow, ...], tuple[ResourceRow, ...]]:
            return packages_list(connection, bench.tenant_id), resources_list(connection, bench.tenant_id)

        def ask(found: tuple[tuple[PackageRow, ...], tuple[ResourceRow, ...]]) -> None:
            packages, resources = found
            slot = a_day(day or bench.today(), bench.studio.time_zone, start=start)
            chosen = frozenset(resource_ids) or frozenset(row.resource_id for row in resources[:1])
            self._open_booking_dialog(BookingOffer(packages, resources, slot, bench.today(), chosen))

        bench.reading.ask(look, ask)

    def _open_booking_dialog(self, offer: BookingOffer) -> None:
        bench = self._bench
        dialog = BookingDialog(bench.theme, self._window, offer)

        def look_up(email: str) -> None:
            query = partial(customers_with_mail, tenant_id=bench.tenant_id, email=email)
            bench.reading.ask(query, lambda found: dialog.show_customer(email, found))

        dialog.mail_typed.connect(look_up)
        dialog.slot_typed.connect(
            lambda slot, ids: self._ask_clash(slot, ids, None, partial(dialog.show_clash, slot))
        )
        dialog.answered.connect(self._make)
        dialog.open()
        slot = dialog.slot.slot()
        if slot is not None:
            self._ask_clash(slot, tuple(offer.resource_ids), None, partial(dialog.show_clash, slot))

    def _make(self, draft: BookingDraft | None) -> None:
        if draft is None:
            return
        booking_id = new_id()
        customer_id = draft.customer_id or new_id()
        new_customer = None
        if draft.customer_id is None:
            new_customer = CustomerCreate(
                id=customer_id, name=draft.name, email=draft.email, phone=draft.phone
            )
        args = BookingCreate(
            id=booking_id,
            customer_id=customer_id,
            package_id=draft.package_id,
            slot=SlotArgs.of(draft.slot),
            resource_ids=list(draft.resource_ids),
            place=draft.place,
            note=draft.note,
        )
        self._bench.acting.do(
            partial(commands.make_booking, draft=args, new_customer=new_customer, initiator=_INITIATOR),
            then=lambda: self.open_booking(booking_id),
        )

    # --- another time -------------------------------------------------------------------------------------

    def move(self, record: BookingRecord) -> None:
        """Ask for another time."""
        bench = self._bench
        dialog = MoveDialog(bench.theme, self._window, record, today=bench.today())
        ids, booking_id = record.slot.resource_ids, record.booking_id
        dialog.slot_typed.connect(
            lambda slot: self._ask_clash(slot, ids, booking_id, partial(dialog.show_clash, slot))
        )
        dialog.answered.connect(self._move)
        dialog.open()

    def _move(self, draft: MoveDraft | None) -> None:
        if draft is None:
            return
        self._bench.acting.do(
            partial(
                commands.move_booking,
                booking_id=draft.booking_id,
                seen=draft.seen,
                slot=draft.slot,
                initiator=_INITIATOR,
            ),
            then=lambda: self._window.toast(
                f"Moved to {day_words(draft.slot.start_date)} {draft.slot.start_time:%H:%M}."
            ),
        )

    def postpone(self, record: BookingRecord) -> None:
        """Ask whether the slot shall be given up."""
        dialog = ConfirmDialog(
            self._bench.theme,
            self._window,
            "Postpone booking",
            subtitle=f"{record.customer.name} · {record.package_name}",
            sentences=(
                "The time becomes free for others; what was paid stays.",
                "Reminders and due dates wait until there is a new date.",
            ),
            keep="Keep the time",
            act="Postpone booking",
        )
        command = partial(commands.postpone_booking, booking_id=record.booking_id, initiator=_INITIATOR)

        def decided(answer: object) -> None:
            if answer is not None:
                self._bench.acting.do(command, then=lambda: self._window.toast("Postponed."))

        dialog.answered.connect(decided)
        dialog.open()

    # --- the end ------------------------------------------------------------------------------------------

    def cancel(self, booking_id: UUID) -> None:
        """Show every number of a cancellation, then ask."""
        bench = self._bench

        def ask(preview: RefundPreview | None) -> None:
            if preview is None:
                return
            dialog = RefundDialog(bench.theme, self._window, preview)
            dialog.answered.connect(self._cancel)
            dialog.open()

        bench.reading.ask(
            lambda connection: refund_preview(
                connection, bench.tenant_id, booking_id, user_id=bench.user_id, now=bench.now()
            ),
            ask,
        )

    def _cancel(self, draft: CancelDraft | None) -> None:
        if draft is None:
            return
        asks = bool(draft.lines)
        seen = SlotArgs.of(draft.seen) if draft.seen is not None else None
        by_policy = asks and draft.by_policy
        args = BookingCancel(
            id=draft.booking_id,
            reason=CancelReason(draft.reason),
            seen=seen,
            refund=by_policy,
            preview_hash=draft.preview_hash if by_policy else None,
            note=draft.note,
        )
        other = None
        if asks and not draft.by_policy:
            other = RefundAsk(
                id=new_id(),
                request_key=new_id(),
                booking_id=draft.booking_id,
                lines=[RefundLine(stage_id=stage_id, amount_minor=minor) for stage_id, minor in draft.lines],
                currency=draft.currency,
                reason_code=ReasonCode(draft.reason),
                note=draft.note,
            )
        words = "Cancelled; the refund has been asked for." if asks else "Cancelled."
        self._bench.acting.do(
            partial(commands.end_booking, args=args, other_refund=other, initiator=_INITIATOR),
            then=lambda: self._window.toast(words),
        )

    # --- small change -------------------------------------------------------------------------------------

    def _ask_clash(
        self,
        slot: Slot,
        resource_ids: Sequence[UUID],
        but_for: UUID | None,
        answer: Callable[[str], None],
    ) -> None:
        tenant_id = self._bench.tenant_id
        self._bench.reading.ask(
            lambda connection: clash_words(
                connection, tenant_id, slot, resource_ids=resource_ids, but_for=but_for
            ),
            answer,
        )
