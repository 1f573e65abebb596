"""Decides how a text stands on paper: where lines break, how signs are ordered, which fonts draw them.

reportlab draws characters one after the other. So Arabic letters are joined and right-to-left text is
reordered here, after wrapping, and words of scripts whose letters change and move are set glyph by glyph.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Final, NamedTuple

from arabic_reshaper import ArabicReshaper
from bidi import get_display

from shared.errors import TextNotPrintable
from shared.invoice_pdf.fonts import MICRO, Weight, is_shaped
from shared.invoice_pdf.shaping import PRIVATE, UNITS_PER_EM, ShapedGlyph

_CJK: Final = "\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff00-\uffef"
_TOKENS: Final = re.compile(f"[{_CJK}]|[^ {_CJK}]+| +")
_NO_LINE_START: Final = re.compile("[\u3001\u3002\u3005\u30fb\u30fc\uff01\uff0c\uff0e\uff1a\uff1b\uff1f]")
"""East Asian punctuation that belongs to the sign before it; closing brackets are known by their category."""

_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ARABIC: Final = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff]")
_PLAIN: Final = re.compile(
    "^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u0377\u037a-\u058f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2212]*$"
)
"""Text that needs nothing but its fonts; U+00AD is left out."""

_INDIA, _TIBET = "\u0900-\u0dff\u1cd0-\u1cff\ua8e0-\ua8ff", "\u0f00-\u0fff"
_BURMA, _CAMBODIA = "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f", "\u1780-\u17ff\u19e0-\u19ff"
_MALDIVES: Final = "\u0780-\u07bf"
_SHAPED_SIGNS: Final = f"{_INDIA}{_TIBET}{_BURMA}{_CAMBODIA}{_MALDIVES}"
"""Of scripts whose letters change and move with their neighbours; Sri Lanka's is among India's."""

_JOINERS: Final = "\u200c\u200d"
_SHAPED: Final = re.compile(f"([{_SHAPED_SIGNS}][{_SHAPED_SIGNS}{_JOINERS}]*)")
_STRAY_JOINER: Final = re.compile(f"(?<![{_SHAPED_SIGNS}{_JOINERS}])[{_JOINERS}]+")
_THAANA: Final = re.compile(f"[{_MALDIVES}]")
_VIRAMA: Final = 9
"""The combining class of signs that join the letter after them."""

_OPENING: Final = "([{«"
_CLOSING: Final = ")]}»"
_MIRRORED: Final = dict(zip(_OPENING + _CLOSING, _CLOSING + _OPENING, strict=True))

_VARIATION: Final = re.compile("[\ufe00-\ufe0f]")


_SOUTH_EAST: Final = re.compile("[\u0e00-\u0eff]")
_THAI_AM: Final = re.compile("([\u0e48-\u0e4b])\u0e33")
"""A tone sign above the vowel am: drawn as its ring, the tone, its stroke."""

_RAISED: Final = (
    (re.compile("(?<=[\u0e31\u0e34-\u0e37\u0e47\u0e4d])[\u0e48-\u0e4c]"), 0.19),
    (re.compile("(?<=[\u0eb1\u0eb4-\u0eb7\u0ebb\u0ecd])[\u0ec8-\u0ecc]"), 0.33),
)
"""Tone signs of Thai and Lao above an upper vowel, and how far they go up to clear it, in em."""

_BESIDE: Final = re.compile("[\u0e1b\u0e1d\u0e1f\u0e2c][\u0e38-\u0e3a]?([\u0e31\u0e34-\u0e37\u0e47-\u0e4d]+)")
_BESIDE_EM: Final = -0.11
"""Thai signs above a consonant with a tall stem stand to the left of the stem."""


class Run(NamedTuple):
    """Characters of one font, at ``scale`` of the size, moved from their place by em of their font.

    ``on_em`` is how far the pen goes on after them beyond their widths. Private characters say what they are
    ``written`` as, the first of a word for all of it.
    """

    font: str
    scale: float
    text: str
    right_em: float = 0.0
    up_em: float = 0.0
    on_em: float = 0.0
    written: str | None = None

    @property
    def is_moved(self) -> bool:
        """Whether it stands elsewhere, or what comes after it does."""
        return bool(self.right_em or self.up_em or self.on_em)


class Lettering(NamedTuple):
    """One line ready to draw: its runs from left to right and its width at size 1."""

    runs: tuple[Run, ...]
    width_em: float


@lru_cache(maxsize=8192)
def letter(text: str, weight: Weight) -> Lettering:
    """One line of text in drawing order; raises TextNotPrintable."""
    drawn = drawing_order(text)
    if not _SHAPED.search(drawn):
        return _set(drawn, weight)
    pieces = [
        (_set_shaped if _SHAPED.match(piece) else _set)(piece, weight)
        for piece in _SHAPED.split(drawn)
        if piece
    ]
    runs = tuple(run for piece in pieces for run in piece.runs)
    return Lettering(runs, sum(piece.width_em for piece in pieces))


def _set(drawn: str, weight: Weight) -> Lettering:
    """Character by character."""
    table = weight.glyphs
    glyphs = [table[character] for character in drawn]
    width_em = sum([glyph.width for glyph in glyphs]) / MICRO
    moved = _moved_signs(drawn) if _SOUTH_EAST.search(drawn) else {}
    fonts = {glyph.font for glyph in glyphs}
    if len(fonts) <= 1 and not moved:
        return Lettering(tuple(Run(glyph.font, glyph.scale, drawn) for glyph in glyphs[:1]), width_em)
    runs = []
    start = 0
    kinds = [(glyph.font, glyph.scale, *moved.get(index, (0.0, 0.0))) for index, glyph in enumerate(glyphs)]
    for (font, scale, right_em, up_em), group in groupby(kinds):
        end = start + len(list(group))
        runs.append(Run(font, scale, drawn[start:end], right_em, up_em, -right_em))
        start = end
    return Lettering(tuple(runs), width_em)


def _set_shaped(word: str, weight: Weight) -> Lettering:
    """Glyph by glyph, each font's part for itself."""
    runs: list[Run] = []
    width = 0
    for (font, scale), part in _parts(word, weight):
        if not is_shaped(font):
            plain = _set(part, weight)
            runs += plain.runs
            width += round(plain.width_em * MICRO)
            continue
        written = part[::-1] if _THAANA.match(part) else part  # what was turned round is shaped as written
        glyphs = weight.shaper(font).shape(written)
        missing = next((glyph for glyph in glyphs if ord(glyph.character) == PRIVATE.start), None)
        if missing is not None:
            raise TextNotPrintable(field="text", character=written[missing.first])
        runs += _shaped_runs(glyphs, font, scale, written)
        width += round(sum(glyph.advance for glyph in glyphs) * scale * MICRO / UNITS_PER_EM)
    return Lettering(tuple(runs), width / MICRO)


