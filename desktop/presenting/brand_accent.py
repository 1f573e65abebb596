"""Derives the accent from the studio's brand colour, and says how well text reads on it (WCAG 2.1)."""

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass

from shared.policies.brand_colour import INK, READABLE, WHITE, channels, contrast, in_hex


@dataclass(frozen=True, slots=True)
class Accent:
    """The five accent tokens of one mode."""

    accent: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    accent_line: str

    def tokens(self) -> Mapping[str, str]:
        """The colours under their token names."""
        return {name: getattr(self, name) for name in self.__slots__}


def light_accent(brand: str) -> Accent:
    """The accent on paper; text on it is white when that reads, else dark."""
    return Accent(
        accent=brand,
        accent_pressed=mix(brand, "#000000", 0.17),
        on_accent=WHITE if contrast(brand, WHITE) >= READABLE else INK,
        accent_soft=mix(WHITE, brand, 0.125),
        accent_line=mix(WHITE, brand, 0.385),
    )


def dark_accent(brand: str, surface: str) -> Accent:
    """The accent in dark mode: the brand lightened until it has enough contrast on the surface."""
    accent = _lightened(brand, surface)
    dark = mix("#000000", accent, 0.15)
    light = contrast(accent, WHITE) >= READABLE and contrast(accent, dark) < READABLE
    return Accent(
        accent=accent,
        accent_pressed=mix(accent, WHITE, 0.16),
        on_accent=WHITE if light else dark,
        accent_soft=mix(surface, accent, 0.15),
        accent_line=mix(surface, accent, 0.4),
    )


def verdict(brand: str) -> str:
    """How text on the brand colour reads, in words: "White text on it reads well, 6.0 : 1"."""
    ratio = contrast(brand, WHITE)
    if ratio >= READABLE:
        return f"White text on it reads well, {ratio:.1f} : 1"
    return f"White text on it is hard to read, {ratio:.1f} : 1; dark text is used"


def mix(base: str, other: str, share: float) -> str:
    """`base` with a share of `other` in it."""
    pairs = zip(_parts(base), _parts(other), strict=True)
    return in_hex(round((a + (b - a) * share) * 255) for a, b in pairs)


def _lightened(brand: str, surface: str) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(brand))
    lightness = max(lightness, 0.56)
    while True:
        parts = colorsys.hls_to_rgb(hue, min(lightness, 1.0), saturation)
        color = in_hex(round(part * 255) for part in parts)
        if contrast(color, surface) >= READABLE or lightness >= 1.0:
            return color
        lightness += 0.02


def _parts(color: str) -> tuple[float, float, float]:
    red, green, blue = channels(color)
    return red / 255, green / 255, blue / 255
