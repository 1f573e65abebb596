"""Made-up records, previews and documents for pages and dialogs, as the design's pictures tell them."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from desktop.queries.record_rows import (
    BookingRecord,
    CancellationOutlook,
    Consequence,
    ConsequenceKind,
    CustomerFacts,
    DocumentRow,
    EntryLook,
    HistoryRow,
    LineRow,
    MailRow,
    NoteRow,
    PolicyTier,
    RefundLine,
    RefundPreview,
    SlotFacts,
    StageRow,
    TimelineEntry,
)
from desktop.queries.rows import InvoiceRow
from shared.clock import wall_to_utc
from shared.models.slot import Slot
from tests.desktop.qt.sample_rows import ZONE, an_id

LISBON = "Europe/Lisbon"
_NOTE = (
    "Ceremony 15:00 in the lemon garden, moves inside if it rains. First look at 13:30. Tom’s grandmother"
    " needs a seat in the shade."
)


def _lisbon(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return wall_to_utc(date(2027, month, day), time(hour, minute), LISBON)


def a_paid_stage(
    stage_id: UUID, position: int, amount_minor: int, *, rule: str, on: date, method: str
) -> StageRow:
    """The deposit or the middle part, paid in full."""
    kind = {1: "deposit", 2: "middle"}[position]
    return StageRow(
        stage_id, kind, position, "paid", amount_minor, rule, amount_minor, paid_on=on, method=method
    )


INES = BookingRecord(
    booking_id=an_id("ines"),
    status="confirmed",
    version=7,
    package_name="Full-day wedding",
    currency="EUR",
    total_minor=426000,
    paid_minor=238200,
    due_minor=187800,
    customer=CustomerFacts(
        an_id("ines", "customer"),
        "Ines Carvalho & Tom Riley",
        "ines.carvalho@example.com",
        "+351 912 555 014",
    ),
    slot=SlotFacts(
        _lisbon(6, 12, 11),
        _lisbon(6, 12, 21),
        LISBON,
        ZONE,
        "Quinta do Torneiro, Paço de Arcos",
        ("Anna", "Ben", "Drone kit"),
        wall=Slot(date(2027, 6, 12), time(11), date(2027, 6, 12), time(21), LISBON),
    ),
    lines=(
        LineRow(an_id("l", 1), "Full-day wedding, 10 h", 1, 348000),
        LineRow(an_id("l", 2), "Fine-art album 30 × 30 cm", 1, 49000),
        LineRow(an_id("l", 3), "Drone footage", 1, 29000),
    ),
    stages=(
        a_paid_stage(
            an_id("s", 1), 1, 119100, rule="30 % on booking", on=date(2027, 1, 18), method="Card •••• 4242"
        ),
        a_paid_stage(
            an_id("s", 2), 2, 119100, rule="30 % by 15 Apr", on=date(2027, 4, 14), method="Bank transfer"
        ),
        StageRow(
            an_id("s", 3),
            "remainder",
            3,
            "planned",
            187800,
            "the rest, 3 days before",
            due_on=date(2027, 6, 9),
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
        TimelineEntry(date(2027, 6, 9), EntryLook.PLANNED, "Remainder due", "", 187800, still_due_minor=0),
    ),
    documents=(
        DocumentRow(
            an_id("d", 1), "advance", "issued", "BELLAWEDS_2027_006", date(2027, 1, 18), 119100, "EUR"
        ),
        DocumentRow(
            an_id("d", 2), "advance", "issued", "BELLAWEDS_2027_033", date(2027, 4, 14), 119100, "EUR"
        ),
    ),
    mails=(
        MailRow(
            "balance_due", _lisbon(6, 5, 10), LISBON, an_id("m", 1), rule_id=an_id("r", 1), stage_position=3
        ),
        MailRow("before_event", _lisbon(6, 9, 10), LISBON, an_id("m", 2), rule_id=an_id("r", 2)),
        MailRow("follow_up", _lisbon(6, 19, 10), LISBON, an_id("m", 3), rule_id=an_id("r", 3)),
        MailRow(
            "payment_received",
            _lisbon(4, 14, 9),
            LISBON,
            an_id("m", 4),
            sent_at_utc=_lisbon(4, 14, 9, 12),
            outcome="sent",
        ),
        MailRow(
            "booking_confirmed",
            _lisbon(1, 18, 14),
            LISBON,
            an_id("m", 5),
            sent_at_utc=_lisbon(1, 18, 14, 23),
            outcome="sent",
        ),
    ),
    history=(
        HistoryRow(_lisbon(4, 20, 9), LISBON, "Ines opened the view link"),
        HistoryRow(_lisbon(4, 14, 9), LISBON, "Anna recorded 1,191.00 by bank"),
        HistoryRow(_lisbon(3, 2, 9), LISBON, "Ben added Drone footage, +290.00"),
        HistoryRow(_lisbon(1, 18, 9), LISBON, "Anna made the booking"),
    ),
    outlook=CancellationOutlook(175400, 62800, "EUR", date(2027, 5, 13), 238200),
    notes=_NOTE,
    note_rows=(NoteRow(an_id("note"), _NOTE),),
    tax_words="EUR, VAT included",
    saved_at_utc=datetime(2027, 4, 20, 9, tzinfo=UTC),
)

CHLOE = RefundPreview(
    booking_id=an_id("chloe"),
    customer_name="Chloé Martin & Luca Rossi",
    package_name="Full-day wedding",
    event_on=date(2027, 7, 17),
    days_before=66,
    currency="EUR",
    frozen_on=date(2027, 2, 3),
    tiers=(
        PolicyTier(60, None, 10, applies=True),
        PolicyTier(30, 59, 40),
        PolicyTier(14, 29, 70),
        PolicyTier(0, 13, 100),
    ),
    paid_minor=232200,
    kept_percent=10,
    kept_percent_of_minor=387000,
    kept_by_percent_minor=38700,
    kept_fee_minor=5000,
    refund_minor=188500,
    lines=(
        RefundLine(an_id("c", 2), "middle", 116100, 116100, 0, "manual", "Hand back by bank transfer"),
        RefundLine(
            an_id("c", 1), "deposit", 116100, 72400, 43700, "card", "To card •••• 4242 through Stripe"
        ),
        RefundLine(
            an_id("c", 3),
            "remainder",
            0,
            0,
            0,
            "",
            "Not paid; 1,548.00 is no longer asked",
            154800,
        ),
    ),
    holds_until=date(2027, 5, 18),
    next_kept_minor=159800,
    consequences=(
        Consequence(ConsequenceKind.DOCUMENT, "2 credit notes once the money is back: 1,161.00 and 724.00"),
        Consequence(ConsequenceKind.MAIL, "3 planned reminders are cancelled"),
        Consequence(ConsequenceKind.CALENDAR, "17 July becomes free for Anna and Ben"),
        Consequence(ConsequenceKind.NEWS, "They are told when the refund is settled, not before"),
    ),
    own_limit_minor=100000,
    approver_words="Anna (owner)",
    second_person=True,
    preview_hash="h" * 64,
    seen=Slot(date(2027, 7, 17), time(12), date(2027, 7, 17), time(22), ZONE),
)


def _invoice(number: int, name: str, day: date, total: int, state: str = "paid") -> InvoiceRow:
    is_credit = state == "refunded"
    code = "BELLAWEDS-CN" if is_credit else "BELLAWEDS"
    return InvoiceRow(
        an_id("invoice", number, name),
        "credit" if is_credit else "final",
        "issued",
        f"{code}_2027_{number:03d}",
        name,
        total * 100,
        "EUR",
        state,
        issued_on=day,
        due_on=date(2027, 5, 17) if state == "open" else None,
        booking_id=an_id("booking", name),
    )


DRAFT = InvoiceRow(
    an_id("draft"),
    "final",
    "draft",
    None,
    "Sofia Lindqvist & Mark Öberg",
    176400,
    "EUR",
    booking_id=an_id("sofia"),
    next_number="BELLAWEDS_2027_044",
)
INVOICES = (
    _invoice(43, "Farah & Omar Haddad", date(2027, 5, 11), 170),
    _invoice(42, "Yuki Tanaka", date(2027, 5, 10), 145),
    _invoice(41, "Okafor family", date(2027, 5, 8), 110),
    _invoice(5, "Tomás Herrera & Eva Krall", date(2027, 5, 7), -312, "refunded"),
    _invoice(40, "Priya Nair & James Cole", date(2027, 5, 6), 210),
    _invoice(39, "Chloé Martin & Luca Rossi", date(2027, 5, 5), 1161),
    _invoice(38, "Aoife Byrne & Declan Walsh", date(2027, 5, 4), 1044),
    _invoice(37, "Studio Nord", date(2027, 5, 3), 480, "open"),
    _invoice(36, "Zoë Papadaki & Nikos Vlahos", date(2027, 4, 30), 1131),
    _invoice(35, "Novak & Partner", date(2027, 4, 28), 620),
    _invoice(34, "Giulia Ferri & Marco Conti", date(2027, 4, 21), 684),
    _invoice(33, "Ines Carvalho & Tom Riley", date(2027, 4, 14), 1191),
    _invoice(32, "Tomás Herrera & Eva Krall", date(2027, 4, 12), 624),
)
