"""What production headends and machines do to a capture beside breaking its connection."""

import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from faults.conftest import Judge
from faults.matrix import INTERRUPTED, NOT_REACHED, UNPROVED, to_the_end
from faults.outcome import Outcome, outcome_of
from faults.phases import USER, attempt, marked, standing_at
from faults.scene import NAME, Scene
from headend.lab import HeadendSpec

REFUSED = 12
_SOON = 5.0  # seconds; two are promised, on a machine that has them


def whole_journey(scene: Scene) -> tuple[Outcome, dict[str, Any]]:
    """Capture the user's attempt; every byte up to the logging out must be in the record."""
    run = scene.cli.investigate(USER)
    run.wait_for("ready")
    marked(scene, run)
    attempt(scene)
    result = run.result()
    return outcome_of(scene, run, result, [before_exit(scene)]), result


def before_exit(scene: Scene) -> bytes:
    sent = scene.sessions[0].sent
    end = sent.rindex(b"exit\r\n")
    return sent[: sent.rindex(b"\n", 0, end) + 1]


def causes_of(result: dict[str, Any]) -> set[str]:
    return {each["causes"][0]["cause"] for each in result["attempts"] if each["user"] == USER}


@contextmanager
def flooded(scene: Scene, lines: list[str]) -> Iterator[None]:
    """Print the lines a hundred times a second while the block lasts."""
    done = threading.Event()

    def print_them() -> None:
        while not done.wait(0.01):
            scene.headend.emit(lines)

    stream = threading.Thread(target=print_them)
    stream.start()
    try:
        yield
    finally:
        done.set()
        stream.join()


@pytest.mark.parametrize(
    ("name", "way"),
    (
        ("latency of 100 ms one way", {"latency": 0.1}),
        ("jitter of up to 80 ms", {"latency": 0.01, "jitter": 0.08}),
        ("debug wrapped at 80 columns", {"wrap_debug": True}),
        ("prompt with priority and state", {"prompt_style": "priority-state"}),
    ),
)
def test_a_strange_headend_or_a_slow_way_changes_no_verdict(
    name: str, way: dict[str, Any], tmp_path: Path, situation: Callable[[str], Judge]
) -> None:
    judge = situation(name)
    with Scene(tmp_path, **way) as scene:
        end, result = whole_journey(scene)
    judge(end)
    assert (end.status, end.state) == (0, "disarmed")
    assert causes_of(result) == {"token-rejected"}


def test_another_engineers_debug_stays_theirs(
    tmp_path: Path, situation: Callable[[str], Judge]
) -> None:
    judge = situation("another engineer's debug is on")
    with Scene(tmp_path, other_session_debugs=("ldap",)) as scene:
        end, _ = whole_journey(scene)
        theirs = [one.debugs for one in scene.headend.sessions if one.alive]
    judge(end)
    assert theirs == [{"ldap"}]
    assert (end.status, end.state) == (0, "disarmed")


def test_debug_that_is_glued_to_prompts_and_echoes_hides_no_proof(
    tmp_path: Path, situation: Callable[[str], Judge]
) -> None:
    judge = situation("debug glued to prompts, in a stream")
    glued = ["vpn-1# AAA API: In aaa_open", "vpn-1#", "User: other"]
    with Scene(tmp_path) as scene, flooded(scene, glued):
        end, result = whole_journey(scene)
    judge(end)
    assert (end.status, end.state) == (0, "disarmed")
    assert "token-rejected" in causes_of(result)


@pytest.mark.parametrize("number", (signal.SIGINT, signal.SIGHUP))
def test_a_signal_in_the_middle_of_a_flood_takes_the_debug_off(
    number: signal.Signals, tmp_path: Path, situation: Callable[[str], Judge]
) -> None:
    judge = situation(f"{number.name} in a flood")
    with Scene(tmp_path) as scene:
        run = scene.cli.investigate(USER)
        run.wait_for("ready")
        with flooded(scene, [f"AAA FSM: flood {count}" for count in range(100)]):
            run.wait_for("line", text="AAA FSM: flood 99")
            with scene.headend.hold("undebug all") as gate:
                run.process.send_signal(number)
                gate.wait(_SOON)
            end = outcome_of(scene, run, to_the_end(scene, run), [])
    judge(end)
    assert (end.status, end.state) == (INTERRUPTED, "disarmed")


