"""The panel beside or below the refunds list: one request, what it asks for, what can be done about it."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.presenting.dates import past_moment
from desktop.presenting.money_text import amount, money
from desktop.presenting.refund_words import ACT_WORDS, RefundAct, RefundState, refund_acts, refund_state
from desktop.presenting.status_words import PAYMENT_METHOD, REFUND_REASON, STAGE_KIND, say
from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.card import Surface
from desktop.qt.components.facts_list import FactsList
from desktop.qt.components.hairline import DoubleRule, Hairline
from desktop.qt.components.label import ElidedLabel, Label
from desktop.qt.components.refill import empty
from desktop.qt.components.scrolling import scrolled
from desktop.qt.fonts import Type
from desktop.qt.theme import Theme
from desktop.queries.rows import RefundRow

WIDTH_PX = 304
_WHO_PX = 248
_ACTS_PX = 168
_MOST_PX = 16777215
_LEAST_PX = 96
_STRONG = frozenset({RefundAct.APPROVE, RefundAct.PAID_BACK, RefundAct.TRY_AGAIN})


class RefundDetails(Surface):
    """`acted(rows of the request, act)` passes on what a person wants.

    Upright it is as wide as any side panel; laid flat its parts stand side by side. What does not fit is
    scrolled to, so that every button can be reached in a window of any size.
    """

    acted = Signal(object, object)
    booking_wanted = Signal(object)

    def __init__(self, theme: Theme, today: date, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._today = today
        self._rows: tuple[RefundRow, ...] = ()
        self.buttons: dict[RefundAct, Button] = {}
        self._opener: Button
        self.setAccessibleName("Refund")
        self._name = ElidedLabel("", Type.SECTION)
        self._state = Label("", Type.BODY)
        self._facts = FactsList(label_px=84, spacing_px=4)
        self._lines = QVBoxLayout()
        self._total = Label("", Type.BODY_SEMIBOLD)
        self._acts = QVBoxLayout()
        self._parts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._across = [Hairline(theme) for _ in range(3)]
        self._down = [Hairline(theme, down=True) for _ in range(2)]
        self._lay_out()
        self.lay_flat(flat=False)

    @property
    def request_id(self) -> object:
        """The request shown, or None."""
        return self._rows[0].request_id if self._rows else None

    def show_today(self, today: date) -> None:
        """The day has changed."""
        self._today = today
        if self._rows:
            self._show_rows()

    def show_request(self, rows: Sequence[RefundRow]) -> None:
        """Show all stages of one request; a button keeps the focus while nothing has changed."""
        if self._rows != tuple(rows):
            self._rows = tuple(rows)
            self._show_rows()

    def lay_flat(self, *, flat: bool) -> None:
        """Stand beside the list, or lie below it."""
        ways = QBoxLayout.Direction
        self._parts.setDirection(ways.LeftToRight if flat else ways.TopToBottom)
        self._who.setMinimumWidth(_WHO_PX if flat else 0)
        self._who.setMaximumWidth(_WHO_PX if flat else _MOST_PX)
        self._acts_box.setMinimumWidth(_ACTS_PX if flat else 0)
        self._acts_box.setMaximumWidth(_ACTS_PX if flat else _MOST_PX)
        self.setMinimumWidth(0 if flat else WIDTH_PX)
        self.setMaximumWidth(_MOST_PX if flat else WIDTH_PX)
        self.setMinimumHeight(_LEAST_PX if flat else 0)
        policy = QSizePolicy.Policy
        self.setSizePolicy(policy.Expanding, policy.Maximum if flat else policy.Preferred)
        for line in self._across:
            line.setVisible(not flat)
        for line in self._down:
            line.setVisible(flat)

    def stops(self) -> list[Button]:
        """Its buttons in the order of Tab."""
        return [*self.buttons.values(), self._opener]

    def _show_rows(self) -> None:
        first = self._rows[0]
        self._name.setText(first.customer_name)
        state = state_of(first)
        self._state.setText(state.words)
        self._state.set_tone("" if state.ink == "text" else state.ink)
        asked = past_moment(first.asked_at_utc, first.time_zone, self._today)
        facts = [
            ("Asked", asked),
            ("By", first.asked_by),
            ("Reason", say(REFUND_REASON, first.reason_code)),
        ]
        settled = [row.settled_at_utc for row in self._rows if row.settled_at_utc is not None]
        if settled:
            facts.append(("Settled", past_moment(max(settled), first.time_zone, self._today)))
        trouble = next((row.attention for row in self._rows if row.attention), "")
        if trouble:
            facts.append(("Why not", trouble.replace("_", " ").capitalize()))
        self._facts.show_facts(facts)
        self._show_lines()
        self._show_acts()

    def _show_lines(self) -> None:
        empty(self._lines)
        for row in self._rows:
            line = QWidget()
            parts = QHBoxLayout(line)
            parts.setContentsMargins(0, 0, 0, 0)
            parts.setSpacing(8)
            parts.addWidget(Label(say(STAGE_KIND, row.stage_kind)))
            state = state_of(row).words
            way = _way(row) if state == self._state.text() else f"{_way(row)} · {state.lower()}"
            parts.addWidget(ElidedLabel(way, Type.BODY, "secondary"), 1)
            parts.addWidget(Label(amount(row.amount_minor, row.currency)), 0, Qt.AlignmentFlag.AlignRight)
            self._lines.addWidget(line)
        first = self._rows[0]
        self._total.setText(money(sum(row.amount_minor for row in self._rows), first.currency))

    def _show_acts(self) -> None:
        empty(self._acts)
        self.buttons = {}
        first = self._rows[0]
        offered = refund_acts(
            request_status=first.request_status,
            refund_statuses=tuple(row.refund_status for row in self._rows),
            channels=tuple(row.channel for row in self._rows),
            may_approve=first.may_approve,
        )
        strong = next((act for act in offered if act in _STRONG), None)
        for act in offered:
            button = Button(self.theme, ACT_WORDS[act], Kind.PRIMARY if act is strong else Kind.PLAIN)
            button.setObjectName(f"refund_{act.value}")
            button.clicked.connect(lambda _=False, act=act: self.acted.emit(self._rows, act))
            self.buttons[act] = button
            self._acts.addWidget(button)
        self._opener = Button(self.theme, "Open booking", Kind.PLAIN if not offered else Kind.QUIET)
        self._opener.setObjectName("refund_open_booking")
        self._opener.clicked.connect(lambda: self.booking_wanted.emit(first.booking_id))
        self._acts.addWidget(self._opener)

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setContentsMargins(15, 12, 15, 10)
        head.setSpacing(3)
        head.addWidget(self._name)
        head.addWidget(self._state)
        self._who, self._acts_box = QWidget(), QWidget()
        about = QVBoxLayout(self._who)
        about.setContentsMargins(0, 0, 0, 0)
        about.setSpacing(0)
        about.addLayout(head)
        about.addWidget(self._across[0])
        about.addWidget(self._facts)
        about.addStretch(1)
        acts = QVBoxLayout(self._acts_box)
        acts.setContentsMargins(15, 12, 15, 12)
        self._acts.setSpacing(8)
        acts.addLayout(self._acts)
        acts.addStretch(1)
        inner = QWidget()
        inner.setLayout(self._parts)
        self._parts.setContentsMargins(0, 0, 0, 0)
        self._parts.setSpacing(0)
        for place, (part, stretch) in enumerate(((self._who, 0), (self._sums(), 1), (self._acts_box, 0))):
            if place:
                self._parts.addWidget(self._across[place])
                self._parts.addWidget(self._down[place - 1])
            self._parts.addWidget(part, stretch)
        self.column.addWidget(scrolled(inner))

    def _sums(self) -> QWidget:
        box = QWidget()
        sums = QVBoxLayout(box)
        sums.setContentsMargins(15, 11, 15, 12)
        sums.setSpacing(6)
        sums.addWidget(Label("Back to the customer", Type.BODY_SEMIBOLD))
        self._lines.setSpacing(4)
        sums.addLayout(self._lines)
        sums.addWidget(DoubleRule(self.theme))
        total = QHBoxLayout()
        total.addWidget(Label("Refund", Type.BODY_SEMIBOLD), 1)
        total.addWidget(self._total)
        sums.addLayout(total)
        sums.addStretch(1)
        return box


def state_of(row: RefundRow) -> RefundState:
    """How the refund of one stage stands."""
    return refund_state(
        request_status=row.request_status,
        refund_status=row.refund_status,
        channel=row.channel,
        attention=row.attention,
    )


def _way(row: RefundRow) -> str:
    return say(PAYMENT_METHOD, "card") if row.channel == "card" else "By hand"
