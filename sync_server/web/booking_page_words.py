"""Words about a booking that several customer pages share."""

from shared.mail_text import wording
from shared.models.slot import Slot
from sync_server.services.link_cases import BookingSight


def money(amount_minor: int, currency: str, sight: BookingSight) -> str:
    """A sum in the studio's language."""
    return wording.money_text(amount_minor, currency, sight.language)


def booking_words(sight: BookingSight, *, place: bool = False) -> str:
    """``Full day, Saturday 12 June 2027``, with the place on request."""
    booking = sight.booking
    parts = [booking.package_name, wording.long_date(booking.start_date, sight.language)]
    return ", ".join([*parts, booking.place] if place and booking.place else parts)


def slot_time(slot: Slot, language: str) -> str:
    """``14:00–23:30``, with the day on which it ends when that is another one."""
    start, end = slot.shown
    until = wording.ends_on(start, end, language)
    return wording.time_range(start, end) + (f", {until}" if until else "")


def event_time(slot: Slot, language: str) -> str:
    """``14:00–23:30, Paris time``."""
    return wording.event_time(*slot.shown, slot.zone, language)


def event_start(sight: BookingSight) -> str:
    """``Saturday 12 June, 14:00``."""
    start, _ = sight.booking.slot.shown
    return f"{wording.day_date(start.date(), sight.language)}, {wording.clock_time(start)}"


def price_name(sight: BookingSight) -> str:
    """``Price, VAT included`` where it is."""
    booking = sight.booking
    taxed = booking.tax_percent.strip("0.") != "" and booking.price_mode == "inclusive"
    return "Price, VAT included" if taxed else "Price"


def who_comes(sight: BookingSight) -> str:
    """The people of the booking."""
    return wording.names(sight.people, sight.language) if sight.people else ""
