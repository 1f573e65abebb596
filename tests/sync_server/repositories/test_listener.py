"""What one process hears of commits elsewhere: the first at once, a burst in few words, its last for sure."""

import threading
from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
import sqlalchemy as sa

from shared.ids import new_id
from sync_server.repositories.listener import Listener
from tests.postgres_cluster import Database

BURST = 300
WAIT_S = 20


class Told:
    """What a listener has passed on, in order."""

    def __init__(self) -> None:
        self.words: list[object] = []
        self._news = threading.Condition()

    def add(self, word: object) -> None:
        with self._news:
            self.words.append(word)
            self._news.notify_all()

    def wait_for(self, word: object) -> bool:
        with self._news:
            return self._news.wait_for(lambda: word in self.words, WAIT_S)


@pytest.fixture
def told(app_engine: sa.Engine) -> Iterator[Told]:
    heard = Told()
    listener = Listener(app_engine.url, on_change=heard.add, on_work=heard.add)
    listener.start()
    assert listener.wait_until_listening(WAIT_S)
    yield heard
    listener.stop()


@pytest.fixture
def elsewhere(migrated_database: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(migrated_database.conninfo, autocommit=True) as connection:
        yield connection


def _notify(connection: psycopg.Connection, channel: str, payload: object) -> None:
    connection.execute("SELECT pg_notify(%s, %s)", [channel, str(payload)])


def test_a_burst_is_few_words_and_its_last_one_is_heard(told: Told, elsewhere: psycopg.Connection) -> None:
    busy, last = new_id(), new_id()
    for _ in range(BURST):
        _notify(elsewhere, "sync", busy)
    _notify(elsewhere, "sync", last)
    assert told.wait_for(last)
    assert 1 <= told.words.count(busy) < BURST / 3


def test_changes_and_work_are_told_apart(told: Told, elsewhere: psycopg.Connection) -> None:
    studio: UUID = new_id()
    with elsewhere.transaction():
        _notify(elsewhere, "sync", studio)
        _notify(elsewhere, "work", "mail")
    assert told.wait_for(studio)
    assert told.wait_for("mail")
    assert sorted(map(str, told.words)) == sorted([str(studio), "mail"])
