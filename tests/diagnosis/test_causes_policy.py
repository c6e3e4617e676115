# ruff: noqa: E501 - a table of logins, one a line
"""Each cause of certificate, policy, session and client: a login that has it, and a near miss."""

from __future__ import annotations

import pytest

from diagnosis.scenes import answered, closed, ldap, opened, step, text
from headend.diagnosis import diagnose, report
from headend.model.diagnosis import Cause, Diagnosis, Outcome, Stage
from headend.model.line import Line

A = "203.0.113.7"
WHO = f"Group <GP> User <bob> IP <{A}>"
LEAF = "serial number: 4A1F, subject name: cn=bob,o=Example"
ACCEPT = "%ASA-6-113008: AAA transaction status ACCEPT : user = bob"
PARENT = f"%ASA-6-113039: {WHO} AnyConnect parent session started."
TUNNEL = f"%ASA-6-722022: {WHO} TCP SVC connection established without compression"
WRONG = f"%ASA-6-113005: AAA user authentication Rejected : reason = Invalid password : server = 10.9.0.1 : user = bob : user IP = {A}"
CHAIN = "%ASA-7-717025: Validating certificate chain containing 1 certificate(s)."
CLIENT = f"%ASA-7-717029: Identified client certificate within certificate chain. {LEAF}."
VALID = f"%ASA-6-717022: Certificate was successfully validated. {LEAF}."
HELLO = f"%ASA-6-725001: Starting SSL handshake with client outside:{A}/50771 to 192.0.2.1/443 for TLS session"
BROKEN = (
    f"%ASA-6-725006: Device failed SSL handshake with client outside:{A}/50771 to 192.0.2.1/443"
)
SSL = "%ASA-7-725014: SSL lib error. Function: tls_process_client_certificate Reason: {}"
PKI_LEAF = f"CRYPTO_PKI: Found ID cert. {LEAF}"
PKI_TRUST = "CRYPTO_PKI: Found a suitable authenticated trustpoint TP."
PKI_OK = "CRYPTO_PKI: Certificate validation: Successful, status: 0."
PKI_NO = "CRYPTO_PKI: Certificate validation: Failed, status: 1873"
OPEN = opened(5, "0xaa01", "bob", "AD", "10.9.0.1")
YES = [*ldap(3, "bob"), *answered(5, "0xaa01", 1, "ACCEPT")]
LIMIT = "Checking simultaneous login restriction (max allowance={}) for user bob"
DAP = ["DAP_TRACE: DAP_open: New DAP Request: A4", 'DAP_TRACE: aaa["cisco"]["username"] = "bob"']
DAP_END = [
    "DAP_TRACE: Username: bob, Selected DAPs: ,{}",
    "DAP_TRACE: Username: bob, DAP_close: A4",
]
CALL = "[11/23/2026 8:10:00 AM] Contacting vpn.example.net."


def history(*said: str) -> list[str]:
    return [CALL, *(f"[11/23/2026 8:10:{at:02} AM] {one}" for at, one in enumerate(said, 4))]


def failed(reason: str) -> list[str]:
    return [
        CHAIN,
        CLIENT,
        f"%ASA-3-717009: Certificate validation failed. {reason}, {LEAF}.",
        f"%ASA-3-717027: Certificate chain failed validation. {reason}.",
    ]


def looked_up(status: str) -> list[str]:
    return [
        *OPEN,
        *YES,
        *step("user group policy lookup", "GROUP_POLICY_DB", "<Internal Server>", "GP-GONE"),
        *answered(5, "0xaa01", -1, status, of="User Group Policy"),
        *closed(5, "REJECT"),
    ]


