"""Settings: an index at the left, cards with their results at the right; what is not saved is counted."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QButtonGroup,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.presenting.dates import past_moment
from desktop.presenting.settings_words import deposit_words, policy_lines
from desktop.presenting.status_words import LANGUAGE, say
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.card import Card
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import TextInput
from desktop.qt.components.label import Label
from desktop.qt.components.scrolling import scrolled
from desktop.qt.fonts import Type, font
from desktop.qt.pages.settings_cards import (
    BrandColor,
    FactsCard,
    MailPreview,
    NumberingCard,
    card_body,
    field_grid,
)
from desktop.qt.pages.settings_rules import RulesCard
from desktop.qt.painting.strokes import CONTROL_RADIUS, frame, text
from desktop.qt.theme import Theme
from desktop.queries.rows import StudioFacts
from desktop.queries.settings_rows import SettingsRows
from shared.clock import utc_to_wall
from shared.models.act import Role
from shared.policies.rights_policy import Right, has_right

INDEX_PX: Final = 176
_MARGIN_PX: Final = 24
_APART_PX: Final = 24
_BESIDE_PX: Final = 900
_WITH_INDEX_PX: Final = 860
_INDEX: Final = (
    ("Studio", (("branding", "Branding"), ("numbering", "Numbering"), ("money", "Time and money"))),
    ("Bookings", (("holds", "Holds and deposits"), ("policy", "Cancellation policy"))),
    ("Mail", (("rules", "Reminder rules"),)),
    ("People and machines", (("devices", "This computer"),)),
)
_TEXTS: Final = (
    ("name", "Studio name"),
    ("phone", "Phone"),
    ("street", "Street"),
    ("postal_city", "Postcode and town"),
    ("email", "Mail address"),
    ("country", "Country"),
)
_MAX_HOLD_DAYS: Final = 365


class IndexItem(QAbstractButton):
    """One line of the page's own index."""

    def __init__(self, theme: Theme, words: str) -> None:
        super().__init__()
        self._theme = theme
        self.setText(words)
        self.setAccessibleName(words)
        self.setCheckable(True)
        self.setFixedHeight(30)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """As wide as the index."""
        return QSize(INDEX_PX, 30)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Ground and words; the chosen one is semibold."""
        painter, area, chosen = QPainter(self), QRectF(self.rect()), self.isChecked()
        if chosen or self.underMouse():
            ground = self._theme.color("accent_soft" if chosen else "hover")
            frame(painter, area, radius=CONTROL_RADIUS, fill=ground)
        made = font(Type.BODY_SEMIBOLD if chosen else Type.BODY)
        text(painter, area.adjusted(12, 0, -8, 0), self.text(), font=made, color=self._theme.color("text"))
        if self.hasFocus():
            frame(painter, area, radius=CONTROL_RADIUS, outline=self._theme.color("accent"), width=2)


class SettingsPage(QWidget):
    """`save_wanted({field: (seen, new)})` and `rule_turned(rule id, on)` pass on what a person changed."""

    save_wanted = Signal(object)
    rule_turned = Signal(object, bool)
    hint_changed = Signal(str)

    def __init__(self, theme: Theme, studio: StudioFacts) -> None:
        super().__init__()
        self.setObjectName("page")
        self._theme, self._studio = theme, studio
        role = Role(studio.user_role)
        self._may_edit = has_right(role, Right.EDIT_STUDIO)
        self._may_rules = has_right(role, Right.EDIT_REMINDER_RULES)
        self._seen: Mapping[str, object] = {}
        self._saving = False
        self.texts = {name: Field(theme, words, TextInput()) for name, words in _TEXTS}
        self.hold_days = Field(theme, "A hold lasts, days", TextInput(), hint="Then the slot is free again")
        self.color = BrandColor(theme)
        self.preview = MailPreview(theme)
        self.numbering = NumberingCard(theme)
        self.money = FactsCard(theme, "Time and money", "Used for every new booking")
        self.deposit = Label("", Type.BODY, "secondary")
        self.policy = FactsCard(theme, "Cancellation policy", "Frozen into each booking when it is made")
        self.rules = RulesCard(theme)
        self.device = FactsCard(theme, "This computer")
        self.unsaved = Label("", Type.BODY, "secondary")
        self.discard = Button(theme, "Discard")
        self.save = Button(theme, "Save", Kind.PRIMARY)
        self._cards: dict[str, QWidget] = {}
        self.index: dict[str, IndexItem] = {}
        self._lay_out()
        self._connect()
        self._count()

    def show_rows(self, rows: SettingsRows | None, now_utc: datetime) -> None:
        """Show the settings; fields that a person has changed meanwhile keep what was typed."""
        if rows is None:
            return
        touched = set(self.changes())
        self._seen = dict(rows.fields)
        for name in self._seen:
            if name not in touched:
                self._write(name, self._seen[name])
        self.numbering.show_settings(rows)
        self._show_money(rows)
        self.deposit.setText(deposit_words(rows.deposit_percent, rows.remainder_days_before))
        self.policy.show_facts(policy_lines(rows.policy))
        today = utc_to_wall(now_utc, rows.time_zone).date()
        self.rules.show_rules(rows.rules, today, may_edit=self._may_rules)
        last = rows.last_sync_at_utc
        self.device.show_facts(
            [
                ("Name", self._studio.device_name),
                ("Device", str(rows.device_id)),
                ("Last sync", past_moment(last, rows.time_zone, today) if last is not None else "never"),
                ("Key of the store", "key file (practice)" if rows.key_file else "keyring of this computer"),
                ("Person", f"{self._studio.user_name}, {self._studio.user_role}"),
            ]
        )
        self._count()
        self.hint_changed.emit("" if self._may_edit else "Only the owner can change these")

    def changes(self) -> dict[str, tuple[object, object]]:
        """What differs from what was shown, as (seen, new) by field."""
        found: dict[str, tuple[object, object]] = {}
        for name, seen in self._seen.items():
            new = self._read(name)
            if new != seen:
                found[name] = (seen, new)
        return found

    def end_save(self, *, saved: Mapping[str, tuple[object, object]]) -> None:
        """The changes were saved, or none of them: Save can be pressed again."""
        self._saving = False
        self._seen = {**self._seen, **{name: new for name, (_, new) in saved.items()}}
        self._count()

    def may_leave(self) -> bool:
        """Edits that are not saved hold the page; Save and Discard stand above."""
        waiting = bool(self.changes())
        if waiting:
            self.unsaved.set_tone("danger")
            self.save.setFocus(Qt.FocusReason.OtherFocusReason)
        return not waiting

    def save_edits(self) -> None:
        """As Save does; what is under way already is not saved again."""
        if not self._saving:
            self._save()

    def drop_edits(self) -> None:
        """As Discard does."""
        for name, value in self._seen.items():
            self._write(name, value)
        self._is_right()
        self._count()

    # --- fields -------------------------------------------------------------------------------------------

    def _read(self, name: str) -> object:
        if name == "brand_color":
            return self.color.color()
        if name == "hold_days":
            typed = self.hold_days.input.text().strip()
            return int(typed) if typed.isdecimal() else typed
        return self.texts[name].input.text().strip()

    def _write(self, name: str, value: object) -> None:
        if name == "brand_color":
            self.color.show_color(str(value))
        elif name == "hold_days":
            self.hold_days.input.setText(str(value))
        else:
            self.texts[name].input.setText(str(value))

    def _is_right(self) -> bool:
        days = self._read("hold_days")
        wrong_days = not isinstance(days, int) or not 1 <= days <= _MAX_HOLD_DAYS
        self.hold_days.show_error("A whole number from 1 to 365." if wrong_days else "")
        name = self.texts["name"]
        name.show_error("" if self._read("name") else "The studio needs a name.")
        wrong_color = bool(self.color.code.property("wrong"))
        return not wrong_days and bool(self._read("name")) and not wrong_color

    def _save(self) -> None:
        if self._is_right() and self.changes():
            self._saving = True
            self._count()
            self.save_wanted.emit(self.changes())

    def _count(self) -> None:
        count = len(self.changes())
        words = f"{count} change{'' if count == 1 else 's'} not saved"
        self.unsaved.setText(words if count else "")
        self.unsaved.set_tone("secondary")
        reason = "" if self._may_edit else "Only the owner can change these"
        idle = "It is being saved" if self._saving else "" if count else "Nothing has changed"
        self.save.set_enabled_because(reason or idle)
        self.discard.setEnabled(bool(count))
        self.preview.show_brand(self.texts["name"].input.text(), self.color.color())

    def _show_money(self, rows: SettingsRows) -> None:
        mode = "included in prices" if rows.price_mode == "inclusive" else "added to prices"
        self.money.show_facts(
            [
                ("Time zone", rows.time_zone),
                ("Currency", rows.currency),
                ("Tax", f"{rows.tax_percent} %, {mode}"),
                ("Language", say(LANGUAGE, rows.language)),
            ]
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is no room beside the fields their result stands below; then the index gives way."""
        super().resizeEvent(event)
        indexed = self.width() >= _WITH_INDEX_PX
        room = self.width() - 2 * _MARGIN_PX - (INDEX_PX + _APART_PX if indexed else 0)
        beside = QBoxLayout.Direction.LeftToRight
        for body in self._bodies:
            body.setDirection(beside if room >= _BESIDE_PX else QBoxLayout.Direction.TopToBottom)
        self._index_box.setVisible(indexed)

    # --- building -----------------------------------------------------------------------------------------

    def _connect(self) -> None:
        for field in (*self.texts.values(), self.hold_days):
            field.input.textEdited.connect(lambda _: self._count())
            if not self._may_edit:
                field.lock("")
        self.color.setEnabled(self._may_edit)
        self.color.changed.connect(lambda _: self._count())
        self.save.clicked.connect(self._save)
        self.discard.clicked.connect(self.drop_edits)
        self.rules.turned.connect(self.rule_turned)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label("Settings", Type.TITLE), 1)
        head.addWidget(self.unsaved)
        head.addSpacing(8)
        head.addWidget(self.discard)
        head.addWidget(self.save)
        self.save.setObjectName("settings_save")
        self.discard.setObjectName("settings_discard")
        below = QHBoxLayout()
        below.setSpacing(_APART_PX)
        self._index_box = self._index_column()
        below.addWidget(self._index_box)
        below.addWidget(self._cards_column(), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX, 20, _MARGIN_PX, 16)
        column.setSpacing(14)
        column.addLayout(head)
        column.addLayout(below, 1)

    def _index_column(self) -> QWidget:
        box = QWidget()
        box.setFixedWidth(INDEX_PX)
        group = QButtonGroup(box)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for place, (heading, items) in enumerate(_INDEX):
            label = Label(heading, Type.LABEL, "secondary")
            label.setContentsMargins(12, 0, 0, 0)
            column.addSpacing(4 if place == 0 else 12)
            column.addWidget(label)
            column.addSpacing(4)
            for code, words in items:
                item = self.index[code] = IndexItem(self._theme, words)
                item.clicked.connect(lambda _=False, code=code: self.go_to(code))
                group.addButton(item)
                column.addWidget(item)
        column.addStretch(1)
        self.index["branding"].setChecked(True)
        return box

    def go_to(self, code: str) -> None:
        """Scroll a card to the top."""
        self.index[code].setChecked(True)
        place = self._cards[code].mapTo(self._inner, QPoint(0, 0))
        self._area.verticalScrollBar().setValue(place.y())

    def _cards_column(self) -> QScrollArea:
        self._inner = QWidget()
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._cards = {
            "branding": self._branding(),
            "numbering": self.numbering,
            "money": self.money,
            "holds": self._holds(),
            "policy": self.policy,
            "rules": self.rules,
            "devices": self.device,
        }
        for card in self._cards.values():
            column.addWidget(card)
        column.addStretch(1)
        self._area = scrolled(self._inner, on_page=True)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the cards are many: keys scroll them too
        return self._area

    def _branding(self) -> Card:
        card = Card(
            self._theme,
            "Branding",
            right=Label("Used on invoices, mails and customer pages", Type.BODY, "secondary"),
        )
        texts = self.texts
        fields = field_grid(
            [
                (texts["name"], self.color),
                (texts["street"], texts["postal_city"]),
                (texts["country"], texts["phone"]),
                (texts["email"],),
            ]
        )
        row = card_body(card)
        row.addLayout(fields, 1)
        row.addWidget(self.preview, 0, Qt.AlignmentFlag.AlignTop)
        self._bodies = (row, self.numbering.row)
        return card

    def _holds(self) -> Card:
        card = Card(self._theme, "Holds and deposits", right=self.deposit)
        self.hold_days.input.setFixedWidth(120)
        self.hold_days.setMinimumWidth(320)
        row = card_body(card)
        row.addWidget(self.hold_days)
        row.addStretch(1)
        return card
