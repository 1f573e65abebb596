"""The bookings list: filters, search, pages and the sums of the whole filter."""

from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt

from desktop.qt.pages.bookings_table import ORDERS, Place, booking_columns
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.table_models.rows_proxy import RowsProxy
from desktop.queries.bookings import BookingsFilter, bookings_figures, bookings_list, bookings_of
from desktop.queries.rows import (
    BookingCounts,
    BookingRow,
    BookingsFigures,
    BookingSums,
    Listed,
)
from shared.services.booking_desk import complete
from shared.sync_protocol.operations import SlotArgs
from tests.builders.studio_world import ZONE, StudioWorld, a_slot
from tests.desktop.queries.store_world import pay_by_hand, store_world


@pytest.fixture
def world() -> StudioWorld:
    return store_world()


@dataclass(frozen=True)
class Shown:
    """What the list shows of a filter, rows and figures together."""

    rows: tuple[BookingRow, ...]
    sums: tuple[BookingSums, ...]
    counts: BookingCounts
    matching: int


def _list(world: StudioWorld, *, limit: int | None = None, **wanted: object) -> Shown:
    filtered = replace(BookingsFilter(), **wanted)  # type: ignore[arg-type] # a case's fields
    with world.engine.connect() as connection:
        listed = bookings_list(connection, world.tenant_id, filtered, now=world.now, zone=ZONE, limit=limit)
        figures = bookings_figures(connection, world.tenant_id, filtered, now=world.now, zone=ZONE)
    return Shown(listed.rows, figures.sums, figures.counts, len(listed.ids))