CAUSES: tuple[tuple[Cause, Stage, list[str]], ...] = (
    (Cause.CERTIFICATE_MISSING, Stage.CERTIFICATE, [HELLO, SSL.format("peer did not return a certificate"), BROKEN]),
    (Cause.CERTIFICATE_MISSING, Stage.CERTIFICATE, history("No valid certificates available for authentication.", "Certificate Validation Failure")),
    (Cause.CERTIFICATE_MISSING, Stage.CERTIFICATE, ["CRYPTO_PKI: No client certificate received from peer"]),
    (Cause.CERTIFICATE_STORE_LOCKED, Stage.CERTIFICATE, history("AnyConnect was launched by Start Before Logon (SBL).", "No valid certificates available for authentication.")),
    (Cause.CERTIFICATE_STORE_LOCKED, Stage.CERTIFICATE, history("Function: x File: vpngina.cpp Line: 3 started by vpngina", "Number of certificates found: 0", "Certificate Validation Failure")),
    (Cause.CERTIFICATE_EXPIRED, Stage.CERTIFICATE, failed("Certificate date is out-of-range")),
    (Cause.CERTIFICATE_EXPIRED, Stage.CERTIFICATE, [PKI_LEAF, PKI_TRUST, "PKI[7]: Certificate is not yet valid", PKI_NO]),
    (Cause.CERTIFICATE_EXPIRED, Stage.CERTIFICATE, [HELLO, SSL.format("certificate has expired"), BROKEN]),
    (Cause.CERTIFICATE_UNTRUSTED, Stage.CERTIFICATE, failed("No suitable trustpoints found to validate chain")),
    (Cause.CERTIFICATE_UNTRUSTED, Stage.CERTIFICATE, [PKI_LEAF, "CERT-C: unable to get local issuer certificate", PKI_NO]),
    (Cause.CERTIFICATE_REVOKED, Stage.CERTIFICATE, failed("Peer certificate has been revoked")),
    (Cause.CERTIFICATE_REVOKED, Stage.CERTIFICATE, [PKI_LEAF, PKI_TRUST, PKI_OK, "CRYPTO_PKI: Certificate revoked", PKI_NO]),
    (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, Stage.CERTIFICATE, [CHAIN, CLIENT, "%ASA-3-717032: OCSP status check failed. Reason: Failed to connect to OCSP server.", "%ASA-3-717027: Certificate chain failed validation. Revocation check failed."]),
    (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, Stage.CERTIFICATE, failed("CRL has expired")),
    (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, Stage.CERTIFICATE, [PKI_LEAF, PKI_TRUST, "CRYPTO_PKI: OCSP request timed out"]),
    (Cause.CERTIFICATE_MISMATCH, Stage.CERTIFICATE, [VALID, f"%ASA-4-717037: Tunnel group search using certificate maps failed for peer certificate: {LEAF}."]),
    (Cause.CERTIFICATE_MISMATCH, Stage.CERTIFICATE, [VALID, f"%ASA-5-113025: Group <CORP>: UPN could not be extracted. Could not authenticate ssl-client connection from {A}"]),
    (Cause.CERTIFICATE_MISMATCH, Stage.CERTIFICATE, [PKI_LEAF, PKI_OK, "CRYPTO_PKI: No Tunnel Group Match for peer certificate."]),
    (Cause.CERTIFICATE_USAGE, Stage.CERTIFICATE, failed("Incorrect extended key usage")),
    (Cause.CERTIFICATE_USAGE, Stage.CERTIFICATE, [PKI_LEAF, "CRYPTO_PKI: check_key_usage: ExtendedKeyUsage OID = serverAuth NOT acceptable, usage type: SSL VPN Peer", "CRYPTO_PKI: check_key_usage: No acceptable ExtendedKeyUsage OIDs found"]),
    (Cause.TUNNEL_GROUP_WRONG, Stage.AUTHORIZATION, [ACCEPT, f"%ASA-4-113040: {WHO} Terminating the VPN connection attempt from CORP. Reason: This connection is group locked to SALES."]),
    (Cause.TUNNEL_GROUP_WRONG, Stage.AUTHORIZATION, [f"%ASA-4-751018: Local:192.0.2.1:4500 Remote:{A}:55543 Username:bob IKEv2 Terminating the VPN connection attempt from CORP. Reason: This connection is group locked to SALES."]),
    (Cause.GROUP_POLICY_MISSING, Stage.GROUP_POLICY, looked_up("REJECT")),
    (Cause.GROUP_POLICY_MISSING, Stage.GROUP_POLICY, ["%ASA-6-113013: AAA unable to complete the request Error : reason = Group policy does not exist : user = bob"]),
    (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, [*OPEN, *YES, LIMIT.format(0), *closed(5, "REJECT")]),
    (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, [ACCEPT, f"%ASA-4-722050: {WHO} Session terminated: SVC not enabled for the user."]),
    (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, [f"%ASA-4-751008: Local:192.0.2.1:4500 Remote:{A}:55543 Username:bob IKEv2 Group=GP, Tunnel rejected: IKEv2 not enabled in group policy"]),
    (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, history("Login denied, unauthorized connection mechanism, contact your administrator.")),
    (Cause.SIMULTANEOUS_LOGINS, Stage.GROUP_POLICY, [*OPEN, *YES, LIMIT.format(3), *closed(5, "REJECT")]),
    (Cause.SIMULTANEOUS_LOGINS, Stage.GROUP_POLICY, [ACCEPT, f"%ASA-4-113038: {WHO} Unable to create AnyConnect parent session."]),
    (Cause.SIMULTANEOUS_LOGINS, Stage.GROUP_POLICY, history("Login denied. Simultaneous login limit exceeded.")),
    (Cause.DAP_DENIED, Stage.GROUP_POLICY, [ACCEPT, f"%ASA-5-734002: DAP: User bob, Addr {A}: Connection terminated by the following DAP records: CONTRACTORS"]),
    (Cause.DAP_DENIED, Stage.GROUP_POLICY, [*OPEN, *YES, *closed(5, "ACCEPT"), *DAP, 'DAP_TRACE: name = "GUESTS", action = "terminate"', *DAP_END]),
    (Cause.POSTURE_FAILED, Stage.GROUP_POLICY, [ACCEPT, f'%ASA-7-734003: DAP: User bob, Addr {A}: Session Attribute endpoint.am["X"].activescan = "failed"', f"%ASA-5-734002: DAP: User bob, Addr {A}: Connection terminated by the following DAP records: NO-ANTIVIRUS"]),
    (Cause.POSTURE_FAILED, Stage.GROUP_POLICY, history("Posture Assessment: Failed")),
    (Cause.SAML_FAILED, Stage.PRIMARY, ["[SAML] consume_assertion: The profile cannot verify a signature on the message"]),
    (Cause.SAML_FAILED, Stage.PRIMARY, ["%ASA-3-716162: Failed to consume SAML assertion. reason: assertion audience is invalid."]),
    (Cause.SAML_FAILED, Stage.PRIMARY, ["%ASA-3-716160: Failed to create SAML authentication request. reason: no identity provider."]),
    (Cause.CLOCK_SKEW, Stage.PRIMARY, ["Nov 23 08:02:10 [SAML] consume_assertion: assertion is expired or not valid", "Nov 23 08:02:10 [SAML] NotBefore:2026-11-23T08:09:55.101Z NotOnOrAfter:2026-11-23T09:09:55.101Z timeout: 0"]),
    (Cause.LICENSE_EXHAUSTED, Stage.SESSION, [ACCEPT, f"%ASA-3-716057: {WHO} Session terminated, no AnyConnect Premium license available"]),
    (Cause.LICENSE_EXHAUSTED, Stage.SESSION, [f"%ASA-4-751019: Local:192.0.2.1:4500 Remote:{A}:55543 Username:bob IKEv2 Failed to obtain an AnyConnect license. Maximum license limit 250 exceeded."]),
    (Cause.LICENSE_EXHAUSTED, Stage.SESSION, history("The secure gateway has rejected the connection attempt: no license available.")),
    (Cause.ADDRESS_POOL_EXHAUSTED, Stage.SESSION, [ACCEPT, PARENT, f"%ASA-3-722020: TunnelGroup <CORP> GroupPolicy <GP> User <bob> IP <{A}> No address available for SVC connection"]),
    (Cause.ADDRESS_POOL_EXHAUSTED, Stage.SESSION, [ACCEPT, PARENT, "%ASA-4-737007: IPAA: Local pool request failed for tunnel-group 'CORP'"]),
    (Cause.ADDRESS_POOL_EXHAUSTED, Stage.SESSION, [*OPEN, *YES, *closed(5, "ACCEPT"), "CSTP state = HEADER_PROCESSING", "CSTP state = WAIT_FOR_ADDRESS", "No assigned address", "webvpn_cstp_send_error: 503 Service Unavailable", "CSTP state = ERROR"]),
    (Cause.CLIENT_SHUNNED, Stage.TLS, [f"%ASA-4-733201: Threat-detection: Service[remote-access-authentication] Peer[{A}]: failure threshold of 20 exceeded: adding shun to interface outside."]),
    (Cause.HEADEND_DRAINING, Stage.SESSION, [f"%ASA-6-113037: {WHO} Reboot pending, new sessions disabled. Denied user login."]),
    (Cause.HEADEND_DRAINING, Stage.SESSION, ["%ASA-6-716040: Reboot pending, new sessions disabled. Denied bob login."]),
    (Cause.CLIENT_ABORTED, Stage.PRIMARY, history("Please enter your username and password.", "Connection attempt has been cancelled by the user.")),
    (Cause.CLIENT_ABORTED, Stage.PRIMARY, history("The login dialog has timed out.")),
    (Cause.CLIENT_ABORTED, Stage.PRIMARY, [*OPEN, "AAA API: In aaa_close", "In aaai_close_session (5)"]),
)  # fmt: skip


