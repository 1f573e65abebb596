"""Looks into each event of the inbox by fetching the truth; order and repetition do not matter."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from shared.errors import DomainError, PaymentsNotReady, Unavailable
from shared.ports import PaymentAccount, PaymentGateway, ProviderEvent
from sync_server.repositories import tenant_lock, webhook_inbox
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.payment_accounts import PaymentAccounts
from sync_server.repositories.studio_units import StudioSessions
from sync_server.repositories.webhook_inbox import InboxRow
from sync_server.services.provider_events import ProviderTruth

log = structlog.get_logger()

LEASE: Final = timedelta(seconds=120)
BATCH: Final = 20
_WAITS_S: Final = (5, 30, 120, 600)
_LATER: Final = timedelta(hours=1)
_PARKED_AFTER: Final = timedelta(hours=24)
_BACKFILL_OVERLAP: Final = timedelta(hours=1)
_BACKFILL_START: Final = timedelta(days=30)


class WebhookHandling:
    """The inbox: filled by the web, emptied by the worker."""

    def __init__(
        self,
        sessions: StudioSessions,
        across: AcrossStudios,
        truth: ProviderTruth,
        *,
        gateway: PaymentGateway,
        owner: str,
    ) -> None:
        self._sessions = sessions
        self._across = across
        self._truth = truth
        self._gateway = gateway
        self._owner = owner

    def receive(self, event: ProviderEvent) -> bool:
        """Keep a signed event; False for a repeat. No domain work here."""
        scope = event.account or "platform"
        with self._sessions.global_session() as session:
            now = tenant_lock.machine_now(session)
            return webhook_inbox.store(session, scope, event, source="webhook", now=now)

    def process_due(self) -> int:
        """Look into a batch of due events; how many were taken."""
        with self._sessions.global_session() as session:
            rows = webhook_inbox.claim(session, self._owner, lease=LEASE, at_most=BATCH)
        for row in rows:
            self._process(row)
        return len(rows)

    def _process(self, row: InboxRow) -> None:
        try:
            status, error = self._look_into(row), None
        except (DomainError, AssertionError) as failure:
            # a broken promise of ours must not stop the queue: the row waits, then parks where people see it
            status, error = "retry", failure.code if isinstance(failure, DomainError) else "assertion"
            if not isinstance(failure, Unavailable):
                log.exception("webhook_failed", scope=row.scope, event_id=row.event_id)
        with self._sessions.global_session() as session:
            now = tenant_lock.machine_now(session)
            next_try = None
            if status == "retry":
                status, next_try = _next_try(row, now)
            webhook_inbox.finish(session, row, status=status, next_try=next_try, last_error=error)

    def _look_into(self, row: InboxRow) -> str:
        account = self._account(row.scope)
        if account is None:
            return "retry"
        with self._sessions.reading(account.tenant_id) as session:
            if PaymentAccounts(session).livemode(account.tenant_id) != row.livemode:
                return "ignored"
        look = self._look_for(row)
        if look is None or row.object_id is None:
            return "ignored"
        look(account, row.object_id)
        return "done"

    def _look_for(self, row: InboxRow) -> Callable[[PaymentAccount, str], object] | None:
        kind = row.type
        if kind.startswith("payment_intent."):
            return self._truth.look_at_payment
        if kind.startswith("refund."):
            return self._truth.look_at_refund
        if kind.startswith("charge.dispute."):
            return self._truth.look_at_dispute
        pi_id = row.payload.get("payment_intent")
        if kind == "charge.refunded" and isinstance(pi_id, str):
            return lambda account, _charge: self._truth.look_at_refunds_of(account, pi_id)
        return None

    def _account(self, scope: str) -> PaymentAccount | None:
        tenant_id = self._across.find_stripe_owner(scope)
        return None if tenant_id is None else self._account_of(tenant_id)

    def _account_of(self, tenant_id: UUID) -> PaymentAccount:
        with self._sessions.reading(tenant_id) as session:
            return PaymentAccounts(session).ready(tenant_id)

    def backfill(self) -> int:
        """List every studio's events again since the last time, an hour overlapping; how many were new."""
        return sum(self._backfill_studio(tenant_id) for tenant_id in self._across.active_studios())

    def _backfill_studio(self, tenant_id: UUID) -> int:
        try:
            account = self._account_of(tenant_id)
        except PaymentsNotReady:
            return 0
        with self._sessions.global_session() as session:
            now = tenant_lock.machine_now(session)
            since = webhook_inbox.claim_backfill(
                session,
                account.account,
                owner=self._owner,
                now=now,
                lease=LEASE,
                from_the_start=_BACKFILL_START,
            )
        if since is None:
            return 0
        events = self._gateway.list_events(
            account, since=max(since - _BACKFILL_OVERLAP, now - _BACKFILL_START)
        )
        with self._sessions.global_session() as session:
            fresh = [
                webhook_inbox.store(session, account.account, event, source="backfill", now=now)
                for event in events
            ]
            webhook_inbox.finish_backfill(session, account.account, events_until=now)
        return sum(fresh)


def _next_try(row: InboxRow, now: datetime) -> tuple[str, datetime]:
    if now - row.received_at > _PARKED_AFTER:
        return "parked", now
    wait = timedelta(seconds=_WAITS_S[row.tries - 1]) if row.tries <= len(_WAITS_S) else _LATER
    return "retry", now + wait
