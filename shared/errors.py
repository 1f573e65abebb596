"""Every failure that a person may be told about, with a stable code and one plain sentence.

The tree::

    DomainError
    ├── BadInput            what was typed or sent cannot be used (HTTP 422)
    ├── Refused             the studio's rules say no now (409)
    ├── MoneyRefused        there is no such money to give back (402)
    ├── NotAllowed          this person may not do it (403)
    ├── NotFound            it does not exist, or is another studio's (404, 410)
    ├── NotSignedIn         sign in first (401)
    ├── TooMuch             too large or too many (413, 429)
    └── Unavailable         a machine outside does not answer (503)

A leaf's docstring is the sentence; ``{name}`` in it is filled from the error's details. A broken promise of
our own code is an assertion, never one of these.
"""

import inspect
from typing import ClassVar


class DomainError(Exception):
    """Something went wrong."""

    code: ClassVar[str] = ""

    def __init__(self, **details: object) -> None:
        super().__init__(self.code, details)
        self.details = details

    @property
    def sentence(self) -> str:
        """What the person reads."""
        words = inspect.cleandoc(type(self).__doc__ or "")
        return words.format_map(_Blank(self.details))

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class _Blank(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


class BadInput(DomainError):
    """This cannot be used as it is."""


class Refused(DomainError):
    """This is not possible now."""


class MoneyRefused(DomainError):
    """This money cannot be given back."""


class NotAllowed(DomainError):
    """Your role does not allow this."""


class NotFound(DomainError):
    """This does not exist."""


class NotSignedIn(DomainError):
    """Please sign in to sync."""


class TooMuch(DomainError):
    """This is too much at once."""


class Unavailable(DomainError):
    """The service does not answer. Please try again in a moment."""


# --- input ----------------------------------------------------------------------------------------


class BadArgs(BadInput):
    """This change cannot be read: {detail}."""

    code = "bad_args"


class FieldInvalid(BadInput):
    """{field}: {detail}."""

    code = "field_invalid"


class ZoneUnknown(BadInput):
    """The time zone {zone} does not exist."""

    code = "zone_unknown"


class SlotInvalid(BadInput):
    """The end must come after the start, and a booking lasts at most 31 days."""

    code = "slot_invalid"


class CurrencyUnknown(BadInput):
    """The currency {currency} does not exist."""

    code = "currency_unknown"


class CurrencyDiffers(BadInput):
    """The amount does not fit: {found} instead of {expected}."""

    code = "currency_differs"


class AmountInvalid(BadInput):
    """The amount does not fit: {detail}."""

    code = "amount_invalid"


class AmountTooSmall(BadInput):
    """The amount does not fit: a card cannot be charged {amount}, the least is {least}."""

    code = "amount_too_small"


class ManualAmountDiffers(BadInput):
    """The amount does not fit: this stage is {expected}."""

    code = "manual_amount_differs"


class PlanSumDiffers(BadInput):
    """The amount does not fit: the stages do not add up to the price."""

    code = "plan_sum_differs"


class BadContent(BadInput):
    """The document does not add up; please report this."""

    code = "bad_content"


class TaxDataMissing(BadInput):
    """Please complete: {fields}."""

    code = "tax_data_missing"


class TextNotPrintable(BadInput):
    """{field} contains a character that cannot be printed: {character}."""

    code = "text_not_printable"


class LogoInvalid(BadInput):
    """This image cannot be used: {detail}."""

    code = "logo_invalid"


class StartNumberTooLow(BadInput):
    """Number {n} is already taken."""

    code = "start_number_too_low"


class CreditAboveInvoice(BadInput):
    """Only {rest} of this invoice can still be credited."""

    code = "credit_above_invoice"


class NothingToInvoice(BadInput):
    """There is nothing left to invoice."""

    code = "nothing_to_invoice"


class PasswordTooWeak(BadInput):
    """This password is too easy to guess."""

    code = "password_too_weak"


class PasswordWrong(BadInput):
    """The old password is not right."""

    code = "password_wrong"


class TooLateToChange(BadInput):
    """The time for changing this booking online has passed. Please call the studio."""

    code = "too_late_to_change"


class MailAddressInvalid(BadInput):
    """This is not a mail address we can send to."""

    code = "mail_address_invalid"


class ClockOnlyForward(BadInput):
    """The practice clock only moves forward."""

    code = "clock_only_forward"


class ClockTooFar(BadInput):
    """The practice clock reaches three years from its start, not further."""

    code = "clock_too_far"


class RuleInvalid(BadInput):
    """This rule cannot be kept: {detail}."""

    code = "rule_invalid"


class PracticeNotAllowed(BadInput):
    """This key cannot be used here: {detail}."""

    code = "practice_not_allowed"


# --- the studio's rules ---------------------------------------------------------------------------


class SlotTaken(Refused):
    """The slot was taken while you were choosing."""

    code = "slot_taken"


class SlotBlocked(Refused):
    """This time is closed in the studio's calendar."""

    code = "blocked"


class MovedMeanwhile(Refused):
    """The booking was moved before your change arrived."""

    code = "moved_meanwhile"


class BookingIsCancelled(Refused):
    """The booking was cancelled before your change arrived."""

    code = "cancelled"


class NotPossibleNow(Refused):
    """This cannot be done while it is {state}."""

    code = "not_possible_now"


class HasBookings(Refused):
    """There are still bookings for this."""

    code = "has_bookings"


class NumberConflict(Refused):
    """This number is already used by another document."""

    code = "number_conflict"


class NumberNotLeased(Refused):
    """This number does not belong to this computer."""

    code = "number_not_leased"


class NoNumberLeft(Refused):
    """There is no number left on this computer. Connect once to get new ones."""

    code = "no_number_left"


class AlreadyIssued(Refused):
    """This document has been issued and cannot change. Make a credit note instead."""

    code = "already_issued"


class CodeFixed(Refused):
    """The studio code is on issued documents."""

    code = "code_fixed"


class RequestKeyReused(Refused):
    """This request was already sent with other contents."""

    code = "request_key_reused"


class PreviewOutdated(Refused):
    """Something changed meanwhile. Please look at the new amounts."""

    code = "preview_outdated"


class RefundOnItsWay(Refused):
    """This refund has already been sent and cannot be withdrawn."""

    code = "refund_on_its_way"


class StageNotPayable(Refused):
    """This payment is already made or no longer needed."""

    code = "stage_not_payable"


class PaymentsNotReady(Refused):
    """Card payments are not set up yet."""

    code = "payments_not_ready"


class MoneyInMotion(Refused):
    """Wait until open payments and refunds are finished."""

    code = "money_in_motion"


class ReminderAlreadySent(Refused):
    """This message has already been sent."""

    code = "reminder_already_sent"


class PdfNotReady(Refused):
    """The PDF is being prepared."""

    code = "pdf_not_ready"


class LastOwner(Refused):
    """The studio needs an owner."""

    code = "last_owner"


class IdReused(Refused):
    """This change was already sent with other contents."""

    code = "id_reused"


# --- money back -----------------------------------------------------------------------------------


class ExceedsRefundable(MoneyRefused):
    """Only {rest} of this payment can still be refunded."""

    code = "exceeds_refundable"


class NothingPaid(MoneyRefused):
    """This stage has not been paid, so there is nothing to refund."""

    code = "nothing_paid"


class StageDisputed(MoneyRefused):
    """The bank has opened a dispute on this payment; it cannot be refunded now."""

    code = "stage_disputed"


# --- people ---------------------------------------------------------------------------------------


class NeedsRight(NotAllowed):
    """Your role does not allow this."""

    code = "needs_right"


class UserDisabled(NotAllowed):
    """This person no longer works in the studio."""

    code = "user_disabled"


class SecondPersonNeeded(NotAllowed):
    """Another colleague must approve this refund."""

    code = "second_person_needed"


class ApprovalAboveLimit(NotAllowed):
    """This amount is above your approval limit."""

    code = "approval_above_limit"


class PageOutdated(NotAllowed):
    """This page is out of date. Open the link in the mail again."""

    code = "page_outdated"


class SignInFailed(NotSignedIn):
    """Studio, address or password is not right."""

    code = "sign_in_failed"


class TokenExpired(NotSignedIn):
    """The sign-in has to be renewed."""

    code = "token_expired"


class SignIn(NotSignedIn):
    """Please sign in to sync."""

    code = "sign_in"


class DeviceRevoked(NotSignedIn):
    """This computer was removed from the studio."""

    code = "revoked"


class SessionReused(NotSignedIn):
    """Signed out for safety; please sign in again."""

    code = "session_reused"


# --- not there ------------------------------------------------------------------------------------


class ThingNotFound(NotFound):
    """This does not exist."""

    code = "not_found"


class Gone(NotFound):
    """It was deleted before your change arrived."""

    code = "gone"


class LinkEnded(NotFound):
    """This link is no longer valid. We can send you a new one."""

    code = "link_ended"


# --- too much, or no answer -----------------------------------------------------------------------


class TooManyTries(TooMuch):
    """Too many tries. Please wait {minutes} minutes."""

    code = "too_many_tries"


class BodyTooLarge(TooMuch):
    """This is too large: at most {limit}."""

    code = "body_too_large"


class DocumentTooLarge(TooMuch):
    """The document is too long."""

    code = "document_too_large"


class PaymentsUnavailable(Unavailable):
    """The card service does not answer. Nothing was charged; please try again."""

    code = "payments_unavailable"


class PaymentsBusy(Unavailable):
    """The card service is busy. Please try again in a moment."""

    code = "payments_busy"


class Busy(Unavailable):
    """The server is busy. Please try again in a moment."""

    code = "busy"


class PaymentRefused(Refused):
    """The card service refused this: {provider_code}."""

    code = "payment_refused"


class BadSignature(BadInput):
    """The signature does not fit."""

    code = "bad_signature"


class MailRefusedForNow(Unavailable):
    """The mail server does not take this mail now."""

    code = "mail_refused_for_now"


class MailRefused(Refused):
    """The mail server does not accept this address."""

    code = "mail_refused"


class MailUncertain(Unavailable):
    """The mail server did not say whether it took the mail."""

    code = "mail_uncertain"


# --- mail text ------------------------------------------------------------------------------------


class TemplatePlaceholderMissing(BadInput):
    """The text must contain {name}."""

    code = "template_placeholder_missing"


class TemplatePlaceholderUnknown(BadInput):
    """{name} is not known here."""

    code = "template_placeholder_unknown"


class TemplateBroken(BadInput):
    """The text cannot be read: line {line}."""

    code = "template_broken"


class TemplateTooLarge(TooMuch):
    """The text is too long."""

    code = "template_too_large"
