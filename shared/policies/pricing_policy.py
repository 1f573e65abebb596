"""Decides every sum that stands on an invoice or credit note; prints nothing and knows no booking.

The order is that of EN 16931: lines, then a basis per tax category and rate, then the tax on that basis, then
the rounding that leads back to the agreed price. All results are whole minor units; rounding is half up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Self

from shared.errors import BadContent, CreditAboveInvoice, DocumentTooLarge, NothingToInvoice
from shared.money import Money, exponent, plain_amount, round_half_up, split_in_proportion

MAX_LINES: Final = 500
MAX_TOTAL_MINOR: Final = 10**12
QUANTITY_DECIMALS: Final = 3
PRICE_DECIMALS: Final = 4
HUNDRED: Final = Decimal(100)


class PriceMode(StrEnum):
    """Whether the prices of a document's lines contain the tax."""

    INCLUSIVE = "inclusive"
    EXCLUSIVE = "exclusive"


class TaxCategory(StrEnum):
    """VAT categories of EN 16931 that a studio meets."""

    STANDARD = "S"
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    OUTSIDE = "O"


@dataclass(frozen=True)
class TaxRate:
    """One tax: its category and percent, ``Decimal("19")`` for 19 %. Only category S has one above 0."""

    category: TaxCategory
    percent: Decimal

    def __post_init__(self) -> None:
        if not self.percent.is_finite() or not 0 <= self.percent <= HUNDRED:
            raise BadContent
        if self.percent and self.category is not TaxCategory.STANDARD:
            raise BadContent

    @classmethod
    def of_percent(cls, percent: str) -> Self:
        """The tax of a studio's setting: ``"19"`` is the standard category, ``"0"`` the zero-rated one."""
        rate = Decimal(percent)
        return cls(TaxCategory.STANDARD if rate else TaxCategory.ZERO, rate)

    def net_of(self, gross_minor: int, currency: str) -> int:
        """The part of a sum that is not tax."""
        return _rounded(_major(gross_minor, currency) / (1 + self.percent / HUNDRED), currency)

    def tax_on(self, net_minor: int, currency: str) -> int:
        """The tax on a basis."""
        return _rounded(_major(net_minor, currency) * self.percent / HUNDRED, currency)


@dataclass(frozen=True)
class PricedLine:
    """What one line costs: quantity times unit price, less discount.

    The quantity has at most 3 decimals, the unit price, in major units, at most 4. ``discount_amount`` is in
    major units and comes off after ``discount_percent``.
    """

    quantity: Decimal
    unit_price: Decimal
    tax: TaxRate
    discount_percent: Decimal = Decimal(0)
    discount_amount: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        whole = _decimals(self.quantity) <= QUANTITY_DECIMALS and _decimals(self.unit_price) <= PRICE_DECIMALS
        signs = min(self.quantity, self.unit_price, self.discount_percent, self.discount_amount) >= 0
        if not (whole and signs and self.discount_percent <= HUNDRED):
            raise BadContent

    def amount_minor(self, currency: str) -> int:
        """The line's amount, rounded once, in the price mode of its document."""
        full = self.quantity * self.unit_price
        amount = _rounded(
            full - full * self.discount_percent / HUNDRED - self.discount_amount,
            currency,
        )
        if amount < 0:
            raise BadContent
        return amount


@dataclass(frozen=True)
class TaxSum:
    """Everything taxed at one rate.

    ``payable_minor`` is the part of the agreed price that belongs to the rate: what can be credited of it.
    ``discount_minor`` is the net part of the document discount, already taken off ``net_minor``.
    """

    tax: TaxRate
    net_minor: int
    tax_minor: int
    payable_minor: int
    discount_minor: int = 0

    @property
    def gross_minor(self) -> int:
        """Net and tax together, as the tax table shows it."""
        return self.net_minor + self.tax_minor


@dataclass(frozen=True)
class DocumentSums:
    """Every sum of one document, in minor units of one currency.

    ``line_amounts_minor`` are as priced (with tax if ``price_mode`` is inclusive), ``lines_net_minor``
    without tax; ``discount_minor`` is the document discount as priced. The total is net and tax; what is due
    is the total with its rounding, less what is paid.
    """

    currency: str
    price_mode: PriceMode
    line_amounts_minor: tuple[int, ...]
    lines_net_minor: tuple[int, ...]
    taxes: tuple[TaxSum, ...]
    discount_minor: int
    rounding_minor: int
    paid_minor: int

    @property
    def total_net_minor(self) -> int:
        """Net of all rates."""
        return sum(part.net_minor for part in self.taxes)

    @property
    def total_tax_minor(self) -> int:
        """Tax of all rates."""
        return sum(part.tax_minor for part in self.taxes)

    @property
    def total_minor(self) -> int:
        """Net and tax."""
        return self.total_net_minor + self.total_tax_minor

    @property
    def payable_minor(self) -> int:
        """What the customer pays in all for this document: the total with its rounding."""
        return self.total_minor + self.rounding_minor

    @property
    def due_minor(self) -> int:
        """What is still to be paid; below 0 when too much was paid."""
        return self.payable_minor - self.paid_minor


