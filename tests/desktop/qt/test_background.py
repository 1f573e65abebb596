"""Work leaves the GUI thread and comes home as a value."""

import gc
import itertools
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from desktop.data_changes import DataChanges
from desktop.local_store.engine import KEY_BYTES, LocalStore
from desktop.qt.background.announcer import Announcer
from desktop.qt.background.reading import Asker, Feed, Reading
from desktop.qt.background.task_runner import TaskControl, TaskRunner
from desktop.qt.background.writer_thread import WriterThread
from desktop.qt.gc_guard import GcGuard, set_program_apart
from shared.errors import SlotTaken

LONG_QUERY = (
    "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 300000) SELECT max(x) FROM n"
)


@pytest.fixture
def runner(qapp: object) -> Iterator[TaskRunner]:
    with ThreadPoolExecutor(2) as pool:
        yield TaskRunner(pool)


def test_a_result_comes_home_on_the_gui_thread(qtbot: QtBot, runner: TaskRunner) -> None:
    threads: list[int] = []

    def work() -> int:
        threads.append(threading.get_ident())
        return 42

    results: list[tuple[int, int]] = []
    runner.run(work, lambda value: results.append((value, threading.get_ident())))
    qtbot.waitUntil(lambda: bool(results))
    assert results == [(42, threading.get_ident())]
    assert threads != [threading.get_ident()]
    assert runner.running == 0


def test_a_failure_comes_home_as_a_value(qtbot: QtBot, runner: TaskRunner) -> None:
    def work() -> None:
        raise SlotTaken

    failures: list[BaseException] = []
    runner.run(work, lambda _: None, on_failed=failures.append)
    qtbot.waitUntil(lambda: bool(failures))
    assert isinstance(failures[0], SlotTaken)


def test_a_failure_that_nobody_asked_for_is_told_to_the_failure_box(qtbot: QtBot, runner: TaskRunner) -> None:
    def work() -> None:
        raise SlotTaken

    with qtbot.waitSignal(runner.failed) as told:
        runner.run(work, lambda _: None)
    assert isinstance(told.args[0], SlotTaken)


def test_work_over_300_ms_shows_its_progress_and_can_be_cancelled(qtbot: QtBot, runner: TaskRunner) -> None:
    go_on = threading.Event()

    def work(control: TaskControl) -> str:
        control.step(1, 3)
        go_on.wait(10)
        control.step(2, 3)
        return "never"

    results: list[str] = []
    with qtbot.waitSignal(runner.busy) as busy:
        task = runner.run_long(work, results.append, words="Exporting")
    assert busy.args[0].words == "Exporting"
    task.cancel()
    with qtbot.waitSignal(runner.idle):
        go_on.set()
    assert results == []


@pytest.fixture
def store(tmp_path: Path) -> Iterator[LocalStore]:
    with LocalStore(tmp_path / "studio.db", os.urandom(KEY_BYTES)) as opened:
        yield opened


@pytest.fixture
def reading(runner: TaskRunner, store: LocalStore) -> Reading:
    return Reading(store, runner)


def test_only_the_answer_to_the_last_question_is_handed_over(
    qtbot: QtBot, runner: TaskRunner, reading: Reading
) -> None:
    asker = Asker(reading, runner)
    may_answer = threading.Event()
    heard: list[str] = []
    asker.ask(lambda _: may_answer.wait(10), lambda _: heard.append("first"))
    asker.ask(lambda _: None, lambda _: heard.append("second"))
    qtbot.waitUntil(lambda: heard == ["second"])
    may_answer.set()
    qtbot.waitUntil(lambda: runner.running == 0)
    asker.ask(lambda _: None, lambda _: heard.append("third"))
    asker.forget()
    qtbot.waitUntil(lambda: runner.running == 0)
    assert heard == ["second"]


