"""Who is shortened, and who stays whole."""

import pytest

from desktop.presenting.short_names import short_name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Aoife Byrne & Declan Walsh", "Byrne & Walsh"),
        ("Mei-Ling Chen & David Roth", "Chen & Roth"),
        ("Farah & Omar Haddad", "Farah & Omar Haddad"),
        ("Novak & Partner", "Novak & Partner"),
        ("Dr Amara Diallo", "Dr Amara Diallo"),
        ("Okafor family", "Okafor family"),
        ("田中 由紀", "田中 由紀"),
        ("A B & C D & E F", "A B & C D & E F"),
        ("", ""),
    ],
)
def test_a_couple_goes_by_its_last_names(name: str, short: str) -> None:
    assert short_name(name) == short
