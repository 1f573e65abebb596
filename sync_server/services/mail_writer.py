"""Plans the letters of queued mails, with links rebuilt at this moment.

A queue row holds ids only; tokens and links exist in the mail and nowhere else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from shared.mail_text.letter_styles import LetterColours
from shared.mail_text.letters import MailBranding
from shared.models.booking import Booking
from shared.models.payment import PaymentStage
from shared.models.studio import Studio
from shared.policies.brand_colour import brand_colours
from shared.unit_of_work import UnitOfWork
from sync_server.services.mail_cases import MailCase
from sync_server.services.mail_values import (
    WITH_BOOKING_LINK,
    InlineImage,
    LetterPlan,
    MailedLink,
    action_of,
)

ReadLogo = Callable[[UUID, str], tuple[str, bytes] | None]
"""Media type and bytes of a studio's image by its hash, or None."""

_LOGO_CID: Final = "logo"
_WITH_PAY_LINK: Final = frozenset({"pay_link", "balance_due", "overdue"})
_WITH_DOCUMENT_LINK: Final = frozenset({"invoice", "credit_note"})
_WITH_ACTION_LINK: Final = frozenset({"new_link", "staff_setup", "password_reset"})


@dataclass(frozen=True)
class MailLink:
    """A link that a mail needs: what for, about what, sent to whom.

    ``about`` is the subject as it stands under the studio's lock, where it has been read.
    """

    purpose: str
    subject_id: UUID
    email: str
    about: Booking | PaymentStage | None = field(default=None, compare=False)


class MailLinks(Protocol):
    """Makes the links of mails, or the same ones again while they are valid."""

    def mailed_many(
        self, unit: UnitOfWork, tenant_id: UUID, wanted: Sequence[MailLink], *, now: datetime
    ) -> Mapping[MailLink, MailedLink]:
        """Each link that is wanted."""
        ...


class MailWriter:
    """Turns cases into what their letters say, inside the transaction that keeps the links' hashes."""

    def __init__(self, links: MailLinks, logos: ReadLogo | None = None) -> None:
        self._links = links
        self._logos = logos

    def plan(self, unit: UnitOfWork, cases: Sequence[MailCase], now: datetime) -> list[LetterPlan]:
        """What the letters of some cases of one studio say as things stand now, in their order."""
        if not cases:
            return []
        tenant_id = cases[0].row.tenant_id
        wanted = [_links_of(case) for case in cases]
        every = [link for of_one in wanted for link in of_one]
        links = self._links.mailed_many(unit, tenant_id, every, now=now)
        studio = cases[0].studio
        logo = self._logo(studio)
        branding = _branding(studio, with_logo=bool(logo))
        return [
            LetterPlan(
                case=case,
                now=now,
                links={link.purpose: links[link] for link in of_one},
                branding=branding,
                logo=logo,
            )
            for case, of_one in zip(cases, wanted, strict=True)
        ]

    def _logo(self, studio: Studio) -> tuple[InlineImage, ...]:
        """The studio's logo as an image inside the mail; none where its bytes have not arrived yet."""
        if self._logos is None or studio.logo_sha256 is None:
            return ()
        found = self._logos(studio.tenant_id, studio.logo_sha256)
        return () if found is None else ((_LOGO_CID, *found),)


def _links_of(case: MailCase) -> list[MailLink]:
    """Which links a mail of this kind needs."""
    kind, found = case.row.kind, []
    if kind in WITH_BOOKING_LINK and case.booking is not None:
        found.append(MailLink("view", case.booking.id, case.recipient, case.booking))
    if kind in _WITH_PAY_LINK and case.stage is not None:
        found.append(MailLink("pay", case.stage.id, case.recipient, case.stage))
    if kind in _WITH_DOCUMENT_LINK and case.document is not None:
        found.append(MailLink("invoice", case.document.id, case.recipient))
    if kind in _WITH_ACTION_LINK and case.row.subject_id is not None:
        found.append(MailLink(action_of(case), case.row.subject_id, case.recipient))
    return found


def _branding(studio: Studio, *, with_logo: bool) -> MailBranding:
    accents = brand_colours(studio.brand_color).light
    address = ", ".join(part for part in (studio.street, studio.postal_city, studio.country) if part)
    return MailBranding(
        studio_name=studio.name,
        address=address,
        phone=studio.phone,
        phone_hours="",
        colours=LetterColours(accents.accent, accents.on_accent, accents.accent_soft),
        logo_cid=_LOGO_CID if with_logo else None,
        practice=studio.practice,
    )
