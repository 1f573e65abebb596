"""What the server keeps about syncing: the feed, devices, receipts, numbers, the witness.

They also exist on SQLite, where the simulator runs the same services.
"""

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from shared.tables.column_types import Id, Instant, Json
from shared.tables.tenant_table import optional, required

server_metadata = sa.MetaData()


class _MachineNow(sa.FunctionElement[object]):
    """Machine time as the database words it."""

    inherit_cache = True


@compiles(_MachineNow)
def _on_postgres(element: _MachineNow, compiler: object, **_: object) -> str:
    del element, compiler
    return "CURRENT_TIMESTAMP"


@compiles(_MachineNow, "sqlite")
def _on_sqlite(element: _MachineNow, compiler: object, **_: object) -> str:
    del element, compiler
    return "(strftime('%Y-%m-%dT%H:%M:%f', 'now') || '000Z')"


def moment(name: str = "at") -> sa.Column[object]:
    """Machine time of the writing, set by the database."""
    return sa.Column(name, Instant, nullable=False, server_default=_MachineNow())


tenant_sync = sa.Table(
    "tenant_sync",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    required("epoch", Id),
    moment("epoch_at"),
    required("head", sa.BigInteger, server_default="0"),
    required("gc_floor", sa.BigInteger, server_default="0"),
)
"""One row per studio: its history's name, its last number, its lock."""

sync_feed = sa.Table(
    "sync_feed",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("entity", sa.Text, primary_key=True),
    sa.Column("row_id", Id, primary_key=True),
    required("seq", sa.BigInteger),
    required("deleted", sa.Boolean),
    moment(),
    sa.UniqueConstraint("tenant_id", "seq", name="sync_feed_seq"),
)
"""The last change per row; no personal data."""

device = sa.Table(
    "device",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("id", Id, primary_key=True),
    required("name", sa.Text),
    optional("replaces", Id),  # the older id of the same device, if renewed
    optional("request_id", Id),  # of the renewal, so that a repeat gives the same device
    required("status", sa.Text),
    optional("machine_mark", sa.Text),
    required("last_no", sa.BigInteger, server_default="0"),
    required("issued_cursor", sa.BigInteger, server_default="0"),
    optional("app_version", sa.Text),
    optional("protocol", sa.Integer),
    optional("schema", sa.Integer),
    optional("last_seen_at", Instant),
    moment("created_at"),
    sa.UniqueConstraint("tenant_id", "request_id", name="device_request"),
)
"""Rows are never deleted."""

receipt = sa.Table(
    "receipt",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("operation_id", Id, primary_key=True),
    required("device_id", Id),
    required("no", sa.BigInteger),
    required("user_id", Id),
    required("pushed_by", Id),
    required("name", sa.Text),
    required("v", sa.SmallInteger),
    required("args_hash", sa.LargeBinary),
    required("status", sa.Text),
    optional("code", sa.Text),
    optional("result", Json),
    required("seq", sa.BigInteger),
    moment(),
    sa.UniqueConstraint("tenant_id", "device_id", "no", name="receipt_no"),
)
"""The stored decision on one operation; kept for ever."""

operation_failure = sa.Table(
    "operation_failure",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("operation_id", Id, primary_key=True),
    required("tries", sa.SmallInteger),
    required("error_class", sa.Text),
)

number_register = sa.Table(
    "number_register",
    server_metadata,
    sa.Column("tenant_id", Id, primary_key=True),
    sa.Column("series", sa.Text, primary_key=True),
    sa.Column("year", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    required("state", sa.Text),
    optional("lease_id", Id),
    optional("device_id", Id),
    optional("for_document", Id),
    optional("document_id", Id),
    optional("reason", sa.Text),
    moment(),
    sa.Index("ix_number_register_lease", "tenant_id", "lease_id"),
    sa.Index("ix_number_register_device", "tenant_id", "device_id", "state"),
)
"""Every number that ever left: leased, used or void with a reason."""

server_witness = sa.Table(
    "server_witness",
    server_metadata,
    sa.Column("one", sa.Boolean, primary_key=True),
    required("counter", sa.BigInteger),
)
"""Rises each minute; compared with a file outside the database, so that a restore is noticed."""

server_install = sa.Table(
    "server_install",
    server_metadata,
    sa.Column("one", sa.Boolean, primary_key=True),
    required("install_id", Id),
    moment(),
)
"""The random id in idempotency keys; a restored database gets a new one."""

practice_clock = sa.Table(
    "practice_clock",
    server_metadata,
    sa.Column("one", sa.Boolean, primary_key=True),
    required("shift_s", sa.BigInteger, server_default="0"),
)
"""How far business time is ahead of machine time; the row exists in practice only."""

calendar_run = sa.Table(
    "calendar_run",
    server_metadata,
    sa.Column("id", Id, primary_key=True),
    required("job_id", sa.Text),
    moment("started_at"),
    optional("finished_at", Instant),
    optional("outcome", sa.Text),
    optional("detail", sa.Text),
    sa.Index("ix_calendar_run_job", "job_id", "finished_at"),
)
"""When each calendar job ran, and how it ended."""
