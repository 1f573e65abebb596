"""One look for the whole program: tokens, style sheet, hatches; follows the system's light or dark mode."""

from functools import lru_cache
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from desktop.qt.fonts import Type, font, load_fonts
from desktop.qt.hatch import hatch_brush
from desktop.qt.resource_files import THEMES
from desktop.qt.tokens import Tokens, load_tokens


class Theme(QObject):
    """The colours that widgets paint with; handed to each of them, and says when they change."""

    changed = Signal()

    def __init__(self, *, brand: str = "", dark: bool | None = None) -> None:
        super().__init__()
        self._brand = brand
        self._forced_dark = dark
        self.tokens = load_tokens(dark=self._is_dark(), brand=brand)

    def apply_to(self, app: QApplication) -> None:
        """Give the application Fusion, Inter, palette and style sheet, and follow the system's mode."""
        load_fonts()
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setFont(font(Type.BODY))
        app.setPalette(_palette(self.tokens))
        app.setStyleSheet(style_sheet(self.tokens))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow_system)

    def set_brand(self, brand: str) -> None:
        """Take another brand colour."""
        self._brand = brand
        self._reload()

    def set_dark(self, *, dark: bool | None) -> None:
        """Fix a mode, or follow the system again with None."""
        self._forced_dark = dark
        self._reload()

    def color(self, token: str) -> QColor:
        """A token as Qt's colour."""
        return _color(getattr(self.tokens, token))

    def hatch(self, token: str, ratio: float) -> QBrush:
        """Lines at 45° in the colour of a token, sharp on a screen of this device pixel ratio."""
        return hatch_brush(getattr(self.tokens, token), ratio)

    def _follow_system(self, _scheme: Qt.ColorScheme) -> None:
        self._reload()

    def _is_dark(self) -> bool:
        if self._forced_dark is not None:
            return self._forced_dark
        return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark

    def _reload(self) -> None:
        tokens = load_tokens(dark=self._is_dark(), brand=self._brand)
        if tokens == self.tokens:
            return
        self.tokens = tokens
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.setPalette(_palette(tokens))
            app.setStyleSheet(style_sheet(tokens))
        self.changed.emit()


@lru_cache(maxsize=256)
def _color(value: str) -> QColor:
    return QColor(value)


@lru_cache(maxsize=8)
def style_sheet(tokens: Tokens) -> str:
    """The style sheet of a mode."""
    template = Template((THEMES / "daybook.qss").read_text(encoding="utf-8"))
    return template.substitute(tokens.as_dict())


def _palette(tokens: Tokens) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: tokens.bg,
        QPalette.ColorRole.Base: tokens.surface,
        QPalette.ColorRole.AlternateBase: tokens.sunken,
        QPalette.ColorRole.Button: tokens.surface,
        QPalette.ColorRole.WindowText: tokens.text,
        QPalette.ColorRole.Text: tokens.text,
        QPalette.ColorRole.ButtonText: tokens.text,
        QPalette.ColorRole.PlaceholderText: tokens.secondary,
        QPalette.ColorRole.Highlight: tokens.accent,
        QPalette.ColorRole.HighlightedText: tokens.on_accent,
        QPalette.ColorRole.Accent: tokens.accent,
        QPalette.ColorRole.Link: tokens.accent,
        QPalette.ColorRole.ToolTipBase: tokens.bar,
        QPalette.ColorRole.ToolTipText: tokens.on_bar,
    }
    palette = QPalette()
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.disabled))
    return palette
