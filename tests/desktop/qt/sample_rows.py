"""Made-up rows of a wedding studio in May 2027, for the gallery and for tests of pages."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5

from desktop.presenting.sync_words import SyncPhase, SyncState
from desktop.queries.month_rows import BlockedDay, CalendarItem, MonthRows, PostponedRow, SideRows
from desktop.queries.rows import (
    AttentionRow,
    BookingCounts,
    BookingRow,
    BookingsFigures,
    BookingSums,
    DueRow,
    HoldRow,
    Listed,
    NextReminderRow,
    RowMark,
    StudioFacts,
    TodayFigures,
    TodayRows,
    WaitingChange,
)
from shared.clock import utc_to_wall, wall_to_utc

ZONE = "Europe/Vienna"
TODAY = date(2027, 5, 12)
NOW = datetime(2027, 5, 12, 8, 42, tzinfo=UTC)
_SPACE = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c8")

STUDIO = StudioFacts(
    name="Bella Weddings",
    code="BELLAWEDS",
    time_zone=ZONE,
    currency="EUR",
    brand_color="#1F6F5C",
    user_name="Anna",
    user_role="owner",
    device_name="Front desk",
)
SYNCED = SyncState(SyncPhase.SYNCED, last_sync_at_utc=NOW, attention=0, cursor_seq=48213)


def an_id(*words: object) -> UUID:
    """The same id for the same words."""
    return uuid5(_SPACE, "/".join(str(word) for word in words))


def at(day: int, hour: int, minute: int = 0, *, month: int = 5) -> datetime:
    """A wall-clock moment of the studio as an instant."""
    return wall_to_utc(date(2027, month, day), time(hour, minute), ZONE)


def listed(rows: tuple[BookingRow, ...], *, unread: int = 0) -> Listed[BookingRow]:
    """A list of these rows and of some that are not read yet."""
    return Listed(rows, (*(str(row.booking_id) for row in rows), *(f"unread {n}" for n in range(unread))))


def a_booking(
    day: int,
    span: str,
    name: str,
    package: str = "Portrait",
    *,
    who: str = "A",
    status: str = "confirmed",
    total: int = 290,
    paid: int | None = None,
    mark: RowMark = RowMark.NONE,
    overdue: bool = False,
) -> BookingRow:
    """A booking in May 2027; `span` is "12:00-22:00", sums are whole euros."""
    start, end = (time.fromisoformat(part) for part in span.split("-"))
    paid_minor = (total // 2 if paid is None else paid) * 100
    return BookingRow(
        booking_id=an_id("booking", day, span, name),
        customer_id=an_id("customer", name),
        customer_name=name,
        package_name=package,
        resource_names=tuple({"A": "Anna", "B": "Ben"}[letter] for letter in who),
        status=status,
        starts_at_utc=wall_to_utc(date(2027, 5, day), start, ZONE),
        ends_at_utc=wall_to_utc(date(2027, 5, day), end, ZONE),
        time_zone=ZONE,
        currency="EUR",
        total_minor=total * 100,
        paid_minor=paid_minor,
        due_minor=total * 100 - paid_minor,
        mark=mark,
        overdue=overdue,
    )


WEEK = (
    a_booking(10, "14:00-15:30", "Yuki Tanaka", who="B", status="completed", paid=290),
    a_booking(11, "10:00-12:00", "Farah & Omar Haddad", "Newborn", status="completed", total=340, paid=340),
    a_booking(12, "16:00-18:00", "Priya Nair & James Cole", "Engagement", total=420, paid=420),
    a_booking(13, "09:30-13:30", "Novak & Partner", "Event coverage", who="B", total=1240, overdue=True),
    a_booking(
        14, "11:00-14:00", "Elif Demir & Jonas Vogt", "Civil ceremony", status="held", total=960, paid=0
    ),
    a_booking(
        15, "12:00-22:00", "Aoife Byrne & Declan Walsh", "Full-day wedding", who="AB", total=3480, paid=2088
    ),
    a_booking(16, "10:00-11:00", "Okafor family", "Family portraits", who="B", total=220),
)
LATER = (
    a_booking(18, "17:00-19:00", "Mei-Ling Chen & David Roth", "Engagement", who="B", total=420),
    a_booking(19, "10:00-12:00", "Dr Amara Diallo"),
    a_booking(20, "10:00-12:00", "Lena & Max Huber", "Newborn", total=340),
    a_booking(20, "16:00-18:00", "Mika Aalto", who="B", paid=290),
    a_booking(21, "15:00-16:00", "Schneider family", "Family portraits", who="B", total=220),
    a_booking(22, "09:00-10:00", "Zhang Wei", who="B"),
    a_booking(22, "10:00-17:00", "Giulia Ferri & Marco Conti", "Half-day wedding", total=2280, paid=684),
    a_booking(
        22,
        "12:00-15:00",
        "Anna Kowalska & Piotr Zając",
        "Civil ceremony",
        who="B",
        status="needs_slot",
        total=960,
        paid=0,
    ),
    a_booking(
        22,
        "13:00-16:00",
        "Hana Sato & Leo Brandt",
        "Civil ceremony",
        who="B",
        status="held",
        total=960,
        paid=0,
    ),
    a_booking(22, "17:00-18:00", "Olsen family", "Family portraits", who="B", total=220),
    a_booking(22, "18:00-20:00", "Selin Kaya & Nils Lind", "Engagement", who="A", total=420),
    a_booking(23, "10:00-11:00", "Iqbal family", "Family portraits", total=220),
    a_booking(23, "12:00-13:00", "Petrov family", "Family portraits", total=220),
    a_booking(26, "15:00-16:00", "Ravi Menon"),
    a_booking(28, "13:00-15:00", "Café Morgen", "Event coverage", who="B", total=620),
    a_booking(29, "11:00-19:00", "Zoë Papadaki & Nikos Vlahos", "Half-day wedding", total=2280),
    a_booking(30, "10:00-11:00", "Lefèvre family", "Family portraits", status="cancelled", total=220, paid=0),
)
BOOKINGS = listed(WEEK[2:] + LATER, unread=8)
FIGURES = BookingsFigures(
    sums=(BookingSums("EUR", 3916000, 1745900, 2170100),),
    counts=BookingCounts(upcoming=30, held=3, confirmed=24, needs_slot=1, postponed=1, cancelled=1),
)
OFFLINE_MARKS = {0: RowMark.WAITING, 2: RowMark.WAITING, 4: RowMark.REFUSED, 5: RowMark.MERGED}


def _due(name: str, kind: str, day: int, amount: int) -> DueRow:
    return DueRow(an_id("b", name), an_id("stage", name), name, kind, date(2027, 5, day), amount * 100, "EUR")


def _hold(name: str, start: datetime, ends: datetime, waiting: int) -> HoldRow:
    return HoldRow(an_id("hold", name), name, start, start + timedelta(hours=3), ZONE, ends, waiting)


def _reminder(day: int, kind: str, name: str, reason: str = "") -> NextReminderRow:
    return NextReminderRow(
        an_id("r", day, kind, name), an_id("b", name), kind, at(day, 10), ZONE, name, reason
    )


ATTENTION = (
    AttentionRow(
        an_id("a", 1),
        "slot_taken",
        at(12, 8, 2),
        ZONE,
        "Ben",
        "Laptop",
        customer_name="Anna Kowalska",
        where="Sat 22 May 12:00, entered by Ben offline",
    ),
    AttentionRow(
        an_id("a", 2),
        "replaced",
        at(10, 18, 31),
        ZONE,
        "Ben",
        "Front desk",
        customer_name="Giulia Ferri & Marco Conti",
        where="Giulia Ferri & Marco Conti",
        details=(("field", "phone"),),
    ),
    AttentionRow(
        an_id("a", 3),
        "exceeds_refundable",
        at(7, 16, 40),
        ZONE,
        "Ben",
        "Front desk",
        customer_name="Tomás Herrera & Eva Krall",
        where="Tomás Herrera & Eva Krall, asked 312.00",
        details=(("rest", "120.00"),),
    ),
)
TODAY_ROWS = TodayRows(
    figures=TodayFigures(
        currency="EUR",
        month=date(2027, 5, 1),
        received_minor=284000,
        received_count=6,
        week_ends_on=date(2027, 5, 16),
        due_this_week_minor=281700,
        overdue_minor=62000,
        overdue_count=1,
        deposits_held_minor=1745900,
        last_overdue_mail_on=date(2027, 5, 11),
    ),
    week=WEEK,
    due=(
        _due("Novak & Partner", "remainder", 10, 620),
        _due("Elif Demir & Jonas Vogt", "deposit", 12, 480),
        _due("Aoife Byrne & Declan Walsh", "remainder", 12, 1392),
        _due("Okafor family", "remainder", 13, 110),
        _due("Hana Sato & Leo Brandt", "deposit", 14, 480),
        _due("Mei-Ling Chen & David Roth", "remainder", 15, 210),
        _due("Dr Amara Diallo", "remainder", 16, 145),
    ),
    attention=ATTENTION,
    holds=(
        _hold("Demir & Vogt", at(14, 11), at(12, 18), 1),
        _hold("Sato & Brandt", at(22, 13), at(14, 18), 0),
        _hold("Goldberg & Stern", at(19, 13, month=6), at(17, 12), 2),
    ),
    reminders=(
        _reminder(13, "before_event", "Okafor family"),
        _reminder(13, "balance_due", "Huber"),
        _reminder(13, "overdue", "Byrne & Walsh"),
        _reminder(14, "balance_due", "Schneider", "held"),
        _reminder(14, "overdue", "Okafor family"),
    ),
    booking_count=34,
)


def _item(
    month: int, day: int, start: str, title: str, status: str = "confirmed", *, waiting: int = 0
) -> CalendarItem:
    begin = utc_to_wall(wall_to_utc(date(2027, month, day), time.fromisoformat(start), ZONE), ZONE)
    return CalendarItem(
        an_id("item", month, day, start, title),
        begin,
        begin + timedelta(hours=2),
        title,
        status,
        ("Anna",),
        waiting_count=waiting,
    )


_ITEMS = (
    _item(4, 27, "10:00", "Wagner", "completed"),
    _item(4, 30, "14:00", "Nora Fuchs", "completed"),
    _item(5, 1, "11:00", "Lopes & Silva", "completed"),
    _item(5, 3, "15:00", "Kwame Mensah", "completed"),
    _item(5, 5, "09:00", "Studio Nord", "completed"),
    _item(5, 5, "17:00", "Rosén & Falk", "completed"),
    _item(5, 7, "12:00", "Herrera & Krall", "cancelled"),
    _item(5, 7, "15:00", "Jonas Weber", "completed"),
    _item(5, 8, "10:00", "Hofmann family", "completed"),
    _item(5, 8, "14:00", "Lindqvist & Öberg", "completed"),
    _item(5, 9, "11:00", "Gruber family", "completed"),
    _item(5, 10, "14:00", "Yuki Tanaka", "completed"),
    _item(5, 11, "10:00", "Haddad", "completed"),
    _item(5, 12, "16:00", "Nair & Cole"),
    _item(5, 13, "09:30", "Novak & Partner"),
    _item(5, 14, "11:00", "Demir & Vogt", "held"),
    _item(5, 15, "12:00", "Byrne & Walsh"),
    _item(5, 16, "10:00", "Okafor family"),
    _item(5, 18, "17:00", "Chen & Roth"),
    _item(5, 19, "10:00", "Dr Amara Diallo"),
    _item(5, 20, "10:00", "Huber"),
    _item(5, 20, "16:00", "Mika Aalto"),
    _item(5, 21, "15:00", "Schneider family"),
    _item(5, 22, "09:00", "Zhang Wei"),
    _item(5, 22, "10:00", "Ferri & Conti"),
    _item(5, 22, "12:00", "Kowalska & Zając", "needs_slot"),
    _item(5, 22, "13:00", "Sato & Brandt", "held"),
    _item(5, 22, "17:00", "Olsen family"),
    _item(5, 22, "18:00", "Kaya & Lind"),
    _item(5, 23, "10:00", "Iqbal family"),
    _item(5, 23, "12:00", "Petrov family"),
    _item(5, 25, "14:00", "Moretti & Obi"),
    _item(5, 26, "15:00", "Ravi Menon"),
    _item(5, 28, "13:00", "Café Morgen"),
    _item(5, 29, "11:00", "Papadaki & Vlahos"),
    _item(5, 30, "10:00", "Lefèvre family", "cancelled"),
    _item(6, 2, "10:00", "Freja Nielsen"),
    _item(6, 5, "13:00", "Dubois & Laurent", waiting=1),
)
MONTH = MonthRows(
    items=_ITEMS,
    booked=Counter(item.starts_at.date() for item in _ITEMS if item.status != "cancelled"),
    blocked=(
        BlockedDay(date(2027, 5, 24), "Anna away", "Anna"),
        BlockedDay(date(2027, 5, 25), "Anna away", "Anna"),
    ),
    holidays=(
        (date(2027, 5, 1), "Labour Day"),
        (date(2027, 5, 6), "Ascension Day"),
        (date(2027, 5, 17), "Whit Monday"),
        (date(2027, 5, 27), "Corpus Christi"),
    ),
)


def at_wall(day: int, hour: int) -> datetime:
    """An hour of May by the studio's clock."""
    return utc_to_wall(wall_to_utc(date(2027, 5, day), time(hour), ZONE), ZONE)


