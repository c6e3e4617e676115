"""Whole logins through debug, each with the verdict that an engineer would give."""

from __future__ import annotations

import pytest

from diagnosis.scenes import (
    answered,
    closed,
    ldap,
    opened,
    radius_answer,
    radius_request,
    step,
    text,
)
from headend.diagnosis import diagnose
from headend.model.diagnosis import Cause, Diagnosis, Outcome, Stage, StageState

PTR = "0xaa01"
RSA = opened(5, PTR, "jdoe", "RSA", "10.9.0.5")
ASK = radius_request("0x9", 9, "0xd1", "jdoe", "10.9.0.5")
REJECT = radius_answer("0x9", 9, "0xd1", 3)


def challenge(words: str) -> list[str]:
    return [*ASK, *radius_answer("0x9", 9, "0xd1", 11, text=words, state="S1")]


def reply(code: int, *, words: str = "", empty: bool = False) -> list[str]:
    request = radius_request("0x9", 10, "0xd2", "jdoe", "10.9.0.5", state="S1", empty=empty)
    return [*request, *radius_answer("0x9", 10, "0xd2", code, text=words)]


def only(*parts: list[str]) -> Diagnosis:
    found = diagnose(text(*parts))
    assert len(found) == 1
    return found[0]


def state(diagnosis: Diagnosis, stage: Stage) -> StageState:
    return next(one.state for one in diagnosis.stages if one.stage is stage)


@pytest.mark.parametrize(
    ("code", "cause"),
    (
        ("525", Cause.ACCOUNT_UNKNOWN),
        ("52e", Cause.BAD_CREDENTIALS),
        ("530", Cause.LOGON_HOURS),
        ("531", Cause.LOGON_WORKSTATION),
        ("532", Cause.PASSWORD_EXPIRED),
        ("533", Cause.ACCOUNT_DISABLED),
        ("701", Cause.ACCOUNT_EXPIRED),
        ("773", Cause.PASSWORD_MUST_CHANGE),
        ("775", Cause.ACCOUNT_LOCKED),
    ),
)
def test_directory_sub_codes(code: str, cause: Cause) -> None:
    found = only(ldap(4, "jdoe", code))
    assert (found.user, found.outcome, found.stage) == ("jdoe", Outcome.REJECTED, Stage.PRIMARY)
    assert found.causes[0].cause is cause
    assert any(code in proof.text for proof in found.causes[0].evidence)
    assert found.settled


def test_password_was_right_is_said_of_533_and_never_of_52e_or_775() -> None:
    assert "password was right" in only(ldap(4, "jdoe", "533")).causes[0].summary
    for code in ("52e", "775", "525"):
        assert "right" not in only(ldap(4, "jdoe", code)).causes[0].summary


def test_unknown_sub_code_is_no_guess_at_an_account_cause() -> None:
    found = only(ldap(4, "jdoe", "999"))
    assert {one.cause for one in found.causes} == {Cause.BAD_CREDENTIALS}
    assert found.causes[0].confidence <= 0.6


def test_challenge_unanswered() -> None:
    found = only(RSA, challenge("Enter PASSCODE:"), answered(5, PTR, 2, "CHALLENGE"))
    assert (found.outcome, found.stage) == (Outcome.CHALLENGED, Stage.CHALLENGE)
    assert found.causes[0].cause is Cause.TOKEN_REQUIRED
    assert '"Enter PASSCODE:"' in found.causes[0].summary
    assert (found.server_group, found.client_ip) == ("RSA", "198.51.100.9")
    assert not found.settled
    assert state(found, Stage.AUTHORIZATION) is StageState.NOT_REACHED


def test_challenge_settles_when_its_session_closes() -> None:
    found = only(
        RSA,
        challenge("Enter PASSCODE:"),
        answered(5, PTR, 2, "CHALLENGE"),
        ["AAA API: In aaa_close", "In aaai_close_session (5)"],
    )
    assert (found.outcome, found.settled) == (Outcome.CHALLENGED, True)


@pytest.mark.parametrize(
    ("words", "cause"),
    (
        ("Wait for token to change, then enter the new tokencode:", Cause.TOKEN_NEXT_CODE),
        ("Enter Next PASSCODE:", Cause.TOKEN_NEXT_CODE),
        ("Enter your new Alpha-Numerical PIN, containing 4 to 8 digits", Cause.TOKEN_NEW_PIN),
        ("Do you want to enter your own pin", Cause.TOKEN_NEW_PIN),
        ("A push was sent to your phone", Cause.MFA_TIMEOUT),
    ),
)
def test_what_a_challenge_asks_for(words: str, cause: Cause) -> None:
    found = only(RSA, challenge(words), answered(5, PTR, 2, "CHALLENGE"))
    assert found.causes[0].cause is cause


