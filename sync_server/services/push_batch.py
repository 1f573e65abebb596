"""Decides one request of pushed operations under the studio's lock, together or each in its own savepoint.

Receipts, counter and audit are written once at the end: the request is one transaction, so every operation
of it is contained in the base as soon as the last one is, and they share its ``seq``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog

from shared.errors import BadArgs, Busy, DomainError, IdReused, NeedsRight, Unavailable, UserDisabled
from shared.ids import TenantId
from shared.models.act import Act, Actor, ActorKind
from shared.policies.rights_policy import has_right
from shared.services.operations import Operation, find_operation, run
from shared.sync_protocol.changes import PushedOperation, PushRequest
from shared.sync_protocol.codec import args_hash
from shared.sync_protocol.refusals import CounterForked, CounterGap, EpochChanged, SyncStopped, UpgradeServer
from shared.sync_protocol.results import IssueDraft, OperationResult, Outcome, ResultStatus
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.audit_log import AuditRow
from sync_server.repositories.database_errors import is_passing, is_unkeepable
from sync_server.repositories.push_records import Person, PushRecord, PushStanding, keep_push
from sync_server.repositories.receipts import Receipt, Receipts
from sync_server.services import operation_issues
from sync_server.services.admission import AccessClaims
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

LOCK_BUDGET_S: Final = 2.0
TRIES_BEFORE_PARKING: Final = 3
_SEQ_FOLLOWS: Final = -1
_MAKING: Final = (".create", ".add")
"""How operations are called that make the row they are about."""

Check = Callable[[UnitOfWork, Act, UUID, Mapping[str, Any]], None]
"""What only the server knows of one kind of operation: unit, act, device, arguments; raises DomainError."""


@dataclass(frozen=True)
class Pusher:
    """Whose connection a request came over; with ``claims``, only as long as their session stands."""

    tenant_id: TenantId
    device_id: UUID
    user_id: UUID
    claims: AccessClaims | None = None

    @classmethod
    def of(cls, claims: AccessClaims) -> "Pusher":
        """Who a token says it is."""
        return cls(TenantId(claims.tenant_id), claims.device_id, claims.user_id, claims)


@dataclass(frozen=True)
class PushAnswer:
    """What was decided, and why it stopped early, if it did."""

    epoch: UUID
    results: tuple[OperationResult, ...]
    stop: SyncStopped | None = None


class OperationBroke(Exception):
    """An operation broke down in a way nobody foresaw."""

    def __init__(self, operation: PushedOperation, cause: Exception) -> None:
        super().__init__(str(operation.id))
        self.operation = operation
        self.cause = cause


class NotAllFit(Exception):
    """Not every operation of the request can be applied; which, a run with savepoints tells."""


@dataclass(frozen=True)
class Manner:
    """How a request is run: what only the server checks, a stopwatch, and how each operation is set apart.

    ``apart``: each operation in its own savepoint, so that a refusal undoes that one alone. ``careful``: and
    looked at for rows that point to nothing.
    """

    checks: Mapping[str, Check]
    stopwatch: Callable[[], float]
    apart: bool = False
    careful: bool = False


@dataclass
class PushBatch:
    """One request under the lock."""

    units: StudioUnits
    unit: UnitOfWork
    now: datetime
    standing: PushStanding
    pusher: Pusher
    request: PushRequest
    manner: Manner
    audit: list[AuditRow] = field(default_factory=list)
    people: dict[UUID, Person] = field(default_factory=dict)
    decided: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tenant_id = self.pusher.tenant_id
        ids = [operation.id for operation in self.request.operations]
        receipts = Receipts(self.unit.session)
        self.people[self.pusher.user_id] = self.standing.sender
        self.known = receipts.of_operations(tenant_id, ids) if self.standing.has_receipts else {}
        self.failures = receipts.failures(tenant_id, ids) if self.standing.has_failures else {}
        self.last_no = self.standing.last_no

    def decide_all(self) -> PushAnswer:
        """Decide in order until something stops it; raises EpochChanged, Busy, NotAllFit, OperationBroke."""
        if self.standing.epoch != self.request.epoch:
            raise EpochChanged(epoch=str(self.standing.epoch))
        if not self.manner.apart:
            self._look_ahead()
        stopwatch = self.manner.stopwatch
        began = stopwatch()
        results: list[OperationResult] = []
        stop: SyncStopped | None = None
        for operation in self.request.operations:
            if results and stopwatch() - began > LOCK_BUDGET_S:
                break
            try:
                results.append(self._decide(operation))
            except SyncStopped as stopped:
                stop = stopped
                break
        if not self.manner.apart:
            self._settle_hopes()
        seq = self._write_down()
        told = (replace(each, seq=seq) if each.id in self.decided else each for each in results)
        return PushAnswer(self.standing.epoch, tuple(told), stop)

    def _look_ahead(self) -> None:
        """The rows that the operations are about, in one question for each kind; none for what they make."""
        about: dict[str, set[UUID]] = {}
        new: set[UUID] = set()
        for pushed in self.request.operations:
            row_id = operation_issues.row_id(pushed)
            if row_id is not None:
                about.setdefault(operation_issues.entity(pushed), set()).add(row_id)
                if pushed.name.endswith(_MAKING):
                    new.add(row_id)
        for entity, row_ids in about.items():
            self.unit.look_ahead(self.pusher.tenant_id, entity, row_ids, new=row_ids & new)

    def _settle_hopes(self) -> None:
        """What still waits is written, many rows at once."""
        try:
            self.unit.session.flush()
        except Exception as failure:  # the second run, with savepoints, tells whose it was
            raise NotAllFit from failure

    def _write_down(self) -> int:
        """The ``seq`` of what was decided now."""
        if not self.decided and self.last_no == self.standing.last_no:
            return 0
        record = PushRecord(self.pusher.device_id, self.last_no, list(self.decided.values()), self.audit)
        return keep_push(self.unit.session, self.pusher.tenant_id, record)

    def _decide(self, pushed: PushedOperation) -> OperationResult:
        digest = args_hash(pushed.name, pushed.v, pushed.args)
        known = self.known.get(pushed.id)
        if known is not None:
            return self._repeat(pushed, known, digest)
        if pushed.no > self.last_no + 1:
            raise CounterGap(expected=self.last_no + 1)
        if pushed.no <= self.last_no:
            raise CounterForked(expected=self.last_no + 1)
        operation = find_operation(pushed.name, pushed.v)
        if operation is None:
            raise UpgradeServer(name=pushed.name, v=pushed.v)
        tries, error_class = self.failures.get(pushed.id, (0, ""))
        if tries >= TRIES_BEFORE_PARKING:
            result = self._park(pushed, digest, error_class)
        else:
            result = self._run(pushed, operation, digest)
        self.last_no = pushed.no
        self.known[pushed.id] = Receipt(digest, result)
        return result

    def _repeat(self, pushed: PushedOperation, known: Receipt, digest: bytes) -> OperationResult:
        if pushed.no == self.last_no + 1:
            self.last_no = pushed.no
        if known.args_hash != digest:
            return OperationResult(pushed.id, ResultStatus.REJECTED, known.result.seq, code=IdReused.code)
        return known.result

    def _run(self, pushed: PushedOperation, operation: Operation, digest: bytes) -> OperationResult:
        outcome = self._hope(pushed, operation)
        if outcome is not None:
            return self._applied(pushed, digest, outcome)
        try:
            with self.unit.session.begin_nested():
                outcome = self._carry_out(pushed, operation)
        except Unavailable as passing:
            raise Busy from passing
        except DomainError as refusal:
            self.unit.take_events()
            return self._reject(pushed, digest, refusal)
        except Exception as cause:  # sorted below: a refusal, a passing trouble, or a bug
            self.unit.take_events()
            if is_unkeepable(cause):
                return self._reject(pushed, digest, BadArgs(detail="a value that cannot be kept"))
            if is_passing(cause):
                raise Busy from cause
            raise OperationBroke(pushed, cause) from cause
        return self._applied(pushed, digest, outcome)

    def _hope(self, pushed: PushedOperation, operation: Operation) -> Outcome | None:
        """Nearly every operation fits: no savepoint, and what is new waits to be written with the rest.

        None where savepoints are wanted.
        """
        if self.manner.apart:
            return None
        try:
            return self._carry_out(pushed, operation)
        except Exception as failure:  # the second run, with savepoints, tells what it was
            raise NotAllFit from failure

    def _carry_out(self, pushed: PushedOperation, operation: Operation) -> Outcome:
        author = self._author(pushed, operation)
        operation_issues.check_text(pushed.args)
        actor = Actor(ActorKind.STAFF, author.id, author.role)
        act = Act(self.pusher.tenant_id, actor, self.now, pushed.id)
        check = self.manner.checks.get(pushed.name)
        if check is not None:
            check(self.unit, act, self.pusher.device_id, pushed.args)
        outcome = run(self.unit, act, operation, args=pushed.args)
        self._write_issues(pushed, outcome.issues)
        self.units.follow(self.unit, self.now)
        if self.manner.apart:
            self.unit.session.flush()
        if self.manner.careful:
            tenant_lock.check_references(self.unit.session)
        return outcome

    def _author(self, pushed: PushedOperation, operation: Operation) -> Person:
        """The author may do it; if another person's session sent it, that person may do it too."""
        author = self._person(pushed.user_id)
        if author is None or not author.works_here:
            raise UserDisabled
        for person in {author.id: author, self.pusher.user_id: self.standing.sender}.values():
            if not has_right(person.role, operation.right):
                raise NeedsRight(right=operation.right.value)
        return author

    def _person(self, member_id: UUID) -> Person | None:
        if member_id not in self.people:
            found = self.unit.members.find(self.pusher.tenant_id, member_id)
            if found is None:
                return None
            works_here = found.disabled_at is None and found.deleted_at is None
            self.people[member_id] = Person(found.id, found.role, works_here=works_here)
        return self.people[member_id]

    # --- what is kept of a decision -----------------------------------------------------------------------

    def _applied(self, pushed: PushedOperation, digest: bytes, outcome: Outcome) -> OperationResult:
        status = ResultStatus.APPLIED if outcome.code is None else ResultStatus.AMENDED
        return self._keep(pushed, digest, status, code=outcome.code, result=outcome.result)

    def _reject(self, pushed: PushedOperation, digest: bytes, refusal: DomainError) -> OperationResult:
        self._begin_act(pushed)
        draft = operation_issues.of_refusal(pushed, refusal)
        self._write_issues(pushed, (draft,))
        return self._keep(pushed, digest, ResultStatus.REJECTED, code=refusal.code, result={})

    def _park(self, pushed: PushedOperation, digest: bytes, error_class: str) -> OperationResult:
        self._begin_act(pushed)
        draft = operation_issues.of_breakdown(pushed, error_class)
        self._write_issues(pushed, (draft,))
        log.error(
            "operation_parked",
            tenant_id=str(self.pusher.tenant_id),
            operation_id=str(pushed.id),
            name=pushed.name,
            error_class=error_class,
        )
        return self._keep(pushed, digest, ResultStatus.PARKED, code="parked", result={})

    def _begin_act(self, pushed: PushedOperation) -> None:
        actor = Actor(ActorKind.STAFF, pushed.user_id)
        self.unit.begin_act(Act(self.pusher.tenant_id, actor, self.now, pushed.id))

    def _write_issues(self, pushed: PushedOperation, drafts: Sequence[IssueDraft]) -> None:
        for number, draft in enumerate(drafts):
            issue = operation_issues.issue_row(pushed, draft, number=number, tenant_id=self.pusher.tenant_id)
            issue.device_name = self.standing.device_name
            if self.unit.issues.find(self.pusher.tenant_id, issue.id) is None:
                self.unit.issues.add(self.pusher.tenant_id, issue)
        if drafts:
            self.unit.session.flush()

    def _keep(
        self,
        pushed: PushedOperation,
        digest: bytes,
        status: ResultStatus,
        *,
        code: str | None,
        result: dict[str, str],
    ) -> OperationResult:
        self.decided[pushed.id] = {
            "operation_id": pushed.id,
            "device_id": self.pusher.device_id,
            "no": pushed.no,
            "user_id": pushed.user_id,
            "pushed_by": self.pusher.user_id,
            "name": pushed.name,
            "v": pushed.v,
            "args_hash": digest,
            "status": status.value,
            "code": code,
            "result": result or None,
        }
        self.audit.append(
            AuditRow(
                actor=ActorKind.STAFF,
                actor_id=pushed.user_id,
                device_id=self.pusher.device_id,
                action=pushed.name,
                entity=operation_issues.entity(pushed),
                entity_id=operation_issues.row_id(pushed),
                after={
                    "operation_id": str(pushed.id),
                    "status": status.value,
                    "code": code,
                    "fields": operation_issues.field_names(pushed),
                },
            )
        )
        return OperationResult(pushed.id, status, _SEQ_FOLLOWS, code=code, result=result or None)
