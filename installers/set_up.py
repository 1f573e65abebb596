"""Prepares this machine for one make target: environment, pinned packages, system libraries.

Runs on a bare Python 3.11 with nothing but the standard library. What is already there is left alone, so
a second run takes a moment. What cannot be done is said in one sentence.
"""

import ctypes
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
STAMP = ENVIRONMENT / "daybook-set-up.json"
LOCK = ROOT / "requirements.lock"

# shared library that Qt loads -> Debian's and Ubuntu's package of it
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libX11.so.6": "libx11-6",
    "libstdc++.so.6": "libstdc++6",
}
WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OF_MACOS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


class CannotSetUpError(Exception):
    """One sentence for the person who called make."""


def main(target: str) -> None:
    """Prepare what the target needs."""
    with _one_at_a_time():
        _make_environment()
        stamp = _read_stamp()
        _install_packages(stamp)
        _install_system_packages(target, stamp)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two makes at once must not install into each other."""
    try:
        import fcntl  # noqa: PLC0415 - absent on Windows, where make is not the way in
    except ImportError:
        yield
        return
    lock = ROOT / ".set-up.lock"
    try:
        handle = lock.open("w")
    except OSError as cause:
        raise CannotSetUpError(f"Daybook cannot write into its own folder: {cause.strerror}.") from cause
    with handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _read_stamp() -> dict[str, str]:
    if not STAMP.is_file():
        return {}
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except ValueError:  # cut off by a crash: as if it were not there
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _write_stamp(stamp: dict[str, str]) -> None:
    STAMP.write_text(json.dumps(stamp, indent=1), encoding="utf-8")


# --- the environment --------------------------------------------------------------------------------------


def _make_environment() -> None:
    if _environment_works():
        return
    if ENVIRONMENT.exists():
        print("The environment in .venv no longer fits this machine; making it anew.", flush=True)
        shutil.rmtree(ENVIRONMENT)
    if not _can_make_environments():
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        if not _apt_install([f"python{version}-venv"]) and not _apt_install(["python3-venv"]):
            raise CannotSetUpError(
                f"Python cannot make environments here; install the package python{version}-venv "
                "(or python3-venv) and run make again."
            )
    print("Making the environment in .venv", flush=True)
    try:
        # in a new process: this one may have started before ensurepip was installed
        subprocess.run(
            [sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True, stdout=subprocess.DEVNULL
        )
    except subprocess.CalledProcessError as cause:
        raise CannotSetUpError("Python could not make the environment in .venv (see above).") from cause


def _environment_works() -> bool:
    if not PYTHON.exists():
        return False
    code = "import sys, pip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))"
    return _succeeds([str(PYTHON), "-c", code])


def _can_make_environments() -> bool:
    return _succeeds([sys.executable, "-c", "import ensurepip, venv"])


# --- packages from the lock -------------------------------------------------------------------------------


def _install_packages(stamp: dict[str, str]) -> None:
    wanted = _fingerprint()
    if stamp.get("packages") == wanted:
        return
    count = sum("==" in line for line in LOCK.read_text(encoding="utf-8").splitlines())
    print(f"Installing up to {count} pinned packages; the first time some 400 MB are downloaded", flush=True)
    _pip("--require-hashes", "--no-deps", "--requirement", str(LOCK))
    _pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp["packages"] = wanted
    _write_stamp(stamp)


def _fingerprint() -> str:
    """Changes when the lock, the project's description or the environment's Python does."""
    digest = hashlib.sha256()
    for file in (LOCK, ROOT / "pyproject.toml", ENVIRONMENT / "pyvenv.cfg"):
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _pip(*arguments: str) -> None:
    quiet = [] if sys.stdout.isatty() else ["--progress-bar", "off"]
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", *quiet, *arguments]
    settings = {"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_ROOT_USER_ACTION": "ignore"}
    if subprocess.run(command, check=False, cwd=ROOT, env=os.environ | settings).returncode:
        raise CannotSetUpError(
            "The pinned packages could not be installed (pip says above why); "
            "a package index must be reachable the first time."
        )


# --- packages of the system -------------------------------------------------------------------------------


def _install_system_packages(target: str, stamp: dict[str, str]) -> None:
    if not sys.platform.startswith("linux"):
        if target in ("test", "tour", "bench") and not _has_chromium():
            print("Without Chromium or Chrome no browser shows the customer pages.", flush=True)
        return
    required = dict(QT_LIBRARIES)
    if target == "demo" and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        required |= WINDOW_LIBRARIES
    if target == "lint":
        return
    missing = [library for library in required if not _loads(library)]
    packages = [required[library] for library in missing]
    wishes = [] if target == "demo" or _has_chromium() else ["chromium"]
    tried = " ".join(packages + wishes)
    if tried and stamp.get("system_tried") != tried:
        # in two steps: a system without a package of Chromium still gets the libraries
        for step in (packages, wishes):
            if step:
                _apt_install(step)
        stamp["system_tried"] = tried
        _write_stamp(stamp)
        missing = [library for library in missing if not _loads(library)]
    if missing:
        names = " ".join(sorted({required[library] for library in missing}))
        raise CannotSetUpError(
            f"Qt needs libraries that this system lacks ({', '.join(missing)}); "
            f"on Debian or Ubuntu run 'apt-get install {names}' as root, then make {target} again."
        )
    if wishes and not _has_chromium():
        print(
            "Without Chromium the customer pages are not shown in a browser (package: chromium).", flush=True
        )


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_chromium() -> bool:
    return any(shutil.which(name) for name in CHROMIUM) or any(path.exists() for path in CHROMIUM_OF_MACOS)


def _apt_install(packages: list[str]) -> bool:
    """Whether apt installed them; never asks a question."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        prefix = ["env"]
    elif shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        prefix = ["sudo", "-n", "env"]
    else:
        return False
    print(f"Installing system packages: {' '.join(packages)}", flush=True)
    apt = [*prefix, "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120"]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    if _succeeds(install):
        return True
    _succeeds([*apt, "update"])  # the list of packages may be absent or old
    return _succeeds(install)


def _succeeds(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


if __name__ == "__main__":
    try:
        main(sys.argv[1] if len(sys.argv) > 1 else "test")
    except CannotSetUpError as sentence:
        sys.exit(str(sentence))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
