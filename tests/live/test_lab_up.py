"""The lab in one terminal, the other verbs in a second, as a trainee uses them."""

import re
import signal
import socket

import pytest

from live.drive import Cli


def three_free_ports() -> int:
    for base in range(23000, 29000, 7):
        try:
            for port in range(base, base + 3):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base
    pytest.fail("no three free ports in a row")


def test_lab_up_tells_how_to_point_the_other_verbs_at_it(cli: Cli) -> None:
    cli.environment["HEADEND_LAB"] = str(cli.folder / "lab")
    for name in ("INVENTORY", "KNOWN_HOSTS", "USERNAME", "PASSWORD", "ENABLE"):
        del cli.environment[f"HEADEND_{name}"]
    assert "lab up" in cli.run("lab", "attempt", "jdoe").stderr
    lab = cli.start("lab", "up", "--port", str(three_free_ports()), PYTHONUNBUFFERED="1")
    assert lab.process.stdout
    for line in lab.process.stdout:
        found = re.fullmatch(r"export (\w+)='(.*)'\n", line)
        if found:
            cli.environment[found[1]] = found[2]
        if "Ctrl-C ends the lab" in line:
            break
    run = cli.investigate("m.rossi")
    assert run.wait_for("ready")["headends"] == ["vpn-1", "vpn-2", "vpn-3"]
    attempt = cli.run("lab", "attempt", "m.rossi", "--group", "STAFF", "--logon-screen")
    assert "Authentication Failed" in attempt.stdout
    result = run.result()
    assert result["attempts"][0]["causes"][0]["cause"] == "account-locked"
    lab.process.send_signal(signal.SIGINT)
    assert lab.process.wait(20) == 0
    assert not (cli.folder / "lab" / "control.sock").exists()


def test_what_the_system_refuses_is_a_sentence(cli: Cli) -> None:
    cli.environment["HEADEND_LAB"] = str(cli.folder / ("x" * 300))
    done = cli.run("lab", "up")
    assert done.returncode == 2
    assert "cannot be used: File name too long" in done.stderr
    assert "report it" not in done.stderr
