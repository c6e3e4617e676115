"""What the sieve takes out of a file changes nothing of what is read in the rest."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench import inputs
from diagnosis.scenes import ldap, opened
from headend.diagnosis import diagnose, report
from headend.model.diagnosis import Report
from headend.model.line import Line
from headend.parse.sieve import Sieve
from headend.parse.syslog import SyslogReader
from headend.redact import redact_bytes
from headend.workflow import offline

ARCHIVE = inputs.lines("syslog", 400)
HEADERS = ("", "<166>Nov 20 2026 11:00:00: ", "Nov 20 2026 11:00:01 vpn-1 : ", "Jul  1 09:27:13 h ")
BUILT = "%ASA-6-302013: Built outbound TCP connection 7 for outside:203.0.113.7/443"
# As wide as a terminal, the header included: it may go on in the next line.
WIDE = [(header + BUILT + "x" * 80)[:80] for header in HEADERS]
OTHERS = (
    *opened(5, "0xaa", "jdoe", "AD", "10.9.0.1"),
    *ldap(3, "jdoe", "52e"),
    *WIDE,
    "AAA FSM: In AAA_SendMsg".ljust(80, "."),
    "username bob password " + "x" * 58,
    "topsecret1",
    "-----BEGIN RSA PRIVATE KEY-----",
    "MIIBOgIBAAJBAK",
    "%ASA-6-302013:Built",
    "User: %ASA-6-302013: Built",
    "what is this",
    "%FTD-6-302013: Built ünbound " + "é" * 40,
    "\x00%ASA-6-302013: Built",
    "%ASA-7-711001: Radius: Type = 2 (0x02) User-Password",
    "%ASA-7-711001: 5e 2b 1c 0a    |  ^+..",
    "",
)
LINES = st.lists(
    st.one_of(
        st.sampled_from(ARCHIVE).map(lambda line: [line]),
        st.integers(0, 380).map(lambda at: ARCHIVE[at : at + 12]),
        st.sampled_from(OTHERS).map(lambda line: [line]),
        st.tuples(st.sampled_from(HEADERS), st.text(max_size=90)).map(
            lambda both: [both[0] + BUILT + both[1].replace("\n", " ")]
        ),
    ),
    max_size=30,
).map(lambda parts: [line for part in parts for line in part])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sieve")


def plainly(data: bytes, name: str) -> Report:
    """Read a file as promised: every line redacted, then read, one after the other."""
    text = redact_bytes(data).decode("utf-8", "backslashreplace")
    *lines, rest = text.split("\n")
    lines += [rest] if rest else []
    return report(Line(name, number, line.rstrip("\r")) for number, line in enumerate(lines, 1))


@settings(deadline=None, max_examples=300)
@given(
    LINES,
    st.sampled_from(("\n", "\r\n")),
    st.sampled_from(("", "\n")),
    st.sampled_from((64, 997, 1 << 20)),
)
def test_a_file_is_read_as_line_by_line(
    folder: Path, lines: list[str], end: str, ended: str, size: int
) -> None:
    # From the first lines is learnt what the rest is sieved by.
    text = end.join([*ARCHIVE, *lines]) + ended
    data = text.encode("utf-8", "surrogatepass")
    path = folder / "x.txt"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(offline, "_CHUNK", size)
        assert offline.diagnose_files([str(path)]) == plainly(data, str(path))


@settings(deadline=None, max_examples=200)
@given(LINES, st.lists(st.integers(0, 5000), max_size=6))
def test_kept_lines_keep_their_numbers(lines: list[str], cuts: list[int]) -> None:
    syslog = SyslogReader()
    for line in ARCHIVE:
        syslog.feed(Line("x", 1, line), line)
    data = "".join(line + "\n" for line in [*lines, *ARCHIVE, *lines]).encode("utf-8", "replace")
    places = sorted({min(cut, len(data)) for cut in cuts} | {0, len(data)})
    sieve = Sieve(lambda: syslog.idle.expression)
    kept = b"".join(sieve.kept(data[one:other]) for one, other in pairwise(places))
    whole = data.split(b"\n")
    found = list(zip(kept.split(b"\n")[:-1], sieve.numbers(), strict=False))
    assert all(whole[number - 1] == text for text, number in found)
    assert len(found) + sieve.held_back == len(whole) - 1
    gone = set(range(1, len(whole))) - {number for _, number in found}
    assert all(syslog.idle.knows(whole[number - 1].decode().rstrip("\r")) for number in gone)


def test_an_archive_is_mostly_passed_over() -> None:
    syslog = SyslogReader()
    for line in ARCHIVE:
        syslog.feed(Line("x", 1, line), line)
    sieve = Sieve(lambda: syslog.idle.expression)
    sieve.kept("".join(f"{line}\n" for line in inputs.lines("syslog", 4000)).encode())
    assert sieve.held_back > 3600


def test_a_sign_before_the_tag_teaches_nothing() -> None:
    begin = "Nov 20 2026 11:00:00 vpn-1 : at 50% load "
    built = [f"{begin}%ASA-6-302013: Built outbound TCP connection {n}" for n in range(3)]
    said = (
        "%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : server = 10.9.0.1"
    )
    text = "\n".join([*built, f"{begin}{said} : user = jdoe"])
    assert [one.user for one in diagnose(text)] == ["jdoe"]
