"""A copied piece looks as it would if it were painted where it stands."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.qt.painting.plates import Plates
from desktop.qt.painting.strokes import frame

GROUND = QColor("#ffffff")
AREA = QRectF(7, 5, 30, 18)


class Ink:
    """Paints a rounded frame in its colour, and counts how often."""

    def __init__(self, color: str) -> None:
        self.color = QColor(color)
        self.count = 0

    def __call__(self, painter: QPainter, area: QRectF) -> None:
        self.count += 1
        frame(painter, area, radius=4, fill=self.color)


def _canvas(ratio: float) -> QImage:
    made = QImage(int(80 * ratio), int(60 * ratio), QImage.Format.Format_RGB32)
    made.setDevicePixelRatio(ratio)
    made.fill(GROUND)
    return made


@pytest.fixture
def plates(qapp: object) -> Plates:
    assert qapp is not None, "pixels need the application"
    return Plates()


def _put(plates: Plates, ink: Ink, ratio: float = 1, *, dx: int = 0) -> QImage:
    canvas = _canvas(ratio)
    painter = QPainter(canvas)
    plates.put(painter, [AREA.translated(dx, 0)], "ink", GROUND, ink)
    painter.end()
    return canvas


@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 2])
def test_a_copy_has_the_pixels_that_painting_gives(plates: Plates, ratio: float) -> None:
    ink = Ink("#1f6f5c")
    painted = _canvas(ratio)
    painter = QPainter(painted)
    ink(painter, AREA.translated(3, 0))
    painter.end()
    _put(plates, ink, ratio)
    assert _put(plates, ink, ratio, dx=3) == painted


def test_a_look_is_painted_once_for_each_scale(plates: Plates) -> None:
    ink = Ink("#1f6f5c")
    for ratio in (1, 1, 2, 2):
        _put(plates, ink, ratio)
    assert ink.count == 2


def test_after_the_colours_changed_it_is_painted_anew(plates: Plates) -> None:
    _put(plates, Ink("#1f6f5c"))
    plates.forget()
    ink = Ink("#8a2be2")
    assert _put(plates, ink).pixelColor(AREA.center().toPoint()) == ink.color
