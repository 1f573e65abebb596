"""What needs a person: the rows of "Needs attention"."""

import sqlalchemy as sa

from shared.tables.column_types import Id, Json
from shared.tables.tenant_table import optional, required, tenant_table

sync_issue = tenant_table(
    "sync_issue",
    required("kind", sa.Text),
    required("state", sa.Text),
    optional("entity", sa.Text),
    optional("row_id", Id),
    optional("user_id", Id),
    optional("device_name", sa.Text),
    required("payload", Json),
    optional("resolved_by", Id),
    optional("resolution", sa.Text),
)
