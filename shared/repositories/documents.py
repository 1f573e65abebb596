"""Drafts, issued documents and their lines."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.models.document import Document, DocumentDraft, DocumentLine
from shared.models.states import Series
from shared.repositories.tenant_repository import TenantRepository
from shared.tables import documents as tables


class DocumentDrafts(TenantRepository[DocumentDraft]):
    """What may become a document."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, DocumentDraft)

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[DocumentDraft]:
        """A booking's drafts."""
        return self._list(tenant_id, tables.document_draft.c.booking_id == booking_id)

    def discard(self, tenant_id: UUID, draft: DocumentDraft) -> None:
        """A draft vanishes without trace."""
        assert draft.tenant_id == tenant_id, "a draft is discarded by its own studio"
        self._session.delete(draft)


class Documents(TenantRepository[Document]):
    """Issued documents."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, Document)

    def of_booking(self, tenant_id: UUID, booking_id: UUID) -> list[Document]:
        """A booking's documents in the order of their making."""
        table = tables.document
        return self._list(tenant_id, table.c.booking_id == booking_id, order_by=(table.c.issued_at,))

    def by_number(self, tenant_id: UUID, series: Series, year: int, number: int) -> Document | None:
        """The document that bears this number."""
        table = tables.document
        found = self._list(
            tenant_id, table.c.series == series, table.c.year == year, table.c.number == number
        )
        return found[0] if found else None

    def for_cause(self, tenant_id: UUID, cause_id: UUID) -> list[Document]:
        """What was made because of a refund or a cancellation."""
        return self._list(tenant_id, tables.document.c.cause_id == cause_id)

    def credits_of(self, tenant_id: UUID, document_id: UUID) -> list[Document]:
        """The credit notes that take back a document."""
        table = tables.document
        return self._list(tenant_id, table.c.refers_to == document_id, table.c.series == Series.CREDIT)

    def last_in_chain(self, tenant_id: UUID) -> Document | None:
        """The document that was accepted last."""
        table = tables.document
        found = self._session.scalars(
            sa.select(Document)
            .where(table.c.tenant_id == tenant_id, table.c.chain_pos.is_not(None))
            .order_by(table.c.chain_pos.desc())
            .limit(1)
        )
        return found.first()

    def any_issued(self, tenant_id: UUID) -> bool:
        """Whether the studio's code already stands on paper."""
        table = tables.document
        return (
            self._session.scalar(sa.select(table.c.id).where(table.c.tenant_id == tenant_id).limit(1))
            is not None
        )


class DocumentLines(TenantRepository[DocumentLine]):
    """Lines of issued documents."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, DocumentLine)

    def of_document(self, tenant_id: UUID, document_id: UUID) -> list[DocumentLine]:
        """A document's lines in order."""
        table = tables.document_line
        return self._list(tenant_id, table.c.document_id == document_id, order_by=(table.c.position,))
