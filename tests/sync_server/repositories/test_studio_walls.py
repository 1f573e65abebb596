"""Every method of every repository, called for one studio with the ids of another, finds and changes nothing.

It connects as the owner of the tables, whom row-level security does not bind: what holds here is the
repositories' own care.
"""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session

import sync_server.repositories
from shared.errors import DomainError
from shared.ids import new_id
from shared.models.act import Act, Actor, ActorKind, Role
from shared.repositories.tenant_repository import TenantRepository
from shared.services.operations import carry_out, find_operation
from shared.tables import SYNCED_TABLES
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.server_tables import server_metadata
from sync_server.repositories.sessions import Sessions
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.studio_unit import StudioUnits
from tests.postgres_cluster import Database
from tests.sync_server.studio_house import StudioHouse

# method -> why it is not called here. This list may only shrink.
NOT_CALLED: dict[str, str] = {
    "*.add": "takes a whole row, whose studio it asserts or writes itself",
    "*.add_many": "as add",
    "*.discard": "takes a row that was found before, whose studio it asserts",
}

# method -> why its answer may name what it was asked about
ECHOES: dict[str, str] = {
    "Devices.ids_of_same_computer": "the id it was asked for is the computer's own",
}

_PAST, _FUTURE = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
_WORDS = {
    "email": "zoe@example.com",
    "series": "invoice",
    "entity": "customer",
    "status": "revoked",
    "queue": "mail",
    "outcome": "sent",
}


@dataclass
class Rows:
    """Everything that one studio has."""

    tenant_id: UUID
    ids: list[UUID] = field(default_factory=list)


@pytest.fixture
def owner_engine(migrated_database: Database) -> Iterator[sa.Engine]:
    engine = sa.create_engine(migrated_database.url)
    yield engine
    engine.dispose()


@pytest.fixture
def full_studio(owner_engine: sa.Engine) -> Rows:
    """A studio with a row in most tables."""
    units = StudioUnits(StudioSessions(owner_engine))
    house = StudioHouse(units, code="FULL").open()
    booking_id, device_id = new_id(), new_id()
    slot = {"start_date": "2027-06-12", "start_time": "14:00", "end_date": "2027-06-12", "end_time": "23:00"}
    block = {"start_date": "2027-07-01", "start_time": "08:00", "end_date": "2027-07-02", "end_time": "08:00"}
    operations: list[tuple[str, dict[str, Any]]] = [
        (
            "booking.create",
            {
                "id": str(booking_id),
                "customer_id": str(house.customer_id),
                "package_id": str(house.package_id),
                "slot": slot | {"zone": "Europe/Paris"},
                "resource_ids": [str(house.resource_id)],
                "note": "by the lake",
            },
        ),
        ("block.create", {"id": str(new_id()), "slot": block | {"zone": "Europe/Paris"}}),
    ]
    for name, args in operations:
        with units.transaction(house.tenant_id) as (unit, now):
            operation = find_operation(name, 1)
            assert operation is not None
            actor = Actor(ActorKind.STAFF, house.owner_id, Role.OWNER)
            carry_out(unit, Act(house.tenant_id, actor, now, new_id()), operation, args=args)
    with units.queue_transaction(house.tenant_id) as (unit, _):
        Sessions(unit.session).add_credential(
            house.tenant_id, house.owner_id, email="zoe@example.com", email_hash=b"zoe"
        )
        _plant(unit.session, house, device_id=device_id, booking_id=booking_id)
    rows = Rows(house.tenant_id)
    with units.reading(house.tenant_id) as (unit, _):
        for table in (*SYNCED_TABLES, *server_metadata.tables.values()):
            if {"tenant_id", "id"} <= set(table.columns.keys()):
                found = unit.session.scalars(
                    sa.select(table.c.id).where(table.c.tenant_id == house.tenant_id).limit(2)
                )
                rows.ids += [row_id for row_id in found if row_id not in rows.ids]
    return rows


