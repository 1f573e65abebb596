"""The server's settings, from ``DAYBOOK_*`` in the environment or a ``.env`` file; README.md tells each."""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServerSettings(BaseSettings):
    """Everything that differs from one installation to the next."""

    model_config = SettingsConfigDict(env_prefix="DAYBOOK_", env_file=".env", extra="ignore", frozen=True)

    env: Literal["production", "practice", "test"] = "production"
    database_url: str = ""
    """Of ``daybook_app``; user and password may be left out when ``app_password`` is given."""
    owner_database_url: str = ""
    """Of the owner of the tables: only ``migrate`` uses it."""
    app_password: SecretStr = SecretStr("")
    worker_password: SecretStr = SecretStr("")
    keys_file: Path = Path("daybook-keys.json")
    data_folder: Path = Path("daybook-data")
    """Documents and blobs, the number journal, the witness file."""
    public_base_url: str = "http://127.0.0.1:8000"
    host: str = "127.0.0.1"
    port: int = 8000
    behind_proxies: tuple[str, ...] = ()
    """Addresses whose X-Forwarded-For counts."""
    pool_size: int = 10
    keep_days: int = 35
    min_app: str = "0.0.0"
    rate_limit_factor: int = 1
    """Practice multiplies the limits by 50."""

    # card payments and mail: read by the parts that use them
    stripe_api_base: str = ""
    stripe_api_key: SecretStr = SecretStr("")
    stripe_webhook_secret: SecretStr = SecretStr("")
    stripe_publishable_key: str = ""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    mail_spool: Path | None = None
    """Folder of the practice mail spool; set in practice only."""

    @model_validator(mode="after")
    def _production_is_closed(self) -> "ServerSettings":
        if self.env == "production" and not self.public_base_url.startswith("https://"):
            loopback = ("http://127.0.0.1", "http://localhost")
            if not self.public_base_url.startswith(loopback) or self.host != "127.0.0.1":
                raise ValueError("DAYBOOK_PUBLIC_BASE_URL must be an https address")
        return self

    @property
    def is_practice(self) -> bool:
        """Whether money and mail are played."""
        return self.env == "practice"
