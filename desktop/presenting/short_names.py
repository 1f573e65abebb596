"""Customers in few words, where a line has no room for whole names: a couple by its last names."""


def short_name(name: str) -> str:
    """Answer "Byrne & Walsh" for "Aoife Byrne & Declan Walsh"; who is no couple of two whole names stays."""
    people = [person.split() for person in name.split(" & ")]
    if len(people) != 2 or any(len(words) < 2 for words in people):  # noqa: PLR2004 - two people of two names
        return name
    return " & ".join(words[-1] for words in people)
