"""The colours of one mode as one object; the accent follows the studio's brand colour, the rest is fixed."""

import json
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Self

from desktop.presenting.brand_accent import dark_accent, light_accent
from desktop.qt.resource_files import THEMES


@dataclass(frozen=True, slots=True)
class Tokens:
    """Colours as "#RRGGBB" ("#AARRGGBB" for the scrim), named by what they are used for."""

    dark: bool
    bg: str
    side: str
    surface: str
    sunken: str
    hover: str
    off: str
    hatch: str
    border: str
    border2: str
    control: str
    text: str
    secondary: str
    disabled: str
    accent: str
    accent_pressed: str
    on_accent: str
    accent_soft: str
    accent_line: str
    danger: str
    danger_soft: str
    danger_line: str
    on_danger: str
    warning: str
    warning_soft: str
    warning_line: str
    warning_edge: str
    info: str
    info_soft: str
    info_line: str
    mat: str
    scrim: str
    bar: str
    on_bar: str

    def with_brand(self, brand: str) -> Self:
        """These colours with the accent of a brand colour."""
        accent = dark_accent(brand, self.surface) if self.dark else light_accent(brand)
        values: dict[str, Any] = dict(accent.tokens())
        return replace(self, **values)

    def as_dict(self) -> dict[str, str]:
        """Every colour under its name, for the style sheet."""
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "dark"}


@lru_cache(maxsize=8)
def load_tokens(*, dark: bool, brand: str = "") -> Tokens:
    """The colours of a mode; `brand` empty or the file's own brand keeps the accent that the file fixes."""
    content = json.loads((THEMES / ("dark.json" if dark else "light.json")).read_text(encoding="utf-8"))
    tokens = Tokens(dark=dark, **content["tokens"])
    if not brand or brand.upper() == content["brand"]:
        return tokens
    return tokens.with_brand(brand.upper())
