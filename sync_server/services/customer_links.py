"""What customers do by the links that we mail: look, move, cancel, take a document home, ask for a link.

Looking changes nothing. Each act spends its link in its own transaction, so a refused act keeps the link and
of many at once one wins. Paying is in ``payment_intents``: a pay link is spent when its stage is paid.
"""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import structlog

from shared.clock import local_date
from shared.errors import LinkEnded, SlotTaken
from shared.events import LinkAsked
from shared.ids import TenantId, new_id
from shared.models.act import Act, Actor, ActorKind
from shared.models.booking import Booking
from shared.models.slot import MAX_SLOT, Slot
from shared.models.states import CancelReason
from shared.policies.availability import Interval, free_days
from shared.policies.cancellation import (
    CancellationPreview,
    cancel_deadline,
    check_cancel_by_link,
)
from shared.policies.reschedule import check_move_by_link, may_move_by_link
from shared.services import booking_desk, rescheduling
from shared.services.slot_claims import held_resource_ids
from shared.sync_protocol.operations import BookingCancel, SlotArgs
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.across_studios import AcrossStudios
from sync_server.repositories.audit_log import AuditLog, AuditRow
from sync_server.services.action_links import ActionLinks, LinkGrant, LinkPurpose
from sync_server.services.link_cases import (
    OF_STAFF,
    BookingSight,
    LinkCase,
    LinkState,
    booking_sight,
    link_case,
)
from sync_server.services.rate_limits import RateLimits
from sync_server.services.studio_unit import StudioUnits

log = structlog.get_logger()

_MONTHS_AHEAD: Final = timedelta(days=366)


