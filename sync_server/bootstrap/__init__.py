"""Puts one server process together: settings, engines, adapters, services, routes, jobs, in plain lines.

``ground`` is what all stand on, ``cards`` and ``work`` add card payments and jobs, ``practice`` surrounds a
process with everything that a practice studio needs.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.tables import map_models
from sync_server.adapters.access_tokens import JwtAccessTokens
from sync_server.adapters.password_hasher import Argon2Hasher
from sync_server.bootstrap.cards import Cards, connect_cards
from sync_server.bootstrap.ground import Ground, Overrides, lay_ground
from sync_server.bootstrap.work import make_worker
from sync_server.jobs.worker import Worker
from sync_server.migrations.upgrade import newest_revision
from sync_server.repositories.installation import database_answers, database_revision
from sync_server.repositories.listener import Listener
from sync_server.services.change_feed import ChangeFeed
from sync_server.services.customer_links import CustomerLinks
from sync_server.services.devices import StudioDevices
from sync_server.services.operation_intake import OperationIntake
from sync_server.services.passwords import Passwords
from sync_server.services.refresh_tokens import RefreshTokens
from sync_server.services.staff_sessions import StaffSessions
from sync_server.settings import ServerSettings
from sync_server.web.app import Application, Router, create_app
from sync_server.web.customer_answers import CustomerAnswers
from sync_server.web.dependencies import app_checker, claims_reader, staff_finder, visitor_finder
from sync_server.web.event_streams import EventStreams
from sync_server.web.link_cookie import LinkCookies
from sync_server.web.link_desk import LinkDesk
from sync_server.web.routes.customer_links import customer_links_router, page_files_router
from sync_server.web.routes.documents import documents_router
from sync_server.web.routes.health import health_router
from sync_server.web.routes.numbers import numbers_router
from sync_server.web.routes.payments import pay_pages_router
from sync_server.web.routes.push import push_router
from sync_server.web.routes.staff_sessions import staff_sessions_router
from sync_server.web.routes.stripe_webhook import webhook_router
from sync_server.web.routes.sync import sync_router

__all__ = ["Ground", "Overrides", "Server", "build"]


@dataclass(frozen=True)
class Server:
    """One server process: its application and what tests and commands reach for."""

    ground: Ground
    sessions: StaffSessions
    intake: OperationIntake
    feed: ChangeFeed
    streams: EventStreams
    listener: Listener
    cards: Cards | None
    worker: Worker
    app: Application

    def close(self) -> None:
        """Let every connection go."""
        self.ground.close()
        if self.cards is not None:
            self.cards.gateway.close()


MoreRouters = Callable[[Ground, Worker], Sequence[Router]]
"""What practice serves beside the rest; it may run the jobs of this process."""


def build(
    settings: ServerSettings, overrides: Overrides | None = None, *, more_routers: MoreRouters | None = None
) -> Server:
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
    cards = connect_cards(ground)
    worker = make_worker(ground, cards)
    listener = Listener(
        ground.engine.url,
        on_change=lambda tenant_id: _poke(streams, feed, tenant_id),
        on_work=worker.wake,
    )
    routers = _routers(ground, sessions, intake, feed=feed, streams=streams)
    routers += _customer_routers(ground, sessions, cards)
    routers += more_routers(ground, worker) if more_routers is not None else ()
    app = create_app(
        routers,
        running=lambda: _running(listener, worker if overrides.jobs else None),
        end_streams=streams.close_all,
    )
    return Server(ground, sessions, intake, feed, streams, listener, cards, worker, app)


def _routers(
    ground: Ground,
    sessions: StaffSessions,
    intake: OperationIntake,
    *,
    feed: ChangeFeed,
    streams: EventStreams,
) -> list[Router]:
    settings = ground.settings
    staff, check_app = staff_finder(sessions), app_checker(settings.min_app)
    return [
        health_router(lambda: _readiness(ground)),
        push_router(staff, claims_reader(sessions), check_app, intake=intake, limits=ground.limits),
        sync_router(staff, check_app, feed=feed, streams=streams, limits=ground.limits),
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


def _customer_routers(ground: Ground, sessions: StaffSessions, cards: Cards | None) -> list[Router]:
    settings = ground.settings
    links = CustomerLinks(ground.units, ground.links, ground.limits, across=ground.across)
    answers = CustomerAnswers(links, ground.units, ground.files)
    cookies = LinkCookies(ground.keys.cookie_key, ground.clock, public_base_url=settings.public_base_url)
    desk = LinkDesk(links, ground.links, sessions, files=ground.files, answers=answers, cookies=cookies)
    visitor = visitor_finder(settings.behind_proxies)
    routers = [
        page_files_router(),
        customer_links_router(links, desk, answers=answers, cookies=cookies, visitor=visitor),
    ]
    if cards is not None:
        routers.append(webhook_router(cards.inbox, cards.gateway.read_webhook, ground.clock))
        routers.append(
            pay_pages_router(links, cards.intents, ground.limits, answers=answers, cookies=cookies)
        )
    return routers


def _poke(streams: EventStreams, feed: ChangeFeed, tenant_id: UUID) -> None:
    if tenant_id in streams.studios():
        streams.poke(tenant_id, feed.head(tenant_id))


def _readiness(ground: Ground) -> dict[str, Any]:
    return {
        "database": database_answers(ground.engine),
        "migrated": database_revision(ground.engine) == newest_revision(),
    }


@contextmanager
def _running(listener: Listener, worker: Worker | None) -> Iterator[None]:
    listener.start()
    if worker is not None:
        worker.start()
    try:
        yield
    finally:
        if worker is not None:
            worker.stop()
        listener.stop()
