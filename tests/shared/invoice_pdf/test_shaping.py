"""Names in scripts whose letters change and move with their neighbours."""

import unicodedata
from dataclasses import replace

import pytest
from pypdfium2 import PdfDocument

from shared.errors import TextNotPrintable
from shared.invoice_pdf.fonts import SHAPED, bundled_fonts, is_shaped
from shared.invoice_pdf.lettering import letter, wrap
from shared.invoice_pdf.render import check_printable, render
from tests.shared.invoice_pdf import papers

FONTS = bundled_fonts()
NAMES = {
    "NotoSansDevanagari": "श्रीमती प्रिया शर्मा",
    "NotoSansBengali": "শ্রীমতী প্রিয়াঙ্কা চট্টোপাধ্যায়",
    "NotoSansGurmukhi": "ਪ੍ਰਿਆ ਸਿੰਘ",
    "NotoSansGujarati": "શ્રીમતી પ્રિયા પટેલ",
    "NotoSansOriya": "ଶ୍ରୀମତୀ ପ୍ରିୟା",
    "NotoSansTamil": "பிரியா கிருஷ்ணன்",
    "NotoSansTelugu": "శ్రీమతి ప్రియా రెడ్డి",
    "NotoSansKannada": "ಶ್ರೀಮತಿ ಪ್ರಿಯಾ",
    "NotoSansMalayalam": "ശ്രീമതി പ്രിയ കൃഷ്ണൻ",
    "NotoSansSinhala": "ප්\u200dරියා ශ්\u200dරීමතී",
    "NotoSansMyanmar": "အောင်ဆန်းစုကြည်",
    "NotoSansKhmer": "ស្រី ព្រះបាទ",
    "NotoSerifTibetan": "བཀྲ་ཤིས་བདེ་ལེགས",
    "NotoSansThaana": "މުޙައްމަދު ސޯލިހް",
}
JOINED = [("श्री", 2), ("क्ष", 1), ("কি", 2), ("க்ஷ", 1), ("ක්\u200dෂ", 1), ("ខ្មែ", 3)]
"""How many glyphs are left of the characters."""


def _bytes(name: str) -> bytes:
    return render(papers.an_invoice(buyer=replace(papers.ZOE, name=name)), papers.logo(), FONTS)


def test_each_family_has_its_name() -> None:
    assert NAMES.keys() == set(SHAPED)


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("family", SHAPED)
def test_a_word_is_drawn_by_glyphs_and_says_what_it_is_written_as(family: str, *, bold: bool) -> None:
    name = unicodedata.normalize("NFC", NAMES[family])
    runs = [run for run in letter(name, FONTS.weight(bold=bold)).runs if is_shaped(run.font)]
    assert {run.font.partition("-")[0] for run in runs} == {family}
    assert {run.font.endswith("-Bold") for run in runs} == {bold}
    assert sorted("".join(run.written or "" for run in runs)) == sorted(name.replace(" ", ""))
    assert all("\ue000" < character < "\uf900" for run in runs for character in run.text)


@pytest.mark.parametrize("family", [each for each in SHAPED if each != "NotoSansThaana"])
def test_a_reader_finds_the_words_as_they_are_written(family: str) -> None:
    name = unicodedata.normalize("NFC", NAMES[family])
    text = PdfDocument(_bytes(name))[0].get_textpage().get_text_bounded()
    without_joiners = name.replace("\u200d", "")  # some readers keep them
    assert all(word in text.replace("\u200d", "") for word in without_joiners.split())


@pytest.mark.parametrize(("written", "count"), JOINED)
def test_letters_join(written: str, count: int) -> None:
    assert sum(len(run.text) for run in letter(written, FONTS.regular).runs) == count


def test_a_vowel_that_is_written_after_its_consonant_is_drawn_before_it() -> None:
    (plain,), (vowel_first,) = (letter(word, FONTS.regular).runs for word in ("ह", "हि"))
    assert plain.text == vowel_first.text[1]


def test_a_moved_sign_takes_no_room_and_lets_the_next_one_stand_where_it_should() -> None:
    lettering = letter("މު", FONTS.regular)
    mark, base = lettering.runs
    assert mark.up_em > 0
    assert mark.right_em + mark.on_em == pytest.approx(
        -FONTS.font(mark.font).face.charWidths[ord(mark.text)] / 1000
    )
    assert lettering.width_em == pytest.approx(letter("މ", FONTS.regular).width_em)
    assert not base.is_moved


def test_the_same_bytes_whatever_was_drawn_before() -> None:
    first = _bytes(NAMES["NotoSansDevanagari"])
    _bytes("क्ष ज्ञ त्र श्र द्ध ह्म क्त")
    assert _bytes(NAMES["NotoSansDevanagari"]) == first


def test_nobody_types_a_glyph() -> None:
    letter(NAMES["NotoSansTamil"], FONTS.regular)
    with pytest.raises(TextNotPrintable):
        check_printable(papers.an_invoice(buyer=replace(papers.ZOE, name="Zoë \ue012")), FONTS)


@pytest.mark.parametrize("sign", ["क्षि", "ක්\u200dෂා", "ស្ត្រី"])
def test_a_word_too_long_for_its_line_is_cut_between_signs(sign: str) -> None:
    width = letter(sign, FONTS.regular).width_em
    lines = wrap(sign * 7, width * 2.5, FONTS.regular)
    assert set(lines) == {sign * 2, sign}
    assert "".join(lines) == sign * 7