class CustomerLinks:
    """The use cases behind the customer pages."""

    def __init__(
        self, units: StudioUnits, links: ActionLinks, limits: RateLimits, *, across: AcrossStudios
    ) -> None:
        self._units = units
        self._links = links
        self._limits = limits
        self._across = across

    # --- looking --------------------------------------------------------------------------------------------

    def come_in(self, raw: str, *, ip: str, counts: bool) -> LinkGrant:
        """The link behind a raw token that still holds; raises LinkEnded, TooManyTries."""
        self.check_visits(ip)
        grant = self._links.find(raw)
        if grant is None or self.case(grant.tenant_id, grant.row.id).state is not LinkState.OPEN:
            raise LinkEnded
        if counts:
            self._links.count_view(grant)
        return grant

    def check_visits(self, ip: str) -> None:
        """Count one look at a link from this address; raises TooManyTries."""
        self._limits.hit("link_get_ip", ip)

    def case(self, tenant_id: TenantId, token_id: UUID) -> LinkCase:
        """The link and its subject as they stand now; raises LinkEnded when there is no such link."""
        grant = self._links.find_by_id(tenant_id, token_id)
        if grant is None:
            raise LinkEnded
        with self._units.reading(tenant_id) as (unit, now):
            return link_case(unit, now, grant)

    def free_days(self, sight: BookingSight) -> list[date]:
        """The days to which the booking can move, in order."""
        with self._units.reading(TenantId(sight.booking.tenant_id)) as (unit, now):
            return _free_days(unit, now, sight.booking)

    def preview(self, sight: BookingSight) -> CancellationPreview:
        """What a cancellation would do now."""
        tenant_id = TenantId(sight.booking.tenant_id)
        with self._units.reading(tenant_id) as (unit, now):
            act = Act(tenant_id, Actor(ActorKind.CUSTOMER, sight.booking.id), now, sight.booking.id)
            return booking_desk.preview(unit, act, unit.bookings.get(tenant_id, sight.booking.id))

    def was(self, case: LinkCase) -> Slot | None:
        """Where the booking stood before this link moved it."""
        tenant_id, row = case.grant.tenant_id, case.grant.row
        with self._units.reading(tenant_id) as (unit, _):
            before = AuditLog(unit.session).before_of(
                tenant_id, row.subject_id, actor_id=row.id, action=_action(case.purpose)
            )
        return None if not before else SlotArgs.model_validate(before["slot"]).slot()

    def host_studio(self) -> TenantId | None:
        """The studio of this host when it serves only one: whose name stands on pages without a link."""
        studios = self._across.active_studios()
        return TenantId(studios[0]) if len(studios) == 1 else None

    # --- acting ---------------------------------------------------------------------------------------------

    def check_tries(self, token_id: UUID) -> None:
        """Count one POST with this link; raises TooManyTries."""
        self._limits.hit("link_post_token", str(token_id))

    def open(self, case: LinkCase, *, ip: str) -> None:
        """Spend a link whose act is to open something; who opened it before is let in again."""
        if case.state is LinkState.ENDED:
            raise LinkEnded
        if case.state is LinkState.DONE:
            return
        try:
            with self._units.transaction(case.grant.tenant_id) as (unit, _):
                self._links.spend(unit, case.grant, ip=ip)
                _audit(unit, case.grant, ip=ip)
        except LinkEnded:
            if self.case(case.grant.tenant_id, case.grant.row.id).state is not LinkState.DONE:
                raise

    def move(self, grant: LinkGrant, *, day: date, ip: str) -> None:
        """Move the booking to a free day at the same wall times.

        Raises LinkEnded, TooLateToChange, SlotTaken, SlotBlocked; then nothing has changed, the link holds.
        """
        with self._units.transaction(grant.tenant_id) as (unit, now):
            act, booking = self._begin(unit, now, grant, purpose=LinkPurpose.RESCHEDULE, ip=ip)
            sight = booking_sight(unit, now, grant.tenant_id, booking_id=booking.id)
            assert sight is not None, "the link's case has just found it"
            check_move_by_link(sight.policy, event_date=booking.start_date, zone=booking.zone, at=now)
            if day not in _free_days(unit, now, booking):
                raise SlotTaken
            seen = booking.slot
            rescheduling.move(unit, act, booking.id, slot=seen.on(day), expected_slot=seen)
        log.info("booking_moved_by_link", tenant_id=str(grant.tenant_id), booking_id=str(booking.id))

    def cancel(self, grant: LinkGrant, *, reason: str, preview_hash: str, ip: str) -> None:
        """Cancel the booking and ask for what its policy gives back.

        Raises LinkEnded, TooLateToChange, PreviewOutdated; then nothing has changed and the link holds.
        """
        with self._units.transaction(grant.tenant_id) as (unit, now):
            act, booking = self._begin(unit, now, grant, purpose=LinkPurpose.CANCEL, ip=ip)
            sight = booking_sight(unit, now, grant.tenant_id, booking_id=booking.id)
            assert sight is not None, "the link's case has just found it"
            check_cancel_by_link(sight.policy, event_date=booking.start_date, zone=booking.zone, at=now)
            args = BookingCancel(
                id=booking.id,
                reason=CancelReason.CUSTOMER,
                refund=True,
                preview_hash=preview_hash,
                note=reason,
            )
            booking_desk.cancel(unit, act, args)
        log.info("booking_cancelled_by_link", tenant_id=str(grant.tenant_id), booking_id=str(booking.id))

    def _begin(
        self, unit: UnitOfWork, now: datetime, grant: LinkGrant, *, purpose: LinkPurpose, ip: str
    ) -> tuple[Act, Booking]:
        """Spend the link, check again that it holds, and act in the customer's name."""
        if grant.purpose is not purpose or link_case(unit, now, grant).state is not LinkState.OPEN:
            raise LinkEnded
        self._links.spend(unit, grant, ip=ip)
        act = self.act(grant, now)
        unit.begin_act(act)
        booking = unit.bookings.get(grant.tenant_id, grant.row.subject_id)
        _audit(unit, grant, ip=ip, before={"slot": SlotArgs.of(booking.slot).model_dump(mode="json")})
        return act, booking

    def act(self, grant: LinkGrant, now: datetime) -> Act:
        """A customer's act by this link: the link is both who acts and which operation it is."""
        return Act(grant.tenant_id, Actor(ActorKind.CUSTOMER, grant.row.id), now, grant.row.id)

    # --- asking for links -----------------------------------------------------------------------------------

    def ask(self, sight: BookingSight, purpose: LinkPurpose, subject_id: UUID) -> None:
        """Mail the link of an act to the booking's address; raises TooManyTries."""
        self._limits.hit("new_link_subject", f"{subject_id}:{purpose.value}")
        self._record_asked(sight, purpose, subject_id)

    def renew(self, tenant_id: TenantId, token_id: UUID) -> None:
        """Mail a new link in the place of one that has ended: of its purpose, or one that shows what is so.

        Says nothing about the link: who asks learns the same of every one. Raises TooManyTries.
        """
        case = self.case(tenant_id, token_id)
        if case.sight is None or case.purpose in OF_STAFF:
            return
        self._limits.hit("new_link_subject", str(case.grant.row.subject_id))
        sight, subject_id = case.sight, case.grant.row.subject_id
        purpose = case.purpose
        if not _still_makes_sense(case):
            purpose, subject_id = LinkPurpose.VIEW, sight.booking.id
        self._record_asked(sight, purpose, subject_id)

    def _record_asked(self, sight: BookingSight, purpose: LinkPurpose, subject_id: UUID) -> None:
        tenant_id = TenantId(sight.booking.tenant_id)
        with self._units.transaction(tenant_id) as (unit, _):
            unit.record(LinkAsked(tenant_id, new_id(), sight.booking.id, purpose.value, subject_id))
        log.info("link_asked", tenant_id=str(tenant_id), booking_id=str(sight.booking.id), purpose=purpose)


