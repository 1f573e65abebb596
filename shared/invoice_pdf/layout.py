"""Decides what stands on which page: letterhead, table over pages, blocks that move whole, page numbers."""

from typing import Final

from shared.errors import TextNotPrintable
from shared.invoice_pdf import blocks
from shared.invoice_pdf.blocks import LEFT, RIGHT, WIDTH
from shared.invoice_pdf.document import Paper, PaperLine, Snapshot
from shared.invoice_pdf.fonts import PrintFonts
from shared.invoice_pdf.lettering import letter
from shared.invoice_pdf.sheet import (
    HAIRLINE,
    INK,
    MM,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    SECONDARY,
    Mark,
    Picture,
    Plate,
    Sheet,
    Type,
)

BAR_HEIGHT: Final = 2.5 * MM
BAND_HEIGHT: Final = 6 * MM
BAND_COLOUR: Final = "#F2C14E"
LOGO_TOP: Final = 12 * MM
LOGO_HEIGHT: Final = 15 * MM
LOGO_WIDTH: Final = 60 * MM
SENDER_LINE_WIDTH: Final = 75 * MM
FACTS_X: Final = 118 * MM
FACTS_VALUE_X: Final = 146 * MM
FACTS_PITCH: Final = 14.6
TITLE_BASELINE: Final = 89 * MM
TITLE_GAP: Final = 7.0
FURTHER_TOP: Final = 22 * MM
FOOTER_TOP: Final = 275 * MM
BOTTOM: Final = FOOTER_TOP - 3 * MM
GAP: Final = 8 * MM

BAND: Final = Type(8, 11)
BAND_WORD: Final = BAND._replace(bold=True)
SENDER: Final = Type(8, 11.5, colour=SECONDARY)
SENDER_NAME: Final = SENDER._replace(bold=True, colour=INK)
SENDER_LINE: Final = Type(6.5, 9, colour=SECONDARY)
BUYER: Final = Type(10.5, 14.5)
FACT: Final = Type(9, 13)
FACT_LABEL: Final = FACT._replace(colour=SECONDARY)
FACT_FIRST: Final = FACT._replace(bold=True)
TITLE: Final = Type(20, 24, bold=True)
NAME_AS_LOGO: Final = Type(16, 20, bold=True)
SUBJECT: Final = Type(10, 14)
FURTHER: Final = Type(8, 11, colour=SECONDARY)
FOOTER: Final = Type(7, 10, colour=SECONDARY)
FOOTER_NAME: Final = FOOTER._replace(bold=True, colour=INK)
FOOTER_COLUMNS: Final = (20 * MM, 72 * MM, 116 * MM)
FOOTER_LINES: Final = 3

MARK_SIZE: Final = 90.0
MARK_COLOUR: Final = "#EDEDEE"
"""8 % of the text colour on white, without transparency, which archived documents may not have."""


def lay_out(snapshot: Snapshot, logo_pixels: tuple[int, int] | None, fonts: PrintFonts) -> list[Sheet]:
    """All pages. ``logo_pixels`` is the size of the logo, None without one; raises TextNotPrintable."""
    try:
        return _Flow(snapshot, logo_pixels, fonts).run()
    except TextNotPrintable as missing:
        character = str(missing.details["character"])
        name = unprintable_field(snapshot.paper, character)
        raise TextNotPrintable(field=name, character=character) from missing


def unprintable_field(paper: Paper, character: str) -> str:
    """In which field a person finds the character; its words are those of the screen."""
    if any(character in text for text in paper.buyer):
        return "Customer name or address"
    for line in paper.lines:
        if character in line.title or character in line.detail:
            return f"Text of line {line.position}"
    if any(character in text for text in paper.subject):
        return "Subject"
    if any(
        character in text for text in (*paper.sender, *(text for column in paper.footer for text in column))
    ):
        return "Studio name or address"
    if any(character in text for text in paper.terms):
        return "Terms"
    return "Document"


