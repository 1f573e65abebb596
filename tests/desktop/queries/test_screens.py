"""Today, calendar, attention, search and the other lists answer from the same rows."""

from datetime import date, time, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from PySide6.QtCore import Qt

from desktop.qt.pages.customers import ORDERS, customer_columns
from desktop.qt.table_models.rows_model import RowsModel
from desktop.qt.table_models.rows_proxy import RowsProxy
from desktop.queries.attention import attention_items
from desktop.queries.calendar import calendar_rows
from desktop.queries.calendar_side import side_rows
from desktop.queries.catalogue import packages_list, resources_list
from desktop.queries.customers import CustomersFilter, customers_list, customers_of, customers_with_mail
from desktop.queries.documents import invoices_list
from desktop.queries.month_rows import CalendarItem, MonthWanted
from desktop.queries.refunds import refunds_list
from desktop.queries.rows import CustomerRow, StudioFacts
from desktop.queries.search import HitKind, search_everything
from desktop.queries.slots import clash_words
from desktop.queries.studio import studio_facts
from desktop.queries.today import today_rows
from shared.ids import new_id
from shared.models.act import ActorKind
from shared.models.inbox import SyncIssue
from shared.models.states import RequestStatus
from shared.tables import booking, payment_stage, refund_request, refund_request_line
from tests.builders.copies import copies
from tests.builders.studio_world import ZONE, StudioWorld, a_slot
from tests.desktop.queries.store_world import pay_by_hand, store_world


@pytest.fixture
def world() -> StudioWorld:
    return store_world()


def _facts(world: StudioWorld) -> StudioFacts:
    with world.engine.connect() as connection:
        facts = studio_facts(connection, world.tenant_id, user_id=world.owner_id, device_name="Desk")
    assert facts is not None
    return facts


def test_today_sums_agree_with_their_rows(world: StudioWorld) -> None:
    soon = world.now.date() + timedelta(days=2)
    package = world.a_package(deposit_percent=0)
    world.a_booking(slot=a_slot(soon, time(10), time(12)), package_id=package)
    held = world.a_booking()
    pay_by_hand(world, held, position=1)
    with world.engine.connect() as connection:
        rows = today_rows(
            connection, world.tenant_id, studio=_facts(world), user_id=world.owner_id, now=world.now
        )
    assert rows.booking_count == 2
    assert [row.status for row in rows.week] == ["confirmed"]
    assert sum(row.amount_minor for row in rows.due) == rows.figures.due_this_week_minor == 245000
    assert (rows.figures.received_minor, rows.figures.received_count) == (122500, 1)
    assert rows.figures.deposits_held_minor == 122500
    assert [row.kind for row in rows.reminders][:2] == ["overdue", "follow_up"]


def test_an_empty_studio_has_an_empty_today(world: StudioWorld) -> None:
    with world.engine.connect() as connection:
        rows = today_rows(
            connection, world.tenant_id, studio=_facts(world), user_id=world.owner_id, now=world.now
        )
    assert rows.booking_count == 0
    assert rows.figures.overdue_minor == 0


def test_the_calendar_shows_local_times_and_closed_days(world: StudioWorld) -> None:
    anna = world.a_resource()
    world.a_booking(resources=[anna])
    world.do(
        "block.create",
        {
            "id": str(new_id()),
            "resource_id": str(anna),
            "reason": "Anna away",
            "slot": {
                "start_date": "2027-06-20",
                "start_time": "00:00",
                "end_date": "2027-06-22",
                "end_time": "00:00",
                "zone": ZONE,
            },
        },
    )
    with world.engine.connect() as connection:
        rows = calendar_rows(
            connection,
            world.tenant_id,
            MonthWanted(date(2027, 5, 31), date(2027, 7, 4), lines=3),
            zone=ZONE,
        )
    assert [(item.starts_at.hour, item.title, item.status, item.resource_names) for item in rows.items] == [
        (14, "Zoë Brûlé", "held", ("Anna",))
    ]
    assert [(block.day.day, block.words) for block in rows.blocked] == [(20, "Anna away"), (21, "Anna away")]


