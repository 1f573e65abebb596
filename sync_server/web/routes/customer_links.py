"""The addresses of mailed links. GET and HEAD change nothing; each act is one POST of a form of ours."""

from collections.abc import Callable
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response

from shared.errors import FieldInvalid, ThingNotFound
from sync_server.services.customer_links import CustomerLinks
from sync_server.services.link_cases import LinkCase
from sync_server.services.staff_sessions import Visitor
from sync_server.web.customer_answers import CustomerAnswers
from sync_server.web.link_cookie import LinkCookies, LinkVisit
from sync_server.web.link_desk import LinkDesk, home_of
from sync_server.web.move_pages import MOVE, MoveChoice
from sync_server.web.pages import ASSET_PATH, brand_stylesheet, page_assets

_LOOK: Final = ["GET", "HEAD"]
_PRESS: Final = ["POST"]
_KEPT: Final = {"Cache-Control": "public, max-age=3600"}

Act = Callable[[LinkCase, LinkVisit], Response]
Text = Annotated[str, Form()]


def page_files_router() -> APIRouter:
    """Style sheets and fonts of the customer pages."""
    router = APIRouter(include_in_schema=False)

    @router.api_route(ASSET_PATH + "{name}", methods=_LOOK)
    def asset(name: str) -> Response:
        found = page_assets().get(name)
        if found is None:
            raise ThingNotFound
        return Response(found.content, media_type=found.media_type, headers=_KEPT)

    @router.api_route("/l/brand/{digits}.css", methods=_LOOK)
    def brand(digits: str) -> Response:
        try:
            sheet = brand_stylesheet(digits)
        except FieldInvalid as unusable:
            raise ThingNotFound from unusable
        return Response(sheet, media_type="text/css", headers=_KEPT)

    return router


def customer_links_router(
    links: CustomerLinks,
    desk: LinkDesk,
    *,
    answers: CustomerAnswers,
    cookies: LinkCookies,
    visitor: Callable[[Request], Visitor],
) -> APIRouter:
    """``/l`` and what lies below it; ``/l/{token}`` comes last, so that it hides nothing."""
    router = APIRouter(include_in_schema=False)
    routes = _Routes(links, desk, answers=answers, cookies=cookies, visitor=visitor)
    for path, methods, endpoint in (
        ("/l", _LOOK, routes.home),
        (MOVE, _LOOK, routes.choose),
        ("/l/documents/{document_id}", _LOOK, routes.document),
        ("/l/open", _PRESS, routes.open),
        ("/l/send", _PRESS, routes.send),
        (MOVE, _PRESS, routes.move),
        ("/l/cancel", _PRESS, routes.cancel),
        ("/l/invoice", _PRESS, routes.invoice),
        ("/l/password", _PRESS, routes.password),
        ("/l", _PRESS, routes.renew_by_cookie),
        ("/l/{token}", _LOOK, routes.come_in),
        ("/l/{token}", _PRESS, routes.renew),
    ):
        router.add_api_route(path, endpoint, methods=methods)
    return router


class _Routes:
    """One method for each address."""

    def __init__(
        self,
        links: CustomerLinks,
        desk: LinkDesk,
        *,
        answers: CustomerAnswers,
        cookies: LinkCookies,
        visitor: Callable[[Request], Visitor],
    ) -> None:
        self._links = links
        self._desk = desk
        self._answers = answers
        self._cookies = cookies
        self._visitor = visitor

    # --- looking --------------------------------------------------------------------------------------------

    def come_in(self, request: Request, token: str) -> Response:
        def enter() -> Response:
            ip = self._visitor(request).ip
            grant = self._links.come_in(token, ip=ip, counts=request.method == "GET")
            answer = self._answers.go(home_of(grant.purpose))
            self._cookies.set(answer, grant.tenant_id, grant.row.id)
            return answer

        return self._answers.guarded(enter)

    def home(self, request: Request, sent: str = "", done: str = "") -> Response:
        return self._with_case(
            request, lambda case, visit: self._desk.show(case, visit, sent=sent, done=done == "1")
        )

    def choose(self, request: Request, month: str = "", day: str = "") -> Response:
        choice = MoveChoice.read(month, day)
        return self._with_case(request, lambda case, visit: self._desk.show(case, visit, choice=choice))

    def document(self, request: Request, document_id: UUID) -> Response:
        return self._with_case(request, lambda case, visit: self._desk.document(case, visit, document_id))

    # --- doing ----------------------------------------------------------------------------------------------

    def open(self, request: Request, csrf: Text = "") -> Response:
        ip = self._visitor(request).ip
        return self._posted(request, csrf, lambda case, _: self._desk.open(case, ip=ip))

    def send(self, request: Request, csrf: Text = "", *, purpose: Text = "", subject: Text = "") -> Response:
        return self._posted(
            request, csrf, lambda case, visit: self._desk.send(case, visit, purpose=purpose, subject=subject)
        )

    def move(self, request: Request, csrf: Text = "", day: Text = "") -> Response:
        ip, choice = self._visitor(request).ip, MoveChoice.read("", day)
        return self._posted(request, csrf, lambda case, visit: self._desk.move(case, visit, choice, ip=ip))

    def cancel(
        self, request: Request, csrf: Text = "", *, reason: Text = "", preview_hash: Text = ""
    ) -> Response:
        ip = self._visitor(request).ip

        def act(case: LinkCase, visit: LinkVisit) -> Response:
            return self._desk.cancel(case, visit, reason=reason, preview_hash=preview_hash, ip=ip)

        return self._posted(request, csrf, act)

    def invoice(self, request: Request, csrf: Text = "") -> Response:
        ip = self._visitor(request).ip
        return self._posted(request, csrf, lambda case, _: self._desk.take_document(case, ip=ip))

    def password(self, request: Request, csrf: Text = "", password: Text = "") -> Response:
        caller = self._visitor(request)
        return self._posted(
            request, csrf, lambda case, visit: self._desk.set_password(case, visit, password, visitor=caller)
        )

    # --- new links for old ----------------------------------------------------------------------------------

    def renew_by_cookie(self, request: Request) -> Response:
        return self._answers.guarded(lambda: self._desk.renew(request, self._cookies.read(request)))

    def renew(self, request: Request, token: str) -> Response:
        ip = self._visitor(request).ip
        return self._answers.guarded(lambda: self._desk.renew_raw(request, token, ip=ip))

    # --- inside ---------------------------------------------------------------------------------------------

    def _with_case(self, request: Request, act: Act) -> Response:
        """Act for the link of this browser; without one, the page of ended links."""
        visit = self._cookies.read(request)
        if visit is None:
            return self._answers.guarded(self._answers.ended)
        return self._answers.guarded(
            lambda: act(self._links.case(visit.tenant_id, visit.token_id), visit), tenant_id=visit.tenant_id
        )

    def _posted(self, request: Request, csrf: str, act: Act) -> Response:
        """The same for a form of ours; an ended link is shown by a GET, where its own form can post to."""

        def checked(case: LinkCase, visit: LinkVisit) -> Response:
            self._cookies.check_form(request, visit, csrf)
            self._links.check_tries(visit.token_id)
            return act(case, visit)

        if self._cookies.read(request) is None:
            return self._answers.go("/l")
        return self._with_case(request, checked)
