"""One VPN login on one headend, from the certificate to the session."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

from headend.lab.admission import LOGIN_FAILED, Admission
from headend.lab.box import Box
from headend.lab.certificates import CertificateCheck, no_certificate
from headend.lab.directory import Certificate, CertificateKind, certificate_of
from headend.lab.ldap import Lookup, Verdict
from headend.lab.radius_client import RadiusClient
from headend.lab.radius_server import RadiusNetwork
from headend.lab.settings import Server, TunnelGroup, asks_for_certificates, servers, tunnel_group
from headend.lab.spec import AttemptResult
from headend.lab.trace import Transaction

ACCEPT, REJECT, CHALLENGE, ERROR, UNAVAILABLE = 1, -1, 2, -2, -3
_RADIUS_STATUS: Final = {0: UNAVAILABLE, 2: ACCEPT, 3: REJECT, 11: CHALLENGE}


@dataclass(frozen=True)
class Attempt:
    """What one person types and owns; ``answers`` are the replies to challenges, in order."""

    user: str
    password: str
    answers: tuple[str, ...] = ()
    certificate: CertificateKind | None = None
    group: str = "CORP"
    logon_screen: bool = False
    client_ip: str = "198.51.100.7"
    patience: float = 1.0


class Cancelled(Exception):
    """The person at the client gave up before an answer."""


@dataclass
class VpnLogin:
    """The headend's handling of one attempt."""

    box: Box
    network: RadiusNetwork
    attempt: Attempt
    prompts: list[str] = field(default_factory=list)
    handle: Transaction | None = None

    async def run(self) -> AttemptResult:
        """Carry the attempt through; never raises for a refused login."""
        began = time.monotonic()
        message = await self._judge()
        accepted = not message
        if not accepted and self.attempt.logon_screen:
            # Before logon the client shows one message for everything.
            message = "Authentication Failed"
        return AttemptResult(
            self.box.spec.name,
            accepted,
            message or "Connected",
            tuple(self.prompts),
            time.monotonic() - began,
        )

    async def _judge(self) -> str:
        box, attempt = self.box, self.attempt
        if box.spec.ftd or box.spec.failover_role == "standby":
            return f"Unable to contact {box.spec.name}."
        if attempt.client_ip in box.shunned:
            return "Connection attempt has timed out. Please verify Internet connectivity."
        group = tunnel_group(box.configuration, attempt.group)
        certificate = self._offered(group)
        await asyncio.sleep(box.spec.pace)
        if certificate is not None:
            check = CertificateCheck(box, certificate)
            if not check.valid():
                return "Certificate Validation Failure"
            # A certificate map outranks the group that the person chose.
            group = tunnel_group(box.configuration, check.mapped_group()) or group
        return await self._enter(group, certificate)

    async def _enter(self, group: TunnelGroup | None, certificate: Certificate | None) -> str:
        if group is None:
            return LOGIN_FAILED
        if "certificate" in group.methods and certificate is None:
            no_certificate(self.box, self.attempt.client_ip)
            return "No valid certificates available for authentication."
        try:
            return await self._authenticate(group, certificate)
        except Cancelled:
            return "The login was cancelled by the user."

    def _offered(self, group: TunnelGroup | None) -> Certificate | None:
        attempt = self.attempt
        wanted = group is not None and "certificate" in group.methods
        if attempt.certificate is None:
            return None
        if not wanted and not asks_for_certificates(self.box.configuration):
            return None
        one = certificate_of(attempt.user, attempt.certificate)
        # Nobody is logged on at the logon screen, so the user's store cannot be opened.
        return None if attempt.logon_screen and one.store == "user" else one

    async def _authenticate(self, group: TunnelGroup, certificate: Certificate | None) -> str:
        attempt = self.attempt
        look_up = group.server_group("authorization-server-group")
        self.handle = Transaction(self.box.next_handle(), authorizing=look_up)
        self.handle.tunnel_policy = group.default_policy
        name, policy = attempt.user, ""
        self.box.publish(self.handle.opened())
        if "certificate" in group.methods and certificate is not None:
            source = (group.general.value("username-from-certificate") or ["CN"])[0]
            named = certificate.upn if source.upper() == "UPN" else certificate.cn
            if "aaa" not in group.methods:
                name = named
                self.box.log.add(
                    5,
                    113024,
                    f"Group <{group.name}>: Authenticating ssl-client connection from "
                    f"{attempt.client_ip} with username, {name}, from client certificate",
                )
        if "aaa" in group.methods:
            self.prompts += ["Username:", "Password:"]
            primary = group.server_group("authentication-server-group") or "LOCAL"
            verdict = await self._ask_group("primary", primary, group, attempt.password)
            if verdict.status != ACCEPT:
                return self._refused(verdict.status)
            policy = verdict.policy
            second = group.server_group("secondary-authentication-server-group")
            if second:
                self.prompts.append("Second Password:")
                self.box.publish(self.handle.next_state("SEC_AUTHENTICATE"))
                code = attempt.answers[0] if attempt.answers else ""
                verdict = await self._ask_group("secondary", second, group, code)
                if verdict.status != ACCEPT:
                    return self._refused(verdict.status)
        if look_up:
            self.box.publish(self.handle.next_state("AUTHORIZE"))
            verdict = await self._authorize(look_up, name)
            if verdict.status != ACCEPT and group.authorization_required:
                return self._refused(verdict.status)
            policy = verdict.policy or policy
        return await self._admit(group, name, policy)

    async def _admit(self, group: TunnelGroup, name: str, policy: str) -> str:
        handle, box = self._handle, self.box
        if policy:
            handle.user_policy = policy
            known = box.configuration.first("group-policy", policy) is not None
            box.publish(handle.policy("user", policy, exists=known))
        default = group.default_policy
        known = default == "DfltGrpPolicy" or bool(box.configuration.first("group-policy", default))
        box.publish(handle.policy("tunnel", default, exists=known))
        await asyncio.sleep(box.spec.pace)
        chosen = policy or default
        admission = Admission(box, handle, group, name, self.attempt.client_ip, chosen)
        return admission.refusal() or admission.connect()

    @property
    def _handle(self) -> Transaction:
        assert self.handle is not None  # noqa: S101 - opened before anything asks for it
        return self.handle

    def _refused(self, status: int) -> str:
        word = {REJECT: "REJECT", UNAVAILABLE: "UNAVAILABLE"}.get(status, "ERROR")
        handle = self._handle
        self.box.publish(handle.next_state("DONE") + handle.finished(word) + handle.closed())
        name = self.box.log.hidden(self.attempt.user)
        self.box.log.add(
            6,
            716039,
            f"Group <{handle.tunnel_policy}> User <{name}> IP <{self.attempt.client_ip}> "
            "Authentication: rejected, Session Type: WebVPN.",
        )
        return LOGIN_FAILED

    async def _ask_group(self, order: str, name: str, group: TunnelGroup, password: str) -> Verdict:
        handle, attempt = self._handle, self.attempt
        self.box.publish(handle.started())
        state = "PRIM_AUTHENTICATE" if order == "primary" else "SEC_AUTHENTICATE"
        handle.groups = (name, handle.groups[1])
        what = f"authentication to {order} server"
        if name == "LOCAL":
            return self._ask_local(what, state, password)
        hosts = servers(self.box.configuration, name)
        verdict = Verdict(ERROR, reason="No valid server")
        for server in hosts:
            self.box.publish(handle.asking(what, name, server.address, attempt.user))
            await asyncio.sleep(self.box.spec.pace)
            if server.protocol == "ldap":
                verdict = await Lookup(self.box, server, attempt.user, password).run()
            else:
                verdict = await self._ask_radius(server, what, state, password)
            self.box.publish(handle.answered(verdict.status, "Authentication", state))
            self._log_verdict("authentication", server.address, verdict)
            if verdict.status != UNAVAILABLE:
                return verdict
        if not hosts:
            self.box.publish(handle.asking(what, name, "", attempt.user))
            self.box.publish(handle.answered(ERROR, "Authentication", state))
            self._log_verdict("authentication", "0.0.0.0", verdict)  # noqa: S104 - printed text
        if "LOCAL" in (group.general.value("authentication-server-group") or [])[1:]:
            return self._ask_local(what, state, password)
        return verdict

    async def _ask_radius(self, server: Server, what: str, state: str, password: str) -> Verdict:
        client = RadiusClient(self.box, self.network)
        attempt, handle = self.attempt, self._handle
        reply = await client.ask(server, attempt.user, password, attempt.client_ip)
        answers = iter(attempt.answers)
        while _RADIUS_STATUS.get(reply.code, ERROR) == CHALLENGE:
            self.box.publish(handle.answered(CHALLENGE, "Authentication", state))
            text = f"AAA challenge received for user {attempt.user} from server {server.address}."
            self.box.log.add(6, 113010, text)
            self.prompts.append(reply.message)
            answer = next(answers, None)
            if answer is None:
                await asyncio.sleep(attempt.patience)
                self.box.publish(handle.closed())
                raise Cancelled
            await asyncio.sleep(self.box.spec.pace)
            self.box.publish(handle.started())
            self.box.publish(handle.asking(what, server.group, server.address, attempt.user))
            reply = await client.ask(server, attempt.user, answer, attempt.client_ip, reply.state)
        reason = "" if reply.code else "No response"
        status = _RADIUS_STATUS.get(reply.code, ERROR)
        return Verdict(status, reply.policy, "AAA failure" if status == REJECT else reason)

    def _ask_local(self, what: str, state: str, password: str) -> Verdict:
        handle, user = self._handle, self.attempt.user
        counts = self.box.counters.of("LOCAL", "Local database", "", 0)
        counts.authentication_requests += 1
        self.box.publish(handle.asking(what, "LOCAL", "<Internal Server>", user))
        stored = self.box.configuration.value("username", user, "password")
        if stored and stored[0] == password:
            verdict = Verdict(ACCEPT)
            text = f"AAA user authentication Successful : local database : user = {user}"
            self.box.log.add(6, 113012, text)
        else:
            verdict = Verdict(REJECT, reason="Invalid password" if stored else "User was not found")
            name = self.box.log.hidden(user)
            self.box.log.add(
                6,
                113015,
                f"AAA user authentication Rejected : reason = {verdict.reason} : "
                f"local database : user = {name} : user IP = {self.attempt.client_ip}",
            )
        counts.answered()
        counts.accepts += verdict.status == ACCEPT
        counts.rejects += verdict.status == REJECT
        self.box.publish(handle.answered(verdict.status, "Authentication", state))
        return verdict

    async def _authorize(self, name: str, user: str) -> Verdict:
        handle = self._handle
        verdict = Verdict(ERROR, reason="No valid server")
        for server in servers(self.box.configuration, name):
            self.box.publish(handle.asking("authorization query", name, server.address, user))
            if server.protocol != "ldap":
                continue
            verdict = await Lookup(self.box, server, user, None).run()
            self.box.publish(handle.answered(verdict.status, "Authorization", "AUTHORIZE"))
            self._log_verdict("authorization", server.address, verdict, user)
            if verdict.status != UNAVAILABLE:
                break
        return verdict

    def _log_verdict(self, what: str, server: str, verdict: Verdict, user: str = "") -> None:
        log = self.box.log
        user = user or self.attempt.user
        hidden, address = log.hidden(user), self.attempt.client_ip
        if verdict.status == ACCEPT:
            text = f"AAA user {what} Successful : server =  {server} : user = {user}"
            log.add(6, 113004, text)
        elif verdict.status == REJECT:
            log.add(
                6,
                113005,
                f"AAA user {what} Rejected : reason = {verdict.reason} : server = {server} : "
                f"user = {hidden} : user IP = {address}",
            )
        elif verdict.status == UNAVAILABLE:
            text = f"AAA {what} server not accessible : server = {server} : user = {hidden}"
            log.add(6, 113014, text)
        else:
            text = f"AAA unable to complete the request Error : reason = {verdict.reason}"
            log.add(6, 113013, f"{text} : user = {user}")
