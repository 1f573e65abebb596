"""Made-up rows of the pages around the bookings, as the pictures of the design show them."""

from dataclasses import replace
from datetime import date, time, timedelta

from desktop.queries.rows import (
    AttentionRow,
    CustomerRow,
    FieldChange,
    Listed,
    PackageRow,
    RefundRow,
    RowMark,
)
from desktop.queries.settings_rows import RuleRow, SeriesRow, SettingsRows
from tests.desktop.qt.sample_rows import ATTENTION, NOW, ZONE, an_id, at

FIELDS = (
    FieldChange("Phone", "+39 347 555 0101", "+39 347 555 0110", "+39 347 555 0188", "theirs", lost=True),
    FieldChange("Mail", "giulia@ferri.example", None, "giulia.ferri@example.com", "theirs"),
    FieldChange("Place", "", "Villa Antonini, Baden", None, "mine"),
)
_SLOT_TAKEN, _REPLACED, _TOO_MUCH = ATTENTION
INBOX = (
    replace(
        _SLOT_TAKEN,
        booking_id=an_id("b", "kowalska"),
        where="Civil ceremony, Sat 22 May 2027, 12:00–15:00, Ben",
        tried="New booking, by Ben on Laptop, offline, 11 May 21:14",
        why_not="Ben has a hold 13:00–16:00 for Hana Sato & Leo Brandt, made 11 May 20:50",
        now="Saved as Needs slot. Nothing was mailed to the customer.",
        details=(("customer", "Anna Kowalska"),),
    ),
    replace(
        _REPLACED,
        booking_id=an_id("b", "ferri"),
        where="Giulia Ferri & Marco Conti, Sat 22 May 2027. You both changed the phone number;"
        " Ben’s, from Front desk, arrived later.",
        details=(("user", "Ben"), ("field", "phone")),
        fields=FIELDS,
    ),
    replace(
        _TOO_MUCH,
        booking_id=an_id("b", "herrera"),
        where="Tomás Herrera & Eva Krall, half-day wedding, cancelled on 7 May",
        tried="Refund of 312.00, by Ben on Front desk, 7 May 16:40",
        why_not="504.00 of the 624.00 they paid is already refunded or on its way",
        now="Nothing of this request was sent to Stripe",
    ),
    AttentionRow(
        an_id("a", 4),
        "slot_taken",
        at(10, 9),
        ZONE,
        details=(("customer", "Zhang Wei"),),
        solved_at_utc=at(11, 9),
        solved_words="Anna picked another time",
    ),
    AttentionRow(
        an_id("a", 5),
        "mail_failed",
        at(8, 9),
        ZONE,
        details=(("customer", "Gruber family"),),
        solved_at_utc=at(9, 9),
        solved_words="Ben corrected the address",
    ),
    AttentionRow(
        an_id("a", 6),
        "text_kept",
        at(6, 9),
        ZONE,
        solved_at_utc=at(6, 10),
        solved_words="Anna kept both",
    ),
)


def _rule(kind: str, anchor: str, days: int, *dates: int, is_on: bool = True, hour: int = 10) -> RuleRow:
    return RuleRow(
        rule_id=an_id("rule", kind, days),
        kind=kind,
        is_on=is_on,
        anchor=anchor,
        offset_days=days,
        local_time=time(hour),
        next_days=tuple(date(2027, 5, day) for day in dates),
    )


