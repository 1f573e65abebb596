"""One sample of every customer page: Zoë Brûlé's day at Bella Weddings, Saturday 12 June 2027."""

from base64 import b64encode
from pathlib import Path

from shared.sync_protocol.sessions import LEAST_PASSWORD_CHARACTERS
from sync_server.web.page_notices import (
    AFTER_PAYING,
    WHILE_PAYING,
    already_done_notice,
    declined_notice,
    link_sent_notice,
)
from sync_server.web.page_pieces import AmountLine, Brand, Form, Page, Step
from sync_server.web.page_values import (
    CancelledPage,
    CancelPage,
    DayCell,
    DocumentLine,
    InvoicePage,
    LinkAskedPage,
    LinkEndedPage,
    LinkOffer,
    MonthTab,
    MoveCheck,
    MovedPage,
    MovePage,
    NoticePage,
    PaidPage,
    PasswordSetPage,
    PayCheckingPage,
    PayPage,
    SetPasswordPage,
    SlotLine,
    StripeForm,
    TierLine,
    ViewOpenPage,
    ViewPage,
)

LOGO = Path(__file__).resolve().parents[2] / "resources" / "practice" / "bella_weddings.jpg"


_DECLINED = declined_notice("insufficient_funds", "Visa ending 9995", "Friday 11 June 2027")


def a_brand() -> Brand:
    return Brand(
        studio_name="Bella Weddings",
        phone="01 99 00 42 17",
        email="hello@bellaweddings.example",
        hours="Monday to Friday, 9:00–18:00",
        address="14 rue des Tilleuls, 95440 Écouen, France",
        logo="data:image/jpeg;base64," + b64encode(LOGO.read_bytes()).decode(),
        legal_url="https://bellaweddings.example/legal",
        privacy_url="https://bellaweddings.example/privacy",
    )


def a_form(action: str = "/l") -> Form:
    return Form(action=action, csrf="c5rf")


def a_view_open_page() -> ViewOpenPage:
    return ViewOpenPage(
        brand=a_brand(),
        given_name="Zoë",
        event_date="Saturday 12 June 2027",
        place="Château d’Écouen",
        form=a_form(),
    )


def a_view_page(*, notice: bool = False) -> ViewPage:
    return ViewPage(
        brand=a_brand(),
        event_word="wedding",
        status="Confirmed",
        status_good=True,
        given_name="Zoë",
        event_date="Saturday 12 June 2027",
        event_time="14:00–23:30, Paris time",
        place="Château d’Écouen",
        place_address="Rue Jean Bullant, 95440 Écouen",
        map_url="https://maps.example/ecouen",
        package="Full day",
        package_detail="Two photographers, 12-month online gallery",
        who="Clara Moreau and Idris Benali",
        day_phone="06 39 98 20 41",
        paid_percent=50,
        stages=(
            AmountLine(
                "Deposit", "1,225.00 EUR", "20 November 2026, Visa ending 4242", done="Paid", strong=True
            ),
            AmountLine("Remainder", "1,225.00 EUR", "Due on Wednesday 9 June 2027", strong=True),
        ),
        still_to_pay="1,225.00 EUR",
        total_words="of 2,450.00 EUR in all, VAT included",
        documents=(
            DocumentLine("Invoice BELLAWEDS_2026_041", "23 November 2026, 2,450.00 EUR", "PDF", "/l/doc/1"),
            DocumentLine("Calendar entry", "For your phone’s calendar", "ICS", "/l/event.ics"),
        ),
        masked_email="z…e@brule.example",
        pay=LinkOffer(
            "Pay",
            "Remainder, 1,225.00 EUR, due on 9 June 2027.",
            "Send me the link to pay",
            a_form("/l/send/pay"),
        ),
        offers=(
            LinkOffer(
                "Move to another date",
                "Free of charge until Tuesday 13 April 2027.",
                "Send me the link to move",
                a_form("/l/send/move"),
            ),
            LinkOffer(
                "Cancel the booking",
                "You first see exactly what you get back. Nothing happens until you confirm.",
                "Send me the link to cancel",
                a_form("/l/send/cancel"),
            ),
        ),
        notice=link_sent_notice("z…e@brule.example") if notice else None,
    )


