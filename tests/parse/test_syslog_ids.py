# ruff: noqa: E501 - syslog lines, one an id
"""Every syslog id that tells of a login: with brackets and without, each value in its field."""

from __future__ import annotations

import pytest

from headend.model.event import Event
from headend.model.line import Line
from headend.parse.read import Reader

A = "203.0.113.7"
WHO = "Group <GP> User <bob> IP <203.0.113.7>"
BARE = "Group GP User bob IP 203.0.113.7"
PEER = {"group": "GP", "user": "bob", "client_ip": A}
DEVICE = "serial number: 4A1F, subject name: cn=bob,o=Example"
CERTIFICATE = {"serial": "4A1F", "subject": "cn=bob,o=Example"}

IDS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("113001", "Unable to open AAA session. Session limit [2048] reached.", {"limit": "2048"}),
    ("113003", "AAA group policy for user bob is being set to GP", {"user": "bob", "policy": "GP"}),
    ("113004", "AAA user authentication Successful : server =  10.1.1.5 : user = bob", {"action": "authentication", "result": "Successful", "server": "10.1.1.5", "user": "bob"}),
    ("113005", "AAA user authorization Rejected : reason = AAA failure : server = 10.1.1.5 : user = bob : user IP = 203.0.113.7", {"action": "authorization", "result": "Rejected", "reason": "AAA failure", "server": "10.1.1.5", "user": "bob", "client_ip": A}),
    ("113006", "User 'bob' locked out on exceeding '3' successive failed authentication attempts", {"user": "bob", "limit": "3"}),
    ("113007", "User 'bob' unlocked by 'admin'", {"user": "bob"}),
    ("113008", "AAA transaction status ACCEPT : user = bob", {"result": "ACCEPT", "user": "bob"}),
    ("113009", "AAA retrieved default group policy (GP) for user = bob", {"policy": "GP", "user": "bob"}),
    ("113010", "AAA challenge received for user bob from server 10.1.1.5.", {"user": "bob", "server": "10.1.1.5"}),
    ("113011", "AAA retrieved user specific group policy (GP) for user = bob", {"policy": "GP", "user": "bob"}),
    ("113012", "AAA user authentication Successful : local database : user = bob", {"action": "authentication", "result": "Successful", "database": "local database", "user": "bob"}),
    ("113013", "AAA unable to complete the request Error : reason = No server : user = bob", {"reason": "No server", "user": "bob"}),
    ("113014", "AAA authentication server not accessible : server =  10.1.1.5 : user = bob", {"action": "authentication", "result": "not accessible", "server": "10.1.1.5", "user": "bob"}),
    ("113015", "AAA user authentication Rejected : reason = Invalid password : local database : user = bob: : user IP = 203.0.113.7", {"action": "authentication", "result": "Rejected", "reason": "Invalid password", "database": "local database", "user": "bob", "client_ip": A}),
    ("113016", "AAA credentials rejected : reason = Invalid password : server = 10.1.1.5 : user = bob: : user IP = 203.0.113.7", {"result": "rejected", "reason": "Invalid password", "server": "10.1.1.5", "user": "bob", "client_ip": A}),
    ("113017", "AAA credentials rejected : reason = Invalid password : local database : user = bob : user IP = 203.0.113.7", {"result": "rejected", "reason": "Invalid password", "database": "local database", "user": "bob", "client_ip": A}),
    ("113018", "User: 'bob', Unsupported downloaded ACL Entry: 'permit x', Action: 'skip'", {"user": "bob", "detail": "'permit x', Action: 'skip'"}),
    ("113019", "Group = CORP, Username = bob, IP = 203.0.113.7, Session disconnected. Session Type: SSL, Duration: 0h:10m:00s, Bytes xmt: 1, Bytes rcv: 2, Reason: User Requested", {"tunnel_group": "CORP", "user": "bob", "client_ip": A, "session_type": "SSL", "duration": "0h:10m:00s", "reason": "User Requested"}),
    ("113020", "Kerberos error : Clock skew with server 10.1.1.5 greater than 300 seconds", {"server": "10.1.1.5", "skew": "300"}),
    ("113021", "Attempted console login failed user 'bob' did NOT have appropriate Admin Rights.", {"user": "bob"}),
    ("113022", "AAA Marking RADIUS server 10.1.1.5 in aaa-server group RSA as FAILED", {"protocol": "RADIUS", "server": "10.1.1.5", "server_group": "RSA", "server_state": "FAILED"}),
    ("113023", "AAA Marking LDAP server 10.1.1.5 in aaa-server group AD as ACTIVE", {"protocol": "LDAP", "server": "10.1.1.5", "server_group": "AD", "server_state": "ACTIVE"}),
    ("113024", "Group <CORP>: Authenticating ssl-client connection from 203.0.113.7 with username, bob, from client certificate", {"tunnel_group": "CORP", "client_ip": A, "user": "bob"}),
    ("113025", "Group <CORP>: UPN could not be extracted. Could not authenticate ssl-client connection from 203.0.113.7", {"tunnel_group": "CORP", "client_ip": A, "detail": "UPN could not be extracted."}),
    ("113026", "Error nil value while executing Lua script for group CORP", {"reason": "nil value", "tunnel_group": "CORP"}),
    ("113027", "Error activating tunnel-group scripts", {"detail": "activating tunnel-group scripts"}),
    ("113028", "Extraction of username from VPN client certificate has finished with error. [Request 3]", {"detail": "finished with error", "request": "3"}),
    ("113028", "Extraction of username from VPN client certificate has been requested. [Request 4]", {"detail": "requested", "request": "4"}),
    ("113029", f"{WHO} Session could not be established: session limit of 250 reached.", {**PEER, "limit": "250"}),
    ("113030", f"{WHO} User ACL VENDORS from AAA doesn't exist on the device, terminating connection.", {**PEER, "acl": "VENDORS"}),
    ("113031", f"{WHO} AnyConnect 'vpn-filter F6' is an IPv6 ACL; ACL not applied.", {**PEER, "acl": "F6"}),
    ("113032", f"{BARE} AnyConnect 'ipv6-vpn-filter F4' is an IPv4 ACL; ACL not applied.", {**PEER, "acl": "F4"}),
    ("113033", f"{WHO} AnyConnect session not allowed. ACL parse error.", {**PEER, "detail": "AnyConnect session not allowed. ACL parse error."}),
    ("113034", f"{WHO} User ACL VENDORS from AAA ignored, AV-PAIR ACL used instead.", {**PEER, "acl": "VENDORS"}),
    ("113035", f"{BARE} Session terminated: AnyConnect not enabled or invalid AnyConnect image on the ASA.", {**PEER, "detail": "Session terminated: AnyConnect not enabled or invalid AnyConnect image on the ASA."}),
    ("113036", f"{WHO} AAA parameter Idle-Timeout value invalid.", {**PEER, "parameter": "Idle-Timeout"}),
    ("113037", f"{WHO} Reboot pending, new sessions disabled. Denied user login.", {**PEER, "detail": "Reboot pending, new sessions disabled. Denied user login."}),
    ("113038", f"{BARE} Unable to create AnyConnect parent session.", {**PEER, "detail": "Unable to create AnyConnect parent session."}),
    ("113039", f"{WHO} AnyConnect parent session started.", {**PEER, "detail": "AnyConnect parent session started."}),
    ("113040", f"{WHO} Terminating the VPN connection attempt from CORP. Reason: This connection is group locked to SALES.", {**PEER, "tunnel_group": "CORP", "locked_to": "SALES"}),
    ("113041", "Redirect ACL configured for 203.0.113.7 does not exist on the device.", {"client_ip": A}),
    ("113042", "Non-HTTP connection from outside:203.0.113.7/51000 to inside:10.0.0.8/22 denied by redirect filter; only HTTP connections are supported for redirection.", {"client_ip": A}),
    ("113045", "AAA SDI server 10.1.1.5 in aaa-server group RSA: status changed from OK to SUSPENDED", {"server": "10.1.1.5", "server_group": "RSA", "server_state": "SUSPENDED"}),
    ("199001", "Reload command executed from telnet (remote 10.0.0.8).", {"detail": "Reload command executed from telnet (remote 10.0.0.8)."}),
    ("199002", "startup completed. Beginning operation.", {"detail": "startup completed. Beginning operation."}),
    ("315011", "SSH session from 10.0.0.8 on interface inside for user 'bob' disconnected by SSH server, reason: 'Time-out activated' (0x0a)", {"client_ip": "10.0.0.8", "user": "bob", "detail": "disconnected by SSH server, reason: 'Time-out activated' (0x0a)"}),
    ("315013", 'SSH session from 10.0.0.8 on interface inside for user "bob" rekeyed successfully.', {"client_ip": "10.0.0.8", "user": "bob", "detail": "rekeyed successfully."}),
    ("409023", "Attempting AAA Fallback method LOCAL for Authentication request for user bob : Auth-server group RSA unreachable", {"user": "bob", "server_group": "RSA"}),
    ("605004", "Login denied from 10.0.0.8/51215 to inside:10.0.0.1/ssh for user 'bob'", {"client_ip": "10.0.0.8", "service": "ssh", "user": "bob"}),
    ("605004", "Login denied from serial to console for user 'bob'", {"service": "console", "user": "bob"}),
    ("605005", 'Login permitted from 10.0.0.8/6651 to inside:10.0.0.1/https for user "bob"', {"client_ip": "10.0.0.8", "service": "https", "user": "bob"}),
    ("610101", "Authorization failed: Cmd: debug aaa Cmdtype: show", {"command": "debug aaa"}),
    ("611101", "User authentication succeeded: IP address: 10.0.0.8, Uname: bob", {"client_ip": "10.0.0.8", "user": "bob"}),
    ("611102", "User authentication failed: IP address: 10.0.0.8, Uname: bob", {"client_ip": "10.0.0.8", "user": "bob"}),
    ("611103", "User logged out: Uname: bob", {"user": "bob"}),
    ("711002", "Task ran for 435 msec, Process = aaa, PC = 0, Traceback =", {"milliseconds": "435", "process": "aaa"}),
    ("711004", "Task ran for 435 msec, Process = DATAPATH-0-1879, PC = 0, Call stack = 0x090b0155", {"milliseconds": "435", "process": "DATAPATH-0-1879"}),
    ("716001", f"{WHO} WebVPN session started.", {**PEER, "detail": "WebVPN session started."}),
    ("716002", f"{BARE} WebVPN session terminated: User Requested.", {**PEER, "reason": "User Requested"}),
    ("716023", f"{BARE} Session could not be established: session limit of 2 reached.", {**PEER, "limit": "2"}),
    ("716038", f"{WHO} Authentication: successful, Session Type: WebVPN.", {**PEER, "result": "successful", "session_type": "WebVPN"}),
    ("716039", f"{BARE} Authentication: rejected, Session Type: admin.", {**PEER, "result": "rejected", "session_type": "admin"}),
    ("716040", "Reboot pending, new sessions disabled. Denied bob login.", {"user": "bob"}),
    ("716046", f"{WHO} User ACL VENDORS from AAA doesn't exist on the device, terminating connection.", {**PEER, "acl": "VENDORS"}),
    ("716052", f"{WHO} Pending session terminated.", {**PEER, "detail": "Pending session terminated."}),
    ("716057", f"{WHO} Session terminated, no AnyConnect Premium license available.", {**PEER, "licence": "AnyConnect Premium"}),
    ("716058", f"{WHO} AnyConnect session lost connection. Waiting to resume.", {**PEER, "detail": "AnyConnect session lost connection. Waiting to resume."}),
    ("716059", f"{WHO} AnyConnect session resumed connection from IP <203.0.113.9>.", {**PEER, "detail": "AnyConnect session resumed connection from IP <203.0.113.9>."}),
    ("716160", "Failed to create SAML authentication request. reason: no IdP", {"reason": "no IdP"}),
    ("716162", "Failed to consume SAML assertion. reason: assertion is expired or not valid.", {"reason": "assertion is expired or not valid"}),
    ("716163", "SAML relay state integrity check failed.", {"detail": "relay state integrity check failed."}),
    ("716164", "SAML relay state integrity check passed.", {"detail": "relay state integrity check passed."}),
    ("717009", f"Certificate validation failed. Certificate date is out-of-range, {DEVICE}.", {**CERTIFICATE, "detail": "Certificate date is out-of-range"}),
    ("717010", "CRL polling failed for trustpoint TP.", {"trustpoint": "TP", "detail": "polling failed"}),
    ("717012", "Failed to refresh CRL cache entry from the server for trustpoint TP at 10:00:00", {"trustpoint": "TP", "detail": "Failed to refresh CRL cache entry from the server"}),
    ("717015", "CRL received from http://pki.example/a.crl is too large to process (CRL size = 9, maximum CRL size = 8).", {"issuer": "http://pki.example/a.crl", "detail": "is too large to process (CRL size = 9, maximum CRL size = 8)."}),
    ("717018", "CRL received from http://pki.example/a.crl has too many entries to process (number of entries = 9, maximum number of entries allowed = 8).", {"issuer": "http://pki.example/a.crl", "detail": "has too many entries to process (number of entries = 9, maximum number of entries allowed = 8)."}),
    ("717019", "Failed to insert CRL for trustpoint TP. Reason: out of memory.", {"trustpoint": "TP", "detail": "Failed to insert CRL", "reason": "out of memory"}),
    ("717022", f"Certificate was successfully validated. {DEVICE}.", CERTIFICATE),
    ("717025", "Validating certificate chain containing 2 certificate(s).", {"chain": "2"}),
    ("717027", "Certificate chain failed validation. No suitable trustpoint was found.", {"detail": "No suitable trustpoint was found."}),
    ("717028", "Certificate chain was successfully validated with warning, revocation status was not checked.", {"detail": "with warning, revocation status was not checked."}),
    ("717029", f"Identified client certificate within certificate chain. {DEVICE}.", CERTIFICATE),
    ("717030", "Found a suitable trustpoint TP to validate certificate.", {"trustpoint": "TP"}),
    ("717031", "Failed to find a suitable trustpoint for the issuer: cn=CA,o=Home Reason: No trustpoint found", {"issuer": "cn=CA,o=Home", "detail": "No trustpoint found"}),
    ("717032", "OCSP status check failed. Reason: Failed to connect to OCSP server.", {"detail": "Failed to connect to OCSP server."}),
    ("717035", f"OCSP status is being checked for certificate. {DEVICE}.", CERTIFICATE),
    ("717036", f"Looking for a tunnel group match based on certificate maps for peer certificate with {DEVICE}.", CERTIFICATE),
    ("717037", f"Tunnel group search using certificate maps failed for peer certificate: {DEVICE}.", {**CERTIFICATE, "detail": "Tunnel group search using certificate maps failed for peer certificate"}),
    ("717038", f"Tunnel group match found. Tunnel Group: CORP, Peer certificate: {DEVICE}.", {**CERTIFICATE, "tunnel_group": "CORP"}),
    ("717052", "Group GP User bob IP 203.0.113.7 Session disconnected due to periodic certificate authentication failure. Subject Name cn=bob,o=Example. Issuer Name cn=CA. Serial Number 4A1F", {**PEER, "detail": "Session disconnected due to periodic certificate authentication failure. Subject Name cn=bob,o=Example. Issuer Name cn=CA. Serial Number 4A1F"}),
    ("717054", "The identity certificate in the trustpoint TP is due to expire in 7 days. Expiration 00:00:00 UTC Nov 1 2026. Subject Name cn=vpn.example.", {"trustpoint": "TP", "detail": "is due to expire in 7 days"}),
    ("717055", "The CA certificate in the trustpoint TP has expired. Expiration 00:00:00 UTC Nov 1 2026. Subject Name cn=Old CA.", {"trustpoint": "TP", "detail": "has expired"}),
    ("722001", "IP 203.0.113.7 Error parsing SVC connect request.", {"client_ip": A, "detail": "Error parsing SVC connect request."}),
    ("722003", "IP <203.0.113.7> Error authenticating SVC connect request.", {"client_ip": A, "detail": "Error authenticating SVC connect request."}),
    ("722020", "TunnelGroup <CORP> GroupPolicy <GP> User <bob> IP <203.0.113.7> No address available for SVC connection", {**PEER, "tunnel_group": "CORP", "detail": "No address available for SVC connection"}),
    ("722022", f"{WHO} TCP SVC connection established without compression", {**PEER, "detail": "TCP SVC connection established without compression"}),
    ("722023", f"{BARE} UDP SVC connection terminated without compression", {**PEER, "detail": "UDP SVC connection terminated without compression"}),
    ("722028", f"{WHO} Stale SVC connection closed.", {**PEER, "detail": "Stale SVC connection closed."}),
    ("722032", f"{WHO} New UDP SVC connection replacing old connection.", {**PEER, "detail": "New UDP SVC connection replacing old connection."}),
    ("722033", f"{WHO} First TCP SVC connection established for SVC session.", {**PEER, "detail": "First TCP SVC connection established for SVC session."}),
    ("722034", f"{WHO} New TCP SVC connection, no existing connection.", {**PEER, "detail": "New TCP SVC connection, no existing connection."}),
    ("722037", f"{WHO} SVC closing connection: Transport closing.", {**PEER, "reason": "Transport closing"}),
    ("722038", f"{BARE} SVC terminating session: User Requested.", {**PEER, "reason": "User Requested"}),
    ("722041", "TunnelGroup CORP GroupPolicy GP User bob IP 203.0.113.7 No IPv6 address available for SVC connection", {**PEER, "tunnel_group": "CORP", "detail": "No IPv6 address available for SVC connection"}),
    ("722046", f"{WHO} Session terminated: unable to establish tunnel.", {**PEER, "detail": "Session terminated: unable to establish tunnel."}),
    ("722048", f"{WHO} Tunnel terminated: SVC not enabled for the user.", {**PEER, "detail": "Tunnel terminated: SVC not enabled for the user."}),
    ("722049", f"{WHO} Session terminated: SVC not enabled or invalid SVC image on the ASA.", {**PEER, "detail": "Session terminated: SVC not enabled or invalid SVC image on the ASA."}),
    ("722050", f"{BARE} Session terminated: SVC not enabled for the user.", {**PEER, "detail": "Session terminated: SVC not enabled for the user."}),
    ("722051", f"{WHO} IPv4 Address <10.99.0.17> IPv6 address <::> assigned to session", {**PEER, "assigned_ip": "10.99.0.17"}),
    ("722053", f"{WHO} Unknown client Mozilla/5.0 connection.", {**PEER, "detail": "Unknown client Mozilla/5.0 connection."}),
    ("722055", f"{WHO} Client Type: Cisco AnyConnect VPN Agent for Windows 4.10", {**PEER, "client": "Cisco AnyConnect VPN Agent for Windows 4.10"}),
    ("725001", "Starting SSL handshake with client outside:203.0.113.7/50771 to 192.0.2.1/443 for TLSv1.2 session", {"peer": "client", "client_ip": A}),
    ("725002", "Device completed SSL handshake with client WAN:203.0.113.7/65531", {"peer": "client", "client_ip": A}),
    ("725006", "Device failed SSL handshake with server inside:10.60.0.2/32811 to 10.61.4.20/636", {"peer": "server", "server": "10.61.4.20"}),
    ("725007", "SSL session with client outside:203.0.113.7/50771 to 192.0.2.1/443 terminated", {"peer": "client", "client_ip": A}),
    ("725014", "SSL lib error. Function: tls_process_client_certificate Reason: peer did not return a certificate", {"function": "tls_process_client_certificate", "reason": "peer did not return a certificate"}),
    ("725017", "No certificates received during the handshake with client outside:203.0.113.7/50771 to 192.0.2.1/443 for TLSv1.2 session", {"peer": "client", "client_ip": A}),
    ("733201", "Threat-detection: Service[remote-access-client-initiations] Peer[203.0.113.7]: failure threshold of 10 exceeded: adding shun to interface outside. SSL: RA client exceeded", {"service": "remote-access-client-initiations", "client_ip": A, "limit": "10", "detail": "adding shun to interface outside. SSL: RA client exceeded"}),
    ("734001", "DAP: User bob, Addr 203.0.113.7, Connection AnyConnect: The following DAP records were selected for this connection: DfltAccessPolicy", {"user": "bob", "client_ip": A, "records": "DfltAccessPolicy"}),
    ("734002", "DAP: User bob, Addr 203.0.113.7: Connection terminated by the following DAP records: NO-AV", {"user": "bob", "client_ip": A, "records": "NO-AV"}),
    ("734003", 'DAP: User bob, Addr 203.0.113.7: Session Attribute endpoint.av["X"].activescan = "failed"', {"user": "bob", "client_ip": A, "attribute": 'endpoint.av["X"].activescan', "value": '"failed"'}),
    ("734003", "DAP: User bob, Addr 203.0.113.7: Session Attribute aaa.cisco.grouppolicy/GP", {"user": "bob", "client_ip": A, "attribute": "aaa.cisco.grouppolicy", "value": "GP"}),
    ("734004", "DAP: Processing error: Code 3118", {"code": "3118"}),
    ("737007", "IPAA: Local pool request failed for tunnel-group 'CORP'", {"tunnel_group": "CORP", "detail": "Local pool request failed"}),
    ("737013", "IPAA: Error freeing address 10.99.0.9, not found", {"detail": "Error freeing address 10.99.0.9, not found"}),
    ("737016", "IPAA: Session=0x00fee000, Freeing local pool address 10.99.0.9", {"detail": "Freeing local pool address 10.99.0.9"}),
    ("750003", "Local:192.0.2.1:4500 Remote:203.0.113.7:55543 Username:bob IKEv2 Negotiation aborted due to ERROR: Failed to authenticate the IKE SA", {"client_ip": A, "user": "bob", "detail": "Negotiation aborted due to ERROR: Failed to authenticate the IKE SA"}),
    ("750006", "Local:192.0.2.1:4500 Remote:203.0.113.7:55543 Username:bob IKEv2 SA UP. Reason: New Connection Established", {"client_ip": A, "user": "bob", "detail": "SA UP. Reason: New Connection Established"}),
    ("751002", "Local:192.0.2.1:4500 Remote:203.0.113.7:55543 Username:bob IKEv2 No preshared key or trustpoint configured for self in tunnel group CORP", {"client_ip": A, "user": "bob", "detail": "No preshared key or trustpoint configured for self in tunnel group CORP"}),
    ("751011", "Local:192.0.2.1:4500 Remote:203.0.113.7:55543 Username:bob IKEv2 Failed user authentication. Error: 5", {"client_ip": A, "user": "bob", "detail": "Failed user authentication. Error: 5"}),
    ("751018", "Local:192.0.2.1:4500 Remote:203.0.113.7:55543 Username:bob IKEv2 Terminating the VPN connection attempt from CORP. Reason: This connection is group locked to SALES.", {"client_ip": A, "user": "bob", "tunnel_group": "CORP", "locked_to": "SALES"}),
    ("751019", "Local:192.0.2.1:4500 Remote:203.0.113.7:55543 Username:Unknown IKEv2 Failed to obtain an AnyConnect license. Maximum license limit 250 exceeded.", {"client_ip": A, "licence": "AnyConnect", "limit": "250"}),
    ("768001", "QUOTA: management_session utilization is high: requested 1, current 4, warning level 4", {"detail": "management_session utilization is high: requested 1, current 4, warning level 4"}),
    ("768003", "QUOTA: management_session quota exceeded for user bob: current 3, user limit 3", {"user": "bob", "limit": "3"}),
    ("771002", "CLOCK: System clock set, source: NTP, IP: 10.0.0.9, before: 13:44:00.021 GMT Wed Sep 20 2017, after: 13:44:11.537 GMT Wed Sep 20 2017", {"detail": "source: NTP, IP: 10.0.0.9, before: 13:44:00.021 GMT Wed Sep 20 2017, after: 13:44:11.537 GMT Wed Sep 20 2017"}),
)  # fmt: skip