def only(lines: list[str]) -> Diagnosis:
    found = diagnose(lines)
    assert len(found) == 1, [(one.user, one.outcome) for one in found]
    return found[0]


@pytest.mark.parametrize(
    ("cause", "stage", "lines"),
    CAUSES,
    ids=[f"{cause.value}-{place}" for place, (cause, *_) in enumerate(CAUSES)],
)
def test_the_cause_is_found(cause: Cause, stage: Stage, lines: list[str]) -> None:
    found = only(lines)
    assert (found.causes[0].cause, found.stage) == (cause, stage)
    assert found.causes[0].evidence
    assert found.outcome is not Outcome.ACCEPTED


ENDED = f"%ASA-4-113019: Group = CORP, Username = bob, IP = {A}, Session disconnected. Session Type: SSL, Duration: 0h:10m:00s, Bytes xmt: 1, Bytes rcv: 2, Reason: User Requested"
IN = [ACCEPT, PARENT, TUNNEL]

# What looks like the cause and is none: the login was accepted.
NEAR: tuple[tuple[Cause, list[str]], ...] = (
    (Cause.CERTIFICATE_MISSING, [HELLO, SSL.format("peer did not return a certificate"), BROKEN, "%ASA-6-113004: AAA user authentication Successful : server =  10.9.0.1 : user = bob", ACCEPT, PARENT]),
    (Cause.CERTIFICATE_STORE_LOCKED, history("AnyConnect was launched by Start Before Logon (SBL).", "Number of certificates found: 1", "Connected to vpn.example.net.")),
    (Cause.CERTIFICATE_EXPIRED, ["%ASA-1-717055: The CA certificate in the trustpoint TP-OLD has expired. Expiration 00:00:00 UTC Nov 1 2026.", *IN]),
    (Cause.CERTIFICATE_EXPIRED, ["CRYPTO_PKI: Trustpoint TP-OLD: the CA certificate has expired", *IN]),
    (Cause.CERTIFICATE_UNTRUSTED, [PKI_LEAF, PKI_TRUST, PKI_OK, *OPEN, *YES, *closed(5, "ACCEPT")]),
    (Cause.CERTIFICATE_REVOKED, [PKI_LEAF, PKI_TRUST, PKI_OK, "CRYPTO_PKI: Certificate not revoked, OCSP says good", *OPEN, *YES, *closed(5, "ACCEPT")]),
    (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, [CHAIN, CLIENT, "%ASA-3-717032: OCSP status check failed. Reason: Failed to connect to OCSP server.", "%ASA-6-717028: Certificate chain was successfully validated with warning, revocation status was not checked.", *IN]),
    (Cause.CERTIFICATE_REVOCATION_UNAVAILABLE, [PKI_LEAF, "CRYPTO_PKI: OCSP request timed out", "CRYPTO_PKI: valid cert with warning.", *OPEN, *YES, *closed(5, "ACCEPT")]),
    (Cause.CERTIFICATE_MISMATCH, [VALID, f"%ASA-4-717037: Tunnel group search using certificate maps failed for peer certificate: {LEAF}.", *IN]),
    (Cause.CERTIFICATE_USAGE, [PKI_LEAF, "CRYPTO_PKI: check_key_usage: ExtendedKeyUsage OID = emailProtection NOT acceptable, usage type: SSL VPN Peer", "CRYPTO_PKI: check_key_usage: ExtendedKeyUsage OID = clientAuth acceptable for usage type: SSL VPN Peer", PKI_OK, *OPEN, *YES, *closed(5, "ACCEPT")]),
    (Cause.TUNNEL_GROUP_WRONG, [f"%ASA-7-717038: Tunnel group match found. Tunnel Group: CORP, Peer certificate: {LEAF}.", *IN]),
    (Cause.GROUP_POLICY_MISSING, ["%ASA-6-113009: AAA retrieved default group policy (DfltGrpPolicy) for user = bob", *IN]),
    (Cause.GROUP_POLICY_DENIED, [*OPEN, *YES, LIMIT.format(1), *closed(5, "ACCEPT")]),
    (Cause.SIMULTANEOUS_LOGINS, [*OPEN, *YES, LIMIT.format(3), *closed(5, "ACCEPT")]),
    (Cause.DAP_DENIED, [ACCEPT, f"%ASA-6-734001: DAP: User bob, Addr {A}, Connection AnyConnect: The following DAP records were selected for this connection: BLOCK-LATER", PARENT]),
    (Cause.DAP_DENIED, [*OPEN, *YES, *closed(5, "ACCEPT"), *DAP, *DAP_END]),
    (Cause.POSTURE_FAILED, [ACCEPT, f'%ASA-7-734003: DAP: User bob, Addr {A}: Session Attribute endpoint.fw["X"].enabled = "false"', PARENT, TUNNEL]),
    (Cause.SAML_FAILED, ["[SAML] saml_is_idp_internal: getting SAML config for tunnel group CORP", *IN]),
    (Cause.LICENSE_EXHAUSTED, ["%ASA-3-768001: QUOTA: management_session utilization is high: requested 1, current 4, warning level 4", *IN]),
    (Cause.ADDRESS_POOL_EXHAUSTED, [*IN, f"%ASA-4-722041: TunnelGroup <CORP> GroupPolicy <GP> User <bob> IP <{A}> No IPv6 address available for SVC connection"]),
    (Cause.ADDRESS_POOL_EXHAUSTED, [*IN, "%ASA-6-737016: IPAA: Freeing local pool address 10.99.0.9"]),
    (Cause.HEADEND_DRAINING, ["%ASA-6-199002: startup completed. Beginning operation.", *IN]),
    (Cause.CLIENT_ABORTED, [*IN, ENDED]),
    (Cause.CLIENT_ABORTED, history("Please enter your username and password.", "User credentials entered.", "Connected to vpn.example.net.")),
)  # fmt: skip