def a_move_page() -> MovePage:
    free = {2, 3, 9, 11, 16, 17, 23, 24, 30}
    days: list[DayCell | None] = [None] * 3
    for number in range(1, 32):
        href = f"/l?day=2027-07-{number:02d}#time" if number in free else None
        days.append(DayCell(number, f"{number} July 2027", href, chosen=number == 3))
    days.append(None)
    return MovePage(
        brand=a_brand(),
        event_word="wedding",
        now_words="Saturday 12 June 2027, 14:00–23:30",
        free_until="Tuesday 13 April",
        months=(
            MonthTab("May", 1, "/l?month=2027-05"),
            MonthTab("Jun", 3, "/l?month=2027-06"),
            MonthTab("Jul", 9, "/l?month=2027-07", chosen=True),
            MonthTab("Aug", 12, "/l?month=2027-08"),
            MonthTab("Sep", 8, "/l?month=2027-09"),
        ),
        month_title="July 2027",
        weekdays=("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"),
        weeks=tuple(tuple(days[start : start + 7]) for start in range(0, 35, 7)),
        chosen_day="Saturday 3 July 2027",
        length_words="9½ hours",
        zone_words="Paris time",
        own_zone="New York",
        change_zone_href="/l/zone",
        slots=(
            SlotLine("12:00–21:30", "/l?at=12:00", "06:00–15:30"),
            SlotLine("13:00–22:30", None),
            SlotLine("14:00–23:30", "/l?at=14:00", "08:00–17:30", chosen=True),
            SlotLine("15:00–00:30", "/l?at=15:00", "09:00–18:30", ends_on="ends on Sunday"),
        ),
        check=MoveCheck(
            from_words="Saturday 12 June 2027, 14:00",
            to_date="Saturday 3 July 2027",
            to_time="14:00–23:30",
            to_detail="Paris time; 08:00–17:30 in New York",
            pay_words="Remainder of 1,225.00 EUR then due on Wednesday 30 June instead of 9 June",
            price_words="Unchanged, 2,450.00 EUR",
            button="Move to Saturday 3 July, 14:00",
            form=a_form(),
        ),
    )


def a_cancel_page() -> CancelPage:
    return CancelPage(
        brand=a_brand(),
        booking_words="Full day, Saturday 12 June 2027, Château d’Écouen",
        refund="735.00 EUR",
        deadline="Sunday 14 March 2027, 23:59, Paris time",
        paid="1,225.00 EUR",
        kept="−490.00 EUR",
        kept_reason="20 % of 2,450.00 EUR, as agreed on 20 November 2026",
        stages=(
            AmountLine("Deposit", "735.00 EUR", "of 1,225.00 EUR, back to Visa ending 4242", strong=True),
            AmountLine("Remainder", "Not paid", "1,225.00 EUR no longer due", strong=True, quiet=True),
        ),
        checked_by="Wednesday 3 March",
        tiers=(
            TierLine("Until 14 March 2027", "490.00 EUR", today=True),
            TierLine("15 March to 13 May 2027", "1,225.00 EUR"),
            TierLine("From 14 May 2027", "1,960.00 EUR"),
        ),
        button="Cancel and refund 735.00 EUR",
        form=a_form(),
        move_until="13 April",
        move_form=a_form("/l/send/move"),
    )


def a_cancelled_page() -> CancelledPage:
    return CancelledPage(
        brand=a_brand(),
        booking_words="Full day, Saturday 12 June 2027",
        refund="735.00 EUR",
        refund_words="To Visa ending 4242. We keep 490.00 EUR, as agreed. The remainder of 1,225.00 EUR is no"
        " longer due, and no more reminders go out.",
        steps=(
            Step("Cancelled", "Monday 1 March 2027, 14:05, Paris time", done=True),
            Step("We check the refund", "By Wednesday 3 March 2027"),
            Step("We write to you", "As soon as the refund has gone through. The credit note follows."),
            Step("Your bank shows the money", "Usually 5 to 10 working days after that"),
        ),
    )


