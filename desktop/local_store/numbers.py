"""Document numbers of this computer: which one is next, and why a copied or restored store has none.

A number is usable when its lease's nonce is in the keyring and it lies above the keyring's high-water mark.
The mark is written before the local commit: a crash between the two costs one number, never prints one twice.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from desktop.local_store.secrets import Secrets, new_nonce, nonce_hash
from shared.clock import local_date
from shared.errors import NoNumberLeft
from shared.models.states import Numbering, Series
from shared.sync_protocol.numbers import STANDING_LEASE_SIZE, LeasedNumber

log = structlog.get_logger()

_DECEMBER: Final = 12


@dataclass(frozen=True, slots=True)
class Shortage:
    """A standing lease that should be topped up."""

    series: Series
    year: int


@dataclass(frozen=True, slots=True)
class _HighWater:
    """The highest number taken on this computer, and the one before it."""

    number: int
    previous: int


class Numbers:
    """The numbers that this store may print."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def check_marks(self, connection: sa.Connection) -> bool:
        """At start: compare store and keyring; False when the store was restored: its numbers freeze.

        One number behind is a crash before the commit: that number is skipped.
        """
        honest = True
        known = connection.exec_driver_sql(
            "SELECT series, year FROM number_lease UNION SELECT series, year FROM number_mark"
        ).all()
        for series, year in known:
            mark = self._mark(Series(series), year)
            stored = _stored_mark(connection, series, year)
            if mark.number == stored:
                continue
            if mark.previous != stored:
                honest = False
                log.warning("number_marks_behind", series=series, year=year, stored=stored, mark=mark.number)
                connection.exec_driver_sql(
                    "UPDATE number_lease SET state = 'frozen'"
                    " WHERE series = ? AND year = ? AND state = 'free'",
                    (series, year),
                )
            else:
                connection.exec_driver_sql(
                    "UPDATE number_lease SET state = 'frozen'"
                    " WHERE series = ? AND year = ? AND number = ? AND state = 'free'",
                    (series, year, mark.number),
                )
            _store_mark(connection, series, year, max(mark.number, stored))
        return honest

    def add(self, connection: sa.Connection, leased: Iterable[LeasedNumber]) -> int:
        """Keep what the server lists as leased to this device; how many were not known before."""
        added = 0
        for number in leased:
            nonce = self._secrets.get(_nonce_name(number.lease_id))
            if nonce is None:
                nonce = new_nonce()
                self._secrets.put(_nonce_name(number.lease_id), nonce)
            done = connection.exec_driver_sql(
                "INSERT INTO number_lease (series, year, number, lease_id, nonce_hash, state)"
                " VALUES (?, ?, ?, ?, ?, 'free') ON CONFLICT DO NOTHING",
                (number.series.value, number.year, number.number, str(number.lease_id), nonce_hash(nonce)),
            )
            added += done.rowcount
        return added

    def shortage(self, connection: sa.Connection, *, now: datetime) -> Shortage | None:
        """The first standing lease that is not full; from 1 December the next year's too."""
        studio = connection.exec_driver_sql("SELECT zone, numbering FROM studio").one_or_none()
        if studio is None or studio.numbering != Numbering.LEASED:
            return None
        today = local_date(now, studio.zone)
        years = (today.year, today.year + 1) if today.month == _DECEMBER else (today.year,)
        for year in years:
            for series in Series:
                if len(self.free(connection, series, year)) < STANDING_LEASE_SIZE:
                    return Shortage(series, year)
        return None

    def returnable(self, connection: sa.Connection) -> list[UUID]:
        """Leases of which this store may use no number any more; the server makes the rest void."""
        rows = connection.exec_driver_sql(
            "SELECT series, year, number, lease_id, nonce_hash, state FROM number_lease"
            " WHERE state <> 'used' ORDER BY series, year, number"
        ).all()
        usable: dict[str, bool] = {}
        for row in rows:
            is_usable = (
                row.state == "free"
                and row.number > self._mark(Series(row.series), row.year).number
                and self._is_ours(row.lease_id, row.nonce_hash)
            )
            usable[row.lease_id] = usable.get(row.lease_id, False) or is_usable
        return [UUID(lease_id) for lease_id, is_usable in usable.items() if not is_usable]

    def forget(self, connection: sa.Connection, lease_ids: Iterable[UUID]) -> None:
        """The server has taken these leases back; numbers that were used stay."""
        for lease_id in lease_ids:
            connection.exec_driver_sql(
                "DELETE FROM number_lease WHERE lease_id = ? AND state <> 'used'", (str(lease_id),)
            )
            self._secrets.delete(_nonce_name(lease_id))

    def free(self, connection: sa.Connection, series: Series, year: int) -> list[LeasedNumber]:
        """The usable numbers, lowest first."""
        mark = self._mark(series, year)
        rows = connection.exec_driver_sql(
            "SELECT number, lease_id, nonce_hash FROM number_lease"
            " WHERE series = ? AND year = ? AND state = 'free' AND number > ? ORDER BY number",
            (series.value, year, mark.number),
        ).all()
        return [
            LeasedNumber(series=series, year=year, number=row.number, lease_id=UUID(row.lease_id))
            for row in rows
            if self._is_ours(row.lease_id, row.nonce_hash)
        ]

    def lowest_free(self, connection: sa.Connection, series: Series, year: int) -> LeasedNumber:
        """The next number of the standing lease. Raises NoNumberLeft."""
        free = self.free(connection, series, year)
        if not free:
            raise NoNumberLeft(series=series.value, year=year)
        return free[0]

    def take(self, connection: sa.Connection, number: LeasedNumber, document_id: UUID) -> None:
        """Use a number for a document: the mark first, then the row that commits with the document."""
        mark = self._mark(number.series, number.year)
        assert number.number > mark.number, "a number at or below the mark is never used"
        self._set_mark(number.series, number.year, _HighWater(number.number, mark.number))
        taken = connection.exec_driver_sql(
            "UPDATE number_lease SET state = 'used', document_id = ?"
            " WHERE series = ? AND year = ? AND number = ? AND state = 'free'",
            (str(document_id), number.series.value, number.year, number.number),
        )
        assert taken.rowcount == 1, "only a free number of this store is taken"
        _store_mark(connection, number.series.value, number.year, number.number)

    def _is_ours(self, lease_id: str, expected: str) -> bool:
        nonce = self._secrets.get(_nonce_name(UUID(lease_id)))
        return nonce is not None and nonce_hash(nonce) == expected

    def _mark(self, series: Series, year: int) -> _HighWater:
        kept = self._secrets.get(_mark_name(series, year))
        return _HighWater(0, 0) if kept is None else _HighWater(**json.loads(kept))

    def _set_mark(self, series: Series, year: int, mark: _HighWater) -> None:
        self._secrets.put(_mark_name(series, year), json.dumps(asdict(mark)))


def _nonce_name(lease_id: UUID) -> str:
    return f"lease_{lease_id}"


def _mark_name(series: Series, year: int) -> str:
    return f"number_mark_{series.value}_{year}"


def _stored_mark(connection: sa.Connection, series: str, year: int) -> int:
    found = connection.exec_driver_sql(
        "SELECT number FROM number_mark WHERE series = ? AND year = ?", (series, year)
    ).scalar_one_or_none()
    return int(found or 0)


def _store_mark(connection: sa.Connection, series: str, year: int, number: int) -> None:
    connection.exec_driver_sql(
        "INSERT INTO number_mark (series, year, number) VALUES (?, ?, ?)"
        " ON CONFLICT (series, year) DO UPDATE SET number = excluded.number",
        (series, year, number),
    )
