"""``daybook-server``: the operator's commands."""

from typing import Annotated

import structlog
import typer

from shared.errors import DomainError
from sync_server.migrations.upgrade import RolePasswords
from sync_server.migrations.upgrade import migrate as run_migrations
from sync_server.settings import ServerSettings

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
    """Serve desktops, customers and webhooks."""
    from sync_server.bootstrap import build  # noqa: PLC0415 - the other commands start faster without it
    from sync_server.web.serving import serve  # noqa: PLC0415 - as above

    settings = ServerSettings()
    try:
        server = build(settings)
        serve(
            server.app,
            settings.host,
            settings.port if port is None else port,
            told=lambda bound: typer.echo(f"Daybook listens on http://{settings.host}:{bound}"),
        )
    except (DomainError, OSError) as failure:
        typer.echo(failure.sentence if isinstance(failure, DomainError) else str(failure), err=True)
        raise typer.Exit(1) from failure


@main.command()
def migrate() -> None:
    """Bring the database to the newest shape, as its owner."""
    settings = ServerSettings()
    run_migrations(
        settings.owner_database_url,
        RolePasswords(
            app=settings.app_password.get_secret_value(),
            worker=settings.worker_password.get_secret_value(),
        ),
    )
    typer.echo("The database is up to date.")


if __name__ == "__main__":
    main()
