"""The backstops: what may never stand in the tables, whatever a service believed."""

# (table, column, target): composite, so that a row cannot point into another studio; checked at the end of each
# operation, because a unit writes its rows in no particular order. The ledger, the log of mails and issued
# documents outlive what they speak of and point to nothing.
REFERENCES = (
    ("booking", "customer_id", "customer"),
    ("booking", "package_id", "package"),
    ("booking_line", "booking_id", "booking"),
    ("booking_resource", "booking_id", "booking"),
    ("booking_resource", "resource_id", "resource"),
    ("availability_block", "resource_id", "resource"),
    ("note", "booking_id", "booking"),
    ("payment_stage", "booking_id", "booking"),
    ("manual_payment", "booking_id", "booking"),
    ("manual_payment", "stage_id", "payment_stage"),
    ("refund_request", "booking_id", "booking"),
    ("refund_request_line", "request_id", "refund_request"),
    ("refund_request_line", "stage_id", "payment_stage"),
    ("refund", "booking_id", "booking"),
    ("refund", "request_id", "refund_request"),
    ("refund", "stage_id", "payment_stage"),
    ("document_draft", "booking_id", "booking"),
    ("document_draft", "customer_id", "customer"),
    ("document", "refers_to", "document"),
    ("document_line", "document_id", "document"),
    ("reminder_choice", "booking_id", "booking"),
    ("reminder_choice", "rule_id", "reminder_rule"),
    ("reminder", "booking_id", "booking"),
    ("reminder", "rule_id", "reminder_rule"),
    ("member_credential", "id", "member"),
    ("recovery_code", "member_id", "member"),
    ("session", "device_id", "device"),
    ("session", "user_id", "member"),
    ("receipt", "device_id", "device"),
    ("number_register", "device_id", "device"),
)

CHECKS = (
    ("device", "status IN ('active', 'superseded', 'revoked')"),
    ("receipt", "status IN ('applied', 'amended', 'rejected', 'parked')"),
    ("sync_issue", "state IN ('open', 'resolved')"),
    ("number_register", "series IN ('invoice', 'credit')"),
    ("number_register", "state IN ('leased', 'used', 'void')"),
    ("number_register", "number > 0"),
    ("server_witness", "one"),
    ("server_install", "one"),
    ("practice_clock", "one"),
    ("tenant_stripe", "mode IN ('connect', 'own_key', 'practice')"),
    ("tenant_stripe", "mode <> 'practice' OR NOT livemode"),
    ("booking", "starts_at < ends_at AND ends_at <= starts_at + interval '31 days'"),
    ("booking", "price_minor >= 0"),
    ("booking_resource", "NOT blocks OR starts_at < ends_at"),
    ("payment_stage", "amount_minor > 0"),
    ("payment_stage", "received_minor >= 0"),
    ("payment_stage", "refund_reserved_minor >= 0 AND refund_reserved_minor <= received_minor"),
    ("payment_stage", "refunded_minor >= 0 AND refunded_minor <= received_minor"),
    ("manual_payment", "amount_minor > 0"),
    ("refund_request_line", "amount_minor > 0"),
    ("refund", "amount_minor > 0"),
    ("document", "number > 0"),
)

UNIQUE = (
    ("payment_stage", "tenant_id, booking_id, position, rev"),
    ("payment_stage", "tenant_id, scope, pi_id"),
    ("refund_request", "tenant_id, request_key"),
    ("refund_request_line", "tenant_id, request_id, stage_id"),
    ("refund", "tenant_id, request_id, stage_id, nth"),
    ("refund", "tenant_id, scope, re_id"),
    ("ledger", "tenant_id, ref, kind"),
    ("document", "tenant_id, series, year, number"),
    ("document", "tenant_id, chain_pos"),
    ("document", "tenant_id, cause_id, refers_to"),
    ("document_line", "tenant_id, document_id, position"),
)

OTHERS = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    "ALTER TABLE booking_resource ADD CONSTRAINT booking_resource_no_overlap EXCLUDE USING gist"
    " (tenant_id WITH =, resource_id WITH =, tstzrange(starts_at, ends_at) WITH &&)"
    " WHERE (blocks AND deleted_at IS NULL)",
    # one open payment intent per part of a price: two tabs share it
    "CREATE UNIQUE INDEX payment_stage_open_intent ON payment_stage (tenant_id, booking_id, position)"
    " WHERE pi_id IS NOT NULL AND status IN ('open', 'processing', 'action_needed')",
    # sign-in names the studio by its code
    "CREATE UNIQUE INDEX studio_code ON studio (upper(code))",
    "ALTER TABLE tenant_sync SET (fillfactor = 50)",
    # what the cross-studio look-ups ask for
    "CREATE INDEX booking_hold_ends ON booking (hold_ends_at) WHERE status = 'held'",
    "CREATE INDEX booking_confirmed_ends ON booking (ends_at) WHERE status = 'confirmed'",
    "CREATE INDEX payment_stage_cancel_wanted ON payment_stage (due_at) WHERE pi_cancel_wanted",
    "CREATE INDEX refund_unfinished ON refund (next_try)"
    " WHERE status IN ('approved', 'submitting', 'unknown')",
    "CREATE INDEX reminder_due ON reminder (next_try) WHERE status IN ('scheduled', 'retry')",
    "CREATE INDEX reminder_sending ON reminder (lease_until) WHERE status IN ('sending', 'uncertain')",
    "CREATE INDEX mail_due ON mail (next_try) WHERE status IN ('scheduled', 'retry')",
    "CREATE INDEX mail_sending ON mail (lease_until) WHERE status IN ('sending', 'uncertain')",
    "CREATE INDEX event_outbox_due ON event_outbox (next_try) WHERE status = 'new'",
    "CREATE INDEX stripe_event_due ON stripe_event (next_try) WHERE status IN ('new', 'retry')",
    "CREATE INDEX action_token_open ON action_token (expires_at)"
    " WHERE used_at IS NULL AND revoked_at IS NULL",
)
