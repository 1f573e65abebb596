"""Notices that the process which started us is gone."""

import os
import sys
import threading
from collections.abc import Callable

LOOK_EVERY_S = 0.5


def watch_parent(parent_pid: int, gone: Callable[[], None]) -> None:
    """Call `gone` once, from a thread of its own, when that process has ended."""
    waiting = _wait_on_windows if sys.platform == "win32" else _wait_on_posix

    def watch() -> None:
        waiting(parent_pid)
        gone()

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _wait_on_posix(parent_pid: int) -> None:
    # A dead but unread parent still has its number; that we were given to another parent tells it sooner.
    direct = os.getppid() == parent_pid
    pause = threading.Event()
    while (not direct or os.getppid() == parent_pid) and _is_there(parent_pid):
        pause.wait(LOOK_EVERY_S)


def _is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _wait_on_windows(parent_pid: int) -> None:
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - this library has these functions on Windows only

        synchronize, for_ever = 0x00100000, 0xFFFFFFFF
        handle = ctypes.windll.kernel32.OpenProcess(synchronize, 0, parent_pid)
        if handle:
            ctypes.windll.kernel32.WaitForSingleObject(handle, for_ever)
            ctypes.windll.kernel32.CloseHandle(handle)
