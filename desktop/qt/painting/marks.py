"""Row marks (waiting, refused, merged) and person circles."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, paint_icon
from desktop.qt.painting.strokes import CENTER, frame, text
from desktop.qt.theme import Theme

MARK_PX: Final = 18
PERSON_PX: Final = 20

_MARKS: Final[Mapping[str, tuple[Icon, str, str, str]]] = {
    "waiting": (Icon.ARROW_UP, "info", "info_line", "info_soft"),
    "refused": (Icon.EXCLAMATION, "danger", "danger_line", "danger_soft"),
    "merged": (Icon.SWAP, "secondary", "border2", "surface"),
}


def paint_mark(painter: QPainter, theme: Theme, rect: QRectF, mark: str) -> None:
    """The 18-px mark of a row; nothing for a row that the server has confirmed."""
    known = _MARKS.get(mark)
    if known is None:
        return
    glyph, color, line, soft = known
    frame(painter, rect, radius=4, fill=theme.color(soft), outline=theme.color(line), width=1)
    size = 12
    inner = QRectF(rect.center().x() - size / 2, rect.center().y() - size / 2, size, size)
    paint_icon(painter, glyph, getattr(theme.tokens, color), inner)


def paint_person(painter: QPainter, theme: Theme, rect: QRectF, name: str) -> None:
    """A circle with the initial; the full name belongs in the tooltip."""
    frame(painter, rect, radius=rect.width() / 2, outline=theme.color("border2"), width=1)
    role = Type.CAPTION if rect.width() <= PERSON_PX else Type.LABEL
    initial = name[:1].upper()
    text(painter, rect, initial, font=font(role), color=theme.color("secondary"), align=CENTER)
