"""No planted name, address or secret leaves in a bundle, in whatever spelling it was written."""

import base64
import re
import zipfile
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accuracy.cases import FOLDERS, cases
from diagnosis.scenes import answered, opened
from headend.diagnosis.diagnoser import report
from headend.diagnosis.server_words import BUILT_IN
from headend.errors import Refused
from headend.incident import IncidentStore
from headend.model.diagnosis import Report
from headend.model.line import Line
from headend.redact import redact_bytes
from headend.share import rewriting
from headend.share.addresses import Addresses
from headend.share.leaks import leaks
from headend.share.pseudonyms import Spellings
from headend.share.rewriting import Rewriter
from headend.workflow import sharing

CASES = [case.text for name in ("development", "held-out") for case in cases(FOLDERS[name])][::9]
ADDRESSES = ("203.0.113.77", "203.0.113.9", "2001:db8:5:7::1a", "2001:db8:5:7::2b")
letters = st.text("bcdfghklmnprtvw", min_size=5, max_size=9).map(lambda one: "zq" + one)
secret = st.text("ABCDEFGHKLMNPQRSTabcdefghkmnpqrst23456789!#", min_size=9, max_size=16).filter(
    lambda one: any(map(str.isdigit, one))  # no word of the headends' own language
)


def dump(data: bytes) -> list[str]:
    rows = [data[at : at + 16] for at in range(0, len(data), 16)]
    return [
        f"{row.hex(' '):47}    |  "
        + "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        for row in rows
    ]


def planted(user: str, password: str) -> list[str]:
    """Return lines that show a user, addresses and a password in every spelling."""
    cut = f"{'Foreign words before a name that is cut: ':.<{80 - len(user) // 2}}{user} goes on"
    wide = user.encode("utf-16-le")
    return [
        (
            "%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : "
            f"server = 10.20.1.5 : user = {user} : user IP = {ADDRESSES[0]}"
        ),
        f"CN={user.title()},OU=People,DC=zqcorp,DC=example",
        f"mail: value = {user}@zqcorp.example from {ADDRESSES[1]} and {ADDRESSES[2]}",
        f"address {ADDRESSES[3]} of ZQCORP\\{user.upper()}",
        *dump(
            b"\x01"
            + bytes([len(user) + 2])
            + user.encode()
            + b"\x04\x06"
            + ip_address(ADDRESSES[0]).packed
        ),
        *dump(wide),
        "token=" + base64.b64encode(f"user:{user}:{ADDRESSES[0]}".encode()).decode(),
        "hex 0x" + user.encode().hex() + " url " + quote(f"{user}@zqcorp"),
        cut[:80],
        cut[80:],
        f"password={password}",
        f"skey '{password}'",
        base64.b64encode(password.encode()).decode(),
        *dump(password.encode()),
        "end",
    ]


def everything(data: bytes) -> str:
    """Return a text with all that it may hide: decoded and joined, by plain means."""
    text = data.decode("utf-8", "backslashreplace")
    shown = [text, text.replace("\n", "").replace("\r", "")]
    pairs = re.findall(r"(?m)^((?:[0-9a-f]{2} ){1,15}[0-9a-f]{2}) {2,}\|", text)
    shown.append(bytes.fromhex("".join(pairs)).decode("latin-1").replace("\0", ""))
    for run in re.findall(r"[A-Za-z0-9+/]{8,}={0,2}", text):
        whole = run.rstrip("=")
        whole = whole[: len(whole) - len(whole) % 4]
        shown.append(base64.b64decode(whole).decode("latin-1"))
    shown += [
        bytes.fromhex(one).decode("latin-1") for one in re.findall(r"0x((?:[0-9a-f]{2})+)", text)
    ]
    return "\n".join(shown).lower()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(CASES), letters, secret, st.integers(0, 200))
