"""The short lines of Today and of a record: whose mail comes next, what is special, and in whose time."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from desktop.qt.pages.record_papers import mail_caption
from desktop.qt.pages.today_tables import hold_column, hold_lines, reminder_columns
from desktop.queries.record_rows import MailRow
from desktop.queries.reminders import IF_UNPAID
from desktop.queries.rows import HoldRow, NextReminderRow
from tests.desktop.qt.sample_rows import ZONE, an_id


@pytest.mark.parametrize(
    ("reason", "shown"),
    [("", "Byrne & Walsh"), ("held", "Byrne & Walsh · held"), (IF_UNPAID, "Byrne & Walsh")],
)
def test_a_line_is_short_and_its_tooltip_whole(reason: str, shown: str) -> None:
    due = datetime(2027, 5, 13, 8, tzinfo=UTC)
    names = "Aoife Byrne & Declan Walsh"
    row = NextReminderRow(an_id("r"), an_id("b"), "overdue", due, ZONE, names, reason)
    column = reminder_columns(ZONE)[-1]
    assert column.say(row) == shown
    assert column.hint is not None
    assert column.hint(row) == column.spoken(row) == (f"{names} · {reason}" if reason else names)


LISBON = "Europe/Lisbon"
NOW = datetime(2027, 5, 12, 8, 42, tzinfo=UTC)
LATE = datetime(2027, 5, 12, 22, 30, tzinfo=UTC)  # Thursday in Vienna, still Wednesday in Lisbon


@pytest.mark.parametrize(
    ("zone", "hint"), [(ZONE, ""), (LISBON, "Wed 12 May 23:30 in Lisbon")], ids=["studio", "elsewhere"]
)
def test_moments_of_today_are_in_the_studios_zone(zone: str, hint: str) -> None:
    mail = NextReminderRow(an_id("r"), an_id("b"), "overdue", LATE, zone, "Zoë Brûlé")
    day, time = reminder_columns(ZONE)[:2]
    assert (day.say(mail), time.say(mail)) == ("Thu 13", "00:30")
    hold = HoldRow(an_id("b"), "Zoë Brûlé", LATE, LATE, zone, LATE)
    lines, column = hold_lines(hold, NOW, ZONE), hold_column(NOW, ZONE)
    assert lines.right == "Thu 13 May 00:30"
    assert not lines.right_strong, "it ends tomorrow where the studio is"
    for told, row in ((day, mail), (time, mail), (column, hold)):
        assert told.hint is not None
        assert told.hint(row) == hint  # type: ignore[arg-type] # each column has rows of its own


@pytest.mark.parametrize("zone_name", [LISBON, ZONE])
def test_mail_times_of_a_record_name_their_zone(zone_name: str) -> None:
    today, city = date(2027, 5, 12), zone_name.split("/")[1]
    at = "09:30" if zone_name == LISBON else "10:30"
    due = datetime(2027, 5, 14, 8, 30, tzinfo=UTC)
    planned = MailRow("balance_due", due, zone_name)
    assert mail_caption(planned, today) == f"Fri 14 May, {at} {city}"
    sent = replace(planned, sent_at_utc=due, outcome="sent")
    assert mail_caption(sent, today) == f"sent 14 May, {at} {city}"
    assert mail_caption(sent, date(2028, 1, 3)) == f"sent 14 May 2027, {at} {city}"
    failed = replace(sent, outcome="bounced", reason="no such mailbox")
    assert mail_caption(failed, today) == f"bounced 14 May, {at} {city}, no such mailbox"
