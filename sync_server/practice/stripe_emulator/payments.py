"""Decides the life of a payment intent: its worth, which card pays it, when it is declined or cancelled."""

import re
from typing import Any

from sync_server.practice.stripe_emulator import charges, objects
from sync_server.practice.stripe_emulator.answers import Answer, Body, RefusedError, invalid, missing, refused
from sync_server.practice.stripe_emulator.call import Call
from sync_server.practice.stripe_emulator.cards import (
    AUTHENTICATION_FAILED,
    AUTHENTICATION_REQUIRED,
    CARDS,
    EFFECTIVELY_WHOLE_CURRENCIES,
    LEAST_AMOUNT_MINOR,
    THREE_DECIMAL_CURRENCIES,
    Decline,
)
from sync_server.practice.stripe_emulator.events import record_event
from sync_server.practice.stripe_emulator.parameters import merged_metadata
from sync_server.practice.stripe_emulator.records import Cause, Record, Unit

OPEN = ("requires_payment_method", "requires_confirmation", "requires_action")
CONTENT = (
    "amount",
    "currency",
    "customer",
    "description",
    "receipt_email",
    "setup_future_usage",
    "statement_descriptor_suffix",
)


def create(call: Call) -> Answer:
    """`POST /v1/payment_intents`."""
    params = dict(call.params)
    params["currency"] = _currency(params["currency"])
    _check_amount(params["amount"], params["currency"])
    _check_types(params)
    _check_together(params)
    call.referred("customer", "customer")
    intent = Record(call.account, "payment_intent", objects.payment_intent(call.unit.now_s(), params))
    intent.body["metadata"] = merged_metadata({}, params.get("metadata"))
    call.unit.add(intent)
    if "payment_method" in params:
        intent.body["payment_method"] = _method(call, params["payment_method"]).id
        intent.body["status"] = "requires_confirmation"
        call.unit.save(intent)
    record_event(call.unit, call.cause, "payment_intent.created", body=intent.body)
    return _confirm(call, intent) if params.get("confirm") else call.shown(intent.body)


def retrieve(call: Call) -> Answer:
    """`GET /v1/payment_intents/{id}`."""
    return call.shown(_intent(call).body)


def listing(call: Call) -> Answer:
    """`GET /v1/payment_intents`."""
    return call.plain_list("payment_intent", "/v1/payment_intents", "customer")


def update(call: Call) -> Answer:
    """`POST /v1/payment_intents/{id}`."""
    intent, params = _intent(call), dict(call.params)
    changed = [name for name in (*CONTENT, "payment_method") if name in params]
    if intent.body["status"] not in OPEN and set(changed) - {"description"}:
        raise _unexpected(intent, f"This PaymentIntent's {changed[0]} could not be updated")
    if "currency" in params:
        params["currency"] = _currency(params["currency"])
    _check_types(params)
    worth = {name: intent.body[name] for name in ("amount", "currency")} | params
    _check_amount(worth["amount"], worth["currency"])
    call.referred("customer", "customer")
    intent.body |= {name: params[name] for name in CONTENT if name in params}
    intent.body["metadata"] = merged_metadata(intent.body["metadata"], params.get("metadata"))
    if "payment_method" in params:
        intent.body["payment_method"] = _method(call, params["payment_method"]).id
        intent.body |= {"status": "requires_confirmation", "next_action": None}
    call.unit.save(intent)
    return call.shown(intent.body)


def confirm(call: Call) -> Answer:
    """`POST /v1/payment_intents/{id}/confirm`."""
    return _confirm(call, _intent(call))


def cancel(call: Call) -> Answer:
    """`POST /v1/payment_intents/{id}/cancel`."""
    intent = _intent(call)
    status = intent.body["status"]
    if status not in OPEN:
        raise _unexpected(
            intent, f"You cannot cancel this PaymentIntent because it has a status of {status}."
        )
    intent.body |= {
        "canceled_at": call.unit.now_s(),
        "cancellation_reason": call.params.get("cancellation_reason"),
        "next_action": None,
        "status": "canceled",
    }
    call.unit.save(intent)
    record_event(call.unit, call.cause, "payment_intent.canceled", body=intent.body)
    return call.shown(intent.body)


