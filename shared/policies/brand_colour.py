"""Turns a studio's one colour into the accents of light and dark screens, readable wherever they stand.

The rules are those of the looks: darkened until 4.5 : 1 on the warm paper, lightened until 4.5 : 1 on the
dark surface; text on it is white where that reads, else the text colour. The default keeps its drawn values.
"""

import colorsys
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from shared.errors import FieldInvalid

READABLE: Final = 4.5
"""Contrast that WCAG 2 asks of body text (success criterion 1.4.3)."""

PAPER: Final = "#F7F6F3"
SURFACE_DARK: Final = "#1F2226"
WHITE: Final = "#FFFFFF"
BLACK: Final = "#000000"
INK: Final = "#1F2328"
DEFAULT_COLOUR: Final = "#1F6F5C"

_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_STEP: Final = 0.005


@dataclass(frozen=True)
class Accents:
    """One mode's accents, each ``#RRGGBB``. ``accent_on_soft`` is the accent as text on ``accent_soft``."""

    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    accent_on_soft: str


@dataclass(frozen=True)
class BrandColours:
    """A studio's accents for light and dark, and whether its colour had to be darkened to read on paper."""

    light: Accents
    dark: Accents
    darkened: bool


_DRAWN: Final = BrandColours(
    light=Accents("#1F6F5C", "#1D6856", WHITE, "#E3F0EC", "#1F6F5C"),
    dark=Accents("#5CC2A5", "#56B69B", "#0E1F1A", "#1D3832", "#5CC2A5"),
    darkened=False,
)


def brand_colours(colour: str) -> BrandColours:
    """The accents that follow from a studio's colour ``#RRGGBB``; raises FieldInvalid."""
    if not _HEX.fullmatch(colour):
        raise FieldInvalid(field="colour", detail="a colour is # and six digits or letters from A to F")
    colour = colour.upper()
    if colour == DEFAULT_COLOUR:
        return _DRAWN
    accent = _shifted(colour, -_STEP, PAPER)
    return BrandColours(light=_light(accent), dark=_dark(colour), darkened=accent != colour)


def contrast(first: str, second: str) -> float:
    """The contrast of two colours ``#RRGGBB`` by WCAG 2: 1.0 (equal) to 21.0 (black on white)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue of ``#RRGGBB``, each 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def in_hex(parts: Iterable[int]) -> str:
    """``#RRGGBB`` of red, green and blue, each 0 to 255."""
    return "#" + "".join(f"{part:02X}" for part in parts)


def _light(accent: str) -> Accents:
    soft = _mixed(accent, WHITE, 12)
    hover = _mixed(BLACK, accent, 6)
    return Accents(
        accent=accent,
        accent_hover=hover,
        on_accent=_text_on(accent, hover),
        accent_soft=soft,
        accent_on_soft=_shifted(accent, -_STEP, soft),
    )


def _dark(colour: str) -> Accents:
    accent = _shifted(colour, _STEP, SURFACE_DARK)
    soft = _mixed(accent, SURFACE_DARK, 16)
    hover = _mixed(BLACK, accent, 6)
    return Accents(
        accent=accent,
        accent_hover=hover,
        on_accent=_text_on(accent, hover),
        accent_soft=soft,
        accent_on_soft=_shifted(accent, _STEP, soft),
    )


def _text_on(accent: str, hover: str) -> str:
    """White where it reads, else the text colour; black where a middling accent leaves neither enough."""
    for text in (WHITE, INK):
        if min(contrast(text, accent), contrast(text, hover)) >= READABLE:
            return text
    return BLACK


def _shifted(colour: str, step: float, ground: str) -> str:
    """The colour, its lightness moved by steps until it reads on the ground (black and white always do)."""
    red, green, blue = (channel / 255 for channel in channels(colour))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    found = colour
    while contrast(found, ground) < READABLE:
        lightness = min(1.0, max(0.0, lightness + step))
        parts = colorsys.hls_to_rgb(hue, lightness, saturation)
        found = in_hex(tuple(round(part * 255) for part in parts))
    return found


def _mixed(colour: str, ground: str, percent: int) -> str:
    pairs = zip(channels(colour), channels(ground), strict=True)
    return in_hex(tuple((over * percent + under * (100 - percent) + 50) // 100 for over, under in pairs))


def _luminance(colour: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own numbers
        for part in (channel / 255 for channel in channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
