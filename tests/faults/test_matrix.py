"""Every fault at every step: no headend left armed, no byte lost, an honest record."""

from collections.abc import Callable

import pytest

from faults.matrix import FAULTS, SILENCE, Fault, ends_as_published, in_words, play
from faults.table import ENDED, FAULT

# Those that wait for silence do it together, in test_waiting.py.
# Each change plays these; all of them are played by "make faults".
CORE = {(fault, phase) for fault in ("FIN", "SIGKILL") for phase in ("arm", "capture", "disarm")}
CASES = [
    pytest.param(
        fault,
        phase,
        marks=() if (fault.name, phase) in CORE else pytest.mark.thorough,
        id=f"{fault.name}-{phase}",
    )
    for fault in FAULTS
    if fault is not SILENCE
    for phase in fault.phases
]


@pytest.mark.parametrize(("fault", "phase"), CASES)
def test_a_fault_at_a_step_is_survived(
    fault: Fault,
    phase: str,
    tmp_path_factory: pytest.TempPathFactory,
    record_property: Callable[[str, object], None],
) -> None:
    record_property(FAULT, f"{fault.name} @ {phase}")
    end = play(fault, phase, tmp_path_factory.mktemp("run"))
    record_property(ENDED, in_words(end))
    assert not end.broken
    assert ends_as_published(fault, phase, end), (end.status, end.result)
