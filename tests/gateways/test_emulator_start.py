"""The emulator starts only in practice, loses nothing when killed, and never outlives its parent."""

import json
import os
import select
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import stripe

from sync_server.practice.stripe_emulator.settings import StartRefusedError, read_settings
from tests.gateways.emulator_process import (
    DEADLINE_S,
    REPOSITORY,
    Emulator,
    WebhookReceiver,
    emulator_command,
)

MakesEmulators = Callable[[], Emulator]
KEY = "sk_test_" + "b" * 24
OPTIONS: stripe.RequestOptions = {"stripe_account": "acct_practice_studio"}


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"DAYBOOK_ENV": "production"}, "production"),
        ({"DAYBOOK_EMULATOR_API_KEY": "sk_live_" + "a" * 24}, "live"),
        ({"DAYBOOK_EMULATOR_API_KEY": "rk_live_" + "a" * 24}, "live"),
        ({"DAYBOOK_STRIPE_PLATFORM_KEY": "sk_live_x"}, "live"),
        ({"STRIPE_API_KEY": "rk_live_x"}, "live"),
        ({"DAYBOOK_EMULATOR_API_KEY": ""}, "api_key"),
        ({"DAYBOOK_EMULATOR_API_KEY": "short"}, "api_key"),
        ({"DAYBOOK_EMULATOR_CONTROL_SECRET": ""}, "control_secret"),
        ({"DAYBOOK_EMULATOR_API_KEY": "a" * 30, "DAYBOOK_EMULATOR_CONTROL_SECRET": "a" * 30}, "differ"),
        (
            {"DAYBOOK_EMULATOR_WEBHOOK_SECRET": "", "DAYBOOK_EMULATOR_WEBHOOK_URL": "http://127.0.0.1/x"},
            "secret",
        ),
        ({"DAYBOOK_EMULATOR_SHIFT_S": "soon"}, "shift_s"),
    ],
)
def test_a_start_that_could_touch_real_money_is_refused(environment: dict[str, str], word: str) -> None:
    good = Emulator(Path("state.sqlite")).environment()
    assert read_settings(good, None).shift_s == 0
    with pytest.raises(StartRefusedError, match=word):
        read_settings(good | environment, None)


