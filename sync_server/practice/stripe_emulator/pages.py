"""The two pages a browser meets: the bank's question about a card, and the onboarding of an account."""

import hmac
import html
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from sync_server.practice.stripe_emulator import accounts, payments
from sync_server.practice.stripe_emulator.answers import Answer, RefusedError
from sync_server.practice.stripe_emulator.api import Request
from sync_server.practice.stripe_emulator.records import PLATFORM, Cause, Record, Unit
from sync_server.practice.stripe_emulator.store import Store

BANNER = "PRACTICE – no real money"
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body{{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;max-width:30rem;padding:1rem}}
.banner{{background:#fde68a;color:#111;padding:.5rem 1rem;font-weight:600}}
button{{font:inherit;padding:.5rem 1rem;margin:.5rem .5rem 0 0}}</style>
<p class="banner">{banner}</p><h1>{title}</h1><p>{text}</p>{form}</html>"""


class Pages:
    """What lives under `/practice`; the secret in the address is the only key."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def answer(self, request: Request) -> Answer:
        """Show the page on GET, take the choice on POST."""
        parts = request.path.strip("/").split("/")
        query = {name: values[-1] for name, values in parse_qs(request.query).items()}
        form = {
            name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()
        }
        choice = form.get("choice") if request.method == "POST" else None
        try:
            with self._store.transaction() as unit:
                if parts[1:2] == ["authenticate"] and len(parts) == 3:  # noqa: PLR2004 - /practice/…/id
                    return _authenticate(unit, parts[2], query.get("client_secret", ""), choice)
                if parts[1:2] == ["onboarding"] and len(parts) == 3:  # noqa: PLR2004 - /practice/…/id
                    return _onboard(unit, parts[2], query.get("token", ""), choice)
        except RefusedError as refusal:
            return _page("This did not work", str(refusal), status=refusal.status)
        return _page("Nothing here", "This page does not exist.", status=404)


def _authenticate(unit: Unit, intent_id: str, secret: str, choice: str | None) -> Answer:
    intent = _known(unit, "payment_intent", intent_id, "client_secret", secret)
    if intent.body["status"] != "requires_action":
        return _page("Nothing to answer", "This payment no longer waits. You may close this page.")
    if choice is None:
        return _page(
            "Your bank asks", "Is this payment yours?", ("approve", "Yes, pay"), ("fail", "No, fail")
        )
    payments.authenticate(unit, Cause(intent.account), intent, approved=choice == "approve")
    return _back(
        intent.hidden.get("return_url"),
        {
            "payment_intent": intent.id,
            "payment_intent_client_secret": secret,
            "redirect_status": "succeeded" if choice == "approve" else "failed",
        },
    )


def _onboard(unit: Unit, account_id: str, token: str, choice: str | None) -> Answer:
    account = unit.get(PLATFORM, "account", account_id)
    right = hmac.compare_digest(token.encode(), str(account.hidden.get("link_token", "")).encode())
    if not token or not right or unit.now_s() > account.hidden["link_until"]:
        raise RefusedError(404, "This link has ended. Please ask for a new one.", remembered=False)
    if choice is None:
        return _page(
            "Set up card payments", "Nothing is asked here.", ("finish", "Finish"), ("later", "Later")
        )
    if choice == "finish":
        accounts.set_ready(unit, account, ready=True)
    return _back(account.hidden.get("return_url"), {})


def _known(unit: Unit, kind: str, object_id: str, field: str, secret: str) -> Record:
    record = unit.anywhere(kind, object_id)
    if not hmac.compare_digest(str(record.body[field]).encode(), secret.encode()):
        raise RefusedError(404, "This page does not exist.", remembered=False)
    return record


def _page(title: str, text: str, *choices: tuple[str, str], status: int = 200) -> Answer:
    buttons = "".join(
        f'<button name="choice" value="{value}">{html.escape(label)}</button>' for value, label in choices
    )
    form = f'<form method="post">{buttons}</form>' if buttons else ""
    words = {"title": html.escape(title), "text": html.escape(text), "banner": BANNER, "form": form}
    return Answer(status, PAGE.format(**words), dict(HEADERS), "text/html; charset=utf-8")


def _back(return_url: str | None, more: dict[str, str]) -> Answer:
    """Send the browser where it came from."""
    target = urlsplit(return_url or "")
    if target.scheme not in ("http", "https"):
        return _page("Done", "You may close this page.")
    query = "&".join(part for part in (target.query, urlencode(more)) if part)
    return Answer(303, "", HEADERS | {"Location": urlunsplit(target._replace(query=query))}, "text/plain")