def test_challenge_and_answer_are_one_accepted_attempt() -> None:
    found = only(
        RSA,
        challenge("Enter PASSCODE:"),
        answered(5, PTR, 2, "CHALLENGE"),
        reply(2),
        answered(5, PTR, 1, "ACCEPT"),
        closed(5, "ACCEPT"),
    )
    assert (found.outcome, found.stage) == (Outcome.ACCEPTED, None)
    assert [one.cause for one in found.causes] == [Cause.NONE]
    assert state(found, Stage.CHALLENGE) is StageState.PASSED
    assert state(found, Stage.TLS) is StageState.UNSEEN


@pytest.mark.parametrize(
    ("words", "empty", "cause"),
    (
        ("", False, Cause.TOKEN_REJECTED),
        ("", True, Cause.TOKEN_REQUIRED),
        ("Push was denied by user", False, Cause.MFA_DENIED),
        ("Duo push timed out", False, Cause.MFA_TIMEOUT),
        ("Account locked out", False, Cause.ACCOUNT_LOCKED),
    ),
)
def test_reject_after_challenge(words: str, empty: bool, cause: Cause) -> None:  # noqa: FBT001
    found = only(
        RSA,
        challenge("Enter PASSCODE:"),
        answered(5, PTR, 2, "CHALLENGE"),
        reply(3, words=words, empty=empty),
        answered(5, PTR, -1, "REJECT"),
        closed(5, "REJECT"),
    )
    assert (found.outcome, found.stage) == (Outcome.REJECTED, Stage.CHALLENGE)
    assert found.causes[0].cause is cause


def test_bare_reject_is_a_guess_and_says_so() -> None:
    ise = opened(5, PTR, "jdoe", "ISE", "10.9.0.5")
    found = only(ise, ASK, REJECT, answered(5, PTR, -1, "REJECT"), closed(5, "REJECT"))
    assert [one.cause for one in found.causes] == [Cause.BAD_CREDENTIALS]
    assert found.causes[0].confidence <= 0.5


def test_bare_reject_of_a_token_group_names_the_token_too() -> None:
    found = only(RSA, ASK, REJECT, answered(5, PTR, -1, "REJECT"), closed(5, "REJECT"))
    causes = {one.cause for one in found.causes}
    assert causes == {Cause.BAD_CREDENTIALS, Cause.TOKEN_REJECTED, Cause.TOKEN_REQUIRED}
    assert all(one.confidence <= 0.5 for one in found.causes)


SILENT = [
    *ASK,
    "RADIUS_SENT:server response timeout",
    "send pkt 10.9.0.5/1812",
    "RADIUS_SENT:server response timeout",
    "RADIUS_DELETE",
    "remove_req 0xd1 session 0x9 id 9",
]


def test_three_sends_are_one_silent_attempt() -> None:
    found = only(SILENT)
    assert (found.outcome, found.stage) == (Outcome.TIMEOUT, Stage.PRIMARY)
    assert found.causes[0].cause is Cause.SERVER_UNREACHABLE


def test_a_second_server_that_answers_makes_the_silence_harmless() -> None:
    next_one = radius_request("0xa", 10, "0xd2", "jdoe", "10.9.0.6")
    found = only(SILENT, next_one, radius_answer("0xa", 10, "0xd2", 2))
    assert found.outcome is Outcome.ACCEPTED


def test_wrong_secret_is_not_called_a_silent_server() -> None:
    found = only(
        ASK,
        ["rip 0xd1 state 7 id 9", "rad_vrfy() : bad req auth"],
        ["RADIUS_SENT:server response timeout", "remove_req 0xd1 session 0x9 id 9"],
    )
    assert found.outcome is Outcome.ERROR
    assert [one.cause for one in found.causes] == [Cause.SERVER_SECRET_MISMATCH]


def test_the_headends_own_bind_is_not_the_users_password() -> None:
    head = ldap(3, "jdoe")[:7]
    found = only(
        head,
        [
            "[3] Simple authentication for svc-lookup returned code (49) Invalid credentials",
            (
                "[3] Message (svc-lookup): 80090308: LdapErr: DSID-0C09044E, comment: "
                "AcceptSecurityContext error, data 52e, v2580"
            ),
            "[3] Failed to bind as administrator returned code (49) Invalid credentials",
            "[3] Fiber exit Tx=1 bytes Rx=1 bytes, status=-3",
            "[3] Session End",
        ],
    )
    assert found.user is None
    assert found.outcome is Outcome.ERROR
    assert [one.cause for one in found.causes] == [Cause.SERVER_BIND_FAILED]


def test_a_bind_whose_beginning_was_cut_off_is_not_called_the_headends() -> None:
    lines = ldap(-7, "jdoe", "533")
    bind = max(n for n, line in enumerate(lines) if "Performing Simple" in line)
    found = only(lines[bind:])
    assert (found.user, found.causes[0].cause) == ("jdoe", Cause.ACCOUNT_DISABLED)


