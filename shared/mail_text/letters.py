"""Makes a mail's subject, text and HTML from its kind's wording and plain values.

A letter is drawn once for all mails whose wording, studio and present values are the same: what is kept is
its words, with a mark where each value stands. A mail is then its values set in.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape

from shared.errors import TemplateBroken, TemplatePlaceholderMissing, TemplateTooLarge
from shared.mail_text.letter_styles import LetterColours, with_styles
from shared.mail_text.placeholders import KINDS, AmountRow, MailValue, MailValues, sample_values
from shared.mail_text.render import checked_names, names_looked_into, rendered, unbroken
from shared.mail_text.wording import unbroken_sums

MAX_TEMPLATE_BYTES: Final = 64 * 1024
TEMPLATES: Final = Path(__file__).resolve().parents[2] / "resources" / "email_templates"

_MARK: Final = "\0"
"""Around the name of a value or a slot; no template, no name and no value of a studio can hold it."""
_ACTIVE_HTML: Final = re.compile(
    r"<\s*/?\s*(script|style|iframe|object|embed|form|input|link|meta|base|svg)\b|\son\w+\s*=|javascript:",
    re.IGNORECASE,
)
_SAFE_LINK: Final = re.compile(r"^(https?://|mailto:|tel:|#)")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
_SLOTS: Final = ("content", "preheader", "why")
_MANY_EMPTY_LINES: Final = re.compile(r"\n{3,}")
_ENDS_A_LINE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_BLOCK: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)

_Shape = tuple[tuple[str, object], ...]
"""What of each value decides how a letter is drawn."""


@dataclass(frozen=True)
class MailBranding:
    """How a studio's mails look. ``phone_hours`` names the zone; ``logo_cid`` the logo's content id."""

    studio_name: str
    address: str
    phone: str
    phone_hours: str
    colours: LetterColours
    logo_cid: str | None = None
    practice: bool = False


@dataclass(frozen=True)
class MailTemplate:
    """The three sources of one kind in one language."""

    subject: str
    text: str
    html: str

    @property
    def parts(self) -> tuple[tuple[str, str], ...]:
        """Name and source of each part."""
        return ("subject", self.subject), ("text", self.text), ("html", self.html)


@dataclass(frozen=True)
class RenderedMail:
    """A finished mail; the subject is one line.

    ``html`` is as mails carry it: lines of ASCII that end in CRLF, other characters by their numbers.
    """

    subject: str
    text: str
    html: str


def render_mail(
    kind: str,
    language: str,
    values: MailValues,
    *,
    branding: MailBranding,
    template: MailTemplate | None = None,
) -> RenderedMail:
    """One mail, worded and branded; ``template`` is the studio's own wording, else the shipped one.

    Raises TemplateBroken when the template fails on these values, or the subject would break its line.
    """
    known = KINDS[kind]
    assert known.required <= values.keys() | {"studio_name"}, f"{kind} lacks {known.required - values.keys()}"
    assert values.keys() <= known.allowed, f"{kind} does not know {values.keys() - known.allowed}"
    chosen = template or shipped_template(kind, language)
    given = {"studio_name": branding.studio_name, **values}
    looked_into = _looked_into(chosen)
    shape: list[tuple[str, object]] = []
    words: dict[str, str] = {}
    for name in _names_in(chosen, known.allowed):
        value = given.get(name, "")
        shape.append((name, _shape(value, whole=name in looked_into)))
        if isinstance(value, str):
            words[name] = value
        else:
            words |= _row_places(name, value)
    letter = _drawn(chosen, language, branding, tuple(shape))
    assert all(_SAFE_LINK.match(words[name]) for name in letter.links), "a link in a mail leads to a page"
    return RenderedMail(
        subject=_one_line(_set_in(letter.subject, words.__getitem__)),
        text=_set_in(letter.text, words.__getitem__).strip() + "\n",
        html=_set_in(letter.html, lambda place: _in_html(words[place])),
    )


def check_template(kind: str, *, subject: str, text: str, html: str) -> None:
    """Whether a studio's wording may be saved; raises the first fault with its part and line.

    TemplateTooLarge, TemplateBroken, TemplatePlaceholderUnknown, TemplatePlaceholderMissing.
    """
    known = KINDS[kind]
    template = MailTemplate(subject, text, html)
    for part, source in template.parts:
        if len(source.encode()) > MAX_TEMPLATE_BYTES:
            raise TemplateTooLarge(part=part)
        used = checked_names(source, part, allowed=known.allowed)
        missing = sorted(known.required - used)
        if missing and part != "subject":
            raise TemplatePlaceholderMissing(name=missing[0], part=part)
    if active := _ACTIVE_HTML.search(html):
        raise TemplateBroken(part="html", line=html.count("\n", 0, active.start()) + 1)
    sample_brand = MailBranding("Studio", "", "", "", LetterColours("#1F6F5C", "#FFFFFF", "#E3F0EC"))
    render_mail(kind, "en", sample_values(kind), branding=sample_brand, template=template)


@lru_cache(maxsize=256)
def shipped_template(kind: str, language: str) -> MailTemplate:
    """The wording that comes with the program; a part missing in the language is taken in English."""
    assert kind in KINDS, kind
    return MailTemplate(
        subject=_file(f"{kind}.subject.txt", language),
        text=_file(f"{kind}.txt", language),
        html=_file(f"{kind}.html", language),
    )


# --- drawing a letter once ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Letter:
    """Words and names of values by turns; ``links`` are the values that buttons lead to."""

    subject: tuple[str, ...]
    text: tuple[str, ...]
    html: tuple[str, ...]
    links: frozenset[str]


@lru_cache(maxsize=256)
def _looked_into(template: MailTemplate) -> frozenset[str]:
    return frozenset().union(*(names_looked_into(source, part) for part, source in template.parts))


@lru_cache(maxsize=256)
def _names_in(template: MailTemplate, allowed: frozenset[str]) -> frozenset[str]:
    """The values that a wording speaks of, after every part of it was found harmless."""
    return frozenset().union(
        *(checked_names(source, part, allowed=allowed) for part, source in template.parts)
    )


def _shape(value: MailValue, *, whole: bool) -> object:
    """All of a value that is looked into; of another what of it is there."""
    if whole or not value:
        return value if isinstance(value, str) else tuple(value)
    if isinstance(value, str):
        return True
    return tuple((bool(row.name), bool(row.amount), row.total) for row in value)


def _row_places(name: str, rows: Sequence[AmountRow]) -> dict[str, str]:
    """The marks of amount rows, and the words that are set in there."""
    return {f"{name}.{n}.{of}": words for n, row in enumerate(rows) for of, words in _row_words(row)}


def _row_words(row: AmountRow) -> tuple[tuple[str, str], tuple[str, str]]:
    return ("name", row.name), ("amount", row.amount)


def _marked(name: str, shape: object) -> MailValue:
    """The value as it is drawn: itself where it is looked into or not there, else marks."""
    if shape is True:
        return _mark(name)
    if isinstance(shape, str):
        return shape
    assert isinstance(shape, tuple), "amount rows, or what of each is there"
    return tuple(
        row if isinstance(row, AmountRow) else _marked_row(f"{name}.{n}", *row) for n, row in enumerate(shape)
    )


def _marked_row(place: str, has_name: object, has_amount: object, total: object) -> AmountRow:
    name, amount = _mark(f"{place}.name"), _mark(f"{place}.amount")
    return AmountRow(name if has_name else "", amount if has_amount else "", total=bool(total))


def _mark(place: str) -> str:
    return f"{_MARK}{place}{_MARK}"


@lru_cache(maxsize=512)
def _drawn(template: MailTemplate, language: str, branding: MailBranding, shape: _Shape) -> _Letter:
    values: dict[str, object] = {name: _marked(name, known) for name, known in shape}
    plain, rich = _TextLetter(), _HtmlLetter(branding.colours)
    subject = rendered(template.subject, "subject", values)
    text_body = rendered(template.text, "text", values | plain.components())
    html_body = rendered(_styled(template.html, branding.colours), "html", values | rich.components())
    text = {"content": text_body.strip(), "why": plain.why}
    html = {
        "content": html_body,
        "preheader": escape(unbroken(rich.preheader)),
        "why": escape(unbroken(rich.why)),
    }
    whole_text = _MANY_EMPTY_LINES.sub("\n\n", _framed("layout.txt", language, branding, filled=text))
    whole_html = _as_carried(_framed("layout.html", language, branding, filled=html))
    return _Letter(
        subject=tuple(subject.split(_MARK)),
        text=tuple(whole_text.split(_MARK)),
        html=tuple(whole_html.split(_MARK)),
        links=frozenset(plain.links + rich.links),
    )


@lru_cache(maxsize=4096)
def _in_html(words: str) -> str:
    """A value as a mail's HTML has it; mails of a batch say many alike."""
    return _as_carried(str(escape(unbroken_sums(words))))


