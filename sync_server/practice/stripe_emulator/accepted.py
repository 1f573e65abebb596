"""Which parameter names each route takes; what is not listed here is answered with `parameter_unknown`."""

from sync_server.practice.stripe_emulator.parameters import (
    Flag,
    Group,
    Kind,
    Metadata,
    Moment,
    Text,
    TextList,
    Whole,
)

Accepted = dict[str, Kind]

EXPAND: Accepted = {"expand": TextList()}
PAGE: Accepted = {
    "limit": Whole(least=1, most=100),
    "starting_after": Text(),
    "ending_before": Text(),
    **EXPAND,
}
ADDRESS = Group(
    inside={name: Text(longest=500) for name in ("city", "country", "line1", "line2", "postal_code", "state")}
)
FUTURE_USAGE = Text(choices=("off_session", "on_session"))
AMOUNT = Whole(least=1)
CURRENCY = Text(longest=3)

CUSTOMER_CREATE: Accepted = {
    "address": ADDRESS,
    "description": Text(),
    "email": Text(longest=512),
    "metadata": Metadata(),
    "name": Text(longest=256),
    "phone": Text(longest=20),
    "preferred_locales": TextList(),
    **EXPAND,
}

PAYMENT_INTENT_CONTENT: Accepted = {
    "allowed_payment_method_types": TextList(),
    "customer": Text(),
    "description": Text(longest=1000),
    "metadata": Metadata(),
    "payment_method": Text(),
    "payment_method_types": TextList(),  # named to be refused: see payments.py
    "receipt_email": Text(longest=512),
    "setup_future_usage": FUTURE_USAGE,
    "statement_descriptor_suffix": Text(longest=22),
    **EXPAND,
}
PAYMENT_INTENT_CREATE: Accepted = {
    "amount": Whole(required=True, least=1),
    "currency": Text(required=True, longest=3),
    "automatic_payment_methods": Group(
        inside={"enabled": Flag(required=True), "allow_redirects": Text(choices=("always", "never"))}
    ),
    "capture_method": Text(choices=("automatic", "automatic_async")),
    "confirm": Flag(),
    "confirmation_method": Text(choices=("automatic",)),
    "off_session": Flag(),
    "return_url": Text(),
    **PAYMENT_INTENT_CONTENT,
}
PAYMENT_INTENT_UPDATE: Accepted = {"amount": AMOUNT, "currency": CURRENCY, **PAYMENT_INTENT_CONTENT}
PAYMENT_INTENT_CONFIRM: Accepted = {
    "off_session": Flag(),
    "payment_method": Text(),
    "receipt_email": Text(longest=512),
    "return_url": Text(),
    "setup_future_usage": FUTURE_USAGE,
    **EXPAND,
}
PAYMENT_INTENT_CANCEL: Accepted = {
    "cancellation_reason": Text(choices=("abandoned", "duplicate", "fraudulent", "requested_by_customer")),
    **EXPAND,
}
PAYMENT_INTENT_LIST: Accepted = {"customer": Text(), "created": Moment(), **PAGE}

REFUND_CREATE: Accepted = {
    "amount": AMOUNT,
    "charge": Text(),
    "payment_intent": Text(),
    "metadata": Metadata(),
    "reason": Text(choices=("duplicate", "fraudulent", "requested_by_customer")),
    **EXPAND,
}
REFUND_UPDATE: Accepted = {"metadata": Metadata(), **EXPAND}
REFUND_LIST: Accepted = {"charge": Text(), "payment_intent": Text(), "created": Moment(), **PAGE}

EVENT_LIST: Accepted = {
    "created": Moment(),
    "delivery_success": Flag(),
    "type": Text(),
    "types": TextList(),
    **PAGE,
}
DISPUTE_LIST: Accepted = {"charge": Text(), "payment_intent": Text(), "created": Moment(), **PAGE}

WEBHOOK_ENDPOINT_CREATE: Accepted = {
    "api_version": Text(),
    "connect": Flag(),
    "description": Text(),
    "enabled_events": TextList(required=True),
    "metadata": Metadata(),
    "url": Text(required=True),
    **EXPAND,
}
WEBHOOK_ENDPOINT_LIST: Accepted = PAGE

ACCOUNT_CREATE: Accepted = {
    "business_profile": Group(inside={name: Text() for name in ("mcc", "name", "support_email", "url")}),
    "business_type": Text(choices=("company", "government_entity", "individual", "non_profit")),
    "capabilities": Group(
        inside={name: Group(inside={"requested": Flag()}) for name in ("card_payments", "transfers")}
    ),
    "controller": Group(
        inside={
            "fees": Group(inside={"payer": Text(choices=("account", "application"))}),
            "losses": Group(inside={"payments": Text(choices=("application", "stripe"))}),
            "requirement_collection": Text(choices=("application", "stripe")),
            "stripe_dashboard": Group(inside={"type": Text(choices=("express", "full", "none"))}),
        }
    ),
    "country": Text(longest=2),
    "default_currency": CURRENCY,
    "email": Text(longest=512),
    "metadata": Metadata(),
    "type": Text(choices=("custom", "express", "standard")),
    **EXPAND,
}
ACCOUNT_LINK_CREATE: Accepted = {
    "account": Text(required=True),
    "collection_options": Group(
        inside={
            "fields": Text(choices=("currently_due", "eventually_due")),
            "future_requirements": Text(choices=("include", "omit")),
        }
    ),
    "refresh_url": Text(),
    "return_url": Text(),
    "type": Text(required=True, choices=("account_onboarding", "account_update")),
    **EXPAND,
}
