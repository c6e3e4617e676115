"""Host keys: what a known-hosts file says of one address, and how a key gets into it."""

import base64
import hashlib
import hmac
import shutil
import stat
import subprocess
from pathlib import Path

import asyncssh
import pytest

from headend.device import hostkeys
from headend.errors import InputError

HOST, PORT = "192.0.2.7", 2201
NAME = "[192.0.2.7]:2201"


def made(kind: str = "ssh-ed25519") -> asyncssh.SSHKey:
    return asyncssh.generate_private_key(kind).convert_to_public()


def line(names: str, key: asyncssh.SSHKey) -> str:
    return f"{names} {' '.join(key.export_public_key().decode().split()[:2])}\n"


def hashed(name: str) -> str:
    salt = b"0123456789abcdefghij"
    digest = hmac.new(salt, name.encode(), hashlib.sha1).digest()
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(digest).decode()}"


@pytest.mark.parametrize("names", (NAME, hashed(NAME), f"{NAME},vpn-1", "[192.0.2.*]:2201"))
def test_an_address_is_found_under_each_of_its_spellings(tmp_path: Path, names: str) -> None:
    key, path = made(), tmp_path / "known_hosts"
    path.write_text(line(names, key) + line("[192.0.2.8]:2201", made()))
    assert hostkeys.pins(path, HOST, PORT).keys == (key,)
    assert hostkeys.pins(path, HOST, 22).keys == ()


def test_a_key_of_the_port_22_is_none_of_another_port(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(line(HOST, made()))
    assert hostkeys.pins(path, HOST, PORT).keys == ()


def test_the_errors_say_whether_a_key_is_new_changed_or_revoked(tmp_path: Path) -> None:
    key, other, path = made(), made(), tmp_path / "known_hosts"
    path.write_text(line(NAME, key) + f"@revoked {line(NAME, other)}")
    pins = hostkeys.pins(path, HOST, PORT)
    third = made()
    assert "has changed" in str(pins.refusal(third))
    assert key.get_fingerprint() in str(pins.refusal(third))
    assert "revoked" in str(pins.refusal(other))
    nothing = hostkeys.pins(tmp_path / "none", HOST, PORT)
    assert "No host key is recorded" in str(nothing.refusal(third))


def test_the_recorded_kind_of_key_is_asked_for_first(tmp_path: Path) -> None:
    path = tmp_path / "known_hosts"
    path.write_text(line(NAME, made("ecdsa-sha2-nistp384")))
    assert hostkeys.pins(path, HOST, PORT).algorithms()[0] == "ecdsa-sha2-nistp384"
    assert "ssh-rsa" not in hostkeys.pins(path, HOST, PORT).algorithms()


def test_recording_replaces_this_address_and_nothing_else(tmp_path: Path) -> None:
    key, path = made(), tmp_path / "folder" / "known_hosts"
    shared = line(f"{NAME},vpn-1", made())
    others = [
        "# a comment\n",
        line("[192.0.2.8]:2201", made()),
        shared,
        f"@revoked {line(NAME, made())}",
        "no such key\n",
    ]
    path.parent.mkdir()
    path.write_text(line(NAME, made()) + "".join(others) + line(hashed(NAME), made()).rstrip("\n"))
    hostkeys.record(path, hostkeys.OfferedKey(HOST, PORT, key, None))
    assert path.read_text() == "".join(others) + line(NAME, key)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert hostkeys.offered(HOST, PORT, path, key).recorded == key.get_fingerprint()


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen")
def test_openssh_reads_what_was_recorded(tmp_path: Path) -> None:
    key, path = made(), tmp_path / "known_hosts"
    hostkeys.record(path, hostkeys.OfferedKey(HOST, PORT, key, None))
    command = [shutil.which("ssh-keygen") or "", "-l", "-F", NAME, "-f", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert key.get_fingerprint() in done.stdout


@pytest.mark.parametrize("data", (b"\xff\xfe\x00", b"oneword\n"))
def test_a_damaged_file_is_an_input_error(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "known_hosts"
    path.write_bytes(data)
    with pytest.raises(InputError, match="known_hosts"):
        hostkeys.pins(path, HOST, PORT)


def test_a_file_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "known_hosts.new").mkdir()  # where the draft would be
    with pytest.raises(InputError, match="cannot be written: Is a directory"):
        hostkeys.record(tmp_path / "known_hosts", hostkeys.OfferedKey(HOST, PORT, made(), None))