def _as_carried(html: str) -> str:
    """HTML as lines of ASCII, which any mail system carries as they are."""
    lines = html.replace("\r\n", "\n").replace("\n", "\r\n")
    return lines.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _set_in(pieces: tuple[str, ...], words_of: Callable[[str], str]) -> str:
    """Words and names by turns as one text: each name's words in its place."""
    filled = list(pieces)
    filled[1::2] = map(words_of, pieces[1::2])
    return "".join(filled)


class _TextLetter:
    """The components as a text mail has them."""

    def __init__(self) -> None:
        self.why = ""
        self.links: list[str] = []

    def components(self) -> dict[str, object]:
        return {"button": self._button, "preheader": lambda _words: "", "why": self._because}

    def _button(self, label: str, link: str) -> str:
        self.links += _linked(link)
        return f"{label}:\n{link}"

    def _because(self, words: str) -> str:
        self.why = words
        return ""


class _HtmlLetter:
    """The components as an HTML mail has them: values arrive unescaped and leave as safe HTML."""

    def __init__(self, colours: LetterColours) -> None:
        self.colours = colours
        self.preheader = ""
        self.why = ""
        self.links: list[str] = []

    def components(self) -> dict[str, object]:
        return {"button": self._button, "preheader": self._ahead, "why": self._because}

    def _button(self, label: str, link: str) -> Markup:
        self.links += _linked(link)
        shown = {"label": unbroken(label), "link": unbroken(link), "colours": self.colours}
        return Markup(rendered(_file("button.html", "en"), "html", shown))  # noqa: S704 - our own template's

    def _ahead(self, words: str) -> Markup:
        self.preheader = words
        return Markup()

    def _because(self, words: str) -> Markup:
        self.why = words
        return Markup()


