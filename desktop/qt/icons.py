"""The icons: SVG files with one round line, tinted on load, sharp at every scale."""

from enum import StrEnum
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.qt.resource_files import ICONS

_RATIOS = (1.0, 1.25, 1.5, 2.0, 3.0)


class Icon(StrEnum):
    """Every drawing in resources/icons, named by what it shows."""

    ALERT = "alert"
    ARROW_UP = "arrow_up"
    BACK = "back"
    BARS = "bars"
    BOOK = "book"
    BOX = "box"
    CALENDAR = "calendar"
    CHECK = "check"
    CHEVRON_DOWN = "chevron_down"
    CHEVRON_LEFT = "chevron_left"
    CHEVRON_RIGHT = "chevron_right"
    CHEVRON_UP = "chevron_up"
    CLOCK = "clock"
    CLOUD_OFF = "cloud_off"
    COLUMNS = "columns"
    CROSS = "cross"
    DOCUMENT = "document"
    DOT = "dot"
    DOWNLOAD = "download"
    EMPTY_BOOK = "empty_book"
    EXCLAMATION = "exclamation"
    FILTER = "filter"
    IMAGE = "image"
    INBOX = "inbox"
    LINK = "link"
    LOCK = "lock"
    LOGO = "logo"
    MAIL = "mail"
    MINUS = "minus"
    MORE = "more"
    PAGE = "page"
    PAUSE = "pause"
    PENCIL = "pencil"
    PERSON = "person"
    PLUS = "plus"
    PRINTER = "printer"
    REFRESH = "refresh"
    REFUND = "refund"
    RING_DASHED = "ring_dashed"
    SEARCH = "search"
    SEND = "send"
    SKIP = "skip"
    SLIDERS = "sliders"
    SWAP = "swap"
    TODAY = "today"
    UPLOAD = "upload"


@lru_cache(maxsize=512)
def _renderer(name: Icon, color: str) -> QSvgRenderer:
    source = (ICONS / f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", color)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    assert renderer.isValid(), f"the drawing {name} cannot be read"
    return renderer


@lru_cache(maxsize=1024)
def pixmap(name: Icon, color: str, *, size: int = 16, ratio: float = 1.0) -> QPixmap:
    """A drawing in one colour with the pixels of a screen of this ratio."""
    return _drawn(_renderer(name, color), QSize(size, size), ratio)


def drawing(name: Icon, color: str, *, size: QSize, ratio: float) -> QPixmap:
    """A drawing that is not square, for empty states."""
    return _drawn(_renderer(name, color), size, ratio)


def _drawn(renderer: QSvgRenderer, size: QSize, ratio: float) -> QPixmap:
    made = QPixmap(size * ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    renderer.render(painter, QRectF(0, 0, made.width(), made.height()))
    painter.end()
    made.setDevicePixelRatio(ratio)
    return made


def paint_icon(painter: QPainter, name: Icon, color: str, rect: QRectF) -> None:
    """Draw an icon into a square of a painted widget or a cell."""
    device = painter.device()
    ratio = device.devicePixelRatioF() if device is not None else 1.0
    size = round(rect.width())
    painter.drawPixmap(rect.topLeft(), pixmap(name, color, size=size, ratio=ratio))


@lru_cache(maxsize=256)
def icon(name: Icon, color: str, *, disabled: str = "", size: int = 16, gap: int = 0) -> QIcon:
    """A drawing as Qt's icon for buttons and menus, with the pixels of the common screens.

    `gap` is free space at its right: Qt itself leaves only 4 px between an icon and its words.
    """
    made = QIcon()
    for ratio in _RATIOS:
        made.addPixmap(_with_gap(pixmap(name, color, size=size, ratio=ratio), gap))
        if disabled:
            off = pixmap(name, disabled, size=size, ratio=ratio)
            made.addPixmap(_with_gap(off, gap), QIcon.Mode.Disabled)
    return made


def _with_gap(drawn: QPixmap, gap: int) -> QPixmap:
    if gap == 0:
        return drawn
    ratio = drawn.devicePixelRatio()
    wider = QPixmap(drawn.width() + round(gap * ratio), drawn.height())
    wider.fill(Qt.GlobalColor.transparent)
    wider.setDevicePixelRatio(ratio)
    painter = QPainter(wider)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return wider
