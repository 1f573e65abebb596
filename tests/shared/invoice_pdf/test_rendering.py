"""What the PDF shows, read back from its bytes, and that the bytes never differ."""

import hashlib
import io
import os
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest
from pypdf import PdfReader

from shared.errors import LogoInvalid, TextNotPrintable
from shared.invoice_pdf.blocks import sums_block
from shared.invoice_pdf.document import Snapshot, from_json, to_canonical_json
from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.lettering import drawing_order, letter, wrap
from shared.invoice_pdf.render import check_printable, render
from tests.shared.invoice_pdf import papers

GOLDEN_SHA256 = "69ade8df841f0ba6ea1dfd8e47ac47d9238a4274b19d4219267792f0e3bd20a0"
"""Of papers.an_invoice() without its logo, template version 1. A new value needs a new template version."""


def drawn(snapshot: Snapshot) -> bytes:
    return render(snapshot, papers.logo(), bundled_fonts())


def pages_of(snapshot: Snapshot) -> list[str]:
    reader = PdfReader(io.BytesIO(drawn(snapshot)))
    return [page.extract_text() for page in reader.pages]


def text_of(snapshot: Snapshot) -> str:
    return "\n".join(pages_of(snapshot))


def test_the_bytes_of_one_snapshot_are_known() -> None:
    found = render(papers.an_invoice(logo_sha256=None), None, bundled_fonts())
    assert hashlib.sha256(found).hexdigest() == GOLDEN_SHA256


def test_drawing_twice_gives_the_same_bytes_also_after_another_document() -> None:
    first = drawn(papers.an_invoice())
    drawn(papers.a_credit_note())
    assert drawn(from_json(to_canonical_json(papers.an_invoice()))) == first


PROGRAM = """
import hashlib, sys
from tests.shared.invoice_pdf import papers
from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.render import render
for snapshot in (papers.an_invoice(), papers.a_credit_note(), papers.an_invoice_of(30)):
    sys.stdout.write(hashlib.sha256(render(snapshot, papers.logo(), bundled_fonts())).hexdigest() + "\\n")
"""


@pytest.mark.parametrize(
    "surroundings",
    [
        {"TZ": "Pacific/Kiritimati", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "1"},
        {
            "TZ": "America/New_York",
            "LANG": "C",
            "PYTHONHASHSEED": "2",
            "SOURCE_DATE_EPOCH": "1",
            "RL_useA85": "0",
        },
    ],
)
def test_another_process_in_other_surroundings_gives_the_same_bytes(surroundings: dict[str, str]) -> None:
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        cwd=root, env={**os.environ, "PYTHONPATH": str(root), **surroundings},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    here = [papers.an_invoice(), papers.a_credit_note(), papers.an_invoice_of(30)]
    assert done.stdout.split() == [hashlib.sha256(drawn(snapshot)).hexdigest() for snapshot in here]


def test_the_document_is_dated_by_its_issue() -> None:
    information = PdfReader(io.BytesIO(drawn(papers.an_invoice()))).metadata
    assert information
    assert information.get("/CreationDate") == "D:20261123093000+00'00'"
    assert information.title == "Invoice BELLAWEDS_2026_041"


def test_number_names_and_sums_can_be_read_back() -> None:
    text = text_of(papers.an_invoice()).replace("\u00a0", " ")
    for words in (
        "BELLAWEDS_2026_041", "Zoë Brûlé", "2,041.67 EUR", "408.33 EUR", "2,450.00 EUR", "−1,225.00 EUR",
        "Due by 9 June 2027", "1,225.00 EUR", "FR76 3000 6000 0112 3456 7890 189", "Page 1 of 1",
        "Château d’Écouen", "Deposit, Visa ending 4242",
    ):  # fmt: skip
        assert words in text, words


def test_a_credit_note_can_be_read_back() -> None:
    text = text_of(papers.a_credit_note()).replace("\u00a0", " ")
    for words in (
        "Credit note",
        "BELLAWEDS-CN_2027_002",
        "735.00 EUR",
        "What remains of invoice",
        "490.00 EUR",
    ):
        assert words in text, words


