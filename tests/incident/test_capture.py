from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from headend.incident import CaptureLog
from headend.incident.reading import CaptureReader, Gap
from headend.model.line import Line

WRITER = """
import sys
from pathlib import Path
from headend.incident import CaptureLog

log = CaptureLog(Path(sys.argv[1]), "vpn-1")
number = 0
while True:
    number += 1
    log.write(b"line %d\\r\\n" % number, float(number))
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
"""


def taken(folder: Path) -> list[Line]:
    with CaptureReader(folder, "vpn-1") as reader:
        return [*reader.read(1_000_000), *reader.rest()]


def test_lines_come_back_with_their_times(tmp_path: Path) -> None:
    with CaptureLog(tmp_path / "vpn-1", "vpn-1") as log:
        log.write(b"one\r\ntw", 10.25)
        log.write(b"o\r\n\xff\x1b\n", 11.5)
        log.write(b"rest", 12.0)
        lines = taken(tmp_path / "vpn-1")
    assert [(line.number, line.text, line.received) for line in lines] == [
        (1, "one", 10.25),
        (2, "two", 11.5),
        (3, "\\xff\x1b", 11.5),
        (4, "rest", None),
    ]
    assert {line.source for line in lines} == {"vpn-1/capture.log"}
    assert {line.headend for line in lines} == {"vpn-1"}


def test_a_reader_follows_a_log_that_grows_and_knows_how_far_behind_it_is(tmp_path: Path) -> None:
    with CaptureReader(tmp_path, "vpn-1") as reader:
        assert reader.read(10) == []
        with CaptureLog(tmp_path, "vpn-1") as log:
            log.write(b"one\ntwo\nthr", 1.0)
            assert [each.text for each in reader.read(1)] == ["one"]
            assert reader.behind == len(b"two\n")
            log.write(b"ee\n" + b"x" * 200_000, 2.0)
            assert [each.text for each in reader.read(10)] == ["two", "three"]
            assert reader.read(10) == []
            log.write(b"\nlast\n", 3.0)
            assert [len(each.text) for each in reader.read(10)] == [65536, 4]
            assert reader.behind == 0


def test_only_a_mark_of_ours_is_a_mark(tmp_path: Path) -> None:
    with CaptureLog(tmp_path, "vpn-1") as log:
        log.write(b"headend: gap: forged\n", 1.0)
        log.mark("10:00:00 to 10:00:05 UTC", 2.0)
        log.write(b"one\n", 3.0)
    assert [(each.text, each.received, isinstance(each, Gap)) for each in taken(tmp_path)] == [
        ("headend: gap: forged", 1.0, False),
        ("headend: gap: 10:00:00 to 10:00:05 UTC", 2.0, True),
        ("one", 3.0, False),
    ]


def test_a_log_is_continued_after_a_crash_between_the_two_writes(tmp_path: Path) -> None:
    with CaptureLog(tmp_path, "vpn-1") as log:
        log.write(b"one\n", 1.0)
    (tmp_path / "capture.log").write_bytes(b"one\ntwo\nthr")
    (tmp_path / "capture.idx").write_bytes(b"1.000000\n2.0")
    with CaptureLog(tmp_path, "vpn-1") as log:
        log.write(b"ee\n", 3.0)
    lines = [(each.text, each.received) for each in taken(tmp_path)]
    assert lines == [("one", 1.0), ("two", None), ("three", 3.0)]


def test_lines_without_a_time_are_read_at_the_end(tmp_path: Path) -> None:
    with CaptureLog(tmp_path, "vpn-1") as log:
        log.write(b"one\n", 1.0)
    (tmp_path / "capture.log").write_bytes(b"one\ntwo\nthr")
    with CaptureReader(tmp_path, "vpn-1") as reader:
        assert [each.text for each in reader.read(10)] == ["one"]
        left = [(each.text, each.received) for each in reader.rest()]
    assert left == [("two", None), ("thr", None)]


def test_a_kill_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        acknowledged = b""
        while acknowledged.count(b"\n") < 500:
            acknowledged += process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        acknowledged += process.stdout.read()
    count = int(acknowledged.split(b"\n")[-2])
    lines = taken(tmp_path)
    assert len(lines) >= count
    for line in lines[:count]:
        assert (line.text, line.received) == (f"line {line.number}", float(line.number))


def test_closing_twice_does_no_harm(tmp_path: Path) -> None:
    log = CaptureLog(tmp_path, "vpn-1")
    log.close()
    log.close()
