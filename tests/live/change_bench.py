"""A plan made on one living headend of the lab, and the tasks that carry it out."""

import threading
from collections.abc import Callable
from pathlib import Path

from nornir.core import Nornir

from change.requests import request
from headend.change import plan as plans
from headend.device import fleet
from headend.incident.changes import ChangeFolder, ChangeStore
from headend.incident.store import IncidentStore
from headend.lab import Lab
from headend.model.change import Plan
from headend.workflow.application import Application, Hands, Outcome
from headend.workflow.places import gathered
from headend.workflow.planning import planned_change


class Bench:
    """A plan of one kind, made on one living headend, and the tasks that carry it out."""

    def __init__(self, lab: Lab, kind: str, folder: Path) -> None:
        self.headend = lab.headends["vpn-1"]
        self.nornir: Nornir = fleet.select(fleet.load(Path(lab.environment["HEADEND_INVENTORY"])))
        place = gathered(self.nornir).places[0]
        self.plan: Plan = planned_change(request(kind), [place])
        incident = IncidentStore(folder).open("change", None, ["vpn-1"])
        store = ChangeStore(IncidentStore(folder))
        self.change: ChangeFolder = store.new(incident, self.plan.id, plans.written(self.plan))
        self.before = self.headend.running_config()

    def run(self, task: Callable[..., object], *, allow_unsaved: bool = False) -> Outcome:
        hands = Hands("anna", allow_unsaved=allow_unsaved)
        application = Application(self.plan, self.plan.targets[0], self.change, hands)
        self.nornir.data.reset_failed_hosts()
        results = self.nornir.run(task=task, application=application)
        outcome: Outcome = results["vpn-1"][0].outcome  # type: ignore[attr-defined]
        return outcome

    def cut_at(self, line: str, task: Callable[..., object]) -> Outcome:
        """Run a task, and cut its connection when the headend is about to carry out ``line``."""
        return self.meanwhile(line, self.headend.drop_sessions, task)

    def meanwhile(
        self, line: str, happens: Callable[[], object], task: Callable[..., object]
    ) -> Outcome:
        """Run a task, and let something happen just before the headend carries out ``line``."""
        with self.headend.hold(line) as gate:

            def act() -> None:
                gate.wait()
                happens()
                gate.open()

            thread = threading.Thread(target=act)
            thread.start()
            outcome = self.run(task)
            thread.join()
        return outcome
