"""What a field or a figure says is said as elsewhere, and whole."""

from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDateEdit
from pytestqt.qtbot import QtBot

from desktop.presenting.dates import day_with_year
from desktop.qt.components.figures_strip import Figure
from desktop.qt.components.inputs import DateInput
from desktop.qt.fonts import Type, font
from desktop.qt.pages.today import TodayPage
from desktop.qt.theme import Theme
from tests.desktop.qt import sample_rows as rows

TODAY = date(2027, 5, 12)


@pytest.fixture
def field(qtbot: QtBot, theme: Theme) -> DateInput:
    made = DateInput(TODAY, TODAY)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("month", range(1, 13))
def test_a_date_field_says_a_date_as_lists_do(field: DateInput, month: int) -> None:
    day = date(2027, month, 28)
    field.set_day(day)
    assert field.text() == day_with_year(day)
    assert field.day() == day


@pytest.mark.parametrize(
    ("month", "typed", "expected"),
    [
        (6, "Sep", 9),
        (6, "Oct", 10),
        (9, "Oct", 10),
        (6, "t", 5),
        (6, "Jul", 7),
        (7, "June", 6),
        (9, "Jun", 6),
        (9, "June", 6),
        (8, "May", 5),
        (5, "Dec", 12),
        (5, "Nonsense", 5),
    ],
)
def test_a_month_is_typed_by_three_letters_however_it_is_shown(
    field: DateInput, month: int, typed: str, expected: int
) -> None:
    field.set_day(date(2027, month, 12))
    field.setFocus()
    field.setSelectedSection(QDateEdit.Section.MonthSection)
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.day() == date(2027, expected, 12)


def test_arrows_go_through_the_months_and_stay_in_their_section(field: DateInput) -> None:
    field.set_day(date(2027, 4, 12))
    field.setFocus()
    field.setSelectedSection(QDateEdit.Section.MonthSection)
    for month in range(5, 10):
        QTest.keyClick(field, Qt.Key.Key_Up)
        assert field.text() == day_with_year(date(2027, month, 12))
        assert field.currentSection() is QDateEdit.Section.MonthSection


@pytest.mark.parametrize("count", [1, 12])
@pytest.mark.parametrize("page_px", [744, 792, 856, 892, 1072, 1232])
def test_the_overdue_caption_is_whole(
    qtbot: QtBot, theme: Theme, monkeypatch: pytest.MonkeyPatch, page_px: int, count: int
) -> None:
    page = TodayPage(theme, rows.STUDIO, rows.NOW)
    qtbot.addWidget(page)
    late = replace(rows.TODAY_ROWS.figures, overdue_count=count, last_overdue_mail_on=date(2027, 4, 28))
    page.show_rows(replace(rows.TODAY_ROWS, figures=late), rows.NOW)
    page.resize(page_px, 700)
    page.show()
    painted: list[tuple[str, int]] = []

    def kept(_painter: object, rect: object, words: str, **_how: object) -> int:
        painted.append((words, int(rect.width())))  # type: ignore[attr-defined] # a QRect or a QRectF
        return 0

    monkeypatch.setattr("desktop.qt.components.figures_strip.text", kept)
    page.figures.grab()
    metrics = QFontMetrics(font(Type.CAPTION, tabular=True))
    ((caption, room),) = [each for each in painted if each[0].startswith(f"{count} payment")]
    assert metrics.horizontalAdvance(caption) <= room
    assert f"{count} payment" in page.figures.accessibleName()
    assert "reminder sent 28 Apr" in page.figures.accessibleName(), "it is still said in full"


def test_a_figure_takes_the_longest_caption_that_fits(theme: Theme) -> None:
    figure = Figure("Overdue", "620.00", "a long caption", shorter=("a caption", "short"))
    metrics = QFontMetrics(font(Type.CAPTION))
    for words in ("a long caption", "a caption", "short"):
        assert figure.caption_within(metrics.horizontalAdvance(words), metrics) == words
    assert figure.caption_within(1, metrics) == "short"
