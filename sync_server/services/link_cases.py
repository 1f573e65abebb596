"""What a link is about as things stand now, and whether it still holds: asked by every page and every act."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from shared.ids import TenantId
from shared.models.booking import Booking, BookingLine
from shared.models.document import Document
from shared.models.payment import PaymentStage
from shared.models.states import BookingStatus, ResourceKind
from shared.models.studio import Customer, Studio
from shared.policies.cancellation import CancellationPolicy
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.sessions import Credential, Sessions
from sync_server.services.action_links import OPENING, LinkGrant, LinkPurpose
from sync_server.services.addresses import address_hash

OF_BOOKING: Final = frozenset({LinkPurpose.VIEW, LinkPurpose.RESCHEDULE, LinkPurpose.CANCEL})
ACTING: Final = frozenset({LinkPurpose.RESCHEDULE, LinkPurpose.CANCEL})
OF_STAFF: Final = frozenset({LinkPurpose.STAFF_SETUP, LinkPurpose.PASSWORD_RESET})


class LinkState(StrEnum):
    """How a link stands."""

    OPEN = "open"
    DONE = "done"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class BookingSight:
    """A booking with all that its customer may see."""

    now: datetime
    studio: Studio
    customer: Customer
    booking: Booking
    stages: Sequence[PaymentStage]
    lines: Sequence[BookingLine]
    documents: Sequence[Document]
    people: Sequence[str]

    @property
    def language(self) -> str:
        """The studio's language."""
        return self.studio.language or "en"

    @property
    def policy(self) -> CancellationPolicy:
        """The policy that was frozen into the booking."""
        return CancellationPolicy.from_json(self.booking.policy or {"currency": self.booking.currency})


@dataclass(frozen=True, kw_only=True)
class LinkCase:
    """A link, how it stands, and its subject; what the purpose does not speak of is None."""

    grant: LinkGrant
    state: LinkState
    now: datetime
    studio: Studio
    sight: BookingSight | None = None
    stage: PaymentStage | None = None
    document: Document | None = None
    credential: Credential | None = None

    @property
    def purpose(self) -> LinkPurpose:
        """What the link is good for."""
        return self.grant.purpose

    @property
    def same_address(self) -> bool:
        """Whether the booking's mails still go where this link went."""
        return self.sight is not None and _same_address(self.grant, self.sight)

    def of_booking(self) -> BookingSight:
        """The booking; asked for links of bookings only."""
        assert self.sight is not None, "this purpose is about a booking"
        return self.sight


def link_case(unit: UnitOfWork, now: datetime, grant: LinkGrant) -> LinkCase:
    """The link's row and subject, read in this transaction."""
    tenant_id, row, purpose = grant.tenant_id, grant.row, grant.purpose
    studio = unit.studios.settings(tenant_id)
    if purpose in OF_STAFF:
        credential = Sessions(unit.session).credential(tenant_id, row.subject_id)
        return LinkCase(
            grant=grant,
            state=_of_staff(grant, credential, now),
            now=now,
            studio=studio,
            credential=credential,
        )
    stage = unit.stages.find(tenant_id, row.subject_id) if purpose is LinkPurpose.PAY else None
    document = unit.documents.find(tenant_id, row.subject_id) if purpose is LinkPurpose.INVOICE else None
    about = stage or document
    booking_id = row.subject_id if purpose in OF_BOOKING else about.booking_id if about else None
    sight = booking_sight(unit, now, tenant_id, booking_id=booking_id) if booking_id is not None else None
    return LinkCase(
        grant=grant,
        state=LinkState.ENDED if sight is None else _of_customer(grant, sight, stage, now),
        now=now,
        studio=studio,
        sight=sight,
        stage=stage,
        document=document,
    )


def booking_sight(
    unit: UnitOfWork, now: datetime, tenant_id: TenantId, *, booking_id: UUID
) -> BookingSight | None:
    """The booking as its customer may see it; None when either is no more."""
    booking = unit.bookings.find(tenant_id, booking_id)
    customer = unit.customers.find(tenant_id, booking.customer_id) if booking is not None else None
    if booking is None or customer is None:
        return None
    held = unit.booking_resources.of_booking(tenant_id, booking_id)
    found = [unit.resources.find(tenant_id, one.resource_id) for one in held]
    return BookingSight(
        now=now,
        studio=unit.studios.settings(tenant_id),
        customer=customer,
        booking=booking,
        stages=unit.stages.of_booking(tenant_id, booking_id),
        lines=unit.booking_lines.of_booking(tenant_id, booking_id),
        documents=unit.documents.of_booking(tenant_id, booking_id),
        people=[one.name for one in found if one is not None and one.kind is ResourceKind.PERSON],
    )


def _of_customer(
    grant: LinkGrant, sight: BookingSight, stage: PaymentStage | None, now: datetime
) -> LinkState:
    row = grant.row
    if stage is not None and stage.is_paid:
        return LinkState.DONE
    same_address = _same_address(grant, sight)
    if row.used_at is not None:
        stays = grant.purpose not in OPENING or (row.revoked_at is None and same_address)
        return LinkState.DONE if stays else LinkState.ENDED
    if not row.is_valid(now) or not same_address:
        return LinkState.ENDED
    if stage is not None:
        holds = stage.is_payable and stage.rev == row.subject_rev and sight.booking.is_active
    elif grant.purpose in OF_BOOKING:
        holds = sight.booking.schedule_rev == row.subject_rev and (
            grant.purpose not in ACTING or sight.booking.is_active
        )
    else:
        holds = True
    return LinkState.OPEN if holds else LinkState.ENDED


def _same_address(grant: LinkGrant, sight: BookingSight) -> bool:
    return grant.row.email_hash == address_hash(sight.customer.email)


def _of_staff(grant: LinkGrant, credential: Credential | None, now: datetime) -> LinkState:
    row = grant.row
    if row.used_at is not None:
        return LinkState.DONE
    if credential is None or credential.disabled_at is not None or not row.is_valid(now):
        return LinkState.ENDED
    same_address = row.email_hash == address_hash(credential.email)
    same_rev = grant.purpose is not LinkPurpose.PASSWORD_RESET or credential.sv == row.subject_rev
    return LinkState.OPEN if same_address and same_rev else LinkState.ENDED


def is_over(booking: Booking) -> bool:
    """Whether nothing about this booking can be changed any more."""
    return booking.status in (BookingStatus.CANCELLED, BookingStatus.COMPLETED)
