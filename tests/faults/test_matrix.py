"""Every fault at every step: no headend left armed, no byte lost, an honest record."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from faults.matrix import FAULTS, SILENCE, Fault, ends_as_published, in_words, play
from faults.outcome import Outcome

QUICK = [(fault, phase) for fault in FAULTS if fault is not SILENCE for phase in fault.phases]
Recorder = Callable[[str, object], None]


def name(value: object) -> str:
    return value.name if isinstance(value, Fault) else str(value)


@pytest.fixture(scope="module")
def silences(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Future[Outcome]]]:
    """Play the cases that wait for silence all at once."""
    with ThreadPoolExecutor(len(SILENCE.phases)) as pool:
        yield {
            phase: pool.submit(play, SILENCE, phase, tmp_path_factory.mktemp(phase))
            for phase in SILENCE.phases
        }


def judge(fault: Fault, phase: str, end: Outcome, record_property: Recorder) -> None:
    record_property("cell", [fault.name, phase, in_words(fault, end)])
    assert not end.broken
    assert ends_as_published(fault, phase, end), (end.status, end.result)


@pytest.mark.parametrize(("fault", "phase"), QUICK, ids=name)
def test_a_fault_at_a_step_is_survived(
    fault: Fault,
    phase: str,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Recorder,
) -> None:
    judge(fault, phase, play(fault, phase, tmp_path_factory.mktemp("run")), record_property)


@pytest.mark.xdist_group("silence")
@pytest.mark.parametrize("phase", SILENCE.phases)
def test_silence_at_a_step_is_noticed(
    phase: str, silences: dict[str, Future[Outcome]], record_property: Recorder
) -> None:
    judge(SILENCE, phase, silences[phase].result(), record_property)