@dataclass(frozen=True)
class Advance:
    """An advance invoice with the credit notes that took parts of it back."""

    sums: DocumentSums
    credits: tuple[DocumentSums, ...] = ()


@dataclass(frozen=True)
class Deduction:
    """What a final invoice takes off for one advance and one rate."""

    advance: int
    tax: TaxRate
    net_minor: int
    payable_minor: int


def invoice_sums(
    lines: Sequence[PricedLine],
    *,
    price_mode: PriceMode,
    currency: str,
    agreed_minor: int | None = None,
    paid_minor: int = 0,
    discount_minor: int = 0,
) -> DocumentSums:
    """The sums of an invoice of style single.

    ``agreed_minor`` is the price the customer agreed to; the lines must add up to it. Raises
    NothingToInvoice, DocumentTooLarge, and BadContent when the sums do not lead to the agreed price.
    """
    if not lines:
        raise NothingToInvoice
    if len(lines) > MAX_LINES:
        raise DocumentTooLarge
    amounts = tuple(line.amount_minor(currency) for line in lines)
    by_rate = _lines_by_rate(lines)
    gross = price_mode is PriceMode.INCLUSIVE
    rate_amounts = [sum(amounts[index] for index in indexes) for indexes in by_rate.values()]
    if not 0 <= discount_minor <= sum(rate_amounts):
        raise BadContent
    shares = split_in_proportion(discount_minor, rate_amounts)
    lines_net = list(amounts)
    taxes = []
    for (tax, indexes), amount, share in zip(by_rate.items(), rate_amounts, shares, strict=True):
        full_net = tax.net_of(amount, currency) if gross else amount
        net = tax.net_of(amount - share, currency) if gross else amount - share
        parts = split_in_proportion(full_net, [amounts[index] for index in indexes])
        for index, part in zip(indexes, parts, strict=True):
            lines_net[index] = part
        tax_minor = tax.tax_on(net, currency)
        payable = amount - share if gross else net + tax_minor
        taxes.append(TaxSum(tax, net, tax_minor, payable, full_net - net))
    return _document(
        taxes,
        amounts=amounts,
        lines_net=tuple(lines_net),
        frame=_Frame(currency, price_mode, discount_minor, agreed_minor, len(taxes) if gross else 0),
        paid_minor=paid_minor,
    )


def credit_sums(
    original: DocumentSums, amount_minor: int, already: Sequence[DocumentSums] = ()
) -> DocumentSums:
    """The sums of a credit note over a part of one document: one line per rate with something left to credit.

    ``already`` are the credit notes issued on that document. Raises CreditAboveInvoice with what is left.
    """
    left = [
        part.payable_minor - sum(_payable_at(credit, part.tax) for credit in already)
        for part in original.taxes
    ]
    if amount_minor > sum(left):
        raise CreditAboveInvoice(rest=_words(sum(left), original.currency))
    return _part(original, amount_minor, left)


def creditable_minor(original: DocumentSums, already: Sequence[DocumentSums] = ()) -> int:
    """What can still be credited of a document."""
    return original.payable_minor - sum(credit.payable_minor for credit in already)


def advance_sums(booking: DocumentSums, payment_minor: int) -> DocumentSums:
    """The sums of an advance invoice over one payment, split over the booking's rates; it is paid in full."""
    return _part(booking, payment_minor, [part.payable_minor for part in booking.taxes])


def deductions(advances: Sequence[Advance]) -> tuple[Deduction, ...]:
    """What the advances leave to deduct, advance by advance and rate by rate, credit notes taken off."""
    found = []
    for position, advance in enumerate(advances):
        for part in advance.sums.taxes:
            credited = [credit for note in advance.credits for credit in note.taxes if credit.tax == part.tax]
            net = part.net_minor - sum(credit.net_minor for credit in credited)
            payable = part.payable_minor - sum(credit.payable_minor for credit in credited)
            if net or payable:
                found.append(Deduction(position, part.tax, net, payable))
    return tuple(found)