SETTINGS = SettingsRows(
    studio_id=an_id("studio"),
    code="BELLAWEDS",
    time_zone=ZONE,
    currency="EUR",
    language="en",
    tax_percent="20",
    price_mode="inclusive",
    deposit_percent=30,
    remainder_days_before=3,
    policy={
        "currency": "EUR",
        "tiers": [
            {"min_days_before": 0, "keep_percent": 100},
            {"min_days_before": 15, "keep_percent": 50},
            {"min_days_before": 61, "keep_percent": 20},
        ],
    },
    numbering="leased",
    fields={
        "name": "Bella Weddings",
        "phone": "+43 1 555 0199",
        "email": "studio@bella.example",
        "street": "Lindengasse 12",
        "postal_city": "1070 Vienna",
        "country": "AT",
        "brand_color": "#1F6F5C",
        "hold_days": 7,
    },
    series=(
        SeriesRow("invoice", "BELLAWEDS_2027_044", 5, "BELLAWEDS_2028_001"),
        SeriesRow("credit", "BELLAWEDS-CN_2027_006", 5, "BELLAWEDS-CN_2028_001"),
    ),
    rules=(
        _rule("before_event", "event_start", -3, 13, 15, 16, 17, 18),
        _rule("balance_due", "event_start", -7, 13, 14, 15, 16, 18),
        _rule("overdue", "stage_due", 1, 13, 14, 16, 17, 18),
        _rule("follow_up", "event_end", 7, 14, 15, 16, 17, 18),
        replace(
            _rule("before_event", "event_start", -1, is_on=False, hour=16), package_names=("weddings only",)
        ),
    ),
    code_fixed_on=date(2025, 1, 14),
    package_count=6,
    key_file=True,
    practice=True,
    device_id=an_id("device"),
    last_sync_at_utc=NOW,
)
EMPTY_SETTINGS = replace(
    SETTINGS,
    code_fixed_on=None,
    package_count=0,
    series=(
        SeriesRow("invoice", "BELLAWEDS_2027_001", 5, "BELLAWEDS_2028_001"),
        SeriesRow("credit", "BELLAWEDS-CN_2027_001", 5, "BELLAWEDS-CN_2028_001"),
    ),
)


def a_refund(name: str, *, stage: str = "deposit", amount: int = 312, days_ago: int = 0) -> RefundRow:
    """One stage of a request that waits for approval; sums are whole euros."""
    return RefundRow(
        request_id=an_id("request", name),
        booking_id=an_id("booking", name),
        customer_name=name,
        stage_kind=stage,
        amount_minor=amount * 100,
        currency="EUR",
        request_status="requested",
        asked_at_utc=NOW - timedelta(days=days_ago),
        time_zone=ZONE,
        asked_by="Ben",
        reason_code="customer_cancelled",
        stage_id=an_id("stage", name, stage),
    )


_INES = "Ines Carvalho & Tom Riley"
REFUNDS = (
    replace(a_refund(_INES, amount=1191), may_approve=True),
    replace(a_refund(_INES, stage="middle", amount=694), channel="manual", may_approve=True),
    replace(a_refund("Nora Fuchs", days_ago=2), request_status="approved", refund_status="submitted"),
    replace(
        a_refund("Lefèvre family", days_ago=3),
        request_status="approved",
        refund_status="approved",
        channel="manual",
    ),
    replace(
        a_refund("Tomás Herrera & Eva Krall", days_ago=5),
        request_status="needs_person",
        refund_status="failed",
        attention="card_closed",
    ),
    replace(
        a_refund("Jonas Weber", amount=145, days_ago=9), request_status="settled", refund_status="succeeded"
    ),
    replace(a_refund("Gruber family", amount=110, days_ago=12), request_status="declined"),
)
_CUSTOMERS = (
    CustomerRow(
        an_id("c", 1),
        "Aoife Byrne & Declan Walsh",
        "aoife@example.com",
        "+353 86 555 0142",
        1,
        "EUR",
        139200,
        at(15, 12),
        ZONE,
    ),
    CustomerRow(
        an_id("c", 2),
        "Giulia Ferri & Marco Conti",
        "giulia@ferri.example",
        "+39 347 555 0188",
        2,
        "EUR",
        159600,
        at(22, 10),
        ZONE,
        RowMark.MERGED,
    ),
    CustomerRow(
        an_id("c", 3),
        "Okafor family",
        "okafor@example.com",
        "",
        3,
        "EUR",
        11000,
        at(16, 10),
        ZONE,
        RowMark.WAITING,
    ),
    CustomerRow(an_id("c", 4), "Yuki Tanaka", "yuki@example.jp", "+81 3 5555 0101", 1, "EUR", 0),
)
CUSTOMERS = Listed(_CUSTOMERS, tuple(str(row.customer_id) for row in _CUSTOMERS))
PACKAGES = (
    PackageRow(
        an_id("p", 1),
        "Full-day wedding",
        348000,
        "EUR",
        600,
        plan_words="30 % on booking, the rest 3 days before",
    ),
    PackageRow(
        an_id("p", 2),
        "Half-day wedding",
        228000,
        "EUR",
        360,
        plan_words="30 % on booking, the rest 3 days before",
    ),
    PackageRow(an_id("p", 3), "Portrait", 29000, "EUR", 90, plan_words="All on booking"),
    PackageRow(
        an_id("p", 4), "Album weekend", 42000, "USD", 0, plan_words="All 7 days before", archived=True
    ),
)
