"""The snapshot: everything an issued document says, as plain values that never change, and its hash.

``figures`` and the parties are data, for sums, checks and e-invoices; ``paper`` is what is printed, already
worded, so that no later change of a library, a setting or a text can change an old document.
"""

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from shared.errors import BadContent, DocumentTooLarge
from shared.models.states import DocumentKind, Series
from shared.policies.pricing_policy import DocumentSums, PricedLine

SCHEMA_VERSION: Final = 1
TEMPLATE_VERSION: Final = 1
"""Raised with every change of layout or fonts; code of an older template stays while a document names it."""

FONT_SET: Final = "daybook-print-1"
MAX_SNAPSHOT_BYTES: Final = 200 * 1024


# --- data ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Party:
    """Seller or buyer. ``town`` is postal code and town; ``registrations`` are further printed ids."""

    name: str
    street: tuple[str, ...] = ()
    town: str = ""
    country: str = ""
    country_code: str = ""
    phone: str = ""
    email: str = ""
    vat_id: str = ""
    tax_number: str = ""
    registrations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bank:
    """The seller's account."""

    iban: str
    bic: str = ""
    name: str = ""
    holder: str = ""


@dataclass(frozen=True)
class DocumentNumber:
    """A number in its three parts and as printed."""

    series: Series
    year: int
    number: int
    printed: str


@dataclass(frozen=True)
class DocumentLine:
    """One line: what it is and what it costs."""

    title: str
    priced: PricedLine
    detail: str = ""


@dataclass(frozen=True)
class Payment:
    """Money that came (on an invoice) or went back (on a credit note): ``text`` says how."""

    on: date
    text: str
    amount_minor: int


@dataclass(frozen=True)
class Reference:
    """Another document that this one names; ``amount_minor`` is its payable sum, never negative."""

    printed_number: str
    issue_date: date
    amount_minor: int
    kind: DocumentKind = DocumentKind.INVOICE
    remark: str = ""


@dataclass(frozen=True)
class Figures:
    """Everything that counts."""

    price_mode: str
    lines: tuple[DocumentLine, ...]
    sums: DocumentSums
    payments: tuple[Payment, ...] = ()
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Look:
    """How it looks: colours as ``#RRGGBB``, the logo by the hash of its JPEG."""

    accent: str
    accent_soft: str
    logo_sha256: str | None = None
    font_set: str = FONT_SET
    page: str = "A4"


# --- words --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PaperLine:
    """A row of the lines table; ``carried`` is the sum of all rows up to this one."""

    position: str
    title: str
    detail: str
    quantity: str
    price: str
    amount: str
    carried: str


@dataclass(frozen=True)
class PaperTable:
    """A small table beside the totals; ``head`` and rows have the same number of cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PaperTotal:
    """A row of the totals; ``weight`` is ``plain``, ``strong`` (a line above, semibold) or ``last``."""

    label: str
    amount: str
    weight: str = "plain"


@dataclass(frozen=True)
class PaperBox:
    """The tinted box. With ``code`` it tells how to pay, else it is a small table whose last row is a sum."""

    title: str
    rows: tuple[tuple[str, ...], ...]
    sum_row: tuple[str, str] | None = None
    code: str = ""
    code_caption: str = ""


@dataclass(frozen=True)
class Paper:
    """Every printed word, in the document's language, NFC. Marks stand across each page."""

    title: str
    number: str
    sender: tuple[str, ...]
    sender_line: str
    buyer: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    subject: tuple[str, ...]
    table_head: tuple[str, str, str, str]
    lines: tuple[PaperLine, ...]
    carried_forward: str
    brought_forward: str
    taxes: PaperTable
    payments: PaperTable | None
    totals: tuple[PaperTotal, ...]
    box: PaperBox | None
    terms: tuple[str, ...]
    footer: tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
    page_of: str
    marks: tuple[str, ...] = ()
    practice_band: tuple[str, str] | None = None


@dataclass(frozen=True)
class Snapshot:
    """One document, complete. A draft has no ``number``."""

    kind: DocumentKind
    number: DocumentNumber | None
    issue_date: date
    issued_at_utc: datetime
    supply_date: date
    zone: str
    currency: str
    language: str
    seller: Party
    buyer: Party
    bank: Bank | None
    figures: Figures
    look: Look
    practice: bool
    paper: Paper
    due_date: date | None = None
    e_invoice: str = "none"
    schema_version: int = SCHEMA_VERSION
    template_version: int = TEMPLATE_VERSION


# --- canonical form -----------------------------------------------------------------------------------------


def to_json(snapshot: Snapshot) -> dict[str, Any]:
    """The snapshot as JSON values in canonical form: every number is text, every text is NFC."""
    plain: dict[str, Any] = _canonical(_adapter().dump_python(snapshot, mode="json"))
    return plain


def to_canonical_json(snapshot: Snapshot) -> bytes:
    """The one byte form that is hashed: UTF-8, sorted keys, no spaces; raises DocumentTooLarge."""
    text = json.dumps(to_json(snapshot), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    data = text.encode()
    if len(data) > MAX_SNAPSHOT_BYTES:
        raise DocumentTooLarge
    return data


def from_json(source: bytes | str | Mapping[str, Any]) -> Snapshot:
    """Read a stored snapshot; raises BadContent for anything that is not one of a known schema."""
    try:
        values = json.loads(source) if isinstance(source, bytes | str) else source
        snapshot = _adapter().validate_python(values)
    except (ValueError, ValidationError) as error:
        raise BadContent from error
    if snapshot.schema_version != SCHEMA_VERSION:
        raise BadContent
    return snapshot


def content_hash(snapshot: Snapshot) -> str:
    """SHA-256 of the canonical form, as hexadecimal text."""
    return hashlib.sha256(to_canonical_json(snapshot)).hexdigest()


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Snapshot]:
    return TypeAdapter(Snapshot)


def _canonical(value: Any) -> Any:  # noqa: ANN401 - JSON values of any kind
    if isinstance(value, dict):
        return {key: _canonical(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_canonical(inner) for inner in value]
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    assert value is None or isinstance(value, bool), f"no place for {type(value)} in a snapshot"
    return value
