"""One at a time types on a headend, and what others type meanwhile is noticed."""

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from headend.lab import HeadendSpec, Lab
from headend.model.change import EndState
from headend.workflow import applying
from live.change_bench import Bench
from live.drive import Cli, Running
from live.test_change import TIMEOUT, cli, done, engineers, planned, running

__all__ = ["cli", "engineers"]
LOGINS = ("simultaneous-logins", "--set", "group_policy=GP-STAFF", "--set", "logins=5")
HURRY = ("--break-glass", "hurry")


@pytest.fixture
def colleague(lab: Lab, tmp_path: Path) -> Iterator[Cli]:
    """Return the command line of somebody else, with a record of their own."""
    folder = tmp_path / "colleague"
    folder.mkdir()
    made = Cli(lab.environment, folder)
    made.environment["HEADEND_PRINCIPAL"] = "carl"
    yield made
    made.close()


@contextmanager
def typing(lab: Lab, cli: Cli, line: str) -> Iterator[Running]:
    """Apply the newest change, and hold the headend at one of its lines."""
    with lab.headends["vpn-1"].hold(line) as gate:
        run = cli.start("change", "apply", "last", "--json", *HURRY)
        gate.wait()
        yield run


def test_two_changes_are_not_typed_on_one_headend_at_once(
    lab: Lab, cli: Cli, colleague: Cli
) -> None:
    first = planned(cli, *TIMEOUT)
    planned(colleague, *LOGINS)
    before = running(lab)
    with typing(lab, cli, "timeout 60") as run:
        text = " ".join(done(colleague, 12, "change", "apply", "last", *HURRY).split())
        assert f"anna is typing change {first['digest'][:12]} since 2" in text
        assert f"(process {run.process.pid})" in text
        assert running(lab) == before
    assert run.wait_for("change")["state"] == "applied"
    assert run.process.wait(60) == 0
    done(colleague, 0, "change", "apply", "last", "--with-unsaved", *HURRY)
    with typing_back(lab, cli):
        assert "anna is typing" in done(colleague, 12, "change", "rollback", "last")
    done(colleague, 0, "change", "rollback", "last")


@contextmanager
def typing_back(lab: Lab, cli: Cli) -> Iterator[None]:
    with lab.headends["vpn-1"].hold("configure terminal") as gate:
        run = cli.start("change", "rollback", "last", "--json")
        gate.wait()
        yield
    run.wait_for("change")
    run.process.wait(60)


def test_a_dead_process_keeps_nobody_waiting(lab: Lab, cli: Cli, colleague: Cli) -> None:
    planned(cli, *TIMEOUT)
    planned(colleague, *LOGINS)
    with typing(lab, cli, "timeout 60") as run:
        run.process.send_signal(signal.SIGKILL)
        run.process.wait(60)
    lab.headends["vpn-1"].wait_for_no_sessions()
    done(colleague, 0, "change", "apply", "last", "--with-unsaved", *HURRY)


def test_what_moves_just_before_the_first_line_stops_it(lab: Lab, cli: Cli) -> None:
    planned(cli, *TIMEOUT)
    with typing(lab, cli, "configure terminal") as run:
        lab.headends["vpn-1"].configure("aaa-server RSA (inside) host 10.20.1.5", " timeout 7")
        lab.headends["vpn-1"].save()
        moved = running(lab)
    outcome = run.wait_for("change")
    assert outcome["state"] == "refused"
    assert "moved since it was read, just before the first line" in outcome["why"]
    assert run.process.wait(60) == 12
    assert running(lab) == moved
    (change,) = json.loads(done(cli, 0, "change", "list", "--json"))["changes"]
    assert change["headends"] == {"vpn-1": "planned"}


def test_what_others_type_between_the_lines_is_told(lab: Lab, cli: Cli) -> None:
    planned(cli, *TIMEOUT)
    with typing(lab, cli, "timeout 60") as run:
        lab.headends["vpn-1"].configure("pager lines 50")
    outcome = run.wait_for("change")
    assert outcome["state"] == "applied"
    assert any("+pager lines 50" in warning for warning in outcome["warnings"])


def test_an_interrupt_ends_a_change_between_headends_and_not_between_lines(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(HeadendSpec("vpn-1"), HeadendSpec("vpn-2"))
    cli = start_cli(lab)
    cli.environment["HEADEND_PRINCIPAL"] = "anna"
    before = lab.headends["vpn-2"].running_config()
    planned(cli, *TIMEOUT, "-H", "vpn-2")
    with typing(lab, cli, "timeout 60") as run:
        run.process.send_signal(signal.SIGINT)
        assert run.process.stderr
        assert "BREAK GLASS" in run.process.stderr.readline()
        assert "brought to an end state" in run.process.stderr.readline()
    assert run.wait_for("change", headend="vpn-1")["state"] == "applied"
    left = run.wait_for("change", headend="vpn-2")
    assert (left["state"], left["why"]) == ("refused", "interrupted: nothing was begun here")
    assert run.process.wait(60) == 130
    assert " timeout 60" in running(lab)
    assert lab.headends["vpn-2"].running_config() == before
    done(cli, 0, "change", "rollback", "last")


def test_who_else_is_logged_in_is_told(lab: Lab, cli: Cli) -> None:
    planned(cli, *TIMEOUT)
    lab.headends["vpn-1"].second_engineer()
    text = " ".join(done(cli, 0, "change", "apply", "last", *HURRY).split())
    assert "Logged in by SSH as well: netops; whether somebody is in configuration mode" in text
    lab.headends["vpn-1"].free_sessions()
    assert "as well" not in done(cli, 0, "change", "rollback", "last")


def test_what_one_change_types_is_no_surprise_to_it(
    start_lab: Callable[..., Lab], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    lab = start_lab(HeadendSpec("vpn-1"))
    for name, value in lab.environment.items():
        monkeypatch.setenv(name, value)
    outcome = Bench(lab, "certificate-for-user", tmp_path).run(applying.apply_target)
    assert outcome.state is EndState.APPLIED
    assert not any("besides" in warning for warning in outcome.warnings)
