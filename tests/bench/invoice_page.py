"""The invoice of the bench as a page for a browser: the same words, logo and fonts as on the paper.

Only the payment code is left out, so that the browser has a little less to do than we have.
"""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Final

from shared.invoice_pdf.document import Paper, PaperBox, PaperTable
from tests.shared.invoice_pdf.papers import LOGO_FILE

_FONTS: Final = Path(__file__).parents[2] / "resources" / "fonts" / "print"
_REGULAR, _SEMIBOLD = ((_FONTS / f"DaybookSans-{weight}.ttf").as_uri() for weight in ("Regular", "SemiBold"))
_STYLE: Final = f"""
@page {{ size: A4; margin: 20mm }}
@font-face {{ font-family: D; src: url("{_REGULAR}") }}
@font-face {{ font-family: D; font-weight: 600; src: url("{_SEMIBOLD}") }}
body {{ font: 9.5pt D; margin: 0 }}
.bar {{ height: 2.5mm; background: #1F6F5C }}
img {{ height: 16mm; float: right }}
table {{ width: 100%; border-collapse: collapse; margin: 6mm 0 }}
td {{ border-bottom: .4pt solid #ccc; padding: 5pt 0; vertical-align: top }}
.box {{ background: #E3F0EC; padding: 4mm }}
.strong, .last {{ font-weight: 600 }}
footer {{ display: flex; gap: 10mm; font-size: 7.5pt; color: #555 }}
"""


def page_of(paper: Paper) -> str:
    """One HTML document."""
    lines = [(f"{line.title} {line.detail}", line.quantity, line.price, line.amount) for line in paper.lines]
    totals = "".join(
        f'<tr class="{total.weight}"><td>{escape(total.label)}</td><td>{escape(total.amount)}</td></tr>'
        for total in paper.totals
    )
    parts = [
        f'<img src="{LOGO_FILE.as_uri()}">',
        _lines(paper.sender),
        _lines((paper.sender_line, *paper.buyer)),
        f"<h1>{escape(paper.title)} {escape(paper.number)}</h1>",
        _table(paper.facts),
        _lines(paper.subject),
        _table((paper.table_head, *lines)),
        f"<table>{totals}</table>",
        *(_small_table(table) for table in (paper.taxes, paper.payments) if table is not None),
        _box(paper.box) if paper.box is not None else "",
        _lines(paper.terms),
        f"<footer>{''.join(_lines(column) for column in paper.footer)}</footer>",
    ]
    head = f'<!doctype html><meta charset="utf-8"><style>{_STYLE}</style><div class="bar"></div>'
    return head + "".join(parts)


def _lines(words: Iterable[str]) -> str:
    return f"<p>{'<br>'.join(map(escape, words))}</p>"


def _table(rows: Iterable[Iterable[str]]) -> str:
    cells = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _small_table(table: PaperTable) -> str:
    return _table((table.head, *table.rows))


def _box(box: PaperBox) -> str:
    rows = (*box.rows, box.sum_row) if box.sum_row is not None else box.rows
    return f'<div class="box">{escape(box.title)}{_table(rows)}{escape(box.code_caption)}</div>'
