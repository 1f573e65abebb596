"""A line that is painted once stands where one that is kept ready would stand."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.qt.fonts import Type, font, load_fonts
from desktop.qt.painting.strokes import text, texts

INK = QColor("#1d1d1b")
NAMES = ["Zoë Lindqvist", "Grażyna Ó Briain & Søn", "Θεοδώρα", "שלום עולם", "محمد الطويل", "i", ""]
NAMES += ["प्रिया शर्मा", "김민수", "王小明", "အောင်ဆန်းစု", "สมชาย ใจดี"]


def _canvas(ratio: float) -> QImage:
    made = QImage(int(180 * ratio), int(40 * ratio), QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(ratio)
    made.fill(QColor("#ffffff"))
    return made


@pytest.mark.parametrize("width", [0, 20, 57, 150])
@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 2])
def test_many_lines_at_once_have_the_pixels_of_single_ones(qapp: object, ratio: float, width: int) -> None:
    assert qapp is not None, "pixels need the application"
    load_fonts()
    made, area = font(Type.CAPTION), QRectF(12, 9, width, 18)
    for name in NAMES:
        at_once, single = _canvas(ratio), _canvas(ratio)
        for canvas in (at_once, single):
            painter = QPainter(canvas)
            if canvas is single:
                text(painter, area, name, font=made, color=INK)
            else:
                texts(painter, [(area, name)], font=made, color=INK)
            painter.end()
        assert at_once == single, name
