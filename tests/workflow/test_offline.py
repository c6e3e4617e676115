"""Files of any length: each attempt handed over once, in the same memory."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
from pathlib import Path

import pytest

from bench.diagnosing import run
from diagnosis.scenes import answered, closed, ldap, opened
from headend.cli.streamed import StreamedDocument
from headend.errors import InputError
from headend.model.diagnosis import Cause, Diagnosis, Outcome
from headend.workflow.offline import diagnose_files
from headend.workflow.selection import Selection
from headend.workflow.tally import Tally


def login(number: int, code: str | None) -> list[str]:
    pointer, word = f"0x{0x1000 + number * 16:x}", "REJECT" if code else "ACCEPT"
    user = f"user{number}"
    return [
        *opened(number, pointer, user, "AD", "10.9.0.1"),
        *ldap(number, user, code),
        *answered(number, pointer, -1 if code else 1, word),
        *closed(number, word),
    ]


def written(path: Path, logins: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number in range(logins):
            file.write("\n".join(login(number, "775" if number % 3 else None)) + "\n")
    return path


def test_every_attempt_is_handed_over_once_and_rightly(tmp_path: Path) -> None:
    found: list[Diagnosis] = []
    report = diagnose_files([str(written(tmp_path / "a", 1200))], on_final=found.append)
    assert report.attempts == ()
    assert sorted(int(one.id) for one in found) == list(range(1, 1201))
    assert {one.user: one.causes[0].cause for one in found} == {
        f"user{number}": Cause.ACCOUNT_LOCKED if number % 3 else Cause.NONE
        for number in range(1200)
    }


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    # By 1800 logins what is learnt by heart has reached its bound.
    first, second = (run(written(tmp_path / str(logins), logins)).peak for logins in (1800, 5400))
    assert second < 1.1 * first


def test_a_packed_archive_is_unpacked_as_it_is_read(tmp_path: Path) -> None:
    plain = written(tmp_path / "a", 40)
    packed = tmp_path / "a.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    users = [attempt.user for attempt in diagnose_files([str(packed)]).attempts]
    assert users == [attempt.user for attempt in diagnose_files([str(plain)]).attempts]


@pytest.mark.parametrize("tail", (b"", b"x" * 200), ids=("cut", "overwritten"))
def test_a_damaged_archive_is_called_so(tmp_path: Path, tail: bytes) -> None:
    packed = tmp_path / "a.gz"
    packed.write_bytes(gzip.compress(written(tmp_path / "a", 40).read_bytes())[:60] + tail)
    with pytest.raises(InputError, match=r"a\.gz is damaged"):
        diagnose_files([str(packed)])


def test_a_pipe_is_read_once(tmp_path: Path) -> None:
    text = written(tmp_path / "a", 2).read_bytes()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(text,), daemon=True)
    writer.start()
    report = diagnose_files([str(pipe)])
    writer.join(timeout=10)
    assert [one.user for one in report.attempts] == ["user0", "user1"]


def test_a_tally_counts_all_and_keeps_the_newest(tmp_path: Path) -> None:
    tally = Tally(Selection().takes, kept=5)
    diagnose_files([str(written(tmp_path / "a", 30))], on_final=tally.add)
    assert (tally.chosen, tally.others, tally.whole, tally.status) == (30, 0, False, 0)
    assert [one.user for one in tally.newest] == [f"user{number}" for number in range(25, 30)]
    counts = [
        (outcome, cause, one.attempts, len(one.users)) for outcome, cause, one in tally.counts()
    ]
    assert counts == [
        (Outcome.REJECTED, Cause.ACCOUNT_LOCKED, 20, 20),
        (Outcome.ACCEPTED, Cause.NONE, 10, 10),
    ]


@pytest.mark.parametrize("logins", (0, 1, 3))
def test_the_streamed_document_is_the_document(tmp_path: Path, logins: int) -> None:
    path = written(tmp_path / "a", logins)
    with path.open("a", encoding="utf-8") as file:
        file.write("what is this\n")
    stream = io.StringIO()
    document = StreamedDocument(stream)
    document.finish(diagnose_files([str(path)], on_final=document.add))
    whole = json.loads(stream.getvalue())
    assert whole["schema"] == "headend.diagnosis/1"
    assert [one["user"] for one in whole["attempts"]] == [f"user{n}" for n in range(logins)]
    assert whole["sources"][0]["unrecognised"] == 1


def test_a_file_named_twice_is_read_twice(tmp_path: Path) -> None:
    path = written(tmp_path / "a", 1)
    with path.open("a", encoding="utf-8") as file:
        file.write("what is this\n" + "%ASA-6-302013: Built outbound TCP connection 7\n" * 50)
    lines = path.read_text(encoding="utf-8").count("\n")
    report = diagnose_files([str(path), str(path)])
    assert [(one.lines, one.unrecognised) for one in report.sources] == [(2 * lines, 2)]
    assert {one.line for one in report.unrecognised} == {lines - 50}