def test_a_refused_start_says_one_sentence_and_ends(new_emulator: MakesEmulators) -> None:
    emulator = new_emulator()
    ended = subprocess.run(
        emulator_command(emulator.file),
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env=emulator.environment() | {"DAYBOOK_ENV": "production"},
        timeout=DEADLINE_S,
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "The Stripe emulator never runs in production.\n"
    assert not emulator.file.exists()


def test_keys_may_come_from_a_file_that_only_its_owner_reads(
    tmp_path: Path, new_emulator: MakesEmulators
) -> None:
    emulator = new_emulator()
    config = tmp_path / "emulator.json"
    config.write_text(json.dumps({"api_key": KEY, "control_secret": "c" * 24, "shift_s": -60}))
    config.chmod(0o644)
    nothing = dict.fromkeys((f"DAYBOOK_EMULATOR_{name}" for name in ("API_KEY", "CONTROL_SECRET")), "")
    refused = subprocess.run(
        [*emulator_command(emulator.file), "--config", str(config)],
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env=emulator.environment() | nothing,
        timeout=DEADLINE_S,
    )
    assert (refused.returncode, "0600" in refused.stderr) == (2, True)
    config.chmod(0o600)
    emulator.api_key, emulator.control_secret = KEY, "c" * 24
    emulator.start("--config", str(config), **nothing)
    assert emulator.control("GET", "health")["shift_s"] == -60
    assert emulator.stop() == 0


def test_it_listens_on_this_machine_only_and_says_where(tmp_path: Path, new_emulator: MakesEmulators) -> None:
    ready_file = tmp_path / "ready.json"
    emulator = new_emulator().start("--ready-file", str(ready_file))
    assert emulator.process is not None
    ready = json.loads(ready_file.read_text(encoding="utf-8"))
    assert (ready["base_url"], ready["pid"]) == (emulator.base_url, emulator.process.pid)
    assert ready["base_url"] == f"http://127.0.0.1:{ready['port']}"
    arguments = Path(f"/proc/{emulator.process.pid}/cmdline").read_text(encoding="utf-8")
    assert emulator.api_key not in arguments
    assert emulator.stop() == 0
    assert emulator.api_key not in emulator.file.with_suffix(".log").read_text(encoding="utf-8")


def test_two_emulators_never_share_a_file(new_emulator: MakesEmulators) -> None:
    first = new_emulator().start()
    ended = subprocess.run(
        emulator_command(first.file),
        capture_output=True,
        text=True,
        check=False,
        cwd=REPOSITORY,
        env=first.environment(),
        timeout=DEADLINE_S,
    )
    assert (ended.returncode, "in use" in ended.stderr) == (2, True)
    first.stop()


def test_what_was_answered_survives_a_kill(new_emulator: MakesEmulators) -> None:
    receiver = WebhookReceiver()
    emulator = new_emulator()
    emulator.webhook_url = "http://127.0.0.1:9/nobody"
    emulator.start()
    emulator.control("POST", "settings", by_hand=True)
    client = emulator.stripe()
    params: stripe.params.PaymentIntentCreateParams = {
        "amount": 5000,
        "currency": "eur",
        "payment_method": "pm_card_pendingRefund",
        "confirm": True,
    }
    intent = client.v1.payment_intents.create(params, OPTIONS | {"idempotency_key": "k1"})
    refund = client.v1.refunds.create({"payment_intent": intent.id}, OPTIONS | {"idempotency_key": "k2"})
    assert emulator.run_due()["failed"] == 5
    before = emulator.control("GET", "objects")
    emulator.kill()

    emulator.webhook_url = receiver.url
    emulator.start()
    after = emulator.control("GET", "objects")
    assert after["acct_practice_studio"] == before["acct_practice_studio"]
    client = emulator.stripe()
    again = client.v1.refunds.create({"payment_intent": intent.id}, OPTIONS | {"idempotency_key": "k2"})
    assert (again.id, len(emulator.objects("acct_practice_studio", "refund"))) == (refund.id, 1)
    emulator.forward(6)
    assert client.v1.refunds.retrieve(refund.id, {}, OPTIONS).status == "succeeded"
    assert len(receiver.wait_for(6)) == 6
    assert receiver.types()[-1] == "refund.updated"
    emulator.stop()
    receiver.close()


def test_killed_in_the_middle_of_many_calls_it_remembers_every_answer(new_emulator: MakesEmulators) -> None:
    emulator = new_emulator().start()
    answered: list[tuple[str, str]] = []
    started = threading.Event()
    client = emulator.stripe()

    def call_on() -> None:
        for number in range(10_000):
            key = f"k{number}"
            try:
                made = client.v1.payment_intents.create(
                    {"amount": 5000, "currency": "eur"}, OPTIONS | {"idempotency_key": key}
                )
            except stripe.APIConnectionError:
                return
            answered.append((key, made.id))
            if number == 20:
                started.set()

    caller = threading.Thread(target=call_on)
    caller.start()
    assert started.wait(DEADLINE_S)
    assert emulator.process is not None
    emulator.process.kill()
    caller.join(DEADLINE_S)
    emulator.kill()
    emulator.start()
    stored = {one["id"] for one in emulator.objects("acct_practice_studio", "payment_intent")}
    events = emulator.objects("acct_practice_studio", "event")
    assert {made for _, made in answered} <= stored
    assert {event["data"]["object"]["id"] for event in events} == stored
    client = emulator.stripe()
    for key, made in answered[-3:]:
        again = client.v1.payment_intents.create(
            {"amount": 5000, "currency": "eur"}, OPTIONS | {"idempotency_key": key}
        )
        assert again.id == made
    emulator.stop()


@pytest.mark.skipif(sys.platform == "win32", reason="reads /proc")
def test_it_ends_with_its_parent(new_emulator: MakesEmulators) -> None:
    emulator = new_emulator()
    parent_does = (
        "import os, subprocess, sys\n"
        "command = [*sys.argv[1:], '--parent-pid', str(os.getpid())]\n"
        "child = subprocess.Popen(command, stdout=subprocess.PIPE)\n"
        "child.stdout.readline()\n"
        "print(child.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", parent_does, *emulator_command(emulator.file)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env=emulator.environment(),
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        watched = os.pidfd_open(child)
        parent.kill()
        parent.wait(DEADLINE_S)
    ended, _, _ = select.select([watched], [], [], DEADLINE_S)
    os.close(watched)
    assert ended
