"""Which field is too long is said to the person who typed it; another fault of arguments is a bug."""

import pytest
from pydantic import ValidationError

from desktop.presenting.limit_words import too_long_words
from shared.ids import new_id
from shared.sync_protocol.operations import CustomerCreate, OperationArgs


def _refusal(kind: type[OperationArgs], **args: object) -> ValidationError:
    with pytest.raises(ValidationError) as caught:
        kind.model_validate({"id": new_id(), **args})
    return caught.value


def test_each_field_that_is_too_long_is_named_with_its_limit() -> None:
    refusal = _refusal(CustomerCreate, name="Z" * 201, email="", postal_city="É" * 300)
    assert too_long_words(refusal) == (
        "Name may have at most 200 characters. Postal city may have at most 200 characters."
    )


def test_other_faults_are_left_to_the_report() -> None:
    assert too_long_words(_refusal(CustomerCreate, name="Z" * 201, email=7)) == ""
    assert too_long_words(ValueError("anything")) == ""
