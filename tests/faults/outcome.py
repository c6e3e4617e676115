"""What became of a capture, by the product's word and by the lab's own state, and what it broke."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from faults import ledger
from faults.scene import NAME, SECRETS, Scene
from headend.incident.incident import Incident
from live.drive import Running

_SETTLES = 1.0  # seconds in which a headend notices that a session was closed


@dataclass(frozen=True)
class Outcome:
    """One run when it was over, and after ``headend sweep`` where it left a lease."""

    status: int
    result: dict[str, Any]  # of one headend; empty where the process could not say it any more
    record: dict[str, Any]  # what the incident says of it
    armed: bool  # by the lab, when the process had ended
    logged_in: bool  # likewise
    leased: bool
    swept: int | None  # exit status of the sweep
    armed_after_all: bool
    leased_after_all: bool
    complaints: tuple[str, ...]

    @property
    def state(self) -> str:
        """What the result says of the headend."""
        return str(self.result.get("state", ""))

    @property
    def proved(self) -> bool:
        """Whether somebody who reads the record takes the debug for off."""
        told = self.record.get("proof") is not None
        return told or "disarmed" in {self.state, self.record.get("state")}

    @property
    def broken(self) -> list[str]:
        """Name each promise that was broken; the exit status is the test's to judge."""
        rules = {
            "a headend was left armed": self.armed_after_all,
            "it was called off, and the lab is armed": self.proved and self.armed,
            "the lab is armed, and no lease says so": self.armed and not self.leased,
            "off was proved, and the lease was kept": self.proved and self.leased,
            "the lease was given back without a proof": (
                self.state == "unproved" and not self.leased
            ),
            "the result and the record differ": bool(self.state)
            and self.state != self.record.get("state"),
            f"sweep ended with {self.swept}": self.swept not in {None, 0},
            "sweep left a lease": self.leased_after_all,
        }
        return [words for words, broken in rules.items() if broken] + list(self.complaints)


def outcome_of(
    scene: Scene, run: Running, result: dict[str, Any], read: Sequence[bytes]
) -> Outcome:
    """Wait for the end of ``run``, look at everything, and sweep where a lease is left.

    ``read`` is per session what the run is known to have read.
    """
    status = run.process.wait(60)
    armed = _stays(scene, lambda: scene.armed)
    logged_in = _stays(scene, lambda: any(session.alive for session in scene.sessions))
    leased = bool(scene.leases)
    headends: list[dict[str, Any]] = result.get("headends", [])
    said = run.process.stderr.read() if run.process.stderr else ""
    complaints = ["a traceback for the user"] if "Traceback" in said else []
    complaints += Incident(scene.cli.incident()).verify_audit()
    sent = [session.sent for session in scene.sessions]
    lost = ledger.missing(scene.log, sent, read, SECRETS)
    record = json.loads((scene.cli.incident() / "incident.json").read_text())
    scene.proxy.closed = False
    swept = scene.cli.run("sweep", "--yes").returncode if leased else None
    return Outcome(
        status=status,
        result=headends[0] if headends else {},
        record=record["headends"].get(NAME, {}),
        armed=armed,
        logged_in=logged_in,
        leased=leased,
        swept=swept,
        armed_after_all=_stays(scene, lambda: scene.armed),
        leased_after_all=bool(scene.leases),
        complaints=(*complaints, *([lost] if lost else [])),
    )


def _stays(scene: Scene, something: Callable[[], bool]) -> bool:
    try:
        scene.headend.wait_until(lambda: not something(), _SETTLES)
    except TimeoutError:
        return True
    return False
