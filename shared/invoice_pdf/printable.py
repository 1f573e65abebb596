"""Whether a text can stand on paper, asked while it is typed: by the rule of the paper, on no paper yet."""

import unicodedata

from shared.errors import TextNotPrintable
from shared.invoice_pdf.fonts import PrintFonts
from shared.invoice_pdf.lettering import letter


def unprintable_character(text: str, fonts: PrintFonts) -> str:
    """The first character that no bundled font has, as an invoice would name it; nothing if all is well.

    Fonts are read when a character first needs them: not for the thread that draws the screen.
    """
    with fonts.lock:
        try:
            letter(unicodedata.normalize("NFC", text), fonts.regular)
        except TextNotPrintable as missing:
            return str(missing.details["character"])
    return ""
