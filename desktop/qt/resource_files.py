"""Where the files that come with the program lie."""

from pathlib import Path
from typing import Final

RESOURCES: Final = Path(__file__).resolve().parents[2] / "resources"
FONTS: Final = RESOURCES / "fonts" / "desktop"
PRINT_FONTS: Final = RESOURCES / "fonts" / "print"
ICONS: Final = RESOURCES / "icons"
THEMES: Final = RESOURCES / "themes"
