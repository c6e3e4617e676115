"""Faults that show only after a while; they are waited for together."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from faults.conftest import Judge
from faults.matrix import SILENCE, ends_as_published, in_words, play, to_the_end
from faults.outcome import Outcome, outcome_of
from faults.phases import standing_at
from faults.scene import Scene
from faults.table import ENDED, FAULT

pytestmark = [pytest.mark.xdist_group("waiting"), pytest.mark.thorough]


def loaded(folder: Path) -> Outcome:
    """Let the headend's load rise in mid-capture."""
    with Scene(folder) as scene:
        with standing_at("capture", scene) as (run, read):
            scene.headend.set_cpu(95)
        return outcome_of(scene, run, run.result(), read)


def made_standby(folder: Path) -> Outcome:
    """Let the units change their roles while our session stays."""
    with Scene(folder, failover_role="active", prompt_style="priority-state") as scene:
        with standing_at("capture", scene) as (run, read):
            scene.headend.fail_over()
        return outcome_of(scene, run, run.result(), read)


def renamed(folder: Path) -> Outcome:
    """Let somebody rename the headend in mid-capture."""
    with Scene(folder) as scene:
        with standing_at("capture", scene) as (run, read):
            scene.headend.configure("hostname vpn-renamed")
            run.process.terminate()
        return outcome_of(scene, run, to_the_end(scene, run), read)


SITUATIONS: dict[str, tuple[str, Callable[[Path], Outcome], tuple[int, str]]] = {
    "loaded": ("CPU spike in mid-capture", loaded, (12, "disarmed")),
    "standby": ("failover in mid-capture, our session stays", made_standby, (14, "disarmed")),
    "renamed": ("the prompt's host name changes", renamed, (130, "disarmed")),
}


@pytest.fixture(scope="module")
def ends(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    plays = {name: work for name, (_, work, _) in SITUATIONS.items()}
    plays |= {phase: partial(play, SILENCE, phase) for phase in SILENCE.phases}
    with ThreadPoolExecutor(len(plays)) as pool:
        yield {
            name: pool.submit(work, tmp_path_factory.mktemp(name)) for name, work in plays.items()
        }


@pytest.mark.parametrize("phase", SILENCE.phases)
def test_silence_at_a_step_is_noticed(
    phase: str,
    ends: dict[str, Future[Outcome]],
    record_property: Callable[[str, object], None],
) -> None:
    record_property(FAULT, f"{SILENCE.name} @ {phase}")
    end = ends[phase].result()
    record_property(ENDED, in_words(end))
    assert not end.broken
    assert ends_as_published(SILENCE, phase, end), (end.status, end.result)


@pytest.mark.parametrize("name", SITUATIONS)
def test_a_headend_that_changes_in_mid_capture_is_left_unarmed(
    name: str, ends: dict[str, Future[Outcome]], situation: Callable[[str], Judge]
) -> None:
    words, _, wanted = SITUATIONS[name]
    judge = situation(words)
    end = ends[name].result()
    judge(end)
    assert (end.status, end.state) == wanted
