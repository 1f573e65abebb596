"""A studio's colour always reads, in light and in dark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import FieldInvalid
from shared.policies.brand_colour import INK, PAPER, READABLE, SURFACE_DARK, WHITE, brand_colours, contrast

any_colour = st.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06X}")


@given(any_colour)
def test_every_colour_becomes_accents_that_read(colour: str) -> None:
    found = brand_colours(colour)
    for accents, ground in ((found.light, PAPER), (found.dark, SURFACE_DARK)):
        assert contrast(accents.accent, ground) >= READABLE
        assert contrast(accents.on_accent, accents.accent) >= READABLE
        assert contrast(accents.on_accent, accents.accent_hover) >= READABLE
        assert contrast(accents.accent_on_soft, accents.accent_soft) >= READABLE
    assert contrast(INK, found.light.accent_soft) >= READABLE


@pytest.mark.parametrize(
    ("colour", "accent", "darkened"),
    [
        ("#1F6F5C", "#1F6F5C", False),
        ("#1f6f5c", "#1F6F5C", False),
        ("#000000", "#000000", False),
        ("#FFD700", "#857000", True),
    ],
)
def test_a_colour_is_darkened_only_when_it_does_not_read_on_paper(
    colour: str, accent: str, *, darkened: bool
) -> None:
    found = brand_colours(colour)
    assert found.light.accent == accent
    assert found.darkened is darkened


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#777777", WHITE) == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("wrong", ["1F6F5C", "#1F6F5", "#GGGGGG", "#1F6F5C\n", "red", ""])
def test_what_is_no_colour_is_refused(wrong: str) -> None:
    with pytest.raises(FieldInvalid):
        brand_colours(wrong)
