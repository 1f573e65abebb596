"""``python -m tests.journeys.tour [bookings.csv]``: the main job for every row, through every part."""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import structlog
from rich.console import Console

from desktop.qt.page_keys import PageKey
from tests.journeys.tour.changes import Changes
from tests.journeys.tour.desk import FrontDesk
from tests.journeys.tour.pictures import Pictures
from tests.journeys.tour.practice import Practice
from tests.journeys.tour.rows import BookingFile, FileUnusable, read_bookings
from tests.journeys.tour.steps import NotAsItShouldBe, Recorder, RowEnded
from tests.journeys.tour.story import Places, Stage, Story

ROOT = Path(__file__).resolve().parents[3]
DEFAULT = ROOT / "resources" / "practice" / "bookings.csv"
OUTPUT = Path("demo-output")
STEPS_A_ROW = 9


def main(arguments: list[str]) -> int:
    """Zero if everything was as it should be."""
    path = Path(arguments[0]) if arguments else DEFAULT
    try:
        output = _fresh(OUTPUT)
        file = read_bookings(path)
    except OSError as cause:
        Console(stderr=True, highlight=False).print(f"{OUTPUT} cannot be written: {cause.strerror}.")
        return 2
    except FileUnusable as failure:
        Console(stderr=True, highlight=False).print(str(failure), markup=False)
        return 2
    structlog.configure(
        logger_factory=structlog.PrintLoggerFactory((output / "desktop.log").open("w", encoding="utf-8"))
    )
    try:
        with tempfile.TemporaryDirectory(prefix="daybook-tour-") as folder:
            return _tour(file, Path(folder))
    except NotAsItShouldBe as failure:
        Console(stderr=True, highlight=False).print(str(failure), markup=False)
        return 1
    except KeyboardInterrupt:
        Console(stderr=True).print("Ended.")
        return 130


def _tour(file: BookingFile, folder: Path) -> int:
    total = len(file.bad) + STEPS_A_ROW * len(file.good)
    total += sum(row.is_marked("move") + row.is_marked("cancel") for row in file.good)
    places = Places(OUTPUT)
    with Practice(folder, clock_start=file.clock_start) as practice:
        desk = FrontDesk(folder, places.folder("pictures"))
        try:
            with (
                Recorder(OUTPUT, total=total, pump=desk.pump) as recorder,
                Pictures(places.folder("pictures")) as pictures,
            ):
                stage = Stage(practice, desk, recorder, pictures, places)
                if pictures.words:
                    recorder.say(pictures.words)
                for bad in file.bad:
                    recorder.note(bad.line, "read", ok=False, observed=f"{bad.column}: {bad.reason}")
                _run(stage, file)
                _keep_mails(stage, folder)
                return _close(stage)
        finally:
            desk.close()


def _run(stage: Stage, file: BookingFile) -> None:
    stories = [Story(stage, row) for row in file.good]
    begun = [story for story in stories if _begin(stage, story)]
    stage.desk.picture("desktop_today", PageKey.TODAY)
    if begun:
        stage.desk.show_month_of(begun[0].slot.start_date)
    stage.desk.picture("desktop_calendar", PageKey.CALENDAR)
    stage.desk.picture("desktop_bookings", PageKey.BOOKINGS)
    begun.sort(key=lambda story: story.row.reminder_at)
    for story in begun:
        _finish(stage, story)
    stage.desk.picture("desktop_invoices", PageKey.INVOICES)
    stage.desk.picture("desktop_customers", PageKey.CUSTOMERS)
    stage.desk.picture("desktop_settings", PageKey.SETTINGS)
    for story in stories:
        story.close()


def _begin(stage: Stage, story: Story) -> bool:
    recorder, row = stage.recorder, story.row
    if not stage.desk.free_resources(row.slot):
        recorder.note(row.line, "read", ok=False, observed="start: no resource is free in this slot")
        return False
    transport = stage.desk.desktop.transport
    try:
        transport.cut()
        try:
            with recorder.step(row.line, "entered") as seen:
                story.enter(seen)
        finally:
            transport.restore()
        with recorder.step(row.line, "synced") as seen:
            story.sync(seen)
        if story.due_on_booking():
            with recorder.step(row.line, "pay_mail") as seen:
                story.get_pay_mail(seen)
            with recorder.step(row.line, "deposit") as seen:
                story.pay_deposit(seen)
        else:
            for step in ("pay_mail", "deposit"):
                story.falls_away(step, "nothing is due on booking")
        with recorder.step(row.line, "shown") as seen:
            story.show_confirmed(seen)
    except RowEnded:
        _give_up(stage, row.line)
        return False
    return True


def _finish(stage: Stage, story: Story) -> None:
    recorder, line = stage.recorder, story.row.line
    try:
        if story.has_remainder():
            with recorder.step(line, "balance_mail") as seen:
                story.get_balance_mail(seen)
            with recorder.step(line, "remainder") as seen:
                story.pay_remainder(seen)
        else:
            for step in ("balance_mail", "remainder"):
                story.falls_away(step, "everything was paid on booking")
        with recorder.step(line, "reminder") as seen:
            story.get_reminder(seen)
        with recorder.step(line, "invoice") as seen:
            story.issue_invoice(seen)
        if story.row.is_marked("move"):
            with recorder.step(line, "move") as seen:
                Changes(story).move(seen)
        if story.row.is_marked("cancel"):
            with recorder.step(line, "cancel") as seen:
                Changes(story).cancel(seen)
    except RowEnded:
        _give_up(stage, line)


def _give_up(stage: Stage, line: int) -> None:
    """A picture of what went wrong; the rows that follow do not suffer from it."""
    stage.desk.picture(f"failed_row_{line}")
    stage.desk.leave_dialogs()


def _keep_mails(stage: Stage, folder: Path) -> None:
    mails = stage.places.folder("mails")
    for file in (folder / "mail").rglob("*.eml"):
        (mails / file.name).write_bytes(file.read_bytes())
    (OUTPUT / "server.log").write_bytes((folder / "server.log").read_bytes())


def _close(stage: Stage) -> int:
    recorder = stage.recorder
    failed = [entry for entry in recorder.entries if not entry.ok]
    words = f"{len(recorder.entries) - len(failed)} steps as they should be, {len(failed)} not"
    recorder.say(f"{words}. See {OUTPUT}/tour.json, invoices, mails and pictures.")
    return 1 if failed else 0


def _fresh(output: Path) -> Path:
    """Take what an earlier tour left away, and nothing else."""
    output.mkdir(parents=True, exist_ok=True)
    for pattern in ("tour.json", "*.log", "invoices/*.pdf", "mails/*.eml", "pictures/*.png"):
        for old in output.glob(pattern):
            old.unlink()
    return output


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