_LONG = (
    _item(5, 17, "16:00", "Winter & Sons")._replace(ends_at=at_wall(19, 14)),
    _item(5, 28, "09:00", "Adler & Castellani", "held")._replace(ends_at=at_wall(30, 23)),
)
SEVERAL_DAYS = replace(
    MONTH,
    items=(*_ITEMS, *_LONG),
    booked=Counter(MONTH.booked) + Counter(item.starts_at.date() for item in _LONG),
    continued=frozenset(date(2027, 5, day) for day in (18, 19, 29, 30)),
    blocked=(
        BlockedDay(date(2027, 5, 24), "from 12:00 Anna away", "Anna"),
        BlockedDay(date(2027, 5, 25), "Anna away", "Anna"),
        BlockedDay(date(2027, 5, 26), "until 14:00 Anna away", "Anna"),
    ),
)
"""The same month with bookings and a closed time of several days."""

SIDE = SideRows(
    resources=("Anna", "Ben", "Studio room", "Drone kit"),
    postponed=(PostponedRow(an_id("postponed"), "Silva & Costa", "Half-day wedding", 68400, "EUR"),),
)

WAITING = (
    WaitingChange("Hold extended to Thu 13 May 18:00", "Elif Demir & Jonas Vogt", at(12, 10, 7)),
    WaitingChange("Cash payment 110.00 EUR", "Okafor family, remainder", at(12, 10, 21)),
    WaitingChange("Moved to Sat 22 May 11:00\u201317:00", "Giulia Ferri & Marco Conti", at(12, 10, 40)),
)
OFFLINE = SyncState(
    SyncPhase.OFFLINE,
    waiting=3,
    last_sync_at_utc=at(12, 9, 57),
    since_utc=at(12, 9, 58),
    last_error="Server could not be reached",
    cursor_seq=48213,
)
