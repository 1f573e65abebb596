"""How customers are answered: the studio's pages, refusals in words, and one page for every dead link."""

from base64 import b64encode
from collections.abc import Callable
from typing import Final

import structlog
from fastapi import Response
from fastapi.responses import RedirectResponse

from shared.errors import DomainError, FieldInvalid, LinkEnded, PdfNotReady, ThingNotFound
from shared.ids import TenantId
from shared.models.studio import Studio
from shared.policies.brand_colour import DEFAULT_COLOUR, brand_colours
from sync_server.repositories.database_errors import busy_database
from sync_server.services.customer_links import CustomerLinks
from sync_server.services.document_files import DocumentFiles, FileKind
from sync_server.services.studio_unit import StudioUnits
from sync_server.web.error_mapping import status_of
from sync_server.web.page_notices import error_notice
from sync_server.web.page_pieces import Brand, Form, Page
from sync_server.web.page_values import LinkAskedPage, LinkEndedPage, NoticePage
from sync_server.web.pages import render_page

log = structlog.get_logger()

_SEE_OTHER: Final = 303
_WAIT_S: Final = 5


class CustomerAnswers:
    """Makes the answers of every customer route."""

    def __init__(self, links: CustomerLinks, units: StudioUnits, files: DocumentFiles) -> None:
        self._links = links
        self._units = units
        self._files = files

    def page(self, page: Page, *, status: int = 200) -> Response:
        """A page."""
        return Response(render_page(page), status_code=status, media_type="text/html")

    def go(self, path: str) -> Response:
        """After a form: look at the result by a GET."""
        return RedirectResponse(path, status_code=_SEE_OTHER)

    def brand(self, studio: Studio) -> Brand:
        """The studio as its pages show it."""
        address = ", ".join(part for part in (studio.street, studio.postal_city, studio.country) if part)
        return Brand(
            studio_name=studio.name,
            phone=studio.phone,
            email=studio.email,
            address=address,
            colour=_usable_colour(studio.brand_color),
            logo=self._logo(studio),
        )

    def guarded(self, work: Callable[[], Response], *, tenant_id: TenantId | None = None) -> Response:
        """The answer of ``work``; a refusal as a page, an ended link as the page of all ended links."""
        try:
            with busy_database():
                return work()
        except LinkEnded:
            return self.ended()
        except DomainError as refusal:
            log.info("customer_refused", code=refusal.code)
            return self.refused(refusal, tenant_id)

    def refused(self, refusal: DomainError, tenant_id: TenantId | None) -> Response:
        """What was refused and what to do; nothing has changed."""
        brand, practice = self._host(tenant_id)
        notice = error_notice(refusal)
        answer = self.page(
            NoticePage(brand=brand, practice=practice, notice=notice), status=status_of(refusal)
        )
        if answer.status_code in (429, 503):
            answer.headers["Retry-After"] = str(refusal.details.get("retry_after_s", _WAIT_S))
        return answer

    def ended(self) -> Response:
        """The one page for every link that does not hold: the same bytes for every cause on this host.

        Its form posts to the address at which it is shown, so that it needs to know nothing of the link.
        """
        brand, practice = self._host(None)
        form = Form(action="", csrf="")
        return self.page(LinkEndedPage(brand=brand, practice=practice, form=form), status=410)

    def asked(self) -> Response:
        """The one answer to "Send me a new link"."""
        brand, practice = self._host(None)
        return self.page(LinkAskedPage(brand=brand, practice=practice))

    def _host(self, tenant_id: TenantId | None) -> tuple[Brand | None, bool]:
        """Whose page it is when the page itself does not say: this studio's, or that of the whole host."""
        tenant_id = tenant_id or self._links.host_studio()
        if tenant_id is None:
            return None, False
        with self._units.reading(tenant_id) as (unit, _):
            studio = unit.studios.settings(tenant_id)
        return self.brand(studio), studio.practice

    def _logo(self, studio: Studio) -> str | None:
        if studio.logo_sha256 is None:
            return None
        try:
            found = self._files.get(studio.tenant_id, studio.logo_sha256, kind=FileKind.BLOB)
        except (ThingNotFound, PdfNotReady):  # the name is shown in its place
            return None
        return f"data:{found.media_type};base64,{b64encode(found.data).decode()}"


def _usable_colour(colour: str) -> str:
    """The studio's colour, or the usual one for a colour that no sheet can be made of."""
    try:
        brand_colours(colour)
    except FieldInvalid:
        return DEFAULT_COLOUR
    return colour
