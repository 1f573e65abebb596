"""The book is still empty: the first booking at the left, six checks of the studio at the right."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.presenting.settings_words import deposit_words
from desktop.presenting.status_words import MAIL_KIND, say
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.card import Card, Sunken, Surface
from desktop.qt.components.empty_state import Drawing
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.icon_label import IconLabel
from desktop.qt.components.key_hint import KeyHint
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.refill import empty
from desktop.qt.components.themed_widget import ThemedWidget
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.pages.today import TodayPage
from desktop.qt.painting.strokes import CENTER, frame, text
from desktop.qt.theme import Theme
from desktop.queries.rows import StudioFacts
from desktop.queries.settings_rows import SettingsRows

_LEFT_PX: Final = 440
_RIGHT_MOST_PX: Final = 16777215
_WORDS_PX: Final = 320


@dataclass(frozen=True, slots=True)
class Check:
    """One thing to look at before the first booking; `code` is the card of the settings page."""

    code: str
    title: str
    words: str
    done: bool
    preview: tuple[tuple[str, str], ...] = ()
    verb: str = "Check"


class StepSign(ThemedWidget):
    """A 24-px circle: a tick when it is done, the number otherwise; the next one is filled."""

    def __init__(self, theme: Theme, number: int, *, done: bool, is_next: bool) -> None:
        super().__init__(theme)
        self._number, self._done, self._is_next = number, done, is_next
        self.setFixedSize(QSize(24, 24))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Circle and sign."""
        painter, theme, area = QPainter(self), self.theme, QRectF(self.rect())
        if self._done:
            fill, line = theme.color("accent_soft"), theme.color("accent_line")
            frame(painter, area, radius=12, fill=fill, outline=line, width=1)
            paint_icon(painter, Icon.CHECK, theme.tokens.accent, QRectF(6, 6, 12, 12))
            return
        outline = None if self._is_next else theme.color("border2")
        fill = theme.color("accent") if self._is_next else theme.color("surface")
        frame(painter, area, radius=12, fill=fill, outline=outline, width=1)
        ink = theme.color("on_accent" if self._is_next else "secondary")
        made = font(Type.LABEL_SEMIBOLD if self._is_next else Type.LABEL)
        text(painter, area, str(self._number), font=made, color=ink, align=CENTER)


