"""The first shape: every table, its backstops, the studio lock, the feed, the wall, the roles' rights."""

from alembic import op

from sync_server.migrations import tenant_ddl
from sync_server.migrations.versions.first.constraints import CHECKS, OTHERS, REFERENCES, UNIQUE
from sync_server.migrations.versions.first.functions import ACROSS_STUDIOS, GROUND
from sync_server.migrations.versions.first.tables import SERVER, SYNCED

revision = "0001"
down_revision = None

WITHOUT_STUDIO = (
    "stripe_event",
    "reconcile_cursor",
    "rate_bucket",
    "calendar_run",
    "practice_clock",
    "server_witness",
    "server_install",
)
APPEND_ONLY = ("audit_log", "ledger", "document", "document_line")
ONLY_WORKER = ("stripe_event",)


def upgrade() -> None:
    for statements in (*SYNCED.values(), *SERVER.values()):
        for statement in statements:
            op.execute(statement)
    for table, column, target in REFERENCES:
        # work that stands for a booking goes with it
        cascade = " ON DELETE CASCADE" if table == "reminder" else ""
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_fkey FOREIGN KEY (tenant_id, {column})"
            f" REFERENCES {target} (tenant_id, id){cascade} DEFERRABLE INITIALLY DEFERRED"
        )
    for number, (table, condition) in enumerate(CHECKS):
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {table}_check_{number} CHECK ({condition})")
    for table, columns in UNIQUE:
        op.execute(f"ALTER TABLE {table} ADD UNIQUE ({columns})")
    for statement in (*OTHERS, *GROUND):
        op.execute(statement)
    _look_across_studios()
    _wall_and_rights()
    _pokes()
    _scheduler()


def _look_across_studios() -> None:
    for name, definition in ACROSS_STUDIOS.items():
        op.execute(definition)
        op.execute(f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {tenant_ddl.ROLES}")


def _wall_and_rights() -> None:
    tenant_ddl.add_feed_trigger(SYNCED)
    tenant_ddl.add_studio_wall((*SYNCED, *(name for name in SERVER if name not in WITHOUT_STUDIO)))
    tenant_ddl.grant_append(APPEND_ONLY)
    tenant_ddl.grant_all(name for name in (*SYNCED, *SERVER) if name not in (*APPEND_ONLY, *ONLY_WORKER))
    op.execute(
        f"GRANT UPDATE (chain_pos, chain_prev, chain_hash, updated_at, updated_by) ON document TO {tenant_ddl.ROLES}"
    )
    op.execute(
        f"GRANT INSERT, SELECT (scope, event_id, type, object_id, status) ON stripe_event TO {tenant_ddl.APP}"
    )
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON stripe_event TO {tenant_ddl.WORKER}")
    op.execute(f"GRANT SELECT ON alembic_version TO {tenant_ddl.ROLES}")


def _pokes() -> None:
    due = "new.next_try <= daybook_now()"
    tenant_ddl.add_work_poke(
        "reminder",
        "reminders",
        columns="status, next_try",
        condition=f"new.status IN ('scheduled', 'retry') AND {due}",
    )
    tenant_ddl.add_work_poke(
        "mail",
        "mail",
        columns="status, next_try",
        condition=f"new.status IN ('scheduled', 'retry') AND {due}",
    )
    tenant_ddl.add_work_poke(
        "event_outbox", "outbox", columns="status, next_try", condition=f"new.status = 'new' AND {due}"
    )
    tenant_ddl.add_work_poke(
        "stripe_event", "events", columns="status, next_try", condition="new.status = 'new'"
    )
    tenant_ddl.add_work_poke(
        "refund",
        "refunds",
        columns="status, next_try",
        condition="new.status = 'approved' AND new.channel = 'card' AND new.attention IS NULL",
    )
    tenant_ddl.add_work_poke(
        "payment_stage", "refunds", columns="pi_cancel_wanted", condition="new.pi_cancel_wanted"
    )


def _scheduler() -> None:
    """The calendar's store holds pickles: only the worker may write it."""
    op.execute("CREATE SCHEMA scheduler")
    op.execute(
        "CREATE TABLE scheduler.apscheduler_jobs"
        " (id varchar(191) PRIMARY KEY, next_run_time double precision, job_state bytea NOT NULL)"
    )
    op.execute(
        "CREATE INDEX ix_scheduler_apscheduler_jobs_next_run_time ON scheduler.apscheduler_jobs (next_run_time)"
    )
    op.execute(f"GRANT USAGE ON SCHEMA scheduler TO {tenant_ddl.WORKER}")
    op.execute(
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON scheduler.apscheduler_jobs TO {tenant_ddl.WORKER}"
    )
