"""Mailed links: only the hash of a token is kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from shared.tables.column_types import IdList
from sync_server.repositories.access_tables import action_token as table
from sync_server.repositories.many_rows import among, insert_together
from sync_server.repositories.tenant_lock import is_postgres


@dataclass(frozen=True)
class LinkRow:
    """One link: what it is for, and how it stands."""

    id: UUID
    purpose: str
    subject_type: str
    subject_id: UUID
    subject_rev: int
    email_hash: bytes
    key_ver: int
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    revoke_reason: str | None

    def is_valid(self, now: datetime) -> bool:
        """Whether it may still be used at this business time."""
        return self.used_at is None and self.revoked_at is None and self.expires_at > now


class LinkTokens:
    """Links of one open transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, tenant_id: UUID, token_id: UUID) -> LinkRow | None:
        """The link, or None."""
        found = self._rows(tenant_id, table.c.id == token_id)
        return found[0] if found else None

    def valid_for(
        self, tenant_id: UUID, purpose: str, subject_id: UUID, *, subject_rev: int, now: datetime
    ) -> LinkRow | None:
        """The valid link of this subject, purpose and revision: there is at most one."""
        found = self._rows(
            tenant_id,
            table.c.purpose == purpose,
            table.c.subject_id == subject_id,
            table.c.subject_rev == subject_rev,
            *_is_open(now),
        )
        return found[0] if found else None

    def valid_for_many(
        self, tenant_id: UUID, purpose: str, subjects: Mapping[UUID, int], *, now: datetime
    ) -> dict[UUID, LinkRow]:
        """As :meth:`valid_for`, for many subjects and their revisions at once."""
        rows = self._rows(
            tenant_id, table.c.purpose == purpose, among(table.c.subject_id, subjects), *_is_open(now)
        )
        return {row.subject_id: row for row in rows if row.subject_rev == subjects[row.subject_id]}

    def of_subject(self, tenant_id: UUID, subject_id: UUID) -> list[LinkRow]:
        """Every link of a subject, for staff."""
        return self._rows(tenant_id, table.c.subject_id == subject_id)

    def one_at_a_time(self, tenant_id: UUID, purpose: str, subject_id: UUID) -> None:
        """Wait for others that are making this link; until the transaction ends nobody else does."""
        if is_postgres(self._session):
            key = sa.func.hashtextextended(f"{tenant_id}|{purpose}|{subject_id}", 0)
            self._session.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))

    def add(self, tenant_id: UUID, values: dict[str, Any]) -> None:
        """A new link."""
        self._session.execute(sa.insert(table).values(tenant_id=tenant_id, **values))

    def add_many(
        self, tenant_id: UUID, rows: Sequence[Mapping[str, Any]], *, alike: Mapping[str, Any]
    ) -> None:
        """New links; ``alike`` are the columns in which they have the same value."""
        insert_together(self._session, tenant_id, table, rows=rows, alike=alike)

    def extend_many(self, tenant_id: UUID, ends: Mapping[UUID, datetime]) -> None:
        """They end as if they were new."""
        if not ends:
            return
        given = (
            sa.func.unnest(
                sa.bindparam("token_ids", ends.keys(), type_=IdList()),
                sa.bindparam("ends", list(ends.values()), type_=ARRAY(sa.DateTime(timezone=True))),
            )
            .table_valued("token_id", "ends_at")
            .render_derived(name="given")
        )
        self._change(tenant_id, {"expires_at": given.c.ends_at}, table.c.id == given.c.token_id)

    def extend(self, tenant_id: UUID, token_id: UUID, *, expires_at: datetime) -> None:
        """It ends as if it were new."""
        self._change(tenant_id, {"expires_at": expires_at}, table.c.id == token_id)

    def spend(self, tenant_id: UUID, token_id: UUID, *, now: datetime, ip: str | None) -> bool:
        """Use it up, in the transaction of the act; False when somebody was faster or it has ended."""
        statement = (
            sa.update(table)
            .where(table.c.tenant_id == tenant_id, table.c.id == token_id, *_is_open(now))
            .values(used_at=now, used_ip=ip)
            .returning(table.c.id)
        )
        return self._session.execute(statement).one_or_none() is not None

    def revoke(
        self,
        tenant_id: UUID,
        subject_id: UUID,
        *,
        reason: str,
        now: datetime,
        purposes: tuple[str, ...] | None = None,
        below_rev: int | None = None,
    ) -> None:
        """End open links of a subject; of some purposes, or of revisions that have passed."""
        conditions = [table.c.subject_id == subject_id, *_is_open(now)]
        if purposes is not None:
            conditions.append(table.c.purpose.in_(purposes))
        if below_rev is not None:
            conditions.append(table.c.subject_rev < below_rev)
        self._change(tenant_id, {"revoked_at": now, "revoke_reason": reason}, *conditions)

    def revoke_used(
        self, tenant_id: UUID, subject_id: UUID, *, reason: str, now: datetime, purposes: Sequence[str]
    ) -> None:
        """End used links of some purposes: what they have opened is closed."""
        self._change(
            tenant_id,
            {"revoked_at": now, "revoke_reason": reason},
            table.c.subject_id == subject_id,
            table.c.purpose.in_(purposes),
            table.c.used_at.is_not(None),
            table.c.revoked_at.is_(None),
        )

    def count_view(self, tenant_id: UUID, token_id: UUID, *, at: datetime) -> None:
        """A person or a scanner has looked; nothing else changes."""
        self._change(tenant_id, {"views": table.c.views + 1, "last_seen_at": at}, table.c.id == token_id)

    def _rows(self, tenant_id: UUID, *conditions: sa.ColumnElement[bool]) -> list[LinkRow]:
        query = (
            sa.select(
                table.c.id,
                table.c.purpose,
                table.c.subject_type,
                table.c.subject_id,
                table.c.subject_rev,
                table.c.email_hash,
                table.c.key_ver,
                table.c.expires_at,
                table.c.used_at,
                table.c.revoked_at,
                table.c.revoke_reason,
            )
            .where(table.c.tenant_id == tenant_id, *conditions)
            .order_by(table.c.created_at, table.c.id)
        )
        return [LinkRow(*row) for row in self._session.execute(query)]

    def _change(self, tenant_id: UUID, values: dict[str, Any], *conditions: sa.ColumnElement[bool]) -> None:
        self._session.execute(
            sa.update(table).where(table.c.tenant_id == tenant_id, *conditions).values(values)
        )


def _is_open(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    return (table.c.used_at.is_(None), table.c.revoked_at.is_(None), table.c.expires_at > now)
