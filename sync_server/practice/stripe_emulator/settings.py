"""Decides with which keys and limits the emulator runs; refuses whatever smells of real money."""

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

SHORTEST_SECRET = 24
LIVE_KEY_STARTS = ("sk_live_", "rk_live_")
PREFIX = "DAYBOOK_EMULATOR_"
NAMES = ("api_key", "control_secret", "webhook_url", "webhook_secret", "shift_s", "then_delay_s")


class StartRefusedError(Exception):
    """The emulator does not start; the text says why in one sentence."""


@dataclass(frozen=True)
class Settings:
    """What a run needs to know: secrets, where webhooks go, how far the clock stands from the real one."""

    api_key: str = field(repr=False)
    control_secret: str = field(repr=False)
    webhook_url: str | None = None
    webhook_secret: str | None = field(default=None, repr=False)
    shift_s: int = 0
    then_delay_s: int = 2


def _whole(values: Mapping[str, str], name: str, *, default: int) -> int:
    text = values.get(name) or str(default)
    try:
        return int(text)
    except ValueError:
        raise StartRefusedError(f"{name} must be a whole number of seconds.") from None


def _from_file(path: Path) -> dict[str, str]:
    """Values of a JSON file that only its owner may read."""
    try:
        if os.name != "nt" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise StartRefusedError("The configuration file may be read by its owner only (mode 0600).")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise StartRefusedError(f"The configuration file cannot be read: {type(error).__name__}.") from error
    if not isinstance(content, dict) or set(content) - set(NAMES):
        raise StartRefusedError(f"The configuration file may hold only {', '.join(NAMES)}.")
    return {name: str(value) for name, value in content.items()}


def _guard(environment: Mapping[str, str], values: Mapping[str, str]) -> None:
    if environment.get("DAYBOOK_ENV", "").strip().lower() == "production":
        raise StartRefusedError("The Stripe emulator never runs in production.")
    configured = [
        value for name, value in environment.items() if name.upper().startswith(("DAYBOOK_", "STRIPE_"))
    ]
    if any(value.strip().startswith(LIVE_KEY_STARTS) for value in [*configured, *values.values()]):
        raise StartRefusedError("A live Stripe key is configured; practice and real money never meet.")
    for name in ("api_key", "control_secret"):
        if len(values.get(name, "")) < SHORTEST_SECRET:
            raise StartRefusedError(f"{name} is missing or shorter than {SHORTEST_SECRET} characters.")
    if values["api_key"] == values["control_secret"]:
        raise StartRefusedError("api_key and control_secret must differ.")
    if values.get("webhook_url") and not values.get("webhook_secret"):
        raise StartRefusedError("A webhook_url needs a webhook_secret.")


def read_settings(environment: Mapping[str, str], config_file: Path | None) -> Settings:
    """Settings from `DAYBOOK_EMULATOR_*` or, where given, from the file; raises StartRefusedError."""
    values = {
        name: environment[PREFIX + name.upper()] for name in NAMES if environment.get(PREFIX + name.upper())
    }
    if config_file is not None:
        values |= _from_file(config_file)
    _guard(environment, values)
    return Settings(
        api_key=values["api_key"],
        control_secret=values["control_secret"],
        webhook_url=values.get("webhook_url") or None,
        webhook_secret=values.get("webhook_secret") or None,
        shift_s=_whole(values, "shift_s", default=0),
        then_delay_s=_whole(values, "then_delay_s", default=2),
    )
