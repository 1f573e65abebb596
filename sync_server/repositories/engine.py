"""Connections to Postgres as a role that owns nothing."""

from typing import Final

import sqlalchemy as sa

Engine = sa.Engine
"""Named here for those who only pass one on."""

_OPTIONS: Final = (
    "-c lock_timeout=5s -c statement_timeout=15s -c idle_in_transaction_session_timeout=10s"
    " -c synchronous_commit=on -c timezone=UTC"
)
_POOL_WAIT_S: Final = 5


def make_engine(url: str, *, user: str, password: str, pool_size: int) -> sa.Engine:
    """An engine for one of the two roles; ``url`` may name another user, it is replaced."""
    return sa.create_engine(
        sa.make_url(url).set(username=user, password=password),
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=_POOL_WAIT_S,
        hide_parameters=True,  # an error may be logged, what was in a row may not
        connect_args={"options": _OPTIONS, "connect_timeout": 5, "application_name": user},
    )
