"""Writes one mail: the values of its kind as things stand now, with links rebuilt at this moment.

A queue row holds ids only; tokens and links exist in the mail and nowhere else.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from shared.clock import local_date
from shared.mail_text import wording
from shared.mail_text.letter_styles import LetterColours
from shared.mail_text.letters import MailBranding, RenderedMail, render_mail
from shared.mail_text.placeholders import KINDS, MailValue
from shared.models.states import Channel
from shared.models.studio import Studio
from shared.policies.brand_colour import brand_colours
from shared.unit_of_work import UnitOfWork
from sync_server.repositories.reminders import PlannedBookings
from sync_server.services import booking_words
from sync_server.services.mail_cases import MailCase

LINK_IN_LOG: Final = "[link]"
_LOGO_CID: Final = "logo"

InlineImage = tuple[str, str, bytes]
"""Content id, media type, bytes."""

ReadLogo = Callable[[UUID, str], tuple[str, bytes] | None]
"""Media type and bytes of a studio's image by its hash, or None."""

ACTION_WORDS: Final[Mapping[str, str]] = {
    "view": "see your booking",
    "reschedule": "move your booking",
    "cancel": "cancel your booking",
    "pay": "pay",
    "invoice": "see your invoice",
}
_WITH_BOOKING_LINK: Final = frozenset(
    {"booking_confirmed", "before_event", "payment_received", "fully_paid", "rescheduled"}
)
_WITH_PAY_LINK: Final = frozenset({"pay_link", "balance_due", "overdue"})
_WITH_DOCUMENT_LINK: Final = frozenset({"invoice", "credit_note"})
_WITH_ACTION_LINK: Final = frozenset({"new_link", "staff_setup", "password_reset"})


@dataclass(frozen=True)
class MailedLink:
    """A link as it stands in a mail, and when it ends."""

    url: str
    ends_at: datetime


@dataclass(frozen=True)
class MailLink:
    """A link that a mail needs: what for, about what, sent to whom."""

    purpose: str
    subject_id: UUID
    email: str


class MailLinks(Protocol):
    """Makes the links of mails, or the same ones again while they are valid."""

    def mailed_many(
        self, unit: UnitOfWork, tenant_id: UUID, wanted: Sequence[MailLink], *, now: datetime
    ) -> Mapping[MailLink, MailedLink]:
        """Each link that is wanted."""
        ...


@dataclass(frozen=True)
class Letter:
    """A written mail, and its text as staff may read it later: without links."""

    rendered: RenderedMail
    text_for_log: str
    inline_images: tuple[InlineImage, ...] = ()

    @classmethod
    def unwritten(cls) -> "Letter":
        """Of a mail that was not or cannot be written: nothing to show."""
        return cls(RenderedMail("", "", ""), "")


