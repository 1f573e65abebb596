"""Who is signed in, asked in one question: the function enters the studio by itself, its wall stands.

Databases of one early version have it from their first step already, so it may be replaced by itself.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute(
        """
CREATE OR REPLACE FUNCTION session_standing(t uuid, s uuid) RETURNS TABLE (
  id uuid, user_id uuid, device_id uuid, family_id uuid, generation int, sv int, created_at timestamptz,
  rotated_at timestamptz, expires_at timestamptz, revoked_at timestamptz, revoke_reason text,
  device_status text, refresh_sha256 bytea, member_name text, member_role text,
  member_disabled_at timestamptz, member_sv int
) LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.tenant', t::text, true);
  RETURN QUERY
    SELECT o.id, o.user_id, o.device_id, o.family_id, o.generation, o.sv, o.created_at,
      o.rotated_at, o.expires_at, o.revoked_at, o.revoke_reason,
      d.status, o.refresh_sha256, m.name, m.role, m.disabled_at, c.sv
    FROM session o
    JOIN device d ON d.tenant_id = o.tenant_id AND d.id = o.device_id
    JOIN member m ON m.tenant_id = o.tenant_id AND m.id = o.user_id
    JOIN member_credential c ON c.tenant_id = o.tenant_id AND c.id = o.user_id
    WHERE o.tenant_id = t AND o.id = s;
END $$"""
    )
