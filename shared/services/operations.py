"""Every operation by name and version: its arguments, the right it needs, and the service that runs it.

The desktop's commands, the replay after a pull and the server's intake all go through :func:`run`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from shared.models.act import Act
from shared.policies.rights_policy import Right
from shared.services import (
    booking_desk,
    catalogue,
    closed_times,
    invoicing,
    notes,
    payment_plan,
    refund_outcomes,
    refund_requests,
    rescheduling,
    studio_settings,
)
from shared.sync_protocol import operations as wire
from shared.sync_protocol.results import Outcome
from shared.unit_of_work import UnitOfWork

Service = Callable[[UnitOfWork, Act, Any], Outcome]


@dataclass(frozen=True)
class Operation:
    """One named change that a device may ask for."""

    name: str
    v: int
    args_type: type[wire.OperationArgs]
    right: Right
    run: Service


_TABLE: tuple[tuple[str, type[wire.OperationArgs], Right, Service], ...] = (
    ("customer.create", wire.CustomerCreate, Right.EDIT_CUSTOMERS, catalogue.create_customer),
    ("customer.edit", wire.PatchArgs, Right.EDIT_CUSTOMERS, catalogue.edit_customer),
    ("customer.delete", wire.IdOnly, Right.EDIT_CUSTOMERS, catalogue.delete_customer),
    ("customer.restore", wire.IdOnly, Right.EDIT_CUSTOMERS, catalogue.restore_customer),
    ("package.create", wire.PackageCreate, Right.EDIT_PRICES, catalogue.create_package),
    ("package.edit", wire.PatchArgs, Right.EDIT_PRICES, catalogue.edit_package),
    ("package.archive", wire.IdOnly, Right.EDIT_PRICES, catalogue.archive_package),
    ("resource.create", wire.ResourceCreate, Right.EDIT_BOOKINGS, catalogue.create_resource),
    ("resource.edit", wire.PatchArgs, Right.EDIT_BOOKINGS, catalogue.edit_resource),
    ("resource.archive", wire.IdOnly, Right.EDIT_BOOKINGS, catalogue.archive_resource),
    ("block.create", wire.BlockCreate, Right.USE_CALENDAR, closed_times.create),
    ("block.delete", wire.IdOnly, Right.USE_CALENDAR, closed_times.delete),
    ("booking.create", wire.BookingCreate, Right.EDIT_BOOKINGS, booking_desk.create),
    ("booking.edit", wire.PatchArgs, Right.EDIT_BOOKINGS, booking_desk.edit),
    ("booking.move", wire.BookingMove, Right.EDIT_BOOKINGS, rescheduling.move_by_args),
    ("booking.postpone", wire.BookingPostpone, Right.EDIT_BOOKINGS, rescheduling.postpone),
    ("booking.cancel", wire.BookingCancel, Right.EDIT_BOOKINGS, booking_desk.cancel),
    ("note.add", wire.NoteAdd, Right.WRITE_NOTES, notes.add),
    ("note.edit", wire.NoteEdit, Right.WRITE_NOTES, notes.edit),
    (
        "payment.record_manual",
        wire.PaymentRecordManual,
        Right.RECORD_PAYMENT,
        payment_plan.record_manual,
    ),
    ("payment.void_manual", wire.PaymentVoidManual, Right.VOID_PAYMENT, payment_plan.void_manual),
    ("refund.request", wire.RefundAsk, Right.REQUEST_REFUND, refund_requests.ask),
    ("refund.approve", wire.RefundAnswer, Right.APPROVE_REFUND, refund_requests.approve),
    ("refund.decline", wire.RefundAnswer, Right.APPROVE_REFUND, refund_requests.decline),
    ("refund.withdraw", wire.RefundAnswer, Right.REQUEST_REFUND, refund_requests.withdraw),
    ("refund.try_again", wire.RefundAnswer, Right.APPROVE_REFUND, refund_requests.try_again),
    ("refund.close", wire.RefundAnswer, Right.CLOSE_REFUND, refund_requests.close),
    ("refund.mark_paid_back", wire.RefundPaidBack, Right.REQUEST_REFUND, refund_outcomes.mark_paid_back),
    ("invoice.issue", wire.InvoiceIssue, Right.ISSUE_INVOICE, invoicing.issue),
    ("credit.issue", wire.InvoiceIssue, Right.ISSUE_CREDIT_NOTE, invoicing.issue),
    (
        "reminder_rule.edit",
        wire.ReminderRuleEdit,
        Right.EDIT_REMINDER_RULES,
        studio_settings.edit_reminder_rule,
    ),
    ("settings.edit", wire.PatchArgs, Right.EDIT_STUDIO, studio_settings.edit),
    ("issue.resolve", wire.IssueResolve, Right.EDIT_BOOKINGS, studio_settings.resolve_issue),
    ("audit.note", wire.AuditNote, Right.USE_CALENDAR, studio_settings.nothing_but_audit),
    *(
        (
            name,
            wire.ReminderChoose,
            Right.CHOOSE_REMINDERS,
            partial(studio_settings.choose_reminder, choice=choice),
        )
        for name, choice in wire.CHOICE_OF_OPERATION.items()
    ),
)

OPERATIONS: Mapping[tuple[str, int], Operation] = {
    (name, 1): Operation(name, 1, args_type, right, run) for name, args_type, right, run in _TABLE
}


def find_operation(name: str, v: int) -> Operation | None:
    """The operation, or None when this version of Daybook does not know it."""
    return OPERATIONS.get((name, v))


def run(unit: UnitOfWork, act: Act, operation: Operation, *, args: Mapping[str, object]) -> Outcome:
    """Read the arguments and run the service; raises BadArgs and what the service raises.

    Changes may still wait in the session: they are flushed before the next question, or by the caller.
    """
    typed = wire.read_args(operation.args_type, args)
    unit.begin_act(act)
    return operation.run(unit, act, typed)


def carry_out(unit: UnitOfWork, act: Act, operation: Operation, *, args: Mapping[str, object]) -> Outcome:
    """As :func:`run`, and flush: what the database refuses shows itself inside the caller's savepoint."""
    outcome = run(unit, act, operation, args=args)
    unit.session.flush()
    return outcome
