"""Does what is due: things that happen after a delay, then webhooks, each when its moment comes."""

import threading
from dataclasses import dataclass

import structlog

from sync_server.practice.stripe_emulator import disputes, payments, refunds
from sync_server.practice.stripe_emulator.answers import RefusedError
from sync_server.practice.stripe_emulator.records import Cause, Unit
from sync_server.practice.stripe_emulator.store import Store
from sync_server.practice.stripe_emulator.webhook_sender import WebhookSender

LONGEST_NAP_S = 5.0
log = structlog.get_logger()


@dataclass
class Done:
    """What one run did."""

    acts: int = 0
    delivered: int = 0
    failed: int = 0


class Runner:
    """One background thread; the control door may also ask for what is due to be done at once."""

    def __init__(self, store: Store, sender: WebhookSender) -> None:
        self._store = store
        self._sender = sender
        self._one_at_a_time = threading.Lock()
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._done_until_ms = 0
        self._thread = threading.Thread(target=self._loop, name="due", daemon=True)

    def start(self) -> None:
        """Begin to do things by the clock."""
        self._thread.start()

    def stop(self) -> None:
        """End after the act in hand."""
        self._stopping.set()
        self._wake.set()
        self._thread.join(timeout=2.0)

    def wake(self) -> None:
        """Something may have become due."""
        self._wake.set()

    def run_due(self) -> Done:
        """Do everything that is due at this moment; what fails stays for its next try."""
        done = Done()
        with self._one_at_a_time:
            with self._store.transaction() as unit:
                until_ms = unit.now_ms()
            while not self._stopping.is_set() and self._one_act(until_ms):
                done.acts += 1
            # Acts may have just made webhooks: those are due too.
            with self._store.transaction() as unit:
                until_ms = max(until_ms, unit.now_ms())
            self._done_until_ms = until_ms
            while not self._stopping.is_set():
                letter = self._sender.next_due(before_ms=until_ms)
                if letter is None:
                    break
                if self._sender.send(letter):
                    done.delivered += 1
                else:
                    done.failed += 1
        return done

    def _one_act(self, until_ms: int) -> bool:
        with self._store.transaction() as unit:
            row = unit.sql.execute(
                "SELECT seq, account, act, object_id FROM later WHERE due_ms <= ?"
                " ORDER BY due_ms, seq LIMIT 1",
                (until_ms,),
            ).fetchone()
            if row is None:
                return False
            unit.sql.execute("DELETE FROM later WHERE seq = ?", (row[0],))
            try:
                _act(unit, account=row[1], act=row[2], object_id=row[3])
            except RefusedError as refusal:
                # Somebody was faster, for instance the control door; each rule refuses before it changes.
                log.info("act_overtaken", act=row[2], object_id=row[3], status=refusal.status)
        return True

    def _loop(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            with self._store.transaction() as unit:
                by_itself = not unit.setting("by_hand")
            if by_itself:
                self.run_due()
            self._wake.wait(self._nap_s())

    def _nap_s(self) -> float:
        with self._store.transaction() as unit:
            row = unit.sql.execute(
                "SELECT min(due_ms) FROM (SELECT due_ms FROM later"
                " UNION ALL SELECT due_ms FROM delivery WHERE state = 'pending') WHERE due_ms > ?",
                # What was due and is still there waits for an address, and whoever sets that wakes us.
                (self._done_until_ms,),
            ).fetchone()
            if row[0] is None:
                return LONGEST_NAP_S
            return float(min(LONGEST_NAP_S, max(0.02, (row[0] - unit.now_ms()) / 1000)))


def _act(unit: Unit, *, account: str, act: str, object_id: str) -> None:
    cause = Cause(account)
    if act == "finish_processing":
        payments.finish_processing(unit, cause, unit.get(account, "payment_intent", object_id))
    elif act == "open_dispute":
        charge = unit.get(account, "charge", object_id)
        disputes.open_dispute(unit, cause, charge, kind=charge.hidden["dispute"])
    else:
        status = {"refund_fail": "failed", "refund_succeed": "succeeded"}[act]
        refunds.set_status(unit, cause, unit.get(account, "refund", object_id), status=status)
