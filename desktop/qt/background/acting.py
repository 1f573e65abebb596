"""Carries out what staff decide: on the writer thread, and what it touched is said to every screen."""

from collections.abc import Callable

from desktop.commands.desk import Desk
from desktop.data_changes import DataChanges
from desktop.qt.background.announcer import Announcer
from desktop.qt.background.task_runner import TaskRunner
from desktop.qt.background.writer_thread import WriterThread

Command = Callable[[Desk], DataChanges]


class Acting:
    """Hands commands to the writer; a failure nobody asked for is told by the failure box."""

    def __init__(self, desk: Desk, writer: WriterThread, *, runner: TaskRunner, announcer: Announcer) -> None:
        self._desk = desk
        self._writer = writer
        self._runner = runner
        self._announcer = announcer

    def do(
        self,
        command: Command,
        *,
        then: Callable[[], None] | None = None,
        on_failed: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run ``command(desk)``, announce what it touched, and go on with ``then``."""

        def done(changes: DataChanges) -> None:
            self._announcer.announce(changes)
            if then is not None:
                then()

        self._runner.run(lambda: command(self._desk), done, on_failed=on_failed, executor=self._writer)
