"""Cancel and refund: tier and until when, sum, consequences, allocation, reason, and who must agree."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting import dates
from desktop.presenting.money_text import MINUS, amount, money
from desktop.presenting.status_words import REFUND_REASON
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import WIDE_PX, DialogFrame
from desktop.qt.components.field import Field
from desktop.qt.components.hairline import DoubleRule
from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.inputs import ChoiceInput, TextInput
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.notice import Notice, NoticeKind
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.dialogs.refund_lines import RefundLines
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import CONTROL_RADIUS, frame, rounded, text, vertical
from desktop.qt.theme import Theme
from desktop.queries.record_rows import ConsequenceKind, PolicyTier, RefundPreview
from shared.models.slot import Slot

_ALL: Final = 100
_ICONS: Final = {
    ConsequenceKind.DOCUMENT: Icon.DOCUMENT,
    ConsequenceKind.MAIL: Icon.MAIL,
    ConsequenceKind.CALENDAR: Icon.CALENDAR,
    ConsequenceKind.NEWS: Icon.SEND,
}


@dataclass(frozen=True, slots=True)
class CancelDraft:
    """End the booking; `lines` are (stage, amount) that go back, `by_policy` says they are the policy's."""

    booking_id: UUID
    seen: Slot
    reason: str
    note: str
    lines: tuple[tuple[UUID, int], ...]
    currency: str
    by_policy: bool
    preview_hash: str


