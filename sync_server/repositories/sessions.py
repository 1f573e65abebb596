"""Sessions and credentials of one studio's staff."""

from dataclasses import dataclass, fields
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Session

from shared.models.act import Role
from shared.tables import member
from shared.tables.column_types import Id
from sync_server.repositories.access_tables import member_credential
from sync_server.repositories.access_tables import session as table
from sync_server.repositories.studio_units import StudioSessions
from sync_server.repositories.sync_tables import device


@dataclass(frozen=True)
class SessionState:
    """What decides whether a session still lets its holder in."""

    device_id: UUID
    user_id: UUID
    device_status: str
    revoked_at: datetime | None
    revoke_reason: str | None
    member_disabled_at: datetime | None
    member_sv: int


@dataclass(frozen=True)
class SessionRow:
    """One generation of a session, with what decides whether it still counts."""

    id: UUID
    user_id: UUID
    device_id: UUID
    family_id: UUID
    generation: int
    sv: int
    created_at: datetime
    rotated_at: datetime | None
    expires_at: datetime
    revoked_at: datetime | None
    revoke_reason: str | None
    device_status: str
    refresh_sha256: bytes
    member_name: str
    member_role: Role
    member_disabled_at: datetime | None
    member_sv: int

    @property
    def state(self) -> SessionState:
        """Whether it still counts is told by this alone."""
        return SessionState(
            self.device_id,
            self.user_id,
            self.device_status,
            self.revoked_at,
            self.revoke_reason,
            self.member_disabled_at,
            self.member_sv,
        )


@dataclass(frozen=True)
class Credential:
    """What a member signs in with, beside name, role and whether they still work here."""

    member_id: UUID
    email: str
    password_hash: str | None
    sv: int
    name: str
    role: Role
    disabled_at: datetime | None

    def __repr__(self) -> str:
        return f"Credential({self.member_id})"


def session_standing(studios: StudioSessions, tenant_id: UUID, session_id: UUID) -> SessionRow | None:
    """As :meth:`Sessions.find`, in one question without a transaction: every request of staff asks it."""
    row: Any = studios.ask_alone(tenant_id, _standing_question(), session=session_id)
    return None if row is None else SessionRow(*row)


