"""How amounts, dates, sync and inbox items are said."""

from datetime import UTC, date, datetime, timedelta

import pytest

from desktop.presenting import dates, inbox_words, money_text, status_words
from desktop.presenting.sync_words import (
    SyncPhase,
    SyncState,
    SyncTone,
    status_tone,
)
from desktop.presenting.sync_words import (
    status_words as sync_line,
)

TODAY = date(2027, 5, 12)
NOW = datetime(2027, 5, 12, 8, 42, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "cell", "signed"),
    [
        (139200, "EUR", "1,392.00", "+1,392.00"),
        (-31200, "EUR", "−312.00", "−312.00"),
        (0, "EUR", "–", "–"),
        (5000, "JPY", "5,000", "+5,000"),
        (1250, "KWD", "1.250", "+1.250"),
    ],
)
def test_amounts_have_the_currencys_decimals_a_true_minus_and_a_dash_for_nothing(
    amount_minor: int, currency: str, cell: str, signed: str
) -> None:
    assert money_text.cell_amount(amount_minor, currency) == cell
    assert money_text.signed_amount(amount_minor, currency) == signed


def test_days_are_written_as_people_say_them() -> None:
    assert dates.day_words(date(2027, 6, 9), TODAY) == "Wed 9 June"
    assert dates.day_words(date(2028, 1, 3), TODAY) == "Mon 3 Jan 2028"
    assert dates.day_with_year(TODAY) == "Wed 12 May 2027"
    assert dates.day_span(date(2027, 5, 10), date(2027, 5, 16)) == "10 – 16 May"
    assert dates.due_day(TODAY - timedelta(days=1), TODAY) == "1 day overdue"
    assert dates.due_day(TODAY + timedelta(days=1), TODAY) == "Tomorrow"
    assert dates.time_left(NOW + timedelta(hours=7, minutes=18), NOW) == "in 7 h"
    assert dates.city("Europe/Lisbon") == "Lisbon"


def test_a_slot_past_midnight_names_the_day_on_which_it_ends() -> None:
    start = datetime(2027, 5, 15, 18, tzinfo=UTC)
    assert dates.time_span(start, start + timedelta(hours=6)) == "18:00–00:00"
    assert dates.time_span(start, start + timedelta(hours=8)) == "18:00–02:00 (Sun)"


@pytest.mark.parametrize(
    ("state", "words", "tone"),
    [
        (SyncState(SyncPhase.SYNCED, last_sync_at_utc=NOW), "Synced 10:42", SyncTone.FINE),
        (
            SyncState(SyncPhase.OFFLINE, waiting=3, last_sync_at_utc=NOW - timedelta(minutes=45)),
            "Offline · 3 changes waiting · last sync 09:57",
            SyncTone.WARNING,
        ),
        (SyncState(SyncPhase.OFFLINE, waiting=1), "Offline · 1 change waiting", SyncTone.WARNING),
        (
            SyncState(SyncPhase.SIGN_IN, waiting=3),
            "Sign in to sync · 3 changes waiting",
            SyncTone.WARNING,
        ),
        (
            SyncState(SyncPhase.RESTORED, progress_percent=40),
            "Server was restored · rebuilding 40 % · you can keep working",
            SyncTone.WAITING,
        ),
        (
            SyncState(SyncPhase.UPGRADE_SERVER, waiting=3),
            "3 changes wait for a server update",
            SyncTone.WARNING,
        ),
        (SyncState(SyncPhase.BUSY, retry_in_s=20), "Server busy · trying again in 20 s", SyncTone.WARNING),
        (
            SyncState(SyncPhase.SYNCED, last_sync_at_utc=NOW, clock_offset_s=-3660, attention=2),
            "Synced 10:42 · Clock is 61 min off · Needs attention (2)",
            SyncTone.FINE,
        ),
        (SyncState(disk_full=True), "Disk is full: nothing new can be saved", SyncTone.DANGER),
    ],
)
def test_the_status_bar_says_the_sentence_of_its_state(state: SyncState, words: str, tone: SyncTone) -> None:
    assert sync_line(state, zone_name="Europe/Vienna", today=TODAY) == words
    assert status_tone(state) is tone


@pytest.mark.parametrize("phase", list(SyncPhase))
def test_every_sync_phase_has_words(phase: SyncPhase) -> None:
    assert sync_line(SyncState(phase), zone_name="UTC", today=TODAY)


def test_inbox_items_say_the_sentence_of_their_kind() -> None:
    details = {"customer": "Anna Kowalska", "user": "Ben", "field": "phone", "rest": "120.00"}
    assert inbox_words.title("slot_taken", details=details) == "The time for Anna Kowalska is taken"
    assert inbox_words.title("replaced", details=details) == "Ben’s change replaced yours: phone"
    assert inbox_words.title("exceeds_refundable", details=details) == "Only 120.00 can still be refunded"
    assert inbox_words.title("parked") == "The server could not carry this out"
    assert (
        inbox_words.title("bad_args", sentence="This change cannot be read.") == "This change cannot be read."
    )


@pytest.mark.parametrize("kind", [*inbox_words.known_kinds(), "parked"])
def test_every_inbox_kind_has_a_title_without_details_and_a_way_on(kind: str) -> None:
    assert inbox_words.title(kind)
    assert inbox_words.actions(kind)


def test_do_it_now_is_offered_only_to_a_person_with_the_right() -> None:
    assert [action.code for action in inbox_words.actions("needs_right", may_act=False)] == ["discard"]


def test_an_unknown_code_is_shown_as_itself() -> None:
    assert status_words.say(status_words.BOOKING_STATUS, "needs_slot") == "Needs slot"
    assert status_words.say(status_words.STAGE_STATUS, "needs_review") == "Needs review"