@pytest.mark.parametrize(
    ("cause", "lines"),
    NEAR,
    ids=[f"{cause.value}-{place}" for place, (cause, _) in enumerate(NEAR)],
)
def test_what_only_looks_so_is_an_accepted_login(cause: Cause, lines: list[str]) -> None:
    found = only(lines)
    assert found.outcome is Outcome.ACCEPTED
    assert [one.cause for one in found.causes] == [Cause.NONE]
    assert cause is not Cause.NONE


def test_a_normal_log_off_is_no_attempt() -> None:
    assert diagnose([ENDED]) == []
    assert [one.outcome for one in diagnose([*IN, ENDED])] == [Outcome.ACCEPTED]


def test_a_shun_is_of_its_own_address() -> None:
    shun = "%ASA-4-733201: Threat-detection: Service[remote-access-authentication] Peer[198.51.100.9]: failure threshold of 20 exceeded: adding shun to interface outside."
    found = {one.client_ip: one.causes[0].cause for one in diagnose([shun, WRONG])}
    assert found == {"198.51.100.9": Cause.CLIENT_SHUNNED, A: Cause.BAD_CREDENTIALS}


def test_a_certificate_that_was_doubted_is_not_why_the_password_failed() -> None:
    doubt = "%ASA-3-717032: OCSP status check failed. Reason: Failed to connect to OCSP server."
    for lines in (
        [CHAIN, CLIENT, doubt, VALID, WRONG],
        [
            VALID,
            f"%ASA-4-717037: Tunnel group search using certificate maps failed for peer certificate: {LEAF}.",
            WRONG,
        ],
    ):
        assert [one.cause for one in only(lines).causes] == [Cause.BAD_CREDENTIALS]


