"""Glyphs of scripts whose letters change and move with their neighbours. The only door to HarfBuzz.

reportlab draws characters, not glyphs. So each glyph of such a font is given a character of Unicode's private
area by its number in the font: the same one in every document and every process.
"""

from pathlib import Path
from typing import Final, NamedTuple

import uharfbuzz

PRIVATE: Final = range(0xE000, 0xF900)
"""What stands for glyphs here is nobody's own character: typed ones have no font."""

UNITS_PER_EM: Final = 1000
_LANGUAGE: Final = "und"
"""HarfBuzz would take the language of the process; paper looks alike everywhere."""


class ShapedGlyph(NamedTuple):
    """A glyph by its private character: how it is moved and how far it is to the next one, beside its width.

    In thousandths of an em. ``first`` is the place in the text of the first character that it stands for.
    """

    character: str
    right: int
    up: int
    advance: int
    width: int
    first: int

    @property
    def is_plain(self) -> bool:
        """Whether it stands where a character of its width would stand."""
        return not self.right and not self.up and self.advance == self.width


class Shaper:
    """One font. Not to be shared between threads without a lock."""

    def __init__(self, path: Path) -> None:
        face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
        assert face.upem == UNITS_PER_EM, f"{path.name} counts thousandths of an em"
        assert face.glyph_count <= len(PRIVATE), f"{path.name} fits into the private area"
        self._font = uharfbuzz.Font(face)
        self._glyph_count = face.glyph_count

    def widths(self) -> dict[int, int]:
        """The width of each glyph by its number."""
        return {glyph: self._font.get_glyph_h_advance(glyph) for glyph in range(self._glyph_count)}

    def shape(self, text: str) -> list[ShapedGlyph]:
        """The glyphs of a text in one script, from left to right, in writing order or not."""
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.language = _LANGUAGE
        uharfbuzz.shape(self._font, buffer, {})
        return [
            ShapedGlyph(
                chr(PRIVATE.start + info.codepoint),
                place.x_offset,
                place.y_offset,
                place.x_advance,
                self._font.get_glyph_h_advance(info.codepoint),
                info.cluster,
            )
            for info, place in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        ]