def may_move(sight: BookingSight) -> bool:
    """Whether the customer may still move this booking by a link."""
    booking = sight.booking
    return booking.is_active and may_move_by_link(
        sight.policy, event_date=booking.start_date, zone=booking.zone, at=sight.now
    )


def may_cancel(sight: BookingSight) -> bool:
    """Whether the customer may still cancel this booking by a link."""
    booking = sight.booking
    until = cancel_deadline(sight.policy, event_date=booking.start_date, zone=booking.zone)
    return booking.is_active and sight.now < until


def _still_makes_sense(case: LinkCase) -> bool:
    sight = case.of_booking()
    match case.purpose:
        case LinkPurpose.RESCHEDULE:
            return may_move(sight)
        case LinkPurpose.CANCEL:
            return may_cancel(sight)
        case LinkPurpose.PAY:
            return case.stage is not None and case.stage.is_payable and sight.booking.is_active
        case _:
            return True


def _free_days(unit: UnitOfWork, now: datetime, booking: Booking) -> list[date]:
    tenant_id = booking.tenant_id
    resource_ids = held_resource_ids(unit, tenant_id, booking.id)
    window = {"starts_at": now, "ends_at": now + _MONTHS_AHEAD + MAX_SLOT}
    taken = unit.booking_resources.busy(tenant_id, resource_ids, **window)
    blocks = unit.blocks.touching(tenant_id, resource_ids, **window)
    busy: list[list[Interval]] = [
        [(one.starts_at, one.ends_at) for one in taken if one.booking_id != booking.id]
    ]
    tomorrow = local_date(now, booking.zone) + timedelta(days=1)
    days = free_days(booking.slot, busy, [(one.starts_at, one.ends_at) for one in blocks], from_date=tomorrow)
    return [day for day in days if day != booking.start_date or not booking.blocks]


def _action(purpose: LinkPurpose) -> str:
    return f"link.{purpose.value}"


def _audit(unit: UnitOfWork, grant: LinkGrant, *, ip: str, before: dict[str, Any] | None = None) -> None:
    row = AuditRow(
        actor=ActorKind.CUSTOMER,
        actor_id=grant.row.id,
        action=_action(grant.purpose),
        entity=grant.row.subject_type,
        entity_id=grant.row.subject_id,
        before=before,
        ip=ip,
    )
    AuditLog(unit.session).add(grant.tenant_id, [row])
