"""What is handed on works anywhere: no path of one machine, no address of a package index."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import ROOT

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".sh",
    ".txt",
    ".lock",
    ".cfg",
    ".ini",
    ".yml",
    ".yaml",
    ".html",
    ".css",
    ".csv",
    "",
}
SET_UP = ("Makefile", "requirements.lock", "pyproject.toml", ".ci/run")
_IGNORED = {
    line.strip("/\n")
    for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("*")
} | {".git"}

_MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:home|root|Users|work|mnt|opt)/\w|\b[A-Z]:\\\\?Users")
_ADDRESS = re.compile(r"\w+://|--(?:extra-)?index-url|--find-links|(?<![=\d.])(?:\d{1,3}\.){3}\d{1,3}\b")
_LOOPBACK = re.compile(r"127\.0\.0\.1")
_PINNED = re.compile(
    r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!-]+(?: ; [^\\@]+)?(?: \\)?|    --hash=sha256:[0-9a-f]{64}(?: \\)?"
)


def _texts() -> Iterator[Path]:
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        generated = any(part in _IGNORED or part.endswith(".egg-info") for part in parts)
        if not generated and path.is_file() and path.suffix in TEXT:
            yield path


def _lines_like(path: Path, pattern: re.Pattern[str]) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return []  # a picture or font without a known ending, or a sample of another encoding
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name
    lines = enumerate(text.splitlines(), start=1)
    return [f"{name}:{number}" for number, line in lines if pattern.search(line)]


def test_no_text_names_a_path_of_one_machine() -> None:
    assert [line for path in _texts() for line in _lines_like(path, _MACHINE_PATH)] == []


def test_the_set_up_names_no_address() -> None:
    paths = [*(ROOT / name for name in SET_UP), *(ROOT / "installers").rglob("*.*")]
    found = {line for path in paths if path.is_file() for line in _lines_like(path, _ADDRESS)}
    own = {line for path in paths if path.is_file() for line in _lines_like(path, _LOOPBACK)}
    assert found - own == set()


def test_the_lock_holds_versions_and_hashes_and_nothing_else() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.strip() and not _PINNED.fullmatch(line)] == []
    assert sum("==" in line for line in lines) > 50


@pytest.mark.parametrize(
    ("pattern", "planted"),
    [
        (_MACHINE_PATH, "see /" + "home/ada/daybook"),
        (_MACHINE_PATH, "see C:\\" + "Users\\ada"),
        (_ADDRESS, "--index-" + "url x"),
        (_ADDRESS, "https:" + "//index.example/simple"),
        (_ADDRESS, "10.0." + "0.7"),
    ],
)
def test_each_pattern_sees_its_violation(pattern: re.Pattern[str], planted: str, tmp_path: Path) -> None:
    (tmp_path / "planted.md").write_text(planted, encoding="utf-8")
    assert _lines_like(tmp_path / "planted.md", pattern) == ["planted.md:1"]