def retrieve_method(call: Call) -> Answer:
    """`GET /v1/payment_methods/{id}`."""
    return call.shown(call.unit.get(call.account, "payment_method", call.object_id).body)


def authenticate(unit: Unit, cause: Cause, intent: Record, *, approved: bool) -> None:
    """The customer answered the bank's question about a waiting payment."""
    if intent.body["status"] != "requires_action":
        raise _unexpected(intent, "This PaymentIntent does not wait for authentication.")
    method = unit.get(intent.account, "payment_method", intent.body["payment_method"])
    if approved:
        _succeed(unit, cause, intent, method)
    else:
        _decline(unit, cause, intent, method, AUTHENTICATION_FAILED)


def finish_processing(unit: Unit, cause: Cause, intent: Record) -> None:
    """A payment that was being processed arrives."""
    if intent.body["status"] == "processing":
        method = unit.get(intent.account, "payment_method", intent.body["payment_method"])
        _succeed(unit, cause, intent, method)


def _intent(call: Call) -> Record:
    return call.unit.get(call.account, "payment_intent", call.object_id)


def _confirm(call: Call, intent: Record) -> Answer:
    status = intent.body["status"]
    if status not in OPEN:
        done = "has already succeeded after being previously confirmed"
        reason = done if status == "succeeded" else f"has a status of {status}"
        raise _unexpected(intent, f"You cannot confirm this PaymentIntent because it {reason}.")
    wanted = call.params.get("payment_method") or intent.body["payment_method"]
    if wanted is None:
        raise _unexpected(
            intent, "You cannot confirm this PaymentIntent because it's missing a payment method."
        )
    method = _method(call, wanted)
    given = {
        name: call.params[name] for name in ("receipt_email", "setup_future_usage") if name in call.params
    }
    intent.body |= given | {"payment_method": method.id, "next_action": None}
    decline = _decline_of(call, method)
    if decline is not None:
        return _declined_answer(call, intent, method, decline)
    intent.body["last_payment_error"] = None
    if method.hidden.get("asks_for_authentication"):
        _ask(call, intent)
    elif call.unit.setting("processing_next"):
        call.unit.set_setting("processing_next", call.unit.setting("processing_next") - 1)
        intent.body["status"] = "processing"
        call.unit.save(intent)
        record_event(call.unit, call.cause, "payment_intent.processing", body=intent.body)
        call.unit.do_later(intent.account, "finish_processing", intent.id)
    else:
        _succeed(call.unit, call.cause, intent, method)
    return call.shown(intent.body)


def _decline_of(call: Call, method: Record) -> Decline | None:
    if call.params.get("off_session") and method.hidden.get("asks_for_authentication"):
        return AUTHENTICATION_REQUIRED
    return Decline(**method.hidden["decline"]) if method.hidden.get("decline") else None


