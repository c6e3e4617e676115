"""The last stages of a login: group policy, dynamic access policy and the VPN session."""

from __future__ import annotations

from dataclasses import dataclass

from headend.lab.box import Box
from headend.lab.debug_filter import Whose
from headend.lab.settings import TunnelGroup, group_policy
from headend.lab.trace import DAP, WEBVPN, Transaction, lines

LOGIN_FAILED = "Login failed."
NO_MECHANISM = "Login denied, unauthorized connection mechanism, contact your administrator."


@dataclass(frozen=True)
class Admission:
    """Somebody whom the servers accepted, on the way to a session."""

    box: Box
    transaction: Transaction
    group: TunnelGroup
    user: str
    client_ip: str
    policy: str

    @property
    def _who(self) -> str:
        return f"Group <{self.policy}> User <{self.user}> IP <{self.client_ip}>"

    def refusal(self) -> str:
        """Check the policy and end the AAA session; return the client's message when refused."""
        box, log = self.box, self.box.log.add
        policy = group_policy(box.configuration, self.policy)
        check = (
            f"Checking simultaneous login restriction (max allowance={policy.logins}) "
            f"for user {self.user}"
        )
        denied = policy.logins == 0 or not policy.exists
        done = self.transaction.next_state("DONE")
        box.publish(done + self.transaction.finished("REJECT" if denied else "ACCEPT", [check]))
        box.publish(self.transaction.closed())
        if denied:
            log(4, 113038, f"{self._who} Unable to create AnyConnect parent session.")
            return LOGIN_FAILED
        log(6, 113009, f"AAA retrieved default group policy ({self.policy}) for user = {self.user}")
        log(6, 113008, f"AAA transaction status ACCEPT : user = {self.user}")
        if policy.lock and policy.lock != self.group.name:
            log(
                4,
                113040,
                f"{self._who} Terminating the VPN connection attempt from <{self.group.name}>. "
                f"Reason: This connection is group locked to <{policy.lock}>.",
            )
            return LOGIN_FAILED
        return self._dynamic_policy() or self._mechanism(policy.protocols)

    def _dynamic_policy(self) -> str:
        records = self.box.configuration.find("dynamic-access-policy-record")
        ends = [one for one in records if one.value("action") == ["terminate"]]
        chosen = ends or records
        name = chosen[0].tokens[1] if chosen else "DfltAccessPolicy"
        self.box.publish(
            lines(
                DAP,
                "DAP_TRACE: DAP_open: New DAP Request: 1",
                f"DAP_TRACE: Username: {self.user}, aaa.cisco.grouppolicy = {self.policy}",
                f"DAP_TRACE: Username: {self.user}, Selected DAPs: {name}",
                "DAP_TRACE: DAP_close: 1",
            )
        )
        head = f"DAP: User {self.user}, Addr {self.client_ip}"
        if ends:
            text = f"{head}: Connection terminated by the following DAP records: {name}"
            self.box.log.add(5, 734002, text)
            return LOGIN_FAILED
        self.box.log.add(
            6,
            734001,
            f"{head}, Connection AnyConnect: The following DAP records were selected "
            f"for this connection: {name}",
        )
        return ""

    def _mechanism(self, protocols: frozenset[str]) -> str:
        if "ssl-client" in protocols:
            return ""
        text = f"{self._who} Session terminated: SVC not enabled for the user"
        self.box.log.add(4, 722050, text)
        return NO_MECHANISM

    def connect(self) -> str:
        """Start the session; return the client's message when no address is left."""
        box, log = self.box, self.box.log.add
        pool = " ".join(self.group.general.value("address-pool") or [])
        addresses = (box.configuration.value("ip", "local", "pool", pool) or [""])[0]
        allowed = group_policy(box.configuration, self.policy).logins
        # One login too many does not fail: it pushes out the user's oldest session.
        for old in box.vpn.of(self.user)[: max(0, len(box.vpn.of(self.user)) - allowed + 1)]:
            box.vpn.end("index", str(old.index))
            box.log_vpn_end(old, "Max time exceeded")
        address = box.vpn.free_address(addresses) if addresses else ""
        log(6, 113039, f"{self._who} AnyConnect parent session started.")
        if not address:
            log(
                3,
                722020,
                f"TunnelGroup <{self.group.name}> GroupPolicy <{self.policy}> User <{self.user}> "
                f"IP <{self.client_ip}> No address available for SVC connection",
            )
            return "The secure gateway has rejected the connection attempt: No assigned address"
        row = box.vpn.add(self.user, address, self.client_ip, self.policy, self.group.name)
        log(6, 716001, f"{self._who} WebVPN session started.")
        log(6, 716038, f"{self._who} Authentication: successful, Session Type: WebVPN.")
        log(6, 722022, f"{self._who} TCP SVC connection established without compression")
        log(
            6, 722051, f"{self._who} IPv4 Address <{address}> IPv6 address <::> assigned to session"
        )
        cookie = f"{row.index:x}@{row.index * 4096}@{int(row.since.timestamp()):X}@LABCOOKIE"
        box.publish(
            lines(
                WEBVPN,
                "CSTP state = HEADER_PROCESSING",
                "http_parse_cstp_method()",
                "...input: 'CONNECT /CSCOSSLC/tunnel HTTP/1.1'",
                "webvpn_cstp_parse_request_field()",
                f"...input: 'Cookie: webvpn={cookie}'",
                f"Assigned address = {address}",
                "CSTP state = CONNECTED",
            ),
            Whose(self.user, self.client_ip, self.group.name),
        )
        return ""
