"""Two logins side by side: the first decision at which they part, and nothing unseen among it."""

from __future__ import annotations

import pytest

from diagnosis.scenes import (
    answered,
    attribute,
    closed,
    ldap,
    opened,
    radius_answer,
    radius_request,
    step,
)
from headend.diagnosis import diagnose
from headend.diagnosis.compare import compare
from headend.model.comparison import Comparison, Likeness, comparison_document
from headend.model.diagnosis import Decision, Diagnosis

RSA = ("RSA", "10.9.0.5")


def seen(*parts: list[str]) -> Diagnosis:
    (found,) = diagnose([line for part in parts for line in part])
    return found


def directory(
    user: str,
    code: str | None = None,
    *,
    group: str = "AD",
    server: str = "10.9.0.1",
    policy: str = "",
) -> list[str]:
    status, word = (-1, "REJECT") if code else (1, "ACCEPT")
    return [
        *opened(5, "0xaa01", user, group, server),
        *ldap(3, user, code, server=server, policy=policy),
        *answered(5, "0xaa01", status, word),
        *closed(5, word),
    ]


def token(user: str, code: int, *, tunnel: str = "CORP") -> list[str]:
    status, word = {2: (1, "ACCEPT"), 11: (2, "CHALLENGE")}[code]
    request = radius_request("0x9", 9, "0xd1", user, "10.9.0.5")
    chosen = ["Radius: Vendor ID = 3076 (0x00000C04)", *attribute(146, "Tunnel-Group-Name", tunnel)]
    return [
        *opened(5, "0xaa01", user, *RSA),
        *request[:-1],
        "Radius: Type = 26 (0x1A) Vendor-Specific",
        f"Radius: Length = {len(tunnel) + 8} (0x0C)",
        *chosen,
        request[-1],
        *radius_answer("0x9", 9, "0xd1", code, text="Enter PASSCODE:" if code == 11 else ""),
        *answered(5, "0xaa01", status, word),
    ]


def syslog(user: str, *messages: str) -> list[str]:
    return [message.format(user=user) for message in messages]


SELECTED = (
    "%ASA-6-734001: DAP: User {{user}}, Addr 1.2.3.4, Connection AnyConnect: The following DAP "
    "records were selected for this connection: {records}"
)
STARTED = "%ASA-6-113039: Group <G> User <{user}> IP <1.2.3.4> AnyConnect parent session started."
ACCEPTED = "%ASA-6-113004: AAA user authentication Successful : server = 10.9.0.1 : user = {user}"
LOCKED = (
    "%ASA-4-113040: Group <G> User <{user}> IP <1.2.3.4> Terminating the VPN connection attempt "
    "from CORP. Reason: This connection is group locked to STAFF."
)
FROM_CERTIFICATE = (
    "%ASA-5-113024: Group <CORP>: Authenticating ssl-client connection from <1.2.3.4> with "
    "username, {user}, from client certificate"
)


def parting(comparison: Comparison) -> tuple[str, str, str] | None:
    point = comparison.parting
    if point is None:
        return None
    assert point.first
    assert point.second
    return point.decision.value, point.first.value, point.second.value


