"""The practice spool holds each mail exactly once, whatever happens to the processes that fill it."""

import errno
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psutil
import pytest

from shared.errors import MailRefused, MailRefusedForNow
from shared.ports import OutgoingMail
from sync_server.adapters.spool_mailer import SpoolMailer
from sync_server.services.mail_message import to_bytes

TENANT = UUID("0199b000-0000-7000-8000-000000000001")


def _mail(number: int = 0, *, recipient: str = "zoe@example.com", text: str = "Hello") -> OutgoingMail:
    return OutgoingMail(
        message_id=f"<pay_link.{number}@mail.example>",
        row_id=UUID(int=number),
        tenant_id=TENANT,
        sender_name="Bella Weddings",
        sender_address="bookings@mail.example",
        reply_to=None,
        recipient=recipient,
        subject="1,225.00 EUR to book",
        text=text,
        html=f"<p>{text}</p>",
        written_at=datetime(2027, 1, 11, tzinfo=UTC),
    )


def _put(spool: SpoolMailer, mail: OutgoingMail) -> str:
    session = spool.connect()
    session.address(mail)
    return session.send_body(mail)


def test_the_same_mail_again_changes_nothing(tmp_path: Path) -> None:
    spool = SpoolMailer(tmp_path)
    first = _put(spool, _mail(text="first"))
    assert _put(spool, _mail(text="second")) == first
    (path,) = tmp_path.rglob("*.eml")
    assert path.read_bytes() == to_bytes(_mail(text="first"))
    assert spool.look_up(_mail())
    assert not spool.look_up(_mail(1))


@pytest.mark.parametrize("recipient", ["zoe", "a b@example.com", "zoë@example.com", "x@y@z", ""])
def test_an_address_that_no_header_can_carry_is_refused_before_the_handover(
    tmp_path: Path, recipient: str
) -> None:
    with pytest.raises(MailRefused):
        SpoolMailer(tmp_path).connect().address(_mail(recipient=recipient))


def test_a_line_break_in_a_name_makes_no_header(tmp_path: Path) -> None:
    spool = SpoolMailer(tmp_path)
    with pytest.raises(MailRefused):
        spool.connect().address(_mail(recipient="zoe@example.com\r\nBcc: all@example.com"))


def test_what_was_addressed_and_not_sent_leaves_nothing(tmp_path: Path) -> None:
    session = SpoolMailer(tmp_path).connect()
    sent, unwanted = _mail(1), _mail(2)
    session.address(sent)
    session.address(unwanted)
    session.send_body(sent)
    session.close()
    assert [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()] == [to_bytes(sent)]


def test_a_mail_that_another_process_wrote_in_between_stays_as_it_is(tmp_path: Path) -> None:
    session = SpoolMailer(tmp_path).connect()
    session.address(_mail(text="ours"))
    name = _put(SpoolMailer(tmp_path), _mail(text="theirs"))
    assert session.send_body(_mail(text="ours")) == name
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert path.read_bytes() == to_bytes(_mail(text="theirs"))


def test_what_did_not_reach_the_disk_is_no_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = SpoolMailer(tmp_path).connect()
    session.address(_mail())
    monkeypatch.setattr(os, "fsync", _full_disk)
    for _ in range(2):
        with pytest.raises(MailRefusedForNow):
            session.send_body(_mail())
    session.close()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def _full_disk(_file: int) -> None:
    raise OSError(errno.ENOSPC, "no space left")


_WRITER = """
    import sys
    from pathlib import Path
    from sync_server.adapters.spool_mailer import SpoolMailer
    from tests.sync_server.mail.test_spool import _mail
    session = SpoolMailer(Path(sys.argv[1])).connect()
    print("begun", flush=True)
    for number in range(int(sys.argv[2])):
        mail = _mail(number, text="x" * 20_000)
        session.address(mail)
        session.send_body(mail)
"""


def _writer(folder: Path, count: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(_WRITER), str(folder), str(count)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


def _whole(path: Path) -> bool:
    return path.read_bytes().rstrip().endswith(b"--")


def test_two_processes_and_a_kill_leave_each_mail_whole_and_once(tmp_path: Path) -> None:
    count = 150
    killed, other = _writer(tmp_path, count), _writer(tmp_path, count)
    while not list(tmp_path.rglob("*.eml")):
        pass
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    left = {path.name: path.read_bytes() for path in tmp_path.rglob("*.eml")}
    assert other.wait() == 0
    found = list(tmp_path.rglob("*.eml"))
    assert len(found) == count
    assert all(_whole(path) for path in found)
    assert {name: (tmp_path / str(TENANT) / name).read_bytes() for name in left} == left
    for process in (killed, other):
        assert process.stdout is not None
        process.stdout.close()


def test_a_batch_keeps_no_file_open(tmp_path: Path) -> None:
    session = SpoolMailer(tmp_path).connect()
    before = _open_files()
    for number in range(50):
        session.address(_mail(number))
    assert _open_files() == before
    for number in range(50):
        session.send_body(_mail(number))
    assert len(list(tmp_path.rglob("*.eml"))) == 50
    session.close()


def _open_files() -> int:
    return int(psutil.Process().num_fds())
