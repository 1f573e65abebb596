"""The studio itself, its people, what it sells and to whom."""

import sqlalchemy as sa

from shared.models.act import Role
from shared.models.states import Numbering, ResourceKind
from shared.tables.column_types import Instant, Json, Word
from shared.tables.tenant_table import optional, required, tenant_table

studio = tenant_table(
    "studio",
    required("code", sa.Text),
    required("name", sa.Text),
    required("zone", sa.Text),
    required("currency", sa.Text),
    required("language", sa.Text),
    required("phone", sa.Text),
    required("email", sa.Text),
    required("street", sa.Text),
    required("postal_city", sa.Text),
    required("country", sa.Text),
    required("brand_color", sa.Text),
    optional("logo_sha256", sa.Text),
    required("hold_days", sa.Integer),
    required("deposit_percent", sa.Integer),
    required("remainder_days_before", sa.Integer),
    required("tax_percent", sa.Text),
    required("price_mode", sa.Text),
    required("policy", Json),
    required("refund_limits", Json),
    required("customer_auto_limit_minor", sa.BigInteger),
    required("numbering", Word(Numbering)),
    required("invoice_style", sa.Text),
    required("vat_id", sa.Text),
    required("registration", sa.Text),
    required("bank_name", sa.Text),
    required("iban", sa.Text),
    required("bic", sa.Text),
    required("invoice_terms", sa.Text),
    required("signature", sa.Text),
    required("practice", sa.Boolean),
)

member = tenant_table(
    "member",
    required("name", sa.Text),
    required("role", Word(Role)),
    required("language", sa.Text),
    optional("disabled_at", Instant),
)

resource = tenant_table(
    "resource",
    required("name", sa.Text),
    required("kind", Word(ResourceKind)),
    optional("archived_at", Instant),
)

package = tenant_table(
    "package",
    required("name", sa.Text),
    required("description", sa.Text),
    required("price_minor", sa.BigInteger),
    required("currency", sa.Text),
    required("duration_minutes", sa.Integer),
    required("deposit_percent", sa.Integer),
    required("remainder_days_before", sa.Integer),
    required("tax_percent", sa.Text),
    required("resources_needed", sa.Integer),
    optional("archived_at", Instant),
)

customer = tenant_table(
    "customer",
    required("name", sa.Text),
    required("email", sa.Text),
    required("phone", sa.Text),
    required("street", sa.Text),
    required("postal_city", sa.Text),
    required("country", sa.Text),
    required("language", sa.Text),
    optional("zone", sa.Text),
    required("no_follow_up", sa.Boolean),
)

sa.Index("ix_customer_email", customer.c.tenant_id, sa.func.lower(customer.c.email))