def _parts(word: str, weight: Weight) -> Iterator[tuple[tuple[str, float], str]]:
    """What each font has of a word; a joiner goes with the letter before it."""
    fonts: list[tuple[str, float]] = []
    for sign in word:
        glyph = None if sign in _JOINERS else weight.glyphs[sign]
        fonts.append(fonts[-1] if glyph is None else (glyph.font, glyph.scale))
    for font, group in groupby(zip(fonts, word, strict=True), key=itemgetter(0)):
        yield font, "".join(sign for _, sign in group)


def _shaped_runs(glyphs: Sequence[ShapedGlyph], font: str, scale: float, written: str) -> Iterator[Run]:
    """Glyphs that stand like characters together, each other one alone."""
    said: str | None = written
    for is_plain, group in groupby(glyphs, key=attrgetter("is_plain")):
        same = list(group)
        for some in [same] if is_plain else [[one] for one in same]:
            first = some[0]
            on = 0 if is_plain else first.advance - first.width - first.right
            right_em, up_em, on_em = (units / UNITS_PER_EM for units in (first.right, first.up, on))
            text = "".join(one.character for one in some)
            yield Run(font, scale, text, right_em, up_em, on_em, said or "")
            said = None


def _moved_signs(drawn: str) -> dict[int, tuple[float, float]]:
    """Which signs leave their place, by index: how far to the right and up, in em."""
    up = {found.start(): up_em for pattern, up_em in _RAISED for found in pattern.finditer(drawn)}
    beside = {index for found in _BESIDE.finditer(drawn) for index in range(*found.span(1))}
    return {index: (_BESIDE_EM if index in beside else 0.0, up.get(index, 0.0)) for index in {*up, *beside}}


