"""The measures of what stays together on a page: a line, the sums, the box, a paragraph of small print.

Measures are those of the looks: widths in millimetres, type and paddings in points.
"""

from typing import Final

from shared.invoice_pdf.document import Look, Paper, PaperBox, PaperLine, PaperTable, PaperTotal
from shared.invoice_pdf.fonts import PrintFonts
from shared.invoice_pdf.sheet import HAIRLINE, INK, MM, SECONDARY, WHITE, Code, Plate, Sheet, Type

LEFT: Final = 20 * MM
RIGHT: Final = 190 * MM
WIDTH: Final = RIGHT - LEFT

TITLE_X: Final = 28 * MM
TITLE_WIDTH: Final = 86 * MM
QUANTITY_X: Final = 130 * MM
PRICE_X: Final = 160 * MM
ROW_PADDING: Final = 7.0
HAIR: Final = 0.4
ACCENT_RULE: Final = 1.0
INK_RULE: Final = 0.75

HEAD: Final = Type(8, 11, colour=SECONDARY)
ROW: Final = Type(9.5, 13)
ROW_TITLE: Final = ROW._replace(bold=True)
ROW_NUMBER: Final = ROW._replace(colour=SECONDARY)
DETAIL: Final = Type(8.5, 13, colour=SECONDARY)
SMALL_HEAD: Final = Type(8, 12, colour=SECONDARY)
SMALL: Final = Type(8.5, 12)
SMALL_BOLD: Final = SMALL._replace(bold=True)
TOTAL: Final = Type(9.5, 13)
LAST_LABEL: Final = Type(10.5, 14, bold=True)
LAST_AMOUNT: Final = Type(14, 18, bold=True)
BOX_TITLE: Final = Type(10, 14, bold=True)
CAPTION: Final = Type(7.5, 10.2)
TERMS: Final = Type(8.5, 12.5, colour=SECONDARY)

TABLE_HEAD_HEIGHT: Final = 15.0
CARRIED_HEIGHT: Final = ROW.leading + 2 * ROW_PADDING

_TAX_COLUMNS: Final = (36 * MM, 60 * MM, 84 * MM, 108 * MM)
_PAYMENT_TEXT_X: Final = 52 * MM
_PAYMENT_TEXT_WIDTH: Final = 40 * MM
_SMALL_RIGHT: Final = 108 * MM
_SMALL_WIDTH: Final = 88 * MM
_SMALL_HEAD_HEIGHT: Final = 14.4
_SMALL_PADDING: Final = 4.15
_SMALL_GAP: Final = 19.0

_TOTALS_X: Final = 116 * MM
_TOTALS_WIDTH: Final = 74 * MM
_TOTAL_PITCH: Final = 19.0
_LAST_HEIGHT: Final = 31.4
_LAST_APART: Final = 8.0
_LAST_LIFT: Final = 6.0

_BOX_X: Final = 26 * MM
_BOX_VALUE_X: Final = 50 * MM
_BOX_DATE_X: Final = 122 * MM
_BOX_RIGHT: Final = 184 * MM
_BOX_RADIUS: Final = 2 * MM
_BOX_TOP: Final = 13.4
_CODE_PLATE: Final = 28 * MM
_CODE: Final = 23 * MM
_CODE_PLATE_X: Final = 158 * MM
_CODE_MARGIN: Final = 3.43 * MM
_CAPTION_X: Final = 155 * MM
_CAPTION_WIDTH: Final = 16 * MM


def table_head(paper: Paper, fonts: PrintFonts, look: Look) -> Sheet:
    """The head of the lines table with its rule."""
    block = Sheet(fonts, height=TABLE_HEAD_HEIGHT)
    title, quantity, price, amount = paper.table_head
    block.write(title, TITLE_X, 0, HEAD)
    block.write(quantity, QUANTITY_X, 0, HEAD, align="right")
    block.write(price, PRICE_X, 0, HEAD, align="right")
    block.write(amount, RIGHT, 0, HEAD, align="right")
    block.rule(LEFT, TABLE_HEAD_HEIGHT, WIDTH, ACCENT_RULE, look.accent)
    return block


