"""The short lines of Today: whose mail comes next, and what is special about it."""

from datetime import UTC, datetime

import pytest

from desktop.qt.pages.today_tables import reminder_columns
from desktop.queries.reminders import IF_UNPAID
from desktop.queries.rows import NextReminderRow
from tests.desktop.qt.sample_rows import ZONE, an_id


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("", "Byrne & Walsh"), ("held", "Byrne & Walsh · held"), (IF_UNPAID, "Byrne & Walsh")],
)
def test_a_line_is_short_and_its_tooltip_whole(reason: str, shown: str) -> None:
    due = datetime(2027, 5, 13, 8, tzinfo=UTC)
    names = "Aoife Byrne & Declan Walsh"
    row = NextReminderRow(an_id("r"), an_id("b"), "overdue", due, ZONE, names, reason)
    column = reminder_columns()[-1]
    assert column.say(row) == shown
    assert column.hint is not None
    assert column.hint(row) == column.spoken(row) == (f"{names} · {reason}" if reason else names)
