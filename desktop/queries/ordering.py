"""The order of a whole list, as its table sorts: words without regard to case, what is missing last."""

from collections.abc import Iterable


def in_order(values: Iterable[tuple[str, object]], *, descending: bool) -> tuple[str, ...]:
    """The ids of these pairs (id, value) by value; those alike stay as they stand."""
    pairs = [(row_id, value.casefold() if isinstance(value, str) else value) for row_id, value in values]
    present = sorted(
        (pair for pair in pairs if pair[1] is not None),
        key=lambda pair: pair[1],  # type: ignore[arg-type,return-value] # the values of one column
        reverse=descending,
    )
    return tuple(row_id for row_id, _ in (*present, *(pair for pair in pairs if pair[1] is None)))
