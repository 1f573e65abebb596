"""What each customer page shows: frozen values, every sum, date and time already worded.

Templates hold the sentences, these hold the words that change, made by ``shared.mail_text.wording``. An empty
string or None leaves its line out. Nothing here knows a booking, a database or a request.
"""

from dataclasses import dataclass
from typing import ClassVar

from sync_server.web.page_pieces import AmountLine, Form, Notice, Page, Step


@dataclass(frozen=True, kw_only=True)
class ViewOpenPage(Page):
    """The link's first page: one button, so that scanners and glances see no payments."""

    template: ClassVar[str] = "view_open.html"

    given_name: str
    event_date: str
    place: str
    form: Form


@dataclass(frozen=True)
class DocumentLine:
    """One paper to take home; ``label`` is its format ("PDF")."""

    name: str
    detail: str
    label: str
    href: str


@dataclass(frozen=True)
class LinkOffer:
    """One act of which the link is mailed: what it is, what holds for it, and its button."""

    title: str
    detail: str
    button: str
    form: Form


@dataclass(frozen=True, kw_only=True)
class ViewPage(Page):
    """The booking: what is agreed, payments, papers, and what can be done by mailed links."""

    template: ClassVar[str] = "view.html"

    status: str
    """The booking's state in a word: Confirmed, On hold, Cancelled, Postponed."""
    status_good: bool
    given_name: str
    event_date: str
    event_time: str
    """``14:00–23:30, Paris time``."""
    place: str = ""
    place_address: str = ""
    map_url: str | None = None
    package: str
    package_detail: str = ""
    who: str = ""
    day_phone: str = ""
    paid_percent: int
    stages: tuple[AmountLine, ...]
    still_to_pay: str
    total_words: str
    """``of 2,450.00 EUR in all, VAT included``."""
    documents: tuple[DocumentLine, ...] = ()
    masked_email: str
    pay: LinkOffer | None = None
    offers: tuple[LinkOffer, ...] = ()
    notice: Notice | None = None


@dataclass(frozen=True)
class MonthTab:
    """One month of the row; a month without a free day has no ``href``."""

    label: str
    free_days: int
    href: str | None
    chosen: bool = False


@dataclass(frozen=True)
class DayCell:
    """One day; without ``href`` it is not free. ``words`` is the full date for screen readers."""

    number: int
    words: str
    href: str | None = None
    chosen: bool = False


@dataclass(frozen=True)
class SlotLine:
    """One time of the chosen day; without ``href`` it is taken. ``own_time`` is in the reader's zone."""

    time: str
    href: str | None
    own_time: str = ""
    ends_on: str = ""
    chosen: bool = False


@dataclass(frozen=True)
class MoveCheck:
    """The third step: old and new side by side, and the button that moves."""

    from_words: str
    to_date: str
    to_time: str
    to_detail: str
    """``Paris time; 08:00–17:30 in New York``."""
    pay_words: str
    price_words: str
    button: str
    """``Move to Saturday 3 July, 14:00``."""
    form: Form


@dataclass(frozen=True, kw_only=True)
class MovePage(Page):
    """Three numbered steps; each choice is a plain link, only the last is a button."""

    template: ClassVar[str] = "move.html"

    now_words: str
    """``Saturday 12 June 2027, 14:00–23:30``."""
    free_until: str
    months: tuple[MonthTab, ...]
    earlier_href: str | None = None
    later_href: str | None = None
    month_title: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[DayCell | None, ...], ...]
    chosen_day: str = ""
    length_words: str = ""
    zone_words: str
    """``Paris time``."""
    own_zone: str = ""
    """City of the reader's zone where it differs, else empty."""
    change_zone_href: str | None = None
    slots: tuple[SlotLine, ...] = ()
    check: MoveCheck | None = None
    notice: Notice | None = None


@dataclass(frozen=True, kw_only=True)
class MovedPage(Page):
    """The move is done: the new date, and what follows from it."""

    template: ClassVar[str] = "moved.html"

    new_day: str
    """``Saturday 3 July``."""
    event_date: str
    event_time: str
    place: str = ""
    was_words: str
    pay_words: str = ""
    masked_email: str
    calendar_href: str | None = None


@dataclass(frozen=True)
class TierLine:
    """What the studio keeps when cancelled in a span of days."""

    span: str
    kept: str
    today: bool = False