def test_directory_down_and_search_without_entry() -> None:
    down = [
        "[3] Session Start",
        "[3] New request Session, context 0x1, reqType = Authentication",
        "[3] Connect to LDAP server: ldap://10.9.0.1:389, status = Failed",
        "[3] Unable to read rootDSE. Can't contact LDAP server.",
        "[3] Fiber exit Tx=0 bytes Rx=0 bytes, status=-2",
        "[3] Session End",
    ]
    assert only(down).causes[0].cause is Cause.SERVER_UNREACHABLE
    ghost = [
        *ldap(3, "ghost")[:11],
        "[3] Search result parsing returned failure status",
        "[3] Fiber exit Tx=0 bytes Rx=0 bytes, status=-1",
        "[3] Session End",
    ]
    found = only(ghost)
    assert (found.user, found.causes[0].cause) == ("ghost", Cause.ACCOUNT_UNKNOWN)


def test_secondary_server_that_rejects() -> None:
    found = only(
        opened(5, PTR, "jdoe", "AD", "10.9.0.1"),
        ldap(3, "jdoe"),
        answered(5, PTR, 1, "ACCEPT"),
        step("authentication to secondary server", "RSA", "10.9.0.5", "jdoe"),
        ASK,
        REJECT,
        answered(5, PTR, -1, "REJECT"),
        closed(5, "REJECT"),
    )
    assert (found.outcome, found.stage) == (Outcome.REJECTED, Stage.SECONDARY)
    assert found.causes[0].cause is Cause.TOKEN_REJECTED
    assert (found.server_group, found.server) == ("RSA", "10.9.0.5")
    assert state(found, Stage.PRIMARY) is StageState.PASSED


def test_policy_look_up_is_no_second_user() -> None:
    found = only(
        opened(5, PTR, "jdoe", "AD", "10.9.0.1"),
        ldap(3, "jdoe", policy="GP-STAFF"),
        answered(5, PTR, 1, "ACCEPT"),
        step("tunnel group policy lookup", "GROUP_POLICY_DB", "<Internal Server>", "GP-STAFF"),
        answered(5, PTR, 1, "ACCEPT", "Tunnel Group Policy"),
        ["Checking simultaneous login restriction (max allowance=3) for user jdoe"],
        closed(5, "ACCEPT"),
    )
    assert (found.user, found.group_policy, found.server) == ("jdoe", "GP-STAFF", "10.9.0.1")
    assert state(found, Stage.AUTHORIZATION) is StageState.PASSED


@pytest.mark.parametrize(
    ("allowed", "policy", "cause"),
    (
        (0, "GP-STAFF", Cause.GROUP_POLICY_DENIED),
        (0, "NOACCESS", Cause.GROUP_NOT_AUTHORIZED),
        (1, "GP-STAFF", Cause.SIMULTANEOUS_LOGINS),
    ),
)
def test_login_limit(allowed: int, policy: str, cause: Cause) -> None:
    found = only(
        opened(5, PTR, "jdoe", "AD", "10.9.0.1"),
        ldap(3, "jdoe", policy=policy),
        answered(5, PTR, 1, "ACCEPT"),
        [f"Checking simultaneous login restriction (max allowance={allowed}) for user jdoe"],
        closed(5, "REJECT"),
    )
    assert found.outcome is Outcome.REJECTED
    assert found.causes[0].cause is cause


def test_policy_that_does_not_exist() -> None:
    found = only(
        opened(5, PTR, "jdoe", "AD", "10.9.0.1"),
        ldap(3, "jdoe"),
        answered(5, PTR, 1, "ACCEPT"),
        step("user group policy lookup", "GROUP_POLICY_DB", "<Internal Server>", "GP-GONE"),
        answered(5, PTR, -1, "REJECT", "User Group Policy"),
        closed(5, "REJECT"),
    )
    assert found.causes[0].cause is Cause.GROUP_POLICY_MISSING
    assert "GP-GONE" in found.causes[0].summary


def test_a_capture_that_ends_early_is_incomplete_and_unknown() -> None:
    found = only(RSA)
    assert (found.outcome, found.stage) == (Outcome.INCOMPLETE, None)
    assert [one.cause for one in found.causes] == [Cause.UNKNOWN]
    assert all(one.state is StageState.UNSEEN for one in found.stages)
    assert all(one.hint for one in found.stages)


def test_a_session_closed_before_any_answer_is_the_clients_doing() -> None:
    found = only(RSA, ["AAA API: In aaa_close", "In aaai_close_session (5)"])
    assert found.causes[0].cause is Cause.CLIENT_ABORTED


def test_lines_cut_at_80_columns_are_put_together() -> None:
    whole = text(ldap(-2147483630, "jdoe", "533"))
    cut = [line[at : at + 80] for line in whole.split("\n") for at in range(0, len(line), 80)]
    found = diagnose(cut)
    assert [one.causes[0].cause for one in found] == [Cause.ACCOUNT_DISABLED]


def test_certificate_debug() -> None:
    found = only(
        [
            "CRYPTO_PKI: Looking for suitable trustpoints...",
            (
                "CRYPTO_PKI: No suitable trustpoints found to validate certificate serial number: "
                "1F, subject name: cn=jdoe, issuer name: cn=old ."
            ),
        ]
    )
    assert (found.outcome, found.stage) == (Outcome.REJECTED, Stage.CERTIFICATE)
    assert found.causes[0].cause is Cause.CERTIFICATE_UNTRUSTED
