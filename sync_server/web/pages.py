"""Turns a page's values into HTML, and serves the pages' own style sheets, icons and fonts.

The only place of the web that knows jinja2. No style attribute, no inline script; a value that a
template lacks is a bug.
"""

import re
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from shared.policies.brand_colour import Accents, brand_colours
from sync_server.web.page_pieces import Page

RESOURCES: Final = Path(__file__).resolve().parents[2] / "resources"
ASSET_PATH: Final = "/l/assets/"
"""Where the shared assets are served; a fingerprint follows as a query, so they may be kept for long."""

_TEMPLATES: Final = RESOURCES / "customer_pages"
_FONTS: Final = RESOURCES / "fonts" / "web"
_UNBROKEN: Final = re.compile(
    r"−?\d[\d.,\u00a0\u202f]*\d? [A-Z]{3}\b|\d\d:\d\d–\d\d:\d\d"
    r"|\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)

_HIDDEN_LETTERS: Final = re.compile(r"…(?=\w*@)")


@dataclass(frozen=True)
class Asset:
    """A file as it is served."""

    content: bytes
    media_type: str


def render_page(page: Page) -> str:
    """The whole page as HTML."""
    values = {field.name: getattr(page, field.name) for field in fields(page)}
    return _environment().get_template(page.template).render(values)


def brand_stylesheet(colour_digits: str) -> str:
    """The sheet behind ``Brand.stylesheet``: one studio's accents, light and dark, from six hex digits.

    Raises FieldInvalid.
    """
    colours = brand_colours("#" + colour_digits)
    dark = _properties(colours.dark)
    return f":root{{{_properties(colours.light)}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


@lru_cache(maxsize=1)
def page_assets() -> dict[str, Asset]:
    """Every shared file of the pages by its name below ``ASSET_PATH``."""
    assets = {"pages.css": Asset((_TEMPLATES / "pages.css").read_bytes(), "text/css; charset=utf-8")}
    for path in sorted(_FONTS.glob("*.woff2")):
        assets[path.name] = Asset(path.read_bytes(), "font/woff2")
    return assets


def _properties(accents: Accents) -> str:
    return (
        f"--accent:{accents.accent};--accent-hover:{accents.accent_hover};--on-accent:{accents.on_accent};"
        f"--accent-soft:{accents.accent_soft};--accent-on-soft:{accents.accent_on_soft}"
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["keep"] = _keep
    environment.filters["number"] = lambda amount: amount.rpartition(" ")[0] or amount
    environment.filters["currency"] = lambda amount: amount.rpartition(" ")[2]
    environment.filters["tel"] = lambda phone: "tel:" + re.sub(r"[^\d+]", "", phone)
    environment.globals["assets"] = ASSET_PATH
    return environment


def _keep(words: str) -> Markup:
    """The words with sums, time ranges and days kept on one line each."""
    if isinstance(words, Markup):
        return words
    wrapped = _UNBROKEN.sub(lambda found: f'<span class="nb">{found.group(0)}</span>', str(escape(words)))
    wrapped = _HIDDEN_LETTERS.sub("…\N{WORD JOINER}", wrapped)
    return Markup(wrapped)  # noqa: S704 - escaped just before
