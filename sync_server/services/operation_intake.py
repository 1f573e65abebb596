"""Decides what a device has pushed: one transaction per request (sync, "Push").

A request is first run in the hope that all of it fits; if not, again with one savepoint per operation.

A decided id stays decided: a repetition gets the stored receipt. What was decided before a stop is committed.
"""

from collections.abc import Callable, Mapping
from functools import partial

import structlog

from shared.errors import Busy
from shared.sync_protocol.changes import PushRequest
from sync_server.repositories.database_errors import is_dangling
from sync_server.repositories.push_records import SessionCheck, begin_push
from sync_server.repositories.receipts import Receipts
from sync_server.services.admission import check_admission
from sync_server.services.breakdowns import places
from sync_server.services.push_batch import (
    TRIES_BEFORE_PARKING,
    Check,
    Manner,
    NotAllFit,
    OperationBroke,
    PushAnswer,
    PushBatch,
    Pusher,
)
from sync_server.services.studio_unit import StudioUnits

__all__ = ["Check", "OperationIntake", "PushAnswer", "Pusher"]

log = structlog.get_logger()


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
        """Decide the operations in order; raises EpochChanged, Busy, and what ``check_admission`` raises."""
        manner = Manner(self._checks, self._stopwatch)
        claims = pusher.claims
        begin = partial(
            begin_push,
            device_id=pusher.device_id,
            user_id=pusher.user_id,
            operation_ids=[operation.id for operation in request.operations],
            signed_in=None
            if claims is None
            else SessionCheck(claims.session_id, partial(check_admission, claims)),
        )
        while True:
            try:
                with self._units.transaction_by(pusher.tenant_id, begin) as (unit, now, standing):
                    batch = PushBatch(self._units, unit, now, standing, pusher, request, manner)
                    return batch.decide_all()
            except NotAllFit:
                manner = Manner(self._checks, self._stopwatch, apart=True)
            except OperationBroke as broken:
                if self._count_failure(pusher, broken) < TRIES_BEFORE_PARKING:
                    raise Busy from broken.cause
                # from now on it is parked, and the rest of the request goes on
            except Exception as failure:  # only a dangling reference is looked into; the rest goes up
                # the commit found a row that points to nothing; a second run tells whose it is
                if manner.careful or not is_dangling(failure):
                    raise
                manner = Manner(self._checks, self._stopwatch, apart=True, careful=True)

    def _count_failure(self, pusher: Pusher, broken: OperationBroke) -> int:
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
            places=places(broken.cause),
        )
        return tries
