"""Derives the accent from the studio's brand colour, and says how well text reads on it (WCAG 2.1)."""

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

ENOUGH: Final = 4.5
_WHITE: Final = "#FFFFFF"
_DARK_TEXT: Final = "#1F2328"


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


def luminance(color: str) -> float:
    """The relative luminance of "#RRGGBB"."""
    linear = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's own
        for part in _parts(color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def light_accent(brand: str) -> Accent:
    """The accent on paper; text on it is white when that reads, else dark."""
    return Accent(
        accent=brand,
        accent_pressed=mix(brand, "#000000", 0.17),
        on_accent=_WHITE if contrast(brand, _WHITE) >= ENOUGH else _DARK_TEXT,
        accent_soft=mix(_WHITE, brand, 0.125),
        accent_line=mix(_WHITE, brand, 0.385),
    )


def dark_accent(brand: str, surface: str) -> Accent:
    """The accent in dark mode: the brand lightened until it has enough contrast on the surface."""
    accent = _lightened(brand, surface)
    dark = mix("#000000", accent, 0.15)
    light = contrast(accent, _WHITE) >= ENOUGH and contrast(accent, dark) < ENOUGH
    return Accent(
        accent=accent,
        accent_pressed=mix(accent, _WHITE, 0.16),
        on_accent=_WHITE if light else dark,
        accent_soft=mix(surface, accent, 0.15),
        accent_line=mix(surface, accent, 0.4),
    )


def verdict(brand: str) -> str:
    """How text on the brand colour reads, in words: "White text on it reads well, 6.0 : 1"."""
    ratio = contrast(brand, _WHITE)
    if ratio >= ENOUGH:
        return f"White text on it reads well, {ratio:.1f} : 1"
    return f"White text on it is hard to read, {ratio:.1f} : 1; dark text is used"


def mix(base: str, other: str, share: float) -> str:
    """`base` with a share of `other` in it."""
    pairs = zip(_parts(base), _parts(other), strict=True)
    return "#" + "".join(f"{round((a + (b - a) * share) * 255):02X}" for a, b in pairs)


def _lightened(brand: str, surface: str) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_parts(brand))
    lightness = max(lightness, 0.56)
    while True:
        parts = colorsys.hls_to_rgb(hue, min(lightness, 1.0), saturation)
        color = "#" + "".join(f"{round(part * 255):02X}" for part in parts)
        if contrast(color, surface) >= ENOUGH or lightness >= 1.0:
            return color
        lightness += 0.02


def _parts(color: str) -> tuple[float, float, float]:
    digits = color.removeprefix("#")
    red, green, blue = (int(digits[index : index + 2], 16) / 255 for index in (0, 2, 4))
    return red, green, blue
