"""Logins that only syslog tells of, and the joins between syslog and debug."""

from __future__ import annotations

import pytest

from diagnosis.scenes import answered, closed, ldap, opened, radius_answer, radius_request, text
from headend.diagnosis import diagnose, report
from headend.model.diagnosis import Cause, Diagnosis, Outcome, Stage
from headend.model.line import Line

REJECTED = (
    "%ASA-6-113005: AAA user authentication Rejected : reason = {} : server = 10.9.0.1 : "
    "user = {} : user IP = {}"
)


def only(*lines: str) -> Diagnosis:
    found = diagnose(list(lines))
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("reason", "cause"),
    (
        ("Account has been locked out", Cause.ACCOUNT_LOCKED),
        ("Account has been disabled", Cause.ACCOUNT_DISABLED),
        ("Users account has expired", Cause.ACCOUNT_EXPIRED),
        ("Password has expired", Cause.PASSWORD_EXPIRED),
        ("User was not found", Cause.ACCOUNT_UNKNOWN),
        ("Invalid password", Cause.BAD_CREDENTIALS),
        ("AAA failure", Cause.BAD_CREDENTIALS),
    ),
)
def test_reasons(reason: str, cause: Cause) -> None:
    found = only(REJECTED.format(reason, "bob", "1.2.3.4"))
    assert (found.user, found.client_ip, found.stage) == ("bob", "1.2.3.4", Stage.PRIMARY)
    assert found.causes[0].cause is cause
    assert (found.causes[0].confidence <= 0.5) is (reason == "AAA failure")


GROUP = "Group <GP> User <bob> IP <1.2.3.4> "


@pytest.mark.parametrize(
    ("line", "cause", "stage"),
    (
        (
            (
                f"%ASA-4-113040: {GROUP}Terminating the VPN connection attempt from <A>. "
                "Reason: This connection is group locked to <B>."
            ),
            Cause.TUNNEL_GROUP_WRONG,
            Stage.AUTHORIZATION,
        ),
        (
            f"%ASA-4-113029: {GROUP}Session could not be established: session limit of 9 reached.",
            Cause.LICENSE_EXHAUSTED,
            Stage.SESSION,
        ),
        (
            f"%ASA-6-113037: {GROUP}Reboot pending, new sessions disabled. Denied user login.",
            Cause.HEADEND_DRAINING,
            Stage.SESSION,
        ),
        (
            f"%ASA-4-113038: {GROUP}Unable to create AnyConnect parent session.",
            Cause.SIMULTANEOUS_LOGINS,
            Stage.GROUP_POLICY,
        ),
        (
            (
                "%ASA-5-734002: DAP: User bob, Addr 1.2.3.4: Connection terminated by the "
                "following DAP records: NO-AV"
            ),
            Cause.DAP_DENIED,
            Stage.GROUP_POLICY,
        ),
        (
            (
                "%ASA-4-722020: TunnelGroup <T> GroupPolicy <GP> User <bob> IP <1.2.3.4> No "
                "address available for SVC connection"
            ),
            Cause.ADDRESS_POOL_EXHAUSTED,
            Stage.SESSION,
        ),
        (
            f"%ASA-3-716057: {GROUP}Session terminated, no AnyConnect license available",
            Cause.LICENSE_EXHAUSTED,
            Stage.SESSION,
        ),
    ),
)
def test_refusals_after_the_servers_accept(line: str, cause: Cause, stage: Stage) -> None:
    found = only("%ASA-6-113008: AAA transaction status ACCEPT : user = bob", line)
    assert (found.user, found.client_ip, found.outcome) == ("bob", "1.2.3.4", Outcome.REJECTED)
    assert (found.causes[0].cause, found.stage) == (cause, stage)


@pytest.mark.parametrize(
    ("words", "cause"),
    (
        ("Certificate date is out-of-range", Cause.CERTIFICATE_EXPIRED),
        ("Certificate is revoked", Cause.CERTIFICATE_REVOKED),
        ("Unable to retrieve or verify CRL", Cause.CERTIFICATE_REVOCATION_UNAVAILABLE),
        ("No suitable trustpoints found to validate chain", Cause.CERTIFICATE_UNTRUSTED),
        ("Incorrect extended key usage", Cause.CERTIFICATE_USAGE),
    ),
)
def test_certificate_failures(words: str, cause: Cause) -> None:
    found = only(
        "%ASA-7-717025: Validating certificate chain containing 1 certificate(s).",
        f"%ASA-3-717009: Certificate validation failed. {words}, serial number: 1F, "
        "subject name: cn=e.haas,o=Ex.",
        f"%ASA-3-717027: Certificate chain failed validation. {words}.",
    )
    assert (found.stage, found.causes[0].cause) == (Stage.CERTIFICATE, cause)
    assert "e.haas" in found.causes[0].summary


def test_a_certificate_that_passed_belongs_to_the_user_it_names() -> None:
    found = only(
        "%ASA-6-717022: Certificate was successfully validated. serial number: 1F, "
        "subject name: cn=bob,o=Ex.",
        REJECTED.format("Invalid password", "bob", "1.2.3.4"),
    )
    assert found.stages[1].state.value == "passed"


