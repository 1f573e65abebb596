"""The main job as one process runs it: real server, real desktop, real HTTP, on a small file."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = """\
customer_name;email;phone;event_date;start;end;time_zone;package;price;currency;deposit_percent;place;\
notes
نورة العتيبي;noura@example.com;;2027-04-22;17:00;21:00;Asia/Kuwait;Reception;310,550;KWD;40;الكويت;\
tour:cancel
Nobody;not an address;;2027-04-22;17:00;21:00;Asia/Kuwait;Reception;310,550;KWD;40;;
Ines;ines@example.com;;2027-04-24;11:00;12:00;Europe/Lisbon;Portrait;120;EUR;100;;tour:move tour:decline
"""
BEFORE = ["entered", "synced", "pay_mail", "deposit", "shown"]
AFTER = ["balance_mail", "remainder", "reminder", "invoice"]


def test_every_step_of_the_main_job_is_observed(tmp_path: Path) -> None:
    file = tmp_path / "bookings.csv"
    file.write_text(FILE, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.journeys.tour", str(file)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    output = tmp_path / "demo-output"
    entries = json.loads((output / "tour.json").read_text(encoding="utf-8"))
    failed = [entry for entry in entries if not entry["ok"]]
    assert [(entry["row"], entry["step"]) for entry in failed] == [(3, "read")], ended.stdout + ended.stderr
    assert ended.returncode == 1, "a bad row makes the exit status non-zero"
    assert [entry["step"] for entry in entries if entry["row"] == 2] == [*BEFORE, *AFTER, "cancel"]
    assert [entry["step"] for entry in entries if entry["row"] == 4] == [*BEFORE, *AFTER, "move"]
    assert len(list((output / "invoices").glob("*.pdf"))) >= 3
    assert list((output / "mails").glob("*.eml"))
