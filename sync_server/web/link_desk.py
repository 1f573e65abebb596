"""What each page of a mailed link shows and does, from the link's case to the answer."""

from typing import Final
from uuid import UUID

import structlog
from fastapi import Request, Response

from shared.errors import (
    DomainError,
    LinkEnded,
    PasswordTooWeak,
    PreviewOutdated,
    SlotBlocked,
    SlotTaken,
    ThingNotFound,
    TooManyTries,
)
from shared.ids import TenantId
from shared.mail_text import wording
from shared.models.document import Document
from shared.models.states import BookingStatus
from shared.sync_protocol.sessions import LEAST_PASSWORD_CHARACTERS
from sync_server.services.action_links import ActionLinks, LinkPurpose
from sync_server.services.customer_links import CustomerLinks, may_cancel, may_move
from sync_server.services.document_files import DocumentFiles, FileKind
from sync_server.services.link_cases import OF_STAFF, BookingSight, LinkCase, LinkState
from sync_server.services.link_terms import ENDED_BY_CANCELLING, ENDED_BY_MOVE
from sync_server.services.staff_sessions import StaffSessions, Visitor
from sync_server.web import booking_pages, move_pages
from sync_server.web.booking_page_words import booking_words
from sync_server.web.customer_answers import CustomerAnswers
from sync_server.web.error_mapping import status_of
from sync_server.web.link_cookie import LinkCookies, LinkVisit
from sync_server.web.move_pages import MOVE, MoveChoice
from sync_server.web.page_notices import already_done_notice, error_notice, link_sent_notice
from sync_server.web.page_pieces import Brand, Form, Notice
from sync_server.web.page_values import NoticePage, PasswordSetPage, SetPasswordPage

log = structlog.get_logger()

HOME: Final = "/l"
DONE: Final = "/l?done=1"
_ASKABLE: Final = {
    LinkPurpose.RESCHEDULE.value: LinkPurpose.RESCHEDULE,
    LinkPurpose.CANCEL.value: LinkPurpose.CANCEL,
    LinkPurpose.PAY.value: LinkPurpose.PAY,
}
_ENDED_BY_BOOKING: Final = (ENDED_BY_MOVE, ENDED_BY_CANCELLING)
_TRY_AGAIN: Final = (SlotTaken, SlotBlocked)
_REASON_LENGTH: Final = 500


def home_of(purpose: LinkPurpose) -> str:
    """Where a link of this purpose leads after the exchange."""
    return "/pay" if purpose is LinkPurpose.PAY else HOME


