"""The tables as they were first made. Frozen: a change is a step of its own."""

SYNCED = {
    "studio": (
        """
CREATE TABLE studio (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  zone TEXT NOT NULL,
  currency TEXT NOT NULL,
  language TEXT NOT NULL,
  phone TEXT NOT NULL,
  email TEXT NOT NULL,
  street TEXT NOT NULL,
  postal_city TEXT NOT NULL,
  country TEXT NOT NULL,
  brand_color TEXT NOT NULL,
  logo_sha256 TEXT,
  hold_days INTEGER NOT NULL,
  deposit_percent INTEGER NOT NULL,
  remainder_days_before INTEGER NOT NULL,
  tax_percent TEXT NOT NULL,
  price_mode TEXT NOT NULL,
  policy JSONB NOT NULL,
  refund_limits JSONB NOT NULL,
  customer_auto_limit_minor BIGINT NOT NULL,
  numbering TEXT NOT NULL,
  invoice_style TEXT NOT NULL,
  vat_id TEXT NOT NULL,
  registration TEXT NOT NULL,
  bank_name TEXT NOT NULL,
  iban TEXT NOT NULL,
  bic TEXT NOT NULL,
  invoice_terms TEXT NOT NULL,
  signature TEXT NOT NULL,
  practice BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
    ),
    "member": (
        """
CREATE TABLE member (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  language TEXT NOT NULL,
  disabled_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
    ),
    "resource": (
        """
CREATE TABLE resource (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  archived_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
    ),
    "package": (
        """
CREATE TABLE package (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  price_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  duration_minutes INTEGER NOT NULL,
  deposit_percent INTEGER NOT NULL,
  remainder_days_before INTEGER NOT NULL,
  tax_percent TEXT NOT NULL,
  resources_needed INTEGER NOT NULL,
  archived_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
    ),
    "customer": (
        """
CREATE TABLE customer (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  street TEXT NOT NULL,
  postal_city TEXT NOT NULL,
  country TEXT NOT NULL,
  language TEXT NOT NULL,
  zone TEXT,
  no_follow_up BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_customer_email ON customer (tenant_id, lower(email))',
    ),
    "booking": (
        """
CREATE TABLE booking (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  customer_id UUID NOT NULL,
  package_id UUID NOT NULL,
  package_name TEXT NOT NULL,
  status TEXT NOT NULL,
  cancel_reason TEXT,
  cancelled_at TIMESTAMP WITH TIME ZONE,
  start_date DATE NOT NULL,
  start_time TEXT NOT NULL,
  end_date DATE NOT NULL,
  end_time TEXT NOT NULL,
  zone TEXT NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  place TEXT NOT NULL,
  currency TEXT NOT NULL,
  price_minor BIGINT NOT NULL,
  price_mode TEXT NOT NULL,
  tax_percent TEXT NOT NULL,
  policy JSONB NOT NULL,
  invoice_style TEXT NOT NULL,
  schedule_rev INTEGER NOT NULL,
  hold_ends_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_booking_customer ON booking (tenant_id, customer_id)',
        'CREATE INDEX ix_booking_starts_at ON booking (tenant_id, starts_at)',
    ),
    "booking_line": (
        """
CREATE TABLE booking_line (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  detail TEXT NOT NULL,
  quantity TEXT NOT NULL,
  unit_price_minor BIGINT NOT NULL,
  tax_category TEXT NOT NULL,
  tax_percent TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_booking_line_booking ON booking_line (tenant_id, booking_id)',
    ),
    "booking_resource": (
        """
CREATE TABLE booking_resource (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  resource_id UUID NOT NULL,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  blocks BOOLEAN NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_booking_resource_booking ON booking_resource (tenant_id, booking_id)',
        'CREATE INDEX ix_booking_resource_time ON booking_resource (tenant_id, resource_id, starts_at)',
    ),
    "availability_block": (
        """
CREATE TABLE availability_block (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  resource_id UUID,
  starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
  ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
  zone TEXT NOT NULL,
  reason TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_availability_block_time ON availability_block (tenant_id, starts_at)',
    ),
    "note": (
        """
CREATE TABLE note (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  body TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_note_booking ON note (tenant_id, booking_id)',
    ),
    "payment_stage": (
        """
CREATE TABLE payment_stage (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  position INTEGER NOT NULL,
  kind TEXT NOT NULL,
  rev INTEGER NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  percent INTEGER NOT NULL,
  due_rule TEXT NOT NULL,
  due_days INTEGER NOT NULL,
  due_local_date DATE NOT NULL,
  zone TEXT NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  status TEXT NOT NULL,
  channel TEXT NOT NULL,
  scope TEXT,
  pi_id TEXT,
  pi_attempt INTEGER NOT NULL,
  pi_cancel_wanted BOOLEAN NOT NULL,
  received_minor BIGINT NOT NULL,
  refund_reserved_minor BIGINT NOT NULL,
  refunded_minor BIGINT NOT NULL,
  paid_at TIMESTAMP WITH TIME ZONE,
  paid_words TEXT NOT NULL,
  dispute_state TEXT,
  attention TEXT,
  last_error TEXT,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_payment_stage_booking ON payment_stage (tenant_id, booking_id)',
        'CREATE INDEX ix_payment_stage_due ON payment_stage (tenant_id, due_at)',
    ),
    "manual_payment": (
        """
CREATE TABLE manual_payment (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  stage_id UUID NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  method TEXT NOT NULL,
  paid_on DATE NOT NULL,
  note TEXT NOT NULL,
  recorded_by UUID NOT NULL,
  voided_at TIMESTAMP WITH TIME ZONE,
  void_reason TEXT,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_manual_payment_stage ON manual_payment (tenant_id, stage_id)',
    ),
    "refund_request": (
        """
CREATE TABLE refund_request (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  currency TEXT NOT NULL,
  request_key UUID NOT NULL,
  body_hash TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  another BOOLEAN NOT NULL,
  reason_code TEXT NOT NULL,
  note TEXT NOT NULL,
  asked_by_kind TEXT NOT NULL,
  asked_by UUID NOT NULL,
  asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
  approved_by UUID,
  approved_at TIMESTAMP WITH TIME ZONE,
  status TEXT NOT NULL,
  policy_tier TEXT NOT NULL,
  answer_note TEXT,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_refund_request_booking ON refund_request (tenant_id, booking_id)',
        'CREATE INDEX ix_refund_request_key ON refund_request (tenant_id, request_key)',
    ),
    "refund_request_line": (
        """
CREATE TABLE refund_request_line (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  request_id UUID NOT NULL,
  stage_id UUID NOT NULL,
  amount_minor BIGINT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_refund_request_line_request ON refund_request_line (tenant_id, request_id)',
    ),
    "refund": (
        """
CREATE TABLE refund (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  request_id UUID,
  stage_id UUID NOT NULL,
  nth INTEGER NOT NULL,
  channel TEXT NOT NULL,
  origin TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  status TEXT NOT NULL,
  attention TEXT,
  tries INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  idem_key TEXT,
  params JSONB,
  approved_at TIMESTAMP WITH TIME ZONE NOT NULL,
  first_sent_at TIMESTAMP WITH TIME ZONE,
  next_try TIMESTAMP WITH TIME ZONE,
  lease_owner TEXT,
  lease_until TIMESTAMP WITH TIME ZONE,
  scope TEXT,
  re_id TEXT,
  failure_reason TEXT,
  pending_reason TEXT,
  settled_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_refund_booking ON refund (tenant_id, booking_id)',
        'CREATE INDEX ix_refund_request_id ON refund (tenant_id, request_id)',
        'CREATE INDEX ix_refund_stage ON refund (tenant_id, stage_id)',
    ),
    "ledger": (
        """
CREATE TABLE ledger (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  stage_id UUID NOT NULL,
  kind TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  ref TEXT NOT NULL,
  at TIMESTAMP WITH TIME ZONE NOT NULL,
  words TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_ledger_booking ON ledger (tenant_id, booking_id)',
    ),
    "document_draft": (
        """
CREATE TABLE document_draft (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  booking_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  stage_id UUID,
  refers_to UUID,
  language TEXT NOT NULL,
  content JSONB NOT NULL,
  version INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
    ),
    "document": (
        """
CREATE TABLE document (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  series TEXT NOT NULL,
  year INTEGER NOT NULL,
  number INTEGER NOT NULL,
  printed_number TEXT NOT NULL,
  booking_id UUID NOT NULL,
  customer_id UUID NOT NULL,
  stage_id UUID,
  cause_id UUID,
  refers_to UUID,
  issue_date DATE NOT NULL,
  supply_date DATE NOT NULL,
  currency TEXT NOT NULL,
  total_net_minor BIGINT NOT NULL,
  total_tax_minor BIGINT NOT NULL,
  total_minor BIGINT NOT NULL,
  paid_minor BIGINT NOT NULL,
  rounding_minor BIGINT NOT NULL,
  due_minor BIGINT NOT NULL,
  snapshot JSONB NOT NULL,
  content_hash TEXT NOT NULL,
  pdf_sha256 TEXT NOT NULL,
  template_version INTEGER NOT NULL,
  renderer_version TEXT NOT NULL,
  issued_by UUID NOT NULL,
  device_id UUID,
  issued_at TIMESTAMP WITH TIME ZONE NOT NULL,
  chain_pos BIGINT,
  chain_prev TEXT,
  chain_hash TEXT,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_document_booking ON document (tenant_id, booking_id)',
        'CREATE INDEX ix_document_number ON document (tenant_id, series, year, number)',
    ),
    "document_line": (
        """
CREATE TABLE document_line (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  document_id UUID NOT NULL,
  position INTEGER NOT NULL,
  text TEXT NOT NULL,
  quantity TEXT NOT NULL,
  net_minor BIGINT NOT NULL,
  gross_minor BIGINT NOT NULL,
  tax_category TEXT NOT NULL,
  tax_percent TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_document_line_document ON document_line (tenant_id, document_id)',
    ),
    "reminder_rule": (
        """
CREATE TABLE reminder_rule (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  is_on BOOLEAN NOT NULL,
  anchor TEXT NOT NULL,
  offset_days INTEGER NOT NULL,
  local_time TEXT NOT NULL,
  services JSONB,
  version INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
    ),
    "reminder_choice": (
        """
CREATE TABLE reminder_choice (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  rule_id UUID NOT NULL,
  stage_position INTEGER NOT NULL,
  schedule_rev INTEGER NOT NULL,
  choice TEXT NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_reminder_choice_booking ON reminder_choice (tenant_id, booking_id)',
    ),
    "reminder_log": (
        """
CREATE TABLE reminder_log (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID,
  kind TEXT NOT NULL,
  rule_id UUID,
  stage_position INTEGER NOT NULL,
  schedule_rev INTEGER NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  sent_at TIMESTAMP WITH TIME ZONE,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  outcome TEXT NOT NULL,
  reason TEXT NOT NULL,
  tries INTEGER NOT NULL,
  provider_id TEXT,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_reminder_log_booking ON reminder_log (tenant_id, booking_id)',
    ),
    "sync_issue": (
        """
CREATE TABLE sync_issue (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  entity TEXT,
  row_id UUID,
  user_id UUID,
  device_name TEXT,
  payload JSONB NOT NULL,
  resolved_by UUID,
  resolution TEXT,
  created_at TIMESTAMP WITH TIME ZONE,
  created_by UUID,
  updated_at TIMESTAMP WITH TIME ZONE,
  updated_by UUID,
  deleted_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id)
)
""",
    ),
}

SERVER = {
    "tenant_sync": (
        """
CREATE TABLE tenant_sync (
  tenant_id UUID NOT NULL,
  epoch UUID NOT NULL,
  epoch_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  head BIGINT DEFAULT '0' NOT NULL,
  gc_floor BIGINT DEFAULT '0' NOT NULL,
  PRIMARY KEY (tenant_id)
)
""",
    ),
    "sync_feed": (
        """
CREATE TABLE sync_feed (
  tenant_id UUID NOT NULL,
  entity TEXT NOT NULL,
  row_id UUID NOT NULL,
  seq BIGINT NOT NULL,
  deleted BOOLEAN NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (tenant_id, entity, row_id),
  CONSTRAINT sync_feed_seq UNIQUE (tenant_id, seq)
)
""",
    ),
    "device": (
        """
CREATE TABLE device (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  name TEXT NOT NULL,
  replaces UUID,
  request_id UUID,
  status TEXT NOT NULL,
  machine_mark TEXT,
  last_no BIGINT DEFAULT '0' NOT NULL,
  issued_cursor BIGINT DEFAULT '0' NOT NULL,
  app_version TEXT,
  protocol INTEGER,
  schema INTEGER,
  last_seen_at TIMESTAMP WITH TIME ZONE,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT device_request UNIQUE (tenant_id, request_id)
)
""",
    ),
    "receipt": (
        """
CREATE TABLE receipt (
  tenant_id UUID NOT NULL,
  operation_id UUID NOT NULL,
  device_id UUID NOT NULL,
  no BIGINT NOT NULL,
  user_id UUID NOT NULL,
  pushed_by UUID NOT NULL,
  name TEXT NOT NULL,
  v SMALLINT NOT NULL,
  args_hash BYTEA NOT NULL,
  status TEXT NOT NULL,
  code TEXT,
  result JSONB,
  seq BIGINT NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (tenant_id, operation_id),
  CONSTRAINT receipt_no UNIQUE (tenant_id, device_id, no)
)
""",
    ),
    "operation_failure": (
        """
CREATE TABLE operation_failure (
  tenant_id UUID NOT NULL,
  operation_id UUID NOT NULL,
  tries SMALLINT NOT NULL,
  error_class TEXT NOT NULL,
  PRIMARY KEY (tenant_id, operation_id)
)
""",
    ),
    "number_register": (
        """
CREATE TABLE number_register (
  tenant_id UUID NOT NULL,
  series TEXT NOT NULL,
  year INTEGER NOT NULL,
  number INTEGER NOT NULL,
  state TEXT NOT NULL,
  lease_id UUID,
  device_id UUID,
  for_document UUID,
  document_id UUID,
  reason TEXT,
  at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (tenant_id, series, year, number)
)
""",
        'CREATE INDEX ix_number_register_device ON number_register (tenant_id, device_id, state)',
        'CREATE INDEX ix_number_register_lease ON number_register (tenant_id, lease_id)',
    ),
    "server_witness": (
        """
CREATE TABLE server_witness (
  one BOOLEAN NOT NULL,
  counter BIGINT NOT NULL,
  PRIMARY KEY (one)
)
""",
    ),
    "server_install": (
        """
CREATE TABLE server_install (
  one BOOLEAN NOT NULL,
  install_id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (one)
)
""",
    ),
    "practice_clock": (
        """
CREATE TABLE practice_clock (
  one BOOLEAN NOT NULL,
  shift_s BIGINT DEFAULT '0' NOT NULL,
  PRIMARY KEY (one)
)
""",
    ),
    "calendar_run": (
        """
CREATE TABLE calendar_run (
  id UUID NOT NULL,
  job_id TEXT NOT NULL,
  started_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  finished_at TIMESTAMP WITH TIME ZONE,
  outcome TEXT,
  detail TEXT,
  PRIMARY KEY (id)
)
""",
        'CREATE INDEX ix_calendar_run_job ON calendar_run (job_id, finished_at)',
    ),
    "member_credential": (
        """
CREATE TABLE member_credential (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  email TEXT NOT NULL,
  email_hash BYTEA NOT NULL,
  password_hash TEXT,
  sv INTEGER DEFAULT '1' NOT NULL,
  totp_sealed BYTEA,
  totp_last_step BIGINT,
  password_set_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT member_credential_email UNIQUE (tenant_id, email_hash)
)
""",
    ),
    "recovery_code": (
        """
CREATE TABLE recovery_code (
  tenant_id UUID NOT NULL,
  member_id UUID NOT NULL,
  code_sha256 BYTEA NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, member_id, code_sha256)
)
""",
    ),
    "session": (
        """
CREATE TABLE session (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  user_id UUID NOT NULL,
  device_id UUID NOT NULL,
  family_id UUID NOT NULL,
  generation INTEGER NOT NULL,
  refresh_sha256 BYTEA NOT NULL,
  sv INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  rotated_at TIMESTAMP WITH TIME ZONE,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE,
  revoke_reason TEXT,
  last_seen_at TIMESTAMP WITH TIME ZONE,
  ip TEXT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT session_refresh UNIQUE (refresh_sha256),
  CONSTRAINT session_generation UNIQUE (tenant_id, family_id, generation)
)
""",
    ),
    "action_token": (
        """
CREATE TABLE action_token (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  purpose TEXT NOT NULL,
  subject_type TEXT NOT NULL,
  subject_id UUID NOT NULL,
  subject_rev INTEGER NOT NULL,
  email_hash BYTEA NOT NULL,
  token_sha256 BYTEA NOT NULL,
  key_ver INTEGER NOT NULL,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
  used_at TIMESTAMP WITH TIME ZONE,
  used_ip TEXT,
  revoked_at TIMESTAMP WITH TIME ZONE,
  revoke_reason TEXT,
  views INTEGER DEFAULT '0' NOT NULL,
  last_seen_at TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT action_token_sha256 UNIQUE (token_sha256)
)
""",
        'CREATE INDEX ix_action_token_subject ON action_token (tenant_id, subject_id, purpose)',
    ),
    "audit_log": (
        """
CREATE TABLE audit_log (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  actor_type TEXT NOT NULL,
  actor_id UUID,
  device_id UUID,
  action TEXT NOT NULL,
  entity TEXT,
  entity_id UUID,
  before JSONB,
  after JSONB,
  request_id TEXT,
  ip TEXT,
  PRIMARY KEY (tenant_id, id)
)
""",
        'CREATE INDEX ix_audit_log_at ON audit_log (tenant_id, at)',
        'CREATE INDEX ix_audit_log_entity ON audit_log (tenant_id, entity_id)',
    ),
    "rate_bucket": (
        """
CREATE UNLOGGED TABLE rate_bucket (
  bucket TEXT NOT NULL,
  window_start TIMESTAMP WITH TIME ZONE NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (bucket, window_start)
)
""",
    ),
    "document_file": (
        """
CREATE TABLE document_file (
  tenant_id UUID NOT NULL,
  sha256 TEXT NOT NULL,
  kind TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  pages INTEGER,
  stored_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (tenant_id, sha256)
)
""",
    ),
    "reminder": (
        """
CREATE TABLE reminder (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  booking_id UUID NOT NULL,
  rule_id UUID NOT NULL,
  kind TEXT NOT NULL,
  stage_position INTEGER NOT NULL,
  schedule_rev INTEGER NOT NULL,
  tz TEXT NOT NULL,
  local_at TEXT NOT NULL,
  due_at TIMESTAMP WITH TIME ZONE NOT NULL,
  status TEXT DEFAULT 'scheduled' NOT NULL,
  tries SMALLINT DEFAULT '0' NOT NULL,
  next_try TIMESTAMP WITH TIME ZONE NOT NULL,
  lease_owner TEXT,
  lease_until TIMESTAMP WITH TIME ZONE,
  message_id TEXT NOT NULL,
  handed_over_at TIMESTAMP WITH TIME ZONE,
  resent BOOLEAN DEFAULT false NOT NULL,
  sent_at TIMESTAMP WITH TIME ZONE,
  provider_id TEXT,
  last_error TEXT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT reminder_once UNIQUE (tenant_id, booking_id, rule_id, stage_position, schedule_rev)
)
""",
    ),
    "mail": (
        """
CREATE TABLE mail (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  kind TEXT NOT NULL,
  cause_id UUID NOT NULL,
  subject_type TEXT NOT NULL,
  subject_id UUID NOT NULL,
  recipient TEXT NOT NULL,
  recipient_hash BYTEA NOT NULL,
  language TEXT NOT NULL,
  values JSONB,
  status TEXT DEFAULT 'scheduled' NOT NULL,
  tries SMALLINT DEFAULT '0' NOT NULL,
  next_try TIMESTAMP WITH TIME ZONE NOT NULL,
  lease_owner TEXT,
  lease_until TIMESTAMP WITH TIME ZONE,
  message_id TEXT NOT NULL,
  handed_over_at TIMESTAMP WITH TIME ZONE,
  resent BOOLEAN DEFAULT false NOT NULL,
  sent_at TIMESTAMP WITH TIME ZONE,
  provider_id TEXT,
  last_error TEXT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT mail_once UNIQUE (tenant_id, cause_id, kind, recipient_hash)
)
""",
    ),
    "event_outbox": (
        """
CREATE TABLE event_outbox (
  tenant_id UUID NOT NULL,
  id UUID NOT NULL,
  event_id UUID NOT NULL,
  handler TEXT NOT NULL,
  name TEXT NOT NULL,
  payload JSONB NOT NULL,
  status TEXT DEFAULT 'new' NOT NULL,
  tries SMALLINT DEFAULT '0' NOT NULL,
  next_try TIMESTAMP WITH TIME ZONE NOT NULL,
  lease_owner TEXT,
  lease_until TIMESTAMP WITH TIME ZONE,
  last_error TEXT,
  created_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT event_outbox_once UNIQUE (tenant_id, event_id, handler)
)
""",
    ),
    "digest_sent": (
        """
CREATE TABLE digest_sent (
  tenant_id UUID NOT NULL,
  local_date DATE NOT NULL,
  at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (tenant_id, local_date)
)
""",
    ),
    "tenant_stripe": (
        """
CREATE TABLE tenant_stripe (
  tenant_id UUID NOT NULL,
  mode TEXT NOT NULL,
  status TEXT NOT NULL,
  stripe_account TEXT,
  scope TEXT NOT NULL,
  key_enc BYTEA,
  key_version INTEGER,
  publishable_key TEXT,
  webhook_secret_enc BYTEA,
  endpoint_id TEXT,
  livemode BOOLEAN NOT NULL,
  api_version TEXT,
  PRIMARY KEY (tenant_id)
)
""",
    ),
    "stripe_event": (
        """
CREATE TABLE stripe_event (
  scope TEXT NOT NULL,
  event_id TEXT NOT NULL,
  type TEXT NOT NULL,
  object_id TEXT,
  livemode BOOLEAN NOT NULL,
  created TIMESTAMP WITH TIME ZONE NOT NULL,
  received_at TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  status TEXT DEFAULT 'new' NOT NULL,
  tries SMALLINT DEFAULT '0' NOT NULL,
  next_try TIMESTAMP WITH TIME ZONE NOT NULL,
  lease_owner TEXT,
  lease_until TIMESTAMP WITH TIME ZONE,
  last_error TEXT,
  source TEXT NOT NULL,
  payload JSONB NOT NULL,
  PRIMARY KEY (scope, event_id)
)
""",
    ),
    "reconcile_cursor": (
        """
CREATE TABLE reconcile_cursor (
  scope TEXT NOT NULL,
  events_until TIMESTAMP WITH TIME ZONE NOT NULL,
  lease_owner TEXT,
  lease_until TIMESTAMP WITH TIME ZONE,
  PRIMARY KEY (scope)
)
""",
    ),
    "provider_reference": (
        """
CREATE TABLE provider_reference (
  tenant_id UUID NOT NULL,
  scope TEXT NOT NULL,
  ref TEXT NOT NULL,
  kind TEXT NOT NULL,
  local_id UUID NOT NULL,
  PRIMARY KEY (tenant_id, scope, ref)
)
""",
    ),
}
