"""Issuing: the number, the bytes and the document are safe together, or the number is skipped."""

import hashlib
from pathlib import Path

import pytest

from desktop.commands.desk import Desk
from desktop.commands.invoices import CreditDraft, InvoiceDesk
from desktop.local_store.blobs import DOCUMENT, Blobs
from desktop.queries.documents import invoices_list
from shared.errors import CreditAboveInvoice, NoNumberLeft, PdfNotReady
from shared.ids import new_id
from shared.models.states import Series
from shared.sync_protocol.numbers import LeaseAnswer, LeaseRequest
from shared.sync_protocol.operations import BookingCreate
from shared.tables import document
from tests.builders.copies import copies
from tests.builders.desk_world import DeskWorld
from tests.fakes.clock import FrozenClock
from tests.fakes.sync_server import FakeSyncServer


class Office:
    """Gives the answer it was told to give."""

    def __init__(self, answer: LeaseAnswer | None = None) -> None:
        self.answer = answer
        self.asked: list[LeaseRequest] = []

    def lease_number(self, wish: LeaseRequest) -> LeaseAnswer | None:
        self.asked.append(wish)
        return self.answer


@pytest.fixture
def world(clock: FrozenClock, tmp_path: Path) -> DeskWorld:
    """A computer that has synced once and holds a standing lease."""
    world = DeskWorld(FakeSyncServer(clock), tmp_path)
    world.sync()
    return world


@pytest.fixture
def booking(world: DeskWorld) -> BookingCreate:
    """A booking to be invoiced."""
    return world.a_booking()


@pytest.fixture
def invoice_desk(world: DeskWorld, tmp_path: Path) -> InvoiceDesk:
    """A desk whose server does not answer."""
    return InvoiceDesk(world.desk, world.numbers, Blobs(tmp_path), office=Office())


def printed(world: DeskWorld) -> list[object]:
    with world.store.reading() as connection:
        return list(
            connection.exec_driver_sql("SELECT printed_number FROM document ORDER BY number").scalars()
        )


def test_offline_the_lowest_standing_number_is_printed(
    world: DeskWorld, invoice_desk: InvoiceDesk, booking: BookingCreate
) -> None:
    document_id = new_id()
    assert invoice_desk.ask_number(Series.INVOICE, document_id) is None
    changes = invoice_desk.issue_invoice(booking.id, document_id=document_id)
    assert changes.touches("document", "document_line")
    assert printed(world) == ["BELLAWEDS_2027_001"]
    world.sync()
    assert world.rows() == world.server_rows()
    assert world.cycle.state.attention == 0


def test_every_document_is_listed(
    world: DeskWorld, invoice_desk: InvoiceDesk, booking: BookingCreate
) -> None:
    invoice_desk.issue_invoice(booking.id, document_id=new_id())
    with world.store.writing() as connection:
        copies(connection, document, 1_100)
        assert len(invoices_list(connection, world.server.tenant_id)) == 1_101


def test_the_stored_bytes_are_those_of_the_document_and_wait_for_the_server(
    world: DeskWorld, invoice_desk: InvoiceDesk, booking: BookingCreate
) -> None:
    invoice_desk.issue_invoice(booking.id, document_id=new_id())
    sha256 = str(world.one("SELECT pdf_sha256 FROM document"))
    data = invoice_desk.stored_pdf(sha256)
    assert data.startswith(b"%PDF")
    assert hashlib.sha256(data).hexdigest() == sha256
    assert world.one("SELECT direction FROM file_queue WHERE sha256 = ?", sha256) == "up"
    with pytest.raises(PdfNotReady):
        invoice_desk.stored_pdf("0" * 64)


def test_a_preview_takes_no_number(
    world: DeskWorld, invoice_desk: InvoiceDesk, booking: BookingCreate
) -> None:
    before = world.rows()
    assert invoice_desk.preview_invoice(booking.id).startswith(b"%PDF")
    assert world.rows() == before
    assert world.one("SELECT count(*) FROM number_lease WHERE state = 'used'") == 0