def drawing_order(text: str) -> str:
    """The characters as they are drawn from left to right, without those that are only instructions."""
    if _PLAIN.match(text):
        return text
    drawn = _THAI_AM.sub("\u0e4d\\1\u0e32", text)
    if _RIGHT_TO_LEFT.search(drawn):
        if _ARABIC.search(drawn):
            drawn = _reshaper().reshape(drawn)
        drawn = _with_brackets_turned(str(get_display(drawn)))
    return "".join(
        char
        for char in _STRAY_JOINER.sub("", _VARIATION.sub("", drawn))
        if char in _JOINERS or unicodedata.category(char) not in {"Cf", "Zl", "Zp"}
    )


@lru_cache(maxsize=2048)
def wrap(text: str, width_em: float, weight: Weight) -> tuple[str, ...]:
    """Lines of at most that width, in writing order; line ends of the text stay. Never empty."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines += (
            [paragraph] if _width(paragraph, weight) <= width_em else _wrapped(paragraph, width_em, weight)
        )
    return tuple(lines)


def _wrapped(paragraph: str, width_em: float, weight: Weight) -> list[str]:
    lines: list[str] = []
    line, used = "", 0.0
    for token in _tokens(paragraph):
        width = _width(token, weight)
        if line and used + width > width_em and not token.isspace():
            lines.append(line.rstrip(" "))
            line, used = "", 0.0
        if width > width_em:
            *full, token = _pieces(token, width_em, weight)  # noqa: PLW2901 - the rest stands for the whole
            lines += full
            width = _width(token, weight)
        line, used = line + token, used + width
    lines.append(line.rstrip(" "))
    return lines


def _tokens(paragraph: str) -> list[str]:
    """Pieces between which a line may break; signs that may not begin a line stay with the sign before."""
    found: list[str] = []
    for token in _TOKENS.findall(paragraph):
        closing = _NO_LINE_START.match(token) or unicodedata.category(token[0]) in {"Pe", "Pf"}
        if found and closing:
            found[-1] += token
        else:
            found.append(token)
    return found


def _pieces(token: str, width_em: float, weight: Weight) -> list[str]:
    """A word that is wider than the line, cut where it must be, never inside one sign of its readers."""
    found = [""]
    for character in token:
        if (
            found[-1]
            and not _belongs_to(found[-1][-1], character)
            and _width(found[-1] + character, weight) > width_em
        ):
            found.append("")
        found[-1] += character
    return found


def _belongs_to(before: str, sign: str) -> bool:
    """Whether a sign is written at the one before it."""
    is_mark = unicodedata.category(sign) in {"Mn", "Mc"} or sign in _JOINERS
    return is_mark or before in _JOINERS or unicodedata.combining(before) == _VIRAMA


def _width(text: str, weight: Weight) -> float:
    if _PLAIN.match(text):
        return weight.width_em(text)
    return letter(text, weight).width_em if _SHAPED.search(text) else weight.width_em(drawing_order(text))


def _with_brackets_turned(drawn: str) -> str:
    """Reordering leaves brackets as typed; a pair that now stands closing sign first is mirrored."""
    signs = list(drawn)
    waiting: list[int] = []
    for index, sign in enumerate(signs):
        if sign not in _MIRRORED:
            continue
        if waiting and signs[waiting[-1]] == _MIRRORED[sign]:
            first = waiting.pop()
            if signs[first] in _CLOSING:
                signs[first], signs[index] = sign, signs[first]
        else:
            waiting.append(index)
    return "".join(signs)


@lru_cache(maxsize=1)
def _reshaper() -> ArabicReshaper:
    # vowel signs are part of a name and stay
    return ArabicReshaper({"delete_harakat": False, "support_ligatures": True})
