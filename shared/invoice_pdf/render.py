"""Draws a snapshot as a PDF: the same snapshot, logo and fonts give the same bytes on every machine and day.

No compression library's output is in the bytes, and no clock: the document's dates are its moment of issue.
"""

import hashlib
import io
import re
import struct
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

import reportlab
from reportlab.graphics.barcode.qrencoder import QR8bitByte, QRCode, QRErrorCorrectLevel
from reportlab.lib.utils import TimeStamp
from reportlab.pdfbase.pdfdoc import PDFError, PDFImageXObject
from reportlab.pdfbase.pdfutils import readJPEGInfo
from reportlab.pdfgen.canvas import Canvas

from shared.errors import LogoInvalid
from shared.invoice_pdf.document import Snapshot
from shared.invoice_pdf.fonts import PrintFonts
from shared.invoice_pdf.layout import lay_out
from shared.invoice_pdf.lettering import Run
from shared.invoice_pdf.sheet import PAGE_HEIGHT, PAGE_WIDTH, Code, Mark, Picture, Plate, Rule, Sheet, Words

RENDERER_VERSION: Final = f"daybook-1 reportlab-{reportlab.__version__}"
CREATOR: Final = "Daybook"

_ROUND: Final = 0.5523
"""Length of the handles that make a quarter circle of a Bézier curve."""

_RISE: Final = (0.615661, 0.788011)
"""Cosine and sine of 52 degrees, the slope of the marks; written out, to be the same on every machine."""

_QR_MASK: Final = 3
"""Any of the eight masks may be used; the search for the best takes longer than all the rest of the page."""

_RGB: Final = 3
_DARK: Final = re.compile("x+")


def render(snapshot: Snapshot, logo: bytes | None, fonts: PrintFonts) -> bytes:
    """The document as PDF. ``logo`` are the bytes of the JPEG that the snapshot names.

    Raises TextNotPrintable with field and character, LogoInvalid. Safe to call from several threads.
    """
    image = _read_logo(logo) if logo else None
    with fonts.lock:
        pages = lay_out(snapshot, image.pixels if image else None, fonts)
        canvas = _PlainCanvas(snapshot, fonts)
        canvas.use_characters(pages)
        for page in pages:
            canvas.draw(page, image)
        return canvas.bytes()


def check_printable(snapshot: Snapshot, fonts: PrintFonts) -> None:
    """Raise TextNotPrintable if any text of the document has a character that no bundled font has."""
    with fonts.lock:
        lay_out(snapshot, None, fonts)


