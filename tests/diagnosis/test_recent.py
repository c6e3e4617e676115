"""When the diagnosis of a login is final: what is held of it is given up."""

from __future__ import annotations

import pytest

from bench.inputs import login
from headend.diagnosis import Diagnoser
from headend.diagnosis.roster import Recent
from headend.model.diagnosis import Diagnosis
from headend.model.line import Line

LOGINS = 6


@pytest.mark.parametrize(
    ("apart", "kept", "left"),
    ((60.0, Recent(newest=3), 3), (60.0, Recent(seconds=90), 2), (600.0, Recent(seconds=90), 1)),
    ids=("beyond the newest", "heard of lately", "silent for long"),
)
def test_a_login_is_final_when_it_is_no_longer_recent(
    apart: float, kept: Recent, left: int
) -> None:
    final: list[Diagnosis] = []
    diagnoser = Diagnoser(on_final=final.append, kept=kept)
    number = 0
    for at in range(LOGINS):
        for text in login(at):
            number += 1
            diagnoser.take(Line("vpn-1/capture.log", number, text, "vpn-1", at * apart))
    assert len(final) == LOGINS - left
    diagnoser.finish()
    assert len(final) == LOGINS