NAMES = [f"{ident}-{place}" for place, (ident, *_) in enumerate(IDS)]


def event_of(text: str) -> Event:
    reader = Reader()
    unknown, events = reader.feed(Line("case", 1, text))
    more, late = reader.finish()
    assert not [*unknown, *more]
    (event,) = [*events, *late]
    return event


def fields_of(text: str) -> tuple[str, dict[str, str]]:
    event = event_of(text)
    assert event.facility == "syslog"
    return event.kind, dict(event.fields)


@pytest.mark.parametrize(("ident", "text", "fields"), IDS, ids=NAMES)
def test_every_id_is_taken_apart(ident: str, text: str, fields: dict[str, str]) -> None:
    assert fields_of(f"%ASA-4-{ident}: {text}") == (ident, fields)


@pytest.mark.parametrize(("ident", "text", "fields"), IDS, ids=NAMES)
def test_the_severity_and_the_product_change_nothing(
    ident: str, text: str, fields: dict[str, str]
) -> None:
    """``logging message N level M`` sets any severity, and FTD says the same as an ASA."""
    assert fields_of(f"%FTD-1-{ident}: {text}") == (ident, fields)
    assert fields_of(f"%ASA-vpn-7-{ident} {text}") == (ident, fields)


PREFIXES: tuple[tuple[str, dict[str, str]], ...] = (
    ("", {}),
    ("<166>", {}),
    ("<166>:: ", {}),
    ("<166>: ", {}),
    ("vpn-1 : ", {"host": "vpn-1"}),
    ("<166>vpn-1 : ", {"host": "vpn-1"}),
    ("Nov 20 11:00:00: ", {"stamp": "Nov 20 11:00:00"}),
    ("Nov  3 2026 11:00:00: ", {"stamp": "Nov  3 2026 11:00:00"}),
    ("<166>Nov 20 2026 11:00:00: ", {"stamp": "Nov 20 2026 11:00:00"}),
    ("<166>:Nov 20 11:00:00 UTC: ", {"stamp": "Nov 20 11:00:00"}),
    ("Nov 20 2026 11:00:00.123 CEST: ", {"stamp": "Nov 20 2026 11:00:00.123"}),
    ("Nov 20 2026 11:00:00 vpn-1 : ", {"stamp": "Nov 20 2026 11:00:00", "host": "vpn-1"}),
    ("Nov 20 11:00:00 192.0.2.1 ", {"stamp": "Nov 20 11:00:00", "host": "192.0.2.1"}),
    ("Nov 20 11:00:00 2001:db8::1 : ", {"stamp": "Nov 20 11:00:00", "host": "2001:db8::1"}),
    ("Nov 20 11:00:00 vpn-1: ", {"stamp": "Nov 20 11:00:00", "host": "vpn-1"}),
    (
        "Nov 20 11:00:00 vpn-1.example : Nov 20 11:00:00 EDT: ",
        {"stamp": "Nov 20 11:00:00", "host": "vpn-1.example"},
    ),
    (
        "Nov 20 11:00:01 10.0.0.9 4711: *Nov 20 2026 11:00:00.004: ",
        {"stamp": "Nov 20 11:00:01", "host": "10.0.0.9"},
    ),
    (
        "<166>1 2026-11-20T11:00:00Z vpn-1 - - - - ",
        {"stamp": "2026-11-20T11:00:00Z", "host": "vpn-1"},
    ),
    (
        '<166>1 2026-11-20T11:00:00.123456+01:00 vpn-1 ASA 812 ID47 [meta sequenceId="29" x="]"] ',
        {"stamp": "2026-11-20T11:00:00.123456+01:00", "host": "vpn-1"},
    ),
    ("2026-11-20T11:00:00+0100 vpn-1 ", {"stamp": "2026-11-20T11:00:00+0100", "host": "vpn-1"}),
    ("2026-11-20T11:00:00.123Z: ", {"stamp": "2026-11-20T11:00:00.123Z"}),
)


@pytest.mark.parametrize(("prefix", "header"), PREFIXES, ids=range(len(PREFIXES)))
@pytest.mark.parametrize("tag", ("%ASA-6-", "%FTD-6-", "%ASA-auth-4-"))
def test_every_prefix(prefix: str, header: dict[str, str], tag: str) -> None:
    kind, fields = fields_of(f"{prefix}{tag}113008: AAA transaction status ACCEPT : user = bob")
    assert kind == "113008"
    assert fields == {"result": "ACCEPT", "user": "bob", **header}


@pytest.mark.parametrize("prefix", [one for one, _ in PREFIXES], ids=range(len(PREFIXES)))
def test_debug_inside_syslog_is_read_as_debug(prefix: str) -> None:
    text = f"{prefix}%ASA-7-711001: CRYPTO_PKI: Certificate is expired."
    event = event_of(text)
    assert (event.facility, event.kind, event.line.text) == ("crypto-ca", "expired", text)
