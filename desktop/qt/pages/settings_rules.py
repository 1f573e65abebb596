"""The reminder rules: on or off, when, for whom, and the days of the next five mails."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.presenting.dates import day_month, day_words
from desktop.presenting.settings_words import rule_for, rule_when
from desktop.presenting.status_words import MAIL_KIND, say
from desktop.qt.components.card import Card
from desktop.qt.components.hairline import Hairline
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.refill import empty
from desktop.qt.components.switch import Switch
from desktop.qt.fonts import Type
from desktop.qt.theme import Theme
from desktop.queries.settings_rows import RuleRow

_HEAD_PX = 30
_ROW_PX = 34
_WIDTHS = (46, 132, 232, 116)
_DOT = " · "


class RulesCard(Card):
    """`turned(rule id, on)` says that a person turned a rule."""

    turned = Signal(object, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__(
            theme, "Reminder rules", right=Label("Times are in the booking’s zone", Type.BODY, "secondary")
        )
        self.switches: dict[object, Switch] = {}
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        head = [
            ElidedLabel(words, Type.CAPTION_MEDIUM, "secondary")
            for words in ("", "Kind", "When", "For", "Next five mails")
        ]
        self.body.addWidget(_line(head, _HEAD_PX))
        self.body.addWidget(Hairline(theme))
        self.body.addLayout(self._rows)

    def show_rules(self, rules: Sequence[RuleRow], today: date, *, may_edit: bool) -> None:
        """Show the rules; who may not change them sees why."""
        empty(self._rows)
        self.switches = {}
        for place, rule in enumerate(rules):
            if place:
                self._rows.addWidget(Hairline(self.theme))
            self._rows.addWidget(self._row(rule, today, may_edit=may_edit))

    def _row(self, rule: RuleRow, today: date, *, may_edit: bool) -> QWidget:
        kind = say(MAIL_KIND, rule.kind)
        when = rule_when(rule.anchor, rule.offset_days, rule.local_time, kind=rule.kind)
        switch = Switch(self.theme, f"{kind}, {when}", on=rule.is_on)
        switch.setObjectName(f"rule_{rule.kind}")
        switch.setEnabled(may_edit)
        switch.setToolTip("" if may_edit else "Only managers and the owner change these")
        switch.clicked.connect(lambda on, rule_id=rule.rule_id: self.turned.emit(rule_id, on))
        self.switches[rule.rule_id] = switch
        tone = "" if rule.is_on else "secondary"
        return _line(
            [
                switch,
                ElidedLabel(kind, Type.BODY_MEDIUM, tone),
                ElidedLabel(when, Type.BODY, tone),
                ElidedLabel(rule_for(rule.kind, rule.package_names), Type.BODY, "secondary"),
                self._days(rule, today),
            ],
            _ROW_PX,
        )

    def _days(self, rule: RuleRow, today: date) -> QWidget:
        if not rule.is_on:
            return ElidedLabel("Switched off: nothing is planned", Type.BODY, "secondary")
        if not rule.next_days:
            return ElidedLabel("Nothing is planned now", Type.BODY, "secondary")
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(ElidedLabel(day_words(rule.next_days[0], today)))
        rest = "".join(f"{_DOT}{day_month(day)}" for day in rule.next_days[1:])
        row.addWidget(ElidedLabel(rest, Type.BODY, "secondary"), 1)
        return box


def _line(cells: Sequence[QWidget], height_px: int) -> QWidget:
    box = QWidget()
    box.setFixedHeight(height_px)
    row = QHBoxLayout(box)
    row.setContentsMargins(15, 0, 15, 0)
    row.setSpacing(0)
    for place, cell in enumerate(cells):
        if place < len(_WIDTHS):
            holder = QWidget()
            holder.setFixedWidth(_WIDTHS[place])
            inner = QHBoxLayout(holder)
            inner.setContentsMargins(0, 0, 8, 0)
            inner.addWidget(cell, 0 if isinstance(cell, Switch) else 1, Qt.AlignmentFlag.AlignVCenter)
            if isinstance(cell, Switch):
                inner.addStretch(1)
            row.addWidget(holder)
        else:
            row.addWidget(cell, 1)
    return box
