"""Debug and syslog of one login, in whatever order they are given."""

from __future__ import annotations

import pytest

from diagnosis.scenes import answered, closed, opened, radius_answer, radius_request
from headend.diagnosis.diagnoser import report
from headend.model.diagnosis import Cause, Diagnosis, Outcome
from headend.model.line import Line

AT = "198.51.100.9"


def debug(user: str = "jdoe", number: int = 9) -> list[str]:
    return [
        *opened(number, f"0xa{number}", user, "RAD", "10.9.0.5"),
        *radius_request(f"0x{number}", number, f"0xd{number}", user, "10.9.0.5"),
        *radius_answer(f"0x{number}", number, f"0xd{number}", 3, text="Password expired"),
        *answered(number, f"0xa{number}", -1, "REJECT"),
        *closed(number, "REJECT"),
    ]


def syslog(user: str = "jdoe", address: str = AT, stamp: str = "") -> list[str]:
    said = (
        "%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : "
        f"server = 10.9.0.5 : user = {user} : user IP = {address}"
    )
    return [stamp + said]


def told(*files: list[str]) -> list[Diagnosis]:
    lines = [
        Line(f"file-{place}", number, text)
        for place, texts in enumerate(files)
        for number, text in enumerate(texts, 1)
    ]
    return list(report(lines).attempts)


@pytest.mark.parametrize("name", ("jdoe", "*****"))
@pytest.mark.parametrize("first", ("debug", "syslog"))
@pytest.mark.parametrize("together", (True, False))
def test_the_order_of_the_witnesses_changes_nothing(
    name: str,
    first: str,
    together: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    parts = [debug(), syslog(name)] if first == "debug" else [syslog(name), debug()]
    (found,) = told(parts[0] + parts[1]) if together else told(*parts)
    assert (found.user, found.client_ip) == ("jdoe", AT)
    assert found.causes[0].cause is Cause.PASSWORD_EXPIRED
    assert found.witnesses["debug"] == found.witnesses["syslog"] == Outcome.REJECTED.value


def test_as_many_tries_in_the_same_order() -> None:
    found = told([*syslog(), *syslog()], [*debug(number=9), *debug(number=10)])
    assert [one.witnesses["syslog"] for one in found] == ["rejected", "rejected"]


@pytest.mark.parametrize(
    "other",
    (
        syslog(address="198.51.100.8"),
        syslog("asmith"),
        [f"%ASA-6-113039: Group <GP> User <jdoe> IP <{AT}> AnyConnect parent session started."],
        [*syslog(), *syslog()],
    ),
    ids=("another address", "another user", "another end", "two tries"),
)
def test_what_does_not_fit_stays_apart(other: list[str]) -> None:
    found = told(other, debug())
    assert len(found) == len(other) + 1


def test_another_day_is_another_login() -> None:
    wrapped = [f"Nov 23 2026 08:00:00 vpn-1 : %ASA-7-711001: {line}" for line in debug()]
    found = told(syslog(stamp="Nov 24 2026 08:00:00 vpn-1 : "), wrapped)
    assert len(found) == 2
