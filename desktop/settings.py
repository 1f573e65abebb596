"""What this installation is told: where its data lies, which server it speaks to, whether it is practice."""

from pathlib import Path
from typing import Annotated, Final

import platformdirs
from pydantic import AfterValidator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.errors import BadInput

APP_NAME: Final = "Daybook"
APP_VERSION: Final = "0.1.0"
_LOCAL: Final = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


class AddressInvalid(BadInput):
    """The server's address begins with https://."""

    code = "address_invalid"


def server_address(typed: str) -> str:
    """The address as it is kept. Raises AddressInvalid."""
    address = typed.strip().rstrip("/")
    if not address.startswith(("https://", *_LOCAL)):
        raise AddressInvalid
    return address


def _checked_address(address: str) -> str:
    if not address:
        return ""
    try:
        return server_address(address)
    except AddressInvalid as refusal:
        raise ValueError(refusal.sentence) from refusal


class DesktopSettings(BaseSettings):
    """Read from the environment (``DAYBOOK_DESKTOP_…``), overridden by the command line."""

    model_config = SettingsConfigDict(env_prefix="DAYBOOK_DESKTOP_", extra="ignore")

    server_url: Annotated[str, AfterValidator(_checked_address)] = ""
    """Empty until the first sign-in names it."""
    data_folder: Path = Path(platformdirs.user_data_dir(APP_NAME, appauthor=False))
    practice: bool = False
    """A key file beside the store stands in for the keyring; the app says so."""
    practice_folder: Path | None = None
    """Where a practice studio keeps its data; by default inside the data folder."""

    @property
    def folder(self) -> Path:
        """Where the store and its files lie."""
        if not self.practice:
            return self.data_folder
        return self.practice_folder or self.data_folder / "practice"

    @property
    def store_path(self) -> Path:
        """The encrypted store of the studio."""
        return self.folder / "studio.db"

    @property
    def key_file(self) -> Path:
        """What stands in for the keyring in practice."""
        return self.folder / "keys.json"