def test_the_certificate_of_a_directory_is_no_client() -> None:
    lines = [
        "%ASA-6-725001: Starting SSL handshake with server inside:10.60.0.2/32811 to 10.9.0.1/636 for TLS session",
        "%ASA-3-717009: Certificate validation failed. Certificate date is out-of-range, serial number: 66AA, subject name: cn=dc1.",
        "%ASA-7-725014: SSL lib error. Function: tls_process_server_certificate Reason: certificate verify failed",
        "%ASA-6-725006: Device failed SSL handshake with server inside:10.60.0.2/32811 to 10.9.0.1/636",
        "%ASA-6-113014: AAA authentication server not accessible : server =  10.9.0.1 : user = bob",
    ]
    assert only(lines).causes[0].cause is Cause.SERVER_TLS_FAILED


def test_handshakes_of_strangers_are_no_attempts() -> None:
    stranger = SSL.format("http request")
    assert diagnose([HELLO, stranger, BROKEN]) == []
    assert diagnose([HELLO, BROKEN]) == []
    old = only([HELLO, SSL.format("unsupported protocol"), BROKEN])
    assert (old.client_ip, old.stage, old.causes[0].cause) == (A, Stage.TLS, Cause.UNKNOWN)
    assert "TLS version" in old.causes[0].summary


