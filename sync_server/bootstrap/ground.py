"""What every part of the server stands on: engines, keys, and the services that all others use."""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from shared.clock import Clock, SystemClock
from sync_server.adapters.folder_blobs import FolderBlobs
from sync_server.adapters.key_file import make_key_file, read_key_file
from sync_server.adapters.number_journal import FolderNumberJournal
from sync_server.migrations.tenant_ddl import APP, WORKER
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.engine import Engine, make_engine
from sync_server.repositories.rate_buckets import RateBuckets
from sync_server.repositories.studio_units import StudioSessions
from sync_server.services.action_links import ActionLinks
from sync_server.services.audit import write_audit
from sync_server.services.document_chain import chain_documents
from sync_server.services.document_files import DocumentFiles
from sync_server.services.event_routing import EventRouting
from sync_server.services.key_ring import ServerKeys
from sync_server.services.link_terms import LinkTerms, end_links
from sync_server.services.number_leases import NumberLeases
from sync_server.services.passwords import PasswordHasher
from sync_server.services.rate_limits import RateLimits
from sync_server.services.reminder_planning import ReminderPlanning
from sync_server.services.studio_unit import BeforeCommit, StudioUnits
from sync_server.settings import ServerSettings
from sync_server.subscribers.routing import ROUTES

__all__ = ["Ground", "Overrides", "lay_ground", "make_key_file"]


@dataclass(frozen=True)
class Overrides:
    """What tests and practice put in the place of the usual."""

    clock: Clock = field(default_factory=SystemClock)
    hasher: PasswordHasher | None = None
    before_commit: Sequence[BeforeCommit] = ()
    jobs: bool = True
    """Whether what is due is done by itself while the application runs."""


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
    planning: ReminderPlanning
    link_terms: LinkTerms
    worker_across: AcrossStudios
    owner: str
    """This process in leases."""
    clock: Clock

    def close(self) -> None:
        """End every connection."""
        self.engine.dispose()
        self.worker_engine.dispose()


def lay_ground(settings: ServerSettings, overrides: Overrides) -> Ground:
    """Engines, keys and the services that all others use."""
    engine = _engine(settings, APP, settings.app_password.get_secret_value())
    worker_engine = _engine(settings, WORKER, settings.worker_password.get_secret_value())
    keys = read_key_file(settings.keys_file)
    planning = ReminderPlanning(mail_domain(settings))
    before_commit: Sequence[BeforeCommit] = (
        planning,
        end_links,
        chain_documents,
        write_audit,
        EventRouting(ROUTES),
        *overrides.before_commit,
    )
    units = StudioUnits(StudioSessions(engine), before_commit)
    across = AcrossStudios(engine)
    links = ActionLinks(units, across, link_key=keys.link_key, public_base_url=settings.public_base_url)
    return Ground(
        settings=settings,
        engine=engine,
        worker_engine=worker_engine,
        units=units,
        worker_units=StudioUnits(StudioSessions(worker_engine), before_commit),
        across=across,
        keys=keys,
        limits=RateLimits(RateBuckets(engine), factor=settings.rate_limit_factor),
        links=links,
        files=DocumentFiles(units, FolderBlobs(settings.data_folder / "documents")),
        numbers=NumberLeases(units, FolderNumberJournal(settings.data_folder / "number_journal")),
        planning=planning,
        link_terms=LinkTerms(links),
        worker_across=AcrossStudios(worker_engine),
        owner=f"{socket.gethostname()}:{os.getpid()}",
        clock=overrides.clock,
    )


def mail_domain(settings: ServerSettings) -> str:
    """What stands after the @ of a Message-ID."""
    return urlsplit(settings.public_base_url).hostname or "localhost"


def _engine(settings: ServerSettings, role: str, password: str) -> Engine:
    return make_engine(settings.database_url, user=role, password=password, pool_size=settings.pool_size)
