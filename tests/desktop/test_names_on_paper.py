"""A name that no invoice can print is told while it is typed, and stops nobody."""

import pytest
from pytestqt.qtbot import QtBot

from desktop.qt.dialogs.booking_dialog import BookingDialog
from tests.desktop.conftest import Start
from tests.desktop.day import Day

HINT = "🎉 cannot be printed on invoices"


@pytest.fixture
def day(start: Start, qtbot: QtBot) -> Day:
    return Day(start(), qtbot)


def _says(dialog: BookingDialog) -> str:
    """What stands below the name, as a screen reader hears it."""
    return dialog.name.accessibleDescription()


def test_a_name_that_cannot_be_printed_is_told_while_it_is_typed_and_can_be_saved(day: Day) -> None:
    dialog = day.type_booking("Zoë 🎉")
    day.qtbot.waitUntil(lambda: _says(dialog) == HINT)
    assert not dialog.name.property("wrong"), "it is a hint, no error"
    dialog.name.setText("Zoë")
    assert _says(dialog) == "", "at once: the character is gone"
    dialog.name.setText("Zoë 🎉 Brûlé")
    day.qtbot.waitUntil(lambda: _says(dialog) == HINT)
    dialog.submit()
    day.qtbot.waitUntil(lambda: day.desktop.window.findChild(BookingDialog) is None or not dialog.isVisible())
    day.qtbot.waitUntil(lambda: day.page.record is not None)
    assert day.record.customer.name == "Zoë 🎉 Brûlé"


def test_a_late_answer_about_another_name_is_dropped(day: Day) -> None:
    dialog = day.type_booking("Zoë")
    dialog.show_unprintable("Zoë 🎉", "🎉")
    assert _says(dialog) == ""


def test_a_name_that_is_missing_is_still_asked_for(day: Day) -> None:
    dialog = day.type_booking("🎉")
    day.qtbot.waitUntil(lambda: _says(dialog) == HINT)
    dialog.name.setText("")
    dialog.submit()
    day.rest()
    assert _says(dialog) == "Whose booking is it?"