def test_a_new_booking_is_held_and_owes_everything(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    (row,) = _list(world).rows
    assert (row.booking_id, row.status, row.customer_name) == (booking_id, "held", "Zoë Brûlé")
    assert (row.total_minor, row.paid_minor, row.due_minor) == (245000, 0, 245000)
    assert row.resource_names == ("Anna",)


def test_people_stand_in_the_order_of_their_names(world: StudioWorld) -> None:
    world.a_booking(
        resources=[world.a_resource("Zoltan"), world.a_resource("Anna"), world.a_resource("Mika")]
    )
    alone = world.a_booking(slot=a_slot(date(2027, 7, 1)), resources=[])
    first, second = _list(world).rows
    assert first.resource_names == ("Anna", "Mika", "Zoltan")
    assert (second.booking_id, second.resource_names) == (alone, ())


def test_the_sums_are_those_of_the_filter_not_of_the_page(world: StudioWorld) -> None:
    for day in range(1, 6):
        world.a_booking(slot=a_slot(date(2027, 6, day)))
    shown = _list(world, limit=2)
    assert len(shown.rows) == 2
    assert shown.matching == 5
    assert [(each.currency, each.total_minor) for each in shown.sums] == [("EUR", 5 * 245000)]


def test_sums_leave_out_cancelled_bookings(world: StudioWorld) -> None:
    kept, gone = world.a_booking(), world.a_booking(slot=a_slot(date(2027, 7, 1)))
    world.do("booking.cancel", {"id": str(gone)})
    shown = _list(world)
    assert {row.booking_id for row in shown.rows} == {kept, gone}
    assert shown.sums[0].total_minor == 245000
    assert (shown.counts.upcoming, shown.counts.held, shown.counts.cancelled) == (2, 1, 1)
    assert [row.due_minor for row in shown.rows] == [245000, 0]


def test_each_currency_has_sums_of_its_own(world: StudioWorld) -> None:
    world.a_booking()
    yen = world.a_package(name="Tokyo day", price_minor=90000, currency="JPY")
    world.a_booking(slot=a_slot(date(2027, 8, 1)), package_id=yen)
    assert [(each.currency, each.total_minor) for each in _list(world).sums] == [
        ("EUR", 245000),
        ("JPY", 90000),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [("zoë", True), ("ZOE@EX", True), ("full ecouen", True), ("nobody", False), ('"', False)],
)
def test_the_filter_field_finds_words_by_their_beginnings(
    world: StudioWorld, words: str, *, found: bool
) -> None:
    world.a_booking()
    assert (_list(world, words=words).matching == 1) is found


def test_a_payment_lowers_what_is_due_and_confirms(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    pay_by_hand(world, booking_id, position=1)
    (row,) = _list(world, code="confirmed").rows
    assert (row.paid_minor, row.due_minor) == (122500, 122500)


def test_a_stage_past_its_day_makes_the_booking_overdue(world: StudioWorld) -> None:
    world.a_booking()
    assert not _list(world).rows[0].overdue
    world.now += timedelta(days=400)
    assert _list(world, code="held").rows[0].overdue


def test_a_postponed_booking_has_no_time_and_is_not_overdue(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    pay_by_hand(world, booking_id, position=1)
    world.do("booking.postpone", {"id": str(booking_id)})
    world.now += timedelta(days=400)
    (row,) = _list(world, code="postponed").rows
    assert row.starts_at_utc is None
    assert not row.overdue


def test_open_payments_are_of_every_booking_that_may_still_get_money(world: StudioWorld) -> None:
    owes, paid, gone, over, waits = (world.a_booking(slot=a_slot(date(2027, 6, day))) for day in range(1, 6))
    for stage in (1, 2):
        pay_by_hand(world, paid, position=stage)
    world.do("booking.cancel", {"id": str(gone)})
    for booking_id in (over, waits):
        pay_by_hand(world, booking_id, position=1)
    world.do("booking.postpone", {"id": str(waits)})
    world.now += timedelta(days=400)
    with world.unit() as unit:
        unit.begin_act(world.act())
        assert complete(unit, world.act(), unit.bookings.get(world.tenant_id, over))
    shown = _list(world, code="open_payments")
    assert [row.booking_id for row in shown.rows] == [owes, over, waits]
    assert [each.due_minor for each in shown.sums] == [sum(row.due_minor for row in shown.rows)] == [490000]
    assert shown.counts.open_payments == 3
    assert _list(world, code="open_payments", words="nobody").counts.open_payments == 3


def test_open_payments_are_counted_only_while_they_are_looked_at(world: StudioWorld) -> None:
    world.a_booking()
    assert _list(world).counts.open_payments is None


def test_another_studio_sees_nothing(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    foreign = store_world()
    with world.engine.connect() as connection:
        shown = bookings_list(connection, foreign.tenant_id, BookingsFilter(), now=world.now, zone=ZONE)
        figures = bookings_figures(connection, foreign.tenant_id, BookingsFilter(), now=world.now, zone=ZONE)
        read = bookings_of(connection, foreign.tenant_id, [str(booking_id)], now=world.now)
    assert (shown, figures, read) == (Listed(), BookingsFigures(), ())


def test_a_booking_that_ended_today_is_still_listed(world: StudioWorld) -> None:
    booking_id = world.a_booking(slot=a_slot(date(2026, 11, 23), time(8), time(9)))
    assert [row.booking_id for row in _list(world).rows] == [booking_id]


def test_words_are_looked_for_inside_the_filter(world: StudioWorld) -> None:
    kept, gone = world.a_booking(), world.a_booking(slot=a_slot(date(2027, 7, 1)))
    world.do("booking.cancel", {"id": str(gone)})
    found = {
        code: [row.booking_id for row in _list(world, code=code, words="zoë").rows]
        for code in ("upcoming", "held", "cancelled", "confirmed", "waiting")
    }
    assert found == {
        "upcoming": [kept, gone],
        "held": [kept],
        "cancelled": [gone],
        "confirmed": [],
        "waiting": [],
    }
    page = _list(world, words="zoë", limit=1)
    assert ([row.booking_id for row in page.rows], page.matching) == ([kept], 2)


def test_a_cancelled_booking_whose_day_is_over_is_not_listed(world: StudioWorld) -> None:
    kept, gone = world.a_booking(), world.a_booking(slot=a_slot(date(2027, 7, 1)))
    world.do("booking.cancel", {"id": str(gone)})
    world.now += timedelta(days=400)
    assert [row.booking_id for row in _list(world).rows] == [kept]
    assert _list(world, code="cancelled") == replace(_list(world), rows=(), sums=(), matching=0)


def _move(world: StudioWorld, booking_id: UUID, *, from_day: date, to_day: date) -> None:
    seen, slot = (SlotArgs.of(a_slot(day)).model_dump(mode="json") for day in (from_day, to_day))
    world.do("booking.move", {"id": str(booking_id), "seen": seen, "slot": slot})


def test_a_list_is_read_on_to_its_last_row_whatever_is_written_meanwhile(world: StudioWorld) -> None:
    made = [world.a_booking(slot=a_slot(date(2027, 6, day))) for day in range(1, 7)]
    with world.engine.connect() as connection:
        listed = bookings_list(
            connection, world.tenant_id, BookingsFilter(), now=world.now, zone=ZONE, limit=2
        )
    world.do("booking.cancel", {"id": str(made[0])})
    _move(world, made[1], from_day=date(2027, 6, 2), to_day=date(2027, 6, 20))
    _move(world, made[5], from_day=date(2027, 6, 6), to_day=date(2027, 5, 20))
    world.a_booking(slot=a_slot(date(2027, 6, 21)))
    with world.engine.connect() as connection:
        rest = bookings_of(connection, world.tenant_id, listed.ids[2:], now=world.now)
    assert [row.booking_id for row in (*listed.rows, *rest)] == made


@pytest.fixture
def motley(world: StudioWorld) -> StudioWorld:
    """Bookings that differ in all that a list is sorted by, and two that are alike."""
    small = world.a_package(name="élan", price_minor=90000)
    for day, (name, people) in enumerate((("Zoë", ["Mika"]), ("anna", ["Anna", "Zed"]), ("Émile", [])), 1):
        resources = [world.a_resource(each) for each in people]
        for hour in (8, 14):
            world.a_booking(
                slot=a_slot(date(2027, 6, 10 - day), time(hour), time(hour + 2)),
                customer_id=world.a_customer(name, f"{day}@example.com"),
                resources=resources,
                **({"package_id": small} if hour == 8 else {}),
            )
    first, second, third, *_ = (row.booking_id for row in _list(world).rows)
    pay_by_hand(world, first, position=1)
    pay_by_hand(world, second, position=1)
    world.do("booking.postpone", {"id": str(second)})
    world.do("booking.cancel", {"id": str(third)})
    return world


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("place", Place)
def test_the_whole_list_has_the_order_in_which_the_table_sorts(
    motley: StudioWorld, place: Place, *, descending: bool
) -> None:
    columns = booking_columns(motley.now.date, "EUR")
    model: RowsModel[BookingRow] = RowsModel(columns, lambda row: row.booking_id)
    model.show_rows(_list(motley).rows)
    proxy = RowsProxy(model)
    proxy.sort(Place.WHEN)
    proxy.sort(place, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
    shown = _list(motley, order=ORDERS[place], descending=descending)
    assert shown.rows == proxy.shown_rows()
