"""No date of the bookings list is cut, however narrow the window and however far the year."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QFontMetrics, QPixmap
from pytestqt.qtbot import QtBot

from desktop.qt.fonts import Type, font
from desktop.qt.pages.bookings import BookingsPage
from desktop.qt.pages.bookings_table import Place
from desktop.qt.painting.strokes import text
from desktop.qt.theme import Theme
from tests.desktop.qt import sample_rows as rows
from tests.desktop.qt.sample_record import a_record

_START = rows.at(28, 11).replace(year=2028, month=6)
FAR = replace(rows.BOOKINGS.rows[0], starts_at_utc=_START, ends_at_utc=rows.at(28, 19).replace(year=2028))
DAY, TIME = "Wed 28 June 2028", "11:00"


@pytest.mark.parametrize(
    ("width", "with_preview", "shown"),
    [
        (664, False, [DAY]),
        (744 + 48, False, [DAY]),
        (856 + 48, False, [DAY]),
        (892, False, [DAY]),
        (1072, True, [DAY]),
        (1072, False, [DAY]),
        (1232, True, [DAY]),
        (1232, False, [DAY, TIME]),
    ],
)
def test_a_time_that_has_no_room_beside_its_day_is_left_out(
    qtbot: QtBot,
    theme: Theme,
    monkeypatch: pytest.MonkeyPatch,
    *,
    width: int,
    with_preview: bool,
    shown: list[str],
) -> None:
    page = BookingsPage(theme, rows.STUDIO, rows.TODAY)
    qtbot.addWidget(page)
    page.resize(width, 640)
    page.show_rows(rows.listed((FAR,)))
    page.show()
    if with_preview:
        page.table.selectRow(0)
        page.show_preview(a_record(FAR))
        assert page.preview.isVisible()
    painted: list[tuple[str, int]] = []

    def kept(painter: object, rect: object, words: str, **how: object) -> int:
        painted.append((words, int(rect.width())))  # type: ignore[attr-defined] # a QRect or a QRectF
        return text(painter, rect, words, **how)  # type: ignore[arg-type] # handed on as it came

    monkeypatch.setattr("desktop.qt.delegates.cells.text", kept)
    page.table.viewport().render(QPixmap(page.table.viewport().size()), QPoint())
    said = [(words, room) for words, room in painted if words in (DAY, TIME, "")]
    metrics = QFontMetrics(font(Type.BODY, tabular=True))
    assert [words for words, _ in said] == shown
    assert all(room >= metrics.horizontalAdvance(words) for words, room in said)
    index = page.proxy.index(0, Place.WHEN)
    assert TIME in page.proxy.columns[index.column()].spoken(FAR), "the tooltip and the reader say it"
