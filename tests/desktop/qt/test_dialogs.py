"""Dialogs only ask: they get rows, say what is wrong in words, and answer once."""

from datetime import date, time
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop.qt.components.buttons import Button, StepButton
from desktop.qt.dialogs.booking_dialog import BookingDialog, BookingDraft, BookingOffer
from desktop.qt.dialogs.confirm_dialog import ConfirmDialog, Question
from desktop.qt.dialogs.credit_dialog import CreditDialog
from desktop.qt.dialogs.move_dialog import MoveDialog, MoveDraft
from desktop.qt.dialogs.package_dialog import PackageDialog, PackageDraft
from desktop.qt.dialogs.refund_ask_dialog import RefundAskDialog, RefundDraft
from desktop.qt.dialogs.refund_dialog import CancelDraft, RefundDialog, tier_words
from desktop.qt.dialogs.slot_fields import a_day
from desktop.qt.icons import Icon
from desktop.qt.theme import Theme
from desktop.queries.rows import PackageRow, ResourceRow
from shared.models.slot import Slot
from tests.desktop.qt import record_samples as samples
from tests.desktop.qt.sample_rows import TODAY, ZONE, an_id

DAY = PackageRow(an_id("day"), "Full day", 245000, "EUR", 540, plan_words="50 % on booking")
HOUR = PackageRow(an_id("hour"), "Portrait", 29000, "EUR", 60, plan_words="All on booking")
ANNA = ResourceRow(an_id("anna"), "Anna", "person")


