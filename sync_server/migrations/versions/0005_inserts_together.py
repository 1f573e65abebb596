"""New rows take their numbers of the feed together: one number drawn a statement, not one a row.

Two hundred lines of the log of mails, written by one statement, changed the studio's head two hundred times.
Changed and deleted rows keep the trigger of step 0001, which compares each with what it was.
"""

from alembic import op

from sync_server.migrations import tenant_ddl
from sync_server.migrations.versions.first.tables import SYNCED

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    # whoever writes studio data takes its row here first: nobody is left in the middle of other tables
    op.execute("LOCK TABLE tenant_sync IN EXCLUSIVE MODE")
    op.execute(
        """
CREATE FUNCTION sync_touch_new() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  mine text := current_setting('app.locked', true);
  n bigint; strangers bigint; last bigint;
BEGIN
  SELECT count(*), count(*) FILTER (WHERE tenant_id::text IS DISTINCT FROM mine) INTO n, strangers FROM added;
  IF n = 0 THEN RETURN NULL; END IF;
  IF strangers > 0 THEN RAISE EXCEPTION 'write outside sync_begin()'; END IF;
  UPDATE tenant_sync SET head = head + n WHERE tenant_id = mine::uuid RETURNING head INTO STRICT last;
  INSERT INTO sync_feed (tenant_id, entity, row_id, seq, deleted)
    SELECT tenant_id, tg_table_name, id, last - n + row_number() OVER (), false FROM added
    ON CONFLICT (tenant_id, entity, row_id)
    DO UPDATE SET seq = excluded.seq, deleted = false, at = now();
  PERFORM pg_notify('sync', mine);
  RETURN NULL;
END $$"""
    )
    tenant_ddl.count_inserts_together(SYNCED)
