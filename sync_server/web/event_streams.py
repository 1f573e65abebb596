"""Open event streams of devices: pokes come from a thread, streams live in the event loop."""

import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

HEARTBEAT_S: Final = 15.0
_CLOSE: Final = -1


@dataclass(eq=False)
class _Stream:
    tenant_id: UUID
    loop: asyncio.AbstractEventLoop
    heads: "asyncio.Queue[int]"

    def put(self, head: int) -> None:
        self.loop.call_soon_threadsafe(self.heads.put_nowait, head)


class EventStreams:
    """One stream per device; a new one closes the old."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streams: dict[UUID, _Stream] = {}
        self._closing = False

    def studios(self) -> set[UUID]:
        """The studios with a device that listens."""
        with self._lock:
            return {stream.tenant_id for stream in self._streams.values()}

    def poke(self, tenant_id: UUID, head: int) -> None:
        """Tell every listening device of a studio; from any thread."""
        with self._lock:
            streams = [stream for stream in self._streams.values() if stream.tenant_id == tenant_id]
        for stream in streams:
            stream.put(head)

    def close_all(self) -> None:
        """The server goes down: end every stream, and those that are just beginning."""
        with self._lock:
            self._closing = True
            streams = list(self._streams.values())
        for stream in streams:
            stream.put(_CLOSE)

    async def events(
        self, tenant_id: UUID, device_id: UUID, *, head: int, lifetime_s: float
    ) -> AsyncIterator[bytes]:
        """What the device reads: the present head, then pokes and heartbeats, until the token ends."""
        loop = asyncio.get_running_loop()
        stream = _Stream(tenant_id, loop, asyncio.Queue())
        with self._lock:
            older = self._streams.get(device_id)
            self._streams[device_id] = stream
            if self._closing:
                stream.put(_CLOSE)
        if older is not None:
            older.put(_CLOSE)
        ends_at = loop.time() + lifetime_s
        try:
            yield _poke(head)
            while (left := ends_at - loop.time()) > 0:
                try:
                    head = await asyncio.wait_for(stream.heads.get(), min(HEARTBEAT_S, left))
                except TimeoutError:
                    yield b": heartbeat\n\n"
                    continue
                if head == _CLOSE:
                    return
                while not stream.heads.empty():
                    head = stream.heads.get_nowait()
                    if head == _CLOSE:
                        return
                yield _poke(head)
        finally:
            with self._lock:
                if self._streams.get(device_id) is stream:
                    del self._streams[device_id]


def _poke(head: int) -> bytes:
    return b'event: poke\ndata: {"head":%d}\n\n' % head