class _Logo:
    """A JPEG as it goes into the file: its own bytes, unchanged."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        try:
            width, height, components, _ = readJPEGInfo(io.BytesIO(content))
        # what reportlab's reader raises for bytes that are no JPEG or end too early
        except (PDFError, TypeError, IndexError, ValueError, ArithmeticError, struct.error) as error:
            raise LogoInvalid(detail="it is not a JPEG") from error
        if components != _RGB or not width or not height:
            raise LogoInvalid(detail="it has no red, green and blue")
        self.pixels = (int(width), int(height))
        self.name = hashlib.sha256(content).hexdigest()[:32]


class _PlainCanvas(Canvas):  # type: ignore[misc] # reportlab ships no types
    """reportlab's canvas, held to what the bytes of an archived document need."""

    def __init__(self, snapshot: Snapshot, fonts: PrintFonts) -> None:
        self._buffer = io.BytesIO()
        self._print_fonts = fonts
        self._encoded: dict[str, tuple[str, dict[int, str]]] = {}
        # a bundled font from the first byte on: the built-in one could not be embedded
        first = fonts.regular.glyphs[" "].font
        super().__init__(
            self._buffer,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            pageCompression=0,
            invariant=1,
            initialFontName=first,
            lang=snapshot.language,
        )
        self._fix_dates(snapshot.issued_at_utc)
        paper = snapshot.paper
        self.setTitle(f"{paper.title} {paper.number}")
        self.setAuthor(snapshot.seller.name)
        self.setSubject(" ".join(paper.subject))
        self.setCreator(CREATOR)
        self.setProducer(CREATOR)

    def _fix_dates(self, at_utc: datetime) -> None:
        """The moment of issue, whatever the clock or the environment of the process says."""
        moment = at_utc.astimezone(UTC)
        stamp = TimeStamp(1)
        stamp.t = 0
        stamp.YMDhms = (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second)
        self._doc._timeStamp = stamp  # noqa: SLF001 - the one place where reportlab keeps the time
        self._doc.signature = hashlib.md5(b"daybook", usedforsecurity=False)

    def bytes(self) -> bytes:
        """The whole file."""
        self.save()
        return self._buffer.getvalue()

    def draw(self, page: Sheet, logo: _Logo | None) -> None:
        """One page, from the ground up: marks, plates, rules, logo, codes, words."""
        operators: list[str] = []
        for mark in page.marks:
            operators += self._mark(mark)
        for plate in page.plates:
            operators += _plate(plate)
        for rule in page.rules:
            operators += _rule(rule)
        for picture in page.pictures:
            assert logo, "a picture has its bytes"
            operators += self._picture(picture, logo)
        for code in page.codes:
            operators += _code(code)
        operators += self._words(page.words)
        self.addLiteral("\n".join(operators))
        self.showPage()

    def use_characters(self, pages: list[Sheet]) -> None:
        """Give every character of the document its code, in the order of Unicode, before any is drawn."""
        used: dict[str, set[str]] = {}
        for page in pages:
            letterings = [words.lettering for words in page.words] + [mark.lettering for mark in page.marks]
            for lettering in letterings:
                for run in lettering.runs:
                    used.setdefault(run.font, set()).update(run.text)
        for name in sorted(used):
            font = self._print_fonts.font(name)
            in_order = "".join(sorted(used[name]))
            pieces = font.splitString(in_order, self._doc)
            if len(pieces) == 1:
                subset, codes = pieces[0]
                table = {
                    ord(char): code for char, code in zip(in_order, codes.decode("latin-1"), strict=True)
                }
                self._encoded[name] = (font.getSubsetInternalName(subset, self._doc), table)

    def _words(self, words: list[Words]) -> list[str]:
        found = ["BT"]
        font_now: tuple[str, float] | None = None
        colour_now = ""
        for word in words:
            if word.colour != colour_now:
                colour_now = word.colour
                found.append(f"{_rgb(colour_now)} rg")
            found.append(f"1 0 0 1 {word.x:.2f} {PAGE_HEIGHT - word.y:.2f} Tm")
            for run in word.lettering.runs:
                size = word.size * run.scale
                shown = []
                for name, text in self._pieces(run):
                    if (name, size) != font_now:
                        font_now = (name, size)
                        shown.append(f"{name} {size:.3f} Tf")
                    shown.append(f"<{text}> Tj")
                if run.is_moved:
                    shown = _moved(shown, run, size)
                found += shown if run.written is None else _said(shown, run.written)
        found.append("ET")
        return found

    def _pieces(self, run: Run) -> list[tuple[str, str]]:
        """A run as PDF font names and hexadecimal codes."""
        if run.font in self._encoded:
            name, table = self._encoded[run.font]
            return [(name, run.text.translate(table).encode("latin-1").hex())]
        # more than 255 different characters of one font: reportlab spreads them over several subsets
        font = self._print_fonts.font(run.font)
        pieces = font.splitString(run.text, self._doc)
        return [(font.getSubsetInternalName(subset, self._doc), codes.hex()) for subset, codes in pieces]

    def _mark(self, mark: Mark) -> list[str]:
        cosine, sine = _RISE
        half = mark.lettering.width_em * mark.size / 2
        # the middle of the capitals lies on the middle of the page
        down = 0.36 * mark.size
        x = PAGE_WIDTH / 2 - half * cosine + down * sine
        y = PAGE_HEIGHT - mark.y - half * sine - down * cosine
        found = ["BT", f"{_rgb(mark.colour)} rg", f"{cosine} {sine} -{sine} {cosine} {x:.2f} {y:.2f} Tm"]
        for run in mark.lettering.runs:
            for name, text in self._pieces(run):
                found += [f"{name} {mark.size * run.scale:.3f} Tf", f"<{text}> Tj"]
        return [*found, "ET"]

    def _picture(self, picture: Picture, logo: _Logo) -> list[str]:
        name = self._doc.getXObjectName(logo.name)
        if name not in self._doc.idToObject:
            image = PDFImageXObject(logo.name)
            image.width, image.height = logo.pixels
            image.bitsPerComponent, image.colorSpace = 8, "DeviceRGB"
            image.streamContent, image._filters = logo.content, ("DCTDecode",)  # noqa: SLF001 - no public way
            self._doc.Reference(image, name)
            self._doc.addForm(logo.name, image)
        self._formsinuse.append(logo.name)
        self._currentPageHasImages = 1
        size = f"{picture.width:.2f} 0 0 {picture.height:.2f}"
        return [f"q {size} {picture.x:.2f} {PAGE_HEIGHT - picture.y - picture.height:.2f} cm /{name} Do Q"]


