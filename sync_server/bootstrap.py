"""Puts one server process together: settings, engines, adapters, services, routes, in plain lines."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.clock import Clock, SystemClock
from shared.tables import map_models
from sync_server.adapters.access_tokens import JwtAccessTokens
from sync_server.adapters.folder_blobs import FolderBlobs
from sync_server.adapters.key_file import read_key_file
from sync_server.adapters.number_journal import FolderNumberJournal
from sync_server.adapters.password_hasher import Argon2Hasher
from sync_server.migrations.tenant_ddl import APP, WORKER
from sync_server.migrations.upgrade import newest_revision
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.engine import Engine, make_engine
from sync_server.repositories.installation import database_answers, database_revision
from sync_server.repositories.listener import Listener
from sync_server.repositories.rate_buckets import RateBuckets
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.action_links import ActionLinks
from sync_server.services.change_feed import ChangeFeed
from sync_server.services.devices import StudioDevices
from sync_server.services.document_files import DocumentFiles
from sync_server.services.key_ring import ServerKeys
from sync_server.services.number_leases import NumberLeases
from sync_server.services.operation_intake import OperationIntake
from sync_server.services.passwords import PasswordHasher, Passwords
from sync_server.services.rate_limits import RateLimits
from sync_server.services.refresh_tokens import RefreshTokens
from sync_server.services.staff_sessions import StaffSessions
from sync_server.services.studio_unit import BeforeCommit, StudioUnits
from sync_server.settings import ServerSettings
from sync_server.web.app import Application, Router, create_app
from sync_server.web.dependencies import app_checker, staff_finder, visitor_finder
from sync_server.web.event_streams import EventStreams
from sync_server.web.routes.documents import documents_router
from sync_server.web.routes.health import health_router
from sync_server.web.routes.numbers import numbers_router
from sync_server.web.routes.staff_sessions import staff_sessions_router
from sync_server.web.routes.sync import sync_router


@dataclass(frozen=True)
class Overrides:
    """What tests and practice put in the place of the usual."""

    clock: Clock = field(default_factory=SystemClock)
    hasher: PasswordHasher | None = None
    before_commit: Sequence[BeforeCommit] = ()


@dataclass(frozen=True)
class Ground:
    """What every part of the server stands on."""

    settings: ServerSettings
    engine: Engine
    worker_engine: Engine
    units: StudioUnits
    """For routes: connected as ``daybook_app``."""
    worker_units: StudioUnits
    """For jobs: connected as ``daybook_worker``."""
    across: AcrossStudios
    keys: ServerKeys
    limits: RateLimits
    links: ActionLinks
    files: DocumentFiles
    numbers: NumberLeases
    clock: Clock

    def close(self) -> None:
        """End every connection."""
        self.engine.dispose()
        self.worker_engine.dispose()


@dataclass(frozen=True)
class Server:
    """One server process: its application and what tests and commands reach for."""

    ground: Ground
    sessions: StaffSessions
    intake: OperationIntake
    feed: ChangeFeed
    streams: EventStreams
    listener: Listener
    app: Application


def build(settings: ServerSettings, overrides: Overrides | None = None) -> Server:
    """The whole process; nothing listens or runs before the application starts."""
    overrides = overrides or Overrides()
    map_models()
    ground = lay_ground(settings, overrides)
    sessions = StaffSessions(
        ground.units,
        ground.across,
        passwords=Passwords(overrides.hasher or Argon2Hasher()),
        tokens=(JwtAccessTokens(ground.keys.jwt_key, overrides.clock), RefreshTokens(ground.keys.jwt_key)),
        limits=ground.limits,
        links=ground.links,
    )
    feed = ChangeFeed(ground.units, cursor_key=ground.keys.cursor_key, keep_days=settings.keep_days)
    intake = OperationIntake(
        ground.units,
        checks={"invoice.issue": ground.numbers.check_issue, "credit.issue": ground.numbers.check_issue},
        stopwatch=time.monotonic,
    )
    streams = EventStreams()
    on_work: list[Callable[[str], None]] = []  # jobs join here when this process runs them
    listener = Listener(
        ground.engine.url,
        on_change=lambda tenant_id: _poke(streams, feed, tenant_id),
        on_work=lambda kind: _tell(on_work, kind),
    )
    routers = _routers(ground, sessions, intake, feed=feed, streams=streams)
    app = create_app(routers, running=lambda: _running(listener, streams))
    return Server(ground, sessions, intake, feed, streams, listener, app)


def lay_ground(settings: ServerSettings, overrides: Overrides) -> Ground:
    """Engines, keys and the services that all others use."""
    engine = make_engine(
        settings.database_url,
        user=APP,
        password=settings.app_password.get_secret_value(),
        pool_size=settings.pool_size,
    )
    worker_engine = make_engine(
        settings.database_url,
        user=WORKER,
        password=settings.worker_password.get_secret_value(),
        pool_size=settings.pool_size,
    )
    keys = read_key_file(settings.keys_file)
    units = StudioUnits(StudioSessions(engine), overrides.before_commit)
    across = AcrossStudios(engine)
    return Ground(
        settings=settings,
        engine=engine,
        worker_engine=worker_engine,
        units=units,
        worker_units=StudioUnits(StudioSessions(worker_engine), overrides.before_commit),
        across=across,
        keys=keys,
        limits=RateLimits(RateBuckets(engine), factor=settings.rate_limit_factor),
        links=ActionLinks(units, across, link_key=keys.link_key, public_base_url=settings.public_base_url),
        files=DocumentFiles(units, FolderBlobs(settings.data_folder / "documents")),
        numbers=NumberLeases(units, FolderNumberJournal(settings.data_folder / "number_journal")),
        clock=overrides.clock,
    )


def _routers(
    ground: Ground,
    sessions: StaffSessions,
    intake: OperationIntake,
    *,
    feed: ChangeFeed,
    streams: EventStreams,
) -> list[Router]:
    settings = ground.settings
    staff = staff_finder(sessions)
    return [
        health_router(lambda: _readiness(ground)),
        sync_router(
            staff,
            app_checker(settings.min_app),
            intake=intake,
            feed=feed,
            streams=streams,
            limits=ground.limits,
        ),
        staff_sessions_router(
            staff,
            staff_finder(sessions, superseded=True),
            visitor_finder(settings.behind_proxies),
            sessions=sessions,
            devices=StudioDevices(ground.units, sessions, ground.limits),
        ),
        numbers_router(staff, ground.numbers),
        documents_router(staff, ground.files),
    ]


def _tell(listening: Sequence[Callable[[str], None]], kind: str) -> None:
    for hear in listening:
        hear(kind)


def _poke(streams: EventStreams, feed: ChangeFeed, tenant_id: UUID) -> None:
    if tenant_id in streams.studios():
        streams.poke(tenant_id, feed.head(tenant_id))


def _readiness(ground: Ground) -> dict[str, Any]:
    return {
        "database": database_answers(ground.engine),
        "migrated": database_revision(ground.engine) == newest_revision(),
    }


@contextmanager
def _running(listener: Listener, streams: EventStreams) -> Iterator[None]:
    listener.start()
    try:
        yield
    finally:
        streams.close_all()
        listener.stop()
