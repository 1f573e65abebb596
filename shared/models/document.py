"""Drafts and issued documents. What is issued never changes."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from shared.models.entity import Entity
from shared.models.states import DocumentKind, Series


@dataclass(eq=False, kw_only=True)
class DocumentDraft(Entity):
    """What may become a document; it has no number and may vanish without trace."""

    kind: DocumentKind
    booking_id: UUID
    customer_id: UUID
    stage_id: UUID | None = None
    refers_to: UUID | None = None
    language: str = "en"
    content: dict[str, Any] = field(default_factory=dict)
    version: int = 1


@dataclass(eq=False, kw_only=True)
class Document(Entity):
    """An issued invoice or credit note. Sums in minor units; a credit note's sums are positive."""

    kind: DocumentKind
    series: Series
    year: int
    number: int
    printed_number: str
    booking_id: UUID
    customer_id: UUID
    stage_id: UUID | None = None
    cause_id: UUID | None = None
    refers_to: UUID | None = None
    issue_date: date
    supply_date: date
    currency: str
    total_net_minor: int
    total_tax_minor: int
    total_minor: int
    paid_minor: int
    rounding_minor: int
    due_minor: int
    snapshot: dict[str, Any]
    content_hash: str
    pdf_sha256: str
    template_version: int
    renderer_version: str
    issued_by: UUID
    device_id: UUID | None = None
    issued_at: datetime
    chain_pos: int | None = None
    chain_prev: str | None = None
    chain_hash: str | None = None


@dataclass(eq=False, kw_only=True)
class DocumentLine(Entity):
    """One line of an issued document, for reports; written once with it."""

    document_id: UUID
    position: int
    text: str
    quantity: str
    net_minor: int
    gross_minor: int
    tax_category: str
    tax_percent: str


def printed_number(code: str, series: Series, year: int, number: int) -> str:
    """``BELLAWEDS_2026_001``, credit notes ``BELLAWEDS-CN_2026_001``; after 999 comes 1000."""
    suffix = "-CN" if series is Series.CREDIT else ""
    return f"{code}{suffix}_{year}_{number:03d}"
