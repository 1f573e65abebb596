"""Decides which accounts exist and may charge, who their customers are and who hears of their events."""

import copy
import re
from urllib.parse import urlsplit

from sync_server.practice.stripe_emulator import events, objects
from sync_server.practice.stripe_emulator.answers import Answer, RefusedError, invalid, missing
from sync_server.practice.stripe_emulator.call import Call
from sync_server.practice.stripe_emulator.parameters import merged_metadata
from sync_server.practice.stripe_emulator.records import PLATFORM, Cause, Record, Unit, new_id

# Accounts of practice studios need no onboarding: naming one makes it.
PRACTICE_ACCOUNT = re.compile(r"acct_practice_[A-Za-z0-9_-]{1,80}")
PLATFORM_ACCOUNT = "acct_platform"


def ensure_account(unit: Unit, header: str | None) -> str:
    """The namespace a call works in; 403 for an account that this key cannot reach."""
    if header is None:
        return PLATFORM
    if unit.find(PLATFORM, "account", header) is not None:
        return header
    if PRACTICE_ACCOUNT.fullmatch(header) is None:
        message = (
            f"The provided key does not have access to account '{header}' (or that account does not exist)."
        )
        raise RefusedError(403, message, remembered=False, code="account_invalid")
    body = objects.account(unit.now_s(), header, {}, ready=True)
    unit.add(Record(PLATFORM, "account", body))
    return header


def create_account(call: Call) -> Answer:
    """`POST /v1/accounts`: an account that still has to finish onboarding."""
    given = dict(call.params) | {"metadata": merged_metadata({}, call.params.get("metadata"))}
    body = objects.account(call.unit.now_s(), new_id("acct"), given, ready=False)
    call.unit.add(Record(PLATFORM, "account", body))
    return call.shown(body)


def retrieve_account(call: Call) -> Answer:
    """`GET /v1/accounts/{id}`; an account sees itself, the platform sees all."""
    if call.account not in (PLATFORM, call.object_id):
        raise RefusedError(
            403,
            f"The account does not have access to account '{call.object_id}'.",
            remembered=False,
            code="account_invalid",
        )
    return call.shown(call.unit.get(PLATFORM, "account", call.object_id).body)


def retrieve_current(call: Call) -> Answer:
    """`GET /v1/account`."""
    if call.account != PLATFORM:
        return call.shown(call.unit.get(PLATFORM, "account", call.account).body)
    found = call.unit.find(PLATFORM, "account", PLATFORM_ACCOUNT)
    body = objects.account(call.unit.now_s(), PLATFORM_ACCOUNT, {}, ready=True)
    return call.shown((found or call.unit.add(Record(PLATFORM, "account", body))).body)


def set_ready(unit: Unit, account: Record, *, ready: bool) -> None:
    """Onboarding finished, or Stripe restricts the account."""
    before = copy.deepcopy(account.body)
    fresh = objects.account(account.body["created"], account.id, {}, ready=ready)
    for name in ("capabilities", "charges_enabled", "details_submitted", "payouts_enabled", "requirements"):
        account.body[name] = fresh[name]
    unit.save(account)
    events.record_event(unit, Cause(account.id), "account.updated", body=account.body, before=before)


def create_account_link(call: Call) -> Answer:
    """`POST /v1/account_links`: a page of the emulator stands for Stripe's onboarding."""
    account = call.unit.find(PLATFORM, "account", call.params["account"])
    if account is None:
        raise missing("account", call.params["account"], param="account", status=400)
    token = new_id("x")[2:]
    account.hidden |= {
        "link_token": token,
        "link_until": call.unit.now_s() + 300,
        "return_url": call.params.get("return_url"),
    }
    call.unit.save(account)
    url = f"{call.base_url}/practice/onboarding/{account.id}?token={token}"
    return call.shown(objects.account_link(call.unit.now_s(), url))


def create_customer(call: Call) -> Answer:
    """`POST /v1/customers`."""
    given = dict(call.params) | {"metadata": merged_metadata({}, call.params.get("metadata"))}
    body = objects.customer(call.unit.now_s(), given)
    call.unit.add(Record(call.account, "customer", body))
    return call.shown(body)


def retrieve_customer(call: Call) -> Answer:
    """`GET /v1/customers/{id}`."""
    return call.shown(call.unit.get(call.account, "customer", call.object_id).body)


def create_webhook_endpoint(call: Call) -> Answer:
    """`POST /v1/webhook_endpoints`; only this answer ever shows the secret."""
    if urlsplit(call.params["url"]).scheme not in ("http", "https"):
        raise invalid("Invalid URL: it must start with http or https.", "url", "url_invalid")
    secret = new_id("whsec")
    given = dict(call.params) | {"metadata": merged_metadata({}, call.params.get("metadata"))}
    hidden = {"secret": secret, "connect": call.params.get("connect", False)}
    endpoint = Record(
        call.account, "webhook_endpoint", objects.webhook_endpoint(call.unit.now_s(), given), hidden
    )
    call.unit.add(endpoint)
    return call.shown(endpoint.body | {"secret": secret})


def list_webhook_endpoints(call: Call) -> Answer:
    """`GET /v1/webhook_endpoints`."""
    return call.plain_list("webhook_endpoint", "/v1/webhook_endpoints")