def _plant(session: Session, house: StudioHouse, *, device_id: UUID, booking_id: UUID) -> None:
    """Rows of tables that only the server has."""
    tenant_id, owner_id = house.tenant_id, house.owner_id
    common = {"tenant_id": tenant_id, "id": new_id()}
    values: dict[str, dict[str, Any]] = {
        "device": {"tenant_id": tenant_id, "id": device_id, "name": "d", "status": "active"},
        "session": common
        | {
            "user_id": owner_id,
            "device_id": device_id,
            "family_id": new_id(),
            "generation": 0,
            "refresh_sha256": b"r",
            "sv": 1,
            "expires_at": _FUTURE,
        },
        "action_token": common
        | {
            "purpose": "view",
            "subject_type": "booking",
            "subject_id": booking_id,
            "subject_rev": 1,
            "email_hash": b"zoe",
            "token_sha256": b"t",
            "key_ver": 1,
            "expires_at": _FUTURE,
        },
        "number_register": {
            "tenant_id": tenant_id,
            "series": "invoice",
            "year": 2027,
            "number": 1,
            "state": "leased",
            "device_id": device_id,
            "lease_id": new_id(),
        },
        "mail": common
        | {
            "kind": "booking_confirmed",
            "cause_id": new_id(),
            "subject_type": "booking",
            "subject_id": booking_id,
            "recipient": "zoe@example.com",
            "recipient_hash": b"zoe",
            "language": "en",
            "next_try": _PAST,
            "message_id": "m",
        },
        "event_outbox": common
        | {"event_id": new_id(), "handler": "h", "name": "n", "payload": {}, "next_try": _PAST},
    }
    for name, row in values.items():
        session.execute(sa.insert(server_metadata.tables[name]).values(row))


def _server_repositories() -> list[type]:
    found = []
    for module_info in pkgutil.iter_modules(sync_server.repositories.__path__):
        module = importlib.import_module(f"sync_server.repositories.{module_info.name}")
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ != module.__name__ or not _takes_a_session(kind):
                continue
            found.append(kind)
    return found


def _takes_a_session(kind: type) -> bool:
    """And nothing else."""
    parameters = list(inspect.signature(kind).parameters.values())
    return [parameter.annotation for parameter in parameters] == [Session]


def _methods(repository: object) -> Iterator[tuple[str, Callable[..., Any]]]:
    kind = type(repository)
    for name, method in inspect.getmembers(repository, inspect.ismethod):
        names = list(inspect.signature(method).parameters)
        called = f"{kind.__name__}.{name}"
        if name.startswith("_") or names[:1] != ["tenant_id"]:
            continue
        if not {called, f"*.{name}"} & NOT_CALLED.keys():
            yield called, method


def _value(name: str, kind: object, own_id: UUID, rows: Rows) -> Any:  # noqa: ANN401, PLR0911 - of any type
    origin, inner = get_origin(kind), [part for part in get_args(kind) if part is not type(None)]
    if origin is not None and type(None) in get_args(kind):
        return _value(name, inner[0], own_id, rows)
    if kind is UUID or getattr(kind, "__supertype__", None) is UUID:
        return own_id
    if kind is datetime:
        return _PAST if name in {"starts_at", "since", "after", "instant"} else _FUTURE
    if kind is timedelta:
        return timedelta(days=1)
    if origin is not None and issubclass(origin, Mapping):
        return {"last_error": "x"} if inner[0] is str else {own_id: _value(name, inner[1], own_id, rows)}
    if origin is not None and inner[:1] == [UUID]:
        return list(rows.ids)
    if inspect.isclass(kind) and issubclass(kind, Enum):
        return next(iter(kind))
    if origin is not None:
        return [_value(name, inner[0], own_id, rows)] if inner else []
    if inspect.isclass(kind) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{part.name: _value(part.name, hints[part.name], own_id, rows) for part in fields(kind)})
    plain: dict[object, Any] = {
        str: _WORDS.get(name, "x"),
        int: 2027 if name == "year" else 1000 if name in {"limit", "until"} else 1,
        bool: True,
        bytes: b"zoe",
    }
    assert kind in plain, f"no value for {name}: {kind}"
    return plain[kind]


