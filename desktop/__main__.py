"""Starts the desktop: ``daybook``, or ``python -m desktop --practice`` on a practice studio.

Python's collector is taken off the worker threads for the whole run: it frees objects on whichever thread
makes one too many, and a Qt object freed away from the GUI thread ends the process or makes it wait for ever.
``Application`` puts up the guard that collects on a timer of the GUI thread; see desktop/qt/gc_guard.py.
"""

import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer
from pydantic import ValidationError

from desktop.bootstrap import build
from desktop.qt.application import Application, say_fatal_in_words
from desktop.qt.gc_guard import set_program_apart
from desktop.settings import DesktopSettings
from shared.errors import DomainError

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def start(
    practice: Annotated[bool, typer.Option(help="Open the practice studio of this computer.")] = False,  # noqa: FBT002 - typer's
    folder: Annotated[Path | None, typer.Option(help="Where the studio's data lies.")] = None,
) -> None:
    """Open Daybook."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    say_fatal_in_words(_say)
    set_program_apart()
    try:
        settings = _settings(practice=practice, folder=folder)
        desktop = build(settings, application=Application())
    except DomainError as refusal:
        _say(refusal.sentence)
        raise typer.Exit(1) from refusal
    status = desktop.application.run(desktop.close_windows)
    desktop.close()
    raise typer.Exit(status)


def _settings(*, practice: bool, folder: Path | None) -> DesktopSettings:
    given: dict[str, object] = {"practice": True} if practice else {}
    if folder is not None:
        given["practice_folder" if practice else "data_folder"] = folder
    try:
        return DesktopSettings.model_validate(given)
    except ValidationError as failure:
        _say(str(failure.errors(include_url=False, include_input=False)[0]["msg"]))
        raise typer.Exit(1) from failure


def _say(sentence: str) -> None:
    typer.echo(sentence, err=True)


def main() -> None:
    """The entry point."""
    app()


if __name__ == "__main__":
    main()
