"""The next document number of this computer, as far as it can be known before the server is asked."""

from uuid import UUID

import sqlalchemy as sa

from desktop.local_store.numbers import Numbers
from desktop.queries.settings_rows import SeriesRow
from shared.models.document import printed_number
from shared.models.states import Series
from shared.tables import document


def next_of_series(
    connection: sa.Connection, tenant_id: UUID, *, code: str, series: Series, year: int, numbers: Numbers
) -> SeriesRow:
    """The lowest free number of this computer's own lease, and whether the series has gone past it.

    Where a document has a higher number already, the server gives a newer one when it can be reached.
    """
    free = numbers.free(connection, series, year)
    highest = connection.execute(
        sa.select(sa.func.max(document.c.number)).where(
            document.c.tenant_id == tenant_id, document.c.series == series, document.c.year == year
        )
    ).scalar_one()
    return SeriesRow(
        series=series.value,
        next_number=printed_number(code, series, year, free[0].number) if free else "",
        ready=len(free),
        next_year=printed_number(code, series, year + 1, 1),
        is_passed=bool(free) and (highest or 0) > free[0].number,
    )