@pytest.fixture
def window(qtbot: QtBot, theme: Theme) -> QWidget:
    """A bare window: a dialog needs nothing of the page below it."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1200, 800)
    with qtbot.waitActive(made):
        made.show()
    return made


@pytest.fixture
def answers() -> list[object]:
    return []


@pytest.fixture
def booking(window: QWidget, theme: Theme, answers: list[object]) -> BookingDialog:
    offer = BookingOffer((DAY, HOUR), (ANNA,), a_day(date(2027, 6, 12), ZONE), TODAY)
    dialog = BookingDialog(theme, window, offer)
    dialog.answered.connect(answers.append)
    dialog.open()
    return dialog


def _tab(dialog: BookingDialog) -> None:
    dialog.focusNextPrevChild(True)  # noqa: FBT003 - Qt's own


def test_a_booking_is_entered_by_the_keyboard_alone(
    qtbot: QtBot, booking: BookingDialog, answers: list[object]
) -> None:
    assert booking.email.hasFocus()
    QTest.keyClicks(booking.email, "zoe@example.com")
    _tab(booking)
    assert booking.name.hasFocus()
    QTest.keyClicks(booking.name, "Zoe")
    for control in (booking.phone, booking.package, booking.slot.day):
        _tab(booking)
        assert control.hasFocus()
    QTest.keyClick(booking.slot.day, Qt.Key.Key_Plus)
    for _ in range(8):
        if next(iter(booking.resources.values())).hasFocus():
            break
        _tab(booking)
    box = booking.resources[ANNA.resource_id]
    assert box.hasFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    _tab(booking)
    assert booking.place.hasFocus()
    QTest.keyClicks(booking.place, "Ecouen")
    QTest.keyClick(booking.place, Qt.Key.Key_Return)
    assert answers == [
        BookingDraft(
            customer_id=None,
            name="Zoe",
            email="zoe@example.com",
            phone="",
            package_id=DAY.package_id,
            slot=Slot(date(2027, 6, 13), time(10), date(2027, 6, 13), time(19), ZONE),
            resource_ids=(ANNA.resource_id,),
            place="Ecouen",
            note="",
        )
    ]


def test_a_known_mail_address_finds_its_customer(booking: BookingDialog) -> None:
    customer_id = an_id("zoe")
    booking.email.setText("zoe@example.com")
    booking.show_customer("someone.else@example.com", [(an_id("other"), "Other")])
    assert booking.draft() is None
    booking.show_customer("zoe@example.com", [(customer_id, "Zoë Brûlé")])
    draft = booking.draft()
    assert draft is not None
    assert (draft.customer_id, draft.name) == (customer_id, "Zoë Brûlé")
    assert booking.name.isReadOnly()


def test_the_name_of_a_known_customer_goes_with_their_mail_address(booking: BookingDialog) -> None:
    booking.name.setText("Zo")
    booking.email.setText("zoe@example.com")
    booking.show_customer("zoe@example.com", [(an_id("zoe", "customer"), "Zoë Brûlé")])
    booking.email.setText("hana@example.com")
    assert booking.name.text() == "Zo"
    assert not booking.name.isReadOnly()


def test_a_dialog_answers_when_the_button_that_opened_it_is_gone(
    window: QWidget, theme: Theme, answers: list[object]
) -> None:
    button = Button(theme, "Cancel…", parent=window)
    button.show()
    button.setFocus()
    dialog = ConfirmDialog(theme, window, Question("Sure?", ("It happens.",), act="Do it"))
    dialog.answered.connect(answers.append)
    dialog.open()
    delete(button)  # what is shown below was read anew
    dialog.act.click()
    assert answers == [True]


def test_a_double_click_presses_a_button_once_and_a_step_twice(window: QWidget, theme: Theme) -> None:
    act, step = (
        Button(theme, "Leave it", parent=window),
        StepButton(theme, Icon.PLUS, "Closer", parent=window),
    )
    pressed: list[QPushButton] = []
    for button in (act, step):
        button.clicked.connect(lambda _=False, button=button: pressed.append(button))
        button.show()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        QTest.mouseDClick(button, Qt.MouseButton.LeftButton)
        QTest.mouseRelease(button, Qt.MouseButton.LeftButton)
    assert pressed == [act, step, step]


def test_a_clash_is_shown_while_typing_and_stops_saving(
    booking: BookingDialog, answers: list[object]
) -> None:
    slot = booking.slot.slot()
    assert slot is not None
    booking.email.setText("zoe@example.com")
    booking.name.setText("Zoë")
    booking.clash.tell(slot, "Anna has a hold")
    assert booking.save.toolTip() == "Anna has a hold"
    booking.submit()
    assert answers == []
    booking.slot.day.set_day(date(2027, 6, 20))
    booking.clash.tell(slot, "an answer for the earlier day")
    assert booking.save.isEnabled()


def test_what_is_missing_is_said_at_its_field(booking: BookingDialog, answers: list[object]) -> None:
    booking.submit()
    assert answers == []
    assert "mail address" in booking.email.accessibleDescription()
    assert booking.name.accessibleDescription() == "Whose booking is it?"


def test_the_length_of_the_package_sets_the_end(booking: BookingDialog) -> None:
    assert booking.slot.end.at() == time(19)
    booking.package.choose(str(HOUR.package_id))
    assert booking.slot.end.at() == time(11)


def test_an_end_before_the_start_is_on_the_next_day(booking: BookingDialog) -> None:
    booking.slot.end.set_at(time(2))
    slot = booking.slot.slot()
    assert slot is not None
    assert slot.end_date == date(2027, 6, 13)


@pytest.mark.parametrize("zone", ["Europe/Wien", "", "Mars/Olympus"])
def test_a_zone_that_does_not_exist_is_no_slot(booking: BookingDialog, zone: str) -> None:
    booking.slot.zone.setText(zone)
    assert booking.slot.slot() is None
    assert "does not exist" in booking.slot.zone.accessibleDescription()


def test_escape_is_the_safe_way(qtbot: QtBot, booking: BookingDialog, answers: list[object]) -> None:
    QTest.keyClick(booking, Qt.Key.Key_Escape)
    assert answers == [None]


def test_a_move_says_what_was_seen_and_where_to(window: QWidget, theme: Theme, answers: list[object]) -> None:
    dialog = MoveDialog(theme, window, samples.INES, today=TODAY)
    dialog.answered.connect(answers.append)
    dialog.open()
    assert dialog.move_button.toolTip() == "This is the present time"
    dialog.slot.day.set_day(date(2027, 6, 19))
    dialog.submit()
    seen = samples.INES.slot.wall
    assert seen is not None
    assert answers == [MoveDraft(samples.INES.booking_id, seen, seen.on(date(2027, 6, 19)))]


def test_the_refund_dialog_answers_the_policys_own_amounts(
    window: QWidget, theme: Theme, answers: list[object]
) -> None:
    dialog = RefundDialog(theme, window, samples.CHLOE)
    dialog.answered.connect(answers.append)
    dialog.open()
    assert dialog.keep.hasFocus()
    assert dialog.cancel_button.text() == "Cancel and ask for refund"
    dialog.note.setText("By phone")
    dialog.submit()
    (draft,) = answers
    assert isinstance(draft, CancelDraft)
    assert draft.by_policy
    assert draft.lines == ((an_id("c", 2), 116100), (an_id("c", 1), 72400))
    assert draft.note == "By phone"


def test_an_edited_amount_shows_how_far_it_is_from_the_policy(
    window: QWidget, theme: Theme, answers: list[object]
) -> None:
    dialog = RefundDialog(theme, window, samples.CHLOE)
    dialog.answered.connect(answers.append)
    dialog.open()
    first = dialog.lines.inputs[0]
    first.selectAll()
    QTest.keyClicks(first, "500")
    assert dialog._deviation.text() == "661.00 less than the policy gives back"  # noqa: SLF001 - what is read
    dialog.submit()
    (draft,) = answers
    assert isinstance(draft, CancelDraft)
    assert not draft.by_policy
    assert dict(draft.lines)[an_id("c", 2)] == 50000


@pytest.mark.parametrize(
    ("typed", "words"),
    [("9999", "at most 1,161.00 can go back"), ("abc", "this is no amount"), ("1,5,0", "this is no amount")],
)
def test_a_wrong_amount_cannot_be_asked_for(window: QWidget, theme: Theme, typed: str, words: str) -> None:
    dialog = RefundDialog(theme, window, samples.CHLOE)
    dialog.open()
    first = dialog.lines.inputs[0]
    first.selectAll()
    QTest.keyClicks(first, typed)
    assert not dialog.cancel_button.isEnabled()
    assert words in dialog.cancel_button.toolTip()
    assert dialog.draft() is None


def test_the_tier_is_said_with_the_day_on_which_it_changes() -> None:
    assert tier_words(samples.CHLOE) == (
        "Today is 66 days before the event. This tier holds until 18 May 2027;"
        " from 19 May 1,598.00 would be kept."
    )


def test_a_refund_while_the_booking_stands_begins_empty(
    window: QWidget, theme: Theme, answers: list[object]
) -> None:
    dialog = RefundAskDialog(theme, window, samples.INES)
    dialog.answered.connect(answers.append)
    dialog.open()
    assert dialog.ask.toolTip() == "Enter how much goes back"
    entry = dialog.lines.inputs[0]
    entry.selectAll()
    QTest.keyClicks(entry, "100.50")
    dialog.submit()
    (draft,) = answers
    assert isinstance(draft, RefundDraft)
    assert draft.lines == ((an_id("s", 1), 10050),)


def test_a_package_needs_a_name_and_a_price(window: QWidget, theme: Theme, answers: list[object]) -> None:
    dialog = PackageDialog(theme, window, currency="EUR")
    dialog.answered.connect(answers.append)
    dialog.open()
    dialog.submit()
    assert answers == []
    dialog.name.setText("Tokyo day")
    dialog.currency.choose("JPY")
    dialog.price.setText("90000")
    dialog.submit()
    assert answers == [PackageDraft("Tokyo day", 90000, "JPY", 120, 50, 3)]


def test_enter_in_a_line_presses_the_button_that_acts(
    window: QWidget, theme: Theme, answers: list[object]
) -> None:
    package = PackageDialog(theme, window, currency="EUR")
    package.answered.connect(answers.append)
    package.open()
    package.price.setText("900.00")
    QTest.keyClick(package.name, Qt.Key.Key_Return)
    assert package.name.accessibleDescription() == "What is it called?"
    package.name.setText("Tokyo day")
    package.deposit.setFocus()
    QTest.keyClick(package.deposit, Qt.Key.Key_Return)
    assert answers == [PackageDraft("Tokyo day", 90000, "EUR", 120, 50, 3)]
    credit = CreditDialog(theme, window, samples.INVOICES[0])
    credit.answered.connect(answers.append)
    credit.open()
    QTest.keyClick(credit.keep, Qt.Key.Key_Return)
    assert len(answers) == 1
    credit.words.setFocus()
    QTest.keyClick(credit.words, Qt.Key.Key_Return)
    assert len(answers) == 2


def test_enter_never_presses_a_button_of_danger(window: QWidget, theme: Theme, answers: list[object]) -> None:
    dialog = RefundDialog(theme, window, samples.CHLOE)
    dialog.answered.connect(answers.append)
    dialog.open()
    dialog.note.setFocus()
    QTest.keyClick(dialog.note, Qt.Key.Key_Return)
    assert answers == []


def test_a_credit_note_never_exceeds_its_invoice(
    window: QWidget, theme: Theme, answers: list[object]
) -> None:
    dialog = CreditDialog(theme, window, samples.INVOICES[0])
    dialog.answered.connect(answers.append)
    dialog.open()
    dialog.amount.setText("170.01")
    dialog.submit()
    assert answers == []
    dialog.amount.setText("170.00")
    dialog.submit()
    assert len(answers) == 1


def test_a_question_begins_on_its_safe_button(
    qtbot: QtBot, window: QWidget, theme: Theme, answers: list[object]
) -> None:
    dialog = ConfirmDialog(theme, window, Question("Postpone", ("It waits.",), act="Postpone booking"))
    dialog.answered.connect(answers.append)
    dialog.open()
    assert dialog.keep.hasFocus()
    QTest.mouseClick(dialog.act, Qt.MouseButton.LeftButton)
    assert answers == [True]


def test_every_control_of_a_dialog_has_a_name(booking: BookingDialog) -> None:
    ids: list[UUID] = list(booking.resources)
    assert ids == [ANNA.resource_id]
    for control in (booking.email, booking.name, booking.phone, booking.package, booking.place, booking.note):
        assert control.accessibleName()
        assert control.objectName()
