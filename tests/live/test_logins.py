"""Our own login never locks anyone out, whatever the headend asks for."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import asyncssh
import pytest

from headend.lab import LOGIN, HeadendSpec, Lab, SshSpec
from live.drive import Cli
from live.inventory import with_extras
from live.test_refusals import said

INVESTIGATE = ("investigate", "jdoe", "--for", "1")


def codes(folder: Path, *values: str) -> str:
    """Return a reference to a generator that gives these codes, one a call."""
    left = folder / "codes"
    left.write_text("".join(f"{value}\n" for value in values))
    script = folder / "next-code.sh"
    script.write_text(f'head -n 1 "{left}"\nsed -i 1d "{left}"\n')
    return f"otp:command:sh {script}"


def headends(lab: Lab) -> tuple[int, int]:
    """Return how many logins were accepted and how many refused, on all headends."""
    found = lab.headends.values()
    return sum(one.logins for one in found), sum(one.failed_logins for one in found)


def test_a_headend_that_asks_questions_gets_the_password(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(HeadendSpec("vpn-1", ssh=SshSpec(methods=("keyboard-interactive",))))
    said(start_cli(lab), 0, "preflight")
    assert headends(lab) == (1, 0)


def test_one_wrong_password_is_one_attempt_on_the_whole_fleet(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    asking = SshSpec(methods=("keyboard-interactive", "password"))
    specs = [HeadendSpec(f"vpn-{number}") for number in range(1, 5)]
    lab = start_lab(*specs, HeadendSpec("vpn-5", ssh=asking))
    text = said(start_cli(lab), 13, "preflight", HEADEND_PASSWORD="no-such-password")
    assert headends(lab) == (0, 1)
    assert text.count("is not tried on") == 4
    assert "no-such-password" not in text


def test_one_wrong_enable_password_is_one_attempt_on_the_whole_fleet(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(*[HeadendSpec(f"vpn-{number}") for number in range(1, 5)])
    text = said(start_cli(lab), 13, "preflight", HEADEND_ENABLE="no-such-enable")
    typed = [line for one in lab.headends.values() for _, _, line in one.received]
    assert typed.count("enable") == 1
    assert text.count("is not tried on") == 3


def test_a_code_in_place_of_the_password_opens_one_login(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    # Each headend would take either code: that both are used up shows that none served twice.
    ssh = SshSpec(codes=("734801", "120395"))
    lab = start_lab(HeadendSpec("vpn-1", ssh=ssh), HeadendSpec("vpn-2", ssh=ssh))
    reference = codes(tmp_path, "734801", "120395")
    extras = with_extras(lab, tmp_path, credentials={"password": reference})
    text = said(start_cli(lab), 0, "preflight", **extras)
    assert headends(lab) == (2, 0)
    assert (tmp_path / "codes").read_text() == ""
    assert "734801" not in text


def test_a_code_behind_the_password_is_asked_for_when_it_is_needed(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    ssh = SshSpec(methods=("keyboard-interactive",), codes=("734801",), code_behind_password=True)
    lab = start_lab(HeadendSpec("vpn-1", ssh=ssh))
    cli = start_cli(lab)
    refused = said(cli, 13, "preflight")
    assert "asks 'labadmin' for 'Enter PASSCODE:" in refused
    assert "passcode" in refused
    extras = with_extras(lab, tmp_path, credentials={"passcode": codes(tmp_path, "734801")})
    said(cli, 0, "preflight", **extras)
    assert lab.headends["vpn-1"].logins == 1


def test_somebody_at_a_terminal_is_asked_for_each_login(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(
        HeadendSpec("vpn-1", ssh=SshSpec(codes=("111111", "222222"))),
        HeadendSpec("vpn-2", ssh=SshSpec(codes=("111111", "222222"))),
    )
    extras = with_extras(lab, tmp_path, credentials={"password": "otp:prompt"})
    cli = start_cli(lab)
    assert "no one-time password" in said(cli, 2, "preflight", **extras)
    ours, theirs = os.openpty()
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("headend")), "preflight"],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=cli.environment | extras,
        start_new_session=True,
    )
    os.close(theirs)
    screen = b""
    with os.fdopen(ours, "r+b", buffering=0) as terminal:
        for question, code in enumerate((b"111111", b"222222"), start=1):
            while screen.count(b"one-time password (password) for 127.0.0.1:") < question:
                screen += terminal.read(1024)
            assert lab.headends["vpn-1"].logins + lab.headends["vpn-2"].logins == question - 1
            terminal.write(code + b"\n")
        with suppress(OSError):  # how a terminal ends
            while more := terminal.read(1024):
                screen += more
    assert process.wait(60) == 0, screen
    assert headends(lab) == (2, 0)
    assert b"111111" not in screen
    assert b"222222" not in screen


def test_a_refused_code_ends_the_use_of_its_generator(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    ssh = SshSpec(codes=("734801",))
    lab = start_lab(*[HeadendSpec(f"vpn-{number}", ssh=ssh) for number in range(1, 4)])
    extras = with_extras(lab, tmp_path, credentials={"password": codes(tmp_path, "1", "2", "3")})
    said(start_cli(lab), 13, "preflight", **extras)
    assert headends(lab) == (0, 1)
    assert (tmp_path / "codes").read_text() == "2\n3\n"


def test_enable_takes_a_code_as_well(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(
        HeadendSpec("vpn-1", ssh=SshSpec(enable_codes=("555001",))),
        HeadendSpec("vpn-2", ssh=SshSpec(enable_codes=("555002",))),
    )
    extras = with_extras(lab, tmp_path, credentials={"enable": codes(tmp_path, "555001", "555002")})
    cli = start_cli(lab)
    said(cli, 0, "preflight", "-H", "vpn-1", **extras)
    said(cli, 0, "preflight", "-H", "vpn-2", **extras)


@pytest.fixture
def key(tmp_path: Path) -> tuple[Path, str]:
    """Return an encrypted private key's path, and the public key."""
    made = asyncssh.generate_private_key("ssh-ed25519", comment="engineer")
    path = tmp_path / "id_lab"
    path.write_bytes(made.export_private_key(passphrase="lab-passphrase"))
    path.chmod(0o600)
    return path, made.export_public_key().decode()