@dataclass(frozen=True)
class LetterPlan:
    """All that a letter will say; it is worded when nobody waits for the studio any more."""

    kind: str
    language: str
    values: Mapping[str, MailValue]
    branding: MailBranding
    logo: tuple[InlineImage, ...]
    urls: Sequence[str]

    def written(self) -> Letter:
        """The letter; raises TemplateBroken."""
        rendered = render_mail(self.kind, self.language, self.values, branding=self.branding)
        text = rendered.text
        for url in self.urls:
            text = text.replace(url, LINK_IN_LOG)
        return Letter(rendered, text, self.logo)


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
        bookings = {case.booking.id for case in cases if case.booking is not None}
        people = PlannedBookings(unit.session).people(tenant_id, bookings) if bookings else {}
        studio = cases[0].studio
        logo = self._logo(studio)
        branding = _branding(studio, with_logo=bool(logo))
        pages = [
            _Page(unit, case, now, links={link.purpose: links[link] for link in of_one}, people=people)
            for case, of_one in zip(cases, wanted, strict=True)
        ]
        return [
            LetterPlan(
                kind=page.case.row.kind,
                language=studio.language or "en",
                values=page.values(),
                branding=branding,
                logo=logo,
                urls=page.urls,
            )
            for page in pages
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
    if kind in _WITH_BOOKING_LINK and case.booking is not None:
        found.append(MailLink("view", case.booking.id, case.recipient))
    if kind in _WITH_PAY_LINK and case.stage is not None:
        found.append(MailLink("pay", case.stage.id, case.recipient))
    if kind in _WITH_DOCUMENT_LINK and case.document is not None:
        found.append(MailLink("invoice", case.document.id, case.recipient))
    if kind in _WITH_ACTION_LINK and case.row.subject_id is not None:
        found.append(MailLink(_action_of(case), case.row.subject_id, case.recipient))
    return found


def _action_of(case: MailCase) -> str:
    return str((case.row.values or {}).get("purpose", case.row.kind))


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


class _Page:
    """The values of one mail."""

    def __init__(
        self,
        unit: UnitOfWork,
        case: MailCase,
        now: datetime,
        *,
        links: Mapping[str, MailedLink],
        people: Mapping[UUID, Sequence[str]],
    ) -> None:
        self._unit = unit
        self.case = case
        self._now = now
        self._links = links
        self._people = people
        self._language = case.studio.language or "en"
        self.urls: list[str] = []

    def values(self) -> dict[str, MailValue]:
        """Every value that applies; the allowed names of the kind decide which stay."""
        case = self.case
        kind = case.row.kind
        found: dict[str, MailValue] = {"signature_name": case.studio.signature.partition("\n")[0]}
        if case.customer is not None:
            found["greeting_name"] = wording.given_name(case.customer.name)
        if case.booking is not None:
            found |= self._about_booking()
        if kind in _WITH_BOOKING_LINK and case.booking is not None:
            found["booking_link"] = self._link("view").url
        found |= self._own[kind](self) if kind in self._own else {}
        allowed = KINDS[kind].allowed
        return {name: value for name, value in found.items() if value and name in allowed} | {
            name: found.get(name, "") for name in KINDS[kind].required if name != "studio_name"
        }

    def _about_booking(self) -> dict[str, MailValue]:
        case, language = self.case, self._language
        assert case.booking is not None, "asked for a booking's mail only"
        booking = case.booking
        found: dict[str, MailValue] = dict(booking_words.event_values(booking, language))
        if not booking.place:
            found.pop("start_time")  # "14:00 at …" has no place to name
        return found | {
            "who": wording.names(self._people.get(booking.id, ()), language),
            "price": booking_words.price_words(booking, language),
            "still_to_pay": booking_words.still_to_pay(case.stages, language),
            "time_to_go": booking_words.time_to_go(booking, self._now),
        }

    def _link(self, purpose: str) -> MailedLink:
        """One of the links that :func:`_links_of` has asked for."""
        link = self._links[purpose]
        self.urls.append(link.url)
        return link

    def _money(self, amount_minor: int, currency: str) -> str:
        return wording.money_text(amount_minor, currency, self._language)

    def _until(self, link: MailedLink) -> str:
        zone = self.case.booking.zone if self.case.booking is not None else self.case.studio.zone
        return wording.long_date(booking_words.last_day(link.ends_at, zone), self._language)

    # --- what only one kind says ----------------------------------------------------------------------------

    def _payment(self) -> dict[str, MailValue]:
        booking, stage = self.case.booking, self.case.stage
        assert booking is not None, "a payment belongs to a booking"
        assert stage is not None, "asked for one stage"
        link = self._link("pay")
        held_until = booking.hold_ends_at
        return {
            "stage_name": booking_words.STAGE_WORDS[stage.kind],
            "amount": self._money(stage.amount_minor, stage.currency),
            "due_date": wording.long_date(stage.due_local_date, self._language),
            "due_day": wording.day_date(stage.due_local_date, self._language),
            "pay_link": link.url,
            "link_until": self._until(link),
            "breakdown": booking_words.breakdown(booking, self.case.stages, stage, language=self._language),
            "hold_until": wording.long_date(booking_words.last_day(held_until, booking.zone), self._language)
            if held_until is not None
            else "",
            "policy": booking_words.policy_words(
                booking, self.case.stages, self._now, language=self._language
            ),
        }

    def _confirmed(self) -> dict[str, MailValue]:
        case, language = self.case, self._language
        assert case.booking is not None, "a confirmation is about a booking"
        booking = case.booking
        lines = self._unit.booking_lines.of_booking(booking.tenant_id, booking.id)
        parts = [part for line in lines for part in (line.text, line.detail) if part]
        paid = [stage for stage in case.stages if stage.is_paid]
        return {
            "what": ", ".join(parts),
            "paid": booking_words.paid_words(booking, case.stages, language),
            "stage_name": booking_words.STAGE_WORDS[paid[-1].kind] if paid else "",
            "booked_on": wording.plain_date(local_date(booking.created_at, booking.zone), language)
            if booking.created_at is not None
            else "",
            "policy": booking_words.policy_words(booking, case.stages, self._now, language=language),
        }

    def _received(self) -> dict[str, MailValue]:
        booking = self.case.booking
        assert booking is not None, "a payment belongs to a booking"
        paid = [stage for stage in self.case.stages if stage.paid_at is not None]
        last = max(paid, key=lambda stage: (stage.paid_at, stage.position), default=None)
        stage = self.case.stage or last
        if stage is None or stage.paid_at is None:
            return {}
        return {
            "stage_name": booking_words.STAGE_WORDS[stage.kind],
            "amount": self._money(stage.received_minor, stage.currency),
            "paid_on": wording.long_date(local_date(stage.paid_at, booking.zone), self._language),
            "paid_by": stage.paid_words,
        }

    def _rescheduled(self) -> dict[str, MailValue]:
        return {"old_date": str((self.case.row.values or {}).get("old_date", ""))}

    def _cancelled(self) -> dict[str, MailValue]:
        booking = self.case.booking
        assert booking is not None, "a cancellation is about a booking"
        received_minor = sum(stage.received_minor for stage in self.case.stages)
        back_minor = sum(stage.refund_reserved_minor for stage in self.case.stages)
        if back_minor == 0:
            return {}
        ways = {stage.paid_words for stage in self.case.stages if stage.refund_reserved_minor}
        kept_minor = received_minor - back_minor
        return {
            "refund_amount": self._money(back_minor, booking.currency),
            "kept_amount": self._money(kept_minor, booking.currency) if kept_minor else "",
            "refund_to": ways.pop() if len(ways) == 1 else "",
        }

    def _refunded(self) -> dict[str, MailValue]:
        refund, stage, booking = self.case.refund, self.case.stage, self.case.booking
        assert refund is not None, "asked for a refund's mail only"
        assert stage is not None, "a refund gives back what a stage has received"
        assert booking is not None, "a refund belongs to a booking"
        day = local_date(refund.settled_at or self._now, booking.zone)
        by_card = refund.channel is Channel.CARD
        return {
            "amount": self._money(refund.amount_minor, refund.currency),
            "refunded_on": wording.long_date(day, self._language),
            "refund_to": stage.paid_words if by_card else "",
            "bank_by": wording.long_date(wording.bank_shows_by(day), self._language) if by_card else "",
        }

    def _document(self) -> dict[str, MailValue]:
        document = self.case.document
        assert document is not None, "asked for a document's mail only"
        link = self._link("invoice")
        credited = (
            self._unit.documents.find(document.tenant_id, document.refers_to)
            if document.refers_to is not None
            else None
        )
        return {
            "invoice_number": document.printed_number,
            "invoice_link": link.url,
            "link_until": self._until(link),
            "amount": self._money(document.total_minor, document.currency),
            "credited_number": credited.printed_number if credited is not None else "",
        }

    def _action(self) -> dict[str, MailValue]:
        purpose = _action_of(self.case)
        link = self._link(purpose)
        return {
            "action_link": link.url,
            "action": ACTION_WORDS.get(purpose, ""),
            "link_until": self._until(link),
        }

    def _alert(self) -> dict[str, MailValue]:
        values = self.case.row.values or {}
        return {name: str(values.get(name, "")) for name in ("alert_title", "alert_text")}

    def _changed(self) -> dict[str, MailValue]:
        studio = self.case.studio
        return {"changed_at": wording.moment(self.case.row.due_at, studio.zone, self._language)}

    _own: Final[Mapping[str, Callable[["_Page"], dict[str, MailValue]]]] = {
        "pay_link": _payment,
        "balance_due": _payment,
        "overdue": _payment,
        "booking_confirmed": _confirmed,
        "payment_received": _received,
        "fully_paid": _received,
        "rescheduled": _rescheduled,
        "cancelled": _cancelled,
        "refund_settled": _refunded,
        "invoice": _document,
        "credit_note": _document,
        "new_link": _action,
        "staff_setup": _action,
        "password_reset": _action,
        "password_changed": _changed,
        "studio_alert": _alert,
    }
