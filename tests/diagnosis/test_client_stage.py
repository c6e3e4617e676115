"""A client's words join the login only where the headend can have seen it end so."""

from __future__ import annotations

import pytest

from diagnosis.scenes import answered, closed, opened, text
from headend.diagnosis import diagnose
from headend.model.diagnosis import Cause, Outcome, Stage

REJECTED = "The secure gateway has rejected the connection attempt."
CLIENT = "[11/24/2026 8:10:04 AM] "


def login(word: str) -> list[str]:
    number = {"ACCEPT": 1, "REJECT": -1}[word]
    return [
        *opened(5, "0xaa", "jdoe", "AD", "10.9.0.1"),
        *answered(5, "0xaa", number, word),
        *closed(5, word),
    ]


@pytest.mark.parametrize(
    ("said", "cause", "stage"),
    (
        (f"{REJECTED} No assigned address", Cause.ADDRESS_POOL_EXHAUSTED, Stage.SESSION),
        (f"{REJECTED} No License", Cause.LICENSE_EXHAUSTED, Stage.SESSION),
        (
            "Login denied. Your environment does not meet the access criteria defined by us.",
            Cause.DAP_DENIED,
            Stage.GROUP_POLICY,
        ),
    ),
)
def test_what_is_refused_after_the_servers_accepted(said: str, cause: Cause, stage: Stage) -> None:
    (found,) = diagnose(text(login("ACCEPT"), [CLIENT + said]))
    assert (found.user, found.outcome) == ("jdoe", Outcome.REJECTED)
    assert (found.causes[0].cause, found.stage) == (cause, stage)


@pytest.mark.parametrize(
    ("word", "said"),
    (
        ("REJECT", f"{REJECTED} No assigned address"),
        ("REJECT", "Certificate Validation Failure"),
        ("ACCEPT", "Login failed."),
    ),
)
def test_what_the_headend_cannot_have_seen_is_another_login(word: str, said: str) -> None:
    assert len(diagnose(text(login(word), [CLIENT + said]))) == 2
