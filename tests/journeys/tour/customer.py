"""The customer: a browser without a screen that follows links and presses buttons, over real HTTP."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

from tests.journeys.tour.steps import NotAsItShouldBe


@dataclass
class Form:
    """A form of a page with its hidden fields and the first of its choices."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Page:
    """What the browser shows."""

    url: str
    status: int
    text: str
    words: str
    title: str
    forms: list[Form]
    links: list[tuple[str, str]]

    def form_to(self, action: str) -> Form:
        """The form that sends to this path."""
        for form in self.forms:
            if urlsplit(form.action).path == action:
                return form
        raise NotAsItShouldBe(f"no form to {action} on “{self.title}”")

    def link_with(self, part: str) -> str | None:
        """The first link whose address contains this."""
        return next((address for address, _words in self.links if part in address), None)


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.words: list[str] = []
        self.title = ""
        self._inside: list[str] = []
        self._link: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in {"meta", "link", "input", "br", "img", "hr"}:
            self._inside.append(tag)
        if tag == "form":
            action = urljoin(self.base, given.get("action", ""))
            self.forms.append(Form(action, given.get("method", "get").lower()))
        elif tag == "a" and "href" in given:
            self._link = urljoin(self.base, given["href"])
            self.links.append((self._link, ""))
        elif tag in {"input", "button", "textarea"} and self.forms and given.get("name"):
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        form, name, value = self.forms[-1], given["name"], given.get("value", "")
        if tag == "button" or given.get("type") == "submit":
            form.buttons.append((name, value))
        elif given.get("type") == "radio":
            if "checked" in given or name not in form.fields:
                form.fields[name] = value
        else:
            form.fields[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside and self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        plain = " ".join(data.split())
        if not plain:
            return
        if "title" in self._inside and "svg" not in self._inside:
            self.title = plain
        elif not {"style", "script", "title"} & set(self._inside):
            self.words.append(plain)


class CustomerBrowser:
    """One customer's browser with its own cookies."""

    def __init__(self) -> None:
        self.client = httpx.Client(follow_redirects=True, timeout=30)

    def close(self) -> None:
        """Close the window."""
        self.client.close()

    def open(self, url: str) -> Page:
        """Follow a link."""
        return self._page(self.client.get(url))

    def press(self, page: Page, action: str, **fields: str) -> Page:
        """Send the form that goes to this path, with these values changed."""
        form = page.form_to(action)
        sent = {**form.fields, **dict(form.buttons[:1]), **fields}
        origin = f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}"
        return self._page(self.client.post(form.action, data=sent, headers={"Origin": origin}))

    def _page(self, answer: httpx.Response) -> Page:
        url = str(answer.url)
        reader = _Reader(url)
        if "html" in answer.headers.get("content-type", ""):
            reader.feed(answer.text)
        return Page(
            url=url,
            status=answer.status_code,
            text=answer.text if "html" in answer.headers.get("content-type", "") else "",
            words=" ".join(reader.words),
            title=reader.title,
            forms=reader.forms,
            links=reader.links,
        )
