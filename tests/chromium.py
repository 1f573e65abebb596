"""The Chromium of this machine, which tests and the tour look at customer pages with."""

import shutil
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_OF_MACOS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)


def find_chromium() -> Path | None:
    """Its program, or None."""
    on_path = [Path(found) for name in _NAMES if (found := shutil.which(name))]
    return next((path for path in [*on_path, *_OF_MACOS] if path.exists()), None)