class RefundDialog(DialogFrame):
    """The wide variant: cancels a booking and asks for what goes back."""

    def __init__(self, theme: Theme, window: QWidget, preview: RefundPreview) -> None:
        super().__init__(
            theme,
            window,
            "Cancel and refund" if preview.paid_minor else "Cancel booking",
            subtitle=(
                f"{preview.customer_name} · {preview.package_name} · {dates.day_with_year(preview.event_on)}"
            ),
            width_px=WIDE_PX,
        )
        self.setObjectName("refund_dialog")
        self._preview = preview
        self.lines = RefundLines(theme, preview.lines, preview.currency)
        self.reason = ChoiceInput(
            theme,
            [(code, REFUND_REASON[code]) for code in ("customer_cancelled", "studio_cancelled")],
        )
        self.note = TextInput()
        self.keep = Button(theme, "Keep the booking")
        self.cancel_button = Button(theme, "", Kind.DANGER_FILL)
        for name, control in (
            ("refund_reason", self.reason),
            ("refund_note", self.note),
            ("refund_keep", self.keep),
            ("refund_cancel", self.cancel_button),
        ):
            control.setObjectName(name)
        self._second = Notice(theme, NoticeKind.WARNING, "A second person is needed.", glyph=Icon.PERSON)
        self._deviation = Label("", Type.LABEL, "warning")
        self._refund_sum = Label("", Type.SECTION)
        self._lay_out()
        self.lines.changed.connect(self._recount)
        self._recount()

    def open(self) -> None:
        """Show it with the focus on the safe button."""
        self.open_on(self.keep)

    def submit(self) -> None:
        """Answer with the draft."""
        draft = self.draft()
        if draft is not None and self.cancel_button.isEnabled():
            self.answer(draft)

    def draft(self) -> CancelDraft | None:
        """What is entered, or None while an amount is wrong."""
        amounts = self.lines.amounts()
        if amounts is None:
            return None
        preview, reason = self._preview, self.reason.code()
        assert reason is not None, "one reason is always chosen"
        assert preview.seen is not None, "a preview is of a booking with a slot"
        pairs = zip(preview.lines, amounts, strict=True)
        return CancelDraft(
            booking_id=preview.booking_id,
            seen=preview.seen,
            reason=reason,
            note=self.note.text().strip(),
            lines=tuple((line.stage_id, minor) for line, minor in pairs if minor),
            currency=preview.currency,
            by_policy=self._is_policy(amounts),
            preview_hash=preview.preview_hash,
        )

    # --- what follows -------------------------------------------------------------------------------------

    def _is_policy(self, amounts: tuple[int, ...]) -> bool:
        return amounts == tuple(line.refund_minor for line in self._preview.lines)

    def _recount(self) -> None:
        preview, amounts = self._preview, self.lines.amounts()
        total = sum(amounts) if amounts is not None else None
        self._refund_sum.setText("" if total is None else money(total, preview.currency))
        deviation = 0 if total is None else total - preview.refund_minor
        more = "more" if deviation > 0 else "less"
        words = f"{amount(abs(deviation), preview.currency)} {more} than the policy gives back"
        self._deviation.setText(words if deviation else "")
        self._deviation.setVisible(bool(deviation))
        self.cancel_button.setText("Cancel and ask for refund" if total else "Cancel booking")
        self.cancel_button.updateGeometry()
        self.cancel_button.set_enabled_because(self.lines.trouble())
        self._say_second(total or 0)

    def _say_second(self, total_minor: int) -> None:
        preview, limit = self._preview, self._preview.own_limit_minor
        over = limit is not None and total_minor > limit
        needed = total_minor > 0 and (over or (preview.second_person and total_minor >= preview.refund_minor))
        self._second.setVisible(needed)
        if not needed:
            return
        said = amount(total_minor, preview.currency)
        above = (
            f" {said} is above your limit of {amount(limit or 0, preview.currency)} a day for one booking."
        )
        self._second.say(
            f"A second person is needed.{above if over else ''}",
            f"{preview.approver_words} finds it in Needs attention, on any computer."
            " Until then nothing goes to Stripe.",
        )

    # --- building -----------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        preview = self._preview
        if preview.tiers:
            head = QHBoxLayout()
            head.addWidget(Label("Policy of this booking", Type.BODY_SEMIBOLD))
            head.addStretch(1)
            frozen = (
                f"Frozen on {dates.day_month(preview.frozen_on)} {preview.frozen_on.year}, when they booked"
            )
            head.addWidget(Label(frozen, Type.BODY, "secondary"))
            policy = QVBoxLayout()
            policy.setSpacing(8)
            policy.addLayout(head)
            policy.addWidget(TierStrip(self.theme, preview))
            policy.addWidget(Label(tier_words(preview), Type.BODY, "secondary", wraps=True))
            self.body.addLayout(policy)
        both = QHBoxLayout()
        both.setSpacing(32)
        both.addLayout(self._sums(), 11)
        both.addLayout(self._consequences(), 12)
        self.body.addLayout(both)
        self.body.addWidget(self.lines)
        self.body.addWidget(self._deviation)
        reason = Field(self.theme, "Reason", self.reason)
        reason.setFixedWidth(220)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(reason)
        row.addWidget(Field(self.theme, "Note, stays inside the studio", self.note), 1)
        self.body.addLayout(row)
        self.body.addWidget(self._second)
        checked = "The sums are checked again on the server before anything moves."
        self.foot.addWidget(ElidedLabel(checked, Type.CAPTION, "secondary"), 1)
        self.end_with(self.keep, self.cancel_button, self.submit)

    def _sums(self) -> QVBoxLayout:
        preview, code = self._preview, self._preview.currency
        column = QVBoxLayout()
        column.setSpacing(7)
        column.addWidget(Label("What they get back", Type.BODY_SEMIBOLD))
        of = amount(preview.kept_percent_of_minor, code)
        rows = [("Paid so far", amount(preview.paid_minor, code))]
        if preview.kept_by_percent_minor:
            kept = f"{MINUS}{amount(preview.kept_by_percent_minor, code)}"
            rows.append((f"Kept: {preview.kept_percent} % of {of}", kept))
        if preview.kept_fee_minor:
            rows.append(("Kept: fee", f"{MINUS}{amount(preview.kept_fee_minor, code)}"))
        for words, sums in rows:
            column.addLayout(_pair(Label(words), Label(sums)))
        column.addWidget(DoubleRule(self.theme))
        column.addLayout(_pair(Label("Refund", Type.SECTION), self._refund_sum))
        column.addStretch(1)
        return column

    def _consequences(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(Label("What else happens", Type.BODY_SEMIBOLD))
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for line, consequence in enumerate(self._preview.consequences):
            grid.addWidget(IconLabel(self.theme, _ICONS[consequence.kind], "secondary"), line, 0)
            grid.addWidget(ElidedLabel(consequence.words), line, 1)
        column.addLayout(grid)
        column.addStretch(1)
        return column


class TierStrip(ThemedWidget):
    """The tiers side by side; the one that applies has ground, tick and a thick line below."""

    def __init__(self, theme: Theme, preview: RefundPreview, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._preview = preview
        self.setFixedHeight(60)
        spoken = ". ".join(" ".join(_tier(tier, preview)) for tier in preview.tiers)
        self.setAccessibleName(f"Policy: {spoken}. {tier_words(preview)}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The cells, left to right."""
        painter, theme, area = QPainter(self), self.theme, QRectF(self.rect())
        frame(painter, area, radius=CONTROL_RADIUS, fill=theme.color("surface"))
        tiers = self._preview.tiers
        for place, tier in enumerate(tiers):
            left = round(self.width() * place / len(tiers))
            width = round(self.width() * (place + 1) / len(tiers)) - left
            if tier.applies:
                painter.save()
                painter.setClipPath(rounded(area, CONTROL_RADIUS))
                painter.fillRect(QRectF(left, 0, width, self.height()), theme.color("accent_soft"))
                painter.fillRect(QRectF(left, self.height() - 3, width, 3), theme.color("accent"))
                painter.restore()
            x = left + 12
            if tier.applies:
                paint_icon(painter, Icon.CHECK, theme.tokens.accent, QRectF(x, 12, 14, 14))
            title, keep = _tier(tier, self._preview)
            strong = font(Type.BODY_SEMIBOLD if tier.applies else Type.BODY)
            indent = 20 if tier.applies else 0
            first = QRectF(x + indent, 9, width - 24 - indent, 20)
            ink = "text" if tier.applies else "secondary"
            text(painter, first, title, font=strong, color=theme.color("text"))
            second = QRectF(x, 30, width - 24, 20)
            text(painter, second, keep, font=font(Type.BODY, tabular=True), color=theme.color(ink))
            if place:
                vertical(painter, theme.color("border"), left, 1, self.height() - 1)
        frame(painter, area, radius=CONTROL_RADIUS, outline=theme.color("border2"))


def _tier(tier: PolicyTier, preview: RefundPreview) -> tuple[str, str]:
    if tier.max_days is None:
        title = f"{tier.min_days} days or more before"
    elif tier.min_days == 0:
        title = f"{tier.max_days} days or fewer"
    else:
        title = f"{tier.max_days} to {tier.min_days} days"
    if tier.keep_percent == _ALL:
        return title, "keep all"
    fee = f", plus {amount(preview.kept_fee_minor, preview.currency)} fee" if preview.kept_fee_minor else ""
    return title, f"keep {tier.keep_percent} %{fee if tier.applies else ''}"


def tier_words(preview: RefundPreview) -> str:
    """Where today stands, until when this tier holds, and what would be kept after it."""
    days = preview.days_before
    near = {0: "the day of the event", 1: "1 day before the event"}
    words = f"Today is {near.get(days, f'{days} days before the event')}."
    if days < 0:
        words = "The event is over."
    if preview.holds_until is None or preview.next_kept_minor is None:
        return words
    until, following = preview.holds_until, preview.holds_until + timedelta(days=1)
    kept = amount(preview.next_kept_minor, preview.currency)
    return (
        f"{words} This tier holds until {dates.day_month(until)} {until.year};"
        f" from {dates.day_month(following)} {kept} would be kept."
    )


def _pair(words: Label, sums: Label) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addWidget(words, 1)
    row.addWidget(sums, 0, Qt.AlignmentFlag.AlignRight)
    return row