def test_what_fits_equally_is_listed_together() -> None:
    found = only([ACCEPT, f"%ASA-4-113038: {WHO} Unable to create AnyConnect parent session."])
    assert {one.cause for one in found.causes} == {
        Cause.SIMULTANEOUS_LOGINS,
        Cause.GROUP_POLICY_DENIED,
    }
    late = only(["%ASA-3-716162: Failed to consume SAML assertion. reason: assertion is expired."])
    assert {one.cause for one in late.causes} == {Cause.SAML_FAILED, Cause.CLOCK_SKEW}
    silent = only(history("Connection attempt has timed out. Please verify Internet connectivity."))
    assert [one.cause for one in silent.causes] == [Cause.UNKNOWN, Cause.CLIENT_SHUNNED]
    vague = only(history("Certificate Validation Failure"))
    assert vague.causes[0].confidence < 0.5
    assert len(vague.causes) > 1


def test_login_failed_says_little() -> None:
    found = only(history("Login failed."))
    assert found.outcome is Outcome.REJECTED
    assert found.causes[0].confidence <= 0.3
    assert found.headend == "vpn.example.net"


def stamped(at: int, line: str) -> str:
    return f"Nov 23 2026 08:10:{at:02} vpn-1 : {line}"


def test_the_client_tells_of_the_attempt_that_the_headend_saw() -> None:
    syslog = [Line("asa.log", at, stamped(at, WRONG)) for at in (6,)]
    client = [Line("client.txt", at, one) for at, one in enumerate(history("Login failed."), 1)]
    for lines in ([*syslog, *client], [*client, *syslog]):
        (found,) = report(lines).attempts
        assert (found.user, found.headend, found.client_ip) == ("bob", "vpn-1", A)
        assert found.causes[0].cause is Cause.BAD_CREDENTIALS
        assert found.causes[0].confidence >= 0.8