@pytest.mark.parametrize(("use_standing", "number"), [(True, 1), (False, 11)])
def test_online_the_server_says_which_number(
    world: DeskWorld, invoice_desk: InvoiceDesk, booking: BookingCreate, *, use_standing: bool, number: int
) -> None:
    leased = [{"series": "invoice", "year": 2027, "number": 11, "lease_id": str(new_id())}]
    answer = LeaseAnswer.model_validate(
        {"use_standing": use_standing, "numbers": [] if use_standing else [11], "leased": leased}
    )
    invoice_desk.issue_invoice(booking.id, document_id=new_id(), answer=answer)
    assert printed(world) == [f"BELLAWEDS_2027_{number:03d}"]


def test_asking_names_the_next_standing_number(
    world: DeskWorld, booking: BookingCreate, tmp_path: Path
) -> None:
    office = Office(LeaseAnswer(use_standing=True))
    asking = InvoiceDesk(world.desk, world.numbers, Blobs(tmp_path), office=office)
    asking.issue_invoice(booking.id, document_id=new_id())
    asking.ask_number(Series.INVOICE, new_id())
    assert [(wish.standing_next, wish.year) for wish in office.asked] == [(2, 2027)]


def test_power_lost_before_the_commit_skips_the_number_and_leaves_no_document(
    world: DeskWorld, invoice_desk: InvoiceDesk, booking: BookingCreate, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCut(BaseException):
        pass

    real = Desk.carry_out

    def cut(self: Desk, *intents: object, **rest: object) -> object:
        beside = rest["beside"]
        assert callable(beside)

        def beside_and_cut(connection: object) -> None:
            beside(connection)
            raise PowerCut

        return real(self, *intents, **{**rest, "beside": beside_and_cut})  # type: ignore[arg-type] # the real one's own

    monkeypatch.setattr(Desk, "carry_out", cut)
    with pytest.raises(PowerCut):
        invoice_desk.issue_invoice(booking.id, document_id=new_id())
    monkeypatch.undo()
    world.wake()
    assert printed(world) == []
    with world.store.writing() as connection:
        assert world.numbers.check_marks(connection)
    again = InvoiceDesk(world.desk, world.numbers, invoice_desk._blobs, office=Office())  # noqa: SLF001 - the same folder
    again.issue_invoice(booking.id, document_id=new_id())
    assert printed(world) == ["BELLAWEDS_2027_002"]


def test_without_a_number_nothing_is_issued(
    world: DeskWorld, invoice_desk: InvoiceDesk, booking: BookingCreate
) -> None:
    with world.store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM number_lease")
    with pytest.raises(NoNumberLeft):
        invoice_desk.issue_invoice(booking.id, document_id=new_id())
    assert printed(world) == []


def test_a_credit_note_credits_at_most_what_is_left(
    world: DeskWorld, invoice_desk: InvoiceDesk, booking: BookingCreate
) -> None:
    invoice_id = new_id()
    invoice_desk.issue_invoice(booking.id, document_id=invoice_id)
    draft = CreditDraft(invoice_id, booking.id, 45000, "One hour less")
    assert invoice_desk.preview_credit_note(draft).startswith(b"%PDF")
    invoice_desk.issue_credit_note(draft, document_id=new_id())
    with pytest.raises(CreditAboveInvoice):
        invoice_desk.preview_credit_note(CreditDraft(invoice_id, booking.id, 245000, "All of it"))
    world.sync()
    assert world.rows() == world.server_rows()


def test_a_document_is_byte_for_byte_the_same_in_every_replay(
    world: DeskWorld, invoice_desk: InvoiceDesk, booking: BookingCreate
) -> None:
    invoice_desk.issue_invoice(booking.id, document_id=new_id())
    before = world.rows()["document"]
    world.server.touch_rows("studio")
    world.server.refusals.append((400, {"code": "bad_request"}))
    world.sync()
    assert world.rows()["document"] == before
    assert Blobs(world.folder).has(DOCUMENT, str(world.one("SELECT pdf_sha256 FROM document")))
