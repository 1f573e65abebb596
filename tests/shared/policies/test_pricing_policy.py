"""What every document must add up to."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import BadContent, CreditAboveInvoice, DocumentTooLarge, NothingToInvoice
from shared.money import split_in_proportion
from shared.policies.pricing_policy import (
    Advance,
    DocumentSums,
    PricedLine,
    PriceMode,
    TaxCategory,
    TaxRate,
    advance_sums,
    credit_sums,
    creditable_minor,
    final_sums,
    invoice_sums,
)

INCLUSIVE, EXCLUSIVE = PriceMode.INCLUSIVE, PriceMode.EXCLUSIVE


def a_rate(percent: str, category: TaxCategory | None = None) -> TaxRate:
    return TaxRate(
        category or (TaxCategory.STANDARD if Decimal(percent) else TaxCategory.ZERO), Decimal(percent)
    )


def a_line(price: str, percent: str = "20", quantity: str = "1", **discounts: str) -> PricedLine:
    taken_off = {name: Decimal(value) for name, value in discounts.items()}
    return PricedLine(Decimal(quantity), Decimal(price), a_rate(percent), **taken_off)


def sums_of(
    *lines: PricedLine, mode: PriceMode = INCLUSIVE, currency: str = "EUR", **more: int
) -> DocumentSums:
    return invoice_sums(lines, price_mode=mode, currency=currency, **more)


@pytest.mark.parametrize(
    ("currency", "mode", "lines", "expected"),
    [
        ("EUR", INCLUSIVE, [("2450.00", "20")], ([204167], [40833], 245000, 0)),
        ("EUR", INCLUSIVE, [("99.99", "19")], ([8403], [1597], 10000, -1)),
        ("EUR", EXCLUSIVE, [("99.99", "19")], ([9999], [1900], 11899, 0)),
        ("EUR", INCLUSIVE, [("0.01", "19")], ([1], [0], 1, 0)),
        ("EUR", INCLUSIVE, [("0.00", "19")], ([0], [0], 0, 0)),
        ("EUR", INCLUSIVE, [("100.00", "0")], ([10000], [0], 10000, 0)),
        ("EUR", INCLUSIVE, [("119.00", "19"), ("107.00", "7")], ([10000, 10000], [1900, 700], 22600, 0)),
        ("EUR", INCLUSIVE, [("33.33", "19"), ("33.33", "7"), ("33.33", "0")],
         ([2801, 3115, 3333], [532, 218, 0], 9999, 0)),
        ("EUR", EXCLUSIVE, [("10.05", "5.5"), ("10.05", "5.5")], ([2010], [111], 2121, 0)),
        ("EUR", EXCLUSIVE, [("0.30", "5")], ([30], [2], 32, 0)),
        ("JPY", INCLUSIVE, [("9999", "10")], ([9090], [909], 9999, 0)),
        ("JPY", INCLUSIVE, [("1000", "8")], ([926], [74], 1000, 0)),
        ("KWD", INCLUSIVE, [("99.995", "5")], ([95233], [4762], 99995, 0)),
        ("KWD", EXCLUSIVE, [("0.005", "5")], ([5], [0], 5, 0)),
        ("CHF", INCLUSIVE, [("1234.55", "8.1")], ([114204], [9251], 123455, 0)),
    ],
)  # fmt: skip
def test_sums_are_exact_to_the_last_minor_unit(
    currency: str,
    mode: PriceMode,
    lines: list[tuple[str, str]],
    expected: tuple[list[int], list[int], int, int],
) -> None:
    nets, taxes, total, rounding = expected
    found = sums_of(*(a_line(*line) for line in lines), mode=mode, currency=currency)
    assert [part.net_minor for part in found.taxes] == nets
    assert [part.tax_minor for part in found.taxes] == taxes
    assert (found.total_minor, found.rounding_minor) == (total, rounding)
    assert found.due_minor == total + rounding


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        (a_line("10.00", quantity="0.333"), 333),
        (a_line("0.0050"), 1),
        (a_line("0.0049"), 0),
        (a_line("200.00", discount_percent="15"), 17000),
        (a_line("200.00", discount_amount="0.01"), 19999),
        (a_line("200.00", discount_percent="50", discount_amount="50"), 5000),
    ],
)
def test_a_line_is_rounded_once_after_its_discount(line: PricedLine, amount: int) -> None:
    assert line.amount_minor("EUR") == amount


def test_net_is_handed_to_lines_by_largest_remainder_and_the_earlier_line_first() -> None:
    found = sums_of(a_line("0.50", "19"), a_line("0.50", "19"), a_line("0.50", "19"))
    assert found.lines_net_minor == (42, 42, 42)
    found = sums_of(*[a_line("33.33", "19")] * 3)
    assert found.lines_net_minor == (2801, 2801, 2801)
    found = sums_of(*[a_line("0.10", "19")] * 4)
    assert found.lines_net_minor == (9, 9, 8, 8)


def test_paid_money_lowers_what_is_due_and_nothing_else() -> None:
    found = sums_of(a_line("2450.00"), paid_minor=122500, agreed_minor=245000)
    assert (found.total_minor, found.paid_minor, found.due_minor) == (245000, 122500, 122500)


def test_a_document_discount_is_split_over_the_rates() -> None:
    found = sums_of(a_line("119.00", "19"), a_line("107.00", "7"), discount_minor=2260)
    assert [part.payable_minor for part in found.taxes] == [10710, 9630]
    assert [part.net_minor for part in found.taxes] == [9000, 9000]
    assert [part.discount_minor for part in found.taxes] == [1000, 1000]
    assert sum(found.lines_net_minor) == found.total_net_minor + 2000
    assert found.due_minor == 20340


def test_five_hundred_lines_add_up_and_one_more_is_refused() -> None:
    found = sums_of(*[a_line("0.07", "19")] * 500)
    assert (sum(found.lines_net_minor), found.total_net_minor, found.due_minor) == (2941, 2941, 3500)
    with pytest.raises(DocumentTooLarge):
        sums_of(*[a_line("0.07")] * 501)


def test_a_total_of_more_than_twelve_digits_is_refused() -> None:
    assert sums_of(a_line("9999999999.99", "0")).total_minor == 10**12 - 1
    with pytest.raises(DocumentTooLarge):
        sums_of(a_line("10000000000.00", "0"))


def test_an_invoice_without_lines_is_refused() -> None:
    with pytest.raises(NothingToInvoice):
        sums_of()


def test_lines_that_miss_the_agreed_price_stop_the_issue() -> None:
    with pytest.raises(BadContent):
        sums_of(a_line("99.99", "19"), agreed_minor=9998)
    with pytest.raises(BadContent):
        sums_of(a_line("99.99", "19"), mode=EXCLUSIVE, agreed_minor=11898)


@pytest.mark.parametrize(
    "fields",
    [
        {"quantity": "1.0001", "price": "1"},
        {"quantity": "1", "price": "1.00001"},
        {"quantity": "-1", "price": "1"},
        {"quantity": "1", "price": "-1"},
        {"quantity": "1", "price": "NaN"},
        {"quantity": "1", "price": "1", "discount_percent": "101"},
    ],
)
def test_a_line_that_cannot_be_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(BadContent):
        a_line(**fields)


@pytest.mark.parametrize(("category", "percent"), [("E", "7"), ("AE", "19"), ("S", "-1"), ("S", "101")])
def test_a_tax_that_cannot_be_is_refused(category: str, percent: str) -> None:
    with pytest.raises(BadContent):
        a_rate(percent, TaxCategory(category))


def test_a_credit_note_over_a_part_is_split_over_the_rates() -> None:
    invoice = sums_of(a_line("119.00", "19"), a_line("107.00", "7"))
    note = credit_sums(invoice, 11300)
    assert [part.payable_minor for part in note.taxes] == [5950, 5350]
    assert [(part.net_minor, part.tax_minor) for part in note.taxes] == [(5000, 950), (5000, 350)]
    assert (note.total_minor, note.due_minor) == (11300, 0)
    assert creditable_minor(invoice, [note]) == 11300


def test_the_story_of_the_papers_adds_up() -> None:
    invoice = sums_of(a_line("2450.00"), paid_minor=122500)
    no_longer_due = credit_sums(invoice, 122500)
    refunded = credit_sums(invoice, 73500, [no_longer_due])
    assert (refunded.total_net_minor, refunded.total_tax_minor, refunded.total_minor) == (61250, 12250, 73500)
    assert creditable_minor(invoice, [no_longer_due, refunded]) == 49000


def test_never_more_is_credited_than_is_left() -> None:
    invoice = sums_of(a_line("99.99", "19"))
    first = credit_sums(invoice, 9000)
    with pytest.raises(CreditAboveInvoice) as refused:
        credit_sums(invoice, 1000, [first])
    assert refused.value.sentence == "Only 9.99 EUR of this invoice can still be credited."
    assert creditable_minor(invoice, [first, credit_sums(invoice, 999, [first])]) == 0


@pytest.mark.parametrize("amount", [0, -1])
def test_a_credit_note_over_nothing_is_refused(amount: int) -> None:
    with pytest.raises(BadContent):
        credit_sums(sums_of(a_line("99.99")), amount)


def test_two_deposits_of_an_odd_total_and_the_final_invoice_make_the_price() -> None:
    booking = sums_of(a_line("99.99", "19"))
    first, second = advance_sums(booking, 4999), advance_sums(booking, 5000)
    final = final_sums(booking, [Advance(first), Advance(second)])
    assert first.payable_minor + second.payable_minor + final.payable_minor == 9999
    assert final.due_minor == 0


def test_a_refunded_deposit_is_not_deducted() -> None:
    booking = sums_of(a_line("1190.00", "19"))
    deposit = advance_sums(booking, 59500)
    refund = credit_sums(deposit, 59500)
    final = final_sums(booking, [Advance(deposit, (refund,))])
    assert (final.payable_minor, final.total_net_minor) == (119000, 100000)
    assert len(final.lines_net_minor) == 1


def test_advances_above_a_lowered_price_need_a_credit_note_first() -> None:
    dear, cheap = sums_of(a_line("1190.00", "19")), sums_of(a_line("500.00", "19"))
    deposit = advance_sums(dear, 59500)
    with pytest.raises(BadContent):
        final_sums(cheap, [Advance(deposit)])
    note = credit_sums(deposit, 9500)
    assert final_sums(cheap, [Advance(deposit, (note,))]).payable_minor == 0


PERCENTS = ("0", "2.1", "5.5", "7", "8.1", "10", "19", "20", "25", "27")
prices = st.integers(0, 500_000)
lines_of_one_mode = st.lists(
    st.tuples(prices, st.sampled_from(PERCENTS), st.integers(1, 3000)), min_size=1, max_size=12
)
currencies = st.sampled_from(["EUR", "JPY", "KWD"])


def drawn(lines: list[tuple[int, str, int]], mode: PriceMode, currency: str) -> DocumentSums:
    return sums_of(
        *(a_line(str(Decimal(price).scaleb(-2)), percent, str(Decimal(quantity).scaleb(-3)))
          for price, percent, quantity in lines),
        mode=mode, currency=currency,
    )  # fmt: skip


@given(lines_of_one_mode, st.sampled_from(PriceMode), currencies)
def test_lines_sum_to_the_basis_and_rounding_keeps_its_bound(
    lines: list[tuple[int, str, int]], mode: PriceMode, currency: str
) -> None:
    found = drawn(lines, mode, currency)
    assert sum(found.lines_net_minor) == found.total_net_minor
    assert found.due_minor == found.total_minor + found.rounding_minor - found.paid_minor
    bound = len(found.taxes) if mode is INCLUSIVE else 0
    assert abs(found.rounding_minor) <= bound
    if mode is INCLUSIVE:
        assert found.payable_minor == sum(found.line_amounts_minor)


@given(lines_of_one_mode, st.sampled_from(PriceMode), currencies, st.lists(st.integers(1, 100), max_size=6))
def test_partial_credits_reach_exactly_zero(
    lines: list[tuple[int, str, int]], mode: PriceMode, currency: str, weights: list[int]
) -> None:
    invoice = drawn(lines, mode, currency)
    notes: list[DocumentSums] = []
    for amount in split_in_proportion(invoice.payable_minor, [*weights, 1]):
        if amount:
            notes.append(credit_sums(invoice, amount, notes))
            assert abs(notes[-1].rounding_minor) <= len(notes[-1].taxes)
    assert creditable_minor(invoice, notes) == 0
    for part in invoice.taxes:
        given_back = [credit for note in notes for credit in note.taxes if credit.tax == part.tax]
        assert sum(credit.payable_minor for credit in given_back) == part.payable_minor


@given(lines_of_one_mode, st.sampled_from(PriceMode), currencies, st.data())
def test_advances_credit_notes_and_final_make_the_agreed_price(
    lines: list[tuple[int, str, int]], mode: PriceMode, currency: str, data: st.DataObject
) -> None:
    booking = drawn(lines, mode, currency)
    left = booking.payable_minor
    advances: list[Advance] = []
    for _ in range(data.draw(st.integers(0, 3))):
        if left:
            payment = data.draw(st.integers(1, left))
            sums = advance_sums(booking, payment)
            back = data.draw(st.integers(0, payment))
            advances.append(Advance(sums, (credit_sums(sums, back),) if back else ()))
            left -= payment - back
    final = final_sums(booking, advances)
    billed = sum(
        advance.sums.payable_minor - sum(note.payable_minor for note in advance.credits)
        for advance in advances
    )
    assert billed + final.payable_minor == booking.payable_minor
    assert sum(final.lines_net_minor) == final.total_net_minor
