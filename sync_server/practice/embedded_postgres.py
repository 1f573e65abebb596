"""Runs a Postgres of our own in one folder; the practice studio and the tests live on it.

It listens on a socket file only, with passwords made here. What a killed earlier run left behind is cleaned
up; a folder that a living run uses is refused in one sentence.
"""

import fcntl
import io
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from sync_server.practice.postgres_places import (
    WHEEL_VERSION,
    Places,
    PracticeDatabaseUnavailable,
    find_places,
)

SUPERUSER = "postgres"
OWNER = "daybook_owner"
DATABASE = "daybook"

_PORT = 5432  # only names the socket file
_INITDB_TIMEOUT_S = 120
_START_TIMEOUT_S = 60
_STOP_TIMEOUT_S = 30
_ORPHANS_TIMEOUT_S = 20
_ORPHANS_PAUSE_S = 0.1
_ORPHANS_SIGN = "pre-existing shared memory block"

_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # statements and details carry personal data
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One cluster in one folder: ``start``, ``stop``; also a context manager.

    ``durable=False`` is for throw-away clusters: a crash of the machine may lose them whole.
    """

    def __init__(
        self, folder: Path, *, durable: bool = True, settings: Mapping[str, str] | None = None
    ) -> None:
        self._folder = folder
        self._settings = _SETTINGS | ({} if durable else _NOT_DURABLE) | dict(settings or {})
        self._places: Places | None = None
        self._lock: io.TextIOWrapper | None = None
        self._passwords: dict[str, str] = {}

    def start(self) -> str:
        """Start afresh, whatever is left of an earlier run; the URL of the owner in the database ``daybook``.

        Raises PracticeDatabaseUnavailable.
        """
        assert self._lock is None, "started twice"
        self._places = find_places(self._folder)
        self._lock = _lock(self._places.home)
        try:
            self._end_leftovers()
            self._make_cluster()
            self._write_settings()
            self._start_server()
            self._make_owner()
        except BaseException:  # also an interrupt leaves no server behind
            self.stop()
            raise
        return self.url()

    def stop(self) -> None:
        """End the server, its clients too; does nothing if it does not run."""
        if self._places is None or self._lock is None:
            return
        self._end_server()
        if self._places.sockets.parent != self._places.home:
            shutil.rmtree(self._places.sockets, ignore_errors=True)
        self._lock.close()
        self._lock = None

    def delete(self) -> None:
        """Stop, and remove all that belongs to the cluster, also what an earlier process made."""
        self.stop()
        places = self._places or find_places(self._folder)
        shutil.rmtree(places.home)
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str = DATABASE, *, user: str = OWNER, password: str | None = None) -> str:
        """SQLAlchemy's URL. The password may be left out for the owner and the superuser ``postgres``."""
        return "postgresql+psycopg" + self.conninfo(database, user=user, password=password).removeprefix(
            "postgresql"
        )

    def conninfo(self, database: str = DATABASE, *, user: str = OWNER, password: str | None = None) -> str:
        """As ``url``, for psycopg."""
        assert self._places is not None, "not started"
        secret = quote(password if password is not None else self._passwords[user], safe="")
        host = quote(str(self._places.sockets), safe="")
        return f"postgresql://{user}:{secret}@/{quote(database, safe='')}?host={host}&port={_PORT}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The server's process id, None if it does not run."""
        server = self._running_server()
        return None if server is None else server.pid

    # --- the steps of a start ------------------------------------------------------------------------------

    @property
    def _here(self) -> Places:
        assert self._places is not None, "not started"
        return self._places

    def _end_leftovers(self) -> None:
        """End the server of a run that was killed; remove a pid file that now names a stranger."""
        if self._running_server() is not None:
            self._end_server()
            return
        pid = self._pid_on_file()
        if pid is not None and psutil.pid_exists(pid):
            (self._here.data / "postmaster.pid").unlink()

    def _make_cluster(self) -> None:
        """Make the cluster unless it is there; the passwords are written last, so they mean: it is whole."""
        here, passwords = self._here, self._here.home / "passwords.json"
        if passwords.exists():
            self._passwords = json.loads(passwords.read_text(encoding="utf-8"))
            found, ours = (here.data / "PG_VERSION").read_text().strip(), WHEEL_VERSION.split(".")[0]
            if found != ours:
                raise PracticeDatabaseUnavailable(
                    detail=f"{here.home} was made by Postgres {found}, this is {ours}; remove that folder"
                )
            return
        shutil.rmtree(here.data)
        here.data.mkdir(mode=0o700)
        here.hand_over(here.data)
        made = {name: secrets.token_urlsafe(24) for name in (SUPERUSER, OWNER)}
        with tempfile.NamedTemporaryFile("w", dir=here.sockets) as password_file:
            password_file.write(made[SUPERUSER])
            password_file.flush()
            here.hand_over(Path(password_file.name))
            self._run(
                "initdb",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--auth=scram-sha-256",
                f"--username={SUPERUSER}",
                f"--pwfile={password_file.name}",
                "--no-instructions",
                *([] if self._settings.get("fsync") != "off" else ["--no-sync"]),
                timeout_s=_INITDB_TIMEOUT_S,
            )
        with (here.data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write("include 'daybook.conf'\n")
        unfinished = passwords.with_suffix(".new")
        unfinished.touch(mode=0o600)
        unfinished.write_text(json.dumps(made), encoding="utf-8")
        unfinished.rename(passwords)
        self._passwords = made

    def _write_settings(self) -> None:
        settings = self._settings | {"unix_socket_directories": str(self._here.sockets)}
        quoted = {name: value.replace("'", "''") for name, value in settings.items()}
        lines = "".join(f"{name} = '{value}'\n" for name, value in quoted.items())
        (self._here.data / "daybook.conf").write_text(lines, encoding="utf-8")

    def _start_server(self) -> None:
        """Start and wait until it answers; the last processes of a killed server may need a moment to end."""
        log = self._here.data / "server.log"
        give_up_at = time.monotonic() + _ORPHANS_TIMEOUT_S
        while True:
            log.unlink(missing_ok=True)
            try:
                self._run(
                    "pg_ctl",
                    f"--log={log}",
                    "--wait",
                    f"--timeout={_START_TIMEOUT_S}",
                    "start",
                    timeout_s=_START_TIMEOUT_S + 10,
                )
            except PracticeDatabaseUnavailable as failure:
                told = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
                if _ORPHANS_SIGN in told and time.monotonic() < give_up_at:
                    time.sleep(_ORPHANS_PAUSE_S)
                    continue
                if told:
                    raise PracticeDatabaseUnavailable(detail=told.strip().splitlines()[-1]) from failure
                raise
            return

    def _make_owner(self) -> None:
        """A role that owns the database and is no superuser, as a real installation has it."""
        with psycopg.connect(self.conninfo("postgres", user=SUPERUSER), autocommit=True) as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [OWNER]).fetchone():
                make_role = sql.SQL("CREATE ROLE {} LOGIN CREATEROLE PASSWORD {}")
                connection.execute(make_role.format(sql.Identifier(OWNER), self._passwords[OWNER]))
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                make_database = sql.SQL("CREATE DATABASE {} OWNER {}")
                connection.execute(make_database.format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))

    # --- the server as a process ---------------------------------------------------------------------------

    def _end_server(self) -> None:
        for manner in ("fast", "immediate"):
            if self._running_server() is None:
                return
            with suppress(PracticeDatabaseUnavailable):
                self._run(
                    "pg_ctl",
                    f"--mode={manner}",
                    "--wait",
                    f"--timeout={_STOP_TIMEOUT_S}",
                    "stop",
                    timeout_s=_STOP_TIMEOUT_S + 10,
                )
        if self._running_server() is not None:
            raise PracticeDatabaseUnavailable(detail="an earlier run of it does not end")

    def _pid_on_file(self) -> int | None:
        try:
            first_line, *_ = (self._here.data / "postmaster.pid").read_text().splitlines()
            return int(first_line)
        except (FileNotFoundError, ValueError):  # ValueError: cut off by a crash
            return None

    def _running_server(self) -> psutil.Process | None:
        """The process in the pid file, if it is a Postgres of this very folder."""
        pid = self._pid_on_file()
        if pid is None:
            return None
        try:
            process = psutil.Process(pid)
            ours = str(self._here.data) in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return None
        return process if ours else None

    def _run(self, program: str, *arguments: str, timeout_s: float) -> None:
        """Run one of Postgres' programs on the data folder; raises PracticeDatabaseUnavailable."""
        here = self._here
        # a pipe would stay open as long as the server that inherits it
        with tempfile.TemporaryFile() as output:
            try:
                subprocess.run(
                    [str(here.programs / program), f"--pgdata={here.data}", *arguments],
                    check=True,
                    cwd=here.data,
                    env={"LC_ALL": "C", "PATH": os.defpath},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    timeout=timeout_s,
                    user=here.account.uid if here.account else None,
                    group=here.account.gid if here.account else None,
                    extra_groups=[] if here.account else None,
                )
            except (OSError, subprocess.SubprocessError) as cause:
                output.seek(0)
                told = output.read().decode(errors="replace").strip().splitlines()
                raise PracticeDatabaseUnavailable(detail=told[-1] if told else str(cause)) from cause


def _lock(home: Path) -> io.TextIOWrapper:
    """Held as long as a run lives; the system frees it when the run is killed."""
    try:
        handle = (home / "in-use.lock").open("w", encoding="ascii")
    except OSError as cause:
        raise PracticeDatabaseUnavailable(detail=f"{cause.strerror} ({cause.filename})") from cause
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as cause:
        handle.close()
        raise PracticeDatabaseUnavailable(detail=f"another run is using {home}") from cause
    return handle
