"""Colours, type and drawings."""

from itertools import product

import pytest
from PySide6.QtGui import QFontInfo, QFontMetricsF, QImage, QTextLayout
from PySide6.QtWidgets import QApplication

from desktop.presenting.brand_accent import dark_accent, light_accent, verdict
from desktop.qt.fonts import Type, font
from desktop.qt.icons import Icon, pixmap
from desktop.qt.resource_files import ICONS
from desktop.qt.theme import Theme, style_sheet
from desktop.qt.tokens import load_tokens
from shared.policies.brand_colour import READABLE, contrast

GROUNDS = ("bg", "side", "surface", "hover", "accent_soft", "danger_soft", "warning_soft", "info_soft")
SIDE_PX = 64
TEXTS = ("text", "secondary", "danger", "warning", "info")


@pytest.mark.parametrize(("dark", "ground", "ink"), list(product((False, True), GROUNDS, TEXTS)))
def test_every_text_reads_on_every_ground(dark: bool, ground: str, ink: str) -> None:  # noqa: FBT001 - a case
    tokens = load_tokens(dark=dark)
    assert contrast(getattr(tokens, ink), getattr(tokens, ground)) >= READABLE


@pytest.mark.parametrize(
    "brand", ["#1F6F5C", "#2D4A7C", "#7C3D5E", "#8A5A00", "#3C4148", "#FFD400", "#FFFFFF", "#000000"]
)
def test_a_button_reads_in_every_brand_colour(brand: str) -> None:
    light, dark = light_accent(brand), dark_accent(brand, "#1F2226")
    assert contrast(light.accent, light.on_accent) >= READABLE
    assert contrast(dark.accent, dark.on_accent) >= READABLE
    assert contrast(dark.accent, "#1F2226") >= READABLE


def test_the_verdict_on_a_brand_colour_is_said_in_words() -> None:
    assert verdict("#1F6F5C") == "White text on it reads well, 6.0 : 1"
    assert "dark text" in verdict("#FFD400")


def test_the_studios_brand_colours_the_accent_and_nothing_else() -> None:
    plain, branded = load_tokens(dark=False), load_tokens(dark=False, brand="#7C3D5E")
    assert branded.accent == "#7C3D5E"
    assert branded.danger == plain.danger
    assert load_tokens(dark=False, brand="#1f6f5c") == plain


def test_the_style_sheet_has_no_place_left_open() -> None:
    for dark in (False, True):
        assert "$" not in style_sheet(load_tokens(dark=dark))


def test_a_change_of_mode_is_told(theme: Theme) -> None:
    told: list[bool] = []
    theme.changed.connect(lambda: told.append(theme.tokens.dark))
    theme.set_dark(dark=True)
    theme.set_dark(dark=True)
    theme.set_dark(dark=False)
    assert told == [True, False]


@pytest.mark.parametrize("role", list(Type))
def test_text_is_set_in_the_bundled_inter_with_straight_columns(theme: Theme, role: Type) -> None:
    made = font(role, tabular=True)
    assert QFontInfo(made).family() == "Inter"
    metrics = QFontMetricsF(made)
    assert metrics.horizontalAdvance("1111.11") == pytest.approx(metrics.horizontalAdvance("0000.00"))


def test_every_drawing_is_named_and_every_name_is_drawn() -> None:
    assert {path.stem for path in ICONS.glob("*.svg")} == {icon.value for icon in Icon}


@pytest.mark.parametrize("name", list(Icon))
def test_a_drawing_takes_its_colour(qapp: QApplication, name: Icon) -> None:
    image = (
        pixmap(name, "#FF0000", size=SIDE_PX, ratio=1.0)
        .toImage()
        .convertToFormat(QImage.Format.Format_ARGB32)
    )
    assert image.width() == SIDE_PX
    colors = {
        image.pixelColor(x, y).name()
        for x in range(SIDE_PX)
        for y in range(SIDE_PX)
        if image.pixelColor(x, y).alpha() > 250
    }
    assert "#ff0000" in colors


@pytest.mark.parametrize(
    "name", ["田中 由紀", "김민수", "李小龍", "นภา", "አማርኛ", "نورة العتيبي", "שלום", "ქართული"]
)
def test_a_customers_name_shows_no_boxes(theme: Theme, name: str) -> None:
    assert theme.tokens, "the theme loads the fonts"
    layout = QTextLayout(name, font(Type.BODY))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    drawn = [glyph for run in layout.glyphRuns() for glyph in run.glyphIndexes()]
    assert drawn
    assert all(drawn), "glyph 0 is the box of a missing letter"
