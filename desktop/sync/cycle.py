"""The sync cycle: push, then pull, then numbers. It does no I/O: each step is one transaction on the store.

``on_timer`` begins a round, ``build_request`` says what to send now, ``on_response`` takes the answer over.
One request is open at a time, and only its own answer is read.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

import structlog

from desktop.local_store import local_issues, outbox
from desktop.local_store.engine import LocalStore
from desktop.local_store.numbers import Numbers
from desktop.local_store.store_errors import DiskFull
from desktop.local_store.sync_state import SyncRow, find_state
from desktop.presenting.sync_words import SyncPhase, SyncState
from desktop.sync import pull, push
from desktop.sync.answers import Answered, Verdict, judge
from desktop.sync.backoff import HOURLY_S, POLL_S, Backoff
from desktop.sync.exchange import Answer, Call, Request
from desktop.sync.steps import Steps
from shared.clock import ShiftedClock
from shared.errors import DomainError
from shared.ids import new_id
from shared.sync_protocol.changes import PUSH_MAX_OPERATIONS
from shared.sync_protocol.refusals import BadRequest

log = structlog.get_logger()

NOTHING: Final[frozenset[str]] = frozenset()
_UNREADABLE_SHOWN: Final = 3
_NUMBER_CALLS: Final = frozenset({Call.LEASE, Call.GIVE_BACK})
_REBUILDS: Final = {
    Answered.EPOCH: "epoch",
    Answered.GAP: "gap",
    Answered.FORKED: "forked",
    Answered.RESYNC: "resync",
}
_WAITING_PHASES: Final = {
    Answered.OFFLINE: SyncPhase.OFFLINE,
    Answered.BUSY: SyncPhase.BUSY,
    Answered.SIGN_IN: SyncPhase.SIGN_IN,
    Answered.UPDATE_APP: SyncPhase.UPDATE_APP,
}


class _Stage(StrEnum):
    """Where a round is."""

    IDLE = "idle"
    PUSH = "push"
    PULL = "pull"
    LEASE = "lease"


class Cycle:
    """One device's conversation with its server. Every method runs on the writer thread."""

    def __init__(
        self, store: LocalStore, numbers: Numbers, clock: ShiftedClock, *, dice: random.Random
    ) -> None:
        """``clock`` is the business clock; its shift follows the server's practice clock."""
        self._store = store
        self._numbers = numbers
        self._clock = clock
        self._steps = Steps(store, numbers, clock)
        self._backoff = Backoff(dice)
        self._stage = _Stage.IDLE
        self._open: Request | None = None
        self._sent_ids: tuple[UUID, ...] = ()
        self._serial = 0
        self._batch_limit = PUSH_MAX_OPERATIONS
        self._push_held_until: datetime | None = None
        self._lease_held_until: datetime | None = None
        self._push_trouble: SyncPhase | None = None
        self._unreadable = 0
        self.wait_s = 0.0
        """How long the loop rests before ``on_timer``, unless it is poked."""
        self.state = SyncState()
        with store.reading() as connection:
            found = find_state(connection)
        if found is not None:
            clock.shift = timedelta(seconds=found.clock_shift_s)
        self.refresh_state()

    # --- the three steps ------------------------------------------------------------------------------

    def on_timer(self) -> None:
        """Begin a round, unless one is under way or this computer was removed."""
        if self._stage is _Stage.IDLE and self.state.phase is not SyncPhase.REVOKED:
            self._stage = _Stage.PUSH
            self.wait_s = self._backoff.spread(POLL_S)

    def build_request(self) -> Request | None:
        """What to send now; None when the round is over or an answer is awaited."""
        if self._open is not None or self._stage is _Stage.IDLE:
            return None
        with self._store.reading() as connection:
            state = find_state(connection)
            entries = outbox.pending(connection, limit=self._batch_limit)
        if state is None:
            self._end_round()
            return None
        if state.rebuild is not None and state.rebuild.renew_id is not None:
            return self._send(Call.RENEW, "POST", pull.RENEW_PATH, pull.renew_body(state))
        epoch = state.sending_epoch
        if self._stage is _Stage.PUSH and entries and epoch and not self._is_held(self._push_held_until):
            made = push.batch(entries, epoch)
            self._sent_ids = made.operation_ids
            return self._send(Call.PUSH, "POST", push.PUSH_PATH, made.body, made.user_id)
        if self._stage is not _Stage.LEASE:
            self._stage = _Stage.PULL
            self._show_fetching(state)
            return self._send(Call.PULL, "GET", pull.pull_path(state))
        return self._lease_request()

    def on_response(self, answer: Answer) -> frozenset[str]:
        """Take an answer over; the synced tables that changed. Any answer but the open one is dropped."""
        request = self._open
        if request is None or request.serial != answer.serial:
            log.info("answer_dropped", serial=answer.serial)
            return NOTHING
        self._open = None
        verdict = judge(answer)
        try:
            if verdict.kind is Answered.DECIDED:
                touched = self._on_decision(request, answer)
                self._backoff.answered()
                self._unreadable = 0
            else:
                touched = self._on_refusal(request, answer, verdict)
        except BadRequest as failure:
            touched = NOTHING
            self._on_unreadable(request, failure)
        self.refresh_state()
        return touched

    # --- for the app ----------------------------------------------------------------------------------

    @property
    def is_idle(self) -> bool:
        """Whether no round is under way."""
        return self._stage is _Stage.IDLE

    def press_on(self) -> None:
        """A person has signed in, or asks to sync now: whatever was held back goes on at once."""
        self._backoff.answered()
        self._push_held_until = self._lease_held_until = self._push_trouble = None
        self.wait_s = 0.0
        if self.state.phase is not SyncPhase.REVOKED:
            self.refresh_state(SyncPhase.SYNCING)

    def begin_rebuild(self, reason: str) -> None:
        """Build the base anew ("mark": this store is a copy); nothing that waits is lost."""
        self._steps.begin_rebuild(reason)

    def note_trouble(self, trouble: DomainError) -> None:
        """A step could not be kept on this computer: the open request is asked again later."""
        self._open, self._stage = None, _Stage.IDLE
        self.state = replace(self.state, disk_full=isinstance(trouble, DiskFull), last_error=trouble.code)

    def refresh_state(self, phase: SyncPhase | None = None, *, error: str | None = None) -> None:
        """Tell the status bar anew, after every step and every own change."""
        with self._store.reading() as connection:
            row = find_state(connection)
            figures = outbox.figures(connection)
            attention = local_issues.attention_count(connection)
        phase_now = phase or self.state.phase
        shown = replace(
            self.state,
            phase=phase_now,
            since_utc=self._offline_since(phase_now),
            waiting=figures.waiting,
            attention=attention,
            oldest_change_at_utc=figures.oldest_at,
            last_error=self.state.last_error if error is None else error,
            disk_full=self.state.disk_full and phase is not SyncPhase.SYNCED,
        )
        if row is not None:
            last = row.last_sync_at
            shown = replace(
                shown,
                last_sync_at_utc=None if last is None else last + self._clock.shift,
                clock_offset_s=row.clock_offset_s or 0,
                cursor_seq=row.cursor_seq,
                progress_percent=row.rebuild.percent if row.rebuild else row.percent,
            )
        self.state = shown

    # --- decided --------------------------------------------------------------------------------------

    def _on_decision(self, request: Request, answer: Answer) -> frozenset[str]:
        if request.call is Call.PUSH:
            self._batch_limit, self._push_trouble = PUSH_MAX_OPERATIONS, None
            if not self._steps.take_results(answer, self._sent_ids):
                raise BadRequest(detail="push without results")
            return NOTHING
        if request.call is Call.PULL:
            taken = self._steps.take_page(answer)
            if not taken.fits:
                raise BadRequest(detail="page of another request")
            if not taken.more:
                self._stage = _Stage.LEASE
            return taken.entities
        if request.call is Call.LEASE:
            if not self._steps.take_numbers(answer):
                self._lease_held_until = self._later(HOURLY_S)
            return NOTHING
        if request.call is Call.GIVE_BACK:
            self._steps.forget_numbers(self._sent_ids)
            return NOTHING
        self._steps.take_device(answer)
        self._stage = _Stage.PUSH
        return NOTHING

    # --- refused --------------------------------------------------------------------------------------

    def _on_refusal(self, request: Request, answer: Answer, verdict: Verdict) -> frozenset[str]:
        log.info("sync_refused", call=request.call.value, kind=verdict.kind.value, code=verdict.code)
        if request.call is Call.PUSH and answer.json().get("results"):
            self._steps.take_results(answer, self._sent_ids)
        if verdict.kind in _REBUILDS:
            return self._on_rebuild(request, verdict)
        if verdict.kind is Answered.REVOKED:
            touched = self._steps.remove_studio()
            self._rest(SyncPhase.REVOKED, HOURLY_S, verdict.code)
            return touched
        if request.call in _NUMBER_CALLS and verdict.kind is not Answered.SIGN_IN:
            self._lease_held_until = self._later(self._backoff.spread(POLL_S))
            self._end_round()
        elif request.call is Call.PUSH and verdict.kind is Answered.TOO_LARGE and self._batch_limit > 1:
            self._batch_limit //= 2
        elif request.call is Call.PUSH and verdict.kind in {
            Answered.PROBLEM,
            Answered.UPGRADE_SERVER,
            Answered.TOO_LARGE,
        }:
            is_old = verdict.kind is Answered.UPGRADE_SERVER
            self._push_trouble = SyncPhase.UPGRADE_SERVER if is_old else SyncPhase.PROBLEM
            self._push_held_until = self._later(HOURLY_S)
            self._stage = _Stage.PULL
            self.refresh_state(error=verdict.code)
        elif verdict.kind is Answered.UPDATE_APP:
            self._rest(SyncPhase.UPDATE_APP, HOURLY_S, verdict.code)
        else:
            wait_s = self._backoff.failed()
            if verdict.retry_after_s is not None:
                wait_s = max(wait_s, verdict.retry_after_s)
            self._rest(_WAITING_PHASES.get(verdict.kind, SyncPhase.PROBLEM), wait_s, verdict.code)
        return NOTHING

    def _on_rebuild(self, request: Request, verdict: Verdict) -> frozenset[str]:
        if request.call is Call.RENEW:
            self._rest(SyncPhase.PROBLEM, self._backoff.failed(), verdict.code)
            return NOTHING
        self._steps.begin_rebuild(_REBUILDS[verdict.kind], epoch=verdict.epoch)
        self._stage = _Stage.PUSH
        return NOTHING

    def _on_unreadable(self, request: Request, failure: BadRequest) -> None:
        log.warning("answer_unreadable", call=request.call.value, detail=str(failure.details.get("detail")))
        self._unreadable += 1
        is_shown = self._unreadable >= _UNREADABLE_SHOWN
        self._rest(SyncPhase.PROBLEM if is_shown else self.state.phase, self._backoff.failed(), failure.code)

    # --- small change ---------------------------------------------------------------------------------

    def _offline_since(self, phase: SyncPhase) -> datetime | None:
        if phase is SyncPhase.OFFLINE:
            return self.state.since_utc or self._clock.now()
        return self.state.since_utc if phase is SyncPhase.SYNCING else None  # a try in between

    def _lease_request(self) -> Request | None:
        if not self._is_held(self._lease_held_until):
            with self._store.reading() as connection:
                unusable = self._numbers.returnable(connection)
                shortage = self._numbers.shortage(connection, now=self._clock.now())
            if unusable:
                self._sent_ids = tuple(unusable)
                body = pull.give_back_body(unusable)
                return self._send(Call.GIVE_BACK, "POST", pull.GIVE_BACK_PATH, body)
            if shortage is not None:
                return self._send(Call.LEASE, "POST", pull.LEASE_PATH, pull.lease_body(shortage, new_id()))
        self._end_round()
        return None

    def _send(
        self, call: Call, method: str, path: str, body: bytes | None = None, user_id: UUID | None = None
    ) -> Request:
        self._serial += 1
        self._open = Request(self._serial, call, method, path, body, user_id)
        return self._open

    def _end_round(self) -> None:
        self._stage = _Stage.IDLE
        self.refresh_state(self._push_trouble or SyncPhase.SYNCED, error=None if self._push_trouble else "")

    def _rest(self, phase: SyncPhase, wait_s: float, code: str) -> None:
        self._stage, self.wait_s = _Stage.IDLE, wait_s
        self.state = replace(self.state, retry_in_s=round(wait_s))
        self.refresh_state(phase, error=code)

    def _show_fetching(self, state: SyncRow) -> None:
        if state.rebuild is not None and state.rebuild.reason == "epoch":
            self.refresh_state(SyncPhase.RESTORED)
        elif state.rebuild is not None and state.rebuild.reason != "resync":
            self.refresh_state(SyncPhase.SYNCING)
        elif state.rebuild is not None or not state.consistent:
            self.refresh_state(SyncPhase.FETCHING)

    def _is_held(self, until: datetime | None) -> bool:
        return until is not None and self._clock.base.now() < until

    def _later(self, wait_s: float) -> datetime:
        return self._clock.base.now() + timedelta(seconds=wait_s)
