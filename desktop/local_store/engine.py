"""Opens the store of one studio: one write connection, many readers, one app per store.

It decides how the file is encrypted and how safely it is written. It knows no table.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import sqlalchemy as sa
import sqlcipher3.dbapi2
from sqlalchemy.pool import QueuePool, StaticPool

from desktop.local_store.store_errors import DiskFull, StoreInUse, StoreKeyWrong
from desktop.local_store.upgrades import upgrade

KEY_BYTES: Final = 32
READERS: Final = 4
_BUSY_TIMEOUT_MS: Final = 5_000
_CACHE_KIB: Final = 32 * 1024
_STEPS: Final = 100_000
"""Of SQLite's machine, a millisecond or two."""


class LocalStore:
    """The store file of one studio, open; or, without a path, one in memory for tests and the simulator."""

    def __init__(self, path: Path | None = None, key: bytes | None = None) -> None:
        """Open and, where it is older, upgrade the store. Raises StoreInUse, StoreKeyWrong, DiskFull."""
        assert (path is None) == (key is None), "a file has a key, a store in memory has none"
        self.path = path
        self._lock = FileLock(path.with_suffix(".lock")) if path else None
        self._writing = threading.Lock()
        self._synchronous = "FULL"
        try:
            self._write_engine = _file_engine(path, key, pool_size=1) if path and key else _memory_engine()
            self._read_engine = _file_engine(path, key, pool_size=READERS) if path and key else None
            _begin_immediately(self._write_engine)
            self._open()
        except BaseException:  # also an interrupt must not keep the studio's lock
            self._release()
            raise

    @contextmanager
    def writing(self, *, refetchable: bool = False) -> Iterator[sa.Connection]:
        """One write transaction: committed at the end, rolled back by any exception; never nested.

        A ``refetchable`` one (a page of a first sync) may be lost in a power cut and is then fetched again.
        """
        waits = self._read_engine is None  # in memory, readers share the one connection
        got = self._writing.acquire(blocking=waits)
        assert got, "one writer at a time: hand work to the writer thread"
        try:
            with self._write_engine.connect() as connection:
                self._set_synchronous(connection, "NORMAL" if refetchable else "FULL")
                with connection.begin():
                    yield connection
        except sa.exc.OperationalError as failure:
            if _is_disk_full(failure):
                raise DiskFull from failure
            raise
        finally:
            self._writing.release()

    @contextmanager
    def reading(self, unwanted: Callable[[], bool] | None = None) -> Iterator[sa.Connection]:
        """One consistent view of the rows; it never waits for the writer.

        A statement is broken off once ``unwanted()`` holds, by an OperationalError.
        """
        if self._read_engine is None:
            with self._writing, self._write_engine.connect() as connection:
                yield connection
            return
        with self._read_engine.connect() as connection, connection.begin(), _heeding(connection, unwanted):
            yield connection

    def close(self) -> None:
        """Close every connection and let another app open the store."""
        self._write_engine.dispose()
        if self._read_engine is not None:
            self._read_engine.dispose()
        self._release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _open(self) -> None:
        try:
            with self.writing() as connection:
                upgrade(connection)
        except sa.exc.DatabaseError as failure:
            self._write_engine.dispose()
            if "not a database" in str(failure.orig):
                raise StoreKeyWrong from failure
            raise

    def _set_synchronous(self, connection: sa.Connection, level: str) -> None:
        if level != self._synchronous:
            raw = connection.connection.driver_connection
            assert raw is not None, "an open connection has a driver's"
            raw.execute(f"PRAGMA synchronous={level}")
            self._synchronous = level

    def _release(self) -> None:
        if self._lock is not None:
            self._lock.release()


class FileLock:
    """A lock of the operating system on one file: it ends with the process, however that ends."""

    def __init__(self, path: Path) -> None:
        """Take the lock. Raises StoreInUse."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock_descriptor(self._descriptor)
        except OSError as cause:
            os.close(self._descriptor)
            raise StoreInUse from cause
        self._held = True

    def release(self) -> None:
        """Give the lock back; a repetition does nothing."""
        if self._held:
            self._held = False
            os.close(self._descriptor)


if os.name == "nt":  # pragma: no cover - Windows
    import msvcrt

    def _lock_descriptor(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore] # Windows only
else:
    import fcntl

    def _lock_descriptor(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _file_engine(path: Path, key: bytes, *, pool_size: int) -> sa.Engine:
    assert len(key) == KEY_BYTES, "the key is raw, 256 bits"
    # the x'…' form is SQLCipher's raw key: no passphrase derivation at each connection
    url = sa.URL.create("sqlite+pysqlcipher", password=f"x'{key.hex()}'", database=str(path))
    engine = sa.create_engine(
        url,
        module=sqlcipher3.dbapi2,
        poolclass=QueuePool,
        pool_use_lifo=True,  # the connection that was used last has deciphered the pages that are asked for
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=30,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _prepare_file)
    return engine


def _memory_engine() -> sa.Engine:
    engine = sa.create_engine(
        "sqlite+pysqlite://",
        module=sqlcipher3.dbapi2,
        poolclass=StaticPool,
        connect_args={"isolation_level": None, "check_same_thread": False},
    )
    sa.event.listen(engine, "connect", _prepare)
    return engine


@contextmanager
def _heeding(connection: sa.Connection, unwanted: Callable[[], bool] | None) -> Iterator[None]:
    # interrupt() would be forgotten where it comes between two statements
    raw = connection.connection.driver_connection
    assert raw is not None, "an open connection has a driver's"
    raw.set_progress_handler(unwanted, _STEPS)
    try:
        yield
    finally:
        raw.set_progress_handler(None, _STEPS)


def _begin_immediately(engine: sa.Engine) -> None:
    @sa.event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _prepare(raw: Any, record: object) -> None:  # noqa: ANN401 - the driver's connection
    del record
    raw.execute(f"PRAGMA busy_timeout={_BUSY_TIMEOUT_MS}")
    raw.execute("PRAGMA foreign_keys=OFF")  # a page may hold a booking before its customer
    raw.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    raw.execute("PRAGMA temp_store=MEMORY")  # nothing in clear in a temporary file


def _prepare_file(raw: Any, record: object) -> None:  # noqa: ANN401 - the driver's connection
    try:
        raw.execute("PRAGMA cipher_log_level=NONE")  # a wrong key is told in words
        _prepare(raw, record)
        raw.execute("PRAGMA journal_mode=WAL")
        raw.execute("PRAGMA synchronous=FULL")
    except sqlcipher3.dbapi2.DatabaseError as failure:
        raw.close()
        if "not a database" in str(failure):
            raise StoreKeyWrong from failure
        raise


def _is_disk_full(failure: sa.exc.OperationalError) -> bool:
    return "disk is full" in str(failure.orig)
