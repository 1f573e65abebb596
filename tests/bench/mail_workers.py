"""Worker processes of the reminders' figure: all begin at one word and work until nothing is due."""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Final
from uuid import UUID

import psycopg
import structlog

from shared.tables import map_models
from sync_server.bootstrap.ground import Overrides, lay_ground
from sync_server.bootstrap.work import make_mail_delivery
from sync_server.repositories.mail_queues import QueueName
from sync_server.services.mail_delivery import LEASE, SMALLEST_BATCH
from sync_server.settings import ServerSettings
from sync_server.web.serving import settle_collector

WORKERS: Final = 2


class Order(StrEnum):
    """What the workers are told to do with the rows that are due."""

    DELIVER = "deliver"
    ONLY_CLAIM = "only claim"


@dataclass(frozen=True)
class Place:
    """Where they work: as a server of these settings, and bare, by this address of the database."""

    settings: ServerSettings
    conninfo: str
    tenant_id: UUID


@contextmanager
def crew(place: Place) -> Iterator[Callable[[Order], None]]:
    """A function that gives all of them one order and waits for the last; they end with the block."""
    context = get_context("spawn")
    lines = [context.Pipe() for _ in range(WORKERS)]
    workers = [
        context.Process(target=_work, args=(place, f"bare-{number}", theirs))
        for number, (_, theirs) in enumerate(lines)
    ]
    for worker in workers:
        worker.start()
    for ours, _ in lines:
        ours.recv()  # it is ready

    def give(order: Order) -> None:
        for ours, _ in lines:
            ours.send(order)
        for ours, _ in lines:
            ours.recv()

    try:
        yield give
    finally:
        for ours, _ in lines:
            ours.send(None)
        for worker in workers:
            worker.join()


def _work(place: Place, name: str, orders: Connection) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    map_models()
    with (
        closing(lay_ground(place.settings, Overrides())) as ground,
        closing(psycopg.connect(place.conninfo)) as bare,
    ):
        delivery = make_mail_delivery(ground)
        assert delivery is not None, "the spool is a way to send"
        acts: Mapping[Order, Callable[[], int]] = {
            Order.DELIVER: lambda: delivery.deliver_due(QueueName.REMINDER),
            Order.ONLY_CLAIM: lambda: _claim_and_end(bare, place.tenant_id, owner=name),
        }
        settle_collector()  # as every worker process does
        orders.send("ready")
        for order in iter(orders.recv, None):
            while acts[order]():
                pass
            orders.send("done")


def _claim_and_end(connection: psycopg.Connection, tenant_id: UUID, *, owner: str) -> int:
    """The bare loop: claim a batch, end it, commit twice, nothing else; how many rows."""
    with connection.transaction():
        claim = "SELECT id FROM claim_reminders(%s, %s, %s)"
        rows = [row[0] for row in connection.execute(claim, [owner, LEASE, SMALLEST_BATCH])]
    with connection.transaction():
        connection.execute("SELECT set_config('app.tenant', %s, true)", [str(tenant_id)])
        connection.execute(
            "UPDATE reminder SET status = 'sent', sent_at = now(), lease_until = NULL"
            " WHERE tenant_id = %s AND id = ANY(%s)",
            [tenant_id, rows],
        )
    return len(rows)
