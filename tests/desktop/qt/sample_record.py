"""The record of any booking of the sample list."""

from datetime import date

from desktop.queries.record_rows import (
    BookingRecord,
    CustomerFacts,
    HistoryRow,
    LineRow,
    MailRow,
    SlotFacts,
    StageRow,
)
from desktop.queries.rows import BookingRow
from tests.desktop.qt.record_samples import INES, a_paid_stage
from tests.desktop.qt.sample_rows import TODAY, ZONE, an_id, at


def a_record(row: BookingRow) -> BookingRecord:
    """The record of a booking of the list, two of three stages paid; timeline and papers are from INES."""
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
            a_paid_stage(
                an_id("s1", row.booking_id),
                1,
                third,
                rule="30 % on booking",
                on=date(2027, 1, 20),
                method="card",
            ),
            a_paid_stage(
                an_id("s2", row.booking_id),
                2,
                third,
                rule="30 % by 4 May",
                on=date(2027, 5, 4),
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
        timeline=INES.timeline,
        documents=INES.documents[:1],
        mails=(
            MailRow("before_event", at(12, 10), ZONE, an_id("m1")),
            MailRow("overdue", at(13, 10), ZONE, an_id("m2"), reason="if unpaid"),
        ),
        history=(HistoryRow(at(20, 9, month=4), ZONE, "Ines opened the view link"),),
        outlook=INES.outlook,
        notes="Getting ready at the hotel from 12:00, ceremony 14:30 in the garden room.",
    )
