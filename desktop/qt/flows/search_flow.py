"""The search box: words to customers, bookings, documents and actions, and from there to where they are."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtWidgets import QLineEdit

from desktop.qt.background.reading import Asker
from desktop.qt.flows.frame import Flow, Frame
from desktop.qt.flows.search_popover import FoundRow, SearchPopover
from desktop.qt.icons import Icon
from desktop.qt.page_keys import PAGE_LOOKS, PageKey
from desktop.qt.workbench import Workbench
from desktop.queries.search import HitKind, SearchHit, search_everything

_GLYPHS: Final = {
    HitKind.CUSTOMER: Icon.PERSON,
    HitKind.BOOKING: Icon.BOOK,
    HitKind.DOCUMENT: Icon.DOCUMENT,
}


@dataclass(frozen=True, slots=True)
class Ways:
    """Where what was found leads."""

    booking: Callable[[UUID], None]
    document: Callable[[UUID], None]
    customer: Callable[[str], None]
    new_booking: Callable[[], None]


class SearchFlow(Flow):
    """Asks at every keystroke; only the answer to the last one is shown."""

    def __init__(self, bench: Workbench, frame: Frame, field: QLineEdit, *, ways: Ways) -> None:
        super().__init__(bench, frame)
        self._ways = ways
        self._hits: dict[str, SearchHit] = {}
        self.popover = SearchPopover(bench.theme, frame.window, field)
        self._asker = Asker(bench.reading, self.popover)
        self.popover.chosen.connect(self._go)
        field.textChanged.connect(self.search)

    def search(self, words: str) -> None:
        """Find what contains all these words; without words the list closes."""
        if not words.strip():
            self._asker.forget()
            self.popover.hide()
            return
        query = partial(search_everything, tenant_id=self.bench.tenant_id, words=words)
        self._asker.ask(query, partial(self._show, words))

    def _show(self, words: str, hits: tuple[SearchHit, ...]) -> None:
        self._hits = {f"{hit.kind}:{hit.row_id}": hit for hit in hits}
        rows = [FoundRow(key, hit.title, hit.caption, _GLYPHS[hit.kind]) for key, hit in self._hits.items()]
        self.popover.show_found([*rows, *_actions(words)])

    def _go(self, row: FoundRow) -> None:
        hit = self._hits.get(row.key)
        if hit is None:
            self._act(row.key)
        elif hit.kind is HitKind.DOCUMENT:
            self._ways.document(hit.row_id)
        elif hit.kind is HitKind.BOOKING:
            self._ways.booking(hit.row_id)
        else:
            self._ways.customer(hit.caption or hit.title)

    def _act(self, key: str) -> None:
        if key == "new_booking":
            self._ways.new_booking()
        else:
            self.frame.show_page(PageKey(key))


def _actions(words: str) -> list[FoundRow]:
    wanted = words.casefold().strip()
    pages = [
        FoundRow(key.value, look.words, "Page", look.glyph)
        for key, look in PAGE_LOOKS.items()
        if look.words.casefold().startswith(wanted)
    ]
    if "new booking".startswith(wanted):
        pages.append(FoundRow("new_booking", "New booking", "Ctrl+Shift+B", Icon.PLUS))
    return pages