def a_pay_page(*, declined: bool = False, stripe: bool = False) -> PayPage:
    return PayPage(
        brand=a_brand(),
        practice=not stripe,
        booking_words="Full day, Saturday 12 June 2027",
        title="Pay the remainder",
        amount="1,225.00 EUR",
        how=(
            "The price of 2,450.00 EUR less the deposit of 1,225.00 EUR, paid on 20 November 2026.",
            "Due on Wednesday 9 June.",
        ),
        notice=_DECLINED if declined else None,
        while_paying=() if stripe else WHILE_PAYING,
        after_paying=() if stripe else AFTER_PAYING,
        chosen_card="pm_card_visa",
        stripe=StripeForm("/l/assets/pay.js", "pk_test", "acct_1", "pi_1_secret", "/pay/return")
        if stripe
        else None,
        policy="We keep 80 % of the price, 1,960.00 EUR, and refund the rest, as agreed on 20 November 2026.",
        form=a_form("/pay/start"),
    )


def a_paid_page() -> PaidPage:
    return PaidPage(
        brand=a_brand(),
        given_name="Zoë",
        title="Everything is paid.",
        lead="We look forward to Saturday 12 June.",
        received_label="Received today",
        received="1,225.00 EUR",
        received_words="Saturday 5 June 2027, 18:42, Paris time. Visa ending 4242.",
        lines=(
            AmountLine("Price, VAT included", "2,450.00 EUR"),
            AmountLine("Paid", "2,450.00 EUR"),
            AmountLine("Still to pay", "0.00 EUR"),
        ),
        steps=(
            Step("Receipt", "On its way to z…e@brule.example", done=True),
            Step("Wednesday 9 June, 10:00", "We write to you with the last details"),
            Step("Saturday 12 June, 14:00", "Clara and Idris meet you at the château"),
        ),
        calendar_href="/l/event.ics",
    )


def every_page() -> dict[str, Page]:
    """A sample of each page and of its main states, by a file name."""
    brand, form = a_brand(), a_form()
    return {
        "view_open": a_view_open_page(),
        "view": a_view_page(),
        "view_sent": a_view_page(notice=True),
        "move": a_move_page(),
        "moved": MovedPage(
            brand=brand,
            new_day="Saturday 3 July",
            event_date="Saturday 3 July 2027",
            event_time="14:00–23:30, Paris time",
            place="Château d’Écouen",
            was_words="Saturday 12 June 2027, 14:00–23:30",
            pay_words="Remainder of 1,225.00 EUR by Wednesday 30 June 2027",
            masked_email="z…e@brule.example",
            calendar_href="/l/event.ics",
        ),
        "cancel": a_cancel_page(),
        "cancelled": a_cancelled_page(),
        "pay_practice": a_pay_page(),
        "pay_declined": a_pay_page(declined=True),
        "pay": a_pay_page(stripe=True),
        "pay_checking": PayCheckingPage(
            brand=brand,
            booking_words="Full day, Saturday 12 June 2027",
            title="Pay the remainder",
            amount="1,225.00 EUR",
            again_href="/pay/return",
        ),
        "paid": a_paid_page(),
        "invoice": InvoicePage(
            brand=brand,
            title="Invoice",
            number="BELLAWEDS_2026_041",
            amount="2,450.00 EUR",
            issued_words="Issued on Monday 23 November 2026.",
            booking_words="Full day, Saturday 12 June 2027",
            form=form,
        ),
        "link_ended": LinkEndedPage(brand=brand, form=form),
        "link_ended_shared": LinkEndedPage(brand=None, form=form),
        "link_asked": LinkAskedPage(brand=brand),
        "already_done": NoticePage(
            brand=brand,
            notice=already_done_notice(
                "This booking was moved to Saturday 3 July 2027, 14:00–23:30, Paris time."
            ),
        ),
        "staff_setup": SetPasswordPage(
            brand=brand,
            title="Welcome to Bella Weddings",
            lead="Choose a password, Clara, and you can sign in on your computer.",
            email="clara@bellaweddings.example",
            least_characters=LEAST_PASSWORD_CHARACTERS,
            button="Set my password",
            form=form,
            fault="This password is too easy to guess.",
        ),
        "password_set": PasswordSetPage(brand=brand, lead="You can now sign in on your computer."),
    }
