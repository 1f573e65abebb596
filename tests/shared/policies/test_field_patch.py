"""What an edit does to something that may have changed meanwhile."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.policies.field_patch import FieldChange, PatchOutcome, decide_field, decide_patch, merge_text


@pytest.mark.parametrize(
    ("current", "from_", "to", "outcome"),
    [
        ("123", "123", "456", "applied"),
        ("456", "123", "456", "nothing"),
        ("789", "123", "456", "replaced"),
        (None, None, "456", "applied"),
        ("", None, "456", "replaced"),
        ("123", "123", "123", "nothing"),
        (["a"], ["a"], ["b"], "applied"),
    ],
)
def test_a_field_is_applied_left_or_replaced(
    current: object, from_: object, to: object, outcome: str
) -> None:
    assert decide_field(current, from_, to) == outcome


def test_each_field_of_a_patch_is_decided_on_its_own() -> None:
    current = {"phone": "789", "name": "Zoë", "place": "Écouen", "language": "fr"}
    patch = {
        "phone": FieldChange("123", "456"),
        "name": FieldChange("Zoë", "Zoë Brûlé"),
        "place": FieldChange("Paris", "Écouen"),
    }
    assert decide_patch(current, patch) == PatchOutcome(
        values={"phone": "456", "name": "Zoë Brûlé"}, replaced={"phone": "789"}
    )


BASE = "one\ntwo\nthree\nfour\n"


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        (BASE, BASE, BASE),
        ("ONE\ntwo\nthree\nfour\n", BASE, "ONE\ntwo\nthree\nfour\n"),
        (BASE, "one\ntwo\nthree\nFOUR\n", "one\ntwo\nthree\nFOUR\n"),
        ("ONE\ntwo\nthree\nfour\n", "one\ntwo\nthree\nFOUR\n", "ONE\ntwo\nthree\nFOUR\n"),
        ("one\ntwo\nthree\n", "ONE\ntwo\nthree\nfour\n", "ONE\ntwo\nthree\n"),
        ("same\n", "same\n", "same\n"),
        ("one\nmine\nthree\nfour\n", "one\ntheirs\nthree\nfour\n", None),
        ("one\ntwo\nthree\nFOUR", "one\ntwo\nthree\nfour\nfive\n", None),
        ("", "one\ntwo\nthree\nfour\nfive\n", None),
    ],
)
def test_texts_merge_unless_they_touch_the_same_lines(mine: str, theirs: str, merged: str | None) -> None:
    assert merge_text(BASE, mine, theirs) == merged


lines = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "d"]), max_size=6).map("".join)


@given(base=lines, mine=lines, theirs=lines)
def test_a_merge_never_invents_a_line(base: str, mine: str, theirs: str) -> None:
    result = merge_text(base, mine, theirs)
    if result is not None:
        known = {line for text in (base, mine, theirs) for line in text.split("\n")}
        assert set(result.split("\n")) <= known
    assert merge_text(base, mine, base) == mine
    assert merge_text(base, base, theirs) == theirs
