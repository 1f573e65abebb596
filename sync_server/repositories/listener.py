"""One connection per process that listens: which studios have changed, which work has become due.

The first word of a burst is passed on at once; what follows within a moment is passed on together.
"""

import threading
from collections.abc import Callable
from typing import Final
from uuid import UUID

import psycopg
import sqlalchemy as sa
import structlog
from sqlalchemy.exc import SQLAlchemyError

log = structlog.get_logger()

_GATHER_S: Final = 0.05
_LOOK_UP_S: Final = 0.2  # how soon a stop is noticed
_RECONNECT_S: Final = 2.0


class Listener:
    """A thread on LISTEN sync and LISTEN work; reconnects by itself, polling covers the pause."""

    def __init__(
        self,
        url: sa.URL,
        *,
        on_change: Callable[[UUID], None],
        on_work: Callable[[str], None],
    ) -> None:
        self._conninfo = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._on_change = on_change
        self._on_work = on_work
        self._stopping = threading.Event()
        self._listening = threading.Event()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen in the background."""
        self._thread.start()

    def wait_until_listening(self, timeout_s: float) -> bool:
        """Whether the connection stands by then."""
        return self._listening.wait(timeout_s)

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=_LOOK_UP_S + _RECONNECT_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._conninfo, autocommit=True, connect_timeout=5) as connection:
                    connection.execute("LISTEN sync")
                    connection.execute("LISTEN work")
                    self._listening.set()
                    self._listen(connection)
            except psycopg.Error as failure:
                self._listening.clear()
                log.warning("listener_lost", error_class=type(failure).__name__)
                self._stopping.wait(_RECONNECT_S)

    def _listen(self, connection: psycopg.Connection) -> None:
        while not self._stopping.is_set():
            heard = list(connection.notifies(timeout=_LOOK_UP_S, stop_after=1))
            heard += connection.notifies(timeout=0)
            for channel, payload in sorted({(each.channel, each.payload) for each in heard}):
                self._tell(channel, payload)
            if heard:
                self._stopping.wait(_GATHER_S)

    def _tell(self, channel: str, payload: str) -> None:
        try:
            if channel == "work":
                self._on_work(payload)
            else:
                self._on_change(UUID(payload))
        except SQLAlchemyError as failure:  # a poke that is lost is made up for by polling
            log.warning("poke_lost", channel=channel, error_class=type(failure).__name__)
