"""Runs the application on a port: the only door to uvicorn outside practice."""

import gc
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from fastapi import FastAPI

_STREAMS_MAY_LAST_S: Final = 2
_BACKLOG: Final = 512
_NEW_OBJECTS: Final = 20_000
"""Made before the youngest are looked through; Python itself waits for 700."""


def open_port(host: str, port: int) -> socket.socket:
    """A listening socket, so that the port is known and taken before anything starts; 0 finds a free one."""
    listening = socket.create_server((host, port), backlog=_BACKLOG)
    listening.set_inheritable(True)
    # connections inherit it; asyncio sets it only where a socket names its protocol, which this one does not,
    # and without it head and body of an answer are up to 40 ms apart
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


class _Server(uvicorn.Server):
    """Ends open streams before it waits for the requests under way, not after."""

    def __init__(self, config: uvicorn.Config, end_streams: Callable[[], None]) -> None:
        super().__init__(config)
        self._end_streams = end_streams

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Told to stop."""
        self._end_streams()
        await super().shutdown(sockets)


class WebServer:
    """One application on one socket."""

    def __init__(self, app: FastAPI, listening: socket.socket) -> None:
        self._socket = listening
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # dependencies.visitor_finder knows which proxies there are
            timeout_graceful_shutdown=_STREAMS_MAY_LAST_S,
        )
        self._server = _Server(config, app.state.end_streams)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    def run(self) -> None:
        """Serve until told to stop; in the main thread signals are told, too."""
        settle_collector()
        self._server.run(sockets=[self._socket])

    @property
    def is_serving(self) -> bool:
        """Whether requests are answered now."""
        return self._server.started

    def stop(self) -> None:
        """Finish what is under way and end; from any thread."""
        self._server.should_exit = True


def settle_collector() -> None:
    """Look for garbage less often, and never again in what the program itself consists of.

    A batch of mails or changes makes objects by the thousand, and all of them live to its end.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])


def serve(app: FastAPI, host: str, port: int, *, told: Callable[[int], None]) -> None:
    """Serve in this thread; ``told`` hears the port."""
    server = WebServer(app, open_port(host, port))
    told(server.port)
    server.run()