class Sessions:
    """Sessions of one open transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, tenant_id: UUID, session_id: UUID, *, lock: bool = False) -> SessionRow | None:
        """The session with its device and member; ``lock`` keeps others from rotating it."""
        return self._find(tenant_id, table.c.id == session_id, lock=lock)

    def successor(self, tenant_id: UUID, family_id: UUID, generation: int) -> SessionRow | None:
        """The generation after this one."""
        return self._find(
            tenant_id, table.c.family_id == family_id, table.c.generation == generation + 1, lock=False
        )

    def add(self, tenant_id: UUID, values: dict[str, Any]) -> None:
        """A new generation."""
        self._session.execute(sa.insert(table).values(tenant_id=tenant_id, **values))

    def rotate(self, tenant_id: UUID, session_id: UUID, *, at: datetime) -> None:
        """This generation has given its successor."""
        self._change(tenant_id, {"rotated_at": at}, table.c.id == session_id)

    def revoke_family(self, tenant_id: UUID, family_id: UUID, *, reason: str, at: datetime) -> None:
        """End every generation of one sign-in."""
        self._revoke(tenant_id, table.c.family_id == family_id, reason=reason, at=at)

    def revoke_of_device(
        self, tenant_id: UUID, device_id: UUID, *, reason: str, at: datetime, user_id: UUID | None = None
    ) -> None:
        """End every sign-in on a computer, or one person's."""
        conditions = [table.c.device_id == device_id]
        if user_id is not None:
            conditions.append(table.c.user_id == user_id)
        self._revoke(tenant_id, *conditions, reason=reason, at=at)

    def revoke_of_user(self, tenant_id: UUID, user_id: UUID, *, reason: str, at: datetime) -> None:
        """End every sign-in of a person."""
        self._revoke(tenant_id, table.c.user_id == user_id, reason=reason, at=at)

    # --- credentials ----------------------------------------------------------------------------------------

    def credential(self, tenant_id: UUID, member_id: UUID) -> Credential | None:
        """The member's credential; None for somebody who never signs in."""
        query = (
            sa.select(
                member_credential.c.id,
                member_credential.c.email,
                member_credential.c.password_hash,
                member_credential.c.sv,
                member.c.name,
                member.c.role,
                sa.func.coalesce(member.c.disabled_at, member.c.deleted_at),
            )
            .join_from(
                member_credential,
                member,
                sa.and_(
                    member.c.tenant_id == member_credential.c.tenant_id,
                    member.c.id == member_credential.c.id,
                ),
            )
            .where(member_credential.c.tenant_id == tenant_id, member_credential.c.id == member_id)
        )
        row: Any = self._session.execute(query).one_or_none()
        return None if row is None else Credential(*row)

    def add_credential(self, tenant_id: UUID, member_id: UUID, *, email: str, email_hash: bytes) -> None:
        """A member gets an address to sign in with."""
        self._session.execute(
            sa.insert(member_credential).values(
                tenant_id=tenant_id, id=member_id, email=email, email_hash=email_hash
            )
        )

    def set_password(self, tenant_id: UUID, member_id: UUID, *, password_hash: str, at: datetime) -> None:
        """A new password ends every session: ``sv`` rises."""
        self._session.execute(
            sa.update(member_credential)
            .where(member_credential.c.tenant_id == tenant_id, member_credential.c.id == member_id)
            .values(password_hash=password_hash, password_set_at=at, sv=member_credential.c.sv + 1)
        )

    def keep_rehashed(self, tenant_id: UUID, member_id: UUID, *, password_hash: str) -> None:
        """The same password under stronger parameters."""
        self._session.execute(
            sa.update(member_credential)
            .where(member_credential.c.tenant_id == tenant_id, member_credential.c.id == member_id)
            .values(password_hash=password_hash)
        )

    # --- inside ---------------------------------------------------------------------------------------------

    def _find(self, tenant_id: UUID, *conditions: sa.ColumnElement[bool], lock: bool) -> SessionRow | None:
        query = _session_query().where(table.c.tenant_id == tenant_id, *conditions)
        if lock:
            query = query.with_for_update(of=table)
        row: Any = self._session.execute(query).one_or_none()
        return None if row is None else SessionRow(*row)

    def _revoke(
        self, tenant_id: UUID, *conditions: sa.ColumnElement[bool], reason: str, at: datetime
    ) -> None:
        self._change(
            tenant_id, {"revoked_at": at, "revoke_reason": reason}, table.c.revoked_at.is_(None), *conditions
        )

    def _change(self, tenant_id: UUID, values: dict[str, Any], *conditions: sa.ColumnElement[bool]) -> None:
        self._session.execute(
            sa.update(table).where(table.c.tenant_id == tenant_id, *conditions).values(values)
        )


@lru_cache(maxsize=1)
def _session_query() -> sa.Select[Any]:
    return (
        sa.select(*_standing_columns())
        .join(device, sa.and_(device.c.tenant_id == table.c.tenant_id, device.c.id == table.c.device_id))
        .join(member, sa.and_(member.c.tenant_id == table.c.tenant_id, member.c.id == table.c.user_id))
        .join(
            member_credential,
            sa.and_(
                member_credential.c.tenant_id == table.c.tenant_id,
                member_credential.c.id == table.c.user_id,
            ),
        )
    )


@lru_cache(maxsize=1)
def _standing_question() -> sa.Select[Any]:
    columns = [
        sa.column(field.name, column.type)
        for field, column in zip(fields(SessionRow), _standing_columns(), strict=True)
    ]
    asked = sa.func.session_standing(sa.bindparam("tenant", type_=Id()), sa.bindparam("session", type_=Id()))
    return sa.select(asked.table_valued(*columns))


def _standing_columns() -> tuple[sa.ColumnElement[Any], ...]:
    """In the order of :class:`SessionRow`."""
    return (
        table.c.id,
        table.c.user_id,
        table.c.device_id,
        table.c.family_id,
        table.c.generation,
        table.c.sv,
        table.c.created_at,
        table.c.rotated_at,
        table.c.expires_at,
        table.c.revoked_at,
        table.c.revoke_reason,
        device.c.status,
        table.c.refresh_sha256,
        member.c.name,
        member.c.role,
        member.c.disabled_at,
        member_credential.c.sv,
    )
