"""The pieces of customer pages that several pages show: the studio, forms, notices, rows, steps.

Every sum, date and time in them is already worded; an empty string or None leaves its line out.
"""

import re
from dataclasses import dataclass
from typing import ClassVar, Literal

from shared.policies.brand_colour import DEFAULT_COLOUR


@dataclass(frozen=True, kw_only=True)
class Brand:
    """The studio as its pages show it. ``colour`` is its one colour, ``logo`` an address or data URI."""

    studio_name: str
    phone: str
    email: str
    hours: str = ""
    """``Monday to Friday, 9:00–18:00``."""
    address: str = ""
    colour: str = DEFAULT_COLOUR
    logo: str | None = None
    legal_url: str | None = None
    privacy_url: str | None = None

    @property
    def phone_link(self) -> str:
        """The number as a ``tel:`` link."""
        return "tel:" + re.sub(r"[^\d+]", "", self.phone)

    @property
    def stylesheet(self) -> str:
        """Where the studio's accents are served: made of the colour alone, so it needs no look-up."""
        return f"/l/brand/{self.colour.removeprefix('#').lower()}.css"


@dataclass(frozen=True)
class Form:
    """Where a button posts to. ``csrf`` is hidden in it, and so are ``fields`` (name, value)."""

    action: str
    csrf: str
    fields: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Notice:
    """One notice: what is so in bold, then what to do. ``call`` adds the studio's number at the end."""

    kind: Literal["plain", "warning", "wrong"]
    bold: str
    rest: str = ""
    more: str = ""
    icon: Literal["mail", "clock", "check", "alert"] = "alert"
    link: tuple[str, str] | None = None
    """Words and address of one link after the text."""
    call: bool = False


@dataclass(frozen=True)
class AmountLine:
    """One row of amounts; ``done`` is a word with a tick before the detail ("Paid")."""

    name: str
    amount: str
    detail: str = ""
    done: str = ""
    strong: bool = False
    quiet: bool = False
    """The amount is words ("Not paid"), shown as secondary text."""


@dataclass(frozen=True)
class Step:
    """One step of what happens next."""

    name: str
    detail: str = ""
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class Page:
    """What every page has. ``brand`` is None only where a host serves several studios."""

    template: ClassVar[str]

    brand: Brand | None
    practice: bool = False
    language: str = "en"
    event_word: str = "event"
    """What the studio calls what was booked: wedding, party, session."""
