"""Numbers of documents: none is ever printed twice, whatever happens to the computer."""

import pytest

from desktop.local_store.engine import LocalStore
from desktop.local_store.numbers import Numbers
from desktop.local_store.secrets import KeyFileSecrets
from shared.errors import NoNumberLeft
from shared.ids import new_id
from shared.models.states import Series
from shared.sync_protocol.numbers import LeasedNumber

INVOICE, YEAR = Series.INVOICE, 2027


@pytest.fixture
def store(secrets: KeyFileSecrets) -> LocalStore:
    """A store that has leased the numbers 1 to 5."""
    store = LocalStore()
    lease(store, secrets, 1, 2, 3, 4, 5)
    return store


def lease(store: LocalStore, secrets: KeyFileSecrets, *numbers: int) -> None:
    lease_id = new_id()
    with store.writing() as connection:
        Numbers(secrets).add(
            connection,
            [LeasedNumber(series=INVOICE, year=YEAR, number=one, lease_id=lease_id) for one in numbers],
        )


def take(store: LocalStore, secrets: KeyFileSecrets, *, commits: bool = True) -> int:
    numbers = Numbers(secrets)
    try:
        with store.writing() as connection:
            number = numbers.lowest_free(connection, INVOICE, YEAR)
            numbers.take(connection, number, new_id())
            assert commits, "the power fails here"
    except AssertionError:
        return 0
    return number.number


def test_numbers_are_taken_in_order_until_none_is_left(store: LocalStore, secrets: KeyFileSecrets) -> None:
    assert [take(store, secrets) for _ in range(5)] == [1, 2, 3, 4, 5]
    with pytest.raises(NoNumberLeft):
        take(store, secrets)


def test_a_number_taken_in_a_crash_is_skipped(store: LocalStore, secrets: KeyFileSecrets) -> None:
    take(store, secrets)
    take(store, secrets, commits=False)
    with store.writing() as connection:
        assert Numbers(secrets).check_marks(connection), "one behind is a crash, not a restored store"
    assert [take(store, secrets), take(store, secrets)] == [3, 4]


def test_a_restored_store_prints_no_number_until_it_is_online(secrets: KeyFileSecrets) -> None:
    old, present = LocalStore(), LocalStore()
    lease_id = new_id()
    for store in (old, present):
        with store.writing() as connection:
            Numbers(secrets).add(
                connection,
                [
                    LeasedNumber(series=INVOICE, year=YEAR, number=one, lease_id=lease_id)
                    for one in range(1, 6)
                ],
            )
    assert [take(present, secrets) for _ in range(3)] == [1, 2, 3]
    with old.writing() as connection:
        assert not Numbers(secrets).check_marks(connection)
    with pytest.raises(NoNumberLeft):
        take(old, secrets)
    lease(old, secrets, 6, 7)
    assert take(old, secrets) == 6, "new numbers from the server are good"
    with old.writing() as connection:
        assert Numbers(secrets).check_marks(connection)


def test_a_copied_store_has_no_numbers(store: LocalStore, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = KeyFileSecrets(tmp_path_factory.mktemp("other") / "keys.json")
    with store.reading() as connection:
        assert Numbers(elsewhere).free(connection, INVOICE, YEAR) == []


def test_a_number_granted_out_of_turn_leaves_no_way_back(store: LocalStore, secrets: KeyFileSecrets) -> None:
    lease(store, secrets, 11)
    numbers = Numbers(secrets)
    with store.writing() as connection:
        eleven = next(one for one in numbers.free(connection, INVOICE, YEAR) if one.number == 11)
        numbers.take(connection, eleven, new_id())
        assert numbers.free(connection, INVOICE, YEAR) == []
        assert numbers.check_marks(connection)
