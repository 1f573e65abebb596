"""Plans change: the customer moves or cancels by link, and the money goes back."""

from datetime import date, timedelta
from functools import partial
from uuid import UUID

from desktop.qt.page_keys import PageKey
from shared.models.slot import Slot
from shared.models.states import BookingStatus, RefundStatus, RequestStatus, Series
from sync_server.adapters.stripe_amounts import from_stripe
from tests.journeys.tour.customer import Page
from tests.journeys.tour.desk import BookingSeen
from tests.journeys.tour.steps import NotAsItShouldBe, Sighting
from tests.journeys.tour.story import Story

MOVE_AT_LEAST = timedelta(days=7)


class Changes:
    """What may happen to a booking after its reminder."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._stage, self._desk, self._customer = story.stage, story.desk, story.customer

    def _open_view(self, seen: Sighting) -> Page:
        told = [*self._story.mails("before_event"), *self._story.mails("rescheduled")]
        page = self._customer.open(told[-1].links[0])  # a move ends the links of the old date
        self._story.picture("customer_view_open", page)
        page = self._customer.press(page, "/l/open")
        self._story.picture("customer_view", page)
        seen.must(page.status == 200, "the view page opened by its button")
        return page

    def _link_by_mail(self, seen: Sighting, purpose: str) -> str:
        before = len(self._story.mails("new_link"))
        view = self._open_view(seen)
        form = next(one for one in view.forms if one.fields.get("purpose") == purpose)
        origin = {"Origin": self._stage.practice.server_url}
        self._customer.client.post(form.action, data=form.fields, headers=origin)
        mail = self._story.wait_for_mail("new_link", after=before)
        seen.saw(f"“{mail.subject}”")
        return mail.links[0]

    def move(self, seen: Sighting) -> None:
        """The customer moves by link to the first free day at least a week later."""
        page = self._customer.open(self._link_by_mail(seen, "reschedule"))
        earliest = self._story.slot.start_date + MOVE_AT_LEAST
        day = self._first_free_day(page, earliest)
        page = self._customer.open(f"{self._stage.practice.server_url}/l/move?day={day.isoformat()}")
        self._story.picture("customer_move", page)
        page = self._customer.press(page, "/l/move")
        self._story.picture("customer_moved", page)
        wanted: Slot = self._story.slot.on(day)
        moved = self._story.wait_for_desk("the new day", lambda one: one.booking.slot == wanted).booking
        seen.must(
            moved.start_time == self._story.slot.start_time,
            f"moved to {day}, {moved.start_time:%H:%M} as before",
        )
        self._story.slot = wanted
        mail = self._story.wait_for_mail("rescheduled")
        seen.saw(f"“{mail.subject}”")

    def _first_free_day(self, page: Page, earliest: date) -> date:
        server = self._stage.practice.server_url
        for offset in range(13):
            month = (earliest.replace(day=1) + timedelta(days=31 * offset)).replace(day=1)
            page = self._customer.open(f"{server}/l/move?month={month:%Y-%m}")
            days = sorted(
                date.fromisoformat(address.split("day=")[1][:10])
                for address, _words in page.links
                if "/l/move?day=" in address
            )
            free = [one for one in days if one >= earliest]
            if free:
                return free[0]
        raise NotAsItShouldBe(f"no free day from {earliest} on: {page.words[:120]}")

    def cancel(self, seen: Sighting) -> None:
        """The customer cancels by link; the owner approves; each refund is settled exactly once."""
        page = self._customer.open(self._link_by_mail(seen, "cancel"))
        self._story.picture("customer_cancel", page)
        page = self._customer.press(page, "/l/cancel", reason="We have changed our plans.")
        self._story.picture("customer_cancelled", page)
        found = self._story.wait_for_desk(
            "the cancellation and the request",
            lambda one: one.booking.status is BookingStatus.CANCELLED and bool(one.requests),
        )
        request = found.requests[0]
        seen.must(request.status is RequestStatus.REQUESTED, "cancelled; the refund waits for a person")
        self._stage.picture_once(
            "desktop_attention", lambda: self._desk.picture("desktop_attention", PageKey.ATTENTION)
        )
        self._desk.approve(request.id, self._stage.recorder.wait_for)
        settled = self._story.wait_for_desk(
            "the refunds settled",
            lambda one: (
                bool(one.refunds) and all(refund.status is RefundStatus.SUCCEEDED for refund in one.refunds)
            ),
        )
        self._check_refunds(seen, settled)
        self._wait_for_credit_note(seen)
        self._stage.picture_once(
            "desktop_refunds", lambda: self._desk.picture("desktop_refunds", PageKey.REFUNDS)
        )

    def _check_refunds(self, seen: Sighting, settled: BookingSeen) -> None:
        ours = {str(refund.id): refund.amount_minor for refund in settled.refunds}
        theirs = [
            one
            for one in self._stage.practice.stripe_objects("refund")
            if one["metadata"].get("refund_id") in ours and one["status"] == "succeeded"
        ]
        currency = self._story.row.price.currency
        held = {one["metadata"]["refund_id"]: from_stripe(one["amount"], currency) for one in theirs}
        same = held == ours
        seen.must(same and len(theirs) == len(ours), f"{len(theirs)} refunds at the card network, each once")
        back, total = sum(ours.values()), self._story.row.price.amount_minor
        kept = total - back
        seen.must(abs(kept * 100 - total * 20) < 100 * 10, f"{back} of {total} went back, 20 % is kept")

    def _wait_for_credit_note(self, seen: Sighting) -> None:
        found = self._story.wait_for_desk(
            "the credit note",
            lambda one: any(doc.series is Series.CREDIT for doc in one.documents),
        )
        back = sum(refund.amount_minor for refund in found.refunds)

        def all_credited() -> list[UUID] | None:
            notes = [doc for doc in self._story.seen().documents if doc.series is Series.CREDIT]
            sums = sum(note.total_minor + note.rounding_minor for note in notes)
            return [note.id for note in notes] if sums == back else None

        ids = self._stage.recorder.wait_for("credit notes over the whole refund", all_credited)
        notes = [doc for doc in self._story.seen().documents if doc.id in ids]
        for note in notes:
            look = partial(self._desk.find_pdf, note.pdf_sha256)
            pdf = self._stage.recorder.wait_for("the credit note's PDF", look)
            (self._stage.places.folder("invoices") / f"{note.printed_number}.pdf").write_bytes(pdf)
        seen.saw(", ".join(note.printed_number for note in notes))