class LinkDesk:
    """Shows and does."""

    def __init__(
        self,
        links: CustomerLinks,
        action_links: ActionLinks,
        staff: StaffSessions,
        *,
        files: DocumentFiles,
        answers: CustomerAnswers,
        cookies: LinkCookies,
    ) -> None:
        self._links = links
        self._action_links = action_links
        self._staff = staff
        self._files = files
        self._answers = answers
        self._cookies = cookies

    # --- showing --------------------------------------------------------------------------------------------

    def show(
        self,
        case: LinkCase,
        visit: LinkVisit,
        *,
        choice: MoveChoice | None = None,
        sent: str = "",
        done: bool = False,
        refusal: DomainError | None = None,
    ) -> Response:
        """The page of the link's purpose as things stand now."""
        if case.purpose is LinkPurpose.PAY:
            return self._answers.go("/pay") if case.state is not LinkState.ENDED else self._answers.ended()
        if case.purpose in OF_STAFF:
            return self._show_password(case, visit)
        notice = None if refusal is None else error_notice(refusal)
        status = 200 if refusal is None else status_of(refusal)
        match case.purpose:
            case LinkPurpose.VIEW:
                return self._show_view(case, visit, sent=sent in _ASKABLE, notice=notice, status=status)
            case _ if case.state is LinkState.ENDED:
                page = self._ended(case)
            case LinkPurpose.RESCHEDULE:
                page = self._show_move(case, visit, choice or MoveChoice(), done=done, notice=notice)
            case LinkPurpose.CANCEL:
                page = self._show_cancel(case, visit, sent=sent, done=done, notice=notice)
            case _:
                page = self._show_invoice(case, visit)
        if status != page.status_code and refusal is not None:
            page.status_code = status
        return page

    def _show_view(
        self, case: LinkCase, visit: LinkVisit, *, sent: bool, notice: Notice | None, status: int
    ) -> Response:
        if case.state is LinkState.ENDED:
            return self._ended(case)
        brand, sight = self._brand_and_sight(case)
        if not visit.opened:
            form = self._form(visit, "/l/open")
            return self._answers.page(booking_pages.view_open_page(sight, brand, form=form))
        if sent:
            notice = link_sent_notice(wording.masked_address(sight.customer.email))
        page = booking_pages.view_page(sight, brand, make_form=self._maker(visit), notice=notice)
        return self._answers.page(page, status=status)

    def _show_move(
        self, case: LinkCase, visit: LinkVisit, choice: MoveChoice, *, done: bool, notice: Notice | None
    ) -> Response:
        brand, sight = self._brand_and_sight(case)
        if case.state is LinkState.DONE:
            if done:
                return self._already_done(case, f"This booking was moved to {move_pages.event_words(sight)}.")
            return self._answers.page(booking_pages.moved_page(sight, brand, was=self._links.was(case)))
        fields = () if choice.day is None else (("day", choice.day.isoformat()),)
        page = move_pages.move_page(
            sight,
            brand,
            self._links.free_days(sight),
            choice=choice,
            form=self._form(visit, MOVE, *fields),
            notice=notice,
        )
        return self._answers.page(page)

    def _show_cancel(
        self, case: LinkCase, visit: LinkVisit, *, sent: str, done: bool, notice: Notice | None
    ) -> Response:
        brand, sight = self._brand_and_sight(case)
        if case.state is LinkState.DONE:
            if done:
                return self._already_done(case, f"{booking_words(sight)} is cancelled.")
            return self._answers.page(booking_pages.cancelled_page(sight, brand))
        if sent in _ASKABLE:
            notice = link_sent_notice(wording.masked_address(sight.customer.email))
        page = booking_pages.cancel_page(
            sight, self._links.preview(sight), brand, make_form=self._maker(visit), notice=notice
        )
        return self._answers.page(page)

    def _show_invoice(self, case: LinkCase, visit: LinkVisit) -> Response:
        assert case.document is not None, "a link that holds has its document"
        brand, sight = self._brand_and_sight(case)
        form = self._form(visit, "/l/invoice")
        return self._answers.page(booking_pages.invoice_page(sight, case.document, brand, form=form))

    def _show_password(
        self, case: LinkCase, visit: LinkVisit, refusal: DomainError | None = None
    ) -> Response:
        brand, credential = self._answers.brand(case.studio), case.credential
        if case.state is LinkState.DONE:
            lead = "You can now sign in on your computer."
            return self._answers.page(PasswordSetPage(brand=brand, practice=case.studio.practice, lead=lead))
        if case.state is LinkState.ENDED or credential is None:
            return self._answers.ended()
        first = case.purpose is LinkPurpose.STAFF_SETUP
        given = wording.given_name(credential.name)
        page = SetPasswordPage(
            brand=brand,
            practice=case.studio.practice,
            title=f"Welcome to {case.studio.name}" if first else "Choose a new password",
            lead=f"Choose a password, {given}, and you can sign in on your computer.",
            email=credential.email,
            least_characters=LEAST_PASSWORD_CHARACTERS,
            button="Set my password",
            form=self._form(visit, "/l/password"),
            fault="" if refusal is None else refusal.sentence,
        )
        return self._answers.page(page, status=200 if refusal is None else status_of(refusal))

    def _brand_and_sight(self, case: LinkCase) -> tuple[Brand, BookingSight]:
        return self._answers.brand(case.studio), case.of_booking()

    def _ended(self, case: LinkCase) -> Response:
        """In a live cookie: what has become of the booking where that ended the link, else the usual page."""
        sight, row = case.sight, case.grant.row
        if sight is None or row.revoke_reason not in _ENDED_BY_BOOKING or not case.same_address:
            return self._answers.ended()
        if sight.booking.status is BookingStatus.CANCELLED:
            return self._already_done(case, f"{booking_words(sight)} is cancelled.")
        if sight.booking.schedule_rev > row.subject_rev and sight.booking.blocks:
            return self._already_done(case, f"This booking was moved to {move_pages.event_words(sight)}.")
        return self._answers.ended()

    def _already_done(self, case: LinkCase, what: str) -> Response:
        brand = self._answers.brand(case.studio)
        notice = already_done_notice(what)
        return self._answers.page(NoticePage(brand=brand, practice=case.studio.practice, notice=notice))

    # --- doing ----------------------------------------------------------------------------------------------

    def open(self, case: LinkCase, *, ip: str) -> Response:
        """Open the booking for 30 minutes on this device."""
        if case.purpose is not LinkPurpose.VIEW:
            raise LinkEnded
        self._links.open(case, ip=ip)
        answer = self._answers.go(HOME)
        self._cookies.set(answer, case.grant.tenant_id, case.grant.row.id, opened=True)
        return answer

    def send(self, case: LinkCase, visit: LinkVisit, *, purpose: str, subject: str) -> Response:
        """Mail the link of another act to the booking's address."""
        from_view = case.purpose is LinkPurpose.VIEW and visit.opened
        from_cancel = case.purpose is LinkPurpose.CANCEL and purpose == LinkPurpose.RESCHEDULE.value
        wanted = _ASKABLE.get(purpose)
        if wanted is None or not (from_view or from_cancel) or case.sight is None:
            raise LinkEnded
        if case.state is LinkState.ENDED:
            raise LinkEnded
        sight = case.sight
        try:
            self._links.ask(sight, wanted, _askable_subject(sight, wanted, subject))
        except TooManyTries as refusal:
            return self.show(case, visit, refusal=refusal)
        return self._answers.go(f"{HOME}?sent={wanted.value}")

    def move(self, case: LinkCase, visit: LinkVisit, choice: MoveChoice, *, ip: str) -> Response:
        """Move the booking to the chosen day."""
        if case.purpose is not LinkPurpose.RESCHEDULE or choice.day is None:
            return self._answers.go(HOME)
        try:
            self._links.move(case.grant, day=choice.day, ip=ip)
        except LinkEnded:
            return self._after_losing(case)
        except _TRY_AGAIN as refusal:
            return self.show(case, visit, choice=MoveChoice(choice.month), refusal=refusal)
        return self._answers.go(HOME)

    def cancel(
        self, case: LinkCase, visit: LinkVisit, *, reason: str, preview_hash: str, ip: str
    ) -> Response:
        """Cancel the booking, exactly as it was shown."""
        if case.purpose is not LinkPurpose.CANCEL:
            return self._answers.go(HOME)
        try:
            self._links.cancel(case.grant, reason=_plain(reason), preview_hash=preview_hash or "none", ip=ip)
        except LinkEnded:
            return self._after_losing(case)
        except PreviewOutdated as refusal:
            return self.show(case, visit, refusal=refusal)
        return self._answers.go(HOME)

    def _after_losing(self, case: LinkCase) -> Response:
        now = self._links.case(case.grant.tenant_id, case.grant.row.id)
        return self._answers.go(DONE if now.state is LinkState.DONE else HOME)

    def take_document(self, case: LinkCase, *, ip: str) -> Response:
        """The document of an invoice link, for 30 minutes."""
        if case.purpose is not LinkPurpose.INVOICE or case.document is None:
            raise LinkEnded
        found = self._pdf(case.document)  # first: what cannot be given does not spend the link
        self._links.open(case, ip=ip)
        self._cookies.set(found, case.grant.tenant_id, case.grant.row.id, opened=True)
        return found

    def document(self, case: LinkCase, visit: LinkVisit, document_id: UUID) -> Response:
        """A document of an opened booking."""
        if case.purpose is not LinkPurpose.VIEW or not visit.opened or case.state is LinkState.ENDED:
            raise LinkEnded
        found = next((one for one in case.of_booking().documents if one.id == document_id), None)
        if found is None:
            raise ThingNotFound
        return self._pdf(found)

    def _pdf(self, document: Document) -> Response:
        found = self._files.get(document.tenant_id, document.pdf_sha256, kind=FileKind.DOCUMENT)
        name = f'attachment; filename="{document.printed_number}.pdf"'
        return Response(found.data, media_type=found.media_type, headers={"Content-Disposition": name})

    def set_password(self, case: LinkCase, visit: LinkVisit, password: str, *, visitor: Visitor) -> Response:
        """Set a colleague's password; signs nobody in."""
        if case.purpose not in OF_STAFF or case.state is not LinkState.OPEN:
            return self._answers.go(HOME)
        raw = self._action_links.raw_of(case.grant)
        try:
            with self._staff.setting_password(raw, password, case.purpose, visitor=visitor):
                pass
        except PasswordTooWeak as refusal:
            return self._show_password(case, visit, refusal)
        return self._answers.go(HOME)

    # --- new links for old ----------------------------------------------------------------------------------

    def renew(self, request: Request, visit: LinkVisit | None) -> Response:
        """A new link for the one of this browser; the answer is always the same."""
        self._cookies.check_origin(request)
        if visit is not None:
            self._try_to_renew(visit.tenant_id, visit.token_id)
        return self._answers.asked()

    def renew_raw(self, request: Request, raw: str, *, ip: str) -> Response:
        """A new link for the one at this address; the answer is always the same. Raises TooManyTries."""
        self._cookies.check_origin(request)
        self._links.check_visits(ip)
        grant = self._action_links.find(raw)
        if grant is not None:
            self._try_to_renew(grant.tenant_id, grant.row.id)
        return self._answers.asked()

    def _try_to_renew(self, tenant_id: TenantId, token_id: UUID) -> None:
        try:
            self._links.renew(tenant_id, token_id)
        except TooManyTries as refusal:  # the answer says nothing about the link, so not this either
            log.info("new_link_refused", code=refusal.code, tenant_id=str(tenant_id))

    # --- forms ----------------------------------------------------------------------------------------------

    def _form(self, visit: LinkVisit, action: str, *fields: tuple[str, str]) -> Form:
        return Form(action, self._cookies.csrf(visit, action), fields)

    def _maker(self, visit: LinkVisit) -> booking_pages.MakeForm:
        return lambda action, *fields: self._form(visit, action, *fields)


def _askable_subject(sight: BookingSight, purpose: LinkPurpose, subject: str) -> UUID:
    """What the wanted link is about; raises LinkEnded when it would be of no use."""
    if purpose is LinkPurpose.PAY:
        payable = [stage.id for stage in sight.stages if stage.is_payable and sight.booking.is_active]
        wanted = [stage_id for stage_id in payable if str(stage_id) == subject]
        if not wanted:
            raise LinkEnded
        return wanted[0]
    if not (may_move(sight) if purpose is LinkPurpose.RESCHEDULE else may_cancel(sight)):
        raise LinkEnded
    return sight.booking.id


def _plain(reason: str) -> str:
    """What a customer wrote, as a note can hold it."""
    kept = "".join(letter for letter in reason if letter.isprintable() or letter == "\n")
    return kept.strip()[:_REASON_LENGTH]
