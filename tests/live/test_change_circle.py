"""Every template there and back on the lab, and the connection cut before each of its lines."""

from collections.abc import Callable
from pathlib import Path

import pytest

from change.requests import PARAMETERS
from headend.change.catalogue import CATALOGUE
from headend.lab import HeadendSpec, Lab
from headend.model.change import EndState
from headend.workflow import applying
from live.change_bench import Bench

KINDS = tuple(PARAMETERS)


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
