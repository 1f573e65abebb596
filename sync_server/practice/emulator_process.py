"""Starts the Stripe emulator as the process it is, and speaks to its control door."""

import http.client
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from shared.errors import PaymentsUnavailable
from sync_server.practice.practice_folder import PracticeFolderUnusable, PracticeSecrets

_TIMEOUT_S: Final = 20


class EmulatorProcess:
    """A running emulator; it ends with this process, also when this one is killed."""

    def __init__(self, folder: Path, keys: PracticeSecrets, *, shift_s: int) -> None:
        self._keys = keys
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("DAYBOOK_", "STRIPE_"))
        }
        given = {
            "DAYBOOK_EMULATOR_API_KEY": keys.emulator_key,
            "DAYBOOK_EMULATOR_CONTROL_SECRET": keys.control_secret,
            "DAYBOOK_EMULATOR_WEBHOOK_SECRET": keys.webhook_secret,
            "DAYBOOK_EMULATOR_SHIFT_S": str(shift_s),
        }
        folder.mkdir(parents=True, exist_ok=True)
        arguments = ["--port", "0", "--file", str(folder / "stripe.sqlite"), "--parent-pid", str(os.getpid())]
        with (folder / "stripe.log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "sync_server.practice.stripe_emulator", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=kept | given,
                start_new_session=True,  # Ctrl-C reaches us alone; we end it in order
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise PracticeFolderUnusable(
                path=folder, detail="the Stripe emulator did not start, see stripe.log"
            )
        self.base_url: str = json.loads(line)["base_url"]

    def control(self, method: str, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON values
        """Ask the control door; raises PaymentsUnavailable when it does not answer."""
        connection = http.client.HTTPConnection(urlsplit(self.base_url).netloc, timeout=_TIMEOUT_S)
        try:
            connection.request(
                method,
                f"/_control/{path}",
                json.dumps(body) if method == "POST" else None,
                {"Authorization": f"Bearer {self._keys.control_secret}"},
            )
            answer = connection.getresponse()
            text = answer.read().decode()
        except OSError as cause:
            raise PaymentsUnavailable from cause
        finally:
            connection.close()
        assert answer.status == http.client.OK, f"the control door answered {answer.status}"
        result: dict[str, Any] = json.loads(text)
        return result

    def send_webhooks_to(self, url: str) -> None:
        """Where the server listens now."""
        self.control("POST", "webhooks/endpoint", url=url)

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self._process.terminate()
        try:
            self._process.wait(_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
