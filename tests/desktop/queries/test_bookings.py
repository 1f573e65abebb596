"""The bookings list: filters, search, pages and the sums of the whole filter."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from desktop.queries.bookings import BookingsFilter, bookings_list
from desktop.queries.rows import BookingsList
from tests.builders.studio_world import ZONE, StudioWorld, a_slot
from tests.desktop.queries.store_world import pay_by_hand, store_world


@pytest.fixture
def world() -> StudioWorld:
    return store_world()


def _list(world: StudioWorld, **wanted: object) -> BookingsList:
    with world.engine.connect() as connection:
        filtered = replace(BookingsFilter(), **wanted)  # type: ignore[arg-type] # a case's fields
        return bookings_list(
            connection,
            world.tenant_id,
            filtered,
            now=world.now,
            zone=ZONE,
        )


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
    shown = _list(world, limit=2, offset=2)
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


def test_another_studio_sees_nothing(world: StudioWorld) -> None:
    world.a_booking()
    foreign = store_world()
    with world.engine.connect() as connection:
        shown = bookings_list(connection, foreign.tenant_id, BookingsFilter(), now=world.now, zone=ZONE)
    assert shown == BookingsList()


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
    page = _list(world, words="zoë", limit=1, offset=1)
    assert ([row.booking_id for row in page.rows], page.matching) == ([gone], 2)


def test_a_cancelled_booking_whose_day_is_over_is_not_listed(world: StudioWorld) -> None:
    kept, gone = world.a_booking(), world.a_booking(slot=a_slot(date(2027, 7, 1)))
    world.do("booking.cancel", {"id": str(gone)})
    world.now += timedelta(days=400)
    assert [row.booking_id for row in _list(world).rows] == [kept]
    assert _list(world, code="cancelled") == replace(_list(world), rows=(), sums=(), matching=0)
