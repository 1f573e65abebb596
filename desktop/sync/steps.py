"""The transactions of the sync cycle: each takes one answer over, whole or not at all."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import structlog
from pydantic import ValidationError

from desktop.local_store import local_issues, outbox, rebuild, replica
from desktop.local_store.engine import LocalStore
from desktop.local_store.numbers import Numbers
from desktop.local_store.sync_state import read_state, write_state
from desktop.sync import push
from desktop.sync.conflicts import only_here
from desktop.sync.exchange import Answer
from shared.clock import ShiftedClock
from shared.ids import new_id
from shared.sync_protocol.codec import read_page
from shared.sync_protocol.numbers import LeaseAnswer
from shared.sync_protocol.refusals import BadRequest
from shared.sync_protocol.sessions import SessionAnswer

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class PageTaken:
    """What became of a page; ``fits`` is False for one that does not continue what is here."""

    entities: frozenset[str]
    more: bool = False
    fits: bool = True


class Steps:
    """What the answers of the server do to the store."""

    def __init__(self, store: LocalStore, numbers: Numbers, clock: ShiftedClock) -> None:
        self._store = store
        self._numbers = numbers
        self._clock = clock

    def take_results(self, answer: Answer, sent: tuple[UUID, ...]) -> int:
        """Note the receipts of what was sent and count them; the cursor completes them. Raises BadRequest."""
        decided = push.read(answer)
        asked = set(sent)
        count = 0
        with self._store.writing() as connection:
            state = read_state(connection)
            if decided.epoch is not None and decided.epoch != state.sending_epoch and answer.is_ok:
                raise BadRequest(detail="results of another epoch")
            acked_no = state.acked_no
            for entry in outbox.with_ids(connection, asked):
                result = next((item for item in decided.results if item.id == entry.id), None)
                if result is None:
                    continue
                wire = {"status": result.status.value, "code": result.code, "result": result.result}
                outbox.decide(connection, entry.id, seq=result.seq, result=wire)
                tried = only_here(entry, result)
                if tried is not None:
                    kind, now = str(result.code), self._clock.now()
                    local_issues.keep(connection, entry.id, kind=kind, payload=tried, at=now)
                log.info("operation_decided", operation_id=str(entry.id), status=result.status.value)
                acked_no = max(acked_no, entry.no)
                count += 1
            write_state(connection, replace(state, acked_no=acked_no))
        return count

    def take_page(self, answer: Answer) -> PageTaken:
        """Take a page of changes over. Raises BadRequest when it cannot be read."""
        page = read_page(answer.body, answer.encoding)
        is_first = page.header.from_seq == 0 and page.header.more
        with self._store.writing(refetchable=is_first) as connection:
            applied = replica.apply_page(connection, page, now=self._clock.base.now())
            if applied is not None and applied.receipts_lost:
                rebuild.begin(connection, reason="gap", epoch=str(page.header.epoch), renew_id=new_id())
                return PageTaken(applied.entities, more=True)
        if applied is None:
            log.info("page_dropped", from_seq=page.header.from_seq)
            return PageTaken(frozenset(), fits=False)
        self._clock.shift = timedelta(seconds=page.header.clock_shift_s)
        return PageTaken(applied.entities, more=applied.more)

    def take_numbers(self, answer: Answer) -> int:
        """Keep the leased numbers; how many are new. Raises BadRequest."""
        try:
            lease = LeaseAnswer.model_validate_json(answer.body)
        except ValidationError as failure:
            raise BadRequest(detail="number lease") from failure
        with self._store.writing() as connection:
            return self._numbers.add(connection, lease.leased)

    def forget_numbers(self, lease_ids: tuple[UUID, ...]) -> None:
        """The server has taken these leases back."""
        with self._store.writing() as connection:
            self._numbers.forget(connection, lease_ids)

    def take_device(self, answer: Answer) -> None:
        """Go on under the new device id; what is kept or waits is sent again. Raises BadRequest."""
        try:
            session = SessionAnswer.model_validate_json(answer.body)
        except ValidationError as failure:
            raise BadRequest(detail="renewed device") from failure
        with self._store.writing() as connection:
            replica.start_over(connection, device_id=session.device_id)
        log.info("device_renewed", device_id=str(session.device_id))

    def begin_rebuild(self, reason: str, *, epoch: str | None = None) -> None:
        """Build the base anew beside the old one. All but a resync need a new device id first."""
        renew_id = None if reason == "resync" else new_id()
        with self._store.writing() as connection:
            rebuild.begin(connection, reason=reason, epoch=epoch, renew_id=renew_id)
        log.warning("rebuild_begun", reason=reason)

    def remove_studio(self) -> frozenset[str]:
        """This computer was removed: its copy of the studio's rows goes, what was never sent stays."""
        with self._store.writing() as connection:
            return rebuild.clear_base(connection)