def test_a_key_logs_in_without_a_password(
    start_lab: Callable[..., Lab],
    start_cli: Callable[[Lab], Cli],
    tmp_path: Path,
    key: tuple[Path, str],
) -> None:
    path, public = key
    lab = start_lab(HeadendSpec("vpn-1", ssh=SshSpec(methods=("publickey",), public_key=public)))
    cli = start_cli(lab)
    cli.environment.pop("HEADEND_PASSWORD")
    credentials = {"key": str(path), "passphrase": "env:LAB_PASSPHRASE"}
    extras = with_extras(lab, tmp_path, credentials=credentials)
    said(cli, 0, "preflight", **extras, LAB_PASSPHRASE="lab-passphrase")
    assert headends(lab) == (1, 0)
    text = said(cli, 2, *INVESTIGATE, **extras, LAB_PASSPHRASE="wrong-one")
    assert str(path) in text
    assert "wrong-one" not in text


def test_a_refused_key_is_shown_once(
    start_lab: Callable[..., Lab],
    start_cli: Callable[[Lab], Cli],
    tmp_path: Path,
    key: tuple[Path, str],
) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    ssh = SshSpec(methods=("publickey", "password", "keyboard-interactive"), public_key=other)
    lab = start_lab(HeadendSpec("vpn-1", ssh=ssh), HeadendSpec("vpn-2", ssh=ssh))
    cli = start_cli(lab)
    cli.environment.pop("HEADEND_PASSWORD")
    credentials = {"key": str(key[0]), "passphrase": "env:LAB_PASSPHRASE"}
    extras = with_extras(lab, tmp_path, credentials=credentials)
    text = said(cli, 13, "preflight", **extras, LAB_PASSPHRASE="lab-passphrase")
    assert text.count("refused the login") == 1
    assert text.count("is not tried on") == 1


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Path]:
    program = shutil.which("ssh-agent")
    if not program:
        pytest.skip("ssh-agent is not installed")
    path = tmp_path / "agent.sock"
    process = subprocess.Popen(
        [program, "-D", "-a", str(path)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        assert process.stdout.readline()
        yield path
    finally:
        process.terminate()
        process.communicate()


def test_the_agents_keys_log_in_and_too_many_are_named(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path, agent: Path
) -> None:
    publics = []
    for name in ("one", "two", "three"):
        made = asyncssh.generate_private_key("ssh-ed25519", comment=name)
        publics.append(made.export_public_key().decode())
        (tmp_path / name).write_bytes(made.export_private_key())
        (tmp_path / name).chmod(0o600)
        subprocess.run(
            [shutil.which("ssh-add") or "ssh-add", "-q", str(tmp_path / name)],
            check=True,
            env={"SSH_AUTH_SOCK": str(agent)},
            capture_output=True,
        )
    lab = start_lab(
        HeadendSpec("vpn-1", ssh=SshSpec(methods=("publickey",), public_key=publics[1]))
    )
    cli = start_cli(lab)
    cli.environment.pop("HEADEND_PASSWORD")
    many = with_extras(lab, tmp_path, credentials={"key": "agent"})
    text = said(cli, 2, *INVESTIGATE, **many, SSH_AUTH_SOCK=str(agent))
    assert "one, two, three" in text
    one = with_extras(lab, tmp_path, credentials={"key": "agent:two"})
    said(cli, 0, "preflight", **one, SSH_AUTH_SOCK=str(agent))
    assert headends(lab) == (1, 0)
    said(cli, 2, *INVESTIGATE, **one, SSH_AUTH_SOCK=str(tmp_path / "nowhere"))


def until_read(cli: Cli, offers: str, **environment: str) -> str:
    """Return what preflight says of a server that hangs up because no algorithm is common.

    asyncssh may hear of the end before it reads what the server offers: then the remedy is a
    general one.
    """
    text = ""
    for _ in range(5):
        text = said(cli, 13, "preflight", **environment)
        assert "legacy_algorithms" in text
        if offers in text:
            break
    return text


# The lab's side of an old key exchange.
@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
def test_old_algorithms_are_used_only_where_the_inventory_says_so(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(HeadendSpec("vpn-1", ssh=SshSpec(old=True)))
    cli = start_cli(lab)
    offers = "legacy_algorithms: [diffie-hellman-group14-sha1, diffie-hellman-group1-sha1]"
    assert offers in until_read(cli, offers)
    assert "legacy_algorithms" in said(cli, 13, "trust", "--yes")
    allowed = with_extras(lab, tmp_path, legacy_algorithms=True)
    assert "Warning" not in said(cli, 0, "preflight", **allowed)
    said(cli, 0, "trust", "--yes", **allowed)
    some = ["diffie-hellman-group14-sha1", "ssh-rsa"]
    offers = "aes256-cbc, aes128-cbc"
    assert offers in until_read(cli, offers, **with_extras(lab, tmp_path, legacy_algorithms=some))
    said(cli, 2, "preflight", **with_extras(lab, tmp_path, legacy_algorithms=["none"]))


def test_an_unknown_word_in_the_extras_is_named(lab: Lab, cli: Cli, tmp_path: Path) -> None:
    assert "jumps" in said(cli, 2, "preflight", **with_extras(lab, tmp_path, jumps="x"))
    text = said(
        cli, 2, "preflight", **with_extras(lab, tmp_path, credentials={"password": LOGIN.password})
    )
    assert LOGIN.password not in text


def test_no_secret_stands_in_any_librarys_log(cli: Cli) -> None:
    # The strictest listener: everything that any library logs goes to stderr.
    hook = cli.folder / "sitecustomize.py"
    hook.write_text("import logging\nlogging.basicConfig(level=1)\n")
    done = cli.run("preflight", "--json", PYTHONPATH=str(cli.folder))
    assert done.returncode == 0, done.stderr
    assert "asyncssh" in done.stderr
    for secret in (LOGIN.password, LOGIN.enable):
        assert secret not in done.stdout + done.stderr
    assert json.loads(done.stdout)["headends"]
