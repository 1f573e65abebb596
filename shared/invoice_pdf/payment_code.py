"""Decides what a payment QR code says (EPC069-12, SEPA credit transfer)."""

import unicodedata
from typing import Final

from shared.invoice_pdf.document import Bank
from shared.money import Money, plain_amount
from shared.policies.pricing_policy import DocumentSums

MAX_NAME: Final = 70
MAX_REFERENCE: Final = 140
MAX_AMOUNT_MINOR: Final = 99_999_999_999
"""The scheme's limit: 999,999,999.99 EUR."""


def payment_code(bank: Bank, seller_name: str, sums: DocumentSums, *, reference: str) -> str:
    """The content of the code; empty where the scheme does not apply: not EUR, no IBAN, nothing due."""
    iban = "".join(bank.iban.split()).upper()
    if sums.currency != "EUR" or not iban or not 0 < sums.due_minor <= MAX_AMOUNT_MINOR:
        return ""
    amount = plain_amount(Money(sums.due_minor, "EUR"))
    name = unicodedata.normalize("NFC", bank.holder or seller_name)[:MAX_NAME]
    bic = "".join(bank.bic.split()).upper()
    fields = ("BCD", "002", "1", "SCT", bic, name, iban, f"EUR{amount}", "", "", reference[:MAX_REFERENCE])
    return "\n".join(fields)