def test_an_asker_that_is_gone_is_told_nothing(qtbot: QtBot, runner: TaskRunner, reading: Reading) -> None:
    gone = QObject()
    heard: list[None] = []
    reading.ask(lambda _: None, heard.append, asker=gone)
    delete(gone)
    qtbot.waitUntil(lambda: runner.running == 0)
    assert heard == []


def test_a_question_that_a_later_one_replaces_is_dropped(qtbot: QtBot, store: LocalStore) -> None:
    asked, shown = itertools.count(), list[int]()
    begun, reached, go_on = list[int](), threading.Event(), threading.Event()

    def query() -> Callable[[sa.Connection], int]:
        number = next(asked)

        def run(connection: sa.Connection) -> int:
            begun.append(number)
            if number == 0:
                reached.set()
                go_on.wait(10)
            count = connection.exec_driver_sql(LONG_QUERY).scalar_one()
            begun.append(-number)
            return number + int(count) - 300_000

        return run

    page = QWidget()
    qtbot.addWidget(page)
    with ThreadPoolExecutor(1) as pool:
        runner = TaskRunner(pool)
        feed = Feed(page, Reading(store, runner), query=query, show=shown.append, entities=frozenset())
        feed.ask()
        assert reached.wait(10)
        feed.ask()
        feed.ask()
        go_on.set()
        qtbot.waitUntil(lambda: runner.running == 0)
    assert shown == [2]
    assert begun == [0, 2, -2], "the first was broken off, the second never begun"


def test_the_writer_does_everything_on_one_thread_in_order() -> None:
    writer = WriterThread()
    seen: list[tuple[int, int]] = []

    def note(number: int) -> None:
        seen.append((number, threading.get_ident()))

    futures = [writer.submit(note, number) for number in range(20)]
    writer.submit(writer.assert_here).result()
    assert all(future.done() for future in futures)
    assert [number for number, _ in seen] == list(range(20))
    assert len({thread for _, thread in seen}) == 1
    with pytest.raises(AssertionError, match="writer thread"):
        writer.assert_here()
    writer.shutdown()


def test_a_failed_command_does_not_stop_the_writer() -> None:
    writer = WriterThread()

    def broken() -> None:
        raise SlotTaken

    assert isinstance(writer.submit(broken).exception(), SlotTaken)
    assert writer.submit(lambda: 1).result() == 1
    writer.shutdown()


def test_changes_announced_on_any_thread_are_heard_on_the_gui_thread(qtbot: QtBot) -> None:
    announcer = Announcer()
    heard: list[tuple[DataChanges, int]] = []
    announcer.changed.connect(lambda changes: heard.append((changes, threading.get_ident())))
    changes = DataChanges(frozenset({"booking"}), "bookings")
    thread = threading.Thread(target=announcer.announce, args=(changes,))
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == [(changes, threading.get_ident())]
    assert changes.touches("booking", "customer")
    assert not changes.touches("refund")


def test_nothing_is_announced_when_nothing_was_touched(qtbot: QtBot) -> None:
    announcer = Announcer()
    with qtbot.assertNotEmitted(announcer.changed, wait=20):
        announcer.announce(DataChanges(frozenset()))


def test_the_collector_runs_on_the_gui_thread_only(qapp: object) -> None:
    guard = GcGuard()
    assert not gc.isenabled()
    waste: list[list[int]] = [[] for _ in range(2000)]
    del waste
    assert guard.collect_due() in (None, 0, 1, 2)
    guard.stop()
    assert gc.isenabled()


def test_no_thread_of_the_program_begins_before_the_collector_is_kept_from_it() -> None:
    code = (
        "import gc, threading; from desktop.qt.application import Application;"
        " made = Application(); print(gc.isenabled(), threading.active_count())"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, text=True, stdout=subprocess.PIPE)
    assert said.stdout.split() == ["False", "1"]


def test_no_collection_goes_through_what_the_program_is_made_of() -> None:
    before = gc.get_freeze_count()
    kept = [[number] for number in range(1000)]
    set_program_apart()
    assert gc.get_freeze_count() > before + len(kept)
    assert not any(each is kept for each in gc.get_objects())
