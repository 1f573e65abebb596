"""The studio, its people, what it sells and to whom."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.models.act import Role
from shared.models.entity import Entity
from shared.models.states import Numbering, ResourceKind


@dataclass(eq=False, kw_only=True)
class Studio(Entity):
    """One tenant and its settings; ``id`` is ``tenant_id``. Percentages are decimal text, e.g. "5.5"."""

    code: str
    name: str
    zone: str
    currency: str
    language: str = "en"
    phone: str = ""
    email: str = ""
    street: str = ""
    postal_city: str = ""
    country: str = ""
    brand_color: str = "#1F6F5C"
    logo_sha256: str | None = None
    hold_days: int = 7
    deposit_percent: int = 50
    remainder_days_before: int = 3
    tax_percent: str = "0"
    price_mode: str = "inclusive"
    policy: dict[str, Any] = field(default_factory=dict)
    """policies.cancellation.CancellationPolicy as JSON; frozen into each new booking."""
    refund_limits: dict[str, int] = field(default_factory=lambda: {"manager": 1000, "staff": 0})
    """Major units of the studio's currency; the owner has no limit."""
    customer_auto_limit_minor: int = 0
    numbering: Numbering = Numbering.LEASED
    invoice_style: str = "single"
    vat_id: str = ""
    registration: str = ""
    bank_name: str = ""
    iban: str = ""
    bic: str = ""
    invoice_terms: str = ""
    signature: str = ""
    practice: bool = False


@dataclass(eq=False, kw_only=True)
class Member(Entity):
    """A person who works in the studio; disabled, never deleted. Credentials stay on the server."""

    name: str
    role: Role
    language: str = "en"
    disabled_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class Resource(Entity):
    """A person, room or piece of equipment that can be booked once at a time."""

    name: str
    kind: ResourceKind = ResourceKind.PERSON
    archived_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class Package(Entity):
    """What is sold. A booking freezes name, price and plan when it is made."""

    name: str
    description: str = ""
    price_minor: int
    currency: str
    duration_minutes: int = 0
    deposit_percent: int = 50
    remainder_days_before: int = 3
    tax_percent: str = "0"
    resources_needed: int = 1
    archived_at: datetime | None = None


@dataclass(eq=False, kw_only=True)
class Customer(Entity):
    """Who books."""

    name: str
    email: str
    phone: str = ""
    street: str = ""
    postal_city: str = ""
    country: str = ""
    language: str = "en"
    zone: str | None = None
    no_follow_up: bool = False
