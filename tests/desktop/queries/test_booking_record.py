"""The record of one booking agrees with the sums of the list, with the ledger and with the policy."""

from datetime import timedelta
from uuid import UUID

import pytest

from desktop.queries.booking_record import booking_record
from desktop.queries.record_rows import BookingRecord, EntryLook, RefundPreview
from desktop.queries.refund_preview import refund_preview
from shared.ids import new_id
from shared.models.states import BookingStatus
from shared.tables import booking
from tests.builders.studio_world import StudioWorld
from tests.desktop.queries.store_world import pay_by_hand, store_world


@pytest.fixture
def world() -> StudioWorld:
    return store_world()


def _record(world: StudioWorld, booking_id: UUID) -> BookingRecord:
    with world.engine.connect() as connection:
        found = booking_record(connection, world.tenant_id, booking_id, user_id=world.owner_id, now=world.now)
    assert found is not None
    return found


def _preview(world: StudioWorld, booking_id: UUID) -> RefundPreview:
    with world.engine.connect() as connection:
        found = refund_preview(connection, world.tenant_id, booking_id, user_id=world.owner_id, now=world.now)
    assert found is not None
    return found


def test_a_new_booking_shows_its_stages_and_what_comes(world: StudioWorld) -> None:
    record = _record(world, world.a_booking())
    assert [(stage.kind, stage.rule_words, stage.amount_minor) for stage in record.stages] == [
        ("deposit", "50 % on booking", 122500),
        ("remainder", "the rest, 3 days before", 122500),
    ]
    assert record.slot.wall is not None
    assert record.slot.wall.start_date.isoformat() == "2027-06-12"
    assert [(mail.kind, mail.reason) for mail in record.mails] == [
        ("overdue", "if unpaid"),
        ("balance_due", ""),
        ("overdue", "if unpaid"),
    ]
    assert record.outlook is None
    assert record.history[-1].words == "Clara made the booking"


@pytest.mark.parametrize(
    ("schedule_rev", "words"), [(1, "The booking was confirmed"), (2, "The booking got a new date")]
)
def test_what_nobody_of_the_studio_changed_is_told_by_what_became_of_it(
    world: StudioWorld, schedule_rev: int, words: str
) -> None:
    booking_id = world.a_booking()
    by_link = {
        "updated_by": None,
        "updated_at": world.now + timedelta(hours=1),
        "status": BookingStatus.CONFIRMED,
        "schedule_rev": schedule_rev,
    }
    with world.engine.begin() as connection:
        connection.execute(booking.update().values(by_link))
    assert _record(world, booking_id).history[0].words == words


def test_the_timeline_ends_where_the_stages_end(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    pay_by_hand(world, booking_id, position=1)
    record = _record(world, booking_id)
    looks = [(entry.look, entry.still_due_minor) for entry in record.timeline]
    assert looks == [
        (EntryLook.FACT, 245000),
        (EntryLook.MONEY, record.due_minor),
        (EntryLook.PLANNED, 0),
    ]
    money = record.timeline[1]
    assert (money.words, money.caption) == ("Deposit by bank transfer", "entered by Clara")


def test_the_outlook_says_what_a_cancellation_would_keep(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    pay_by_hand(world, booking_id, position=1)
    outlook = _record(world, booking_id).outlook
    assert outlook is not None
    assert (outlook.kept_minor, outlook.goes_back_minor, outlook.next_kept_minor) == (0, 122500, 49000)


def test_the_refund_dialog_shows_what_the_service_then_does(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    pay_by_hand(world, booking_id, position=1)
    world.now += timedelta(days=190)  # inside the 31 days, where 20 percent are kept
    preview = _preview(world, booking_id)
    assert (preview.kept_percent, preview.kept_by_percent_minor, preview.refund_minor) == (20, 49000, 73500)
    assert [line.way_words for line in preview.lines] == [
        "Hand back by bank transfer",
        "Not paid; 1,225.00 is no longer asked",
    ]
    world.do(
        "booking.cancel",
        {
            "id": str(booking_id),
            "refund": True,
            "preview_hash": preview.preview_hash,
            "reason": "customer_cancelled",
        },
    )
    record = _record(world, booking_id)
    assert record.status == "cancelled"
    assert record.due_minor == 0
    assert [(refund.amount_minor, refund.request_status) for refund in record.refunds] == [
        (73500, "approved")
    ]


def test_a_request_above_the_limit_names_who_must_agree(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    pay_by_hand(world, booking_id, position=1)
    assert not _preview(world, booking_id).second_person
    stranger = new_id()
    with world.engine.connect() as connection:
        seen = refund_preview(connection, world.tenant_id, booking_id, user_id=stranger, now=world.now)
    assert seen is not None
    assert seen.second_person
    assert seen.approver_words == "Clara (owner)"


def test_a_mail_that_staff_held_says_so(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    (mail,) = [mail for mail in _record(world, booking_id).mails if mail.kind == "balance_due"]
    args = {
        "booking_id": str(booking_id),
        "rule_id": str(mail.rule_id),
        "stage_position": mail.stage_position,
    }
    world.do("reminder.hold", args)
    (held,) = [mail for mail in _record(world, booking_id).mails if mail.kind == "balance_due"]
    assert (held.held, held.reason) == (True, "held")


def test_a_booking_of_another_studio_is_not_found(world: StudioWorld) -> None:
    booking_id = world.a_booking()
    with world.engine.connect() as connection:
        assert booking_record(connection, new_id(), booking_id, user_id=world.owner_id, now=world.now) is None
