"""The table of roles and rights, cell by cell."""

import pytest

from shared.errors import NeedsRight
from shared.models.act import Role
from shared.policies.rights_policy import RIGHTS, Right, check_right, has_right

TABLE = {
    (True, True, True): [
        "use_calendar",
        "edit_customers",
        "edit_bookings",
        "write_notes",
        "choose_reminders",
        "record_payment",
        "issue_invoice",
        "request_refund",
        "approve_refund",
    ],
    (False, True, True): [
        "void_payment",
        "issue_credit_note",
        "close_refund",
        "import",
        "edit_prices",
        "edit_cancellation_policy",
        "edit_reminder_rules",
        "edit_templates",
        "see_reports",
        "see_audit_log",
        "check_series",
    ],
    (False, False, True): [
        "edit_studio",
        "edit_numbering",
        "connect_stripe",
        "edit_mail_transport",
        "manage_staff",
        "manage_devices",
        "export_all",
        "erase_customer",
    ],
}
CELLS = [
    (right, role, allowed)
    for row, rights in TABLE.items()
    for right in rights
    for role, allowed in zip(("staff", "manager", "owner"), row, strict=True)
]


@pytest.mark.parametrize(("right", "role", "allowed"), CELLS)
def test_each_cell_of_the_table(
    right: str,
    role: str,
    allowed: bool,  # noqa: FBT001 - a cell of the table
) -> None:
    assert has_right(Role(role), Right(right)) is allowed
    if not allowed:
        with pytest.raises(NeedsRight):
            check_right(Role(role), Right(right))
    else:
        check_right(Role(role), Right(right))


def test_every_right_is_in_the_table_and_tested() -> None:
    assert set(RIGHTS) == set(Right) == {Right(right) for right, _, _ in CELLS}


@pytest.mark.parametrize("right", list(Right))
def test_someone_without_a_role_may_nothing(right: Right) -> None:
    assert not has_right(None, right)
