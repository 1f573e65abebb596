"""Gives plain HTML of a mail its inline styles, because many mail programs read no style sheet.

A template writes ``<h1>``, ``<p class="small">`` or ``<table class="facts">``; this file says how each looks.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

FONT: Final = "font-family:Inter,system-ui,'Segoe UI',Roboto,Arial,sans-serif;"
TEXT: Final = "#1F2328"
SECONDARY: Final = "#5C6168"
BORDER: Final = "#E4E1DA"

_TAG: Final = re.compile(
    r'<(h1|p|table|th|td|a|span|strong)(?: class="([a-z ]+)")?(?=[\s>])(?![^>]*\bstyle=)'
)
_BODY: Final = f"{FONT}font-size:16px;line-height:26px;color:{TEXT};"
_ROW: Final = f"border-bottom:1px solid {BORDER};vertical-align:top;text-align:left;"
_FACTS: Final = f"{FONT}font-size:16px;line-height:24px;color:{TEXT};padding:14px 0;{_ROW}"
_SUMS: Final = f"{FONT}font-size:16px;line-height:24px;color:{TEXT};padding:12px 0;vertical-align:top;"
_LINE: Final = f"border-top:1px solid {BORDER};text-align:left;"
_TOTAL: Final = f"border-top:1px solid {TEXT};border-bottom:1px solid {BORDER};font-weight:600;"
_FIGURES: Final = "text-align:right;white-space:nowrap;font-feature-settings:'tnum' 1;"
_LARGE: Final = (
    f"{FONT}font-size:32px;line-height:38px;font-weight:600;letter-spacing:-0.4px;white-space:nowrap;"
)
_UNIT: Final = f"{FONT}font-size:18px;line-height:38px;font-weight:500;"
LARGE_SUM: Final = f'<span style="{_LARGE}">{{}}</span> <span style="{_UNIT}">{{}}</span>'
"""A sum as the one large amount of a mail: a format of its number and its currency."""
_TABLE: Final = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"'


@dataclass(frozen=True)
class LetterColours:
    """The studio's colours on white, each ``#RRGGBB``."""

    accent: str
    on_accent: str
    accent_soft: str


def with_styles(html: str, colours: LetterColours) -> str:
    """The HTML with every known tag styled inline; unknown tags and tags with own styles stay as they are."""

    def styled(found: re.Match[str]) -> str:
        tag, kind = found.group(1), found.group(2) or ""
        style = _style(tag, kind, colours)
        if not style:
            return found.group(0)
        more = f" {_TABLE}" if tag == "table" else ""
        return f'<{tag}{more} style="{style}"'

    return _TAG.sub(styled, html)


@lru_cache(maxsize=1024)
def _style(tag: str, kind: str, colours: LetterColours) -> str:
    soft = f"background-color:{colours.accent_soft};border-radius:10px;padding:20px 24px;"
    styles = {
        "h1": f"{FONT}font-size:26px;line-height:34px;font-weight:600;letter-spacing:-0.4px;color:{TEXT};"
        "margin:0 0 14px;",
        "p": f"{_BODY}margin:0 0 16px;",
        "p small": f"{FONT}font-size:14px;line-height:22px;color:{SECONDARY};margin:0 0 28px;",
        "p fine": f"{FONT}font-size:14px;line-height:22px;color:{TEXT};margin:0 0 24px;",
        "p after": f"{_BODY}margin:24px 0 16px;",
        "p signature": f"{_BODY}margin:24px 0 0;",
        "table": "",
        "table facts": f"border-collapse:collapse;border-top:1px solid {BORDER};margin:0 0 28px;",
        "table sums": "border-collapse:separate;margin:0 0 24px;",
        "table box": "border-collapse:separate;margin:0 0 28px;",
        "th": f"{_FACTS}width:104px;font-size:14px;font-weight:400;color:{SECONDARY};",
        "td": _FACTS,
        "td name": _SUMS + _LINE,
        "td sum": _SUMS + _LINE + _FIGURES,
        "td name total": _SUMS + _TOTAL,
        "td sum total": _SUMS + _TOTAL + _FIGURES,
        "td box": f"{FONT}font-size:14px;line-height:22px;color:{TEXT};{soft}",
        "span large": _LARGE,
        "span unit": _UNIT,
        "strong": "font-weight:600;",
        "a": f"color:{colours.accent};text-decoration:underline;",
    }
    return styles.get(f"{tag} {kind}".strip(), "")