def _ask(call: Call, intent: Record) -> None:
    return_url = call.params.get("return_url")
    page = f"{call.base_url}/practice/authenticate/{intent.id}?client_secret={intent.body['client_secret']}"
    redirect = {"type": "redirect_to_url", "redirect_to_url": {"return_url": return_url, "url": page}}
    intent.body["next_action"] = redirect if return_url else {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
    intent.body["status"] = "requires_action"
    intent.hidden["return_url"] = return_url
    call.unit.save(intent)
    record_event(call.unit, call.cause, "payment_intent.requires_action", body=intent.body)


def _succeed(unit: Unit, cause: Cause, intent: Record, method: Record) -> None:
    charge = charges.take(unit, cause, intent.body, method=method)
    if intent.body["setup_future_usage"] and intent.body["customer"]:
        method.body["customer"] = intent.body["customer"]
        unit.save(method)
    intent.body |= {
        "amount_received": intent.body["amount"],
        "last_payment_error": None,
        "latest_charge": charge.id,
        "next_action": None,
        "status": "succeeded",
    }
    unit.save(intent)
    record_event(unit, cause, "payment_intent.succeeded", body=intent.body)


def _decline(unit: Unit, cause: Cause, intent: Record, method: Record, decline: Decline) -> Body:
    """The intent waits for another card; answers the error that the caller is told."""
    error: Body = {
        "type": "card_error" if decline.decline_code else "invalid_request_error",
        "code": decline.code,
        "message": decline.message,
        "payment_method": method.body,
    }
    if decline.decline_code:
        error["decline_code"] = decline.decline_code
        intent.body["latest_charge"] = charges.fail(
            unit, cause, intent.body, method=method, decline=decline
        ).id
    intent.body |= {
        "last_payment_error": error,
        "next_action": None,
        "payment_method": None,
        "status": "requires_payment_method",
    }
    unit.save(intent)
    record_event(unit, cause, "payment_intent.payment_failed", body=intent.body)
    return error


def _declined_answer(call: Call, intent: Record, method: Record, decline: Decline) -> Answer:
    error = _decline(call.unit, call.cause, intent, method, decline)
    details: dict[str, Any] = {name: value for name, value in error.items() if name != "message"}
    details |= {"charge": intent.body["latest_charge"], "payment_intent": intent.body}
    return RefusedError(402, decline.message, remembered=True, **details).answer()


def _method(call: Call, wanted: str) -> Record:
    """A card of this account, or a fresh one behind a magic name."""
    if wanted in CARDS:
        card = CARDS[wanted]
        decline = card.decline
        hidden: Body = {
            "asks_for_authentication": card.asks_for_authentication,
            "decline": {
                "code": decline.code,
                "decline_code": decline.decline_code,
                "message": decline.message,
            }
            if decline
            else None,
            "refund_then": card.refund_then,
            "dispute": card.dispute,
        }
        body = objects.payment_method(call.unit.now_s(), card)
        return call.unit.add(Record(call.account, "payment_method", body, hidden))
    found = call.unit.find(call.account, "payment_method", wanted)
    if found is None:
        raise missing("PaymentMethod", wanted, param="payment_method", status=400)
    return found


def _currency(text: str) -> str:
    if re.fullmatch(r"[A-Za-z]{3}", text) is None:
        raise invalid(f"Invalid currency: {text}. Stripe needs a three-letter ISO code.", "currency")
    return text.lower()


def _check_amount(amount: int, currency: str) -> None:
    least = LEAST_AMOUNT_MINOR.get(currency, 1)
    if amount < least:
        raise invalid(
            f"Amount must be no less than {least} {currency} (minor units)", "amount", "amount_too_small"
        )
    if currency in EFFECTIVELY_WHOLE_CURRENCIES and amount % 100:
        raise invalid(
            f"Invalid amount. Currency {currency.upper()} has become effectively zero-decimal and charged"
            " amounts must be evenly divisible by 100.",
            "amount",
            "invalid_charge_amount_no_decimal_compatible",
        )
    if currency in THREE_DECIMAL_CURRENCIES and amount % 10:
        raise invalid(f"Invalid amount: the last digit must be 0 in {currency}.", "amount")


def _check_types(params: Body) -> None:
    if "payment_method_types" in params:
        # Since the API versions called endive the list can be read but no longer written.
        message = "payment_method_types is no longer supported; use allowed_payment_method_types."
        raise invalid(message, "payment_method_types", "payment_method_types_no_longer_supported")
    allowed = "allowed_payment_method_types"
    if allowed in params and "automatic_payment_methods" in params:
        raise invalid(f"Pass {allowed} or automatic_payment_methods, not both.", allowed)
    if "card" not in params.get(allowed, ["card"]):
        raise invalid("None of the allowed payment method types is available here.", allowed)


def _check_together(params: Body) -> None:
    if not params.get("confirm"):
        for name in ("off_session", "return_url"):
            if name in params:
                raise invalid(f"{name} is only allowed together with confirm=true.", name)


def _unexpected(intent: Record, message: str) -> RefusedError:
    return refused(message, "payment_intent_unexpected_state", payment_intent=intent.body)
