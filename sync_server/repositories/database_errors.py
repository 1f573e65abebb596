"""Tells a database that is busy or gone from a broken promise of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from psycopg import errors as pg
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.errors import Busy

_PASSING: Final = (
    pg.LockNotAvailable,
    pg.QueryCanceled,  # statement_timeout
    pg.DeadlockDetected,
    pg.SerializationFailure,
    pg.DiskFull,
    pg.OutOfMemory,
    pg.TooManyConnections,
    pg.AdminShutdown,
    pg.CrashShutdown,
    pg.CannotConnectNow,
    pg.IdleInTransactionSessionTimeout,
)


def is_passing(failure: BaseException) -> bool:
    """Whether trying again later may help: lost connection, lock timeout, full disk, no connection free."""
    if isinstance(failure, PoolTimeout):
        return True
    if not isinstance(failure, DBAPIError):
        return False
    if isinstance(failure.orig, _PASSING) or failure.connection_invalidated:
        return True
    # an operational error without a state of its own: the connection is gone
    return isinstance(failure, OperationalError | InterfaceError) and not getattr(
        failure.orig, "sqlstate", None
    )


def is_dangling(failure: BaseException) -> bool:
    """Whether a row points to nothing."""
    return isinstance(failure, IntegrityError) and isinstance(failure.orig, pg.ForeignKeyViolation)


def is_no_studio(failure: BaseException) -> bool:
    """Whether the lock of a studio was asked for that does not exist."""
    return isinstance(failure, DBAPIError) and isinstance(failure.orig, pg.NoDataFound)


def is_unkeepable(failure: BaseException) -> bool:
    """Whether the database cannot hold a value: too large a number, a NUL in a text."""
    return isinstance(failure, DataError)


@contextmanager
def busy_database() -> Iterator[None]:
    """Turns a passing failure into Busy."""
    try:
        yield
    except (DBAPIError, PoolTimeout) as failure:
        if is_passing(failure):
            raise Busy from failure
        raise
