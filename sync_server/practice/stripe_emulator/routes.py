"""Which method and path leads to which rule, and which parameters it accepts."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from sync_server.practice.stripe_emulator import (
    accepted,
    accounts,
    charges,
    disputes,
    event_log,
    payments,
    refunds,
)
from sync_server.practice.stripe_emulator.answers import Answer, RefusedError
from sync_server.practice.stripe_emulator.call import Call
from sync_server.practice.stripe_emulator.parameters import Kind

Rule = Callable[[Call], Answer]


@dataclass(frozen=True)
class Route:
    """One door of the API."""

    method: str
    path: str
    accepts: dict[str, Kind]
    rule: Rule


ROUTES = (
    Route("POST", "/v1/customers", accepted.CUSTOMER_CREATE, accounts.create_customer),
    Route("GET", "/v1/customers/{id}", accepted.EXPAND, accounts.retrieve_customer),
    Route("POST", "/v1/payment_intents", accepted.PAYMENT_INTENT_CREATE, payments.create),
    Route("GET", "/v1/payment_intents", accepted.PAYMENT_INTENT_LIST, payments.listing),
    Route("GET", "/v1/payment_intents/{id}", accepted.EXPAND, payments.retrieve),
    Route("POST", "/v1/payment_intents/{id}", accepted.PAYMENT_INTENT_UPDATE, payments.update),
    Route("POST", "/v1/payment_intents/{id}/confirm", accepted.PAYMENT_INTENT_CONFIRM, payments.confirm),
    Route("POST", "/v1/payment_intents/{id}/cancel", accepted.PAYMENT_INTENT_CANCEL, payments.cancel),
    Route("GET", "/v1/payment_methods/{id}", accepted.EXPAND, payments.retrieve_method),
    Route("GET", "/v1/charges/{id}", accepted.EXPAND, charges.retrieve),
    Route("POST", "/v1/refunds", accepted.REFUND_CREATE, refunds.create),
    Route("GET", "/v1/refunds", accepted.REFUND_LIST, refunds.listing),
    Route("GET", "/v1/refunds/{id}", accepted.EXPAND, refunds.retrieve),
    Route("POST", "/v1/refunds/{id}", accepted.REFUND_UPDATE, refunds.update),
    Route("POST", "/v1/refunds/{id}/cancel", accepted.EXPAND, refunds.cancel),
    Route("GET", "/v1/events", accepted.EVENT_LIST, event_log.list_events),
    Route("GET", "/v1/events/{id}", accepted.EXPAND, event_log.retrieve_event),
    Route("GET", "/v1/disputes", accepted.DISPUTE_LIST, disputes.listing),
    Route("GET", "/v1/disputes/{id}", accepted.EXPAND, disputes.retrieve),
    Route(
        "POST", "/v1/webhook_endpoints", accepted.WEBHOOK_ENDPOINT_CREATE, accounts.create_webhook_endpoint
    ),
    Route("GET", "/v1/webhook_endpoints", accepted.WEBHOOK_ENDPOINT_LIST, accounts.list_webhook_endpoints),
    Route("POST", "/v1/accounts", accepted.ACCOUNT_CREATE, accounts.create_account),
    Route("GET", "/v1/accounts/{id}", accepted.EXPAND, accounts.retrieve_account),
    Route("GET", "/v1/account", accepted.EXPAND, accounts.retrieve_current),
    Route("POST", "/v1/account_links", accepted.ACCOUNT_LINK_CREATE, accounts.create_account_link),
)
_PATTERNS = tuple(
    (route, re.compile(route.path.replace("{id}", r"([A-Za-z0-9_-]{1,255})"))) for route in ROUTES
)


def route_for(method: str, path: str) -> tuple[Route, str]:
    """The route and the id in its path; 404 when there is none."""
    for route, pattern in _PATTERNS:
        found = pattern.fullmatch(path)
        if found is not None and route.method == method:
            return route, found[1] if found.groups() else ""
    message = f"Unrecognized request URL ({method}: {path})."
    raise RefusedError(404, message, remembered=False)
