"""The type sizes of the desktop in Inter; figures are tabular wherever amounts, dates and times stand."""

from enum import Enum
from functools import lru_cache

from PySide6.QtCore import QLoggingCategory
from PySide6.QtGui import QFont, QFontDatabase

from desktop.qt.resource_files import FONTS, PRINT_FONTS
from shared.invoice_pdf.fonts import SHAPED

FAMILY = "Inter"
_FALLBACKS = (
    "DroidSansFallback",
    "NotoSansThai-Regular",
    "NotoSansEthiopic-Regular",
    *(f"{family}-Regular" for family in SHAPED),
)
"""What invoices print names in and a bare Linux has no font of; Qt asks them last, after the system's own."""

_REGULAR, _MEDIUM, _SEMIBOLD = QFont.Weight.Normal, QFont.Weight.Medium, QFont.Weight.DemiBold


class Type(Enum):
    """A type role: size in px, line height in px, weight."""

    TITLE = (20, 28, _SEMIBOLD)
    DIALOG = (18, 26, _SEMIBOLD)
    SECTION = (15, 20, _SEMIBOLD)
    BODY = (13, 20, _REGULAR)
    BODY_MEDIUM = (13, 20, _MEDIUM)
    BODY_SEMIBOLD = (13, 20, _SEMIBOLD)
    LABEL = (12, 16, _REGULAR)
    LABEL_MEDIUM = (12, 16, _MEDIUM)
    LABEL_SEMIBOLD = (12, 16, _SEMIBOLD)
    CAPTION = (11, 16, _REGULAR)
    CAPTION_MEDIUM = (11, 16, _MEDIUM)
    CAPTION_SEMIBOLD = (11, 16, _SEMIBOLD)

    @property
    def size_px(self) -> int:
        """The height of the letters."""
        return self.value[0]

    @property
    def line_px(self) -> int:
        """The height of a line."""
        return self.value[1]


@lru_cache(maxsize=1)
def load_fonts() -> None:
    """Make the bundled files known to Qt; once per process, before the first window."""
    # else each script that Inter lacks is told once, before the next font is asked for it
    QLoggingCategory.setFilterRules("qt.text.font.db.info=false")
    paths = [*sorted(FONTS.glob("*.otf")), *(PRINT_FONTS / f"{name}.ttf" for name in _FALLBACKS)]
    for path in paths:
        added = QFontDatabase.addApplicationFont(str(path))
        assert added >= 0, f"the bundled font {path.name} cannot be read"


@lru_cache(maxsize=64)
def font(role: Type, *, tabular: bool = False, struck: bool = False) -> QFont:
    """The font of a role; the same object each time, so never change it."""
    size_px, _, weight = role.value
    made = QFont(FAMILY)
    made.setPixelSize(size_px)
    made.setWeight(weight)
    made.setStrikeOut(struck)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if role is Type.TITLE:
        made.setLetterSpacing(QFont.SpacingType.PercentageSpacing, 99)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made