def test_shunned_address_and_dead_server() -> None:
    shun = only(
        "%ASA-4-733201: Threat-detection: Service[remote-access-authentication] Peer[1.2.3.4]: "
        "failure threshold of 20 exceeded: adding shun to interface outside."
    )
    assert (shun.client_ip, shun.causes[0].cause) == ("1.2.3.4", Cause.CLIENT_SHUNNED)
    dead = only(
        "%ASA-2-113022: AAA Marking RADIUS server 10.1.1.5 in aaa-server group RSA as FAILED",
        "%ASA-6-113014: AAA authentication server not accessible : server =  10.1.1.5 : user = bob",
    )
    assert (dead.outcome, dead.causes[0].cause) == (Outcome.TIMEOUT, Cause.SERVER_UNREACHABLE)
    assert len(dead.causes[0].evidence) == 2
    assert dead.server_group == "RSA"


def test_challenge_in_syslog() -> None:
    asked = "%ASA-6-113010: AAA challenge received for user bob from server 10.1.1.5."
    assert only(asked).causes[0].cause is Cause.TOKEN_REQUIRED
    found = only(asked, REJECTED.format("AAA failure", "bob", "1.2.3.4"))
    assert (found.stage, found.causes[0].cause) == (Stage.CHALLENGE, Cause.TOKEN_REJECTED)


def test_admin_login_is_told_apart() -> None:
    found = only(
        "%ASA-6-113012: AAA user authentication Successful : local database : user = admin",
        "%ASA-6-113008: AAA transaction status ACCEPT : user = admin",
        "%ASA-6-611101: User authentication succeeded: IP address: 10.0.0.8, Uname: admin",
        '%ASA-6-605005: Login permitted from 10.0.0.8/61 to inside:10.0.0.1/ssh for user "admin"',
    )
    assert (found.admin_login, found.outcome) == (True, Outcome.ACCEPTED)
    vpn = only("%ASA-6-113012: AAA user authentication Successful : local database : user = bob")
    assert not vpn.admin_login


def test_debug_and_its_syslog_are_one_attempt_even_if_the_name_is_hidden() -> None:
    debug = text(
        opened(5, "0xaa", "jdoe", "AD", "10.9.0.1"),
        ldap(3, "jdoe", "532"),
        answered(5, "0xaa", -1, "REJECT"),
        closed(5, "REJECT"),
    )
    found = diagnose(debug + "\n" + REJECTED.format("AAA failure", "*****", "1.2.3.4"))
    assert [(one.user, one.client_ip) for one in found] == [("jdoe", "1.2.3.4")]
    assert found[0].witnesses == {"debug": "rejected", "counters": None, "syslog": "rejected"}
    assert [one.cause for one in found[0].causes] == [Cause.PASSWORD_EXPIRED]


def test_a_hidden_name_never_joins_two_people() -> None:
    debug = text(ldap(3, "jdoe", "52e"), ldap(4, "asmith", "52e"))
    found = diagnose(debug + "\n" + REJECTED.format("AAA failure", "*****", "1.2.3.4"))
    assert [one.user for one in found] == ["jdoe", "asmith", None]
    twice = [REJECTED.format("AAA failure", "*****", "1.2.3.4")] * 2
    assert len(diagnose(twice)) == 2


def test_two_tries_are_two_attempts() -> None:
    lines = [
        REJECTED.format("Invalid password", "bob", "1.2.3.4"),
        "%ASA-6-113004: AAA user authentication Successful : server =  10.9.0.1 : user = bob",
        "%ASA-6-113008: AAA transaction status ACCEPT : user = bob",
    ]
    assert [one.outcome for one in diagnose(lines)] == [Outcome.REJECTED, Outcome.ACCEPTED]


def test_time_and_headend_keep_attempts_apart() -> None:
    late = "Nov 20 2026 10:{}:00 {} : " + REJECTED.format("AAA failure", "bob", "1.2.3.4")
    accept = "Nov 20 2026 10:{}:00 {} : %ASA-6-113008: AAA transaction status ACCEPT : user = bob"
    ok = "%ASA-6-113004: AAA user authentication Successful : server =  10.9.0.1 : user = bob"
    first = f"Nov 20 2026 10:00:00 a : {ok}"
    assert len(diagnose([first, accept.format("00", "a")])) == 1
    assert len(diagnose([first, accept.format("09", "a")])) == 2
    assert len(diagnose([first, late.format("00", "b")])) == 2


def test_files_join_only_by_name_and_address() -> None:
    debug = [
        *radius_request("0x9", 9, "0xd1", "jdoe", "10.9.0.5", client="1.2.3.4"),
        *radius_answer("0x9", 9, "0xd1", 3),
    ]
    lines = [Line("debug.txt", number, one) for number, one in enumerate(debug, 1)]
    same = Line("syslog.txt", 1, REJECTED.format("AAA failure", "jdoe", "1.2.3.4"))
    other = Line("syslog.txt", 1, REJECTED.format("AAA failure", "jdoe", "1.2.3.9"))
    assert len(report([*lines, same]).attempts) == 1
    assert len(report([*lines, other]).attempts) == 2