def final_sums(booking: DocumentSums, advances: Sequence[Advance]) -> DocumentSums:
    """The sums of a final invoice: all lines of the booking less what the advances have billed already.

    Σ payable of advances, less their credit notes, and of this document is the agreed price, to the last
    minor unit. Raises BadContent when the advances are above the price: a credit note comes first.
    """
    taken = deductions(advances)
    payable = booking.payable_minor - sum(deduction.payable_minor for deduction in taken)
    if payable < 0:
        raise BadContent
    taxes = []
    for part in booking.taxes:
        here = [deduction for deduction in taken if deduction.tax == part.tax]
        net = part.net_minor - sum(deduction.net_minor for deduction in here)
        part_payable = part.payable_minor - sum(deduction.payable_minor for deduction in here)
        taxes.append(
            TaxSum(part.tax, net, part.tax.tax_on(net, booking.currency), part_payable, part.discount_minor)
        )
    documents = 1 + sum(1 + len(advance.credits) for advance in advances)
    less = tuple(-deduction.net_minor for deduction in taken)
    less_priced = tuple(-deduction.payable_minor for deduction in taken)
    inclusive = booking.price_mode is PriceMode.INCLUSIVE
    return _document(
        taxes,
        amounts=booking.line_amounts_minor + (less_priced if inclusive else less),
        lines_net=booking.lines_net_minor + less,
        frame=_Frame(
            booking.currency, booking.price_mode, booking.discount_minor, payable, documents * len(taxes)
        ),
    )


@dataclass(frozen=True)
class _Frame:
    currency: str
    price_mode: PriceMode
    discount_minor: int
    agreed_minor: int | None
    rounding_bound: int


def _document(
    taxes: Sequence[TaxSum],
    *,
    amounts: tuple[int, ...],
    lines_net: tuple[int, ...],
    frame: _Frame,
    paid_minor: int = 0,
) -> DocumentSums:
    total = sum(part.gross_minor for part in taxes)
    payable = sum(part.payable_minor for part in taxes)
    if frame.agreed_minor is not None and frame.agreed_minor != payable:
        raise BadContent
    if abs(payable - total) > frame.rounding_bound:
        raise BadContent
    if max(abs(total), abs(payable)) >= MAX_TOTAL_MINOR:
        raise DocumentTooLarge
    return DocumentSums(
        currency=frame.currency,
        price_mode=frame.price_mode,
        line_amounts_minor=amounts,
        lines_net_minor=lines_net,
        taxes=tuple(taxes),
        discount_minor=frame.discount_minor,
        rounding_minor=payable - total,
        paid_minor=paid_minor,
    )


def _part(whole: DocumentSums, amount_minor: int, weights: Sequence[int]) -> DocumentSums:
    """A paid document over a part of another one, split over its rates."""
    if not 0 < amount_minor <= sum(weights):
        raise BadContent
    taxes = []
    for source, part in zip(whole.taxes, split_in_proportion(amount_minor, weights), strict=True):
        if part:
            net = source.tax.net_of(part, whole.currency)
            taxes.append(TaxSum(source.tax, net, source.tax.tax_on(net, whole.currency), part))
    nets = tuple(part.net_minor for part in taxes)
    inclusive = whole.price_mode is PriceMode.INCLUSIVE
    return _document(
        taxes,
        amounts=tuple(part.payable_minor for part in taxes) if inclusive else nets,
        lines_net=nets,
        frame=_Frame(whole.currency, whole.price_mode, 0, amount_minor, len(taxes)),
        paid_minor=amount_minor,
    )


def _lines_by_rate(lines: Sequence[PricedLine]) -> dict[TaxRate, list[int]]:
    found: dict[TaxRate, list[int]] = {}
    for index, line in enumerate(lines):
        found.setdefault(line.tax, []).append(index)
    return found


def _payable_at(sums: DocumentSums, tax: TaxRate) -> int:
    return sum(part.payable_minor for part in sums.taxes if part.tax == tax)


def _major(amount_minor: int, currency: str) -> Decimal:
    return Decimal(amount_minor).scaleb(-exponent(currency))


def _rounded(amount: Decimal, currency: str) -> int:
    return round_half_up(amount, currency)


def _decimals(number: Decimal) -> int:
    """How many decimals the number needs; trailing zeros do not count. Infinity and NaN are refused."""
    if not number.is_finite():
        raise BadContent
    shown = number.normalize().as_tuple().exponent
    assert isinstance(shown, int), "a finite number has an exponent"
    return max(0, -shown)


def _words(amount_minor: int, currency: str) -> str:
    return f"{plain_amount(Money(amount_minor, currency))} {currency}"
