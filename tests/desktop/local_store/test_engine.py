"""The store file: encrypted, safe against power cuts, open in one app at a time."""

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from desktop.local_store.engine import LocalStore
from desktop.local_store.opening import open_store
from desktop.local_store.store_errors import StoreInUse, StoreKeyWrong, StoreTooNew
from desktop.settings import DesktopSettings
from tests.desktop.local_store.conftest import Opener


def test_the_file_is_encrypted_and_its_header_is_not_sqlites(open_file: Opener, tmp_path: Path) -> None:
    store = open_file()
    with store.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO customer (tenant_id, id, name) VALUES ('t', 'c', 'Ravenscroft')"
        )
    store.close()
    written = b"".join(path.read_bytes() for path in tmp_path.glob("studio.db*"))
    assert not written.startswith(b"SQLite format 3")
    assert b"Ravenscroft" not in written
    plain = sqlite3.connect(tmp_path / "studio.db")
    with closing(plain), pytest.raises(sqlite3.DatabaseError):
        plain.execute("SELECT count(*) FROM sqlite_master")


def test_a_wrong_key_opens_nothing(open_file: Opener, tmp_path: Path) -> None:
    open_file().close()
    with pytest.raises(StoreKeyWrong):
        LocalStore(tmp_path / "studio.db", os.urandom(32))
    open_file()


LONG_QUERY = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 3000000) SELECT max(x) FROM n"
)


def test_a_reading_is_broken_off_once_nobody_wants_it(open_file: Opener) -> None:
    store = open_file()
    with (
        pytest.raises(sa.exc.OperationalError, match="interrupted"),
        store.reading(lambda: True) as connection,
    ):
        connection.exec_driver_sql(LONG_QUERY)
    with store.reading() as connection:
        assert connection.exec_driver_sql(LONG_QUERY).scalar_one() == 3_000_000


def test_one_app_opens_a_store(open_file: Opener) -> None:
    first = open_file()
    with pytest.raises(StoreInUse):
        open_file()
    first.close()
    open_file()


def test_what_was_committed_survives_a_killed_app(
    open_file: Opener, tmp_path: Path, store_key: bytes
) -> None:
    program = f"""
import os
from pathlib import Path
from desktop.local_store.engine import LocalStore
store = LocalStore(Path({str(tmp_path / "studio.db")!r}), bytes.fromhex({store_key.hex()!r}))
with store.writing() as connection:
    connection.exec_driver_sql("INSERT INTO note (tenant_id, id, body) VALUES ('t', 'kept', 'x')")
with store.writing() as connection:
    connection.exec_driver_sql("INSERT INTO note (tenant_id, id, body) VALUES ('t', 'begun', 'x')")
    os._exit(9)
"""
    died = subprocess.run([sys.executable, "-c", program], check=False, cwd=Path.cwd())
    assert died.returncode == 9
    with open_file().reading() as connection:
        assert connection.exec_driver_sql("SELECT id FROM note").scalars().all() == ["kept"]


def test_a_transaction_that_fails_leaves_nothing(open_file: Opener) -> None:
    store = open_file()

    def write_and_fail() -> None:
        with store.writing() as connection:
            connection.exec_driver_sql("INSERT INTO note (tenant_id, id, body) VALUES ('t', 'n', 'x')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM note").scalar_one() == 0


def test_readers_do_not_wait_for_the_writer_and_see_whole_transactions(open_file: Opener) -> None:
    store = open_file()
    seen: list[int] = []

    def read() -> None:
        with store.reading() as connection:
            seen.append(connection.exec_driver_sql("SELECT count(*) FROM note").scalar_one())

    with store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO note (tenant_id, id, body) VALUES ('t', 'n', 'x')")
        reader = threading.Thread(target=read)
        reader.start()
        reader.join(10)
        assert seen == [0]
    read()
    assert seen == [0, 1]


def test_every_write_is_on_the_disk_before_it_is_called_saved(open_file: Opener) -> None:
    store = open_file()
    level = "PRAGMA synchronous"
    with store.writing(refetchable=True) as connection:
        assert connection.exec_driver_sql(level).scalar_one() == 1
    with store.writing() as connection:
        assert connection.exec_driver_sql(level).scalar_one() == 2, "only fetched pages may be lost"
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"


def test_a_store_of_a_newer_app_is_not_touched(open_file: Opener) -> None:
    store = open_file()
    with store.writing() as connection:
        connection.exec_driver_sql("PRAGMA user_version = 9999")
    store.close()
    with pytest.raises(StoreTooNew):
        open_file()


def test_a_store_of_an_earlier_app_gets_the_indexes_of_this_one(open_file: Opener) -> None:
    store = open_file()
    indexes = "SELECT sql FROM sqlite_schema WHERE type = 'index' ORDER BY name"
    with store.writing() as connection:
        wanted = connection.exec_driver_sql(indexes).all()
        connection.exec_driver_sql("DROP INDEX ix_booking_days")
        connection.exec_driver_sql("CREATE INDEX ix_booking_starts_at ON booking (tenant_id, starts_at)")
        connection.exec_driver_sql("INSERT INTO booking (tenant_id, id, place) VALUES ('t', 'b', 'Villa')")
        connection.exec_driver_sql("PRAGMA user_version = 2")
    store.close()
    with open_file().reading() as connection:
        assert connection.exec_driver_sql(indexes).all() == wanted
        assert connection.exec_driver_sql("SELECT place FROM booking").all() == [("Villa",)]


def test_a_practice_store_keeps_its_key_in_a_file_that_only_the_owner_reads(tmp_path: Path) -> None:
    settings = DesktopSettings(practice=True, practice_folder=tmp_path / "practice")
    opened = open_store(settings)
    opened.store.close()
    assert settings.key_file.stat().st_mode & 0o077 == 0
    assert opened.secrets.is_file
    open_store(settings).store.close()


def test_a_store_without_its_key_says_so(tmp_path: Path) -> None:
    settings = DesktopSettings(practice=True, practice_folder=tmp_path / "practice")
    open_store(settings).store.close()
    settings.key_file.unlink()
    with pytest.raises(StoreKeyWrong):
        open_store(settings)


def test_a_reader_gets_the_connection_that_was_used_last(open_file: Opener) -> None:
    store = open_file()
    with store.reading() as first:
        with store.reading() as second:
            early = second.connection.driver_connection
        late = first.connection.driver_connection
    with store.reading() as next_one:
        assert next_one.connection.driver_connection is late
    assert early is not late
