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
from headend.diagnosis.server_words import BUILT_IN
from headend.errors import Refused
from headend.incident import IncidentStore
from headend.share.addresses import Addresses
from headend.share.leaks import leaks
from headend.share.pseudonyms import Spellings
from headend.share.rewriting import Rewriter
from headend.workflow import sharing

CASES = [case.text for name in ("development", "held-out") for case in cases(FOLDERS[name])][::9]
ADDRESSES = ("203.0.113.77", "203.0.113.9", "2001:db8:5:7::1a", "2001:db8:5:7::2b")
letters = st.text("bcdfghklmnprtvw", min_size=5, max_size=9).map(lambda one: "zq" + one)
secret = st.text("ABCDEFGHKLMNPQRSTabcdefghkmnpqrst23456789!#", min_size=9, max_size=16)


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
