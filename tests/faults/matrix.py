"""Every fault at every step of a capture: play it, and say which promise it broke."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from faults import ledger
from faults.phases import ARMED, PHASES, attempt, standing_at
from faults.scene import SECRETS, Scene
from headend.incident.incident import Incident
from live.drive import Running

_SETTLES = 1.0  # seconds in which a headend notices that a session was closed
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


FAULTS = (
    Fault("FIN", _fin),
    Fault("RST", _rst),
    Fault("RST that only we see", _rst_ours),
    Fault("black hole", _black_hole),
    Fault("network gone for good", _down),
    Fault("Ctrl-C", _signal(signal.SIGINT), interrupts=True),
    Fault("SIGTERM", _signal(signal.SIGTERM), interrupts=True),
    Fault("SIGKILL", _kill, kills=True),
    Fault("our machine vanishes", _vanish, phases=ARMED, kills=True),
)


@dataclass
class Outcome:
    """What became of one run: what the product says, and what the lab itself holds."""

    fault: Fault
    phase: str
    status: int
    headend: dict[str, Any] = field(default_factory=dict)
    armed: bool = False  # when the process had ended
    leased: bool = False
    swept: int | None = None
    armed_after_all: bool = False
    leased_after_all: bool = False
    lost: str = ""
    complaints: list[str] = field(default_factory=list)

    @property
    def state(self) -> str:
        """What the result says of the headend."""
        return str(self.headend.get("state", "killed"))

    def broken(self) -> list[str]:
        """Name each promise that this run broke."""
        said_off = self.headend.get("proof") is not None or self.state == "disarmed"
        rules = {
            "a headend was left armed": self.armed_after_all,
            "it said off while the lab was armed": said_off and self.armed,
            "armed, and no lease says so": self.armed and not self.leased,
            "the lease was kept though off was proved": self.leased and said_off,
            "the lease was given back without proof": (
                self.state == "unproved" and not self.leased
            ),
            "sweep did not clean up": self.swept not in {None, 0} or self.leased_after_all,
            f"exit status {self.status} with state {self.state}": not self._status_is_right(),
            f"bytes are lost: {self.lost}": bool(self.lost),
        }
        return [words for words, broken in rules.items() if broken] + self.complaints

    def _status_is_right(self) -> bool:
        if self.fault.kills:
            return self.status == -signal.SIGKILL
        if self.state == "unproved":
            return self.status == UNPROVED and self.phase in ARMED
        if self.fault.interrupts and self.phase != "disarm":
            return (self.status, self.state) == (INTERRUPTED, "disarmed")
        if self.state == "disarmed":
            return self.status == 0 and self.phase in ARMED
        wanted = {"lost"} if self.phase in ARMED else {"lost", "unreachable"}
        return self.status == NOT_REACHED and self.state in wanted

    def words(self) -> str:
        """Say in a table's cell how it ended."""
        if self.fault.kills:
            return "swept" if self.swept is not None else "nothing armed"
        if self.swept is not None:
            return f"{self.state}, swept"
        return self.state


def play(fault: Fault, phase: str, folder: Path) -> Outcome:
    """Carry out one investigation with one fault in it."""
    with Scene(folder) as scene:
        with standing_at(phase, scene) as (run, read):
            fault.strike(scene, run)
        result = {} if fault.kills else _to_the_end(scene, run)
        outcome = Outcome(fault, phase, run.process.wait(), *result.get("headends", ()))
        outcome.armed = _stays_armed(scene)
        outcome.leased = bool(scene.leases)
        outcome.complaints = _record_is_sound(scene, run)
        outcome.lost = ledger.missing(
            scene.log, [one.sent for one in scene.headend.sessions], read, SECRETS
        )
        scene.proxy.closed = False
        if outcome.leased:
            outcome.swept = scene.cli.run("sweep", "--yes").returncode
        outcome.armed_after_all = _stays_armed(scene)
        outcome.leased_after_all = bool(scene.leases)
        return outcome


def _to_the_end(scene: Scene, run: Running) -> dict[str, Any]:
    """Follow the run; where the capture goes on after the fault, the user tries."""
    for event in run.follow():
        if event["event"] == "result":
            return event
        if event.get("state") == "armed":
            attempt(scene)
    return {}


def _stays_armed(scene: Scene) -> bool:
    try:
        scene.headend.wait_until(lambda: not scene.armed, _SETTLES)
    except TimeoutError:
        return True
    return False


def _record_is_sound(scene: Scene, run: Running) -> list[str]:
    said = run.process.stderr.read() if run.process.stderr else ""
    found = ["a traceback for the user"] if "Traceback" in said else []
    return found + Incident(scene.cli.incident()).verify_audit()
