"""What a person may write into a file of bookings, and what is told back."""

from datetime import date, time
from pathlib import Path

import pytest

from tests.journeys.tour.__main__ import main
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
        ("event_date", "9999-12-31", "practice clock"),
        ("event_date", "0207-06-12", "practice clock"),
        ("end", "9999-12-31T10:00", "practice clock"),
        ("customer_name", "y" * 201, "longer than 200"),
        ("package", "y" * 201, "longer than 200"),
        ("place", "y" * 201, "longer than 200"),
        ("phone", "1" * 201, "longer than 200"),
        ("notes", "y" * 20_001, "longer than 20000"),
        ("customer_name", "Zo\x00", "cannot be kept"),
        ("customer_name", "   ", "is empty"),
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


def test_blanks_around_values_and_line_breaks_within_them_are_no_fault(tmp_path: Path) -> None:
    written = {
        "customer_name": " Zoë\n Brûlé ",
        "price": " 960,00 ",
        "deposit_percent": " 50 ",
        "start": " 9:00 ",
    }
    row = read_bookings(a_file(tmp_path, written)).good[0]
    assert (row.customer_name, row.price.amount_minor, row.deposit_percent) == ("Zoë Brûlé", 96000, 50)


@pytest.mark.parametrize(
    ("spoilt", "column", "reason"),
    [
        ("Zoë,zoe@example.com,,2027-06-12,14:00", "end", "has 5 values"),
        (
            'Zoë,zoe@example.com,,2027-06-12,14:00,15:00,Europe/Paris,Day,960,00,EUR,50,"",""',
            "notes",
            "14 values",
        ),
        ('"Zoë" B,zoe@example.com', "customer_name", "closing quote"),
        ('Zoë,"zoe@example.com', "customer_name", "closing quote"),
    ],
)
def test_a_row_that_is_none_spoils_no_other(tmp_path: Path, spoilt: str, column: str, reason: str) -> None:
    path = a_file(tmp_path, {}, {"place": "Hall, 2nd floor"})
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\r\n".join([*lines[:2], spoilt, *lines[2:]]), encoding="utf-8", newline="")
    file = read_bookings(path)
    assert [(bad.line, bad.column) for bad in file.bad] == [(3, column)]
    assert reason in file.bad[0].reason
    assert [row.line for row in file.good] == [2, 4]


def test_a_quote_that_is_never_closed_costs_its_own_row(tmp_path: Path) -> None:
    path = a_file(tmp_path, {}, {})
    path.write_text(path.read_text(encoding="utf-8").rstrip().removesuffix('"'), encoding="utf-8")
    file = read_bookings(path)
    assert [(bad.line, bad.reason) for bad in file.bad] == [
        (3, "the row cannot be read: a quote is opened and never closed")
    ]
    assert [row.line for row in file.good] == [2]


def test_blank_lines_stand_anywhere(tmp_path: Path) -> None:
    path = a_file(tmp_path, {}, separator=";")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(["", *lines[:1], " ", ";" * 12, *lines[1:], "", ""]), encoding="utf-8")
    file = read_bookings(path)
    assert (file.bad, [row.line for row in file.good]) == ([], [5])


def test_columns_that_nobody_asked_for_are_passed_over(tmp_path: Path) -> None:
    path = a_file(tmp_path, {})
    header, row = path.read_text(encoding="utf-8").splitlines()
    path.write_text(f"{header},colour,colour,\n{row},blue,red,\n", encoding="utf-8")
    file = read_bookings(path)
    assert (file.bad, len(file.good)) == ([], 1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"customer_name,email\n", "lacks"),
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (HEADER.encode(), "has no bookings"),
        (HEADER.encode() + b"\r\n\r\n  \n", "has no bookings"),
        (HEADER.replace("notes", "email").encode(), "lacks: notes"),
        (HEADER.encode() + b",email\n", "more than once: email"),
        (b'"' + HEADER.encode(), "header"),
        (HEADER.encode() + b"\n\xff\xfe", "not UTF-8"),
    ],
)
def test_a_file_that_is_none_stops_in_one_sentence(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bookings.csv"
    path.write_bytes(content)
    with pytest.raises(FileUnusable, match=words):
        read_bookings(path)


def test_a_tour_without_bookings_ends_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "header.csv"
    path.write_text(HEADER + "\n", encoding="utf-8")
    assert main([str(path)]) != 0
    said = capsys.readouterr()
    assert " ".join(said.err.split()).endswith("has no bookings, only a header.")
    assert said.out == ""
    assert not (tmp_path / "demo-output" / "tour.json").exists()


def test_the_shipped_file_has_no_bad_row() -> None:
    shipped = Path(__file__).resolve().parents[2] / "resources" / "practice" / "bookings.csv"
    file = read_bookings(shipped)
    assert file.bad == []
    assert {row.price.currency for row in file.good} >= {"EUR", "JPY", "KWD", "USD"}
