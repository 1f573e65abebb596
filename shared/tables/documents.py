"""Invoices and credit notes: drafts, issued documents, and their lines for reports."""

import sqlalchemy as sa

from shared.models.states import DocumentKind, Series
from shared.tables.column_types import Day, Id, Instant, Json, Word
from shared.tables.tenant_table import optional, required, tenant_table

document_draft = tenant_table(
    "document_draft",
    required("kind", Word(DocumentKind)),
    required("booking_id", Id),
    required("customer_id", Id),
    optional("stage_id", Id),
    optional("refers_to", Id),
    required("language", sa.Text),
    required("content", Json),
    required("version", sa.Integer),
)

document = tenant_table(
    "document",
    required("kind", Word(DocumentKind)),
    required("series", Word(Series)),
    required("year", sa.Integer),
    required("number", sa.Integer),
    required("printed_number", sa.Text),
    required("booking_id", Id),
    required("customer_id", Id),
    optional("stage_id", Id),
    optional("cause_id", Id),
    optional("refers_to", Id),
    required("issue_date", Day),
    required("supply_date", Day),
    required("currency", sa.Text),
    required("total_net_minor", sa.BigInteger),
    required("total_tax_minor", sa.BigInteger),
    required("total_minor", sa.BigInteger),
    required("paid_minor", sa.BigInteger),
    required("rounding_minor", sa.BigInteger),
    required("due_minor", sa.BigInteger),
    required("snapshot", Json),
    required("content_hash", sa.Text),
    required("pdf_sha256", sa.Text),
    required("template_version", sa.Integer),
    required("renderer_version", sa.Text),
    required("issued_by", Id),
    optional("device_id", Id),
    required("issued_at", Instant),
    # given by the server when it accepts the document
    optional("chain_pos", sa.BigInteger),
    optional("chain_prev", sa.Text),
    optional("chain_hash", sa.Text),
)

sa.Index("ix_document_booking", document.c.tenant_id, document.c.booking_id)
sa.Index("ix_document_number", document.c.tenant_id, document.c.series, document.c.year, document.c.number)

document_line = tenant_table(
    "document_line",
    required("document_id", Id),
    required("position", sa.Integer),
    required("text", sa.Text),
    required("quantity", sa.Text),
    required("net_minor", sa.BigInteger),
    required("gross_minor", sa.BigInteger),
    required("tax_category", sa.Text),
    required("tax_percent", sa.Text),
)

sa.Index("ix_document_line_document", document_line.c.tenant_id, document_line.c.document_id)
