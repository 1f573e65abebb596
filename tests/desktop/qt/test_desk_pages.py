"""Needs attention, refunds, settings, customers, packages and the first steps: rows in, wishes out."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QSignalSpy, QTest
from PySide6.QtWidgets import QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from desktop.presenting.refund_words import RefundAct
from desktop.presenting.sync_words import SyncPhase, SyncState
from desktop.qt.components.label import Label
from desktop.qt.dialogs.answer_dialog import AnswerDialog, RefundAnswerDraft
from desktop.qt.dialogs.record_payment_dialog import RecordPaymentDialog
from desktop.qt.dialogs.text_dialog import TextDialog
from desktop.qt.main_window import MainWindow
from desktop.qt.pages.attention import AttentionPage
from desktop.qt.pages.customers import CustomersPage
from desktop.qt.pages.first_run import FirstRunPage
from desktop.qt.pages.first_steps import FirstStepsPage
from desktop.qt.pages.packages import PackagesPage
from desktop.qt.pages.refunds import RefundsPage
from desktop.qt.pages.settings import SettingsPage
from desktop.qt.theme import Theme
from desktop.queries.rows import RefundRow
from shared.models.states import ManualMethod
from shared.sync_protocol.operations import PaymentRecordManual
from tests.desktop.qt import desk_samples as desk
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.sample_record import a_record


@pytest.fixture
def attention(qtbot: QtBot, theme: Theme) -> AttentionPage:
    page = AttentionPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(page)
    page.show_rows(desk.INBOX, rows.NOW)
    return page


@pytest.fixture
def settings(qtbot: QtBot, theme: Theme) -> SettingsPage:
    page = SettingsPage(theme, rows.STUDIO)
    qtbot.addWidget(page)
    page.show_rows(desk.SETTINGS, rows.NOW)
    return page


@pytest.fixture
def refunds(qtbot: QtBot, theme: Theme) -> RefundsPage:
    page = RefundsPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(page)
    page.show_rows(desk.REFUNDS)
    return page


# --- needs attention ---------------------------------------------------------------------------------------


def test_items_say_the_sentence_of_their_kind(attention: AttentionPage) -> None:
    assert [item.title for item in attention.items.values()] == [
        "The time for Anna Kowalska is taken",
        "Ben’s change replaced yours: phone",
        "Only 120.00 can still be refunded",
    ]


def test_only_the_open_item_has_a_primary_button(attention: AttentionPage) -> None:
    attention.open_item(desk.INBOX[1].item_id)
    kinds = {
        item_id: [button.property("kind") for button in item.buttons.values()]
        for item_id, item in attention.items.items()
    }
    assert kinds[desk.INBOX[1].item_id][0] == "primary"
    assert "primary" not in kinds[desk.INBOX[0].item_id] + kinds[desk.INBOX[2].item_id]


def test_an_item_that_another_page_leads_to_is_open_whatever_was_chosen_before(
    attention: AttentionPage,
) -> None:
    wanted = desk.INBOX[0].item_id
    attention.open_item(wanted)
    attention.chips["mail"].click()
    attention.open_item(wanted)
    assert attention.items[wanted].buttons["another_time"].property("kind") == "primary"
    assert attention.chips["all"].isChecked()
    attention.items[wanted].toggle.click()
    assert attention.items[wanted].buttons["another_time"].property("kind") != "primary"


def test_a_button_passes_on_the_item_and_what_is_wanted(attention: AttentionPage) -> None:
    spy = QSignalSpy(attention.action_chosen)
    attention.items[desk.INBOX[2].item_id].buttons["discard"].click()
    assert spy.at(0) == [desk.INBOX[2], "discard"]


def test_a_chip_keeps_its_group(attention: AttentionPage) -> None:
    attention.chips["money"].click()
    assert list(attention.items) == [desk.INBOX[2].item_id]


def test_without_the_right_to_it_an_item_does_not_offer_to_do_it(qtbot: QtBot, theme: Theme) -> None:
    page = AttentionPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(page)
    page.show_rows([replace(desk.INBOX[0], kind="needs_right", may_act=False)], rows.NOW)
    assert list(page.items[desk.INBOX[0].item_id].buttons) == ["discard"]


def test_an_item_that_did_not_change_keeps_the_focus_when_rows_are_read_anew(
    qtbot: QtBot, attention: AttentionPage
) -> None:
    with qtbot.waitExposed(attention):
        attention.show()
    stays, changes = desk.INBOX[1:3]
    button = next(iter(attention.items[stays.item_id].buttons.values()))
    button.setFocus()
    newer = replace(desk.INBOX[0], item_id=rows.an_id("newer"))
    now = (newer, replace(changes, now="Something else"), stays)
    attention.show_rows(now, rows.NOW)
    assert attention.focusWidget() is button
    assert [item.item for item in attention.items.values()] == list(now)
    qtbot.waitUntil(lambda: _tops(attention) == sorted(set(_tops(attention))))
    assert _tabbed_through(attention) == [row.item_id for row in now]
    attention.show_rows(now, rows.NOW + timedelta(days=400))
    labels = attention.items[stays.item_id].findChildren(Label)
    assert any("2027" in label.text() for label in labels), "its day is said with the year now"


def _tabbed_through(page: AttentionPage) -> list[UUID]:
    """The items in the order in which Tab reaches their first button."""
    toggles = {item.toggle: item_id for item_id, item in page.items.items()}
    found, widget = [], page.nextInFocusChain()
    while widget is not None and widget is not page:
        found += [item_id for toggle, item_id in toggles.items() if toggle is widget]
        widget = widget.nextInFocusChain()
    return found


def _tops(page: AttentionPage) -> list[int]:
    return [item.y() for item in page.items.values()]


def test_solved_items_stay_to_be_seen(attention: AttentionPage) -> None:
    assert len(attention.items) == 3
    attention.show_rows(desk.INBOX[3:], rows.NOW)
    assert not attention.items


# --- refunds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "acts"),
    [
        (desk.REFUNDS[0], [RefundAct.APPROVE, RefundAct.DECLINE, RefundAct.WITHDRAW]),
        (replace(desk.REFUNDS[0], may_approve=False), [RefundAct.WITHDRAW]),
        (desk.REFUNDS[2], []),
        (desk.REFUNDS[3], [RefundAct.PAID_BACK, RefundAct.WITHDRAW]),
        (desk.REFUNDS[4], [RefundAct.TRY_AGAIN]),
        (desk.REFUNDS[5], []),
        (desk.REFUNDS[6], []),
    ],
    ids=["asked", "asked, not mine to approve", "on its way", "by hand", "failed", "done", "declined"],
)
def test_a_refund_offers_what_its_state_and_the_right_allow(
    qtbot: QtBot, theme: Theme, row: RefundRow, acts: list[RefundAct]
) -> None:
    page = RefundsPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(page)
    page.show_rows([row])
    page.choose_request(row.request_id)
    assert list(page.details.buttons) == acts


def test_a_request_is_acted_on_with_all_its_stages(refunds: RefundsPage) -> None:
    refunds.choose_request(desk.REFUNDS[0].request_id)
    spy = QSignalSpy(refunds.act_wanted)
    refunds.details.buttons[RefundAct.APPROVE].click()
    assert spy.at(0) == [desk.REFUNDS[:2], RefundAct.APPROVE]


def test_chips_count_and_filter(refunds: RefundsPage) -> None:
    refunds.chips["person"].click()
    assert refunds.proxy.shown_rows() == (desk.REFUNDS[4],)
    assert refunds.chips["approval"].accessibleName() == "Wait for approval, 2"


# --- settings ---------------------------------------------------------------------------------------------


def _type(page: SettingsPage, name: str, words: str) -> None:
    page.texts[name].input.setText(words)
    page.texts[name].input.textEdited.emit(words)


def test_edits_are_counted_and_saved_with_what_was_seen(settings: SettingsPage) -> None:
    _type(settings, "phone", "+43 1 555 0100")
    settings.color.show_color("#2B4B80")
    assert settings.unsaved.text() == "2 changes not saved"
    spy = QSignalSpy(settings.save_wanted)
    settings.save.click()
    assert spy.at(0) == [
        {"phone": ("+43 1 555 0199", "+43 1 555 0100"), "brand_color": ("#1F6F5C", "#2B4B80")}
    ]


def test_unsaved_edits_hold_the_page_until_they_are_discarded(settings: SettingsPage) -> None:
    _type(settings, "name", "Bella")
    assert not settings.may_leave()
    settings.discard.click()
    assert settings.may_leave()
    assert settings.texts["name"].input.text() == "Bella Weddings"


@pytest.mark.parametrize("days", ["0", "366", "a week", ""])
def test_a_hold_lasts_a_whole_number_of_days(settings: SettingsPage, days: str) -> None:
    settings.hold_days.input.setText(days)
    settings.hold_days.input.textEdited.emit(days)
    spy = QSignalSpy(settings.save_wanted)
    settings.save.click()
    assert spy.count() == 0


def test_rows_that_come_later_keep_what_was_typed(settings: SettingsPage) -> None:
    _type(settings, "phone", "+43 1 555 0100")
    others = {**desk.SETTINGS.fields, "street": "Ring 1"}
    settings.show_rows(replace(desk.SETTINGS, fields=others), rows.NOW)
    assert settings.texts["phone"].input.text() == "+43 1 555 0100"
    assert settings.texts["street"].input.text() == "Ring 1"


def test_only_the_owner_edits_the_studio_and_a_manager_its_rules(qtbot: QtBot, theme: Theme) -> None:
    page = SettingsPage(theme, replace(rows.STUDIO, user_role="manager"))
    qtbot.addWidget(page)
    page.show_rows(desk.SETTINGS, rows.NOW)
    assert page.texts["name"].input.isReadOnly()
    switch = next(iter(page.rules.switches.values()))
    spy = QSignalSpy(page.rule_turned)
    switch.click()
    assert spy.at(0) == [desk.SETTINGS.rules[0].rule_id, False]


def test_practice_says_that_a_key_file_stands_in(settings: SettingsPage) -> None:
    assert settings.numbering.key_file.isVisibleTo(settings)
    settings.show_rows(replace(desk.SETTINGS, key_file=False), rows.NOW)
    assert not settings.numbering.key_file.isVisibleTo(settings)


# --- lists ------------------------------------------------------------------------------------------------


def test_customers_are_asked_for_by_what_is_typed(
    qtbot: QtBot, theme: Theme, qtmodeltester: ModelTester
) -> None:
    page = CustomersPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(page)
    page.show_rows(desk.CUSTOMERS)
    spy = QSignalSpy(page.rows_wanted)
    page.filter_field.setText("oka")
    assert spy.at(0) == ["oka"]
    qtmodeltester.check(page.model)  # type: ignore[no-untyped-call] # pytest-qt has no types


def test_many_refunds_come_some_hundred_at_a_time(qtbot: QtBot, refunds: RefundsPage) -> None:
    many = [replace(desk.REFUNDS[0], request_id=UUID(int=number)) for number in range(700)]
    refunds.show_rows(many)
    assert 0 < refunds.proxy.rowCount() < 700
    assert "All, 700" in {chip.accessibleName() for chip in refunds.chips.values()}
    qtbot.waitUntil(lambda: refunds.proxy.rowCount() == 700)
    refunds.show_rows(many[:1])
    assert refunds.proxy.rowCount() == 1


def test_packages_filter_what_they_have(qtbot: QtBot, theme: Theme) -> None:
    page = PackagesPage(theme, rows.STUDIO)
    qtbot.addWidget(page)
    page.show_rows(desk.PACKAGES)
    page.filter_field.setText("wedding")
    assert [row.name for row in page.proxy.shown_rows()] == ["Full-day wedding", "Half-day wedding"]


# --- the beginning ----------------------------------------------------------------------------------------


def test_the_first_steps_lead_to_the_settings_and_count(qtbot: QtBot, theme: Theme) -> None:
    page = FirstStepsPage(theme, rows.STUDIO)
    qtbot.addWidget(page)
    page.show_settings(desk.EMPTY_SETTINGS)
    spy = QSignalSpy(page.setting_wanted)
    page.buttons["numbering"].click()
    assert spy.at(0) == ["numbering"]
    assert page.buttons["numbering"].text() == "Change"


@pytest.mark.parametrize(
    ("password", "fault"),
    [
        ("too short", "At least 10 characters."),
        ("nine char", "At least 10 characters."),
        ("ten chars!", ""),
        ("long enough to keep", ""),
    ],
)
def test_the_first_run_takes_the_password_that_the_server_takes(
    qtbot: QtBot, theme: Theme, password: str, fault: str
) -> None:
    page = FirstRunPage(theme)
    qtbot.addWidget(page)
    spy = QSignalSpy(page.set_up_wanted)
    link = "https://daybook.example/l/abc"
    page.link.input.setText(link)
    page.password.input.setText(password)
    page.begin.click()
    if fault:
        assert spy.count() == 0
        assert page.password.input.accessibleDescription() == fault
    else:
        assert [spy.at(place) for place in range(spy.count())] == [
            ["https://daybook.example/l/abc", password]
        ]


def test_enter_pressed_twice_spends_the_set_up_link_once(qtbot: QtBot, theme: Theme) -> None:
    page = FirstRunPage(theme)
    qtbot.addWidget(page)
    spy = QSignalSpy(page.set_up_wanted)
    page.link.input.setText("https://daybook.example/l/abc")
    page.password.input.setText("long enough to keep")
    for _ in range(2):
        QTest.keyClick(page.password.input, Qt.Key.Key_Return)
    assert spy.count() == 1
    page.show_trouble("The server could not be reached.")
    QTest.keyClick(page.password.input, Qt.Key.Key_Return)
    assert spy.count() == 2


def test_the_first_run_says_how_far_it_is_and_that_it_is_offline(qtbot: QtBot, theme: Theme) -> None:
    page = FirstRunPage(theme, practice=True)
    qtbot.addWidget(page)
    page.show_progress(SyncState(SyncPhase.FETCHING, progress_percent=62))
    assert page.state.text() == "Getting the studio's data… 62 %"
    page.show_progress(SyncState(SyncPhase.OFFLINE))
    assert page.state.text() == "Offline"


# --- dialogs ----------------------------------------------------------------------------------------------


def test_a_payment_is_recorded_whole(qtbot: QtBot, window: MainWindow, theme: Theme) -> None:
    record = a_record(rows.WEEK[5])
    dialog = RecordPaymentDialog(theme, window, record, today=rows.TODAY)
    dialog.method.input.choose("bank")
    with qtbot.waitSignal(dialog.answered) as answered:
        dialog.open()
        dialog.record_button.click()
    draft = answered.args[0]
    assert isinstance(draft, PaymentRecordManual)
    assert (draft.stage_id, draft.amount_minor) == (record.stages[2].stage_id, record.due_minor)
    assert (draft.method, draft.paid_on) == (ManualMethod.BANK, rows.TODAY)


def test_approving_names_the_sum_and_escape_is_no_answer(
    qtbot: QtBot, window: MainWindow, theme: Theme
) -> None:
    dialog = AnswerDialog(theme, window, desk.REFUNDS[:2], act=RefundAct.APPROVE, today=rows.TODAY)
    assert dialog.act_button.text() == "Approve 1,885.00 EUR"
    with qtbot.waitSignal(dialog.answered) as answered:
        dialog.open()
        QTest.keyClick(_focus(window), Qt.Key.Key_Escape)
    assert answered.args == [None]


def test_paying_back_asks_how_and_when(qtbot: QtBot, window: MainWindow, theme: Theme) -> None:
    dialog = AnswerDialog(theme, window, desk.REFUNDS[3:4], act=RefundAct.PAID_BACK, today=rows.TODAY)
    with qtbot.waitSignal(dialog.answered) as answered:
        dialog.open()
        dialog.act_button.click()
    assert answered.args == [RefundAnswerDraft(RefundAct.PAID_BACK, "", ManualMethod.CASH, rows.TODAY)]


def test_an_empty_text_is_no_answer(qtbot: QtBot, window: MainWindow, theme: Theme) -> None:
    dialog = TextDialog(theme, window, "A note")
    dialog.open()
    dialog.save.click()
    assert dialog.isVisible()


def _focus(window: MainWindow) -> QWidget:
    widget = window.focusWidget()
    assert widget is not None
    return widget