def test_a_client_is_not_given_the_login_of_another() -> None:
    other = WRONG.replace("bob", "eve").replace(A, "198.51.100.9")
    two = [stamped(5, WRONG), stamped(7, other), *history("Login failed.")]
    assert [one.user for one in diagnose(two)] == ["bob", "eve", None]
    late = [stamped(5, WRONG).replace("08:10", "08:40"), *history("Login failed.")]
    assert len(diagnose(late)) == 2
    accepted = [stamped(4, ACCEPT), stamped(5, PARENT), *history("Login failed.")]
    assert [one.outcome for one in diagnose(accepted)] == [Outcome.ACCEPTED, Outcome.REJECTED]


def test_each_try_of_a_client_is_an_attempt() -> None:
    lines = [*history("Login failed."), *history("Connected to vpn.example.net.")]
    assert [one.outcome for one in diagnose(lines)] == [Outcome.REJECTED, Outcome.ACCEPTED]


def test_debug_and_syslog_of_one_assertion_are_one_attempt() -> None:
    debug = "[SAML] consume_assertion: assertion audience is invalid"
    syslog = (
        "%ASA-3-716162: Failed to consume SAML assertion. reason: assertion audience is invalid."
    )
    assert len(diagnose([debug, syslog])) == 1
    assert len(diagnose([syslog, debug])) == 1
    assert len(diagnose([debug, syslog, debug, syslog])) == 2


def test_a_policy_traced_in_debug_ends_the_login_it_names() -> None:
    other = text(opened(6, "0xbb01", "eve", "AD", "10.9.0.1"), ldap(4, "eve"))
    lines = [*OPEN, *YES, *closed(5, "ACCEPT"), *other.split("\n"), *DAP]
    lines += ["DAP_TRACE: Username: bob, DAP action: terminate", *DAP_END]
    found = {one.user: one.causes[0].cause for one in diagnose(lines)}
    assert found["bob"] is Cause.DAP_DENIED
    assert found["eve"] is not Cause.DAP_DENIED


def test_an_ike_tunnel_between_sites_is_no_login() -> None:
    site = "%ASA-4-750003: Local:192.0.2.1:500 Remote:198.51.100.1:500 Username:198.51.100.1 IKEv2 Negotiation aborted due to ERROR: Failed to find a matching policy"
    assert diagnose([site]) == []
    remote = f"%ASA-4-750003: Local:192.0.2.1:4500 Remote:{A}:55543 Username:bob IKEv2 Negotiation aborted due to ERROR: Failed to authenticate the IKE SA"
    assert (only([remote]).user, only([remote]).outcome) == ("bob", Outcome.REJECTED)
    joined = only([WRONG, remote])
    assert joined.causes[0].cause is Cause.BAD_CREDENTIALS