@pytest.mark.parametrize(("currency", "price"), [("EUR", "620.00"), ("HUF", "98765432.10")])
def test_the_amount_to_pay_never_lies_on_its_label(currency: str, price: str) -> None:
    snapshot = papers.an_invoice(
        currency=currency,
        lines=(papers.a_line("Event coverage", "", price),),
        payments=(),
        due_date=date(2026, 11, 28),
    )
    block = sums_block(snapshot.paper, bundled_fonts(), snapshot.look)
    label, amount = block.words[-2:]
    same_line = abs(label.y - amount.y) < amount.size / 2
    assert not same_line or label.x + label.lettering.width_em * label.size < amount.x


def test_every_font_is_embedded_and_nothing_is_compressed() -> None:
    content = drawn(papers.an_invoice())
    assert b"FlateDecode" not in content
    assert b"DCTDecode" in content
    reader = PdfReader(io.BytesIO(content))
    resources = cast("dict[str, Any]", reader.pages[0]["/Resources"])
    fonts = [font.get_object() for font in resources["/Font"].values()]
    assert {font["/BaseFont"] for font in fonts} == {
        "/AAAAAA+DaybookSans-Regular",
        "/AAAAAA+DaybookSans-SemiBold",
    }
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts)


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (30, 3), (300, 21)])
def test_long_tables_repeat_their_head_and_carry_the_sum(count: int, pages: int) -> None:
    snapshot = papers.an_invoice_of(count)
    found = pages_of(snapshot)
    assert len(found) == pages
    assert all(f"Page {number} of {pages}" in text for number, text in enumerate(found, start=1))
    together = "\n".join(found)
    assert all(f"Service {number}\n" in together for number in range(1, count + 1))
    for before, after in pairwise(found):
        shown = [line for line in snapshot.paper.lines if f"Service {line.position}\n" in before]
        assert f"Carried forward {shown[-1].carried}" in " ".join(before.split())
        assert f"Brought forward {shown[-1].carried}" in " ".join(after.split())
        assert "Amount, EUR" in after
    last_title = f"Service {count}\n"
    assert last_title in found[-1] or "Total" not in found[-1]


def test_the_sums_never_stand_on_a_page_without_a_line() -> None:
    for count in range(8, 30):
        page = next(text for text in pages_of(papers.an_invoice_of(count)) if "VAT 20" in text)
        assert f"Service {count}\n" in page


def test_a_line_higher_than_a_page_is_split_and_loses_nothing() -> None:
    rows = [f"Row {number}." for number in range(1, 120)]
    found = pages_of(papers.an_invoice(lines=(papers.a_line("Long list", "\n".join(rows)),)))
    assert len(found) > 1
    together = "\n".join(found)
    assert all(row in together for row in rows)


@pytest.mark.parametrize(
    "snapshot", [papers.a_practice_invoice(), papers.an_invoice(number=None, practice=True)]
)
def test_the_practice_mark_is_on_the_page(snapshot: Snapshot) -> None:
    assert all(text.count("PRACTICE") == 2 for text in pages_of(snapshot))


def test_the_practice_mark_is_on_every_page() -> None:
    lines = papers.an_invoice_of(60).figures.lines
    found = pages_of(papers.a_practice_invoice(lines=lines, payments=()))
    assert len(found) > 3
    assert all("PRACTICE" in text for text in found)


def test_only_a_draft_says_so() -> None:
    assert "DRAFT" in text_of(papers.a_draft())
    assert "DRAFT" not in text_of(papers.an_invoice())


SCRIPTS = {
    "Latin": "Søren Łukasz Đặng Thị Ağca",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Анна Шевченко-Їжак",
    "Armenian": "Աննա Սարգսյան",
    "Georgian": "ნინო ბერიძე",
    "Hebrew": "נעמי כהן",
    "Arabic": "ليلى العلي",
    "Thai": "สมชาย ใจดี",
    "Chinese": "王小明",
    "Japanese": "山田花子さん",
    "Korean": "김민수",
    "Ethiopic": "ሰላም ተስፋዬ",
}