class FirstStepsPage(QWidget):
    """`setting_wanted(card)` leads to a card of the settings; the page turns into Today by itself."""

    new_booking_wanted = Signal()
    setting_wanted = Signal(str)
    package_wanted = Signal()

    def __init__(self, theme: Theme, studio: StudioFacts) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._studio = theme, studio
        self._looked_at: set[str] = set()
        self._settings: SettingsRows | None = None
        self.new_booking = Button(theme, "New booking", Kind.PRIMARY, glyph=Icon.PLUS)
        self.new_booking.setObjectName("firstSteps_new")
        self.new_booking.setToolTip("New booking (Ctrl+Shift+B)")
        self.new_booking.clicked.connect(self.new_booking_wanted)
        self.buttons: dict[str, Button] = {}
        self._count = Label("", Type.BODY, "secondary")
        self._steps = QVBoxLayout()
        self._steps.setSpacing(0)
        self._lay_out()
        self.setFocusProxy(self.new_booking)

    def show_settings(self, rows: SettingsRows | None) -> None:
        """Show the present value of each check."""
        if rows is None:
            return
        self._settings = rows
        empty(self._steps)
        self.buttons = {}
        checks = self._checks(rows)
        done = sum(check.done for check in checks)
        self._count.setText(f"{done} of {len(checks)} done")
        first = next((place for place, check in enumerate(checks) if not check.done), -1)
        for place, check in enumerate(checks):
            if place:
                self._steps.addWidget(Hairline(self._theme))
            self._steps.addWidget(self._step(place + 1, check, is_next=place == first))

    def fold_side(self, *, folded: bool) -> None:
        """Below 1200 px the checks move under the first booking."""
        ways = QBoxLayout.Direction
        self._columns.setDirection(ways.TopToBottom if folded else ways.LeftToRight)
        self._left.setMaximumWidth(_RIGHT_MOST_PX if folded else _LEFT_PX)
        self._left.setMinimumWidth(0 if folded else _LEFT_PX)

    def _checks(self, rows: SettingsRows) -> tuple[Check, ...]:
        seen = self._looked_at
        mode = "included in prices" if rows.price_mode == "inclusive" else "added to prices"
        on = [say(MAIL_KIND, rule.kind).lower() for rule in rows.rules if rule.is_on]
        rules = f"{len(on)} rule{' is' if len(on) == 1 else 's are'} on: {', '.join(on)}"
        numbers = tuple(
            (f"First {'invoice' if one.series == 'invoice' else 'credit note'}", one.next_number)
            for one in rows.series
            if one.next_number
        )
        fixed = rows.code_fixed_on is not None
        return (
            Check(
                "branding",
                "Logo and brand colour",
                f"{rows.fields['name']}, {rows.fields['brand_color']}",
                done=True,
            ),
            Check(
                "money",
                "Time zone, currency and tax",
                f"{rows.time_zone} · {rows.currency} · VAT {rows.tax_percent} %, {mode}",
                done=True,
            ),
            Check(
                "numbering",
                "Invoice numbers",
                "The code cannot change after the first invoice",
                done=fixed or "numbering" in seen,
                preview=numbers,
            ),
            Check(
                "holds",
                "Deposit plan",
                deposit_words(rows.deposit_percent, rows.remainder_days_before),
                done="holds" in seen,
            ),
            Check("rules", "Reminder rules", rules if on else "No rule is on", done="rules" in seen),
            Check(
                "packages",
                "Packages",
                _packages(rows.package_count),
                done=rows.package_count > 0,
                verb="Add",
            ),
        )

    def _step(self, number: int, check: Check, *, is_next: bool) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(20, 10, 20, 10)
        line.setSpacing(14)
        sign = StepSign(self._theme, number, done=check.done, is_next=is_next)
        line.addWidget(sign, 0, Qt.AlignmentFlag.AlignVCenter if not is_next else Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(check.title, Type.BODY_MEDIUM))
        words.addWidget(ElidedLabel(check.words, Type.BODY, "secondary"))
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addLayout(words, 1)
        top.addWidget(self._button(check), 0, Qt.AlignmentFlag.AlignVCenter)
        inner = QVBoxLayout()
        inner.setSpacing(8)
        inner.addLayout(top)
        if is_next and check.preview:
            inner.addWidget(self._preview(check.preview))
        line.addLayout(inner, 1)
        return row

    def _button(self, check: Check) -> Button:
        kind = Kind.LINK if check.done else Kind.PLAIN
        button = Button(self._theme, "Change" if check.done else check.verb, kind)
        button.setObjectName(f"check_{check.code}")
        button.setAccessibleName(f"{button.text()}: {check.title}")
        button.clicked.connect(lambda: self._look_at(check.code))
        self.buttons[check.code] = button
        return button

    def _preview(self, facts: Sequence[tuple[str, str]]) -> QWidget:
        box = Sunken(self._theme)
        grid = QGridLayout(box)
        grid.setContentsMargins(13, 9, 13, 9)
        grid.setColumnMinimumWidth(0, 150)
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(0)
        for line, (words, number) in enumerate(facts):
            grid.addWidget(Label(words, Type.BODY, "secondary"), line, 0)
            grid.addWidget(Label(number, Type.BODY_SEMIBOLD), line, 1)
        return box

    def _look_at(self, code: str) -> None:
        self._looked_at.add(code)
        if code == "packages":
            self.package_wanted.emit()
        else:
            self.setting_wanted.emit(code)
        self.show_settings(self._settings)

    # --- building -----------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._left = self._first_booking()
        self._left.setFixedWidth(_LEFT_PX)
        self._columns.addWidget(self._left)
        card = Card(self._theme, "Check the studio", right=self._count)
        card.body.addLayout(self._steps)
        card.body.addStretch(1)
        self._columns.addWidget(card, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(0)
        column.addWidget(Label(f"Welcome, {self._studio.user_name}", Type.TITLE))
        column.addSpacing(4)
        sentence = (
            "The book is still empty. Enter the first booking, or check the studio’s settings first: the"
            " order does not matter."
        )
        column.addWidget(ElidedLabel(sentence, Type.BODY, "secondary"))
        column.addSpacing(14)
        column.addLayout(self._columns)
        column.addSpacing(16)
        column.addLayout(self._keys())
        column.addStretch(1)

    def _first_booking(self) -> Surface:
        box = Surface(self._theme)
        inner = QVBoxLayout()
        inner.setContentsMargins(32, 40, 32, 22)
        inner.setSpacing(8)
        center = Qt.AlignmentFlag.AlignHCenter
        inner.addWidget(Drawing(self._theme), 0, center)
        inner.addSpacing(16)
        inner.addWidget(Label("Enter the first booking", Type.SECTION), 0, center)
        words = Label(
            "Customer, date and package are enough. It works without a network and is sent when there"
            " is one.",
            Type.BODY,
            "secondary",
            wraps=True,
        )
        words.setAlignment(center)
        words.setFixedWidth(_WORDS_PX)
        inner.addWidget(words, 0, center)
        inner.addSpacing(8)
        button = QHBoxLayout()
        button.setSpacing(8)
        button.addStretch(1)
        button.addWidget(self.new_booking)
        button.addWidget(KeyHint(self._theme, "Ctrl+Shift+B"))
        button.addStretch(1)
        inner.addLayout(button)
        inner.addStretch(1)
        inner.addWidget(Hairline(self._theme))
        inner.addSpacing(8)
        for glyph, way, link, why in (
            (Icon.UPLOAD, "Bring customers and bookings from a CSV file", "Import…", "Not built yet"),
            (
                Icon.BOOK,
                "Look around with made-up data first",
                "Practice studio",
                "Start Daybook with --practice for it",
            ),
        ):
            inner.addLayout(self._way(glyph, way, link, why))
        box.column.addLayout(inner)
        return box

    def _way(self, glyph: Icon, words: str, link: str, why_not: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(IconLabel(self._theme, glyph, "secondary", size=16))
        row.addWidget(ElidedLabel(words), 1)
        button = Button(self._theme, link, Kind.LINK)
        button.set_enabled_because(why_not)
        row.addWidget(button)
        return row

    def _keys(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        for keys, words in ((("Ctrl+K",), "find anything"), (("Ctrl+1", "Ctrl+9"), "the pages on the left")):
            for place, key in enumerate(keys):
                if place:
                    row.addWidget(Label("to", Type.BODY, "secondary"))
                row.addWidget(KeyHint(self._theme, key))
            row.addWidget(Label(words, Type.BODY, "secondary"))
            row.addSpacing(16)
        row.addStretch(1)
        return row


class TodayOrFirstSteps(QStackedWidget):
    """Today, or as long as there is no booking the first steps in its place."""

    def __init__(self, today: TodayPage, first_steps: FirstStepsPage) -> None:
        super().__init__()
        self.setObjectName("page")
        self.today, self.first_steps = today, first_steps
        self.addWidget(today)
        self.addWidget(first_steps)

    def show_first_steps(self, *, shown: bool) -> None:
        """Turn the page."""
        self.setCurrentWidget(self.first_steps if shown else self.today)

    def fold_side(self, *, folded: bool) -> None:
        """Both know how."""
        self.today.fold_side(folded=folded)
        self.first_steps.fold_side(folded=folded)


def _packages(count: int) -> str:
    if count:
        return f"{count} package{'' if count == 1 else 's'} on offer"
    return "What you sell: name, price, length, who is needed"
