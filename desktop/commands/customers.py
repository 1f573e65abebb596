"""What staff do with customers."""

from collections.abc import Mapping
from uuid import UUID

from desktop.commands.desk import Desk, one
from desktop.commands.drafts import patch_of
from desktop.data_changes import DataChanges
from shared.sync_protocol.operations import CustomerCreate, IdOnly, PatchArgs


def add_customer(desk: Desk, draft: CustomerCreate, *, initiator: str | None = None) -> DataChanges:
    """Write a new customer down. Raises MailAddressInvalid."""
    return one(desk, "customer.create", draft, initiator=initiator)


def edit_customer(
    desk: Desk,
    customer_id: UUID,
    changes: Mapping[str, tuple[object, object]],
    *,
    initiator: str | None = None,
) -> DataChanges:
    """Change fields; ``changes`` holds (seen, new) by field. Raises MailAddressInvalid, Gone."""
    return one(desk, "customer.edit", PatchArgs(id=customer_id, patch=patch_of(changes)), initiator=initiator)


def delete_customer(desk: Desk, customer_id: UUID, *, initiator: str | None = None) -> DataChanges:
    """Put a customer away; it can be restored for 30 days. Raises HasBookings."""
    return one(desk, "customer.delete", IdOnly(id=customer_id), initiator=initiator)


def restore_customer(desk: Desk, customer_id: UUID, *, initiator: str | None = None) -> DataChanges:
    """Take a deleted customer back."""
    return one(desk, "customer.restore", IdOnly(id=customer_id), initiator=initiator)
