"""Every fault at every step of a capture, and how it may end."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from faults.outcome import Outcome, outcome_of
from faults.phases import ARMED, DISARM, PHASES, attempt, standing_at
from faults.scene import Scene
from live.drive import Running

NOT_REACHED, UNPROVED, INTERRUPTED = 13, 17, 130


@dataclass(frozen=True)
class Fault:
    """Something that happens to a running capture."""

    name: str
    strike: Callable[[Scene, Running], object]
    phases: tuple[str, ...] = PHASES
    kills: bool = False
    interrupts: bool = False


def _fin(scene: Scene, _run: Running) -> None:
    scene.proxy.fin()


def _rst(scene: Scene, _run: Running) -> None:
    scene.proxy.rst()


def _rst_ours(scene: Scene, _run: Running) -> None:
    scene.proxy.rst_ours()


def _black_hole(scene: Scene, _run: Running) -> None:
    scene.proxy.black_hole()


def _down(scene: Scene, _run: Running) -> None:
    scene.proxy.closed = True
    scene.proxy.rst_ours()


def _signal(number: signal.Signals) -> Callable[[Scene, Running], None]:
    return lambda _scene, run: run.process.send_signal(number)


def _kill(_scene: Scene, run: Running) -> None:
    run.process.kill()
    run.process.wait()


def _vanish(scene: Scene, run: Running) -> None:
    scene.proxy.black_hole()
    _kill(scene, run)


SILENCE = Fault("black hole", _black_hole)
FAULTS = (
    Fault("FIN", _fin),
    Fault("RST", _rst),
    Fault("RST that only we see", _rst_ours),
    SILENCE,
    Fault("network gone for good", _down),
    Fault("Ctrl-C", _signal(signal.SIGINT), interrupts=True),
    Fault("SIGTERM", _signal(signal.SIGTERM), interrupts=True),
    Fault("SIGKILL", _kill, kills=True),
    Fault("our machine vanishes", _vanish, phases=ARMED, kills=True),
)


def play(fault: Fault, phase: str, folder: Path) -> Outcome:
    """Carry out one investigation with one fault in it."""
    with Scene(folder) as scene:
        with standing_at(phase, scene) as (run, read):
            fault.strike(scene, run)
        result = {} if fault.kills else to_the_end(scene, run)
        return outcome_of(scene, run, result, read)


def to_the_end(scene: Scene, run: Running) -> dict[str, Any]:
    """Follow the run to its result; where it is armed once more, the user tries."""
    for event in run.follow():
        if event["event"] == "result":
            return event
        if event.get("state") == "armed":
            attempt(scene)
    return {}


def ends_as_published(fault: Fault, phase: str, end: Outcome) -> bool:
    """Tell whether exit status and state are those of the contract."""
    pair = (end.status, end.state)
    if fault.kills:
        return pair == (-signal.SIGKILL, "")
    if end.state == "unproved":
        return end.status == UNPROVED and phase in ARMED
    if fault.interrupts and phase != DISARM:
        off = {"disarmed"} if phase in ARMED else {"disarmed", "unreachable"}
        return end.status == INTERRUPTED and end.state in off and not end.logged_in
    if end.state == "disarmed":
        return end.status == 0 and phase in ARMED
    return end.status == NOT_REACHED and end.state in {"lost", "unreachable"}


def in_words(end: Outcome) -> str:
    """Say in a table's cell how it ended."""
    killed = end.status == -signal.SIGKILL
    words = "killed" if killed else end.state or f"status {end.status}"
    return words if end.swept is None else f"{words}, swept"
