"""One spelling of a mail address, and its hash: what look-ups and limits use instead of the address."""

import hashlib
import unicodedata


def plain_address(email: str) -> str:
    """Composed, without spaces around, case ignored."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def address_hash(email: str) -> bytes:
    """SHA-256 of the plain address."""
    return hashlib.sha256(plain_address(email).encode("utf-8", "surrogatepass")).digest()
