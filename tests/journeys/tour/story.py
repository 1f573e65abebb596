"""The story of one booking, step by step; every step says what it has read back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from pypdf import PdfReader

from desktop.presenting.sync_words import SyncPhase
from shared.ids import new_id
from shared.models.states import (
    BookingStatus,
    Series,
    StageKind,
    StageStatus,
)
from shared.models.studio import Package
from shared.policies.reminder_times import due_at_utc
from shared.sync_protocol.operations import PackageCreate
from sync_server.adapters.stripe_amounts import from_stripe
from tests.journeys.tour.customer import CustomerBrowser, Page
from tests.journeys.tour.desk import BookingSeen, BookingWanted, FrontDesk
from tests.journeys.tour.pictures import Pictures
from tests.journeys.tour.practice import Practice
from tests.journeys.tour.rows import BookingRow
from tests.journeys.tour.spool import SpooledMail
from tests.journeys.tour.steps import Recorder, Sighting

TEN = time(10)
STANDARD_TAX = "20"


@dataclass
class Places:
    """Where the tour leaves what it made."""

    output: Path

    def folder(self, name: str) -> Path:
        """A folder of the output, made if it is missing."""
        folder = self.output / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder


@dataclass
class Stage:
    """Everything that the stories share."""

    practice: Practice
    desk: FrontDesk
    recorder: Recorder
    pictures: Pictures
    places: Places
    shown: set[str] = field(default_factory=set)

    def picture_once(self, name: str, take: Callable[[], None]) -> None:
        """One picture of each kind of page is enough."""
        if name not in self.shown:
            self.shown.add(name)
            take()


class Story:
    """One row of the file, from the desk to the invoice and beyond."""

    def __init__(self, stage: Stage, row: BookingRow) -> None:
        self.stage = stage
        self.row = row
        self.booking_id = new_id()
        self.customer = CustomerBrowser()
        self.slot = row.slot

    def close(self) -> None:
        """The customer closes the browser."""
        self.customer.close()

    # --- what is asked again and again ----------------------------------------------------------------

    @property
    def desk(self) -> FrontDesk:
        """The front desk."""
        return self.stage.desk

    def seen(self) -> BookingSeen:
        """The booking as the desktop has it now."""
        return self.desk.booking(self.booking_id)

    def wait_for_desk(self, what: str, holds: Callable[[BookingSeen], bool]) -> BookingSeen:
        """Until the desktop shows it."""

        def look() -> BookingSeen | None:
            seen = self.seen()
            return seen if holds(seen) else None

        return self.stage.recorder.wait_for(f"the desktop shows {what}", look)

    def mails(self, kind: str) -> list[SpooledMail]:
        """Mails of this kind for this booking; its customer may have others."""
        logged = self.desk.logged_mails(self.booking_id)
        found = self.stage.practice.spool.mails(self.row.email, kind)
        return [mail for mail in found if any(mail.is_told_by(line) for line in logged)]

    def wait_for_mail(self, kind: str, *, after: int = 0) -> SpooledMail:
        """Until there is one more than ``after``."""

        def look() -> SpooledMail | None:
            found = self.mails(kind)
            return found[after] if len(found) > after else None

        mail = self.stage.recorder.wait_for(f"a {kind} mail to {self.row.email}", look)
        self.stage.picture_once(
            f"mail_{kind}", lambda: self.stage.pictures.of_html(f"mail_{kind}", mail.html)
        )
        return mail

    def picture(self, name: str, page: Page) -> None:
        """A picture of a customer page, the first time it is met."""
        self.stage.picture_once(name, lambda: self.stage.pictures.of_page(name, page.url, self.customer))

    def falls_away(self, step: str, why: str) -> None:
        """A step that this booking does not have."""
        self.stage.recorder.note(self.row.line, step, ok=True, observed=f"falls away: {why}")

    # --- at the desk ----------------------------------------------------------------------------------

    def enter(self, seen: Sighting) -> None:
        """The booking is made while the network is away."""
        resource = self.desk.free_resources(self.slot)[0]
        known = self.desk.customers_with(self.row.email)
        package = next((one for one in self.desk.packages() if self._is_wanted(one)), None)
        package_id = package.id if package else self._add_package()
        wanted_booking = BookingWanted(
            email=self.row.email,
            name=self.row.customer_name,
            phone=self.row.phone,
            is_known=bool(known),
            package_id=package_id,
            slot=self.slot,
            resource_id=resource.id,
            place=self.row.place,
            note=self.row.notes,
        )
        before = self.desk.booking_ids_of(self.row.email)
        self.desk.enter_booking(wanted_booking, self.stage.recorder.wait_for)
        fresh = self.stage.recorder.wait_for(
            "the booking in the store", lambda: self.desk.booking_ids_of(self.row.email) - before
        )
        self.booking_id = next(iter(fresh))
        self.stage.recorder.wait_for(
            "the status bar says offline", lambda: "Offline" in self.desk.status_words or None
        )
        booking = self.seen().booking
        wanted = BookingStatus.HELD if self.row.deposit_percent else BookingStatus.CONFIRMED
        seen.must(booking.status is wanted, f"{booking.status.value} on the desktop, with {resource.name}")
        seen.must("waiting" in self.desk.status_words, f"status bar: {self.desk.status_words}")

    def _is_wanted(self, package: Package) -> bool:
        row = self.row
        return (package.name, package.price_minor, package.currency, package.deposit_percent) == (
            row.package,
            row.price.amount_minor,
            row.price.currency,
            row.deposit_percent,
        )

    def _add_package(self) -> UUID:
        package_id = new_id()
        self.desk.add_package(
            PackageCreate(
                id=package_id,
                name=self.row.package,
                price_minor=self.row.price.amount_minor,
                currency=self.row.price.currency,
                deposit_percent=self.row.deposit_percent,
                tax_percent=STANDARD_TAX,
            )
        )
        return package_id

    def sync(self, seen: Sighting) -> None:
        """The network is back; the server decides."""
        loop = self.desk.desktop.loop

        def look() -> str | None:
            state = loop.state
            words, synced = self.desk.status_words, state.phase is SyncPhase.SYNCED and state.waiting == 0
            return words if synced and "Synced" in words else None

        loop.wake()
        words = self.stage.recorder.wait_for("everything is synced", look)
        booking = self.seen().booking
        wanted = BookingStatus.HELD if self.row.deposit_percent else BookingStatus.CONFIRMED
        seen.must(booking.status is wanted, f"{booking.status.value} after the server's decision")
        seen.saw(f"status bar: {words}")

    # --- paying ---------------------------------------------------------------------------------------

    def due_on_booking(self) -> bool:
        """Whether something is to be paid at once."""
        return self.row.deposit_percent > 0

    def get_pay_mail(self, seen: Sighting) -> None:
        """The server has mailed the link."""
        mail = self.wait_for_mail("pay_link")
        seen.must(len(mail.links) == 1, f"“{mail.subject}” with one link")

    def pay_deposit(self, seen: Sighting) -> None:
        """The customer opens the link and pays; one is declined first."""
        page = self.customer.open(self.mails("pay_link")[0].links[0])
        seen.must(page.form_to("/pay/start"), f"the pay page: {page.title}")
        self.picture("customer_pay", page)
        if self.row.is_marked("decline"):
            page = self.customer.press(
                page, "/pay/start", card="pm_card_visa_chargeDeclinedInsufficientFunds"
            )
            seen.must("Nothing was charged" in page.words, "declined first: Nothing was charged")
            self.picture("customer_pay_declined", page)
        self._press_pay(seen, page)

    def _press_pay(self, seen: Sighting, page: Page) -> None:
        page = self.customer.press(page, "/pay/start", card="pm_card_visa")
        seen.must("has arrived" in page.words or "Thank you" in page.words, f"the page says: {page.title}")
        self.picture("customer_paid", page)
        intents = [
            one
            for one in self.stage.practice.stripe_objects("payment_intent")
            if one["metadata"].get("stage_id") in {str(stage.id) for stage in self.seen().stages}
            and one["status"] == "succeeded"
        ]
        paid = sum(from_stripe(one["amount_received"], self.row.price.currency) for one in intents)
        seen.saw(f"the card network holds {paid} minor units of {self.row.price.currency}")

    def show_confirmed(self, seen: Sighting) -> None:
        """Webhook, pull: the desktop shows it, and the customer is told."""
        self.wait_for_desk("it confirmed", lambda one: one.booking.status is BookingStatus.CONFIRMED)
        mail = self.wait_for_mail("booking_confirmed")
        now = self.seen()
        if self.due_on_booking():
            paid = [stage for stage in now.stages if stage.status is StageStatus.PAID]
            seen.must(paid, f"paid by {paid[0].paid_words}" if paid else "nothing is paid")
        seen.saw(f"confirmed on the desktop; “{mail.subject}”")

    # --- on the way to the event ----------------------------------------------------------------------

    def has_remainder(self) -> bool:
        """Whether something is to be paid later."""
        return self.row.deposit_percent < 100 and any(
            stage.kind in (StageKind.REMAINDER, StageKind.FULL) and stage.is_payable
            for stage in self.seen().stages
        )

    def get_balance_mail(self, seen: Sighting) -> None:
        """Seven days before the event, once, with a pay link."""
        due = due_at_utc(self.slot.start_date, self.slot.zone, days_before=7, at=TEN)
        self.stage.practice.move_clock_to(due + timedelta(minutes=1))
        mail = self.wait_for_mail("balance_due")
        count = len(self.mails("balance_due"))
        seen.must(count == 1, f"{count} balance mail “{mail.subject}”")
        seen.must(mail.links, "with a pay link")

    def pay_remainder(self, seen: Sighting) -> None:
        """Paid by the link of that mail."""
        page = self.customer.open(self.mails("balance_due")[0].links[0])
        self._press_pay(seen, page)
        self.wait_for_desk("everything paid", lambda one: not any(s.is_payable for s in one.stages))
        total = sum(stage.received_minor for stage in self.seen().stages)
        seen.must(total == self.row.price.amount_minor, f"{total} of {self.row.price.amount_minor} received")

    def get_reminder(self, seen: Sighting) -> None:
        """Three days before, at ten in the booking's zone, once."""
        self.stage.practice.move_clock_to(self.row.reminder_at + timedelta(minutes=1))
        mail = self.wait_for_mail("before_event")
        count = len(self.mails("before_event"))
        seen.must(count == 1, f"{count} reminder “{mail.subject}”")
        logged = self.stage.recorder.wait_for("the reminder in the desktop's log", self._logged_reminder)
        seen.must(
            logged == self.row.reminder_at,
            f"due {logged.astimezone().isoformat()} = 10:00 in {self.slot.zone}",
        )

    def _logged_reminder(self) -> datetime | None:
        rows = self.desk.logged_mails(self.booking_id)
        sent = [row for row in rows if row.kind == "before_event" and row.outcome == "sent"]
        return sent[0].due_at if sent else None

    def issue_invoice(self, seen: Sighting) -> None:
        """Issued with the next number, previewed and exported."""
        year = self.stage.practice.now.astimezone().year
        before = self.desk.read(
            lambda unit, t: [one for one in unit.documents.all(t) if one.series is Series.INVOICE]
        )
        draft = self.desk.desktop.invoices.preview_invoice(self.booking_id)
        self.desk.issue_invoice(self.booking_id, self.stage.recorder.wait_for)
        document = self.wait_for_desk("the invoice", lambda one: bool(one.documents)).documents[0]
        document_id = document.id
        following = 1 + max((one.number for one in before if one.year == document.year), default=0)
        seen.must(document.number == following, f"{document.printed_number} is the next number")
        seen.must(document.year in (year, year + 1), f"of {document.year}")
        pdf = self.desk.desktop.invoices.stored_pdf(document.pdf_sha256)
        file = self.stage.places.folder("invoices") / f"{document.printed_number}.pdf"
        file.write_bytes(pdf)
        words = "".join(page.extract_text() for page in PdfReader(file).pages)
        seen.must(document.printed_number in words, f"exported to {file.name}, {len(pdf)} bytes")
        seen.must("DRAFT" in _drawn(draft) or draft != pdf, "previewed as a draft first")
        self.wait_for_desk(
            "the server's acceptance",
            lambda one: any(doc.id == document_id and doc.chain_pos for doc in one.documents),
        )


def _drawn(pdf: bytes) -> str:
    return pdf.decode("latin-1")
