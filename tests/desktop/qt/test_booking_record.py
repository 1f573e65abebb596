"""The record page says what its record says, and passes on what people ask for."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from desktop.qt.components.label import Label
from desktop.qt.pages.booking_record import BookingRecordPage, NoteDraft
from desktop.qt.pages.record_papers import MailLine
from desktop.qt.theme import Theme
from desktop.queries.record_rows import BookingRecord, StageRow
from tests.desktop.qt import record_samples as samples
from tests.desktop.qt.sample_rows import TODAY


@pytest.fixture
def page(qtbot: QtBot, theme: Theme) -> BookingRecordPage:
    made = BookingRecordPage(theme, TODAY, booking_id=samples.INES.booking_id)
    qtbot.addWidget(made)
    made.resize(1200, 760)
    made.show_record(samples.INES)
    made.show()
    return made


def _words(page: BookingRecordPage) -> set[str]:
    return {label.text() for label in page.findChildren(Label)}


def test_the_record_says_everything_in_words(page: BookingRecordPage) -> None:
    assert page.words == (
        "Confirmed · Full-day wedding · Sat 12 June 2027, 11:00–21:00 in Lisbon · in 31 days"
    )
    assert {
        "12:00–22:00 in Vienna",
        "Due Wed 9 June",
        "Pay link goes out 5 June",
        "3 planned, 2 sent",
        "1,754.00",
        "628.00",
        "Until 13 May. From 14 May all 2,382.00 is kept.",
    } <= _words(page)


def test_buttons_carry_the_record_that_is_shown(qtbot: QtBot, page: BookingRecordPage) -> None:
    for button, signal in (
        (page.move_button, page.move_wanted),
        (page.postpone_button, page.postpone_wanted),
        (page.cancel_button, page.cancel_wanted),
        (page.stages.pay, page.payment_wanted),
        (page.stages.link, page.pay_link_wanted),
        (page.stages.refund, page.refund_wanted),
        (page.documents.link, page.invoice_wanted),
        (page.print_button, page.print_wanted),
    ):
        with qtbot.waitSignal(signal) as heard:
            QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert heard.args == [samples.INES]


@pytest.mark.parametrize(
    ("changed", "button", "reason"),
    [
        ({"status": "cancelled"}, "move_button", "The booking is cancelled"),
        ({"status": "completed"}, "cancel_button", "The event is over"),
        ({"status": "postponed"}, "postpone_button", "It is postponed already"),
        ({"documents": ()}, "print_button", "There is no document yet"),
    ],
)
def test_what_is_not_possible_says_why(
    page: BookingRecordPage, changed: dict[str, object], button: str, reason: str
) -> None:
    page.show_record(replace(samples.INES, **changed))  # type: ignore[arg-type] # a case's fields
    shown: QPushButton = getattr(page, button)
    assert not shown.isEnabled()
    assert shown.toolTip() == reason


def test_a_paid_booking_asks_for_nothing_more(page: BookingRecordPage) -> None:
    paid = tuple(replace(stage, status="paid") for stage in samples.INES.stages)
    page.show_record(replace(samples.INES, stages=paid))
    assert page.stages.pay.toolTip() == "Nothing is left to pay"
    assert page.stages.refund.isEnabled()


def test_an_overdue_stage_says_so_in_words(page: BookingRecordPage) -> None:
    late: StageRow = replace(samples.INES.stages[2], due_on=TODAY.replace(day=10), overdue=True)
    page.show_record(replace(samples.INES, stages=(*samples.INES.stages[:2], late)))
    assert "Due 10 May, 2 days overdue" in _words(page)


def test_a_change_of_rows_leaves_an_edit_as_it_is(page: BookingRecordPage) -> None:
    page.notes.begin_edit()
    page.notes.input.setPlainText("Rain plan: the barn.")
    elsewhere: BookingRecord = replace(samples.INES, status="cancelled")
    page.show_record(elsewhere)
    assert page.notes.input.toPlainText() == "Rain plan: the barn."
    assert page.notes.is_edited


def test_an_unsaved_note_is_asked_about_before_the_page_is_left(page: BookingRecordPage) -> None:
    assert page.may_leave()
    page.notes.begin_edit()
    page.notes.input.setPlainText("Something new")
    assert not page.may_leave()
    assert page.unsaved.isVisible()
    page.drop_edits()
    assert page.may_leave()


def test_ctrl_s_saves_the_note_with_what_was_seen(qtbot: QtBot, page: BookingRecordPage) -> None:
    page.notes.begin_edit()
    page.notes.input.setPlainText("Rain plan: the barn.")
    with qtbot.waitSignal(page.note_saved) as heard:
        page.save_button.click()
    (note,) = samples.INES.note_rows
    assert heard.args == [NoteDraft(samples.INES.booking_id, note.note_id, note.body, "Rain plan: the barn.")]
    assert not page.notes.is_edited


def test_a_planned_mail_offers_hold_skip_and_send(qtbot: QtBot, page: BookingRecordPage) -> None:
    lines = page.findChildren(MailLine)
    planned = [line for line in lines if line.actions()]
    assert len(planned) == 3
    assert [action.text() for action in planned[1].actions()] == ["Hold", "Skip", "Send now"]
    with qtbot.waitSignal(page.mail_chosen) as heard:
        planned[1].actions()[0].trigger()
    assert heard.args == [samples.INES, samples.INES.mails[1], "hold"]


def test_below_1200_px_the_third_column_moves_under_the_others(page: BookingRecordPage) -> None:
    beside = page.documents.mapTo(page, page.documents.rect().topLeft())
    page.fold_side(folded=True)
    page.resize(900, 760)
    page.layout().activate()  # type: ignore[union-attr] # a page has a layout
    page.grab()
    below = page.documents.mapTo(page, page.documents.rect().topLeft())
    assert below.y() > beside.y()
    assert below.x() < beside.x()
