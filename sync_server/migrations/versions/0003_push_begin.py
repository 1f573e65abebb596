"""A push takes the studio's lock and learns what it is measured by in one question.

In a function each statement sees what was committed before it: what is read here is read under the lock, which
one statement that calls ``sync_begin`` beside reading would not do.
"""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(
        """
CREATE FUNCTION push_begin(t uuid, d uuid, m uuid, operations uuid[]) RETURNS TABLE (
  business timestamptz, machine timestamptz, epoch uuid, device_name text, last_no bigint,
  has_failures boolean, has_receipts boolean, role text, left_at timestamptz
) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM sync_begin(t);
  RETURN QUERY
    SELECT daybook_now(), now(), s.epoch, v.name, v.last_no,
      EXISTS (SELECT FROM operation_failure f WHERE f.tenant_id = t),
      EXISTS (SELECT FROM receipt r WHERE r.tenant_id = t AND r.operation_id = ANY (operations)),
      p.role, coalesce(p.disabled_at, p.deleted_at)
    FROM tenant_sync s
    JOIN device v ON v.tenant_id = s.tenant_id AND v.id = d
    JOIN member p ON p.tenant_id = s.tenant_id AND p.id = m
    WHERE s.tenant_id = t;
END $$"""
    )
