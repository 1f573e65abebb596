"""Money, dates, times and zones in words."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.errors import CurrencyUnknown, ZoneUnknown
from shared.mail_text import wording

DAY = date(2027, 6, 12)


@pytest.mark.parametrize(
    ("amount_minor", "currency", "language", "words"),
    [
        (122500, "EUR", "en", "1,225.00 EUR"),
        (0, "EUR", "en", "0.00 EUR"),
        (-49000, "EUR", "en", "−490.00 EUR"),
        (120000, "JPY", "en", "120,000 JPY"),
        (12500, "KWD", "en", "12.500 KWD"),
        (1, "KWD", "en", "0.001 KWD"),
        (123456789012, "EUR", "en", "1,234,567,890.12 EUR"),
        (122500, "EUR", "de", "1.225,00 EUR"),
        (122500, "EUR", "fr", "1\N{NARROW NO-BREAK SPACE}225,00 EUR"),
        (122500, "EUR", "xx", "1,225.00 EUR"),
    ],
)
def test_money_has_all_decimals_of_its_currency(
    amount_minor: int, currency: str, language: str, words: str
) -> None:
    assert wording.money_text(amount_minor, currency, language) == words


def test_money_in_no_currency_is_refused() -> None:
    with pytest.raises(CurrencyUnknown):
        wording.money_text(1, "XXX")


def test_dates_are_full_with_weekday_or_shorter_where_that_is_plain() -> None:
    assert wording.long_date(DAY) == "Saturday 12 June 2027"
    assert wording.day_date(DAY) == "Saturday 12 June"
    assert wording.plain_date(DAY) == "12 June 2027"
    assert wording.short_date(DAY) == "12 June"
    assert wording.month_title(DAY) == "June 2027"
    assert wording.weekday_initials() == ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    assert wording.month_short(date(2027, 9, 1)) == "Sep"
    assert wording.long_date(DAY, "fr") == "samedi 12 juin 2027"


def test_one_moment_is_another_day_elsewhere() -> None:
    there = datetime(2027, 6, 12, 23, 30, tzinfo=ZoneInfo("America/New_York"))
    here = there.astimezone(ZoneInfo("Europe/Paris"))
    assert here == there
    assert [wording.long_date(moment) for moment in (there, here)] == [
        "Saturday 12 June 2027",
        "Sunday 13 June 2027",
    ]
    assert [wording.weekday(moment) for moment in (there, here)] == ["Saturday", "Sunday"]


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Paris", "Paris time"),
        ("America/New_York", "New York time"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires time"),
        ("Asia/Calcutta", "Kolkata time"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT+5", "UTC−5"),
        ("Etc/GMT-14", "UTC+14"),
    ],
)
def test_a_zone_is_known_by_its_city(zone: str, words: str) -> None:
    assert wording.zone_words(zone) == words


def test_a_zone_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ZoneUnknown):
        wording.zone_words("Europe/Nowhere")


@pytest.mark.parametrize(
    ("end", "words"),
    [
        (datetime(2027, 6, 12, 23, 30, tzinfo=UTC), "14:00–23:30, Paris time"),
        (datetime(2027, 6, 13, 0, 30, tzinfo=UTC), "14:00–00:30, ends on Sunday, Paris time"),
        (datetime(2027, 6, 15, 10, 0, tzinfo=UTC), "14:00–10:00, ends on Tuesday 15 June, Paris time"),
    ],
)
def test_an_end_on_another_day_is_said_in_words(end: datetime, words: str) -> None:
    start = datetime(2027, 6, 12, 14, 0, tzinfo=UTC)
    assert wording.event_time(start, end, "Europe/Paris") == words


def test_a_deadline_is_the_last_minute_of_its_day_also_when_clocks_change() -> None:
    assert wording.deadline(date(2027, 3, 14), "Europe/Paris") == "Sunday 14 March 2027, 23:59, Paris time"
    assert wording.deadline(date(2027, 3, 28), "Europe/Paris") == "Sunday 28 March 2027, 23:59, Paris time"


def test_a_moment_is_told_in_the_zone_named() -> None:
    instant = datetime(2027, 3, 1, 13, 5, tzinfo=UTC)
    assert wording.moment(instant, "Europe/Paris") == "Monday 1 March 2027, 14:05, Paris time"
    assert wording.moment(instant, "Pacific/Kiritimati") == "Tuesday 2 March 2027, 03:05, Kiritimati time"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(570, "9½ hours"), (60, "1 hour"), (45, "45 minutes"), (80, "1 hour 20 minutes"), (30, "30 minutes")],
)
def test_a_length_is_told_in_hours(minutes: int, words: str) -> None:
    assert wording.duration(timedelta(minutes=minutes)) == words


def test_banks_are_given_ten_working_days() -> None:
    assert wording.bank_shows_by(date(2027, 3, 5)) == date(2027, 3, 19)
    assert wording.bank_shows_by(date(2027, 3, 6)) == date(2027, 3, 19)


@pytest.mark.parametrize(
    ("address", "masked"),
    [("zoe@brule.example", "z…e@brule.example"), ("z@brule.example", "z…@brule.example")],
)
def test_a_masked_address_hides_all_but_the_ends(address: str, masked: str) -> None:
    assert wording.masked_address(address) == masked


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("Zoë Brûlé", "Zoë"),
        ("山田太郎", "山田太郎"),
        ("  Ana  María ", "Ana"),
        ("", ""),
        ("Ines Carvalho & Tom Riley", "Ines and Tom"),
        ("Elif Demir und Jonas Vogt", "Elif and Jonas"),
        ("Anna+Ben", "Anna and Ben"),
        ("Dr. Amara Diallo & Tom Riley", "Dr. Amara Diallo and Tom"),
        ("Anna Lind & ", "Anna"),
        ("Ann Lee, Bo Lee & Cy Lee", "Ann Lee, Bo Lee and Cy"),
        ("Dr Amara Diallo", "Dr Amara Diallo"),
        ("MRS. Smith", "MRS. Smith"),
        ("J. Smith", "J. Smith"),
        ("李 明", "李 明"),
        ("Okafor family", "Okafor family"),
        ("Familie Vogt", "Familie Vogt"),
        ("Brûlé, Zoë", "Brûlé, Zoë"),
        ("Sandy Andersson", "Sandy"),
        ("José Ortega y Gasset", "José"),
        ("نورة العتيبي", "نورة"),
    ],
)
def test_a_letter_addresses_the_given_name(name: str, given: str) -> None:
    assert wording.given_name(name) == given


def test_two_people_are_joined_in_the_language_of_the_studio() -> None:
    assert wording.given_name("Elif Demir & Jonas Vogt", "de") == "Elif und Jonas"


def test_a_sum_never_breaks_between_number_and_currency() -> None:
    assert wording.unbroken_sums("pay 1,225.00 EUR by card") == "pay 1,225.00\N{NO-BREAK SPACE}EUR by card"
