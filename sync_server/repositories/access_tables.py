"""Who may come in: credentials, sessions, action links, what was done, and how often was tried."""

import sqlalchemy as sa

from shared.tables.column_types import Id, Instant, Json
from shared.tables.tenant_table import optional, required
from sync_server.repositories.sync_tables import moment, server_metadata

member_credential = sa.Table(
    "member_credential",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    required("email", sa.Text),
    required("email_hash", sa.LargeBinary),
    optional("password_hash", sa.Text),
    required("sv", sa.Integer, server_default="1"),
    optional("totp_sealed", sa.LargeBinary),
    optional("totp_last_step", sa.BigInteger),
    optional("password_set_at", Instant),
    sa.UniqueConstraint("tenant_id", "email_hash", name="member_credential_email"),
)
"""What a member signs in with; ``id`` is the member's. A higher ``sv`` ends every session."""

recovery_code = sa.Table(
    "recovery_code",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("member_id", Id, primary_key=True),
    sa.Column("code_sha256", sa.LargeBinary, primary_key=True),
    optional("used_at", Instant),
)

session = sa.Table(
    "session",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    required("user_id", Id),
    required("device_id", Id),
    required("family_id", Id),
    required("generation", sa.Integer),
    required("refresh_sha256", sa.LargeBinary),
    required("sv", sa.Integer),
    moment("created_at"),
    optional("rotated_at", Instant),
    required("expires_at", Instant),
    optional("revoked_at", Instant),
    optional("revoke_reason", sa.Text),
    optional("last_seen_at", Instant),
    optional("ip", sa.Text),
    sa.UniqueConstraint("refresh_sha256", name="session_refresh"),
    sa.UniqueConstraint("tenant_id", "family_id", "generation", name="session_generation"),
)
"""One row per generation of a refresh token; kept 180 days."""

action_token = sa.Table(
    "action_token",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    required("purpose", sa.Text),
    required("subject_type", sa.Text),
    required("subject_id", Id),
    required("subject_rev", sa.Integer),
    required("email_hash", sa.LargeBinary),
    required("token_sha256", sa.LargeBinary),
    required("key_ver", sa.Integer),
    moment("created_at"),
    required("expires_at", Instant),
    optional("used_at", Instant),
    optional("used_ip", sa.Text),
    optional("revoked_at", Instant),
    optional("revoke_reason", sa.Text),
    required("views", sa.Integer, server_default="0"),
    optional("last_seen_at", Instant),
    sa.UniqueConstraint("token_sha256", name="action_token_sha256"),
    sa.Index("ix_action_token_subject", "tenant_id", "subject_id", "purpose"),
)
"""A mailed link: only the hash of its token is kept."""

audit_log = sa.Table(
    "audit_log",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    moment(),
    required("actor_type", sa.Text),
    optional("actor_id", Id),
    optional("device_id", Id),
    required("action", sa.Text),
    optional("entity", sa.Text),
    optional("entity_id", Id),
    optional("before", Json),
    optional("after", Json),
    optional("request_id", sa.Text),
    optional("ip", sa.Text),
    sa.Index("ix_audit_log_at", "tenant_id", "at"),
    sa.Index("ix_audit_log_entity", "tenant_id", "entity_id"),
)
"""Who did what; the roles of web and worker can only insert and read."""

rate_bucket = sa.Table(
    "rate_bucket",
    server_metadata,
    sa.Column("bucket", sa.Text, primary_key=True),
    sa.Column("window_start", Instant, primary_key=True),
    required("n", sa.Integer),
    prefixes=["UNLOGGED"],
)

document_file = sa.Table(
    "document_file",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("sha256", sa.Text, primary_key=True),
    required("kind", sa.Text),  # document or blob
    required("media_type", sa.Text),
    required("size", sa.BigInteger),
    optional("pages", sa.Integer),
    moment("stored_at"),
)
"""Which bytes lie in the blob store."""
