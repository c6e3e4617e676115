"""Each thing that goes wrong gets a sentence, a remedy and its exit status; never a traceback."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from headend.lab import HeadendSpec, Lab
from live.drive import Cli


def said(cli: Cli, status: int, *arguments: str, **environment: str) -> str:
    done = cli.run(*arguments, **environment)
    text = done.stdout + done.stderr
    assert done.returncode == status, text
    assert "Traceback" not in text
    return text


def test_a_user_who_never_tries_is_status_10(lab: Lab, cli: Cli) -> None:
    text = said(cli, 10, "investigate", "jdoe", "--for", "1")
    assert "jdoe was not seen" in text
    assert "debug is off" in text
    assert not any(session.debugs for session in lab.headends["vpn-1"].sessions)


def test_an_empty_selection_names_the_headends(cli: Cli) -> None:
    assert "vpn-1" in said(cli, 2, "investigate", "jdoe", "-f", "site=nowhere")


def test_an_empty_user_name_is_refused(cli: Cli) -> None:
    assert "user name is empty" in said(cli, 2, "investigate", " ")


def test_no_credentials_is_an_input_error(cli: Cli) -> None:
    cli.environment.pop("HEADEND_PASSWORD")
    assert "HEADEND_PASSWORD" in said(cli, 2, "investigate", "jdoe", "--for", "1")


def test_an_unreachable_headend_delays_nobody_and_is_partial(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(HeadendSpec("vpn-1"))
    cli = start_cli(lab)
    hosts = Path(lab.environment["HEADEND_INVENTORY"])
    own = tmp_path / "inventory"
    own.mkdir()
    for name in ("hosts", "groups", "defaults"):
        (own / f"{name}.yaml").write_text((hosts / f"{name}.yaml").read_text())
    with (own / "hosts.yaml").open("a") as file:
        file.write("\ndead-1:\n  hostname: 127.0.0.1\n  port: 9\n  platform: cisco_asa\n")
    run = cli.investigate("jdoe", "--inventory", str(own))
    assert run.wait_for("ready")["headends"] == ["vpn-1"]
    lab.attempt("jdoe", group="CORP")
    result = run.result()
    assert run.process.returncode == 14
    assert {each["name"]: each["state"] for each in result["headends"]} == {
        "vpn-1": "disarmed",
        "dead-1": "unreachable",
    }
    only_dead = said(cli, 13, "investigate", "x", "--inventory", str(own), "-H", "dead-1")
    assert "cannot be reached" in only_dead


def test_a_changed_host_key_is_a_hard_stop(lab: Lab, cli: Cli, tmp_path: Path) -> None:
    known = Path(lab.environment["HEADEND_KNOWN_HOSTS"])
    other = tmp_path / "known_hosts"
    headend = lab.headends["vpn-1"]
    stranger = "AAAAC3NzaC1lZDI1NTE5AAAAIAabcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"
    other.write_text(f"[127.0.0.1]:{headend.port} ssh-ed25519 {stranger}\n")
    text = said(cli, 12, "investigate", "jdoe", HEADEND_KNOWN_HOSTS=str(other))
    assert "has changed" in text
    assert headend.fingerprint in text
    assert headend.logins == 0
    text = said(cli, 12, "trust", "--yes", HEADEND_KNOWN_HOSTS=str(other))
    assert "--replace" in text
    said(cli, 0, "trust", "--yes", "--replace", HEADEND_KNOWN_HOSTS=str(other))
    said(cli, 10, "investigate", "jdoe", "--for", "1", HEADEND_KNOWN_HOSTS=str(other))
    assert known.read_text().split()[2] == other.read_text().split()[2]


def test_a_fingerprint_that_nobody_confirmed_is_not_recorded(
    lab: Lab, cli: Cli, tmp_path: Path
) -> None:
    known = tmp_path / "nobody_known"
    text = said(cli, 12, "trust", HEADEND_KNOWN_HOSTS=str(known))
    assert "--yes" in text
    status, _ = cli.on_a_terminal("trust", answer=None, HEADEND_KNOWN_HOSTS=str(known))
    assert status == 130
    assert not known.exists() or not known.read_text()
    status, _ = cli.on_a_terminal("trust", answer="y", HEADEND_KNOWN_HOSTS=str(known))
    assert status == 0
    assert str(lab.headends["vpn-1"].port) in known.read_text()


def test_an_unknown_host_key_stops_before_the_password(lab: Lab, cli: Cli, tmp_path: Path) -> None:
    none = str(tmp_path / "nothing" / "known_hosts")
    text = said(cli, 12, "investigate", "jdoe", HEADEND_KNOWN_HOSTS=none)
    assert "headend trust" in text
    assert lab.headends["vpn-1"].logins == 0
    assert lab.headends["vpn-1"].failed_logins == 0
    text = said(cli, 0, "trust", "--yes", HEADEND_KNOWN_HOSTS=none)
    assert lab.headends["vpn-1"].fingerprint in text
    said(cli, 10, "investigate", "jdoe", "--for", "1", HEADEND_KNOWN_HOSTS=none)


@pytest.mark.parametrize(
    ("spec", "status", "words"),
    (
        (HeadendSpec("vpn-1", quota=0), 13, "management sessions"),
        (HeadendSpec("vpn-1", privilege=1), 12, "privilege"),
        (HeadendSpec("vpn-1", ftd=True), 12, "Threat Defense"),
        (HeadendSpec("vpn-1", debug_trace=True), 12, "headend diagnose"),
        (HeadendSpec("vpn-1", cpu=95), 12, "CPU"),
        (HeadendSpec("vpn-1", free_memory=6), 12, "6 % of the memory"),
        (HeadendSpec("vpn-1", failover_role="standby"), 12, "standby"),
    ),
    ids=["quota", "privilege", "ftd", "debug-trace", "cpu", "memory", "standby"],
)
def test_a_headend_where_a_capture_cannot_work_is_refused(
    spec: HeadendSpec,
    status: int,
    words: str,
    start_lab: Callable[..., Lab],
    start_cli: Callable[[Lab], Cli],
) -> None:
    lab = start_lab(spec)
    cli = start_cli(lab)
    assert words in said(cli, status, "investigate", "jdoe", "--for", "1")
    assert words in said(cli, status, "preflight")
    typed = [line for _, _, line in lab.headends["vpn-1"].received]
    assert not any(line.startswith("debug ") for line in typed)


def test_a_shunned_client_is_refused_before_the_user_is_bothered(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    cli = start_cli(start_lab(HeadendSpec("vpn-1", shunned=("198.51.100.9",))))
    assert "shuns 198.51.100.9" in said(cli, 12, "investigate", "x", "--client-ip", "198.51.100.9")
    assert "shuns 198.51.100.9" in said(cli, 12, "preflight", "--client-ip", "198.51.100.9")
    assert "not shun this client" in said(cli, 0, "preflight", "--client-ip", "198.51.100.8")
    assert "--client-ip" in said(cli, 0, "preflight")


def test_the_load_that_is_borne_is_the_engineers_choice(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    cli = start_cli(start_lab(HeadendSpec("vpn-1", cpu=70)))
    assert "over the limit of 60 %" in said(cli, 12, "preflight")
    said(cli, 0, "preflight", "--max-cpu", "80")
    said(cli, 12, "investigate", "jdoe", "--for", "1")
    said(cli, 10, "investigate", "jdoe", "--for", "1", "--max-cpu", "80")


@pytest.mark.parametrize(
    ("spec", "words"),
    (
        (HeadendSpec("vpn-1", cluster_peers=("203.0.113.11",)), "another member of its cluster"),
        (HeadendSpec("vpn-1", follows_ntp=False), "follows no time server"),
        (HeadendSpec("vpn-1", hide_username=True), "*****"),
        (HeadendSpec("vpn-1", quota=1), "1 of 1 SSH sessions"),
        (
            HeadendSpec("vpn-1", conditions=("webvpn condition user m.rossi",)),
            "webvpn condition user m.rossi",
        ),
    ),
    ids=["cluster", "ntp", "hidden-names", "sessions", "condition"],
)
def test_what_may_spoil_a_capture_is_said_and_does_not_forbid_it(
    spec: HeadendSpec, words: str, start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    cli = start_cli(start_lab(spec))
    assert words in said(cli, 0, "preflight")
    (headend,) = json.loads(cli.run("preflight", "--json").stdout)["headends"]
    (warned,) = [each for each in headend["checks"] if each["state"] != "ok"]
    assert (warned["state"], words in warned["reason"]) == ("warn", True)


def test_a_wrong_enable_password_is_tried_once(lab: Lab, cli: Cli) -> None:
    text = said(cli, 13, "investigate", "jdoe", HEADEND_ENABLE="wrong-enable")
    assert "enable password" in text
    assert "wrong-enable" not in text
    typed = [line for _, _, line in lab.headends["vpn-1"].received]
    assert typed.count("enable") == 1


@pytest.mark.parametrize(
    ("name", "data", "words"),
    (
        ("missing.txt", None, "cannot be read"),
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b"\n \n", "is empty"),
        ("binary.txt", bytes(range(256)) * 40, "is not text"),
    ),
)
def test_a_file_that_cannot_be_diagnosed_is_named(
    cli: Cli, tmp_path: Path, name: str, data: bytes | None, words: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    text = said(cli, 2, "diagnose", name)
    assert name in text
    assert words in text


def test_a_directory_is_not_a_file(cli: Cli, tmp_path: Path) -> None:
    assert "is a folder" in said(cli, 2, "diagnose", str(tmp_path))


def test_a_damaged_inventory_and_an_unknown_option_are_input_errors(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "hosts.yaml").write_text("{")
    said(cli, 2, "preflight", "--inventory", str(tmp_path))
    said(cli, 2, "preflight", "--inventory", str(tmp_path / "nowhere"))
    said(cli, 2, "investigate", "jdoe", "--for", "soon")
    said(cli, 2, "nonsense")
    said(cli, 2, "incident", "show", "nowhere")
