"""Decides what a device has pushed: one transaction per request, one savepoint per operation (sync, "Push").

A decided id stays decided: a repetition gets the stored receipt. What was decided before a stop is committed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog

from shared.errors import BadArgs, Busy, DomainError, IdReused, NeedsRight, UserDisabled
from shared.ids import TenantId
from shared.models.act import Act, Actor, ActorKind
from shared.models.studio import Member
from shared.policies.rights_policy import has_right
from shared.services.operations import Operation, carry_out, find_operation
from shared.sync_protocol.changes import PushedOperation, PushRequest
from shared.sync_protocol.codec import args_hash
from shared.sync_protocol.refusals import CounterForked, CounterGap, EpochChanged, SyncStopped, UpgradeServer
from shared.sync_protocol.results import IssueDraft, OperationResult, Outcome, ResultStatus
from shared.unit_of_work import UnitOfWork
from sync_server.repositories import tenant_lock
from sync_server.repositories.audit_log import AuditLog, AuditRow
from sync_server.repositories.database_errors import is_passing, is_unkeepable
from sync_server.repositories.receipts import Receipt, Receipts
from sync_server.services import operation_issues
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

LOCK_BUDGET_S: Final = 2.0
TRIES_BEFORE_PARKING: Final = 3

Check = Callable[[UnitOfWork, Act, UUID, Mapping[str, Any]], None]
"""What only the server knows of one kind of operation: unit, act, device, arguments; raises DomainError."""


@dataclass(frozen=True)
class Pusher:
    """Whose connection a request came over."""

    tenant_id: TenantId
    device_id: UUID
    user_id: UUID


@dataclass(frozen=True)
class PushAnswer:
    """What was decided, and why it stopped early, if it did."""

    epoch: UUID
    results: tuple[OperationResult, ...]
    stop: SyncStopped | None = None


class _Broken(Exception):
    """An operation broke down in a way nobody foresaw."""

    def __init__(self, operation: PushedOperation, cause: Exception) -> None:
        super().__init__(str(operation.id))
        self.operation = operation
        self.cause = cause


class OperationIntake:
    """Runs pushed operations through the same services as the desktop."""

    def __init__(
        self,
        units: StudioUnits,
        *,
        checks: Mapping[str, Check],
        stopwatch: Callable[[], float],
    ) -> None:
        self._units = units
        self._checks = checks
        self._stopwatch = stopwatch

    def push(self, pusher: Pusher, request: PushRequest) -> PushAnswer:
        """Decide the operations in order; raises EpochChanged, Busy."""
        while True:
            try:
                with self._units.transaction(pusher.tenant_id) as (unit, now):
                    batch = _Batch(self._units, unit, now, pusher, request)
                    return batch.decide_all(self._checks, self._stopwatch)
            except _Broken as broken:
                if self._count_failure(pusher, broken) < TRIES_BEFORE_PARKING:
                    raise Busy from broken.cause
                # from now on it is parked, and the rest of the request goes on

    def _count_failure(self, pusher: Pusher, broken: _Broken) -> int:
        error_class = type(broken.cause).__name__
        with self._units.sessions.unlocked(pusher.tenant_id) as session:
            tries = Receipts(session).count_failure(pusher.tenant_id, broken.operation.id, error_class)
        log.error(
            "operation_broke",
            tenant_id=str(pusher.tenant_id),
            operation_id=str(broken.operation.id),
            name=broken.operation.name,
            error_class=error_class,
            tries=tries,
            exc_info=broken.cause,
        )
        return tries


@dataclass
class _Batch:
    """One request under the lock."""

    units: StudioUnits
    unit: UnitOfWork
    now: datetime
    pusher: Pusher
    request: PushRequest
    audit: list[AuditRow] = field(default_factory=list)

    def __post_init__(self) -> None:
        tenant_id, ids = self.pusher.tenant_id, [operation.id for operation in self.request.operations]
        self.receipts = Receipts(self.unit.session)
        self.epoch = self.receipts.epoch(tenant_id)
        self.known = self.receipts.of_operations(tenant_id, ids)
        self.failures = self.receipts.failures(tenant_id, ids)
        self.last_no = self.receipts.last_no(tenant_id, self.pusher.device_id)

    def decide_all(self, checks: Mapping[str, Check], stopwatch: Callable[[], float]) -> PushAnswer:
        if self.epoch != self.request.epoch:
            raise EpochChanged(epoch=str(self.epoch))
        began, first_no = stopwatch(), self.last_no
        results: list[OperationResult] = []
        stop: SyncStopped | None = None
        for operation in self.request.operations:
            if results and stopwatch() - began > LOCK_BUDGET_S:
                break
            try:
                results.append(self._decide(operation, checks))
            except SyncStopped as stopped:
                stop = stopped
                break
        if self.last_no != first_no:
            self.receipts.set_last_no(self.pusher.tenant_id, self.pusher.device_id, self.last_no)
        AuditLog(self.unit.session).add(self.pusher.tenant_id, self.audit)
        return PushAnswer(self.epoch, tuple(results), stop)

    def _decide(self, pushed: PushedOperation, checks: Mapping[str, Check]) -> OperationResult:
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
            result = self._run(pushed, operation, digest, checks)
        self.last_no = pushed.no
        self.known[pushed.id] = Receipt(digest, result)
        return result

    def _repeat(self, pushed: PushedOperation, known: Receipt, digest: bytes) -> OperationResult:
        if pushed.no == self.last_no + 1:
            self.last_no = pushed.no
        if known.args_hash != digest:
            return OperationResult(pushed.id, ResultStatus.REJECTED, known.result.seq, code=IdReused.code)
        return known.result

    def _run(
        self, pushed: PushedOperation, operation: Operation, digest: bytes, checks: Mapping[str, Check]
    ) -> OperationResult:
        try:
            with self.unit.session.begin_nested():
                outcome = self._carry_out(pushed, operation, checks)
        except DomainError as refusal:
            self.unit.take_events()
            return self._reject(pushed, digest, refusal)
        except Exception as cause:
            self.unit.take_events()
            if is_unkeepable(cause):
                return self._reject(pushed, digest, BadArgs(detail="a value that cannot be kept"))
            if is_passing(cause):
                raise Busy from cause
            raise _Broken(pushed, cause) from cause
        status = ResultStatus.APPLIED if outcome.code is None else ResultStatus.AMENDED
        return self._keep(pushed, digest, status, code=outcome.code, result=outcome.result)

    def _carry_out(
        self, pushed: PushedOperation, operation: Operation, checks: Mapping[str, Check]
    ) -> Outcome:
        author = self._author(pushed, operation)
        operation_issues.check_text(pushed.args)
        actor = Actor(ActorKind.STAFF, author.id, author.role)
        act = Act(self.pusher.tenant_id, actor, self.now, pushed.id)
        check = checks.get(pushed.name)
        if check is not None:
            check(self.unit, act, self.pusher.device_id, pushed.args)
        outcome = carry_out(self.unit, act, operation, pushed.args)
        self._write_issues(pushed, outcome.issues)
        self.units.follow(self.unit, self.now)
        tenant_lock.check_references(self.unit.session)
        return outcome

    def _author(self, pushed: PushedOperation, operation: Operation) -> Member:
        """The author may do it; if another person's session sent it, that person may do it too."""
        author = self.unit.members.find(self.pusher.tenant_id, pushed.user_id)
        if author is None or author.disabled_at is not None or author.deleted_at is not None:
            raise UserDisabled
        people = {author.id: author}
        if self.pusher.user_id != author.id:
            sender = self.unit.members.find(self.pusher.tenant_id, self.pusher.user_id)
            assert sender is not None, "a session belongs to a member"
            people[sender.id] = sender
        for person in people.values():
            if not has_right(person.role, operation.right):
                raise NeedsRight(right=operation.right.value)
        return author

    # --- what is kept of a decision -----------------------------------------------------------------------

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
        if not drafts:
            return
        device_name = self.receipts.device_name(self.pusher.tenant_id, self.pusher.device_id)
        for number, draft in enumerate(drafts):
            issue = operation_issues.issue_row(pushed, draft, number=number, tenant_id=self.pusher.tenant_id)
            issue.device_name = device_name
            if self.unit.issues.find(self.pusher.tenant_id, issue.id) is None:
                self.unit.issues.add(self.pusher.tenant_id, issue)
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
        seq = self.receipts.add(
            self.pusher.tenant_id,
            {
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
            },
        )
        entity, _, _ = pushed.name.partition(".")
        self.audit.append(
            AuditRow(
                actor=ActorKind.STAFF,
                actor_id=pushed.user_id,
                device_id=self.pusher.device_id,
                action=pushed.name,
                entity=entity,
                entity_id=operation_issues.row_id(pushed),
                after={
                    "operation_id": str(pushed.id),
                    "status": status.value,
                    "code": code,
                    "fields": operation_issues.field_names(pushed),
                },
            )
        )
        return OperationResult(pushed.id, status, seq, code=code, result=result or None)