def test_nothing_that_was_planted_leaves(
    monkeypatch: pytest.MonkeyPatch, capture: str, user: str, password: str, place: int
) -> None:
    monkeypatch.setenv("HEADEND_PASSWORD", password)
    lines = capture.split("\n")
    lines[place % len(lines) :] += planted(user, password)
    with TemporaryDirectory() as folder:
        incident = IncidentStore(Path(folder)).open("investigate", user, ["vpn-zqh"])
        (incident.path / "vpn-zqh").mkdir()
        data = "\n".join(lines).encode("utf-8", "backslashreplace")
        (incident.path / "vpn-zqh" / "capture.log").write_bytes(data)
        target = Path(folder) / "bundle.zip"
        sharing.share(incident, target, BUILT_IN)
        with zipfile.ZipFile(target) as archive:
            shown = "\n".join(everything(archive.read(one)) for one in archive.namelist())
            log = next(archive.read(one) for one in archive.namelist() if one.endswith(".log"))
    for value in (user, password, "zqcorp", "vpn-zqh", *ADDRESSES):
        assert value.lower() not in shown
    assert ip_address(ADDRESSES[0]).packed.decode("latin-1").lower() not in shown
    assert log.count(b"\n") == data.count(b"\n")


typed = st.text("BCDFGHKLMNPRTVW", min_size=2, max_size=4).flatmap(
    lambda upper: st.text("bcdfghkmnprtvw", min_size=4, max_size=8).flatmap(
        lambda lower: st.integers(10, 9999).map(lambda number: f"{upper}{lower}{number}")
    )
)


def shared_of(folder: Path, user: str, lines: list[str]) -> tuple[sharing.Shared, str, str]:
    """Return what sharing said, the shared text, and the table that stays here."""
    incident = IncidentStore(folder).open("investigate", user, ["vpn-zqh"])
    (incident.path / "vpn-zqh").mkdir()
    data = "\n".join(lines).encode("utf-8", "backslashreplace")
    (incident.path / "vpn-zqh" / "capture.log").write_bytes(data)
    done = sharing.share(incident, folder / "bundle.zip", BUILT_IN)
    with zipfile.ZipFile(done.path) as archive:
        text = "\n".join(everything(archive.read(one)) for one in archive.namelist())
    return done, text, done.table.read_text()


@settings(max_examples=15, deadline=None)
@given(st.sampled_from(CASES), typed, st.sampled_from(("", "!", "$.", "_€")))
def test_a_user_name_that_looks_like_a_password_is_masked_and_stands_nowhere(
    capture: str, user: str, special: str
) -> None:
    name = user[:3] + special + user[3:]
    with TemporaryDirectory() as folder:
        lines = [*capture.split("\n"), *planted(name, "x" * 9)]
        done, text, table = shared_of(Path(folder), name, lines)
    assert done.masked >= 1
    assert name.lower() not in text
    shown = next(iter(re.findall(r"user = (mas\S+)", text)), "")
    letters = "".join(re.findall("[a-z]", shown))
    assert letters.startswith("masked"), "a reader sees that it was masked"
    assert not set(special) & set("!$.") & set(shown)
    assert name.lower() not in table.lower(), "not even the table tells a password"


@pytest.mark.parametrize(
    "user",
    ("jdoe", "john.doe2", "JDOE", "CORP\\jdoe2024", "jdoe2024@corp.example", "host/PC-0042a"),
)
def test_what_can_only_be_a_name_is_not_masked(tmp_path: Path, user: str) -> None:
    done, text, table = shared_of(tmp_path, user, planted("zquser", "x" * 9))
    assert done.masked == 0
    assert "user = masked" not in text
    assert re.split(r"[\\@/]", user.lower())[0] in table.lower()


def essence(report: Report) -> list[object]:
    return [
        (one.outcome, one.stage, [(cause.cause, cause.confidence) for cause in one.causes])
        for one in report.attempts
    ]


@pytest.mark.parametrize("capture", CASES[::8], ids=range(len(CASES[::8])))
def test_a_shared_capture_is_diagnosed_as_the_original(tmp_path: Path, capture: str) -> None:
    done, _, _ = shared_of(tmp_path, "zquser", capture.split("\n"))
    with zipfile.ZipFile(done.path) as archive:
        (log,) = [one for one in archive.namelist() if one.endswith(".log")]
        text = archive.read(log).decode("utf-8", "backslashreplace")
    original = redact_bytes(capture.encode()).decode()
    before = report(Line("a", at, one) for at, one in enumerate(original.split("\n"), 1))
    after = report(Line("a", at, one) for at, one in enumerate(text.split("\n"), 1))
    assert essence(after) == essence(before)


BROKEN = {
    "a name": (Rewriter, "_edits", lambda self, text: self._addresses.find(text)),
    "an address": (Rewriter, "_edits", lambda self, text: self._names.find(text)),
    "a secret": (sharing, "redact_bytes", lambda data, *_: data),
}


