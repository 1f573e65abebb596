"""The record of any booking of the sample list."""

from datetime import date

from desktop.queries.record_rows import (
    BookingRecord,
    CancellationOutlook,
    CustomerFacts,
    DocumentRow,
    EntryLook,
    HistoryRow,
    LineRow,
    MailRow,
    SlotFacts,
    StageRow,
    TimelineEntry,
)
from desktop.queries.rows import BookingRow
from tests.desktop.qt.sample_rows import TODAY, ZONE, an_id, at


def a_record(row: BookingRow) -> BookingRecord:
    """The record of a booking of the list, with three stages of which two are paid."""
    third = row.total_minor * 3 // 10
    return BookingRecord(
        booking_id=row.booking_id,
        status=row.status,
        version=5,
        package_name=row.package_name,
        currency=row.currency,
        total_minor=row.total_minor,
        paid_minor=2 * third,
        due_minor=row.total_minor - 2 * third,
        customer=CustomerFacts(row.customer_id, row.customer_name, "aoife@example.com", "+353 86 555 0142"),
        slot=SlotFacts(
            row.starts_at_utc,
            row.ends_at_utc,
            ZONE,
            ZONE,
            "Palais Coburg, Vienna",
            ("Anna", "Ben", "Drone kit"),
        ),
        lines=(LineRow(an_id("line", row.booking_id), f"{row.package_name}, 10 h", 1, row.total_minor),),
        stages=(
            StageRow(
                an_id("s1", row.booking_id),
                "deposit",
                1,
                "paid",
                third,
                "30 % on booking",
                third,
                paid_on=date(2027, 1, 20),
                method="card",
            ),
            StageRow(
                an_id("s2", row.booking_id),
                "middle",
                2,
                "paid",
                third,
                "30 % by 4 May",
                third,
                paid_on=date(2027, 5, 4),
                method="bank",
            ),
            StageRow(
                an_id("s3", row.booking_id),
                "remainder",
                3,
                "planned",
                row.total_minor - 2 * third,
                "the rest, 3 days before",
                due_on=TODAY,
            ),
        ),
        timeline=(
            TimelineEntry(
                date(2027, 1, 18),
                EntryLook.FACT,
                "Booked for 3,970.00",
                "3 stages, policy frozen",
                still_due_minor=397000,
            ),
            TimelineEntry(
                date(2027, 1, 18),
                EntryLook.MONEY,
                "Deposit by card",
                "•••• 4242, through Stripe",
                119100,
                still_due_minor=277900,
            ),
            TimelineEntry(
                date(2027, 3, 2),
                EntryLook.FACT,
                "Drone footage added",
                "Goes to the remainder",
                29000,
                signed=True,
                still_due_minor=306900,
            ),
            TimelineEntry(
                date(2027, 4, 14),
                EntryLook.MONEY,
                "Second part by bank",
                "entered by Anna",
                119100,
                still_due_minor=187800,
            ),
            TimelineEntry(
                date(2027, 6, 9), EntryLook.PLANNED, "Remainder due", "", 187800, still_due_minor=0
            ),
        ),
        documents=(
            DocumentRow(
                an_id("d1"), "advance", "issued", "BELLAWEDS_2027_006", date(2027, 1, 18), 119100, "EUR"
            ),
        ),
        mails=(
            MailRow("before_event", at(12, 10), ZONE, an_id("m1")),
            MailRow("overdue", at(13, 10), ZONE, an_id("m2"), reason="if unpaid"),
        ),
        history=(HistoryRow(at(20, 9, month=4), ZONE, "Ines opened the view link"),),
        outlook=CancellationOutlook(175400, 62800, "EUR", date(2027, 5, 13), 238200),
        notes="Getting ready at the hotel from 12:00, ceremony 14:30 in the garden room.",
    )
