"""What was typed is longer than a field of an operation may be: which one, and how long it may be."""

from pydantic import ValidationError


def too_long_words(error: BaseException) -> str:
    """One sentence for each such field; nothing when anything else is wrong: that is a bug."""
    if not isinstance(error, ValidationError):
        return ""
    faults = error.errors(include_url=False, include_input=False)
    if any(fault["type"] != "string_too_long" for fault in faults):
        return ""
    return " ".join(
        f"{_field(fault['loc'])} may have at most {fault['ctx']['max_length']:,} characters."
        for fault in faults
    )


def _field(place: tuple[int | str, ...]) -> str:
    names = [name for name in place if isinstance(name, str)]
    return names[-1].replace("_", " ").capitalize() if names else "The text"
