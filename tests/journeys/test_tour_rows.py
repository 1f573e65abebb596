"""What a person may write into a file of bookings, and what is told back."""

from datetime import date, time
from pathlib import Path

import pytest

from tests.journeys.tour.rows import FileUnusable, read_bookings

HEADER = (
    "customer_name,email,phone,event_date,start,end,time_zone,package,price,currency,deposit_percent,"
    "place,notes"
)
GOOD = {
    "customer_name": "Zoë Brûlé",
    "email": "zoe@example.com",
    "phone": "",
    "event_date": "2027-06-12",
    "start": "14:00",
    "end": "23:30",
    "time_zone": "Europe/Paris",
    "package": "Full day",
    "price": "2450.00",
    "currency": "EUR",
    "deposit_percent": "50",
    "place": "",
    "notes": "",
}


def a_file(tmp_path: Path, *rows: dict[str, str], separator: str = ",", start: str = "") -> Path:
    lines = [HEADER.replace(",", separator)]
    lines += [separator.join(f'"{value}"' for value in (GOOD | row).values()) for row in rows]
    path = tmp_path / "bookings.csv"
    path.write_text(start + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("email", "not an address", "mail address"),
        ("email", "", "is empty"),
        ("time_zone", "Europe/Atlantis", "does not exist"),
        ("currency", "XXX", "does not exist"),
        ("event_date", "2027-02-30", "does not exist"),
        ("event_date", "12.06.2027", "not a date"),
        ("start", "25:00", "does not exist"),
        ("start", "noon", "not a time"),
        ("end", "14:00", "after the start"),
        ("end", "13:59", "after the start"),
        ("price", "0", "above 0"),
        ("price", "-5", "plain number"),
        ("price", "2,450.00", "plain number"),
        ("price", "2 450", "plain number"),
        ("price", "2450.001", "decimals"),
        ("deposit_percent", "50.5", "whole number"),
        ("deposit_percent", "101", "whole number"),
        ("deposit_percent", "-1", "whole number"),
        ("event_date", "2150-06-12", "practice clock"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(tmp_path: Path, column: str, value: str, reason: str) -> None:
    file = read_bookings(a_file(tmp_path, {}, {column: value}, {}))
    assert [(bad.line, bad.column) for bad in file.bad] == [(3, column)]
    assert reason in file.bad[0].reason
    assert [row.line for row in file.good] == [2, 4]


def test_three_decimals_must_end_in_nought(tmp_path: Path) -> None:
    file = read_bookings(a_file(tmp_path, {"currency": "KWD", "price": "310.555"}))
    assert file.bad[0].column == "price"


@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_separators_and_a_mark_at_the_start_are_read(tmp_path: Path, separator: str, start: str) -> None:
    file = read_bookings(a_file(tmp_path, {"price": "960,00"}, separator=separator, start=start))
    assert (file.bad, file.good[0].price.amount_minor) == ([], 96000)


def test_a_time_that_the_clocks_skip_is_good(tmp_path: Path) -> None:
    night = {"event_date": "2027-03-28", "start": "02:30", "end": "06:00"}
    row = read_bookings(a_file(tmp_path, night)).good[0]
    assert row.slot.start_time == time(2, 30)
    assert row.slot.starts_at.hour == 1


def test_an_end_on_the_next_day_is_a_date_and_a_time(tmp_path: Path) -> None:
    row = read_bookings(a_file(tmp_path, {"end": "2027-06-13T01:00"})).good[0]
    assert (row.slot.end_date, row.slot.end_time) == (date(2027, 6, 13), time(1))


def test_a_row_over_several_lines_is_named_by_its_first(tmp_path: Path) -> None:
    file = read_bookings(a_file(tmp_path, {"notes": "one\ntwo"}, {"price": "x"}))
    assert [bad.line for bad in file.bad] == [4]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"customer_name,email\n", "lacks"),
        (b"", "empty"),
        (HEADER.encode() + b"\n\xff\xfe", "not UTF-8"),
    ],
)
def test_a_file_that_is_none_stops_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bookings.csv"
    path.write_bytes(content)
    with pytest.raises(FileUnusable, match=words):
        read_bookings(path)


def test_the_shipped_file_has_no_bad_row() -> None:
    shipped = Path(__file__).resolve().parents[2] / "resources" / "practice" / "bookings.csv"
    file = read_bookings(shipped)
    assert file.bad == []
    assert {row.price.currency for row in file.good} >= {"EUR", "JPY", "KWD", "USD"}
