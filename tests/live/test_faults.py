"""Things that go wrong on a headend in mid-capture, and what must hold all the same."""

import json
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from headend.lab import HeadendSpec, Lab
from headend.lab.shell import Shell
from live.drive import Cli


def refuse(monkeypatch: pytest.MonkeyPatch, *commands: str) -> None:
    """Make the lab's headends refuse some commands, as a TACACS+ command set does."""
    whole = Shell._exec  # noqa: SLF001 - the fault is planted inside the lab

    def execute(shell: Shell, line: str, grammar: object) -> None:
        if line in commands and (shell.debugs or line.startswith("debug")):
            shell._ready(["Command authorization failed"])  # noqa: SLF001 - likewise
        else:
            whole(shell, line, grammar)  # type: ignore[arg-type]

    monkeypatch.setattr(Shell, "_exec", execute)


def test_a_headend_that_streams_other_peoples_logins_can_be_armed(lab: Lab, cli: Cli) -> None:
    headend = lab.headends["vpn-1"]
    done = threading.Event()

    def others() -> None:
        while not done.wait(0.003):
            headend.emit(["AAA API: In aaa_open", "User: other", "     skey 'Sup3rS3cretKey'"])

    stream = threading.Thread(target=others)
    stream.start()
    try:
        run = cli.investigate("jdoe")
        run.wait_for("ready")
        lab.attempt("jdoe", group="CORP")
        result = run.result()
    finally:
        done.set()
        stream.join()
    assert [each["state"] for each in result["headends"]] == ["disarmed"]
    assert "jdoe" in {attempt["user"] for attempt in result["attempts"]}
    everything = b"".join(path.read_bytes() for path in cli.incident().rglob("*") if path.is_file())
    assert b"Sup3rS3cretKey" not in everything + json.dumps(run.events).encode()


def test_a_refused_read_back_is_no_proof(
    lab: Lab, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "undebug all", "show debug")
    run = cli.start("investigate", "jdoe", "--json", "--for", "1")
    result = run.result()
    assert [each["state"] for each in result["headends"]] == ["unproved"]
    assert run.process.returncode == 17
    lab.headends["vpn-1"].wait_for_no_sessions()


def test_debug_that_stays_on_is_status_17(
    lab: Lab, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, "undebug all")
    run = cli.start("investigate", "jdoe", "--json", "--for", "1")
    result = run.result()
    assert [each["state"] for each in result["headends"]] == ["unproved"]
    assert run.process.returncode == 17
    lab.headends["vpn-1"].wait_for_no_sessions()


def test_a_refused_debug_leaves_no_lease(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, "debug aaa authentication")
    assert cli.run("investigate", "jdoe", "--for", "1").returncode == 12
    assert not list((cli.incidents / ".leases").glob("*.json"))


def test_a_headend_that_takes_connections_and_says_nothing_holds_up_nobody(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(HeadendSpec("vpn-1"))
    cli = start_cli(lab)
    given = Path(lab.environment["HEADEND_INVENTORY"])
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        text = (given / "hosts.yaml").read_text().removeprefix("---\n")
        dead = f"dead-1:\n  hostname: 127.0.0.1\n  port: {port}\n  platform: cisco_asa\n"
        (tmp_path / "own").mkdir()
        (tmp_path / "own" / "hosts.yaml").write_text(dead + text)
        for name in ("groups", "defaults"):
            own = tmp_path / "own" / f"{name}.yaml"
            own.write_text((given / f"{name}.yaml").read_text())
        run = cli.investigate("jdoe", "--inventory", str(tmp_path / "own"))
        armed = run.wait_for("headend", name="vpn-1", state="armed")
        assert armed
        assert not any(event.get("name") == "dead-1" for event in run.events)
        run.process.terminate()
        run.result()
