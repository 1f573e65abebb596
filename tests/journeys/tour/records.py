"""Cuts the text of a CSV into records; one that cannot be read spoils no other."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SEPARATORS: Final = (",", ";")


@dataclass(frozen=True)
class Record:
    """The values of one record; ``line`` is the line of the file where it begins, the first being 1."""

    line: int
    cells: list[str]
    fault: str = ""
    """Why it is no record; the next line is tried as the beginning of one."""


def read_records(text: str) -> Iterator[Record]:
    """Every record that is not blank, in order. The first line that is not blank shows the separator."""
    lines = list(io.StringIO(text, newline=""))  # ends at \r, \n or \r\n and keeps them
    separator = _separator(lines)
    at = 0
    while at < len(lines):
        reader = csv.reader(lines[at:], delimiter=separator, strict=True)
        begins = at
        try:
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    yield Record(begins + 1, cells)
                begins = at + reader.line_num
        except csv.Error as cause:
            yield Record(begins + 1, [], _fault(cause))
            at = begins + 1
        else:
            return


def _separator(lines: list[str]) -> str:
    header = next((line for line in lines if line.strip()), "")
    return max(SEPARATORS, key=header.count)


def _fault(cause: csv.Error) -> str:
    if "end of data" in str(cause):
        return "a quote is opened and never closed"
    if "expected after" in str(cause):
        return "there is more after a closing quote; a quote inside a value is written twice"
    return str(cause)
