"""One VPN login on one headend, from the certificate to the session."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

from headend.lab import saml
from headend.lab.aaa_client import ACCEPT, REJECT, UNAVAILABLE, AaaClient
from headend.lab.admission import LOGIN_FAILED, Admission
from headend.lab.attempt import Attempt, Cancelled
from headend.lab.box import Box
from headend.lab.certificates import CertificateCheck, no_certificate
from headend.lab.debug_filter import Whose
from headend.lab.directory import Certificate, certificate_of
from headend.lab.radius_server import RadiusNetwork
from headend.lab.settings import TunnelGroup, asks_for_certificates, tunnel_group
from headend.lab.spec import AttemptResult
from headend.lab.trace import Transaction


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
        if box.spec.ftd or box.role == "standby":
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
        if "saml" in group.methods:
            # The identity provider judged the user: AAA hears only of an assertion that was taken.
            self.prompts.append("Single sign-on")
            whose = Whose(self.attempt.user, self.attempt.client_ip, group.name)
            refused = saml.consume(self.box, whose, self.attempt.assertion)
            if refused:
                return refused
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
        servers = AaaClient(self.box, self.network, attempt, self.handle, self.prompts)
        if "certificate" in group.methods and certificate is not None:
            name = self._named(group, certificate)
        if "aaa" in group.methods:
            self.prompts += ["Username:", "Password:"]
            primary = group.server_group("authentication-server-group") or "LOCAL"
            verdict = await servers.ask("primary", primary, group, attempt.password)
            if verdict.status != ACCEPT:
                return self._refused(verdict.status)
            policy = verdict.policy
            second = group.server_group("secondary-authentication-server-group")
            if second:
                self.prompts.append("Second Password:")
                self.box.publish(self.handle.next_state("SEC_AUTHENTICATE"))
                code = attempt.answers[0] if attempt.answers else ""
                verdict = await servers.ask("secondary", second, group, code)
                if verdict.status != ACCEPT:
                    return self._refused(verdict.status)
        if look_up:
            self.box.publish(self.handle.next_state("AUTHORIZE"))
            verdict = await servers.authorize(look_up, name)
            if verdict.status != ACCEPT and group.authorization_required:
                return self._refused(verdict.status)
            policy = verdict.policy or policy
        return await self._admit(group, name, policy)

    def _named(self, group: TunnelGroup, certificate: Certificate) -> str:
        source = (group.general.value("username-from-certificate") or ["CN"])[0]
        if "aaa" in group.methods:
            return self.attempt.user
        name = certificate.upn if source.upper() == "UPN" else certificate.cn
        self.box.log.add(
            5,
            113024,
            f"Group <{group.name}>: Authenticating ssl-client connection from "
            f"{self.attempt.client_ip} with username, {name}, from client certificate",
        )
        return name

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
