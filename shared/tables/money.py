"""Payment stages, payments, refund requests, refunds, and the ledger."""

import sqlalchemy as sa

from shared.models.act import ActorKind
from shared.models.states import (
    Channel,
    DueRuleKind,
    LedgerKind,
    ManualMethod,
    ReasonCode,
    RefundStatus,
    RequestStatus,
    StageKind,
    StageStatus,
)
from shared.tables.column_types import Day, Id, Instant, Json, Word
from shared.tables.tenant_table import optional, required, tenant_table

payment_stage = tenant_table(
    "payment_stage",
    required("booking_id", Id),
    required("position", sa.Integer),
    required("kind", Word(StageKind)),
    required("rev", sa.Integer),
    required("amount_minor", sa.BigInteger),
    required("currency", sa.Text),
    required("percent", sa.Integer),
    required("due_rule", Word(DueRuleKind)),
    required("due_days", sa.Integer),
    required("due_local_date", Day),
    required("zone", sa.Text),
    required("due_at", Instant),
    required("status", Word(StageStatus)),
    required("channel", Word(Channel)),
    optional("scope", sa.Text),
    optional("pi_id", sa.Text),
    required("pi_attempt", sa.Integer),
    required("pi_cancel_wanted", sa.Boolean),
    required("received_minor", sa.BigInteger),
    required("refund_reserved_minor", sa.BigInteger),
    required("refunded_minor", sa.BigInteger),
    optional("paid_at", Instant),
    required("paid_words", sa.Text),
    optional("dispute_state", sa.Text),
    optional("attention", sa.Text),
    optional("last_error", sa.Text),
)

sa.Index("ix_payment_stage_booking", payment_stage.c.tenant_id, payment_stage.c.booking_id)
sa.Index("ix_payment_stage_due", payment_stage.c.tenant_id, payment_stage.c.due_at)

manual_payment = tenant_table(
    "manual_payment",
    required("booking_id", Id),
    required("stage_id", Id),
    required("amount_minor", sa.BigInteger),
    required("currency", sa.Text),
    required("method", Word(ManualMethod)),
    required("paid_on", Day),
    required("note", sa.Text),
    required("recorded_by", Id),
    optional("voided_at", Instant),
    optional("void_reason", sa.Text),
)

sa.Index("ix_manual_payment_stage", manual_payment.c.tenant_id, manual_payment.c.stage_id)

refund_request = tenant_table(
    "refund_request",
    required("booking_id", Id),
    required("currency", sa.Text),
    required("request_key", Id),
    required("body_hash", sa.Text),
    required("fingerprint", sa.Text),
    required("another", sa.Boolean),
    required("reason_code", Word(ReasonCode)),
    required("note", sa.Text),
    required("asked_by_kind", Word(ActorKind)),
    required("asked_by", Id),
    required("asked_at", Instant),
    optional("approved_by", Id),
    optional("approved_at", Instant),
    required("status", Word(RequestStatus)),
    required("policy_tier", sa.Text),
    optional("answer_note", sa.Text),
)

sa.Index("ix_refund_request_booking", refund_request.c.tenant_id, refund_request.c.booking_id)
sa.Index("ix_refund_request_key", refund_request.c.tenant_id, refund_request.c.request_key)

refund_request_line = tenant_table(
    "refund_request_line",
    required("request_id", Id),
    required("stage_id", Id),
    required("amount_minor", sa.BigInteger),
)

sa.Index("ix_refund_request_line_request", refund_request_line.c.tenant_id, refund_request_line.c.request_id)

refund = tenant_table(
    "refund",
    required("booking_id", Id),
    optional("request_id", Id),  # a refund made in the provider's dashboard has none
    required("stage_id", Id),
    required("nth", sa.Integer),
    required("channel", Word(Channel)),
    required("origin", sa.Text),
    required("amount_minor", sa.BigInteger),
    required("currency", sa.Text),
    required("status", Word(RefundStatus)),
    optional("attention", sa.Text),
    required("tries", sa.Integer),
    required("attempt", sa.Integer),
    optional("idem_key", sa.Text),
    optional("params", Json),
    required("approved_at", Instant),
    optional("first_sent_at", Instant),
    optional("next_try", Instant),
    optional("lease_owner", sa.Text),
    optional("lease_until", Instant),
    optional("scope", sa.Text),
    optional("re_id", sa.Text),
    optional("failure_reason", sa.Text),
    optional("pending_reason", sa.Text),
    optional("settled_at", Instant),
)

sa.Index("ix_refund_booking", refund.c.tenant_id, refund.c.booking_id)
sa.Index("ix_refund_request_id", refund.c.tenant_id, refund.c.request_id)
sa.Index("ix_refund_stage", refund.c.tenant_id, refund.c.stage_id)

ledger = tenant_table(
    "ledger",
    required("booking_id", Id),
    required("stage_id", Id),
    required("kind", Word(LedgerKind)),
    required("amount_minor", sa.BigInteger),
    required("currency", sa.Text),
    required("ref", sa.Text),
    required("at", Instant),
    required("words", sa.Text),
)

sa.Index("ix_ledger_booking", ledger.c.tenant_id, ledger.c.booking_id)
