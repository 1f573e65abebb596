"""What one mail says: the values of its kind, as things stood when it was planned, and its words.

Nothing is asked here: :func:`sync_server.services.mail_cases.load_cases` has read what a mail speaks of.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final

from shared.clock import local_date
from shared.mail_text import wording
from shared.mail_text.letters import MailBranding, RenderedMail, render_mail
from shared.mail_text.placeholders import KINDS, MailValue
from shared.models.states import Channel
from sync_server.services import booking_words
from sync_server.services.mail_cases import MailCase

LINK_IN_LOG: Final = "[link]"

InlineImage = tuple[str, str, bytes]
"""Content id, media type, bytes."""

ACTION_WORDS: Final[Mapping[str, str]] = {
    "view": "see your booking",
    "reschedule": "move your booking",
    "cancel": "cancel your booking",
    "pay": "pay",
    "invoice": "see your invoice",
}
WITH_BOOKING_LINK: Final = frozenset(
    {"booking_confirmed", "before_event", "payment_received", "fully_paid", "rescheduled"}
)
"""Kinds that lead to the booking's page."""


@dataclass(frozen=True)
class MailedLink:
    """A link as it stands in a mail, and when it ends."""

    url: str
    ends_at: datetime


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


def action_of(case: MailCase) -> str:
    """The purpose of the link that a mail of an action carries."""
    return str((case.row.values or {}).get("purpose", case.row.kind))


@dataclass(frozen=True, kw_only=True)
class LetterPlan:
    """All that a letter will say; it is worded when nobody waits for the studio any more."""

    case: MailCase
    now: datetime
    links: Mapping[str, MailedLink]
    """By purpose."""
    branding: MailBranding
    logo: tuple[InlineImage, ...] = ()

    @property
    def _language(self) -> str:
        return self.case.studio.language or "en"

    def written(self) -> Letter:
        """The letter; raises TemplateBroken."""
        rendered = render_mail(self.case.row.kind, self._language, self._values(), branding=self.branding)
        text = rendered.text
        for link in self.links.values():
            text = text.replace(link.url, LINK_IN_LOG)
        return Letter(rendered, text, self.logo)

    def _values(self) -> dict[str, MailValue]:
        """Every value that applies; the allowed names of the kind decide which stay."""
        case = self.case
        kind = case.row.kind
        found: dict[str, MailValue] = {"signature_name": case.studio.signature.partition("\n")[0]}
        if case.customer is not None:
            found["greeting_name"] = wording.given_name(case.customer.name)
        if case.booking is not None:
            found |= self._about_booking()
        if kind in WITH_BOOKING_LINK and case.booking is not None:
            found["booking_link"] = self.links["view"].url
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
            "who": wording.names(case.people, language),
            "price": booking_words.price_words(booking, language),
            "still_to_pay": booking_words.still_to_pay(case.stages, language),
            "time_to_go": booking_words.time_to_go(booking, self.now),
        }

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
        link = self.links["pay"]
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
                booking, self.case.stages, self.now, language=self._language
            ),
        }

    def _confirmed(self) -> dict[str, MailValue]:
        case, language = self.case, self._language
        assert case.booking is not None, "a confirmation is about a booking"
        booking = case.booking
        parts = [part for line in case.lines for part in (line.text, line.detail) if part]
        paid = [stage for stage in case.stages if stage.is_paid]
        return {
            "what": ", ".join(parts),
            "paid": booking_words.paid_words(booking, case.stages, language),
            "stage_name": booking_words.STAGE_WORDS[paid[-1].kind] if paid else "",
            "booked_on": wording.plain_date(local_date(booking.created_at, booking.zone), language)
            if booking.created_at is not None
            else "",
            "policy": booking_words.policy_words(booking, case.stages, self.now, language=language),
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
        day = local_date(refund.settled_at or self.now, booking.zone)
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
        link = self.links["invoice"]
        return {
            "invoice_number": document.printed_number,
            "invoice_link": link.url,
            "link_until": self._until(link),
            "amount": self._money(document.total_minor, document.currency),
            "credited_number": self.case.credited_number,
        }

    def _action(self) -> dict[str, MailValue]:
        purpose = action_of(self.case)
        link = self.links[purpose]
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

    _own: ClassVar[Mapping[str, Callable[["LetterPlan"], dict[str, MailValue]]]] = {
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
