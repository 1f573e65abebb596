"""The pages of a pay link: what they show is what the database says, and only the bank changes that."""

from collections.abc import Callable
from typing import Annotated, Final

import structlog
from fastapi import APIRouter, Form, Request, Response

from shared.errors import DomainError, FieldInvalid, LinkEnded, PaymentsNotReady, Unavailable
from shared.ids import new_id
from shared.models.states import StageStatus
from sync_server.services.action_links import LinkPurpose
from sync_server.services.customer_links import CustomerLinks
from sync_server.services.link_cases import LinkCase, LinkState
from sync_server.services.payment_intents import PaymentIntents
from sync_server.services.rate_limits import RateLimits
from sync_server.web.customer_answers import CustomerAnswers
from sync_server.web.error_mapping import status_of
from sync_server.web.link_cookie import LinkCookies, LinkVisit
from sync_server.web.page_notices import TEST_CARDS, bank_asks_notice, error_notice
from sync_server.web.page_pieces import Form as PageForm
from sync_server.web.page_values import NoticePage
from sync_server.web.pay_pages import checking_page, paid_page, pay_page, stage_of

log = structlog.get_logger()

PAY: Final = "/pay"
START: Final = "/pay/start"
RETURN: Final = "/pay/return"
_LOOK: Final = ["GET", "HEAD"]
_UNDECIDED: Final = frozenset({StageStatus.PROCESSING, StageStatus.ACTION_NEEDED})

Shown = Callable[[LinkCase, LinkVisit], Response]


def pay_pages_router(
    links: CustomerLinks,
    intents: PaymentIntents,
    limits: RateLimits,
    *,
    answers: CustomerAnswers,
    cookies: LinkCookies,
) -> APIRouter:
    """``/pay``, ``/pay/start`` and ``/pay/return``."""
    router = APIRouter(include_in_schema=False)
    desk = _PayDesk(links, intents, limits, answers=answers, cookies=cookies)

    @router.api_route(PAY, methods=_LOOK)
    def pay(request: Request) -> Response:
        return desk.answer(request, desk.show)

    @router.post(START)
    def start(
        request: Request, csrf: Annotated[str, Form()] = "", card: Annotated[str, Form()] = ""
    ) -> Response:
        def press(case: LinkCase, visit: LinkVisit) -> Response:
            cookies.check_form(request, visit, csrf)
            return desk.start(case, visit, card)

        return desk.answer(request, press)

    @router.api_route(RETURN, methods=_LOOK)
    def returned(request: Request) -> Response:
        return desk.answer(request, desk.returned)

    return router


class _PayDesk:
    """What the three pages do."""

    def __init__(
        self,
        links: CustomerLinks,
        intents: PaymentIntents,
        limits: RateLimits,
        *,
        answers: CustomerAnswers,
        cookies: LinkCookies,
    ) -> None:
        self._links = links
        self._intents = intents
        self._limits = limits
        self._answers = answers
        self._cookies = cookies

    def answer(self, request: Request, work: Shown) -> Response:
        """Do ``work`` for the pay link of this browser; without one, the page of ended links."""
        visit = self._cookies.read(request)
        if visit is None:
            return self._answers.go("/l")

        def with_case() -> Response:
            case = self._links.case(visit.tenant_id, visit.token_id)
            if case.purpose is not LinkPurpose.PAY or case.state is LinkState.ENDED:
                return self._answers.go("/l")
            return work(case, visit)

        return self._answers.guarded(with_case, tenant_id=visit.tenant_id)

    def show(self, case: LinkCase, visit: LinkVisit, refusal: DomainError | None = None) -> Response:
        """What there is to pay, or that it is paid."""
        brand = self._answers.brand(case.studio)
        if case.state is LinkState.DONE:
            return self._answers.page(paid_page(case, brand))
        if not case.studio.practice:
            # outside practice the card form is the provider's own, which needs an account that is set up
            raise PaymentsNotReady
        page = pay_page(
            case,
            brand,
            form=PageForm(START, self._cookies.csrf(visit, START)),
            stripe=None,
            notice=None if refusal is None else error_notice(refusal),
        )
        return self._answers.page(page, status=200 if refusal is None else status_of(refusal))

    def start(self, case: LinkCase, visit: LinkVisit, card: str) -> Response:
        """The button was pressed: one payment for the stage, however often."""
        if case.state is LinkState.DONE:
            return self._answers.go(RETURN)
        stage = stage_of(case)
        try:
            self._links.check_tries(visit.token_id)
            self._limits.hit("pay_start_stage", str(stage.id))
            if not case.studio.practice:
                raise PaymentsNotReady
            if card not in TEST_CARDS:
                raise FieldInvalid(field="card", detail="is none of the test cards")
            act = self._links.act(case.grant, case.now)
            back = self._cookies.absolute(RETURN)
            self._intents.confirm(act, stage.id, payment_method=card, run=new_id().hex, return_url=back)
        except DomainError as refusal:
            now = self._links.case(visit.tenant_id, visit.token_id)
            if now.state is LinkState.ENDED:
                raise LinkEnded from refusal
            # a payment that the bank may have heard of is asked after, not declared as not made
            unheard = isinstance(refusal, Unavailable) and stage_of(now).pi_id is not None
            if now.state is LinkState.DONE or unheard:
                return self._answers.go(RETURN)
            return self.show(now, visit, refusal)
        return self._answers.go(RETURN)

    def returned(self, case: LinkCase, visit: LinkVisit) -> Response:
        """Ask the provider once, then show what the database says."""
        heard, bank_page = True, None
        if case.state is LinkState.OPEN:
            try:
                seen = self._intents.look(visit.tenant_id, stage_of(case).id)
                bank_page = None if seen is None else seen.bank_page
            except Unavailable as silent:
                log.info("payment_not_heard_of", code=silent.code)
                heard = False
            case = self._links.case(visit.tenant_id, visit.token_id)
        brand = self._answers.brand(case.studio)
        if case.state is LinkState.DONE:
            return self._answers.page(paid_page(case, brand))
        if case.state is LinkState.OPEN and bank_page is not None:
            notice = bank_asks_notice(bank_page)
            page = NoticePage(brand=brand, practice=case.studio.practice, notice=notice)
            return self._answers.page(page)
        if case.state is LinkState.OPEN and (not heard or stage_of(case).status in _UNDECIDED):
            return self._answers.page(checking_page(case, brand))
        return self._answers.go(PAY)