def _arguments(method: Callable[..., Any], own_id: UUID, rows: Rows) -> dict[str, Any]:
    hints = get_type_hints(method)
    return {
        name: _value(name, hints[name], own_id, rows)
        for name, parameter in inspect.signature(method).parameters.items()
        if name != "tenant_id" and parameter.kind not in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}
    }


@contextmanager
def _as_stranger(engine: sa.Engine, tenant_id: UUID) -> Iterator[Session]:
    with Session(engine) as session:
        tenant_lock.sync_begin(session, tenant_id)
        yield session
        session.rollback()


def _state(session: Session, tenant_id: UUID) -> list[Any]:
    tables = [
        table for table in (*SYNCED_TABLES, *server_metadata.tables.values()) if "tenant_id" in table.columns
    ]
    counts = [
        sa.select(
            sa.literal(table.name),
            sa.func.md5(sa.func.string_agg(sa.cast(sa.literal_column(f'"{table.name}"'), sa.Text), "|")),
        ).where(table.c.tenant_id == tenant_id)
        for table in tables
    ]
    return sorted(tuple(row) for row in session.execute(sa.union_all(*counts)))


def _check(session: Session, called: str, method: Callable[..., Any], rows: Rows, *, stranger: UUID) -> None:
    for own_id in rows.ids:
        try:
            with session.begin_nested():
                answer = method(stranger, **_arguments(method, own_id, rows))
                answer = list(answer) if inspect.isgenerator(answer) else answer
        except (
            DomainError,
            NoResultFound,
            IntegrityError,
        ):  # a foreign row is no row, so nothing may point to it
            continue
        if isinstance(answer, dict):  # "nothing" by each id that was asked for
            answer = {asked: found for asked, found in answer.items() if found}
        told = repr(answer)
        foreign = [row_id for row_id in (rows.tenant_id, *rows.ids) if repr(row_id) in told]
        assert called in ECHOES or foreign == [], f"{called} tells of another studio"


def test_no_repository_finds_or_changes_another_studios_rows(
    owner_engine: sa.Engine, full_studio: Rows
) -> None:
    units = StudioUnits(StudioSessions(owner_engine))
    stranger = StudioHouse(units, code="STRANGER").open().tenant_id
    with _as_stranger(owner_engine, full_studio.tenant_id) as session:
        before = _state(session, full_studio.tenant_id)
    called_methods = 0
    with _as_stranger(owner_engine, stranger) as session:
        shared = [
            value for value in vars(UnitOfWork(session)).values() if isinstance(value, TenantRepository)
        ]
        server = [
            kind(session) for kind in _server_repositories() if len(inspect.signature(kind).parameters) == 1
        ]
        assert len(shared) >= 20
        assert len(server) >= 6
        for repository in (*shared, *server):
            for called, method in _methods(repository):
                of_one_method = session.begin_nested()
                _check(session, called, method, full_studio, stranger=stranger)
                session.flush()
                assert _state(session, full_studio.tenant_id) == before, f"{called} changes another studio"
                of_one_method.rollback()
                called_methods += 1
    assert called_methods > 100


def test_the_rule_sees_a_method_that_forgets_the_studio(owner_engine: sa.Engine, full_studio: Rows) -> None:
    class Forgetful:
        def __init__(self, session: Session) -> None:
            self._session = session

        def find(self, tenant_id: UUID, row_id: UUID) -> Any:  # noqa: ANN401 - a row
            del tenant_id
            table = sa.table("customer", sa.column("id"))
            return self._session.execute(sa.select(table).where(table.c.id == row_id)).one_or_none()

    units = StudioUnits(StudioSessions(owner_engine))
    stranger = StudioHouse(units, code="STRANGER").open().tenant_id
    with _as_stranger(owner_engine, stranger) as session:
        ((called, method),) = _methods(Forgetful(session))
        with pytest.raises(AssertionError, match="tells of another studio"):
            _check(session, called, method, full_studio, stranger=stranger)
