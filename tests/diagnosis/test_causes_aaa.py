# ruff: noqa: E501 - a table of logins, one a line
"""Each cause of the authentication side: a login that has it, and one that only looks so."""

from __future__ import annotations

import pytest

from diagnosis.scenes import (
    answered,
    attribute,
    closed,
    hexed,
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
AD, RADIUS = "10.9.0.1", "10.9.0.5"
OPEN = opened(5, PTR, "jdoe", "AD", AD)
ISE = opened(5, PTR, "jdoe", "ISE", RADIUS)
RSA = opened(5, PTR, "jdoe", "RSA", RADIUS)
ASK = radius_request("0x9", 9, "0xd1", "jdoe", RADIUS)
NO = [*answered(5, PTR, -1, "REJECT"), *closed(5, "REJECT")]
YES = [*answered(5, PTR, 1, "ACCEPT"), *closed(5, "ACCEPT")]
SILENT = [
    *ASK,
    "RADIUS_SENT:server response timeout",
    "RADIUS_DELETE",
    "remove_req 0xd1 session 0x9 id 9",
]
GONE = [*answered(5, PTR, -3, "UNAVAILABLE"), *closed(5, "UNAVAILABLE")]
STAMP = "Nov 23 2026 08:14:{:02} vpn-1 : %ASA-7-711001: {}"


def said(words: str, user: str = "jdoe", code: int = 3) -> list[str]:
    ask = radius_request("0x9", 9, "0xd1", user, RADIUS)
    return [*ask, *radius_answer("0x9", 9, "0xd1", code, text=words)]


def challenged(words: str, answer: int | None = None, reply: str = "") -> list[str]:
    asked = radius_answer("0x9", 9, "0xd1", 11, text=words, state="S1")
    lines = [*RSA, *ASK, *asked, *answered(5, PTR, 2, "CHALLENGE")]
    if answer is not None:
        lines += radius_request("0x9", 10, "0xd2", "jdoe", RADIUS, state="S1")
        lines += radius_answer("0x9", 10, "0xd2", answer, text=reply)
        lines += YES if answer == 2 else NO
    return lines


def mschap(error: str) -> list[str]:
    """A reject with an MS-CHAP-Error, as Network Policy Server sends it."""
    answer = radius_answer("0x9", 9, "0xd1", 3)
    at = answer.index("rad_procpkt: REJECT")
    data = f"\x01{error}"
    vendor = [
        "Radius: Type = 26 (0x1A) Vendor-Specific",
        f"Radius: Length = {len(data) + 8} (0x{len(data) + 8:02X})",
        "Radius: Vendor ID = 311 (0x00000137)",
        "Radius: Type = 2 (0x02) MS-CHAP-Error",
        f"Radius: Length = {len(data) + 2} (0x{len(data) + 2:02X})",
        "Radius: Value (String) = ",
        *hexed(data),
    ]
    return [*ISE, *ASK, *answer[:at], *vendor, *answer[at:], *NO]


def looked_up(*attributes: str) -> list[str]:
    """A directory that lets the user in, with attributes; AAA refuses the login afterwards."""
    lines = ldap(3, "jdoe")
    shown = ["[3] Retrieved User Attributes:", *(f"[3]   {one}" for one in attributes)]
    return [*OPEN, *lines[:-2], *shown, *lines[-2:], *NO]


def refused_by_directory(*said_of_user: str, code: str = "49") -> list[str]:
    """A refused bind without a sub-code of Active Directory."""
    return [
        *ldap(3, "jdoe")[:14],
        f"[3] Simple authentication for jdoe returned code ({code}) text",
        "[3] Processing LDAP response for user jdoe",
        *(f"[3] Message (jdoe): {one}" for one in said_of_user),
        "[3] Fiber exit Tx=1 bytes Rx=2 bytes, status=-1",
        "[3] Session End",
    ]


def own_bind(code: str) -> list[str]:
    """A directory that refuses the headend's own account."""
    return [
        *ldap(3, "jdoe")[:7],
        "[3] Simple authentication for svc-lookup returned code (49) Invalid credentials",
        f"[3] Message (svc-lookup): 80090308: LdapErr: DSID-0, comment: x, data {code}, v1db1",
        "[3] Failed to bind as administrator returned code (49) Invalid credentials",
        "[3] Fiber exit Tx=1 bytes Rx=1 bytes, status=-3",
        "[3] Session End",
    ]


def ldap_down(scheme: str) -> list[str]:
    return [
        "[3] Session Start",
        "[3] New request Session, context 0x1, reqType = Authentication",
        f"[3] Connect to LDAP server: {scheme}://{AD}:636, status = Failed",
        "[3] Unable to read rootDSE. Can't contact LDAP server.",
        "[3] Fiber exit Tx=0 bytes Rx=0 bytes, status=-2",
        "[3] Session End",
    ]


def tacacs(*said_by_server: str, user: str = "jdoe", key: str = "118") -> list[str]:
    """A TACACS+ session that answers the password with ``said_by_server``."""
    return [
        f"mk_pkt - type: 0x1, session_id: {key}",
        f" user: {user}",
        " Tacacs packet sent",
        f"Sending TACACS Start message. Session id: {key}, seq no:1",
        f"Received TACACS packet. Session id:{key}  seq no:2",
        "tacp_procpkt_authen: GETPASS",
        "Authen Message: Password: ",
        "mkpkt_continue - response: ***",
        f"Sending TACACS Continue message. Session id: {key}, seq no:3",
        f"Received TACACS packet. Session id:{key}  seq no:4",
        *said_by_server,
        f"TACACS Session finished. Session id: {key}, seq no: 3",
    ]


def sdi(*words: str) -> list[str]:
    lines = ["SDI: sd_init ok", "SDI: Trying to authenticate user jdoe"]
    return [*opened(5, PTR, "jdoe", "RSA_SDI", RADIUS), *lines, *words]


def kerberos(*errors: str) -> list[str]:
    lines = []
    for error in errors:
        lines += [
            "kerberos mkreq: 0x4",
            "alloc_kip 0x6ca5ea10",
            "    new request 0x4 --> 0 (0x6ca5ea10)",
            "add_req 0x6ca5ea10 session 0x4 id 0",
            "In kerberos_send_request",
            "Kerberos: Message type KRB_AS_REQ",
            "Kerberos: Client Name jdoe",
            f"Kerberos: {error}",
            "In kerberos_close_connection",
            "remove_req 0x6ca5ea10 session 0x4 id 0",
            "free_kip 0x6ca5ea10",
        ]
    return lines


def failure(code: int, words: str) -> str:
    return f"Error type: {words}, {code - 1765328384} (0x96c73a00)"


PROVE = failure(25, "Additional pre-authentication required")
HANDSHAKE = (
    "%ASA-6-725006: Device failed SSL handshake with server inside:10.0.0.2/32813 to 10.9.0.1/636"
)
CLOCK = (
    "%ASA-5-771002: CLOCK: System clock set, source: NTP, IP: 10.1.1.1, before: {}.123 UTC Mon "
    "Nov 23 2026, after: {}.456 UTC Mon Nov 23 2026"
)
JUMP = CLOCK.format("08:10:00", "08:15:30")
SECOND = CLOCK.format("08:10:00", "08:10:01")
REJECT = (
    "%ASA-6-113005: AAA user authentication Rejected : reason = {} : server = 10.9.0.1 : "
    "user = jdoe : user IP = 198.51.100.9"
)
ERROR = "%ASA-6-113013: AAA unable to complete the request Error : reason = {} : user = jdoe"


def only(lines: list[str]) -> Diagnosis:
    found = diagnose(text(lines))
    assert [one.user for one in found] == [found[0].user]
    return found[0]


P, C, S, A, G = (
    Stage.PRIMARY,
    Stage.CHALLENGE,
    Stage.SECONDARY,
    Stage.AUTHORIZATION,
    Stage.GROUP_POLICY,
)


@pytest.mark.parametrize(
    ("lines", "cause", "stage"),
    (
        ([*OPEN, *ldap(3, "jdoe", "52e"), *NO], Cause.BAD_CREDENTIALS, P),
        (mschap("E=691 R=1 V=3"), Cause.BAD_CREDENTIALS, P),
        ([*ISE, *said("Reason Code: 16"), *NO], Cause.BAD_CREDENTIALS, P),
        (kerberos(PROVE, failure(24, "Preauthentication failed")), Cause.BAD_CREDENTIALS, P),
        ([REJECT.format("Invalid password")], Cause.BAD_CREDENTIALS, P),
        (ldap(3, "jdoe", "525"), Cause.ACCOUNT_UNKNOWN, P),
        ([*ISE, *said("22056 Subject not found in the identity store"), *NO], Cause.ACCOUNT_UNKNOWN, P),
        (refused_by_directory(code="32"), Cause.ACCOUNT_UNKNOWN, P),
        (kerberos(failure(6, "Client not found in Kerberos database")), Cause.ACCOUNT_UNKNOWN, P),
        (ldap(3, "jdoe", "775"), Cause.ACCOUNT_LOCKED, P),
        ([*ISE, *said("NPS reject, reason-code = 36"), *NO], Cause.ACCOUNT_LOCKED, P),
        (refused_by_directory("Exceed password retry limit."), Cause.ACCOUNT_LOCKED, P),
        (looked_up("pwdAccountLockedTime: value = 20261123081403Z"), Cause.ACCOUNT_LOCKED, P),
        (ldap(3, "jdoe", "533"), Cause.ACCOUNT_DISABLED, P),
        (mschap("E=647 R=0 V=3"), Cause.ACCOUNT_DISABLED, P),
        (looked_up("userAccountControl: value = 514"), Cause.ACCOUNT_DISABLED, P),
        (refused_by_directory("Account inactivated.", code="53"), Cause.ACCOUNT_DISABLED, P),
        (ldap(3, "jdoe", "701"), Cause.ACCOUNT_EXPIRED, P),
        (kerberos(failure(1, "Client's entry in database has expired")), Cause.ACCOUNT_EXPIRED, P),
        (ldap(3, "jdoe", "532"), Cause.PASSWORD_EXPIRED, P),
        (mschap("E=648 R=0 C=00112233445566778899AABBCCDDEEFF V=3 M=x"), Cause.PASSWORD_EXPIRED, P),
        (mschap("E=999 R=0 V=3 M=Your password has expired"), Cause.PASSWORD_EXPIRED, P),
        (kerberos(failure(23, "Password has expired")), Cause.PASSWORD_EXPIRED, P),
        (challenged("Your password has expired. Enter a new one"), Cause.PASSWORD_EXPIRED, C),
        (ldap(3, "jdoe", "773"), Cause.PASSWORD_MUST_CHANGE, P),
        (looked_up("pwdLastSet: value = 0"), Cause.PASSWORD_MUST_CHANGE, P),
        (mschap("E=709 R=0 V=3"), Cause.PASSWORD_MUST_CHANGE, P),
        (challenged("Please change your password:", 3), Cause.PASSWORD_MUST_CHANGE, C),
        (ldap(3, "jdoe", "530"), Cause.LOGON_HOURS, P),
        (mschap("E=646 R=0 V=3"), Cause.LOGON_HOURS, P),
        (ldap(3, "jdoe", "531"), Cause.LOGON_WORKSTATION, P),
        (challenged("Enter PASSCODE:"), Cause.TOKEN_REQUIRED, C),
        ([*ISE, *said("Passcode required"), *NO], Cause.TOKEN_REQUIRED, P),
        (challenged("Enter PASSCODE:", 3), Cause.TOKEN_REJECTED, C),
        ([*ISE, *said("Token code already used, wait for the next code"), *NO], Cause.TOKEN_REJECTED, P),
        ([*sdi("SDI: AceCheck: ACM_ACCESS_DENIED"), *NO], Cause.TOKEN_REJECTED, P),
        (challenged("Enter Next PASSCODE:"), Cause.TOKEN_NEXT_CODE, C),
        (sdi("SDI: AceCheck: ACM_NEXT_CODE_REQUIRED"), Cause.TOKEN_NEXT_CODE, C),
        (challenged("Enter a new PIN of 4 to 8 digits:"), Cause.TOKEN_NEW_PIN, C),
        (sdi("SDI: AceCheck: ACM_NEW_PIN_REQUIRED"), Cause.TOKEN_NEW_PIN, C),
        ([*ISE, *said("Login timed out."), *NO], Cause.MFA_TIMEOUT, P),
        ([*ISE, *said("Login request denied."), *NO], Cause.MFA_DENIED, P),
        ([*ISE, *SILENT, *GONE], Cause.SERVER_UNREACHABLE, P),
        ([*OPEN, *ldap_down("ldap"), *GONE], Cause.SERVER_UNREACHABLE, P),
        (tacacs("tacp_timeout: server 10.9.0.7 not responding")[:4] + tacacs("tacp_timeout: no response")[-2:], Cause.SERVER_UNREACHABLE, P),
        (sdi("SDI: server 10.9.0.5 timed out"), Cause.SERVER_UNREACHABLE, P),
        ([*ASK, "rip 0xd1 state 7 id 9", "rad_vrfy() : bad req auth"], Cause.SERVER_SECRET_MISMATCH, P),
        (tacacs("tacp_recv: packet decrypt failed"), Cause.SERVER_SECRET_MISMATCH, P),
        (own_bind("52e"), Cause.SERVER_BIND_FAILED, P),
        ([*ldap_down("ldaps")[:3], HANDSHAKE, *ldap_down("ldaps")[3:]], Cause.SERVER_TLS_FAILED, P),
        ([*ldap_down("ldap")[:2], "[3] Failed to start TLS: certificate verify failed", *ldap_down("ldap")[3:]], Cause.SERVER_TLS_FAILED, P),
        (["AAA session opened: handle = 5", *step("authentication to primary server", "AD", "x", "x")[:4], "AAA_BindServer: No server found", *GONE], Cause.SERVER_NOT_CONFIGURED, P),
        ([ERROR.format("Server group has no servers")], Cause.SERVER_NOT_CONFIGURED, P),
        ([*ldap(3, "jdoe")[:10], "[3] Search returned referral", "[3] Fiber exit Tx=0 bytes Rx=0 bytes, status=-1", "[3] Session End"], Cause.SERVER_NOT_CONFIGURED, P),
        (kerberos(failure(37, "Clock skew too great")), Cause.CLOCK_SKEW, P),
        ([*challenged("Enter PASSCODE:", 3), JUMP], Cause.CLOCK_SKEW, C),
        ([JUMP, *RSA, *said(""), *NO], Cause.CLOCK_SKEW, P),
        (mschap("E=649 R=0 V=3"), Cause.GROUP_NOT_AUTHORIZED, P),
        ([*ISE, *said("You are not a member of the VPN group"), *NO], Cause.GROUP_NOT_AUTHORIZED, P),
        ([*OPEN, *ldap(3, "jdoe"), *YES[:-4], *step("authorization query", "AZ", AD, "jdoe"), *answered(5, PTR, -1, "REJECT", "Authorization"), *closed(5, "REJECT")], Cause.GROUP_NOT_AUTHORIZED, A),
        ([*RSA, "AAA API: In aaa_close", "In aaai_close_session (5)"], Cause.CLIENT_ABORTED, P),
        ([ERROR.format("Internal error 0x11")], Cause.UNKNOWN, P),
        ([*OPEN, *ldap(3, "jdoe"), *YES], Cause.NONE, None),
        (tacacs("tacp_procpkt_authen: FAIL"), Cause.BAD_CREDENTIALS, P),
    ),
)  # fmt: skip
def test_a_login_that_has_the_cause(lines: list[str], cause: Cause, stage: Stage | None) -> None:
    found = only(lines)
    assert (found.causes[0].cause, found.stage) == (cause, stage)
    assert found.causes[0].evidence
    if stage is not None:
        states = [one.state for one in found.stages]
        at = list(Stage).index(stage)
        assert states[at] is StageState.FAILED
        assert StageState.FAILED not in states[:at]
        assert set(states[at + 1 :]) <= {StageState.NOT_REACHED}


@pytest.mark.parametrize(
    ("lines", "cause", "not_named"),
    (
        # The headend's own account: nothing is said of the user's.
        (own_bind("532"), Cause.SERVER_BIND_FAILED, Cause.PASSWORD_EXPIRED),
        (own_bind("775"), Cause.SERVER_BIND_FAILED, Cause.ACCOUNT_LOCKED),
        (ldap(3, "jdoe", "52e"), Cause.BAD_CREDENTIALS, Cause.SERVER_BIND_FAILED),
        # Accepted is accepted, whatever else was said on the way.
        ([*ISE, *said("Your password is expiring in 3 days", code=2), *YES], Cause.NONE, Cause.PASSWORD_EXPIRED),
        ([*looked_up("userAccountControl: value = 514")[:-len(NO)], *YES], Cause.NONE, Cause.ACCOUNT_DISABLED),
        (challenged("Enter PASSCODE:", 2), Cause.NONE, Cause.TOKEN_REQUIRED),
        ([*ISE, *SILENT, *said("", code=2), *YES], Cause.NONE, Cause.SERVER_UNREACHABLE),
        (kerberos(PROVE, "Message type KRB_AS_REP"), Cause.NONE, Cause.BAD_CREDENTIALS),
        (tacacs("tacp_procpkt_authen: PASS"), Cause.NONE, Cause.UNKNOWN),
        ([*sdi("SDI: ACM_OK"), *YES], Cause.NONE, Cause.TOKEN_REJECTED),
        # AAA asks for the new password that the directory wants, not for a token.
        ([*OPEN, *ldap(3, "jdoe", "773"), *answered(5, PTR, 2, "CHALLENGE")], Cause.PASSWORD_MUST_CHANGE, Cause.TOKEN_REQUIRED),
        ([*OPEN, *refused_by_directory("0000052D: SvcErr: DSID-031A12D2, problem 5003 (WILL_NOT_PERFORM), data 0, v1", code="53"), *NO], Cause.PASSWORD_MUST_CHANGE, Cause.ACCOUNT_DISABLED),
        # The second server takes the headend's account.
        ([*OPEN, *own_bind("52e"), *ldap(4, "jdoe", "533", "10.9.0.2"), *NO], Cause.ACCOUNT_DISABLED, Cause.SERVER_BIND_FAILED),
        # A flag that is not set, a date to come.
        (looked_up("userAccountControl: value = 512"), Cause.UNKNOWN, Cause.ACCOUNT_DISABLED),
        (looked_up("pwdLastSet: value = 133456789012345678"), Cause.UNKNOWN, Cause.PASSWORD_MUST_CHANGE),
        (looked_up("accountExpires: value = 9223372036854775807"), Cause.UNKNOWN, Cause.ACCOUNT_EXPIRED),
        (looked_up("lockoutTime: value = 0"), Cause.UNKNOWN, Cause.ACCOUNT_LOCKED),
        # Words that are near, and mean something else.
        ([*ISE, *said("Access denied"), *NO], Cause.BAD_CREDENTIALS, Cause.MFA_DENIED),
        ([*ISE, *said("Service not available at this time"), *NO], Cause.SERVER_UNREACHABLE, Cause.LOGON_HOURS),
        ([*ISE, *said("Your password expires in 5 days"), *NO], Cause.BAD_CREDENTIALS, Cause.PASSWORD_EXPIRED),
        ([*ISE, *said("Token code already used. Wait for the next code"), *NO], Cause.TOKEN_REJECTED, Cause.TOKEN_NEXT_CODE),
        (challenged("Enter your PIN and the code of your new token:"), Cause.TOKEN_REQUIRED, Cause.TOKEN_NEW_PIN),
        (challenged("Enter PASSCODE:", 3, "Account locked"), Cause.ACCOUNT_LOCKED, Cause.TOKEN_REJECTED),
        # A name that the user chose.
        ([*said("Access denied for Account Locked", "account locked")], Cause.BAD_CREDENTIALS, Cause.ACCOUNT_LOCKED),
        ([*said("workstation: access denied", "workstation")], Cause.BAD_CREDENTIALS, Cause.LOGON_WORKSTATION),
        (tacacs("tacp_procpkt_authen: FAIL", user="decrypt failed"), Cause.BAD_CREDENTIALS, Cause.SERVER_SECRET_MISMATCH),
        # An answer after a silence or a distrusted one is an answer.
        ([*ISE, *ASK, "RADIUS_SENT:server response timeout", f"send pkt {RADIUS}/1812", *radius_answer("0x9", 9, "0xd1", 3), *NO], Cause.BAD_CREDENTIALS, Cause.SERVER_UNREACHABLE),
        ([*ASK, "rad_vrfy() : bad req auth", "remove_req 0xd1 session 0x9 id 9", *radius_request("0xa", 10, "0xd2", "jdoe", "10.9.0.6"), *radius_answer("0xa", 10, "0xd2", 3)], Cause.BAD_CREDENTIALS, Cause.SERVER_SECRET_MISMATCH),
        ([*ldap_down("ldap"), *ldap_down("ldap")[:0]], Cause.SERVER_UNREACHABLE, Cause.SERVER_TLS_FAILED),
        ([*ldap_down("ldaps")], Cause.SERVER_UNREACHABLE, Cause.BAD_CREDENTIALS),
        (["%ASA-6-725006: Device failed SSL handshake with client outside:198.51.100.9/5 to 192.0.2.1/443", "%ASA-6-113014: AAA authentication server not accessible : server = 10.9.0.1 : user = jdoe"], Cause.SERVER_UNREACHABLE, Cause.SERVER_TLS_FAILED),
        ([*ISE, *SILENT, "AAA_BindServer: No server found", *GONE], Cause.SERVER_UNREACHABLE, Cause.MFA_TIMEOUT),
        # A second is no skew; a password does not know the time.
        ([*challenged("Enter PASSCODE:", 3), SECOND], Cause.TOKEN_REJECTED, Cause.CLOCK_SKEW),
        ([*OPEN, *ldap(3, "jdoe", "52e"), *NO, JUMP], Cause.BAD_CREDENTIALS, Cause.CLOCK_SKEW),
        ([*ISE, *said(""), *NO, "%ASA-5-771002: CLOCK: System clock set, source: x"], Cause.BAD_CREDENTIALS, Cause.CLOCK_SKEW),
        ([*ISE, *ASK, *radius_answer("0x9", 9, "0xd1", 3), *NO], Cause.BAD_CREDENTIALS, Cause.CLIENT_ABORTED),
        ([*OPEN, *ldap(3, "jdoe"), *YES[:-4], *step("authorization query", "AZ", AD, "jdoe"), *answered(5, PTR, 1, "ACCEPT", "Authorization"), *closed(5, "ACCEPT")], Cause.NONE, Cause.GROUP_NOT_AUTHORIZED),
        ([ERROR.format("Group policy GP-OLD not found")], Cause.GROUP_POLICY_MISSING, Cause.SERVER_UNREACHABLE),
    ),
)  # fmt: skip
def test_a_login_that_only_looks_so(lines: list[str], cause: Cause, not_named: Cause) -> None:
    found = only(lines)
    assert found.causes[0].cause is cause
    assert not_named not in {one.cause for one in found.causes}


def test_an_account_that_expired_before_the_login() -> None:
    # 2026-11-01 and 2027-01-01 in tenths of a microsecond since 1601.
    for value, expired in (("134379648000000000", True), ("134432352000000000", False)):
        lines = [
            STAMP.format(place % 60, line)
            for place, line in enumerate(looked_up(f"accountExpires: value = {value}"))
            if line
        ]
        causes = {one.cause for one in only(lines).causes}
        assert (Cause.ACCOUNT_EXPIRED in causes) is expired


@pytest.mark.parametrize("code", ("530", "531", "532", "533", "701", "773"))
def test_the_password_was_right_where_only_the_right_one_is_answered_so(code: str) -> None:
    found = only(ldap(3, "jdoe", code))
    assert any("right password" in one for one in found.causes[0].advice)
    assert Cause.BAD_CREDENTIALS in {one.cause for one in found.ruled_out}


@pytest.mark.parametrize("code", ("525", "52e", "775"))
def test_nothing_is_claimed_of_the_password_or_the_account_where_nobody_knows(code: str) -> None:
    found = only(ldap(3, "jdoe", code))
    advice = " ".join(found.causes[0].advice)
    assert "for the right password" not in advice
    assert Cause.BAD_CREDENTIALS not in {one.cause for one in found.ruled_out}
    assert not {Cause.ACCOUNT_DISABLED, Cause.ACCOUNT_EXPIRED} & {
        one.cause for one in found.ruled_out
    }
    if code == "52e":
        assert "does not say that the account is fine" in advice


def test_the_count_of_bad_passwords_stands_beside_a_wrong_one() -> None:
    for code, shown in (("52e", True), ("775", True), ("533", False)):
        lines = ldap(3, "jdoe", code)
        lines.insert(12, "[3] Read bad password count 4")
        proof = [one.text for one in only(lines).causes[0].evidence]
        assert ("[3] Read bad password count 4" in proof) is shown


def test_a_bare_reject_stays_a_guess_and_a_token_group_adds_the_token() -> None:
    for lines in ([*ISE, *said(""), *NO], tacacs("tacp_procpkt_authen: FAIL")):
        assert only(lines).causes[0].confidence <= 0.5
    causes = only([*sdi("SDI: rejected"), *NO]).causes
    assert {one.cause for one in causes} == {
        Cause.BAD_CREDENTIALS, Cause.TOKEN_REJECTED, Cause.TOKEN_REQUIRED,
    }  # fmt: skip
    assert max(one.confidence for one in causes) <= 0.6


def test_two_causes_that_fit_as_well_are_both_listed() -> None:
    second = step("authentication to secondary server", "DUO", RADIUS, "jdoe")
    lines = [*OPEN, *ldap(3, "jdoe"), *answered(5, PTR, 1, "ACCEPT"), *second, *SILENT, *GONE]
    found = only(lines)
    assert {one.cause for one in found.causes} == {Cause.MFA_TIMEOUT, Cause.SERVER_UNREACHABLE}
    assert found.stage is Stage.SECONDARY
    revoked = only(kerberos(PROVE, failure(18, "Clients credentials have been revoked")))
    assert {one.cause for one in revoked.causes} == {Cause.ACCOUNT_DISABLED, Cause.ACCOUNT_LOCKED}
    assert max(one.confidence for one in revoked.causes) < 0.5
    extension = only([*ISE, *said("Reason-Code: 21"), *NO])
    assert {one.cause for one in extension.causes} == {Cause.MFA_DENIED, Cause.MFA_TIMEOUT}


def test_every_reply_message_of_an_answer_is_read() -> None:
    answer = radius_answer("0x9", 9, "0xd1", 3, text="Access denied.")
    at = answer.index("rad_procpkt: REJECT")
    more = attribute(18, "Reply-Message", "Your account is locked")
    found = only([*ISE, *ASK, *answer[:at], *more, *answer[at:], *NO])
    assert found.causes[0].cause is Cause.ACCOUNT_LOCKED
    assert "Access denied.; Your account is locked" in found.causes[0].summary


def test_primary_secondary_authorization_and_policy_are_stages_of_one_attempt() -> None:
    ok = answered(5, PTR, 1, "ACCEPT")
    lines = [
        *OPEN,
        *ldap(3, "jdoe"),
        *ok,
        *step("authentication to secondary server", "RSA", RADIUS, "jdoe"),
        *said("", code=2),
        *ok,
        *step("authorization query", "AZ", "10.9.0.2", "jdoe"),
        *(line.replace("Authentication", "Other") for line in ldap(4, "jdoe", server="10.9.0.2")),
        *answered(5, PTR, 1, "ACCEPT", "Authorization"),
        *step("user group policy lookup", "GROUP_POLICY_DB", "<Internal Server>", "GP-X"),
        *answered(5, PTR, -1, "REJECT", "User Group Policy"),
        *closed(5, "REJECT"),
    ]
    found = only(lines)
    assert (found.causes[0].cause, found.stage) == (Cause.GROUP_POLICY_MISSING, G)
    states = {one.stage: one.state for one in found.stages}
    assert {states[P], states[S], states[A]} == {StageState.PASSED}
    # The same login, turned away at the second server: what follows was not reached.
    turned = only([*lines[: lines.index("rad_procpkt: ACCEPT")], "rad_procpkt: REJECT", *NO])
    assert turned.stage is Stage.SECONDARY
    assert {one.stage: one.state for one in turned.stages}[P] is StageState.PASSED


def test_tacacs_sessions_are_told_apart_by_id_in_either_spelling() -> None:
    one = tacacs("tacp_procpkt_authen: FAIL", user="ann", key="118")
    other = tacacs("tacp_procpkt_authen: PASS", user="bob", key="0x77")
    other = [line.replace("Session id: 0x77", "Session id: 119") for line in other]
    mixed = [*one[:5], *other[:5], one[4], *one[5:8], other[4], *other[5:8]]
    mixed += [*one[8:11], *other[8:11], one[11], other[11]]
    found = {attempt.user: attempt.outcome for attempt in diagnose(mixed)}
    assert found == {"ann": Outcome.REJECTED, "bob": Outcome.ACCEPTED}


def test_tacacs_under_aaa_with_an_id_that_the_server_spells_otherwise() -> None:
    lines = [
        line.replace(
            "Received TACACS packet. Session id:118", "Received TACACS packet. Session id:9"
        )
        for line in tacacs("tacp_procpkt_authen: GETDATA", "Authen Message: Enter PASSCODE: ")
    ]
    found = only([*opened(5, PTR, "jdoe", "TAC", "10.9.0.7"), *lines])
    assert (found.outcome, found.stage) == (Outcome.CHALLENGED, Stage.CHALLENGE)
    assert found.causes[0].cause is Cause.TOKEN_REQUIRED
    assert '"Enter PASSCODE:"' in found.causes[0].summary


def test_tacacs_authorization_is_a_stage_of_the_login_it_follows() -> None:
    author = [
        "mk_pkt - type: 0x2, session_id: 120",
        " user: jdoe",
        " Tacacs packet sent",
        "Sending TACACS Start message. Session id: 120, seq no:1",
        "Received TACACS packet. Session id:120  seq no:2",
        "tacp_procpkt_author: PASS_ADD",
        "TACACS Session finished. Session id: 120, seq no: 1",
    ]
    accounting = [line.replace("0x2", "0x3").replace("120", "121") for line in author]
    found = only([*tacacs("tacp_procpkt_authen: PASS"), *author, *accounting])
    assert (found.user, found.outcome) == ("jdoe", Outcome.ACCEPTED)


def test_a_server_that_errs_is_no_reject() -> None:
    found = only(tacacs("tacp_procpkt_authen: ERROR"))
    assert found.outcome is Outcome.ERROR
    assert found.causes[0].cause is Cause.UNKNOWN


def test_lines_without_a_key_are_never_given_to_another_user() -> None:
    ann, bob = (
        [line.replace("jdoe", user) for line in kerberos(failure(code, words))]
        for user, code, words in (("ann", 24, "Preauthentication failed"), ("bob", 23, "Expired"))
    )
    asked = ["SDI: Trying to authenticate user eve", "SDI: Trying to authenticate user fay"]
    for lines in ([*ann[:7], *bob], [*ann, *bob], [*asked, "SDI: ACM_ACCESS_DENIED"]):
        found = diagnose(text(lines))
        assert len({one.user for one in found}) == len(found) == 2
        last = found[-1]
        assert last.user in {"bob", "fay"}
        assert last.outcome is Outcome.REJECTED
        assert found[0].outcome is not Outcome.REJECTED or lines[: len(ann)] == ann


def test_the_next_code_of_an_sdi_token_is_the_same_login() -> None:
    asked = sdi("SDI: AceCheck: ACM_NEXT_CODE_REQUIRED")
    given = ["SDI: Trying to authenticate user jdoe", "SDI: ACM_OK"]
    waits = answered(5, PTR, 2, "CHALLENGE")
    found = only([*asked, *waits, *given, *YES])
    assert found.outcome is Outcome.ACCEPTED
    assert {one.stage: one.state for one in found.stages}[C] is StageState.PASSED
    assert len(diagnose(text([*asked, *waits, *given, *YES]))) == 1
    assert len(diagnose(text([*asked, *waits, *closed(5, "REJECT"), *given]))) == 2


HOSTILE = (
    "tacp_procpkt_authen: PASS",
    "SDI: ACM_OK",
    "bob ACM_OK",
    "Kerberos: Message type KRB_AS_REP",
    "x' rad_procpkt: ACCEPT 'y",
    "E=647 R=0",
    "Reason Code: 34",
    "user",
    "(a+)+$" * 50,
    "A" * 3000,
)


@pytest.mark.parametrize("user", HOSTILE)
def test_a_hostile_name_decides_nothing(user: str) -> None:
    rejected = [
        tacacs("tacp_procpkt_authen: FAIL", user=user),
        ["SDI: Trying to authenticate user " + user, "SDI: AceCheck: ACM_ACCESS_DENIED"],
        [one.replace("jdoe", user) for one in kerberos(failure(24, "Preauthentication failed"))],
        [*said(f"Access denied for {user}", user=user)],
    ]
    for lines in rejected:
        for found in diagnose(text(lines)):
            assert found.outcome is Outcome.REJECTED
            assert found.causes[0].cause in {Cause.BAD_CREDENTIALS, Cause.TOKEN_REJECTED}


def test_a_server_message_of_any_length_is_read_in_bounded_time() -> None:
    words = "account " * 20_000
    lines = [*ISE, *ASK, *attribute(18, "Reply-Message", words[:250]), *NO]
    assert only(lines).outcome is Outcome.REJECTED
    assert only([REJECT.format(words)]).outcome is Outcome.REJECTED
