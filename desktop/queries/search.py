"""What the search box finds: customers, bookings and documents, by words and their beginnings."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa

from desktop.presenting.dates import day_with_year
from desktop.presenting.money_text import money
from desktop.queries.full_text import match_words, newest, of_studio
from shared.tables import booking, customer, document


class HitKind(StrEnum):
    """What was found."""

    CUSTOMER = "customer"
    BOOKING = "booking"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One thing found; ``booking_id`` is where a click leads, None for a customer without a booking."""

    kind: HitKind
    row_id: UUID
    title: str
    caption: str
    booking_id: UUID | None = None


def search_everything(
    connection: sa.Connection, tenant_id: UUID, words: str, *, each: int = 6
) -> tuple[SearchHit, ...]:
    """The newest hits of each kind, customers first."""
    if not match_words(words):
        return ()
    named = sa.and_(customer.c.tenant_id == booking.c.tenant_id, customer.c.id == booking.c.customer_id)
    customers = connection.execute(
        sa.select(customer.c.id, customer.c.name, customer.c.email)
        .where(of_studio(customer, tenant_id), newest("customer", words, limit=each))
        .order_by(customer.c.id.desc())
        .limit(each)
    ).all()
    bookings = connection.execute(
        sa.select(
            booking.c.id, booking.c.package_name, booking.c.start_date, booking.c.place, customer.c.name
        )
        .select_from(booking.outerjoin(customer, named))
        .where(of_studio(booking, tenant_id), newest("booking", words, limit=each))
        .order_by(booking.c.starts_at.desc())
        .limit(each)
    ).all()
    documents = connection.execute(
        sa.select(document)
        .where(of_studio(document, tenant_id), newest("document", words, limit=each))
        .order_by(document.c.issued_at.desc())
        .limit(each)
    ).all()
    return (
        *(SearchHit(HitKind.CUSTOMER, row.id, row.name, row.email) for row in customers),
        *(
            SearchHit(
                HitKind.BOOKING,
                row.id,
                row.name or row.package_name,
                f"{row.package_name}, {day_with_year(row.start_date)}",
                row.id,
            )
            for row in bookings
        ),
        *(
            SearchHit(
                HitKind.DOCUMENT,
                row.id,
                row.printed_number,
                f"{money(row.total_minor, row.currency)}, {day_with_year(row.issue_date)}",
                row.booking_id,
            )
            for row in documents
        ),
    )
