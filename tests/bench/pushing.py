"""Operations pushed over HTTP to a durable Postgres, beside a loop that commits one bare row at a time."""

import statistics
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

import psycopg

from shared.ids import new_id
from tests.bench.figures import RUNS, Baseline, Figure, figure, seconds_of
from tests.bench.gates import at_least
from tests.bench.standing_server import StandingServer, standing_server
from tests.sync_server.running_server import Desk
from tests.sync_server.studio_house import StudioHouse

SINGLE_GATE, BATCH_GATE, STUDIOS_GATE = 200, 600, 800
SINGLES, BATCHES, BATCH, STUDIOS = 100, 4, 50, 8
CONTROL: Final = "one-row commit loop"


class Pusher:
    """One studio's desk that pushes new customers: a row each, of about 390 bytes."""

    def __init__(self, server: StandingServer, number: int) -> None:
        self.house: StudioHouse = server.a_studio(f"STUDIO{number}")
        self.desk: Desk = server.a_desk(self.house)
        self.epoch: UUID = self.desk.pull().header.epoch

    def push(self, requests: int, size: int) -> None:
        """So many requests of so many operations; what a request did not get to is sent again."""
        for _ in range(requests):
            waiting = [self.desk.operation("customer.create", a_customer()) for _ in range(size)]
            while waiting:
                answer = self.desk.push(self.epoch, *waiting)
                results = answer.json()["results"]
                assert results, answer.text
                assert {result["status"] for result in results} == {"applied"}, answer.text
                waiting = waiting[len(results) :]


def a_customer() -> dict[str, Any]:
    """Arguments of ``customer.create``."""
    customer_id = new_id()
    return {
        "id": str(customer_id),
        "name": "Zoë Andersdotter-Lindqvist",
        "email": f"zoe.{customer_id.hex}@example.com",
        "phone": "+33 1 23 45 67 89",
        "street": "Rue de la Paix 3",
        "postal_city": "75002 Paris",
        "country": "FR",
    }


def measure() -> list[Figure]:
    """Operations a second; the controls commit as often as the figure has rows."""
    with standing_server() as server:
        pushers = [Pusher(server, number) for number in range(1, STUDIOS + 1)]
        first = pushers[0]
        with ThreadPoolExecutor(STUDIOS) as pool, _commit_loops(server, STUDIOS) as loops:

            def together(size: int, requests: int) -> None:
                list(pool.map(lambda pusher: pusher.push(requests, size), pushers))

            def loops_together(rows: int) -> None:
                list(pool.map(lambda loop: loop(rows), loops))

            return [
                _figure(
                    "push, one studio, single",
                    SINGLE_GATE,
                    SINGLES,
                    ours=lambda: first.push(SINGLES, 1),
                    theirs=lambda: loops[0](SINGLES),
                ),
                _figure(
                    "push, one studio, batches of 50",
                    BATCH_GATE,
                    BATCHES * BATCH,
                    ours=lambda: first.push(BATCHES, BATCH),
                    theirs=lambda: loops[0](BATCHES * BATCH),
                ),
                _figure(
                    "push, 8 studios, batches of 50",
                    STUDIOS_GATE,
                    STUDIOS * BATCH,
                    ours=lambda: together(BATCH, 1),
                    theirs=lambda: loops_together(BATCH),
                ),
            ]


def _figure(
    name: str, gate: int, rows: int, *, ours: Callable[[], object], theirs: Callable[[], object]
) -> Figure:
    ours(), theirs()
    pairs = [(rows / seconds_of(ours), rows / seconds_of(theirs)) for _ in range(RUNS)]
    value, control = (statistics.median(column) for column in zip(*pairs, strict=True))
    held = at_least(name, value, gate, control=control, unit="a second")
    return figure(
        name,
        value=value,
        unit="operations/s",
        baseline=Baseline(CONTROL, control),
        gate=held,
        scale=f"{rows} operations a run",
    )


@contextmanager
def _commit_loops(server: StandingServer, count: int) -> Iterator[list[Callable[[int], None]]]:
    """Each inserts rows of the same size over its own connection of the same kind, one commit each."""
    connections = [psycopg.connect(server.database.conninfo, autocommit=True) for _ in range(count)]
    connections[0].execute("CREATE TABLE bare (id uuid PRIMARY KEY, words text NOT NULL)")

    def loop_of(connection: psycopg.Connection) -> Callable[[int], None]:
        def loop(rows: int) -> None:
            for _ in range(rows):
                connection.execute("INSERT INTO bare VALUES (%s, %s)", [new_id(), "x" * 370])

        return loop

    yield [loop_of(connection) for connection in connections]
    for connection in connections:
        connection.close()