@dataclass(frozen=True, kw_only=True)
class CancelPage(Page):
    """What cancelling would give back and keep, before anything happens."""

    template: ClassVar[str] = "cancel.html"

    booking_words: str
    """``Full day, Saturday 12 June 2027, Château d’Écouen``."""
    refund: str
    deadline: str
    """Until when this sum holds, ``Sunday 14 March 2027, 23:59, Paris time``; empty when it holds on."""
    paid: str
    kept: str
    """With its minus: ``−490.00 EUR``."""
    kept_reason: str = ""
    stages: tuple[AmountLine, ...]
    checked_by: str = ""
    """When a person has looked at the refund, ``Wednesday 3 March``; empty when approved at once."""
    tiers: tuple[TierLine, ...] = ()
    nothing_back: bool = False
    button: str
    """``Cancel and refund 735.00 EUR``."""
    form: Form
    move_until: str = ""
    move_form: Form | None = None
    notice: Notice | None = None


@dataclass(frozen=True, kw_only=True)
class CancelledPage(Page):
    """The booking is cancelled; the refund is promised, not claimed."""

    template: ClassVar[str] = "cancelled.html"

    booking_words: str
    refund: str
    """Empty when nothing goes back."""
    refund_words: str
    """``To Visa ending 4242. We keep 490.00 EUR, as agreed.``."""
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class TestCard:
    """One choice of the practice page; ``value`` is posted as ``card``."""

    __test__: ClassVar[bool] = False

    value: str
    name: str
    detail: str


@dataclass(frozen=True)
class StripeForm:
    """The card form outside practice: our script file, and what it reads from the page."""

    script: str
    publishable_key: str
    account: str
    client_secret: str
    return_url: str


@dataclass(frozen=True, kw_only=True)
class PayPage(Page):
    """Amount, what it is for, how it comes about, card, button."""

    template: ClassVar[str] = "pay.html"

    booking_words: str
    title: str
    """``Pay the remainder``."""
    amount: str
    how: tuple[str, ...]
    """Sentences: how the amount comes about, when it is due."""
    notice: Notice | None = None
    while_paying: tuple[TestCard, ...] = ()
    after_paying: tuple[TestCard, ...] = ()
    chosen_card: str = ""
    stripe: StripeForm | None = None
    policy: str = ""
    """``We keep 80 % of the price, 1,960.00 EUR, and refund the rest, as agreed on 20 November 2026.``."""
    form: Form


@dataclass(frozen=True, kw_only=True)
class PayCheckingPage(Page):
    """The bank is being asked; a plain link looks again."""

    template: ClassVar[str] = "pay_checking.html"

    booking_words: str
    title: str
    amount: str
    again_href: str


@dataclass(frozen=True, kw_only=True)
class PaidPage(Page):
    """Shown only when the database says paid."""

    template: ClassVar[str] = "paid.html"

    given_name: str
    title: str
    """``Everything is paid.`` or ``Your deposit has arrived.``."""
    lead: str = ""
    received_label: str = "Received"
    received: str
    received_words: str
    """``Saturday 5 June 2027, 18:42, Paris time. Visa ending 4242.``."""
    lines: tuple[AmountLine, ...]
    steps: tuple[Step, ...]
    calendar_href: str | None = None


@dataclass(frozen=True, kw_only=True)
class InvoicePage(Page):
    """A document: number, sum, one button."""

    template: ClassVar[str] = "invoice.html"

    title: str
    """``Invoice`` or ``Credit note``."""
    number: str
    amount: str
    issued_words: str
    booking_words: str = ""
    form: Form


@dataclass(frozen=True, kw_only=True)
class LinkEndedPage(Page):
    """The same page for every cause; ``form`` asks for a new link."""

    template: ClassVar[str] = "link_ended.html"

    form: Form


@dataclass(frozen=True, kw_only=True)
class LinkAskedPage(Page):
    """The one answer to "Send me a new link", whatever the link was."""

    template: ClassVar[str] = "link_asked.html"


@dataclass(frozen=True, kw_only=True)
class NoticePage(Page):
    """One thing that is so, and what to do: errors, and acts already done."""

    template: ClassVar[str] = "notice.html"

    notice: Notice


@dataclass(frozen=True, kw_only=True)
class SetPasswordPage(Page):
    """A colleague chooses a password: first sign-in, or a new one after a reset."""

    template: ClassVar[str] = "staff_setup.html"

    title: str
    """``Welcome to Bella Weddings`` or ``Choose a new password``."""
    lead: str
    email: str
    least_characters: int
    button: str
    form: Form
    fault: str = ""
    """Why the last try was refused, word for word from the error."""


@dataclass(frozen=True, kw_only=True)
class PasswordSetPage(Page):
    """The password is set; there is nothing more to do here."""

    template: ClassVar[str] = "password_set.html"

    lead: str
