"""Counts tries in fixed windows of machine time."""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from sync_server.repositories.access_tables import rate_bucket


class RateBuckets:
    """Counters without a studio: a try is counted before anybody is known."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def hit(self, bucket: str, *, window_s: int, tries: int = 1) -> tuple[int, int]:
        """Count tries; how many there are in this window, and in how many seconds it ends."""
        seconds = sa.func.extract("epoch", sa.func.now())
        start = sa.func.to_timestamp(sa.func.floor(seconds / window_s) * window_s)
        statement = (
            postgresql.insert(rate_bucket)
            .values(bucket=bucket, window_start=start, n=tries)
            .on_conflict_do_update(
                index_elements=["bucket", "window_start"], set_={"n": rate_bucket.c.n + tries}
            )
            .returning(
                rate_bucket.c.n,
                sa.func.ceil(sa.func.extract("epoch", rate_bucket.c.window_start) + window_s - seconds),
            )
        )
        with self._engine.begin() as connection:
            n, left = connection.execute(statement).one()
        return int(n), int(left)
