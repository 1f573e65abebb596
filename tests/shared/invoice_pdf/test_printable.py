"""What is told of a name while it is typed is what the invoice says of it later."""

from dataclasses import replace

import pytest

from shared.errors import TextNotPrintable
from shared.invoice_pdf.fonts import bundled_fonts
from shared.invoice_pdf.printable import unprintable_character
from shared.invoice_pdf.render import check_printable
from tests.shared.invoice_pdf import papers


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("", ""),
        ("Zoë Brûlé", ""),
        ("Zoe\u0308", ""),
        ("Łukasz & Ștefan", ""),
        ("Νίκος Παπαδάκης", ""),
        ("محمد ليلى", ""),
        ("山田花子", ""),
        ("สมชาย", ""),
        ("Zoë 🎉", "🎉"),
        ("🎂 then 🎉", "🎂"),
        ("👩‍👩‍👧 Weber", "👩"),
        ("\U00012000", "\U00012000"),
    ],
)
def test_a_hint_and_an_invoice_name_the_same_character(name: str, character: str) -> None:
    assert unprintable_character(name, bundled_fonts()) == character
    paper = papers.an_invoice(number=None, buyer=replace(papers.ZOE, name=name or "Zoë"))
    if not character:
        check_printable(paper, bundled_fonts())
        return
    with pytest.raises(TextNotPrintable) as refused:
        check_printable(paper, bundled_fonts())
    assert refused.value.details == {"field": "Customer name or address", "character": character}
