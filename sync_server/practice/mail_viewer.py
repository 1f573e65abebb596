"""Shows the mails of the practice spool: list, HTML in a sandboxed frame, text, headers, links to click.

Nothing of it is Daybook: it stands for the customer's mail program. A mail's HTML can run nothing and load
nothing.
"""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Depends
from jinja2 import DictLoader, Environment
from starlette.responses import HTMLResponse, JSONResponse, Response

from shared.errors import ThingNotFound
from sync_server.web.routes.practice import only_from_here

_NAME: Final = re.compile(r"^[0-9a-f]{64}$")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+")
_HEADERS: Final = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted")
_FRAME_POLICY: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
_PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class SpooledMail:
    """One mail of the spool as a reader wants it."""

    name: str
    kind: str
    recipient: str
    sender: str
    subject: str
    date: datetime | None
    message_id: str
    text: str
    html: str
    headers: tuple[tuple[str, str], ...]

    @property
    def links(self) -> tuple[str, ...]:
        """What can be clicked, in order, each once."""
        return tuple(dict.fromkeys(_LINK.findall(self.text)))

    def listed(self) -> dict[str, Any]:
        """As the JSON list has it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "to": self.recipient,
            "from": self.sender,
            "subject": self.subject,
            "date": self.date.isoformat() if self.date is not None else None,
            "message_id": self.message_id,
            "links": list(self.links),
        }


class MailSpool:
    """Reads the folder that ``adapters/spool_mailer.py`` fills."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def mails(self) -> list[SpooledMail]:
        """Every mail, the newest first."""
        found = [_read(path) for path in self._folder.glob("*/*.eml")]
        return sorted(found, key=lambda mail: (mail.date is not None, mail.date, mail.name), reverse=True)

    def find(self, name: str) -> SpooledMail:
        """One mail; raises ThingNotFound."""
        if not _NAME.match(name):
            raise ThingNotFound
        for path in self._folder.glob(f"*/{name}.eml"):
            return _read(path)
        raise ThingNotFound


def _read(path: Path) -> SpooledMail:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage), "the default policy makes these"
    message_id = str(message["Message-ID"]).strip()
    date = message["Date"]
    return SpooledMail(
        name=path.stem,
        kind=message_id.strip("<>").partition(".")[0],
        recipient=str(message["To"]),
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        date=date.datetime if date is not None else None,
        message_id=message_id,
        text=_body(message, "plain"),
        html=shown_html(message),
        headers=tuple((name, str(message[name])) for name in _HEADERS if message[name] is not None),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return "" if part is None else str(part.get_content()).replace("\r\n", "\n")


def shown_html(message: EmailMessage) -> str:
    """The HTML with its inline images put in, because a frame has no ``cid:``."""
    html = _body(message, "html")
    for part in message.walk():
        content_id = part.get("Content-ID")
        if content_id is not None:
            data = "".join(str(part.get_payload(decode=False)).split())
            html = html.replace(
                f"cid:{content_id.strip('<>')}", f"data:{part.get_content_type()};base64,{data}"
            )
    return html


def mail_viewer_router(folder: Path) -> APIRouter:
    """``/practice/mail``."""
    spool = MailSpool(folder)
    router = APIRouter(prefix="/practice", tags=["practice"], dependencies=[Depends(only_from_here)])

    @router.get("/mail")
    def mails() -> Response:
        """The list."""
        return _page("list.html", mails=spool.mails())

    @router.get("/mail.json")
    def mails_listed() -> Response:
        """The list for programs."""
        return JSONResponse([mail.listed() for mail in spool.mails()])

    @router.get("/mail/{name}")
    def mail(name: str) -> Response:
        """One mail: HTML in a frame, text, headers, links."""
        return _page("mail.html", mail=spool.find(name))

    @router.get("/mail/{name}/html")
    def html(name: str) -> Response:
        """The HTML alone, for the frame."""
        return HTMLResponse(spool.find(name).html, headers={"Content-Security-Policy": _FRAME_POLICY})

    @router.get("/mail/{name}/json")
    def whole(name: str) -> Response:
        """One mail for programs."""
        found = spool.find(name)
        return JSONResponse({**found.listed(), "text": found.text, "html": found.html})

    return router


def _page(template: str, **values: Any) -> Response:  # noqa: ANN401 - a template's values
    page = _PAGES.get_template(template).render(values)
    return HTMLResponse(page, headers={"Content-Security-Policy": _PAGE_POLICY, "Cache-Control": "no-store"})


_HEAD: Final = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{{ title }}</title><style>
body{margin:0;background:#F7F6F3;color:#1F2328}
body{font:16px/24px Inter,system-ui,"Segoe UI",Roboto,Arial,sans-serif}
.practice{background:#F2C14E;padding:10px 24px;font-size:14px}
main{max-width:960px;margin:24px auto;padding:0 16px}h1{font-size:22px;line-height:28px}
a{color:#1F6F5C}table{width:100%;border-collapse:collapse;background:#fff;border:1px solid #E4E1DA}
th,td{text-align:left;padding:10px 12px;border-bottom:1px solid #E4E1DA;vertical-align:top}
th{font-size:14px;color:#5C6168;font-weight:500}td.quiet{color:#5C6168;white-space:nowrap}
iframe{width:100%;height:640px;border:1px solid #E4E1DA;background:#fff}
pre{white-space:pre-wrap;background:#fff;border:1px solid #E4E1DA;padding:16px;font:14px/22px inherit}
</style></head><body>
<div class="practice"><b>PRACTICE</b>&nbsp; These mails were not sent to anybody.</div><main>
"""

_PAGES: Final = Environment(
    autoescape=True,
    loader=DictLoader(
        {
            "list.html": "{% set title = 'Practice mail' %}"
            + _HEAD
            + """<h1>Practice mail</h1>{% if mails %}<table>
<tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">Sent</th></tr>
{% for mail in mails %}<tr><td><a href="/practice/mail/{{ mail.name }}">{{ mail.subject }}</a></td>
<td class="quiet">{{ mail.recipient }}</td>
<td class="quiet">{{ mail.date.strftime('%Y-%m-%d %H:%M UTC') if mail.date else '' }}</td></tr>
{% endfor %}</table>{% else %}<p>No mail yet.</p>{% endif %}</main></body></html>""",
            "mail.html": "{% set title = mail.subject %}"
            + _HEAD
            + """<p><a href="/practice/mail">All mails</a></p><h1>{{ mail.subject }}</h1>
<table>{% for name, value in mail.headers %}<tr><th scope="row">{{ name }}</th><td>{{ value }}</td></tr>
{% endfor %}</table>
<h1>Links</h1>{% if mail.links %}<ul>{% for link in mail.links %}<li><a href="{{ link }}">{{ link }}</a></li>
{% endfor %}</ul>{% else %}<p>None.</p>{% endif %}
<h1>As it looks</h1>
<iframe sandbox src="/practice/mail/{{ mail.name }}/html" title="The mail as it looks"></iframe>
<h1>Text</h1><pre>{{ mail.text }}</pre></main></body></html>""",
        }
    ),
)
