"""``daybook-server``: the operator's commands."""

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import structlog
import typer
from pydantic import ValidationError

from shared.errors import DomainError
from sync_server.migrations.upgrade import RolePasswords
from sync_server.migrations.upgrade import migrate as run_migrations
from sync_server.settings import ServerSettings

CLOCK: Final = "%Y-%m-%dT%H:%M:%S"

main = typer.Typer(no_args_is_help=True, add_completion=False, help="The sync server of Daybook.")


@main.callback()
def _everywhere() -> None:
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ]
    )


@main.command()
def run(
    port: Annotated[int | None, typer.Option(help="Instead of DAYBOOK_PORT; 0 takes a free one.")] = None,
) -> None:
    """Serve desktops, customers and webhooks, and do what is due."""
    from sync_server.bootstrap import build  # noqa: PLC0415 - the other commands start faster without it
    from sync_server.web.serving import serve  # noqa: PLC0415 - as above

    with _told_in_words():
        settings = ServerSettings()
        server = build(settings)
        try:
            serve(
                server.app,
                settings.host,
                settings.port if port is None else port,
                told=lambda bound: typer.echo(f"Daybook listens on http://{settings.host}:{bound}"),
            )
        finally:
            server.close()


@main.command()
def work() -> None:
    """Do what is due, without serving anybody: a further worker beside ``run``."""
    from sync_server.bootstrap import build  # noqa: PLC0415 - as above
    from sync_server.web.serving import settle_collector  # noqa: PLC0415 - as above

    with _told_in_words():
        server = build(ServerSettings())
        settle_collector()
        ended = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ended.set())
        try:
            server.worker.start()
            typer.echo("Daybook works.")
            ended.wait()
        finally:
            server.worker.stop()
            server.close()


@main.command()
def migrate() -> None:
    """Bring the database to the newest shape, as its owner."""
    with _told_in_words():
        settings = ServerSettings()
        run_migrations(
            settings.owner_database_url,
            RolePasswords(
                app=settings.app_password.get_secret_value(),
                worker=settings.worker_password.get_secret_value(),
            ),
        )
        typer.echo("The database is up to date.")


@main.command()
def practice(
    *,
    folder: Annotated[Path, typer.Option(help="Where the practice studio lives.")] = Path(".practice"),
    port: Annotated[int, typer.Option(help="0 takes the one of last time, or a free one.")] = 0,
    desktop: Annotated[bool, typer.Option("--desktop", help="Open the desktop on it, too.")] = False,
    bare: Annotated[bool, typer.Option("--bare", help="A fresh studio without bookings.")] = False,
    clock: Annotated[
        datetime | None, typer.Option(help="Where a fresh studio's clock starts, in UTC.", formats=[CLOCK])
    ] = None,
) -> None:
    """A studio to try everything in: no account, no network, play money."""
    from sync_server.bootstrap.practice import PracticeWishes, run_practice  # noqa: PLC0415 - as above

    _keep_log(folder)
    with _told_in_words():
        wishes = PracticeWishes(
            folder=folder.absolute(),
            port=port,
            bare=bare,
            clock_start=clock.replace(tzinfo=UTC) if clock is not None else None,
            desktop=desktop,
        )
        status = run_practice(wishes, told=typer.echo)
    raise typer.Exit(status)


@contextmanager
def _told_in_words() -> Iterator[None]:
    """What a person can understand is one sentence; being told to end is no fault."""
    # uvicorn raises the signal again once it has ended: then what we started is ended in order, too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("Ended.")
    except DomainError as failure:
        typer.echo(failure.sentence, err=True)
        raise typer.Exit(1) from failure
    except ValidationError as failure:
        names = ", ".join("DAYBOOK_" + "_".join(map(str, error["loc"])).upper() for error in failure.errors())
        typer.echo(f"A setting cannot be used: {names or failure.errors()[0]['msg']}.", err=True)
        raise typer.Exit(1) from failure
    except OSError as failure:
        typer.echo(f"{failure.strerror or failure}.", err=True)
        raise typer.Exit(1) from failure


def _keep_log(folder: Path) -> None:
    """In practice the log goes to a file: the terminal is for people."""
    with suppress(OSError):  # a folder that cannot be written is told in words a moment later
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        log = (folder / "server.log").open("a", encoding="utf-8", buffering=1)
        structlog.configure(logger_factory=structlog.WriteLoggerFactory(file=log))


if __name__ == "__main__":
    main()
