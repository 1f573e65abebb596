"""Brings stored files to the server and from it, between the rounds: issued documents and images."""

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Final, Protocol, TypeVar

import structlog

from desktop.local_store import file_queue
from desktop.local_store.blobs import Blobs
from desktop.local_store.engine import LocalStore
from desktop.local_store.file_queue import WantedFile
from desktop.local_store.replica import Connection

log = structlog.get_logger()

Result = TypeVar("Result")
FILES_A_ROUND: Final = 20


class FileTransport(Protocol):
    """A way to move files."""

    def upload(self, kind: str, sha256: str, data: bytes) -> bool:
        """Bring a file to the server; whether it is there now."""
        ...

    def download(self, kind: str, sha256: str) -> bytes | None:
        """Fetch a file; None when it did not come."""
        ...


class Files:
    """Works through the store's file queue. Runs on the sync thread; the store is touched on the writer."""

    def __init__(
        self, store: LocalStore, blobs: Blobs, transport: FileTransport, *, writer: Executor
    ) -> None:
        self._store = store
        self._blobs = blobs
        self._transport = transport
        self._writer = writer

    def send(self) -> None:
        """Issued documents go before the operations that name them."""
        self._work("up", self._upload)

    def fetch(self) -> bool:
        """Get what is missing here; whether something came."""
        return self._work("down", self._download) > 0

    def _work(self, direction: str, move: Callable[[WantedFile], bool]) -> int:
        moved = 0
        for _ in range(FILES_A_ROUND):
            wanted = self._in_store(partial(file_queue.next_file, direction=direction))
            if wanted is None:
                break
            if not move(wanted):
                self._in_store(partial(file_queue.failed, sha256=wanted.sha256))
                break  # the next round tries another one first
            self._in_store(partial(file_queue.done, sha256=wanted.sha256))
            moved += 1
        return moved

    def _upload(self, wanted: WantedFile) -> bool:
        data = self._blobs.get(wanted.kind, wanted.sha256)
        if data is None:
            log.error("issued_file_missing", sha256=wanted.sha256)
            return False
        return self._transport.upload(wanted.kind, wanted.sha256, data)

    def _download(self, wanted: WantedFile) -> bool:
        if self._blobs.has(wanted.kind, wanted.sha256):
            return True
        data = self._transport.download(wanted.kind, wanted.sha256)
        return data is not None and self._blobs.put(wanted.kind, data) == wanted.sha256

    def _in_store(self, work: Callable[[Connection], Result]) -> Result:
        def step() -> Result:
            with self._store.writing() as connection:
                return work(connection)

        return self._writer.submit(step).result()
