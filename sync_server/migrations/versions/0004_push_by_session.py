"""A push learns in its one question also whether its sender is still signed in.

Read under the lock, so that what ends a session is decided before or after a push, never beside it. Where no
session is named, its columns are empty. The question of step 0003 stays for servers that still ask it.
"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute(
        """
CREATE FUNCTION push_begin(t uuid, d uuid, m uuid, signed_by uuid, operations uuid[]) RETURNS TABLE (
  business timestamptz, machine timestamptz, epoch uuid, device_name text, last_no bigint,
  has_failures boolean, has_receipts boolean, role text, left_at timestamptz,
  session_device uuid, session_user_id uuid, device_status text, revoked_at timestamptz, revoke_reason text,
  disabled_at timestamptz, member_sv int
) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sync_begin(t);
  RETURN QUERY
    SELECT daybook_now(), now(), s.epoch, v.name, v.last_no,
      EXISTS (SELECT FROM operation_failure f WHERE f.tenant_id = t),
      EXISTS (SELECT FROM receipt r WHERE r.tenant_id = t AND r.operation_id = ANY (operations)),
      p.role, coalesce(p.disabled_at, p.deleted_at),
      o.device_id, o.user_id, v.status, o.revoked_at, o.revoke_reason, p.disabled_at, c.sv
    FROM tenant_sync s
    JOIN device v ON v.tenant_id = s.tenant_id AND v.id = d
    JOIN member p ON p.tenant_id = s.tenant_id AND p.id = m
    LEFT JOIN session o ON o.tenant_id = s.tenant_id AND o.id = signed_by
    LEFT JOIN member_credential c ON c.tenant_id = s.tenant_id AND c.id = m
    WHERE s.tenant_id = t;
END $$"""
    )