@pytest.mark.parametrize("name", SCRIPTS.values(), ids=SCRIPTS.keys())
def test_names_in_many_scripts_are_printed(name: str) -> None:
    plain = unicodedata.normalize("NFC", name)
    text = text_of(papers.an_invoice(buyer=replace(papers.ZOE, name=plain)))
    # the reader turns some right-to-left words round again
    assert all(word in text or word[::-1] in text for word in drawing_order(plain).split())
    assert "\ufffd" not in text


@pytest.mark.parametrize(
    ("written", "as_drawn"),
    [
        ("abc", "abc"),
        ("שלום", "םולש"),
        ("abc שלום (1) x", "abc (1) םולש x"),
        ("سلام", "\ufee1\ufefc\ufeb3"),
        ("हि", "हि"),  # its glyphs change places, not its characters
        ("क्\u200dष a\u200db", "क्\u200dष ab"),
        ("น้ำ", "น\u0e4d\u0e49า"),
        ("a\u200bb\u00adc\ufe0f", "abc"),
    ],
)
def test_signs_are_drawn_in_their_order(written: str, as_drawn: str) -> None:
    assert drawing_order(written) == as_drawn


@pytest.mark.parametrize(
    ("written", "moved"),
    [
        ("ที่", [("ที", 0.0, 0.0), ("่", 0.0, 0.19)]),
        ("ปู่", [("ปู", 0.0, 0.0), ("่", -0.11, 0.0)]),
        ("มา", [("มา", 0.0, 0.0)]),
    ],
)
def test_thai_tone_signs_keep_clear_of_vowels_and_stems(
    written: str, moved: list[tuple[str, float, float]]
) -> None:
    runs = letter(written, bundled_fonts().regular).runs
    assert [(run.text, run.right_em, run.up_em) for run in runs] == moved


@pytest.mark.parametrize(
    ("changed", "field", "character"),
    [
        ({"buyer": replace(papers.ZOE, name="Zoë 🎉")}, "Customer name or address", "🎉"),
        ({"lines": (papers.a_line("Full day"), papers.a_line("Cake 🎂", price="0"))}, "Text of line 2", "🎂"),
        ({"subject": "Party \U00012000"}, "Subject", "\U00012000"),
        ({"terms": ("See 🐉",)}, "Terms", "🐉"),
        ({"seller": replace(papers.BELLA, name="Bella 🌸")}, "Studio name or address", "🌸"),
    ],
)
def test_a_character_without_glyph_is_named_with_its_field(
    changed: dict[str, Any], field: str, character: str
) -> None:
    with pytest.raises(TextNotPrintable) as refused:
        check_printable(papers.an_invoice(number=None, **changed), bundled_fonts())
    assert refused.value.sentence == f"{field} contains a character that cannot be printed: {character}."
    with pytest.raises(TextNotPrintable):
        drawn(papers.an_invoice(**changed))


@pytest.mark.parametrize(
    "content", [b"", b"no picture", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n" + b"\0" * 64]
)
def test_a_logo_that_is_no_jpeg_is_refused(content: bytes) -> None:
    if content:
        with pytest.raises(LogoInvalid):
            render(papers.an_invoice(), content, bundled_fonts())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ("one two", "three")),
        ("no\u00a0break here", ("no\u00a0break", "here")),
        ("abcdefghijklmnop", ("abcdefgh", "ijklmnop")),
        ("first\nsecond", ("first", "second")),
        ("王小明婚礼、写真", ("王小明婚", "礼、写真")),
        ("", ("",)),
    ],
)
def test_lines_break_between_words_and_where_they_must(text: str, lines: tuple[str, ...]) -> None:
    assert wrap(text, 4.7, bundled_fonts().regular) == lines


def test_a_studio_without_logo_has_its_name_there() -> None:
    found = render(papers.an_invoice(), None, bundled_fonts())
    assert b"DCTDecode" not in found
    assert PdfReader(io.BytesIO(found)).pages[0].extract_text().count("Bella Weddings") >= 4
