"""Another process can ask a running lab for an attempt."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from headend.cli.lab import app
from headend.errors import InputError
from headend.lab import HeadendSpec, Lab


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADEND_LAB", str(tmp_path))
    return tmp_path


def test_an_attempt_prints_what_the_client_shows(lab: Lab, runtime: Path) -> None:
    lab.serve_control(runtime / "control.sock")
    done = CliRunner().invoke(app, ["attempt", "jdoe", "--token", "314159"])
    assert done.exit_code == 0
    assert done.output.splitlines() == [
        "vpn-1  Username:",
        "vpn-1  Password:",
        "vpn-1  Enter PASSCODE:",
        "vpn-1  Connected",
    ]
    refused = CliRunner().invoke(app, ["attempt", "m.rossi", "--group", "STAFF"])
    assert refused.exit_code == 0
    assert refused.output.splitlines()[-1] == "vpn-1  Login failed."


def test_without_a_lab_the_error_says_how_to_start_one(runtime: Path) -> None:
    (runtime / "control.sock").touch()
    with pytest.raises(InputError, match="headend lab up") as error:
        CliRunner().invoke(app, ["attempt", "jdoe"], catch_exceptions=False)
    assert error.value.status == 2


def test_a_stale_socket_is_replaced_and_a_living_one_is_not(lab: Lab, runtime: Path) -> None:
    path = runtime / "control.sock"
    path.touch()
    lab.serve_control(path)
    with Lab([HeadendSpec("vpn-2")]) as second, pytest.raises(InputError, match="already running"):
        second.serve_control(path)
    assert path.exists()


def test_an_unknown_headend_or_certificate_is_an_input_error(lab: Lab, runtime: Path) -> None:
    lab.serve_control(runtime / "control.sock")
    for arguments in (["--headend", "vpn-9"], ["--certificate", "gold"]):
        with pytest.raises(InputError):
            CliRunner().invoke(app, ["attempt", "jdoe", *arguments], catch_exceptions=False)


def test_starting_the_command_line_loads_no_ssh_server() -> None:
    import subprocess  # noqa: PLC0415 - only here
    import sys  # noqa: PLC0415

    code = "import sys, headend.cli.lab; sys.exit('asyncssh' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