@pytest.mark.parametrize(
    ("bad", "good", "wanted"),
    (
        (token("jdoe", 11), token("asmith", 2, tunnel="STAFF"), ("tunnel-group", "CORP", "STAFF")),
        (
            directory("jdoe", "52e", group="AD-OLD"),
            directory("asmith"),
            ("server-group", "AD-OLD", "AD"),
        ),
        (
            directory("jdoe", "52e", server="10.9.0.2"),
            directory("asmith"),
            ("server", "10.9.0.2", "10.9.0.1"),
        ),
        (
            directory("jdoe", "775"),
            directory("asmith"),
            ("primary-answer", "rejected, data 775", "accepted"),
        ),
        (
            directory("jdoe", "775"),
            directory("asmith", "52e"),
            ("primary-answer", "rejected, data 775", "rejected, data 52e"),
        ),
        (token("jdoe", 11), token("asmith", 2), ("primary-answer", "asked for more", "accepted")),
        (
            directory("jdoe", policy="GP-NOACCESS"),
            directory("asmith", policy="GP-STAFF"),
            ("group-policy", "GP-NOACCESS", "GP-STAFF"),
        ),
        (
            syslog("jdoe", ACCEPTED, SELECTED.format(records="Quarantine"), STARTED),
            syslog("asmith", ACCEPTED, SELECTED.format(records="Staff"), STARTED),
            ("access-policy", "Quarantine", "Staff"),
        ),
        (
            syslog("jdoe", ACCEPTED, LOCKED),
            syslog("asmith", ACCEPTED, STARTED),
            ("session", "refused", "allowed"),
        ),
    ),
)
def test_the_first_decision_that_differs_is_named_with_both_its_lines(
    bad: list[str], good: list[str], wanted: tuple[str, str, str]
) -> None:
    comparison = compare(seen(bad), seen(good))
    assert parting(comparison) == wanted
    point = comparison.parting
    assert point
    assert point.first
    assert point.second
    assert bad[point.first.evidence.line - 1] == point.first.evidence.text
    assert good[point.second.evidence.line - 1] == point.second.evidence.text
    until = comparison.points[: comparison.points.index(point)]
    assert Likeness.DIFFERENT not in {each.likeness for each in until}
    assert comparison.advice


def test_what_was_the_same_until_there_is_told() -> None:
    comparison = compare(seen(token("jdoe", 11)), seen(token("asmith", 2)))
    same = [each.decision.value for each in comparison.points if each.likeness is Likeness.SAME]
    assert same == ["tunnel-group", "server-group", "server"]


def test_unseen_is_not_different() -> None:
    comparison = compare(
        seen(syslog("jdoe", FROM_CERTIFICATE, ACCEPTED, STARTED)),
        seen(directory("asmith", policy="G")),
    )
    points = {each.decision: each for each in comparison.points}
    assert points[Decision.CERTIFICATE].likeness is Likeness.ONE_SIDED
    assert points[Decision.CERTIFICATE].second is None
    assert points[Decision.SERVER_GROUP].first is None
    assert comparison.parting is None
    assert "same debug" in comparison.advice


def test_one_debug_that_tells_more_is_no_difference() -> None:
    rejected = (
        "%ASA-6-113005: AAA user authentication Rejected : reason = AAA failure : "
        "server = 10.9.0.1 : user = {user} : user IP = 198.51.100.9"
    )
    comparison = compare(seen(syslog("jdoe", rejected)), seen(directory("asmith", "775")))
    assert comparison.parting is None


def test_a_second_answer_is_compared_with_a_second_answer() -> None:
    def login(user: str, status: int, word: str) -> list[str]:
        return [
            *directory(user)[:-4],
            *step("authentication to secondary server", "RSA", "10.9.0.5", user),
            *answered(5, "0xaa01", status, word),
            *closed(5, word),
        ]

    comparison = compare(seen(login("jdoe", -1, "REJECT")), seen(login("asmith", 1, "ACCEPT")))
    assert parting(comparison) == ("secondary-answer", "rejected", "accepted")


def test_the_document_names_attempts_decisions_and_evidence() -> None:
    document = comparison_document(compare(seen(directory("j", "775")), seen(directory("a"))))
    assert document["first"] == "1"
    assert document["parting"] == "primary-answer"
    point = next(each for each in document["points"] if each["decision"] == document["parting"])
    assert point["likeness"] == "different"
    assert set(point["first"]["evidence"]) == {"source", "line", "text"}
    server = next(each for each in document["points"] if each["decision"] == "session")
    assert server["second"]["value"] == "allowed"


@pytest.mark.parametrize("name", ("\x1b[2J", "'; drop", "ACCEPT", "x" * 250, "%s{user}<G>"))
def test_hostile_names_decide_nothing(name: str) -> None:
    comparison = compare(seen(directory(name, "775")), seen(directory("asmith")))
    assert parting(comparison) == ("primary-answer", "rejected, data 775", "accepted")
