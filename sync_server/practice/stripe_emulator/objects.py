"""The shapes of the objects, key by key as Stripe sends them; nothing here decides or stores."""

import time

from sync_server.practice.stripe_emulator.answers import Body
from sync_server.practice.stripe_emulator.cards import Card
from sync_server.practice.stripe_emulator.records import new_id

EMPTY_ADDRESS: Body = dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"))
EVIDENCE_NAMES = [
    "access_activity_log", "billing_address", "cancellation_policy", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_communication", "customer_email_address", "customer_name",
    "customer_purchase_ip", "customer_signature", "duplicate_charge_documentation",
    "duplicate_charge_explanation", "duplicate_charge_id", "product_description", "receipt",
    "refund_policy", "refund_policy_disclosure", "refund_refusal_explanation", "service_date",
    "service_documentation", "shipping_address", "shipping_carrier", "shipping_date",
    "shipping_documentation", "shipping_tracking_number", "uncategorized_file", "uncategorized_text",
]  # fmt: skip


def customer(created: int, given: Body) -> Body:
    """A customer without a card."""
    return {
        "id": new_id("cus"),
        "object": "customer",
        "address": EMPTY_ADDRESS | given["address"] if "address" in given else None,
        "balance": 0,
        "created": created,
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": given.get("description"),
        "discount": None,
        "email": given.get("email"),
        "invoice_prefix": new_id("x")[2:10].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "name": given.get("name"),
        "next_invoice_sequence": 1,
        "phone": given.get("phone"),
        "preferred_locales": given.get("preferred_locales", []),
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def payment_intent(created: int, given: Body) -> Body:
    """A payment intent that has not been confirmed."""
    intent_id = new_id("pi")
    automatic = given.get("automatic_payment_methods")
    return {
        "id": intent_id,
        "object": "payment_intent",
        "amount": given["amount"],
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": {"enabled": automatic["enabled"]} if automatic else None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": given.get("capture_method", "automatic"),
        "client_secret": f"{intent_id}_secret_{new_id('x')[2:]}",
        "confirmation_method": "automatic",
        "created": created,
        "currency": given["currency"],
        "customer": given.get("customer"),
        "description": given.get("description"),
        "last_payment_error": None,
        "latest_charge": None,
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": None,
        "payment_method_configuration_details": None,
        "payment_method_options": {},
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": given.get("receipt_email"),
        "review": None,
        "setup_future_usage": given.get("setup_future_usage"),
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": given.get("statement_descriptor_suffix"),
        "status": "requires_payment_method",
        "transfer_data": None,
        "transfer_group": None,
    }


def payment_method(created: int, card: Card) -> Body:
    """A card as the page handed it over."""
    return {
        "id": new_id("pm"),
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": _billing_details(),
        "card": {
            "brand": "visa",
            "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
            "country": "US",
            "display_brand": "visa",
            "exp_month": 12,
            "exp_year": _expiry_year(created),
            "fingerprint": f"practice{card.last4}card",
            "funding": "credit",
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": ["visa"], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": created,
        "customer": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


def charge(created: int, intent: Body, method: Body, *, failure: tuple[str, str, str] | None = None) -> Body:
    """One try at a card: taken, or failed with (code, bank's reason, sentence)."""
    code, reason, message = failure or (None, None, None)
    return {
        "id": new_id("ch"),
        "object": "charge",
        "amount": intent["amount"],
        "amount_captured": 0 if failure else intent["amount"],
        "amount_refunded": 0,
        "application": None,
        "application_fee": None,
        "application_fee_amount": None,
        "balance_transaction": None if failure else new_id("txn"),
        "billing_details": _billing_details(),
        "calculated_statement_descriptor": "PRACTICE",
        "captured": not failure,
        "created": created,
        "currency": intent["currency"],
        "customer": intent["customer"],
        "description": intent["description"],
        "disputed": False,
        "failure_balance_transaction": None,
        "failure_code": code,
        "failure_message": message,
        "fraud_details": {},
        "livemode": False,
        "metadata": dict(intent["metadata"]),
        "on_behalf_of": None,
        "outcome": _outcome(reason, message),
        "paid": not failure,
        "payment_intent": intent["id"],
        "payment_method": method["id"],
        "payment_method_details": {"card": _charged_card(method["card"]), "type": "card"},
        "receipt_email": intent["receipt_email"],
        "receipt_number": None,
        "receipt_url": None,
        "refunded": False,
        "review": None,
        "shipping": None,
        "source": None,
        "source_transfer": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
        "status": "failed" if failure else "succeeded",
        "transfer_data": None,
        "transfer_group": None,
    }


def refund(created: int, charge_body: Body, *, amount: int, status: str, given: Body) -> Body:
    """Money on its way back to the card it came from."""
    return {
        "id": new_id("re"),
        "object": "refund",
        "amount": amount,
        "balance_transaction": new_id("txn") if status == "succeeded" else None,
        "charge": charge_body["id"],
        "created": created,
        "currency": charge_body["currency"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": given.get("metadata", {}),
        "payment_intent": charge_body["payment_intent"],
        "reason": given.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


def dispute(created: int, charge_body: Body, *, kind: str, amount: int, reason: str) -> Body:
    """A bank's complaint: `chargeback` takes the money at once, `inquiry` only asks."""
    asking = kind == "inquiry"
    return {
        "id": new_id("dp"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge_body["id"],
        "created": created,
        "currency": charge_body["currency"],
        "enhanced_eligibility_types": [],
        "evidence": dict.fromkeys(EVIDENCE_NAMES) | {"enhanced_evidence": {}},
        "evidence_details": {
            "due_by": created + 7 * 86_400,
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
        },
        "is_charge_refundable": asking,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge_body["payment_intent"],
        "payment_method_details": {
            "card": {
                "brand": "visa",
                "case_type": "inquiry" if asking else "chargeback",
                "network_reason_code": "10.4",
            },
            "type": "card",
        },
        "reason": reason,
        "status": "warning_needs_response" if asking else "needs_response",
    }


def webhook_endpoint(created: int, given: Body) -> Body:
    """An address that wants to hear of events."""
    return {
        "id": new_id("we"),
        "object": "webhook_endpoint",
        "api_version": given.get("api_version"),
        "application": None,
        "created": created,
        "description": given.get("description"),
        "enabled_events": given["enabled_events"],
        "livemode": False,
        "metadata": given.get("metadata", {}),
        "status": "enabled",
        "url": given["url"],
    }


def account(created: int, account_id: str, given: Body, *, ready: bool) -> Body:
    """A studio's account; `ready` ones have finished onboarding."""
    due = [] if ready else ["business_profile.url", "external_account", "tos_acceptance.date"]
    state = "active" if ready else "inactive"
    profile = given.get("business_profile", {})
    return {
        "id": account_id,
        "object": "account",
        "business_profile": {name: profile.get(name) for name in ("mcc", "name", "support_email", "url")},
        "business_type": given.get("business_type"),
        "capabilities": {"card_payments": state, "transfers": state},
        "charges_enabled": ready,
        "controller": {"type": "application"},
        "country": given.get("country", "US").upper(),
        "created": created,
        "default_currency": given.get("default_currency", "usd"),
        "details_submitted": ready,
        "email": given.get("email"),
        "metadata": given.get("metadata", {}),
        "payouts_enabled": ready,
        "requirements": {
            "alternatives": [],
            "current_deadline": None,
            "currently_due": due,
            "disabled_reason": None if ready else "requirements.past_due",
            "errors": [],
            "eventually_due": due,
            "past_due": due,
            "pending_verification": [],
        },
        "settings": {
            "dashboard": {"display_name": profile.get("name"), "timezone": "Etc/UTC"},
            "payments": {"statement_descriptor": None},
        },
        "type": given.get("type", "standard"),
    }


def account_link(created: int, url: str) -> Body:
    """The way to the onboarding page, good for five minutes."""
    return {"object": "account_link", "created": created, "expires_at": created + 300, "url": url}


def _outcome(reason: str | None, message: str | None) -> Body:
    failed = reason is not None
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if failed else "approved_by_network",
        "reason": reason,
        "seller_message": message or "Payment complete.",
        "type": "issuer_declined" if failed else "authorized",
    }


def _charged_card(card: Body) -> Body:
    shown = (
        "brand",
        "checks",
        "country",
        "exp_month",
        "exp_year",
        "fingerprint",
        "funding",
        "last4",
        "wallet",
    )
    details = {name: card[name] for name in shown}
    return details | {"installments": None, "mandate": None, "network": "visa", "three_d_secure": None}


def _billing_details() -> Body:
    return {"address": dict(EMPTY_ADDRESS), "email": None, "name": None, "phone": None, "tax_id": None}


def _expiry_year(created: int) -> int:
    return time.gmtime(created).tm_year + 4