class _Flow:
    """Fills page after page from top to bottom."""

    def __init__(self, snapshot: Snapshot, logo_pixels: tuple[int, int] | None, fonts: PrintFonts) -> None:
        self._paper = snapshot.paper
        self._look = snapshot.look
        self._logo_pixels = logo_pixels
        self._fonts = fonts
        self._pages: list[Sheet] = []
        self._y = 0.0

    def run(self) -> list[Sheet]:
        """Lay everything out."""
        self._add_page()
        self._y = self._letterhead()
        sums = blocks.sums_block(self._paper, self._fonts, self._look)
        self._table(sums.height + GAP)
        self._y += GAP
        self._block(sums)
        if self._paper.box:
            self._y += GAP
            self._block(blocks.box_block(self._paper.box, self._fonts, self._look))
        self._y += GAP
        for line in blocks.terms_lines(self._paper, self._fonts):
            self._block(line)
        for number, page in enumerate(self._pages, start=1):
            self._frame(page, number)
        return self._pages

    # --- flow ---

    def _block(self, block: Sheet) -> None:
        """Place a block whole, on a new page if this one has no room."""
        if self._y + block.height > BOTTOM:
            self._add_page()
        self._pages[-1].place(block, self._y)
        self._y += block.height

    def _add_page(self) -> None:
        self._pages.append(Sheet(self._fonts))
        self._y = FURTHER_TOP

    def _table(self, room_for_sums: float) -> None:
        """All lines; the last one keeps room for the sums, so that they never stand alone."""
        head = blocks.table_head(self._paper, self._fonts, self._look)
        full_page = BOTTOM - FURTHER_TOP - head.height - 2 * blocks.CARRIED_HEIGHT
        self._block(head)
        before: PaperLine | None = None
        for index, line in enumerate(self._paper.lines):
            parts = blocks.line_rows(line, self._fonts, full_page)
            for number, part in enumerate(parts):
                last = index == len(self._paper.lines) - 1 and number == len(parts) - 1
                kept = min(room_for_sums, full_page - part.height) if last else blocks.CARRIED_HEIGHT
                if self._y + part.height + kept > BOTTOM and (before or number):
                    self._turn_page(head, line if number else before)
                self._pages[-1].place(part, self._y)
                self._y += part.height
            before = line

    def _turn_page(self, head: Sheet, before: PaperLine | None) -> None:
        assert before, "a page is turned after a line"
        paper = self._paper
        self._block(blocks.carried_row(paper.carried_forward, before.carried, self._fonts))
        self._add_page()
        self._block(head)
        self._block(blocks.carried_row(paper.brought_forward, before.carried, self._fonts))

    # --- fixed parts ---

    def _letterhead(self) -> float:
        """Everything above the table on the first page; returns where the table begins."""
        page, paper = self._pages[-1], self._paper
        self._logo(page)
        top = LOGO_TOP
        for number, text in enumerate(paper.sender):
            page.write(text, RIGHT, top, SENDER if number else SENDER_NAME, align="right")
            top += SENDER.leading
        page.write_on(paper.sender_line, LEFT, 44.5 * MM, SENDER_LINE)
        page.rule(LEFT, 46 * MM, SENDER_LINE_WIDTH, blocks.HAIR, HAIRLINE)
        top = 48.5 * MM
        for text in paper.buyer:
            top = page.write_lines(text, LEFT, top, BUYER, width=SENDER_LINE_WIDTH + 15 * MM)
        facts_end = self._facts(page)
        baseline = max(TITLE_BASELINE, top + 30, facts_end + 30)
        self._title(page, baseline)
        top = baseline + 4 * MM
        for text in paper.subject:
            top = page.write_lines(text, LEFT, top, SUBJECT, width=WIDTH)
        return top + 6 * MM

    def _logo(self, page: Sheet) -> None:
        if not self._logo_pixels:
            page.write(self._paper.sender[0], LEFT, LOGO_TOP, NAME_AS_LOGO)
            return
        width, height = self._logo_pixels
        scale = min(LOGO_HEIGHT / height, LOGO_WIDTH / width)
        page.pictures.append(Picture(LEFT, LOGO_TOP, width * scale, height * scale))

    def _facts(self, page: Sheet) -> float:
        top = 48.7 * MM - 0.6
        for number, (label, value) in enumerate(self._paper.facts):
            page.write(label, FACTS_X, top, FACT_LABEL)
            kind = FACT if number else FACT_FIRST
            below = page.write_lines(value, FACTS_VALUE_X, top, kind, width=RIGHT - FACTS_VALUE_X)
            top = below + FACTS_PITCH - FACT.leading
        return top

    def _title(self, page: Sheet, baseline: float) -> None:
        """The kind, and the number behind it where both fit."""
        width = page.write_on(self._paper.title, LEFT, baseline, TITLE)
        number = TITLE._replace(bold=False, colour=self._look.accent)
        page.write_on(self._paper.number, LEFT + width + TITLE_GAP, baseline, number)

    def _frame(self, page: Sheet, number: int) -> None:
        """What every page has: the bar, marks, the practice band, the foot and the page number."""
        paper = self._paper
        page.plates.insert(0, Plate(0, 0, PAGE_WIDTH, BAR_HEIGHT, 0, self._look.accent))
        if paper.practice_band:
            word, sentence = paper.practice_band
            page.plates.insert(1, Plate(0, BAR_HEIGHT, PAGE_WIDTH, BAND_HEIGHT, 0, BAND_COLOUR))
            top = BAR_HEIGHT + (BAND_HEIGHT - BAND.leading) / 2
            used = page.write(word, LEFT, top, BAND_WORD)
            page.write(sentence, LEFT + used + 6, top, BAND)
        self._marks(page)
        words = paper.page_of.format(page=number, pages=len(self._pages))
        if number > 1:
            page.write(f"{paper.title} {paper.number}", LEFT, 13 * MM, FURTHER)
            page.write(words, RIGHT, 13 * MM, FURTHER, align="right")
        page.rule(LEFT, FOOTER_TOP, WIDTH, blocks.HAIR, HAIRLINE)
        top = FOOTER_TOP + 6.3
        for column, (x, texts) in enumerate(zip(FOOTER_COLUMNS, paper.footer, strict=True)):
            for row, text in enumerate(texts):
                first = column == 0 and row == 0
                page.write(text, x, top + row * FOOTER.leading, FOOTER_NAME if first else FOOTER)
        if number == 1:
            page.write(words, RIGHT, top + (FOOTER_LINES - 1) * FOOTER.leading, FOOTER, align="right")

    def _marks(self, page: Sheet) -> None:
        count = len(self._paper.marks)
        for position, text in enumerate(self._paper.marks):
            lettering = letter(text, self._fonts.bold)
            middle = PAGE_HEIGHT / 2 + (position - (count - 1) / 2) * 2.2 * MARK_SIZE
            page.marks.append(Mark(middle, lettering, MARK_SIZE, MARK_COLOUR))
