"""The studio's own settings, its reminder rules, and the inbox."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from shared.clock import zone
from shared.errors import BadArgs, CodeFixed, FieldInvalid, RuleInvalid
from shared.events import ReminderChoiceMade, ReminderRuleChanged
from shared.models.act import Act
from shared.models.mail import ReminderChoice
from shared.models.states import Numbering, ReminderChoiceKind
from shared.models.studio import Studio
from shared.money import exponent
from shared.policies.cancellation import CancellationPolicy
from shared.policies.refund_allocation import RefundLimits
from shared.services.field_edits import Reader, apply_patch
from shared.sync_protocol.operations import IssueResolve, PatchArgs, ReminderChoose, ReminderRuleEdit
from shared.sync_protocol.results import Outcome
from shared.unit_of_work import UnitOfWork

MAX_HOLD_DAYS = 365
MAX_OFFSET_DAYS = 365
QUARTER_HOUR = 15
_WHOLE = 100

_FIELDS: Mapping[str, Reader] = {
    **dict.fromkeys(
        (
            "code",
            "name",
            "zone",
            "currency",
            "language",
            "phone",
            "email",
            "street",
            "postal_city",
            "country",
            "brand_color",
            "logo_sha256",
            "tax_percent",
            "price_mode",
            "invoice_style",
            "vat_id",
            "registration",
            "bank_name",
            "iban",
            "bic",
            "invoice_terms",
            "signature",
        ),
        str,
    ),
    "hold_days": int,
    "deposit_percent": int,
    "remainder_days_before": int,
    "customer_auto_limit_minor": int,
    "policy": dict,
    "refund_limits": dict,
    "numbering": Numbering,
}


def edit(unit: UnitOfWork, act: Act, args: PatchArgs) -> Outcome:
    """``settings.edit``. Raises CodeFixed once the code stands on paper, FieldInvalid, ZoneUnknown."""
    if args.id != act.tenant_id:
        raise BadArgs(detail="a studio has one set of settings")
    studio = unit.studios.settings(act.tenant_id)
    if "code" in args.patch and unit.documents.any_issued(act.tenant_id):
        raise CodeFixed
    outcome = apply_patch(studio, args.patch, entity="studio", fields=_FIELDS)
    _check(studio)
    return outcome


def _check(studio: Studio) -> None:
    zone(studio.zone)
    exponent(studio.currency)
    CancellationPolicy.from_json(studio.policy or {"currency": studio.currency})
    RefundLimits.from_json(studio.refund_limits)
    if not 1 <= studio.hold_days <= MAX_HOLD_DAYS:
        raise FieldInvalid(field="hold_days", detail=f"from 1 to {MAX_HOLD_DAYS}")
    if not 0 <= studio.deposit_percent <= _WHOLE:
        raise FieldInvalid(field="deposit_percent", detail="from 0 to 100")


_RULE_FIELDS: Mapping[str, Reader] = {
    "is_on": bool,
    "anchor": str,
    "offset_days": int,
    "local_time": time.fromisoformat,
}


def edit_reminder_rule(unit: UnitOfWork, act: Act, args: ReminderRuleEdit) -> Outcome:
    """``reminder_rule.edit``. Raises RuleInvalid."""
    rule = unit.reminder_rules.get(act.tenant_id, args.id)
    outcome = apply_patch(rule, args.patch, entity="reminder_rule", fields=_RULE_FIELDS)
    if abs(rule.offset_days) > MAX_OFFSET_DAYS:
        raise RuleInvalid(detail=f"at most {MAX_OFFSET_DAYS} days from its anchor")
    if rule.local_time.minute % QUARTER_HOUR:
        raise RuleInvalid(detail="times are in steps of 15 minutes")
    rule.version += 1
    unit.record(ReminderRuleChanged(act.tenant_id, act.operation_id, rule.id))
    return outcome


def choose_reminder(
    unit: UnitOfWork, act: Act, args: ReminderChoose, *, choice: ReminderChoiceKind
) -> Outcome:
    """``reminder.hold | release | skip | send_now``; the latest choice for one planned mail counts."""
    booking = unit.bookings.get(act.tenant_id, args.booking_id)
    unit.reminder_rules.get(act.tenant_id, args.rule_id)
    row_id = act.new_id("choice")
    if unit.reminder_choices.find(act.tenant_id, row_id) is None:
        unit.reminder_choices.add(
            act.tenant_id,
            ReminderChoice(
                tenant_id=act.tenant_id,
                id=row_id,
                booking_id=booking.id,
                rule_id=args.rule_id,
                stage_position=args.stage_position,
                schedule_rev=booking.schedule_rev,
                choice=choice,
            ),
        )
    unit.record(
        ReminderChoiceMade(
            act.tenant_id, act.operation_id, booking.id, args.rule_id, args.stage_position, choice.value
        )
    )
    return Outcome()


def resolve_issue(unit: UnitOfWork, act: Act, args: IssueResolve) -> Outcome:
    """``issue.resolve``: the first to arrive resolves, a repeat changes nothing."""
    issue = unit.issues.get(act.tenant_id, args.id)
    if issue.state == "open":
        issue.state, issue.resolved_by, issue.resolution = "resolved", act.actor.id, args.resolution
    return Outcome()


def nothing_but_audit(unit: UnitOfWork, act: Act, args: Any) -> Outcome:  # noqa: ANN401 - AuditNote, kept by the audit alone
    """``audit.note``: the server's audit row of the operation is all."""
    del unit, act, args
    return Outcome()
