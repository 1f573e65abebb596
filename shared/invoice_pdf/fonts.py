"""Decides which bundled font prints a character, and how wide it is.

Fonts are read when a character first needs them and kept for the life of the process. Widths are
geometry; no sum passes through here.
"""

from functools import lru_cache
from pathlib import Path
from threading import RLock
from typing import Final, NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from shared.errors import TextNotPrintable

BUNDLED: Final = Path(__file__).parents[2] / "resources" / "fonts" / "print"

DEJAVU_SCALE: Final = 0.9
"""DejaVu Sans is drawn larger than the default font; so they look alike side by side."""

REGULAR: Final = (
    ("DaybookSans-Regular", 1.0),
    ("DejaVuSans", DEJAVU_SCALE),
    ("NotoSansThai-Regular", 1.0),
    ("NotoSansDevanagari-Regular", 1.0),
    ("NotoSansEthiopic-Regular", 1.0),
    ("DroidSansFallback", 1.0),
)
BOLD: Final = (
    ("DaybookSans-SemiBold", 1.0),
    ("DejaVuSans-Bold", DEJAVU_SCALE),
    ("NotoSansThai-Bold", 1.0),
    ("NotoSansDevanagari-Bold", 1.0),
    # these have no bold companion
    ("NotoSansEthiopic-Regular", 1.0),
    ("DroidSansFallback", 1.0),
)


MICRO: Final = 1_000_000
"""Widths are whole millionths of an em: their sums are the same on every machine and Python version."""


class Glyph(NamedTuple):
    """One character in the font that has it: ``width`` is already scaled, in millionths of an em."""

    font: str
    scale: float
    width: int


class _Glyphs(dict[str, Glyph]):
    """The glyphs of one weight, character by character, found once; a missing one is TextNotPrintable."""

    def __init__(self, fonts: "PrintFonts", order: tuple[tuple[str, float], ...]) -> None:
        super().__init__()
        self._fonts = fonts
        self._order = order

    def __missing__(self, character: str) -> Glyph:
        code = ord(character)
        for name, scale in self._order:
            font = self._fonts.font(name)
            if code in font.face.charToGlyph:
                # reportlab measures in thousandths of an em
                width = font.face.charWidths.get(code, font.face.defaultWidth)
                found = self[character] = Glyph(name, scale, round(width * scale * 1000))
                return found
        raise TextNotPrintable(field="text", character=character)


class Weight:
    """One weight of the bundled fonts: regular or bold."""

    def __init__(self, fonts: "PrintFonts", order: tuple[tuple[str, float], ...]) -> None:
        self.glyphs: Final = _Glyphs(fonts, order)

    def width_em(self, text: str) -> float:
        """How wide the text is at size 1."""
        glyphs = self.glyphs
        return sum([glyphs[character].width for character in text]) / MICRO


class PrintFonts:
    """The fonts of one folder in both weights. Safe to share between threads through :attr:`lock`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fonts: dict[str, TTFont] = {}
        self.lock: Final = RLock()
        self.regular: Final = Weight(self, REGULAR)
        self.bold: Final = Weight(self, BOLD)

    def weight(self, *, bold: bool) -> Weight:
        """Regular or bold (semibold in the default font)."""
        return self.bold if bold else self.regular

    def font(self, name: str) -> TTFont:
        """The font of that name, read and made known to reportlab once."""
        if name not in self._fonts:
            # own shaping only: an optional shaping library must not change the bytes
            font = TTFont(name, str(self._folder / f"{name}.ttf"), asciiReadable=False, shapable=False)
            pdfmetrics.registerFont(font)
            self._fonts[name] = font
        return self._fonts[name]


@lru_cache(maxsize=1)
def bundled_fonts() -> PrintFonts:
    """The fonts that come with the program."""
    return PrintFonts(BUNDLED)