def _moved(shown: list[str], run: Run, size: float) -> list[str]:
    """Draw a run beside its place, then go where the next one stands. PDF counts thousandths to the left."""
    left = f"{-run.right_em * 1000:.0f}"
    back = f"{-run.on_em * 1000:.0f}"
    return [f"{run.up_em * size:.3f} Ts", *shown[:-1], f"[{left}] TJ", shown[-1], f"[{back}] TJ", "0 Ts"]


def _said(shown: list[str], written: str) -> list[str]:
    """What a reader finds, copies and hears in place of private characters."""
    text = f"feff{written.encode('utf-16-be').hex()}" if written else ""
    return [f"/Span <</ActualText <{text}>>> BDC", *shown, "EMC"]


def _plate(plate: Plate) -> list[str]:
    bottom = PAGE_HEIGHT - plate.y - plate.height
    colour = f"{_rgb(plate.colour)} rg"
    if not plate.radius:
        return [colour, f"{plate.x:.2f} {bottom:.2f} {plate.width:.2f} {plate.height:.2f} re f"]
    left, right, top = plate.x, plate.x + plate.width, bottom + plate.height
    far = plate.radius
    near = far * (1 - _ROUND)
    return [
        colour,
        f"{left + far:.2f} {bottom:.2f} m {right - far:.2f} {bottom:.2f} l",
        f"{right - near:.2f} {bottom:.2f} {right:.2f} {bottom + near:.2f} {right:.2f} {bottom + far:.2f} c",
        f"{right:.2f} {top - far:.2f} l",
        f"{right:.2f} {top - near:.2f} {right - near:.2f} {top:.2f} {right - far:.2f} {top:.2f} c",
        f"{left + far:.2f} {top:.2f} l",
        f"{left + near:.2f} {top:.2f} {left:.2f} {top - near:.2f} {left:.2f} {top - far:.2f} c",
        f"{left:.2f} {bottom + far:.2f} l",
        f"{left:.2f} {bottom + near:.2f} {left + near:.2f} {bottom:.2f} {left + far:.2f} {bottom:.2f} c f",
    ]


def _rule(rule: Rule) -> list[str]:
    """A thin plate: a stroked line would be widened to a pixel by some viewers."""
    bottom = PAGE_HEIGHT - rule.y - rule.thickness / 2
    return [f"{_rgb(rule.colour)} rg {rule.x:.2f} {bottom:.2f} {rule.width:.2f} {rule.thickness:.2f} re f"]


def _code(code: Code) -> list[str]:
    count, modules = _modules(code.content)
    step = code.size / count
    place = f"{step:.4f} 0 0 {step:.4f} {code.x:.2f} {PAGE_HEIGHT - code.y - code.size:.2f} cm"
    return [f"q 0 0 0 rg {place}", modules, "f Q"]


@lru_cache(maxsize=64)
def _modules(content: str) -> tuple[int, str]:
    """A QR code with error correction M, as payment codes ask for: its width in modules, its dark bars."""
    code = QRCode(None, QRErrorCorrectLevel.M)
    code.addData(QR8bitByte(content))
    code.version = code.calculate_version()
    code.makeImpl(False, _QR_MASK)  # noqa: FBT003 - a vendor's signature
    count = len(code.modules)
    bars = []
    for number, row in enumerate(code.modules, start=1):
        text = "".join(["x" if dark else " " for dark in row])
        bars += [f"{bar.start()} {count - number} {len(bar[0])} 1 re" for bar in _DARK.finditer(text)]
    return count, "\n".join(bars)


@lru_cache(maxsize=32)
def _read_logo(content: bytes) -> _Logo:
    return _Logo(content)


@lru_cache(maxsize=256)
def _rgb(colour: str) -> str:
    parts = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return " ".join(f"{part:.4f}" for part in parts)
