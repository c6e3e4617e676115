"""Every fault at every step: no headend left armed, no byte lost, an honest record."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from faults.matrix import FAULTS, Fault, Outcome, play

SLOW = "black hole"  # its cases wait for silence, so they do it together
CASES = [(fault, phase) for fault in FAULTS for phase in fault.phases]
QUICK = [case for case in CASES if case[0].name != SLOW]
SILENT = [case for case in CASES if case[0].name == SLOW]


def name(value: object) -> str:
    return value.name if isinstance(value, Fault) else str(value)


@pytest.fixture(scope="module")
def silent_runs(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[dict[str, Future[Outcome]]]:
    with ThreadPoolExecutor(len(SILENT)) as pool:
        yield {
            phase: pool.submit(play, fault, phase, tmp_path_factory.mktemp(phase))
            for fault, phase in SILENT
        }


def judge(outcome: Outcome, record_property: Callable[[str, object], None]) -> None:
    record_property("cell", [outcome.fault.name, outcome.phase, outcome.words()])
    assert not outcome.broken()


@pytest.mark.parametrize(("fault", "phase"), QUICK, ids=name)
def test_a_fault_at_a_step_is_survived(
    fault: Fault,
    phase: str,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
) -> None:
    judge(play(fault, phase, tmp_path_factory.mktemp("run")), record_property)


@pytest.mark.xdist_group("silence")
@pytest.mark.parametrize(("fault", "phase"), SILENT, ids=name)
def test_silence_at_a_step_is_noticed(
    fault: Fault,
    phase: str,
    silent_runs: dict[str, Future[Outcome]],
    record_property: Callable[[str, object], None],
) -> None:
    assert fault.name == SLOW
    judge(silent_runs[phase].result(), record_property)