def carried_row(label: str, amount: str, fonts: PrintFonts) -> Sheet:
    """The sum so far, at the end of a page or at the start of the next."""
    block = Sheet(fonts, height=CARRIED_HEIGHT)
    block.write(label, TITLE_X, ROW_PADDING, ROW_NUMBER)
    block.write(amount, RIGHT, ROW_PADDING, ROW_NUMBER, align="right")
    block.rule(LEFT, CARRIED_HEIGHT, WIDTH, HAIR, HAIRLINE)
    return block


def line_rows(line: PaperLine, fonts: PrintFonts, room: float) -> list[Sheet]:
    """One line of the document. One that is higher than ``room``, a whole page, comes in several parts."""
    measure = Sheet(fonts)
    texts = [(text, ROW_TITLE) for text in measure.wrapped(line.title, ROW_TITLE, TITLE_WIDTH)]
    if line.detail:
        texts += [(text, DETAIL) for text in measure.wrapped(line.detail, DETAIL, TITLE_WIDTH)]
    most = max(1, int((room - 2 * ROW_PADDING) // ROW.leading))
    parts = []
    for start in range(0, len(texts), most):
        part = Sheet(fonts)
        top = ROW_PADDING
        if start == 0:
            part.write(line.position, LEFT, top, ROW_NUMBER)
            part.write(line.quantity, QUANTITY_X, top, ROW, align="right")
            part.write(line.price, PRICE_X, top, ROW, align="right")
            part.write(line.amount, RIGHT, top, ROW, align="right")
        for text, kind in texts[start : start + most]:
            part.write(text, TITLE_X, top, kind)
            top += kind.leading
        part.height = top + ROW_PADDING
        parts.append(part)
    parts[-1].rule(LEFT, parts[-1].height, WIDTH, HAIR, HAIRLINE)
    return parts


def sums_block(paper: Paper, fonts: PrintFonts, look: Look) -> Sheet:
    """Tax table and payments on the left, totals on the right."""
    block = Sheet(fonts)
    left = _tax_table(block, paper.taxes)
    if paper.payments:
        left = _payment_table(block, paper.payments, left + _SMALL_GAP)
    block.height = max(left, _totals(block, paper.totals, look))
    return block


def _tax_table(block: Sheet, table: PaperTable) -> float:
    for number, (x, cell) in enumerate(zip(_TAX_COLUMNS, table.head, strict=True)):
        block.write(cell, LEFT if number == 0 else x, 0, SMALL_HEAD, align="right" if number else "left")
    block.rule(LEFT, _SMALL_HEAD_HEIGHT, _SMALL_WIDTH, INK_RULE, INK)
    top = _SMALL_HEAD_HEIGHT
    for row in table.rows:
        for number, (x, cell) in enumerate(zip(_TAX_COLUMNS, row, strict=True)):
            align = "right" if number else "left"
            block.write(cell, x if number else LEFT, top + _SMALL_PADDING, SMALL, align=align)
        top += SMALL.leading + 2 * _SMALL_PADDING
        block.rule(LEFT, top, _SMALL_WIDTH, HAIR, HAIRLINE)
    return top


def _payment_table(block: Sheet, table: PaperTable, top: float) -> float:
    title, _, unit = table.head
    block.write(title, LEFT, top, SMALL_HEAD)
    block.write(unit, _SMALL_RIGHT, top, SMALL_HEAD, align="right")
    top += _SMALL_HEAD_HEIGHT
    block.rule(LEFT, top, _SMALL_WIDTH, INK_RULE, INK)
    for day, text, amount in table.rows:
        top += _SMALL_PADDING
        block.write(day, LEFT, top, SMALL)
        block.write(amount, _SMALL_RIGHT, top, SMALL, align="right")
        top = block.write_lines(text, _PAYMENT_TEXT_X, top, SMALL, width=_PAYMENT_TEXT_WIDTH) + _SMALL_PADDING
        block.rule(LEFT, top, _SMALL_WIDTH, HAIR, HAIRLINE)
    return top


def _totals(block: Sheet, rows: tuple[PaperTotal, ...], look: Look) -> float:
    top = 0.0
    for row in rows:
        if row.weight == "last":
            top += (TOTAL.leading - _TOTAL_PITCH) / 2 + 4
            top = _last_total(block, row, top, look)
            continue
        strong = row.weight == "strong"
        kind = TOTAL._replace(bold=strong)
        if strong:
            block.rule(_TOTALS_X, top + (TOTAL.leading - _TOTAL_PITCH) / 2, _TOTALS_WIDTH, INK_RULE, INK)
        block.write(row.label, _TOTALS_X, top, kind)
        block.write(row.amount, RIGHT, top, kind, align="right")
        top += _TOTAL_PITCH
    return top


def _last_total(block: Sheet, row: PaperTotal, top: float, look: Look) -> float:
    """Between two rules; a label that leaves no room for the amount stands above it."""
    block.rule(_TOTALS_X, top, _TOTALS_WIDTH, ACCENT_RULE, look.accent)
    amount = LAST_AMOUNT._replace(colour=look.accent)
    beside = block.width_of(row.label, LAST_LABEL) + block.width_of(row.amount, amount) + _LAST_APART
    if beside > _TOTALS_WIDTH:
        below = block.write_lines(row.label, _TOTALS_X, top + 6, LAST_LABEL, width=_TOTALS_WIDTH)
        top = below - _LAST_LIFT
    top += _LAST_HEIGHT
    baseline = top - _LAST_HEIGHT / 2 + 5.1
    if beside <= _TOTALS_WIDTH:
        block.write_on(row.label, _TOTALS_X, baseline, LAST_LABEL)
    block.write_on(row.amount, RIGHT, baseline, amount, align="right")
    block.rule(_TOTALS_X, top, _TOTALS_WIDTH, ACCENT_RULE, look.accent)
    return top


def box_block(box: PaperBox, fonts: PrintFonts, look: Look) -> Sheet:
    """How to pay, or what remains."""
    block = Sheet(fonts)
    block.write(box.title, _BOX_X, _BOX_TOP, BOX_TITLE)
    bottom = _remains(block, box) if box.sum_row else _how_to_pay(block, box)
    if box.code:
        bottom = max(bottom, _CODE_PLATE + 2 * _CODE_MARGIN)
        _code(block, box, (bottom - _CODE_PLATE) / 2)
    block.height = bottom
    block.plates.insert(0, Plate(LEFT, 0, WIDTH, bottom, _BOX_RADIUS, look.accent_soft))
    return block


def _how_to_pay(block: Sheet, box: PaperBox) -> float:
    top = 36.0
    right = _CAPTION_X - _CAPTION_WIDTH if box.code else _BOX_RIGHT
    for label, text in box.rows:
        block.write(label, _BOX_X, top, SMALL)
        below = block.write_lines(text, _BOX_VALUE_X, top, SMALL_BOLD, width=right - _BOX_VALUE_X)
        top = below + 2.2
    return top + 12


def _remains(block: Sheet, box: PaperBox) -> float:
    assert box.sum_row, "what remains is a sum"
    top = 37.9
    for label, day, amount in box.rows:
        block.write(day, _BOX_DATE_X, top, SMALL)
        block.write(amount, _BOX_RIGHT, top, SMALL, align="right")
        below = block.write_lines(label, _BOX_X, top, SMALL, width=_BOX_DATE_X - _BOX_X - 2 * MM)
        top = below + 5.3
    block.rule(_BOX_X, top - 2.6, _BOX_RIGHT - _BOX_X, INK_RULE, INK)
    label, amount = box.sum_row
    block.write(label, _BOX_X, top, SMALL_BOLD)
    block.write(amount, _BOX_RIGHT, top, SMALL_BOLD, align="right")
    return top + 25.6


def _code(block: Sheet, box: PaperBox, top: float) -> None:
    block.plates.append(Plate(_CODE_PLATE_X, top, _CODE_PLATE, _CODE_PLATE, 1.5 * MM, WHITE))
    inset = (_CODE_PLATE - _CODE) / 2
    block.codes.append(Code(_CODE_PLATE_X + inset, top + inset, _CODE, box.code))
    lines = block.wrapped(box.code_caption, CAPTION, _CAPTION_WIDTH)
    line_top = top + (_CODE_PLATE - len(lines) * CAPTION.leading) / 2
    for line in lines:
        block.write(line, _CAPTION_X, line_top, CAPTION, align="right")
        line_top += CAPTION.leading


def terms_lines(paper: Paper, fonts: PrintFonts) -> list[Sheet]:
    """The small print, line by line, so that it may run over a page end."""
    measure = Sheet(fonts)
    lines = []
    for paragraph in paper.terms:
        for text in measure.wrapped(paragraph, TERMS, WIDTH):
            line = Sheet(fonts, height=TERMS.leading)
            line.write(text, LEFT, 0, TERMS)
            lines.append(line)
    return lines
