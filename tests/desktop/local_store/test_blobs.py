"""Stored files: written once, under the hash of their bytes, whole or not at all."""

import hashlib
from pathlib import Path

import pytest

from desktop.local_store.blobs import BLOB, DOCUMENT, Blobs
from desktop.local_store.store_errors import FileDamaged

PDF = b"%PDF-1.7 an invoice"


def test_a_file_stands_under_the_hash_of_its_bytes(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    sha256 = blobs.put(DOCUMENT, PDF)
    assert sha256 == hashlib.sha256(PDF).hexdigest()
    assert (tmp_path / "documents" / sha256[:2] / sha256[2:4] / f"{sha256}.pdf").read_bytes() == PDF
    assert blobs.get(DOCUMENT, sha256) == PDF
    assert blobs.get(BLOB, sha256) is None


def test_a_repetition_leaves_one_file(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    assert blobs.put(BLOB, PDF) == blobs.put(BLOB, PDF)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_a_damaged_file_is_never_shown_as_the_original(tmp_path: Path) -> None:
    blobs = Blobs(tmp_path)
    sha256 = blobs.put(DOCUMENT, PDF)
    blobs.path(DOCUMENT, sha256).write_bytes(PDF + b"!")
    with pytest.raises(FileDamaged):
        blobs.get(DOCUMENT, sha256)
    blobs.put(DOCUMENT, PDF)
    assert blobs.get(DOCUMENT, sha256) == PDF, "the right bytes mend it"
