"""The one thread that owns the write connection: work is done in the order in which it was handed in."""

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Result = TypeVar("Result")
Params = ParamSpec("Params")


class WriterThread(Executor):
    """An executor of exactly one thread. The write connection is opened, used and closed only on it.

    Commands and sync steps are handed to the same queue, so a sync step never runs inside a command.
    """

    def __init__(self, name: str = "writer") -> None:
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._thread_id = self._pool.submit(threading.get_ident).result()

    def submit(
        self, work: Callable[Params, Result], /, *args: Params.args, **kwargs: Params.kwargs
    ) -> Future[Result]:
        """Queue one piece of work; its failure is kept in the future and never stops the thread."""
        return self._pool.submit(work, *args, **kwargs)

    def assert_here(self) -> None:
        """Fail when another thread is about to use the write connection."""
        assert threading.get_ident() == self._thread_id, "the write connection belongs to the writer thread"

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Executor
        """Finish what was handed in (or drop what has not begun) and end the thread."""
        self._pool.shutdown(wait=wait, cancel_futures=cancel_futures)
