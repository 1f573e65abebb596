"""Settings and drafts say the number that this computer would print, and when the server gives another."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from desktop.local_store.numbers import Numbers
from desktop.local_store.secrets import KeyFileSecrets
from desktop.presenting.settings_words import next_number_words, numbers_ready
from desktop.queries.next_numbers import next_of_series
from desktop.queries.settings_rows import SeriesRow
from shared.ids import new_id
from shared.models.states import DocumentKind, Series
from shared.sync_protocol.numbers import LeasedNumber
from shared.tables import document
from tests.builders.studio_world import StudioWorld
from tests.desktop.queries.store_world import store_world

YEAR = 2027


def _issue(world: StudioWorld, connection: sa.Connection, number: int, series: Series) -> None:
    """A document of the server or of another computer, as it arrives with a pull."""
    plain = dict.fromkeys(("total_net_minor", "total_tax_minor", "total_minor", "paid_minor"), 0)
    plain |= {"rounding_minor": 0, "due_minor": 0, "template_version": 1, "number": number, "year": YEAR}
    ids = {name: new_id() for name in ("id", "booking_id", "customer_id", "issued_by")}
    moments = dict.fromkeys(("created_at", "updated_at", "issued_at"), world.now)
    words = dict.fromkeys(("printed_number", "content_hash", "pdf_sha256", "renderer_version"), str(number))
    connection.execute(
        sa.insert(document).values(
            tenant_id=world.tenant_id,
            kind=DocumentKind.CREDIT,
            series=series,
            issue_date=world.now.date(),
            supply_date=world.now.date(),
            currency="EUR",
            snapshot={},
            **{name: value for name, value in (plain | ids | moments | words).items() if name in document.c},
        )
    )


@pytest.mark.parametrize(
    ("leased", "taken", "issued", "said"),
    [
        ((1, 2, 3, 4, 5), 0, (), ("BELLA-CN_2027_001", 5, False)),
        ((1, 2, 3, 4, 5), 2, (1, 2), ("BELLA-CN_2027_003", 3, False)),
        ((1, 2, 3, 4, 5), 0, (6, 7), ("BELLA-CN_2027_001", 5, True)),
        ((8, 9, 10, 11, 12), 0, (6, 7), ("BELLA-CN_2027_008", 5, False)),
        ((), 0, (6, 7), ("", 0, False)),
    ],
)
def test_the_next_number_is_the_lowest_of_the_own_lease(
    tmp_path: Path,
    leased: tuple[int, ...],
    taken: int,
    issued: tuple[int, ...],
    said: tuple[str, int, bool],
) -> None:
    world, numbers, lease = store_world(), Numbers(KeyFileSecrets(tmp_path / "keys.json")), new_id()
    with world.engine.begin() as connection:
        ours = [LeasedNumber(series=Series.CREDIT, year=YEAR, number=one, lease_id=lease) for one in leased]
        numbers.add(connection, ours)
        for one in ours[:taken]:
            numbers.take(connection, one, new_id())
        for number in issued:
            _issue(world, connection, number, Series.CREDIT)
        _issue(world, connection, 99, Series.INVOICE)  # of the other register
        found = next_of_series(
            connection, world.tenant_id, code="BELLA", series=Series.CREDIT, year=YEAR, numbers=numbers
        )
    printed, ready, is_passed = said
    assert found == SeriesRow("credit", printed, ready, "BELLA-CN_2028_001", is_passed)


@pytest.mark.parametrize(
    ("series", "number", "is_passed", "words"),
    [
        ("invoice", "BELLA_2027_044", False, ("Next invoice", "BELLA_2027_044")),
        ("credit", "BELLA-CN_2027_001", True, ("Next credit note offline", "BELLA-CN_2027_001")),
        ("credit", "", False, ("Next credit note", "comes with the next sync")),
    ],
)
def test_a_number_that_others_have_passed_is_the_next_only_offline(
    *, series: str, number: str, is_passed: bool, words: tuple[str, str]
) -> None:
    assert next_number_words(series, number, is_passed=is_passed) == words


def test_no_word_of_numbering_promises_that_no_number_is_left_out() -> None:
    assert numbers_ready("leased", 5) == "5 per series ready, unused ones are void"
    assert numbers_ready("online_only", 0) == "Without a network a number follows later"
