"""Whose card payments a studio takes, and which of our rows a provider's object belongs to."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from shared.errors import PaymentsNotReady
from shared.ports import PaymentAccount
from sync_server.repositories.sync_tables import server_install
from sync_server.repositories.work_tables import provider_reference, tenant_stripe


class PaymentAccounts:
    """A studio's Stripe account and the provider's objects that are its own."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def ready(self, tenant_id: UUID) -> PaymentAccount:
        """The account that may take card payments; raises PaymentsNotReady."""
        row = self._session.execute(
            sa.select(tenant_stripe).where(tenant_stripe.c.tenant_id == tenant_id)
        ).one_or_none()
        if row is None or row.status != "ready" or row.stripe_account is None:
            raise PaymentsNotReady
        return PaymentAccount(tenant_id=tenant_id, account=row.stripe_account, scope=row.scope)

    def livemode(self, tenant_id: UUID) -> bool:
        """Whether the studio's money is real."""
        query = sa.select(tenant_stripe.c.livemode).where(tenant_stripe.c.tenant_id == tenant_id)
        return bool(self._session.scalar(query))

    def remember(self, tenant_id: UUID, scope: str, ref: str, *, kind: str, local_id: UUID) -> None:
        """Note that an object of the provider belongs to one of our rows."""
        self._session.execute(
            insert(provider_reference)
            .values(tenant_id=tenant_id, scope=scope, ref=ref, kind=kind, local_id=local_id)
            .on_conflict_do_nothing()
        )

    def owner_of(self, tenant_id: UUID, scope: str, ref: str) -> UUID | None:
        """Our row behind an object of the provider."""
        table = provider_reference
        query = sa.select(table.c.local_id).where(
            table.c.tenant_id == tenant_id, table.c.scope == scope, table.c.ref == ref
        )
        return self._session.scalar(query)

    def install(self, tenant_id: UUID, studio_account: PaymentAccount, *, livemode: bool, mode: str) -> None:
        """Set a studio up for card payments."""
        values = {
            "tenant_id": tenant_id,
            "mode": mode,
            "status": "ready",
            "stripe_account": studio_account.account,
            "scope": studio_account.scope,
            "livemode": livemode,
        }
        self._session.execute(
            insert(tenant_stripe)
            .values(values)
            .on_conflict_do_update(index_elements=["tenant_id"], set_=values)
        )


def install_id(session: Session, fresh: UUID) -> UUID:
    """The random id of this installation; ``fresh`` becomes it where there is none."""
    session.execute(insert(server_install).values(one=True, install_id=fresh).on_conflict_do_nothing())
    found: UUID | None = session.scalar(sa.select(server_install.c.install_id))
    assert found is not None, "just inserted"
    return found