def test_a_full_quota_at_the_start_is_refused_and_not_tried_again(
    tmp_path: Path, situation: Callable[[str], Judge]
) -> None:
    judge = situation("session quota full at the start")
    with Scene(tmp_path, quota=0) as scene:
        run = scene.cli.investigate(USER)
        end = outcome_of(scene, run, run.result(), [])
    judge(end)
    assert (end.status, end.state) == (NOT_REACHED, "unreachable")


def test_a_full_quota_when_a_lost_session_is_opened_again_is_no_proof(
    tmp_path: Path, situation: Callable[[str], Judge]
) -> None:
    judge = situation("session quota full after a loss")
    with Scene(tmp_path) as scene:
        with standing_at("capture", scene) as (run, read):
            scene.proxy.hold()
            scene.proxy.rst()
            assert scene.proxy.accepted.wait(30)
            scene.headend.wait_for_no_sessions()
            scene.headend.fill_sessions()
            scene.proxy.release()
        result = to_the_end(scene, run)
        scene.headend.free_sessions()
        end = outcome_of(scene, run, result, read)
    judge(end)
    assert (end.status, end.state) == (UNPROVED, "unproved")
    assert end.swept == 0


def test_a_headend_under_load_is_left_alone(
    tmp_path: Path, situation: Callable[[str], Judge]
) -> None:
    judge = situation("CPU spike before arming")
    with Scene(tmp_path, cpu=95) as scene:
        run = scene.cli.investigate(USER)
        end = outcome_of(scene, run, run.result(), [])
        typed = [line for _, _, line in scene.headend.received]
    judge(end)
    assert not any(line.startswith("debug") for line in typed)
    assert (end.status, end.state) == (REFUSED, "refused")


def test_the_other_unit_takes_over_and_the_capture_goes_on_there(
    tmp_path: Path, situation: Callable[[str], Judge]
) -> None:
    """The pair's address moves to the mate, with its host key; its sessions do not."""
    judge = situation("failover in mid-capture, the address moves")
    mate = HeadendSpec(
        "vpn-2",
        failover_role="standby",
        mate=NAME,
        extra_configuration=f"hostname {NAME}\n",
        keep_output=True,
    )
    with Scene(tmp_path, mate, failover_role="active", mate=mate.name) as scene:
        other = scene.lab.headends[mate.name]
        with standing_at("capture", scene) as (run, read):
            scene.headend.fail_over()
            scene.proxy.target = other.port
            scene.proxy.rst()
        for event in run.follow():
            if event.get("state") == "armed":
                scene.lab.attempt(USER, group="CORP", token="000000", headend=mate.name)
            if event["event"] == "result":
                end = outcome_of(scene, run, event, read)
    judge(end)
    assert (end.status, end.state) == (0, "disarmed")


def test_a_full_disk_takes_the_debug_off(tmp_path: Path, situation: Callable[[str], Judge]) -> None:
    judge = situation("full disk")
    with Scene(tmp_path) as scene:
        run = scene.cli.investigate(USER)
        run.wait_for("ready")
        # No file of the process may grow any more: the kernel's answer to each write is an error.
        resource.prlimit(run.process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
        scene.headend.emit(["AAA API: In aaa_open"])
        end = outcome_of(scene, run, to_the_end(scene, run), [])
    judge(end)
    assert end.status not in {0, -signal.SIGKILL}


def test_whoever_reads_our_output_may_go_away(
    tmp_path: Path, situation: Callable[[str], Judge]
) -> None:
    judge = situation("the reader of our output goes away")
    with Scene(tmp_path) as scene:
        run = scene.cli.investigate(USER)
        run.wait_for("ready")
        read = marked(scene, run)
        assert run.process.stdout
        run.process.stdout.close()
        scene.headend.emit(["AAA API: In aaa_open"])
        end = outcome_of(scene, run, {}, [read])
    judge(end)
