"""Customers, packages and resources: making, editing and putting them away."""

import re

from shared.errors import BadArgs, HasBookings, MailAddressInvalid
from shared.models.act import Act
from shared.models.studio import Customer, Package, Resource
from shared.money import exponent
from shared.services.field_edits import apply_patch
from shared.sync_protocol.operations import (
    CustomerCreate,
    IdOnly,
    PackageCreate,
    PatchArgs,
    ResourceCreate,
)
from shared.sync_protocol.results import Outcome
from shared.unit_of_work import UnitOfWork

_ADDRESS = re.compile(r"^[^\s@<>,;:\"()\[\]\\]+@[^\s@<>,;:\"()\[\]\\.]+(\.[^\s@<>,;:\"()\[\]\\.]+)+$")
_ADDRESS_MAX = 254

_CUSTOMER_FIELDS = {
    "name": str,
    "email": str,
    "phone": str,
    "street": str,
    "postal_city": str,
    "country": str,
    "language": str,
    "zone": str,
    "no_follow_up": bool,
}
_PACKAGE_FIELDS = {
    "name": str,
    "description": str,
    "price_minor": int,
    "duration_minutes": int,
    "deposit_percent": int,
    "remainder_days_before": int,
    "tax_percent": str,
    "resources_needed": int,
}


def check_mail_address(address: str) -> None:
    """Raise MailAddressInvalid unless mail can be sent there."""
    if len(address) > _ADDRESS_MAX or not _ADDRESS.match(address):
        raise MailAddressInvalid


def create_customer(unit: UnitOfWork, act: Act, args: CustomerCreate) -> Outcome:
    """``customer.create``. Raises MailAddressInvalid."""
    if unit.customers.find(act.tenant_id, args.id) is None:
        if args.email:
            check_mail_address(args.email)
        unit.customers.add(act.tenant_id, Customer(tenant_id=act.tenant_id, **args.model_dump()))
    return Outcome()


def edit_customer(unit: UnitOfWork, act: Act, args: PatchArgs) -> Outcome:
    """``customer.edit``, field by field. Raises MailAddressInvalid."""
    customer = unit.customers.get(act.tenant_id, args.id)
    change = args.patch.get("email")
    if change is not None and change.to:
        check_mail_address(str(change.to))
    return apply_patch(customer, args.patch, entity="customer", fields=_CUSTOMER_FIELDS)


def delete_customer(unit: UnitOfWork, act: Act, args: IdOnly) -> Outcome:
    """``customer.delete``. Raises HasBookings while bookings are still to happen."""
    customer = unit.customers.find(act.tenant_id, args.id)
    if customer is None or customer.deleted_at is not None:
        return Outcome()
    if unit.bookings.active_of_customer(act.tenant_id, customer.id):
        raise HasBookings
    customer.deleted_at = act.at
    return Outcome()


def restore_customer(unit: UnitOfWork, act: Act, args: IdOnly) -> Outcome:
    """``customer.restore``."""
    customer = unit.customers.find(act.tenant_id, args.id)
    if customer is not None:
        customer.deleted_at = None
    return Outcome()


def create_package(unit: UnitOfWork, act: Act, args: PackageCreate) -> Outcome:
    """``package.create``. Raises CurrencyUnknown."""
    exponent(args.currency)
    if unit.packages.find(act.tenant_id, args.id) is None:
        unit.packages.add(act.tenant_id, Package(tenant_id=act.tenant_id, **args.model_dump()))
    return Outcome()


def edit_package(unit: UnitOfWork, act: Act, args: PatchArgs) -> Outcome:
    """``package.edit``; bookings have frozen what they were made with."""
    package = unit.packages.get(act.tenant_id, args.id)
    outcome = apply_patch(package, args.patch, entity="package", fields=_PACKAGE_FIELDS)
    if package.price_minor < 0 or not 0 <= package.deposit_percent <= 100:  # noqa: PLR2004 - per cent
        raise BadArgs(detail="a price is never below 0, a deposit is 0 to 100 percent")
    return outcome


def archive_package(unit: UnitOfWork, act: Act, args: IdOnly) -> Outcome:
    """``package.archive``: no longer offered."""
    package = unit.packages.get(act.tenant_id, args.id)
    package.archived_at = package.archived_at or act.at
    return Outcome()


def create_resource(unit: UnitOfWork, act: Act, args: ResourceCreate) -> Outcome:
    """``resource.create``."""
    if unit.resources.find(act.tenant_id, args.id) is None:
        unit.resources.add(act.tenant_id, Resource(tenant_id=act.tenant_id, **args.model_dump()))
    return Outcome()


def edit_resource(unit: UnitOfWork, act: Act, args: PatchArgs) -> Outcome:
    """``resource.edit``, field by field."""
    resource = unit.resources.get(act.tenant_id, args.id)
    return apply_patch(resource, args.patch, entity="resource", fields={"name": str})


def archive_resource(unit: UnitOfWork, act: Act, args: IdOnly) -> Outcome:
    """``resource.archive``: no longer bookable."""
    resource = unit.resources.get(act.tenant_id, args.id)
    resource.archived_at = resource.archived_at or act.at
    return Outcome()
