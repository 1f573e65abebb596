"""A sheet: what is drawn where, in points from the top left corner. It measures; render.py draws."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

from shared.invoice_pdf.fonts import PrintFonts
from shared.invoice_pdf.lettering import Lettering, letter, wrap

MM: Final = 72 / 25.4
PAGE_WIDTH: Final = 210 * MM
PAGE_HEIGHT: Final = 297 * MM

INK: Final = "#1F2328"
SECONDARY: Final = "#5C6168"
HAIRLINE: Final = "#DDD9D0"
WHITE: Final = "#FFFFFF"

_MIDDLE: Final = 0.3637
"""How far below the middle of a line its baseline lies, in em: a measure of the default font."""


_LIFT: Final = 0.4
"""By eye: figures and capitals, of which papers are full, stand in the middle of a line."""


class Type(NamedTuple):
    """A size with its leading, in points, and how it looks."""

    size: float
    leading: float
    bold: bool = False
    colour: str = INK


class Words(NamedTuple):
    """One line of text on its baseline."""

    x: float
    y: float
    lettering: Lettering
    size: float
    colour: str


class Rule(NamedTuple):
    """A horizontal line."""

    x: float
    y: float
    width: float
    thickness: float
    colour: str


class Plate(NamedTuple):
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    radius: float
    colour: str


class Code(NamedTuple):
    """A square QR code."""

    x: float
    y: float
    size: float
    content: str


class Picture(NamedTuple):
    """The logo."""

    x: float
    y: float
    width: float
    height: float


class Mark(NamedTuple):
    """A word rising across the page; ``y`` is its middle."""

    y: float
    lettering: Lettering
    size: float
    colour: str


@dataclass
class Sheet:
    """A page, or a block that is placed on one as a whole."""

    fonts: PrintFonts
    marks: list[Mark] = field(default_factory=list)
    plates: list[Plate] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    height: float = 0.0

    def write(self, text: str, x: float, top: float, kind: Type, *, align: str = "left") -> float:
        """One line of text whose line box begins at ``top``; returns its width.

        ``x`` is the left edge, with ``align="right"`` the right one.
        """
        baseline = top + kind.leading / 2 + _MIDDLE * kind.size - _LIFT
        return self.write_on(text, x, baseline, kind, align=align)

    def write_on(self, text: str, x: float, baseline: float, kind: Type, *, align: str = "left") -> float:
        """One line of text on a baseline; returns its width."""
        lettering = letter(text, self.fonts.weight(bold=kind.bold))
        width = lettering.width_em * kind.size
        left = x - width if align == "right" else x
        self.words.append(Words(left, baseline, lettering, kind.size, kind.colour))
        return width

    def width_of(self, text: str, kind: Type) -> float:
        """How wide one line of text is."""
        return letter(text, self.fonts.weight(bold=kind.bold)).width_em * kind.size

    def write_lines(self, text: str, x: float, top: float, kind: Type, *, width: float) -> float:
        """A paragraph wrapped at ``width``; returns where the next line would begin."""
        for line in self.wrapped(text, kind, width):
            self.write(line, x, top, kind)
            top += kind.leading
        return top

    def wrapped(self, text: str, kind: Type, width: float) -> tuple[str, ...]:
        """The lines of a paragraph at that width."""
        return wrap(text, width / kind.size, self.fonts.weight(bold=kind.bold))

    def rule(self, x: float, y: float, width: float, thickness: float, colour: str) -> None:
        """A horizontal line whose middle is at ``y``."""
        self.rules.append(Rule(x, y, width, thickness, colour))

    def place(self, block: "Sheet", top: float) -> None:
        """Put a block on this sheet, its top at ``top``."""
        self.plates += [plate._replace(y=plate.y + top) for plate in block.plates]
        self.rules += [rule._replace(y=rule.y + top) for rule in block.rules]
        self.codes += [code._replace(y=code.y + top) for code in block.codes]
        self.words += [words._replace(y=words.y + top) for words in block.words]