def test_the_calendar_says_how_many_bookings_without_a_date_it_leaves_out(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    pay_by_hand(world, booking_id, position=1)
    world.do("booking.postpone", {"id": str(booking_id)})
    with world.engine.begin() as connection:
        alone = side_rows(connection, world.tenant_id, now=world.now)
        copies(connection, booking, 60)
        many = side_rows(connection, world.tenant_id, now=world.now)
    assert ([row.booking_id for row in alone.postponed], alone.more_postponed) == ([booking_id], 0)
    assert len(many.postponed) + many.more_postponed == 61


def test_a_booking_in_the_calendar_says_all_that_is_shown_of_it(world: StudioWorld) -> None:
    people = [world.a_resource(name) for name in ("Ben", "Anna")]
    slot = a_slot(date(2027, 6, 12), time(14), time(23))
    booking_id = world.a_booking(slot=slot, resources=people)
    with world.engine.connect() as connection:
        held_until = connection.execute(sa.select(booking.c.hold_ends_at)).scalar_one()
        rows = calendar_rows(
            connection,
            world.tenant_id,
            MonthWanted(date(2027, 5, 31), date(2027, 7, 4), lines=3),
            zone="America/New_York",
        )
    assert rows.items == (
        CalendarItem(
            booking_id=booking_id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            title="Zoë Brûlé",
            status="held",
            resource_names=("Anna", "Ben"),
            hold_ends_at=held_until,
            package_name="Full day",
        ),
    )
    shown = rows.items[0]
    assert shown.hold_ends_at is not None
    assert {str(each.tzinfo) for each in (shown.starts_at, shown.ends_at, shown.hold_ends_at)} == {ZONE}


def test_a_clash_is_said_in_words(world: StudioWorld) -> None:
    anna = world.a_resource()
    booking_id = world.a_booking(resources=[anna])
    with world.engine.connect() as connection:
        clash = clash_words(connection, world.tenant_id, a_slot(), resource_ids=[anna])
        own = clash_words(connection, world.tenant_id, a_slot(), resource_ids=[anna], but_for=booking_id)
        after = clash_words(
            connection, world.tenant_id, a_slot(start=time(23), end=time(23, 30)), resource_ids=[anna]
        )
    assert clash == "Anna has a hold 12 June 14:00–23:00 for Zoë Brûlé"
    assert (own, after) == ("", "")


def test_an_issue_names_the_booking_what_was_tried_and_why_not(world: StudioWorld) -> None:
    anna = world.a_resource()
    world.a_booking(resources=[anna])
    second = world.a_booking(resources=[anna])
    with world.unit() as unit:
        unit.begin_act(world.act())
        unit.issues.add(
            world.tenant_id,
            SyncIssue(
                tenant_id=world.tenant_id,
                id=new_id(),
                kind="slot_taken",
                entity="booking",
                row_id=second,
                user_id=world.owner_id,
                device_name="Laptop",
                payload={"operation": {"name": "booking.postpone", "args": {"id": str(second)}}},
            ),
        )
    with world.engine.connect() as connection:
        (item,) = attention_items(connection, world.tenant_id, zone=ZONE, user_id=world.owner_id)
    assert item.customer_name == "Zoë Brûlé"
    assert item.tried.startswith("Postponed, by Clara on Laptop")
    assert item.why_not == "Anna has a hold 12 June 14:00–23:00 for Zoë Brûlé"
    assert item.now == "Saved as Needs slot. Nothing was mailed to the customer."


def test_a_replaced_field_shows_both_sides_to_the_one_who_lost(world: StudioWorld) -> None:
    customer_id = world.a_customer()
    payload = {
        "fields": {"phone": {"before": "1", "yours": "88", "theirs": "10"}},
        "author": str(world.owner_id),
    }
    with world.unit() as unit:
        unit.begin_act(world.act())
        unit.issues.add(
            world.tenant_id,
            SyncIssue(
                tenant_id=world.tenant_id,
                id=new_id(),
                kind="replaced",
                entity="customer",
                row_id=customer_id,
                payload=payload,
            ),
        )
    with world.engine.connect() as connection:
        (item,) = attention_items(connection, world.tenant_id, zone=ZONE, user_id=world.owner_id)
    (change,) = item.fields
    assert (change.before, change.mine, change.theirs, change.lost) == ("1", "10", "88", True)
    assert dict(item.details)["field"] == "phone"


def test_search_finds_customers_and_bookings(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    with world.engine.connect() as connection:
        hits = search_everything(connection, world.tenant_id, "zoe")
        none = search_everything(connection, world.tenant_id, "'; --")
    assert [hit.kind for hit in hits] == [HitKind.CUSTOMER, HitKind.BOOKING]
    assert hits[1].booking_id == booking_id
    assert none == ()


def test_the_small_lists_answer(world: StudioWorld) -> None:
    world.a_booking()
    with world.engine.connect() as connection:
        wanted = CustomersFilter()
        (customer,) = customers_list(connection, world.tenant_id, wanted, currency="EUR", now=world.now).rows
        (package,) = packages_list(connection, world.tenant_id)
        (resource,) = resources_list(connection, world.tenant_id)
        assert invoices_list(connection, world.tenant_id) == ()
        assert refunds_list(connection, world.tenant_id, user_id=world.owner_id) == ()
        assert customers_with_mail(connection, world.tenant_id, "ZOE@example.com ") == (
            (customer.customer_id, "Zoë Brûlé"),
        )
    assert (customer.booking_count, customer.due_minor) == (1, 245000)
    assert package.plan_words == "50 % on booking, the rest 3 days before"
    assert resource.name == "Anna"


def test_every_refund_is_listed_and_waits_in_the_inbox(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    pay_by_hand(world, booking_id, position=1)
    world.do("booking.cancel", {"id": str(booking_id), "refund": True, "reason": "customer_cancelled"})
    with world.engine.begin() as connection:
        connection.execute(refund_request.update().values(status=RequestStatus.NEEDS_PERSON))
        requests = copies(connection, refund_request, 600)
        copies(connection, refund_request_line, 600, owners={"request_id": requests})
        listed = refunds_list(connection, world.tenant_id, user_id=world.owner_id)
        items = attention_items(connection, world.tenant_id, zone=ZONE, user_id=world.owner_id)
    assert len({row.request_id for row in listed}) == len(items) == 601


def test_a_refund_of_a_booking_far_away_is_told_in_the_studios_time_and_names_who_asked(
    world: StudioWorld,
) -> None:
    booking_id = world.a_booking(slot=a_slot(zone="Asia/Tokyo"))
    pay_by_hand(world, booking_id, position=1)
    world.do("booking.cancel", {"id": str(booking_id), "refund": True, "reason": "customer_cancelled"})
    by_link = {"asked_by": None, "asked_by_kind": ActorKind.CUSTOMER, "status": RequestStatus.REQUESTED}
    with world.engine.begin() as connection:
        connection.execute(refund_request.update().values(by_link))
        (row,) = refunds_list(connection, world.tenant_id, user_id=world.owner_id)
        (item,) = attention_items(connection, world.tenant_id, zone=ZONE, user_id=world.owner_id)
    assert row.time_zone == item.time_zone == ZONE
    assert row.asked_by == "The customer"
    assert ", by the customer, " in item.tried
    assert item.why_not == "Somebody of the studio must agree before money leaves"


def test_today_leaves_out_no_booking_of_the_week_and_no_payment(world: StudioWorld) -> None:
    soon = world.now.date() + timedelta(days=2)
    package = world.a_package(deposit_percent=0)
    world.a_booking(slot=a_slot(soon, time(10), time(12)), package_id=package)
    facts = _facts(world)
    with world.engine.begin() as connection:
        bookings = copies(connection, booking, 150)
        copies(connection, payment_stage, 150, owners={"booking_id": bookings})
        rows = today_rows(connection, world.tenant_id, studio=facts, user_id=world.owner_id, now=world.now)
    assert len(rows.week) == len(rows.due) == 151
    assert sum(row.amount_minor for row in rows.due) == rows.figures.due_this_week_minor


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("place", range(len(ORDERS)))
def test_all_customers_have_the_order_in_which_their_table_sorts(
    world: StudioWorld, place: int, *, descending: bool
) -> None:
    for day, name in enumerate(("Zoë", "anna", "Émile", "bo"), 1):
        customer_id = world.a_customer(name, f"{day % 3}@example.com")
        for hour in range(8, 8 + 3 * (day - 1), 3):
            world.a_booking(
                slot=a_slot(date(2027, 6, 10 - day), time(hour), time(hour + 2)), customer_id=customer_id
            )
    at: Any = {"currency": "EUR", "now": world.now}
    with world.engine.connect() as connection:
        by_name = customers_list(connection, world.tenant_id, CustomersFilter(), **at)
        wanted = CustomersFilter("", ORDERS[place], descending)
        listed = customers_list(connection, world.tenant_id, wanted, limit=2, **at)
        rest = customers_of(connection, world.tenant_id, listed.ids[2:], **at)
    model: RowsModel[CustomerRow] = RowsModel(
        customer_columns(_facts(world), world.now.date), lambda row: row.customer_id
    )
    model.show_rows(by_name.rows)
    proxy = RowsProxy(model)
    proxy.sort(1)
    proxy.sort(place, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
    assert (*listed.rows, *rest) == proxy.shown_rows()
    assert len(rest) == 2
