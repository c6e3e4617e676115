"""A diagnosis made anew knows which debugs were on, as the capture's own verdict does."""

from __future__ import annotations

from pathlib import Path

import pytest

from diagnosis.scenes import answered, closed, opened
from headend.diagnosis.server_words import BUILT_IN
from headend.incident import Incident, IncidentStore
from headend.model.diagnosis import Report, Stage, StageState
from headend.workflow.anew import diagnosed_anew

ARMED = ("debug aaa authentication", "debug crypto ca 255")
ASKED = "add debug crypto ca"
ON = "debug crypto ca was on and told nothing of it"


@pytest.fixture
def incident(tmp_path: Path) -> Incident:
    """Return an incident of two headends; only on the first was the certificate debug armed."""
    made = IncidentStore(tmp_path).open("investigate", "jdoe", ["vpn-1", "vpn-2"])
    lines = [
        *opened(7, "0xaa", "jdoe", "RSA", "10.9.0.5"),
        *answered(7, "0xaa", -1, "REJECT"),
        *closed(7, "REJECT"),
    ]
    for name in ("vpn-1", "vpn-2"):
        with made.capture(name) as log:
            log.write("".join(f"{line}\r\n" for line in lines).encode(), 1_790_000_000.0)
    made.set_headend("vpn-1", debugs=list(ARMED))
    made.set_headend("vpn-2", debugs=[ARMED[0]])
    made.end("verdict")
    return made


def hints(report: Report, stage: Stage) -> dict[str, str]:
    return {
        attempt.id: each.hint
        for attempt in report.attempts
        for each in attempt.stages
        if each.stage is stage and each.state is StageState.UNSEEN
    }


def test_no_stage_asks_for_a_debug_that_was_on_at_its_own_headend(incident: Incident) -> None:
    found = hints(diagnosed_anew(incident, BUILT_IN), Stage.CERTIFICATE)
    assert found["vpn-1/1"] == ON
    assert found["vpn-2/1"].startswith(ASKED)


def test_a_debug_that_was_not_on_is_still_asked_for(incident: Incident) -> None:
    found = hints(diagnosed_anew(incident, BUILT_IN), Stage.TLS)
    assert all(hint.startswith("add debug crypto ikev2") for hint in found.values())
    assert len(found) == 2


def test_an_older_record_that_names_no_debugs_asks(incident: Incident) -> None:
    incident.set_headend("vpn-1", debugs=None)
    found = hints(diagnosed_anew(incident, BUILT_IN), Stage.CERTIFICATE)
    assert all(hint.startswith(ASKED) for hint in found.values())
