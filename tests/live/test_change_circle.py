"""Every template there and back on the lab, and the connection cut before each of its lines."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from nornir.core import Nornir

from change.requests import PARAMETERS, request
from headend.change import plan as plans
from headend.change.catalogue import CATALOGUE
from headend.device import fleet
from headend.incident.changes import ChangeFolder, ChangeStore
from headend.incident.store import IncidentStore
from headend.lab import HeadendSpec, Lab
from headend.model.change import EndState, Plan
from headend.workflow import applying
from headend.workflow.applying import Application, Outcome
from headend.workflow.places import gathered
from headend.workflow.planning import planned_change

KINDS = tuple(PARAMETERS)


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

    def run(self, task: Callable[..., object]) -> Outcome:
        application = Application(self.plan.targets[0], self.change)
        self.nornir.data.reset_failed_hosts()
        results = self.nornir.run(task=task, application=application)
        outcome: Outcome = results["vpn-1"][0].outcome  # type: ignore[attr-defined]
        return outcome

    def cut_at(self, line: str, task: Callable[..., object]) -> Outcome:
        """Run a task, and cut its connection when the headend is about to carry out ``line``."""
        with self.headend.hold(line) as gate:

            def cut() -> None:
                gate.wait()
                self.headend.drop_sessions()
                gate.open()

            thread = threading.Thread(target=cut)
            thread.start()
            outcome = self.run(task)
            thread.join()
        return outcome


@pytest.fixture
def bench(
    start_lab: Callable[..., Lab], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[[str], Bench]:
    lab = start_lab(HeadendSpec("vpn-1", ask_anonymous_reporting=True))
    for name, value in lab.environment.items():
        monkeypatch.setenv(name, value)
    return lambda kind: Bench(lab, kind, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_there_and_back_is_where_it_began_to_the_byte(
    bench: Callable[[str], Bench], kind: str
) -> None:
    made = bench(kind)
    assert made.run(applying.apply_target).state is EndState.APPLIED
    assert (made.headend.running_config() != made.before) is (not CATALOGUE[kind].acts)
    assert made.run(applying.roll_back_target).state is EndState.ROLLED_BACK
    assert made.headend.running_config() == made.before
    assert "call-home" not in made.before


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not CATALOGUE[kind].acts])
def test_a_cut_before_any_line_ends_in_a_named_state(
    bench: Callable[[str], Bench], kind: str
) -> None:
    made = bench(kind)
    typed = [line.text.strip() for line in made.plan.targets[0].lines]
    for line in dict.fromkeys(["configure terminal", *typed]):
        assert made.cut_at(line, applying.apply_target).state is EndState.ROLLED_BACK, line
        assert made.headend.running_config() == made.before, line
    # Behind the last line everything is there: the way out of the mode is all that was lost.
    assert made.cut_at("end", applying.apply_target).state is EndState.APPLIED
    back = [line.text.strip() for line in made.plan.targets[0].inverse]
    assert made.cut_at(back[-1], applying.roll_back_target).state is EndState.ROLLED_BACK
    assert made.headend.running_config() == made.before


def test_the_journal_has_each_line_before_it_is_typed(bench: Callable[[str], Bench]) -> None:
    made = bench("certificate-for-user")
    made.cut_at("authentication certificate", applying.apply_target)
    entries = made.change.journal("vpn-1")
    typing = [entry["line"].strip() for entry in entries if entry.get("state") == "typing"]
    judged = [entry["line"].strip() for entry in entries if entry.get("state") == "accepted"]
    assert (
        typing[: typing.index("authentication certificate") + 1]
        == [line.text.strip() for line in made.plan.targets[0].lines][
            : typing.index("authentication certificate") + 1
        ]
    )
    assert "authentication certificate" not in judged
    assert entries[-1]["state"] == "rolled-back"


def test_what_was_predicted_is_what_the_headend_has(bench: Callable[[str], Bench]) -> None:
    for kind in KINDS:
        made = bench(kind)
        made.run(applying.apply_target)
        added = [line[1:] for line in made.plan.targets[0].diff if line[:1] == "+"][1:]
        now = made.headend.running_config().lower().splitlines()
        assert {line.lower() for line in added} <= set(now), kind
        made.run(applying.roll_back_target)
