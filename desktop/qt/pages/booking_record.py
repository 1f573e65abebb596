"""The record of one booking: who and when, the money, papers and mails; told a record, asks by signals."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.presenting import dates
from desktop.presenting.status_words import BOOKING_STATUS, ROW_MARK, say
from desktop.qt.components.buttons import HEIGHT_PX, Button, IconButton, Kind, MenuButton
from desktop.qt.components.flow_layout import FlowLayout
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.icon_label import RowMarkLabel, StatusGlyph
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.components.scrolling import scroll_page
from desktop.qt.fonts import Type
from desktop.qt.icons import Icon
from desktop.qt.pages.record_facts import CustomerCard, LinesCard, NotesCard, SlotCard, headline
from desktop.qt.pages.record_money import StagesCard, TimelineCard
from desktop.qt.pages.record_papers import DocumentsCard, HistoryCard, MailsCard
from desktop.qt.theme import Theme
from desktop.queries.record_rows import BookingRecord
from shared.clock import local_date

_LEFT_PX = 340
_RIGHT_PX = 348
_THREE_PX, _TWO_PX = 1170, 830  # what three columns and two need to show their words
_ANY_PX = 16777215  # Qt's own "no limit"
_SIDES_PX = 2 * 24 + 14  # margins and the scroll bar of a low window


@dataclass(frozen=True, slots=True)
class NoteDraft:
    """What was typed into the note; without a ``note_id`` it is the booking's first."""

    booking_id: UUID
    note_id: UUID | None
    seen: str
    body: str


