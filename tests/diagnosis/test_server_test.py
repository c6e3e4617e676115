"""The reply to ``test aaa-server`` and the counters around it in, an outcome out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headend.diagnosis.server_test import judge, worth_repeating
from headend.model.servers import AaaServer, Outcome, ServerGroup, ServerTest

RSA = ServerGroup("RSA", "radius")
FIRST = "INFO: Attempting Authentication test to IP address <10.1.1.5> (timeout: 12 seconds)\n"
NONE = {"accepts": 0, "rejects": 0, "challenges": 0, "timeouts": 0, "bad authenticators": 0}
SILENT = "ERROR: Authentication Server not responding: AAA Server has been removed"


def server(state: str = "ACTIVE", **counters: Any) -> AaaServer:
    named = {name.replace("_", " "): count for name, count in counters.items()}
    return AaaServer("10.1.1.5", state=state, counters=NONE | named)


def judged(words: str, *, asked: bool = True, **rises: Any) -> ServerTest:
    reply = f"{FIRST}{words}" if asked else words
    return judge(RSA, "10.1.1.5", (reply, asked), (server(), server(**rises)))


@pytest.mark.parametrize(
    ("words", "rises", "outcome", "answered"),
    (
        ("INFO: Authentication Successful", {"accepts": 1}, "accepted", True),
        ("ERROR: Authentication Rejected: AAA failure", {"rejects": 1}, "rejected", True),
        ("ERROR: Authentication Rejected: Unspecified", {"challenges": 1}, "challenged", True),
        ("ERROR: Authentication Challenged: No error", {"challenges": 1}, "challenged", True),
        (SILENT, {"timeouts": 3}, "silent", False),
        ("ERROR: Authentication Server not responding: No error", {}, "silent", False),
        (SILENT, {"timeouts": 3, "bad_authenticators": 3}, "silent", True),
        (SILENT, {"rejects": 1}, "silent", True),
        ("ERROR: Authentication Postponed: Tuesday", {}, "unknown", False),
        ("", {}, "unknown", False),
        ("INFO: Authorization Successful", {}, "unknown", False),
    ),
)
def test_replies(words: str, rises: dict[str, Any], outcome: str, *, answered: bool) -> None:
    found = judged(words, **rises)
    assert (found.outcome, found.answered) == (outcome, answered)
    assert found.reason
    assert found.remedy


@pytest.mark.parametrize(
    "words", ("ERROR: aaa-server group RSA does not exist", "Command authorization failed", "")
)
def test_where_no_password_was_asked_for_nothing_was_tested(words: str) -> None:
    found = judged(words, asked=False)
    assert (found.outcome, found.words) == (Outcome.REFUSED, words)


def test_an_unknown_reply_is_shown_and_not_guessed() -> None:
    found = judged("ERROR: Authentication Postponed: Tuesday")
    assert found.words == "ERROR: Authentication Postponed: Tuesday"
    assert "not known here" in found.reason


def test_the_counters_agree_disagree_or_were_cleared() -> None:
    accepted = "INFO: Authentication Successful"
    assert judged(accepted, accepts=1).witness == "Counters: accepts +1"
    assert judged(accepted, timeouts=1).witness == (
        "Counters: timeouts +1, and accepts should have"
    )
    assert judged(accepted).witness == "Counters: none rose, and accepts should have"
    cleared = judge(RSA, "10.1.1.5", (FIRST + accepted, True), (server(accepts=9), server()))
    assert cleared.rises is None
    unseen = judge(RSA, "10.1.1.5", (FIRST + accepted, True), (None, server()))
    assert "could not be compared" in unseen.witness


@pytest.mark.parametrize(
    ("state", "words", "rises", "repeated"),
    (
        ("FAILED", SILENT, {"timeouts": 1}, True),
        ("FAILED", SILENT, {}, True),
        ("ACTIVE", SILENT, {"timeouts": 1}, False),
        ("FAILED", SILENT, {"rejects": 1}, False),
        ("FAILED", SILENT, {"bad_authenticators": 1}, False),
        ("FAILED", "ERROR: Authentication Rejected: AAA failure", {}, False),
        ("FAILED", "ERROR: Authentication Postponed: Tuesday", {}, False),
    ),
)
def test_only_silence_of_a_failed_server_is_repeated(
    state: str, words: str, rises: dict[str, Any], *, repeated: bool
) -> None:
    before = server(state)
    found = judge(RSA, "10.1.1.5", (FIRST + words, True), (before, server(state, **rises)))
    assert worth_repeating(found, before) is repeated
    assert not worth_repeating(found, None)


def test_silence_names_the_bind_account_only_for_a_directory() -> None:
    directory = ServerGroup("AD", "ldap")
    found = judge(directory, "10.1.1.5", (FIRST + SILENT, True), (server(), server()))
    assert "ldap-login-dn" in found.remedy
    assert "first test may still fail" in found.remedy
    assert "ldap-login-dn" not in judged(SILENT).remedy
    again = judge(directory, "10.1.1.5", (FIRST + SILENT, True), (None, None), again=True)
    assert "first test" not in again.remedy


@given(st.text(), st.booleans())
def test_any_reply_has_an_outcome(text: str, asked: bool) -> None:  # noqa: FBT001 - hypothesis
    found = judge(RSA, "10.1.1.5", (text, asked), (None, None))
    assert found.outcome in {Outcome.REFUSED, Outcome.UNKNOWN} or "Authentication" in text
