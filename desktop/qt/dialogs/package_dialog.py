"""A new package: what it is called, what it costs, how long it takes and how it is paid."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from desktop.qt.components.buttons import Button, Kind
from desktop.qt.components.dialog_frame import SMALL_PX, DialogFrame
from desktop.qt.components.field import Field
from desktop.qt.components.inputs import HEIGHT_PX, AmountInput, ChoiceInput, TextInput
from desktop.qt.fonts import Type, font
from desktop.qt.theme import Theme
from shared.errors import AmountInvalid
from shared.money import currencies


@dataclass(frozen=True, slots=True)
class PackageDraft:
    """What was entered."""

    name: str
    price_minor: int
    currency: str
    duration_minutes: int
    deposit_percent: int
    remainder_days_before: int


class PackageDialog(DialogFrame):
    """`defaults` are the studio's: currency, deposit percent, days before the event."""

    def __init__(
        self, theme: Theme, window: QWidget, *, currency: str, deposit_percent: int = 50, days_before: int = 3
    ) -> None:
        super().__init__(theme, window, "New package", width_px=SMALL_PX)
        self.setObjectName("package_dialog")
        self.name = TextInput()
        self.price = AmountInput(currency)
        self.currency = ChoiceInput(theme, [(code, code) for code in currencies()])
        self.currency.choose(currency)
        self.hours = _number(0, 744, 2)
        self.deposit = _number(0, 100, deposit_percent)
        self.days = _number(0, 365, days_before)
        self.keep, self.save = Button(theme, "Cancel"), Button(theme, "Add package", Kind.PRIMARY)
        for name in ("name", "price", "currency", "hours", "deposit", "days", "keep", "save"):
            getattr(self, name).setObjectName(f"package_{name}")
        self._name_field, self._price_field = (
            Field(theme, "Name", self.name),
            Field(theme, "Price", self.price),
        )
        self.body.addWidget(self._name_field)
        self.body.addLayout(_row(self._price_field, Field(theme, "Currency", self.currency)))
        self.body.addLayout(
            _row(
                Field(theme, "Length, hours", self.hours),
                Field(theme, "Deposit, %", self.deposit),
                Field(theme, "Rest, days before", self.days),
            )
        )
        self.foot.addStretch(1)
        self.end_with(self.keep, self.save, self.submit)
        self.currency.currentIndexChanged.connect(lambda _: self._change_currency())

    def open(self) -> None:
        """Show it with the focus on the first question."""
        self.open_on(self.name)

    def submit(self) -> None:
        """Answer with the draft, or say what is missing."""
        name = self.name.text().strip()
        self._name_field.show_error("" if name else "What is it called?")
        try:
            price = self.price.money()
            self._price_field.show_error("")
        except AmountInvalid as invalid:
            self._price_field.show_error(invalid.sentence)
            return
        if name:
            self.answer(
                PackageDraft(
                    name=name,
                    price_minor=price.amount_minor,
                    currency=price.currency,
                    duration_minutes=self.hours.value() * 60,
                    deposit_percent=self.deposit.value(),
                    remainder_days_before=self.days.value(),
                )
            )

    def _change_currency(self) -> None:
        code = self.currency.code()
        if code is not None:
            self.price.set_currency(code)


def _number(least: int, most: int, value: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(least, most)
    box.setValue(value)
    box.setFont(font(Type.BODY, tabular=True))
    box.setFixedHeight(HEIGHT_PX)
    box.setAlignment(Qt.AlignmentFlag.AlignRight)
    box.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    return box


def _row(*fields: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(12)
    for field in fields:
        row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    return row