class BookingRecordPage(QWidget):
    """`show_record` may come at any time; an edit under way stays. Signals carry the record that is shown."""

    move_wanted = Signal(object)
    postpone_wanted = Signal(object)
    cancel_wanted = Signal(object)
    refund_wanted = Signal(object)
    payment_wanted = Signal(object)
    pay_link_wanted = Signal(object)
    invoice_wanted = Signal(object)
    print_wanted = Signal(object)
    export_wanted = Signal(object)
    customer_opened = Signal(object)
    document_opened = Signal(object)
    mail_chosen = Signal(object, object, str)
    note_saved = Signal(object)
    close_wanted = Signal()
    new_wanted = Signal()
    hint_changed = Signal(str)
    zone_changed = Signal(str)

    def __init__(self, theme: Theme, today: date, *, booking_id: UUID, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.booking_id = booking_id
        self._theme, self._today = theme, today
        self._record: BookingRecord | None = None
        self._closes = False
        self._build_head()
        self.customer, self.slot = CustomerCard(theme), SlotCard(theme)
        self.lines, self.notes = LinesCard(theme), NotesCard(theme)
        self.stages, self.timeline = StagesCard(theme), TimelineCard(theme)
        self.documents, self.mails, self.history = (
            DocumentsCard(theme),
            MailsCard(theme),
            HistoryCard(theme),
        )
        self.unsaved = self._unsaved_notice()
        self._lay_out()
        self._connect()
        self._say_edited(edited=False)

    @property
    def record(self) -> BookingRecord | None:
        """The booking shown."""
        return self._record

    @property
    def words(self) -> str:
        """Status and headline as they are read on the screen."""
        return f"{self._status.text()} · {self._about.text()}"

    def show_record(self, record: BookingRecord, today: date | None = None) -> None:
        """Show the booking as it is now; ``today``, where the day may have changed."""
        self._record, self._today = record, today or self._today
        self._name.setText(record.customer.name or "Customer follows")
        self._glyph.show_status(record.status)
        self._status.setText(say(BOOKING_STATUS, record.status))
        self._mark.show_mark(record.mark)
        self._mark.setToolTip(ROW_MARK[record.mark])
        self._mark.setVisible(bool(record.mark))
        self._about.setText(headline(record, self._today))
        self._arrange_head()
        self.customer.show_customer(record.customer)
        self.slot.show_slot(record.slot, record.status)
        self.lines.show_lines(record)
        self.notes.show_note(record.note_rows[-1].body if record.note_rows else record.notes)
        self.stages.show_stages(record, self._today)
        self.timeline.show_money(record)
        self.documents.show_documents(record.documents, self._today)
        self.mails.show_mails(record.mails, self._today)
        self.history.show_history(record.history)
        self._allow(record)
        self._say_frame(record)

    def fold_side(self, *, folded: bool) -> None:
        """Below 1200 px, or where the page has no room, the third column moves under the others."""
        self._folded = folded
        self._arrange_columns()

    def _arrange_columns(self) -> None:
        folded, single = self._folded or self.width() < _THREE_PX, self.width() < _TWO_PX
        ways = QBoxLayout.Direction
        for layout, column, width_px, under in (
            (self._columns, self._right, _RIGHT_PX, folded),
            (self._both, self._left, _LEFT_PX, single),
        ):
            layout.setDirection(ways.TopToBottom if under else ways.LeftToRight)
            column.setMinimumWidth(0 if under else width_px)
            column.setMaximumWidth(_ANY_PX if under else width_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The name comes first: it is whole before the buttons stand beside it."""
        super().resizeEvent(event)
        self._arrange_head()
        self._arrange_columns()

    def may_leave(self) -> bool:
        """Ask before an unsaved note is dropped."""
        self.unsaved.setVisible(self.notes.is_edited)
        return not self.notes.is_edited

    def save(self) -> bool:
        """Say what was edited; whether there was anything."""
        record = self._record
        if record is None or not self.notes.is_edited:
            return False
        note_id = record.note_rows[-1].note_id if record.note_rows else None
        draft = NoteDraft(record.booking_id, note_id, self.notes.seen, self.notes.input.toPlainText())
        self.notes.end_edit()
        self.unsaved.hide()
        self.notes.show_note(draft.body)
        self.note_saved.emit(draft)
        return True

    def note_kept(self) -> None:
        """What was saved is kept, and the page closes if that was asked for."""
        if self._closes and self.isVisible():
            self.close_wanted.emit()

    def note_refused(self, draft: NoteDraft) -> None:
        """What was saved is not kept: it is under edit again."""
        self._closes = False
        self.notes.resume_edit(draft.seen, draft.body)

    def save_edits(self) -> None:
        """As Save does."""
        self.save()

    def drop_edits(self) -> None:
        """Forget what was typed."""
        self.notes.end_edit()
        self.unsaved.hide()

    # --- what follows -------------------------------------------------------------------------------------

    def _allow(self, record: BookingRecord) -> None:
        over = {"cancelled": "The booking is cancelled", "completed": "The event is over"}
        reason = over.get(record.status, "")
        self.move_button.set_enabled_because(reason)
        self.cancel_button.set_enabled_because(reason)
        postponed = "It is postponed already" if record.status == "postponed" else reason
        waits = "It has no slot to give up" if record.status == "needs_slot" else postponed
        self.postpone_button.set_enabled_because(waits)
        none = "" if record.documents else "There is no document yet"
        self.print_button.set_enabled_because(none)
        self.export_button.set_enabled_because(none)
        if not none:
            self.print_button.setToolTip("Print the newest document (Ctrl+P)")
            self.export_button.setToolTip("Export the newest document as PDF (Ctrl+E)")

    def _say_frame(self, record: BookingRecord) -> None:
        version = f"ersion {record.version}"
        if record.saved_at_utc is None:
            self.hint_changed.emit(f"V{version}")
        else:
            saved = local_date(record.saved_at_utc, record.slot.studio_zone)
            self.hint_changed.emit(f"Saved {dates.day_month(saved)}, v{version}")
        self.zone_changed.emit(f"Event in {record.slot.time_zone}")

    def _say_edited(self, *, edited: bool) -> None:
        self.save_button.set_enabled_because("" if edited else "Nothing has been changed")

    def _save_and_close(self) -> None:
        self._closes = self.save()
        if not self._closes:
            self.close_wanted.emit()

    def _save_and_new(self) -> None:
        self.save()
        self.new_wanted.emit()

    def _pass_on(self, signal: SignalInstance) -> None:
        if self._record is not None:
            signal.emit(self._record)

    # --- building -----------------------------------------------------------------------------------------

    def _build_head(self) -> None:
        theme = self._theme
        self._name = ElidedLabel("", Type.TITLE)
        self._glyph = StatusGlyph(theme)
        self._status = Label("")
        self._mark = RowMarkLabel(theme, "")
        self._about = ElidedLabel("", Type.BODY, "secondary")
        self.move_button = Button(theme, "Move…")
        self.postpone_button = Button(theme, "Postpone…")
        self.cancel_button = Button(theme, "Cancel…", Kind.DANGER)
        menu = QMenu()
        self.mail_button = MenuButton(theme, "Mail link", menu, glyph=Icon.MAIL)
        self._pay_link_action = menu.addAction("Pay link for what is due next")
        self.print_button = IconButton(theme, Icon.PRINTER, "Print")
        self.export_button = IconButton(theme, Icon.DOWNLOAD, "Export")
        self.save_button = Button(theme, "Save")
        self.close_button = Button(theme, "Save && close")
        self.close_button.setAccessibleName("Save and close")
        more = QMenu()
        self.more_button = IconButton(theme, Icon.CHEVRON_DOWN, "More ways to save")
        more.setParent(self.more_button, more.windowFlags())
        self.more_button.setMenu(more)
        more.addAction("Save && new").triggered.connect(self._save_and_new)
        for name in ("move", "postpone", "cancel", "mail", "print", "export", "save", "close"):
            getattr(self, f"{name}_button").setObjectName(f"{name}_button")

    def _head(self) -> QBoxLayout:
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._name)
        first.addSpacing(4)
        for widget in (self._glyph, self._status, self._mark):
            first.addWidget(widget)
        first.addStretch(1)
        self._words = QVBoxLayout()
        self._words.setSpacing(0)
        self._words.addLayout(first)
        self._words.addWidget(self._about)
        tools = QWidget()
        self._tools = FlowLayout()
        tools.setLayout(self._tools)
        for group in (
            (self.move_button, self.postpone_button, self.cancel_button),
            (self.mail_button, self.print_button, self.export_button),
            (self.save_button, self.close_button, self.more_button),
        ):
            if group[0] is not self.move_button:
                self._tools.addWidget(_between(self._theme))
            for button in group:
                self._tools.addWidget(button)
        self._head_parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head_parts.setSpacing(8)
        self._head_parts.addLayout(self._words, 1)
        self._head_parts.addWidget(tools, 0, Qt.AlignmentFlag.AlignVCenter)
        return self._head_parts

    def _arrange_head(self) -> None:
        """Where the buttons would cut the name they stand below it."""
        room = self.width() - _SIDES_PX
        beside = self._words.sizeHint().width() + 8 + self._tools.sizeHint().width() <= room
        ways = QBoxLayout.Direction
        self._head_parts.setDirection(ways.LeftToRight if beside else ways.TopToBottom)

    def _unsaved_notice(self) -> Notice:
        notice = Notice(
            self._theme,
            NoticeKind.WARNING,
            "The note is not saved.",
            more="Save it, or drop it, before you leave.",
        )
        save, drop = (
            Button(self._theme, "Save", small=True),
            Button(self._theme, "Drop", Kind.DANGER, small=True),
        )
        save.setObjectName("unsaved_save")
        drop.setObjectName("unsaved_drop")
        save.clicked.connect(self.save)
        drop.clicked.connect(self.drop_edits)
        row = notice.layout()
        assert row is not None, "a notice has a layout"
        row.addWidget(save)
        row.addWidget(drop)
        notice.hide()
        return notice

    def _lay_out(self) -> None:
        self._left = _column(self.customer, self.slot, self.lines, last=self.notes)
        middle = _column(self.stages, last=self.timeline)
        self._right = _column(self.documents, self.mails, last=self.history)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(16)
        self._both.addWidget(self._left)
        self._both.addWidget(middle, 1)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.addLayout(self._both, 1)
        self._columns.addWidget(self._right)
        self.fold_side(folded=False)
        column = scroll_page(self)
        column.setSpacing(14)
        column.addLayout(self._head())
        column.addWidget(self.unsaved)
        column.addLayout(self._columns, 1)

    def _connect(self) -> None:
        for source, signal in (
            (self.move_button.clicked, self.move_wanted),
            (self.postpone_button.clicked, self.postpone_wanted),
            (self.cancel_button.clicked, self.cancel_wanted),
            (self.print_button.clicked, self.print_wanted),
            (self.export_button.clicked, self.export_wanted),
            (self._pay_link_action.triggered, self.pay_link_wanted),
            (self.stages.payment_wanted, self.payment_wanted),
            (self.stages.pay_link_wanted, self.pay_link_wanted),
            (self.stages.refund_wanted, self.refund_wanted),
            (self.documents.invoice_wanted, self.invoice_wanted),
        ):
            source.connect(lambda *_, signal=signal: self._pass_on(signal))
        self.documents.document_opened.connect(self.document_opened)
        self.customer.opened.connect(lambda: self._pass_on(self.customer_opened))
        self.mails.chosen.connect(lambda mail, choice: self.mail_chosen.emit(self._record, mail, choice))
        self.notes.edited.connect(lambda edited: self._say_edited(edited=edited))
        self.save_button.clicked.connect(self.save)
        self.close_button.clicked.connect(self._save_and_close)
        for keys, act in (
            ("Ctrl+S", self.save),
            ("Ctrl+P", self.print_button.click),
            ("Ctrl+E", self.export_button.click),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)


def _between(theme: Theme) -> QWidget:
    """A line between two groups of buttons, as high as they are."""
    box = QWidget()
    box.setFixedSize(9, HEIGHT_PX)
    line = Hairline(theme, down=True)
    line.setFixedHeight(20)
    row = QHBoxLayout(box)
    row.setContentsMargins(4, 0, 4, 0)
    row.addWidget(line, 0, Qt.AlignmentFlag.AlignVCenter)
    return box


def _column(*cards: QWidget, last: QWidget) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for card in cards:
        column.addWidget(card)
    column.addWidget(last, 1)
    return box
