"""Chains a studio's issued documents: each names the hash of the one before, in the order of acceptance.

A function of the end of a transaction, under the studio's lock: order is acceptance, because leased numbers
may arrive late (invoices, "Snapshot and hashes").
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from shared.events import DocumentIssued, DomainEvent
from shared.models.document import Document
from shared.unit_of_work import UnitOfWork

BEGINNING = "0" * 64


def chain_documents(unit: UnitOfWork, now: datetime, events: Sequence[DomainEvent]) -> None:
    """Give every document issued in this transaction its place in the chain."""
    del now
    for event in events:
        if isinstance(event, DocumentIssued):
            document = unit.documents.get(event.tenant_id, event.document_id)
            if document.chain_pos is None:
                last = unit.documents.last_in_chain(event.tenant_id)
                document.chain_pos = 1 if last is None else _after(last)
                document.chain_prev = BEGINNING if last is None else last.chain_hash
                document.chain_hash = chain_hash(document)
                unit.session.flush()


def chain_hash(document: Document) -> str:
    """SHA-256 over the previous link, the printed number and the two hashes of the document."""
    assert document.chain_prev is not None, "a link hangs on another"
    names = f"{document.chain_prev}|{document.printed_number}"
    return hashlib.sha256(f"{names}|{document.content_hash}|{document.pdf_sha256}".encode()).hexdigest()


def _after(last: Document) -> int:
    assert last.chain_pos is not None, "the last link has a place"
    return last.chain_pos + 1
