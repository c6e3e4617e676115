"""One login's conversations with the AAA servers, and what is printed and logged of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Final

from headend.lab import sdi
from headend.lab.attempt import Attempt, Cancelled
from headend.lab.box import Box
from headend.lab.debug_filter import Whose
from headend.lab.ldap import Lookup, Verdict
from headend.lab.radius_client import RadiusClient
from headend.lab.radius_server import RadiusNetwork
from headend.lab.settings import Server, TunnelGroup, servers
from headend.lab.trace import Transaction

ACCEPT, REJECT, CHALLENGE, ERROR, UNAVAILABLE = 1, -1, 2, -2, -3
_RADIUS_STATUS: Final = {0: UNAVAILABLE, 2: ACCEPT, 3: REJECT, 11: CHALLENGE}


@dataclass(frozen=True)
class AaaClient:
    """Asks the servers for one attempt; what the person is asked is added to ``prompts``."""

    box: Box
    network: RadiusNetwork
    attempt: Attempt
    handle: Transaction
    prompts: list[str]

    async def ask(self, order: str, name: str, group: TunnelGroup, password: str) -> Verdict:
        """Ask a server group, one server after the other, and return the verdict."""
        handle, attempt = self.handle, self.attempt
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
                verdict = await self._lookup(server, attempt.user, password)
            elif server.protocol == "sdi":
                verdict = await self._ask_sdi(server, state, password)
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

    async def _lookup(self, server: Server, user: str, password: str | None) -> Verdict:
        return await Lookup(self.box, server, user, password, self.attempt.client_ip).run()

    async def _ask_sdi(self, server: Server, state: str, passcode: str) -> Verdict:
        attempt = self.attempt
        whose = Whose(attempt.user, attempt.client_ip, attempt.group)
        word = await sdi.ask(self.box, server, whose, passcode, iter(attempt.answers))
        if word in sdi.ASKS:
            self.box.publish(self.handle.answered(CHALLENGE, "Authentication", state))
            self.prompts.append(sdi.ASKS[word])
            raise await self._given_up()
        status = {sdi.OK: ACCEPT, sdi.DENIED: REJECT}.get(word, UNAVAILABLE)
        return Verdict(status, reason="AAA failure" if status == REJECT else "No response")

    async def _given_up(self) -> Cancelled:
        """Wait as long as the person at the client does, who leaves without an answer then."""
        await asyncio.sleep(self.attempt.patience)
        self.box.publish(self.handle.closed())
        return Cancelled()

    async def _ask_radius(self, server: Server, what: str, state: str, password: str) -> Verdict:
        client = RadiusClient(self.box, self.network)
        attempt, handle = self.attempt, self.handle
        reply = await client.ask(server, attempt.user, password, attempt.client_ip)
        answers = iter(attempt.answers)
        while _RADIUS_STATUS.get(reply.code, ERROR) == CHALLENGE:
            self.box.publish(handle.answered(CHALLENGE, "Authentication", state))
            text = f"AAA challenge received for user {attempt.user} from server {server.address}."
            self.box.log.add(6, 113010, text)
            self.prompts.append(reply.message)
            answer = next(answers, None)
            if answer is None:
                raise await self._given_up()
            await asyncio.sleep(self.box.spec.pace)
            self.box.publish(handle.started())
            self.box.publish(handle.asking(what, server.group, server.address, attempt.user))
            reply = await client.ask(server, attempt.user, answer, attempt.client_ip, reply.state)
        reason = "" if reply.code else "No response"
        status = _RADIUS_STATUS.get(reply.code, ERROR)
        return Verdict(status, reply.policy, "AAA failure" if status == REJECT else reason)

    def _ask_local(self, what: str, state: str, password: str) -> Verdict:
        handle, user = self.handle, self.attempt.user
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

    async def authorize(self, name: str, user: str) -> Verdict:
        """Look a user up in a server group, without a password."""
        handle = self.handle
        verdict = Verdict(ERROR, reason="No valid server")
        for server in servers(self.box.configuration, name):
            self.box.publish(handle.asking("authorization query", name, server.address, user))
            if server.protocol != "ldap":
                continue
            verdict = await self._lookup(server, user, None)
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