def _linked(link: str) -> list[str]:
    """The value that a button leads to; a link that stands in the wording leads to a page."""
    before, *name = link.split(_MARK)
    if name and not before:
        return name[:1]
    assert _SAFE_LINK.match(link), "a link in a mail leads to a page"
    return []


def _framed(layout: str, language: str, branding: MailBranding, *, filled: Mapping[str, str]) -> str:
    """The layout with its slots filled: with finished text or HTML, nothing is escaped any more."""
    shown = frozenset(name for name, words in filled.items() if words)
    return _set_in(_frame(layout, language, branding, shown), filled.__getitem__)


@lru_cache(maxsize=256)
def _frame(layout: str, language: str, branding: MailBranding, shown: frozenset[str]) -> tuple[str, ...]:
    """A layout as one studio's mails have it, drawn once: text and names of slots by turns."""
    part = "html" if layout.endswith(".html") else "text"
    slots = {name: Markup(_mark(name)) if name in shown else "" for name in _SLOTS}  # noqa: S704 - our own marks
    whole = rendered(_file(layout, language), part, {"brand": branding, "language": language, **slots})
    return tuple((with_styles(whole, branding.colours) if part == "html" else whole).split(_MARK))


def _styled(source: str, colours: LetterColours) -> str:
    """The source as :func:`with_styles` would style what is made of it: values bring no tags."""
    blocks = _BLOCK.findall(source)
    between = with_styles(_BLOCK.sub(_MARK, source), colours).split(_MARK)
    return "".join(words + block for words, block in zip(between, [*blocks, ""], strict=True))


def _one_line(subject: str) -> str:
    words = subject.strip()
    if not words or _ENDS_A_LINE.search(words):
        raise TemplateBroken(part="subject", line=1)
    return words


@lru_cache(maxsize=256)
def _file(name: str, language: str) -> str:
    assert _LANGUAGE.fullmatch(language), language
    for folder in (language, "en", "."):
        path = TEMPLATES / folder / name
        if path.is_file():
            return path.read_text(encoding="utf-8")
    raise AssertionError(f"no template {name}")
