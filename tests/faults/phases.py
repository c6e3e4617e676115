"""The steps of a capture, and how to stand still at each of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from faults.ledger import complete, missing
from faults.scene import NAME, SECRETS, Scene
from live.drive import PATIENCE, Running

CONNECT, CAPTURE, DISARM = "connect", "capture", "disarm"
# What the headend is told when the step begins.
_TOLD = {
    "login": "login",
    "enable": "enable",
    "preflight": "show version",
    "arm": "debug aaa authentication",
    DISARM: "undebug all",
}
PHASES = (CONNECT, "login", "enable", "preflight", "arm", CAPTURE, DISARM)
ARMED = PHASES[PHASES.index("arm") :]  # from here on there is something to take off
USER = "jdoe"
MARKS = 300
_RECORDED = 3.0  # seconds; what is still missing then is lost


@contextmanager
def standing_at(phase: str, scene: Scene) -> Iterator[tuple[Running, list[bytes]]]:
    """Start an investigation, and hold it at ``phase`` for as long as the block lasts.

    Gives the run, and per session the bytes that have arrived: its record must hold them.
    """
    if phase == CONNECT:
        scene.proxy.hold()
        run = scene.cli.investigate(USER)
        assert scene.proxy.accepted.wait(PATIENCE)
        yield run, []
        scene.proxy.release()
    elif phase == CAPTURE:
        run = scene.cli.investigate(USER)
        run.wait_for("ready")
        yield run, [marked(scene, run)]
    else:
        with scene.headend.hold(_TOLD[phase]) as gate:
            run = scene.cli.investigate(USER)
            if phase == DISARM:
                run.wait_for("ready")
                marked(scene, run)
                attempt(scene)
            gate.wait(PATIENCE)
            yield run, arrived(scene)


def arrived(scene: Scene) -> list[bytes]:
    """Return what the standing headend has sent, when the record has had its time to take it."""
    sent = [complete(session.sent) for session in scene.sessions]
    deadline = time.monotonic() + _RECORDED
    while missing(scene.log, sent, sent, SECRETS) and time.monotonic() < deadline:
        time.sleep(0.01)
    return sent


def attempt(scene: Scene) -> None:
    """Let the user try, with a wrong code: a verdict at once."""
    scene.lab.attempt(USER, group="CORP", token="000000")


def marked(scene: Scene, run: Running) -> bytes:
    """Have the headend print numbered lines; return what was read when the last one was shown."""
    first = len(run.events)
    scene.headend.emit([f"AAA FSM: mark {first}-{number}" for number in range(MARKS)])
    last = f"AAA FSM: mark {first}-{MARKS - 1}"
    run.wait_for("line", headend=NAME, text=last)
    sent = scene.sessions[-1].sent
    end = last.encode() + b"\r\n"
    return sent[: sent.rindex(end) + len(end)]
