"""What the status bar says about sync, as a pure function of one state (sync.md §15)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from desktop.presenting.dates import clock_in, day_month
from shared.clock import utc_to_wall

CLOCK_OFFSET_SHOWN_S = 5 * 60


class SyncPhase(StrEnum):
    """What the sync cycle is doing, or what stops it."""

    NEVER = "never"
    SYNCED = "synced"
    SYNCING = "syncing"
    OFFLINE = "offline"
    SIGN_IN = "sign_in"
    PROBLEM = "problem"
    REVOKED = "revoked"
    RESTORED = "restored"
    FETCHING = "fetching"
    UPGRADE_SERVER = "upgrade_server"
    BUSY = "busy"
    UPDATE_APP = "update_app"


class SyncTone(StrEnum):
    """How the sentence is meant: all is well, something waits, or a person is needed."""

    FINE = "fine"
    WAITING = "waiting"
    WARNING = "warning"
    DANGER = "danger"


@dataclass(frozen=True, slots=True)
class SyncState:
    """All that the status bar knows; made by the sync cycle, shown by the window, read back by tests."""

    phase: SyncPhase = SyncPhase.NEVER
    waiting: int = 0
    attention: int = 0
    last_sync_at_utc: datetime | None = None
    since_utc: datetime | None = None
    progress_percent: int = 0
    retry_in_s: int = 0
    clock_offset_s: int = 0
    disk_full: bool = False
    oldest_change_at_utc: datetime | None = None
    last_error: str = ""
    cursor_seq: int = 0


_TONES = {
    SyncPhase.SYNCED: SyncTone.FINE,
    SyncPhase.SYNCING: SyncTone.FINE,
    SyncPhase.FETCHING: SyncTone.FINE,
    SyncPhase.NEVER: SyncTone.FINE,
    SyncPhase.PROBLEM: SyncTone.DANGER,
    SyncPhase.REVOKED: SyncTone.DANGER,
    SyncPhase.RESTORED: SyncTone.WAITING,
}

_PLAIN = {
    SyncPhase.NEVER: "Not synced yet",
    SyncPhase.SYNCING: "Syncing…",
    SyncPhase.SIGN_IN: "Sign in to sync",
    SyncPhase.PROBLEM: "Sync problem · Send report",
    SyncPhase.REVOKED: "This computer was removed from the studio",
    SyncPhase.RESTORED: "Server was restored · rebuilding {percent} % · you can keep working",
    SyncPhase.FETCHING: "Getting the studio's data… {percent} %",
    SyncPhase.BUSY: "Server busy · trying again in {seconds} s",
    SyncPhase.UPDATE_APP: "Update Daybook to sync",
}
_NAMES_WAITING = frozenset({SyncPhase.NEVER, SyncPhase.SIGN_IN, SyncPhase.UPDATE_APP})


def changes(count: int) -> str:
    """A number of waiting changes: "1 change", "3 changes"."""
    return f"{count} change{'' if count == 1 else 's'}"


def status_words(state: SyncState, *, zone_name: str, today: date) -> str:
    """The one line of the status bar, in the studio's zone."""
    if state.disk_full:
        return "Disk is full: nothing new can be saved"
    words = _phase_words(state, zone_name, today)
    if abs(state.clock_offset_s) > CLOCK_OFFSET_SHOWN_S:
        words += f" · Clock is {abs(state.clock_offset_s) // 60} min off"
    if state.attention:
        words += f" · Needs attention ({state.attention})"
    return words


def status_tone(state: SyncState) -> SyncTone:
    """How the line is meant, for its icon and colour."""
    if state.disk_full:
        return SyncTone.DANGER
    tone = _TONES.get(state.phase, SyncTone.WARNING)
    return SyncTone.WAITING if tone is SyncTone.FINE and state.waiting else tone


def _phase_words(state: SyncState, zone_name: str, today: date) -> str:
    last = _moment(state.last_sync_at_utc, zone_name, today)
    if state.phase is SyncPhase.SYNCED:
        return _with_waiting(f"Synced {last}".rstrip(), state.waiting)
    if state.phase is SyncPhase.OFFLINE:
        return _with_waiting("Offline", state.waiting) + (f" · last sync {last}" if last else "")
    if state.phase is SyncPhase.UPGRADE_SERVER:
        verb = "waits" if state.waiting == 1 else "wait"
        return f"{changes(state.waiting)} {verb} for a server update"
    plain = _PLAIN[state.phase].format(percent=state.progress_percent, seconds=state.retry_in_s)
    return _with_waiting(plain, state.waiting) if state.phase in _NAMES_WAITING else plain


def _with_waiting(words: str, waiting: int) -> str:
    return f"{words} · {changes(waiting)} waiting" if waiting else words


def _moment(instant: datetime | None, zone_name: str, today: date) -> str:
    if instant is None:
        return ""
    day = utc_to_wall(instant, zone_name).date()
    time = clock_in(instant, zone_name)
    return time if day == today else f"{day_month(day)} {time}"
