"""Decides which bundled font prints a character, and how wide it is.

Fonts of scripts in :data:`SHAPED` print glyphs that :mod:`shaping` chooses, by private characters.
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
from shared.invoice_pdf.shaping import PRIVATE, Shaper

BUNDLED: Final = Path(__file__).parents[2] / "resources" / "fonts" / "print"

DEJAVU_SCALE: Final = 0.9
"""DejaVu Sans is drawn larger than the default font; so they look alike side by side."""

SHAPED: Final = (
    "NotoSansDevanagari",
    "NotoSansBengali",
    "NotoSansGurmukhi",
    "NotoSansGujarati",
    "NotoSansOriya",
    "NotoSansTamil",
    "NotoSansTelugu",
    "NotoSansKannada",
    "NotoSansMalayalam",
    "NotoSansSinhala",
    "NotoSansMyanmar",
    "NotoSansKhmer",
    "NotoSerifTibetan",
    "NotoSansThaana",
)
"""Families whose letters change and move with their neighbours, each in both weights."""

REGULAR: Final = (
    ("DaybookSans-Regular", 1.0),
    ("DejaVuSans", DEJAVU_SCALE),
    ("NotoSansThai-Regular", 1.0),
    ("NotoSansEthiopic-Regular", 1.0),
    ("DroidSansFallback", 1.0),
    *((f"{family}-Regular", 1.0) for family in SHAPED),
)
BOLD: Final = (
    ("DaybookSans-SemiBold", 1.0),
    ("DejaVuSans-Bold", DEJAVU_SCALE),
    ("NotoSansThai-Bold", 1.0),
    # these have no bold companion
    ("NotoSansEthiopic-Regular", 1.0),
    ("DroidSansFallback", 1.0),
    *((f"{family}-Bold", 1.0) for family in SHAPED),
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
        for name, scale in self._order if code not in PRIVATE else ():
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
        self._fonts = fonts

    def shaper(self, font: str) -> Shaper:
        """What chooses the glyphs of one of its fonts."""
        return self._fonts.shaper(font)

    def width_em(self, text: str) -> float:
        """How wide the text is at size 1."""
        glyphs = self.glyphs
        return sum([glyphs[character].width for character in text]) / MICRO


class PrintFonts:
    """The fonts of one folder in both weights. Safe to share between threads through :attr:`lock`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fonts: dict[str, TTFont] = {}
        self._shapers: dict[str, Shaper] = {}
        self.lock: Final = RLock()
        self.regular: Final = Weight(self, REGULAR)
        self.bold: Final = Weight(self, BOLD)

    def weight(self, *, bold: bool) -> Weight:
        """Regular or bold (semibold in the default font)."""
        return self.bold if bold else self.regular

    def font(self, name: str) -> TTFont:
        """The font of that name, read and made known to reportlab once."""
        if name not in self._fonts:
            # shaped here or not at all: what reportlab would do must not change the bytes
            font = TTFont(name, str(self._path(name)), asciiReadable=False, shapable=False)
            if is_shaped(name):
                for glyph, width in self.shaper(name).widths().items():
                    character = PRIVATE[glyph]
                    assert character not in font.face.charToGlyph, f"{name} has characters of its own"
                    font.face.charToGlyph[character] = glyph
                    font.face.charWidths[character] = width
            pdfmetrics.registerFont(font)
            self._fonts[name] = font
        return self._fonts[name]

    def shaper(self, name: str) -> Shaper:
        """What chooses the glyphs of the font of that name."""
        if name not in self._shapers:
            self._shapers[name] = Shaper(self._path(name))
        return self._shapers[name]

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.ttf"


def is_shaped(font: str) -> bool:
    """Whether the letters of that font change and move with their neighbours."""
    return font.partition("-")[0] in SHAPED


@lru_cache(maxsize=1)
def bundled_fonts() -> PrintFonts:
    """The fonts that come with the program."""
    return PrintFonts(BUNDLED)