@pytest.mark.parametrize("kind", BROKEN)
@pytest.mark.parametrize(
    "line",
    (
        "user = zquser : user IP = 203.0.113.77 said Secret-Pw-77",
        "user = zquser : user IP = 203.0.113.77\n key Another-One-88\nskey 'Another-One-88'",
    ),
    ids=("known secret", "structure of a secret"),
)
def test_each_part_that_fails_is_caught_by_the_check(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str, line: str
) -> None:
    monkeypatch.setenv("HEADEND_PASSWORD", "Secret-Pw-77")
    shared_of(tmp_path / "whole", "zquser", line.split("\n"))
    monkeypatch.setattr(*BROKEN[kind])
    with pytest.raises(Refused, match=rf"would show {kind} in .*capture\.log line \d") as refused:
        shared_of(tmp_path / "broken", "zquser", line.split("\n"))
    assert not (tmp_path / "broken" / "bundle.zip").exists()
    for value in ("zquser", "203.0.113.77", "Secret-Pw-77", "Another-One-88"):
        assert value not in str(refused.value)


def test_a_name_of_a_file_is_checked_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Rewriter, "line", lambda _self, text: text)
    monkeypatch.setattr(Rewriter, "_rewritten", lambda self, lines: [
        _applied_to(self, one) for one in lines
    ])  # fmt: skip
    with pytest.raises(Refused, match="would show a name in the list of files"):
        shared_of(tmp_path, "zquser", ["user = zquser"])


def _applied_to(rewriter: Rewriter, line: str) -> str:
    return rewriting._applied(line, rewriter._edits(line))  # noqa: SLF001 - what "line" does


def test_a_bundle_that_would_be_diagnosed_differently_is_not_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lines = [*opened(7, "0xaa", "zquser", "RSA", "10.9.0.5"), *answered(7, "0xaa", -1, "REJECT")]
    monkeypatch.setattr(Rewriter, "text", lambda _self, text: text.replace("REJECT", "ACCEPT"))
    with pytest.raises(Refused, match="would be diagnosed differently in the bundle"):
        shared_of(tmp_path, "zquser", lines)
    assert not (tmp_path / "bundle.zip").exists()


def test_networks_stay_networks() -> None:
    known = {ip_address(one) for one in (*ADDRESSES, "10.1.2.3", "10.1.2.4", "10.1.9.3")}
    table = {str(one): ip_address(other) for one, other in Addresses(known, b"k").table.items()}
    assert table[ADDRESSES[0]].packed[:3] == table[ADDRESSES[1]].packed[:3]
    assert table[ADDRESSES[2]].packed[:8] == table[ADDRESSES[3]].packed[:8]
    assert table["10.1.2.3"].packed[:3] == table["10.1.2.4"].packed[:3]
    assert table["10.1.2.3"].packed[:3] != table["10.1.9.3"].packed[:3]
    assert all(table[one].packed[0] == 10 for one in table if one.startswith("10."))
    assert len(set(table.values())) == len(known)
    assert not set(table.values()) & known


@pytest.mark.parametrize("line", range(len(planted("zquser", "Secret-Pw-77"))))
def test_the_check_sees_each_spelling_by_itself(line: int) -> None:
    lines = planted("zquser", "Secret-Pw-77")
    text = lines[line] if len(lines[line]) != 80 else "\n".join(lines[line : line + 2])
    harmless = {"end", " goes on"} | {one for one in lines if one.endswith("user goes on")}
    if text in harmless or (text.endswith("ser goes on") and len(text) < 80):
        return
    names = Spellings({"zquser": "zqlesa", "zqcorp": "xxcorp"}, ())
    known = {ip_address(one) for one in ADDRESSES}
    assert list(leaks(text, names, known, ["Secret-Pw-77"]))


def test_a_bundle_that_would_show_a_name_is_not_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    incident = IncidentStore(tmp_path).open("investigate", "zquser", ["vpn-1"])
    (incident.path / "vpn-1").mkdir()
    (incident.path / "vpn-1" / "capture.log").write_text("\n".join(planted("zquser", "x" * 9)))
    monkeypatch.setattr(Rewriter, "packed", lambda _self, data: data)
    with pytest.raises(Refused, match=r"capture\.log line \d+") as refused:
        sharing.share(incident, tmp_path / "b.zip", BUILT_IN)
    assert "zquser" not in str(refused.value)
    assert not (tmp_path / "b.zip").exists()
