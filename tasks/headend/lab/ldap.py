"""LDAP binds and searches against the lab's directory, with the whole text of their debug."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from headend.lab.box import Box
from headend.lab.debug_filter import Whose
from headend.lab.directory import BIND_DN, BIND_NAME, BIND_PASSWORD, Person, find_entry
from headend.lab.settings import Server, mapped_policy, max_failed_attempts
from headend.lab.trace import LDAP, LDAP_DETAIL, Line

LDAP_SERVERS: Final = ("10.20.2.10", "10.20.2.11")
# These sub-codes are told only to somebody who knows the password.
_BAD_LOGIN: Final = "52e"
_LOCKED: Final = "775"
# What the lowest level prints: that there was a session, and how it ended.
_BRIEF: Final = ("Session ", "Connect to LDAP server", "Unable to read rootDSE", "Fiber exit")


@dataclass(frozen=True)
class Verdict:
    """The directory's answer: AAA status, the policy it maps to, and the syslog's reason."""

    status: int
    policy: str = ""
    reason: str = ""
    dn: str = ""


@dataclass(frozen=True)
class Lookup:
    """One LDAP session; ``password`` None is an authorization look-up, which asks for none."""

    box: Box
    server: Server
    user: str
    password: str | None
    client_ip: str = ""

    async def run(self) -> Verdict:
        """Ask the directory, printing the debug on the way."""
        counts = self.box.counters.of(
            self.server.group, "ldap", self.server.address, self.server.port
        )
        if self.password is None:
            counts.authorization_requests += 1
        else:
            counts.authentication_requests += 1
        texts, verdict = self._dialogue()
        counts.stale = counts.stale or verdict.status < -1
        number = self.box.next_ldap()
        for start in range(0, len(texts), 7):
            chunk = texts[start : start + 7]
            self.box.publish(_tagged(number, chunk), Whose(self.user, self.client_ip))
            await asyncio.sleep(self.box.spec.pace)
        if verdict.status < -1:
            counts.timeouts += 1
            allowed = max_failed_attempts(self.box.configuration, self.server.group)
            self.box.counters.failed(counts, allowed)
        else:
            self.box.counters.answered(counts)
            counts.round_trip_ms = 3
            counts.accepts += verdict.status == 1
            counts.rejects += verdict.status == -1
        return verdict

    def _dialogue(self) -> tuple[list[str], Verdict]:
        server, user, accounts = self.server, self.user, self.box.accounts
        host = server.address
        where = f"ldap://{host}:{server.port}"
        kind = "Other" if self.password is None else "Authentication"
        out = [
            "Session Start",
            f"New request Session, context 0x00007fff3c1a{server.port:04x}, reqType = {kind}",
            "Fiber started",
            f"Creating LDAP context with uri={where}",
        ]
        there = host in LDAP_SERVERS and host not in self.box.unreachable
        if not there or server.port != 389:  # noqa: PLR2004 - the one that listens
            out += [
                f"Connect to LDAP server: {where}, status = Failed",
                "Unable to read rootDSE. Can't contact LDAP server.",
                "Fiber exit Tx=0 bytes Rx=0 bytes, status=-2",
                "Session End",
            ]
            return out, Verdict(-3, reason="AAA Server has been removed")
        bind = server.setting("ldap-login-dn")
        name = bind.partition(",")[0].removeprefix("CN=") or BIND_NAME
        out += [
            f"Connect to LDAP server: {where}, status = Successful",
            "supportedLDAPVersion: value = 3",
            "supportedLDAPVersion: value = 2",
            f"Binding as {name}",
            f"Performing Simple authentication for {name} to {host}",
        ]
        if (bind, server.setting("ldap-login-password")) != (BIND_DN, BIND_PASSWORD):
            out += [
                f"Simple authentication for {name} returned code (49) Invalid credentials",
                "Failed to bind as administrator returned code (-1) Can't contact LDAP server",
                "Fiber exit Tx=194 bytes Rx=593 bytes, status=-2",
                "Session End",
            ]
            return out, Verdict(-3, reason="AAA Server has been removed")
        attribute = server.setting("ldap-naming-attribute", "sAMAccountName")
        out += [
            "LDAP Search:",
            f"        Base DN = [{server.setting('ldap-base-dn')}]",
            f"        Filter  = [{attribute}={user}]",
            "        Scope   = [SUBTREE]",
        ]
        entry = find_entry(attribute, user, server.setting("ldap-base-dn"))
        if entry is None:
            out += [
                "Search result parsing returned failure status",
                "Talking to Active Directory server " + host,
                "Fiber exit Tx=318 bytes Rx=702 bytes, status=-1",
                "Session End",
            ]
            return out, Verdict(-1, reason="User was not found")
        out += [f"User DN = [{entry.dn}]", f"Talking to Active Directory server {host}"]
        groups = entry.member_of if isinstance(entry, Person) else ()
        code = ""
        if self.password is not None and isinstance(entry, Person):
            out += [
                f"Reading password policy for {user}, dn:{entry.dn}",
                f"Read bad password count {entry.bad_passwords + accounts.wrong(entry.name)}",
                "Binding as user",
                f"Performing Simple authentication for {user} to {host}",
            ]
            code = self._bind_code(entry, self.password)
        if code:
            out += [
                f"Simple authentication for {user} returned code (49) Invalid credentials",
                f"Processing LDAP response for user {user}",
                (
                    f"Message ({user}): 80090308: LdapErr: DSID-0C09044E, "
                    f"comment: AcceptSecurityContext error, data {code}, v2580"
                ),
                "Checking password policy",
                f"Invalid password for {user}",
                "Fiber exit Tx=603 bytes Rx=729 bytes, status=-1",
                "Session End",
            ]
            return out, Verdict(-1, reason="AAA failure", dn=entry.dn)
        policy = mapped_policy(self.box.configuration, server.setting("ldap-attribute-map"), groups)
        out += list(self._accepted(host, groups, policy))
        return out, Verdict(1, policy=policy, dn=entry.dn)

    def _bind_code(self, person: Person, password: str) -> str:
        accounts = self.box.accounts
        if person.state == _LOCKED or accounts.locked(person.name):
            return _LOCKED
        accounts.tried(person.name, right=password == person.password)
        return person.state if password == person.password else _BAD_LOGIN

    def _accepted(self, host: str, groups: tuple[str, ...], policy: str) -> Iterator[str]:
        yield f"Processing LDAP response for user {self.user}"
        yield f"Message ({self.user}): "
        if self.password is not None:
            yield f"Authentication successful for {self.user} to {host}"
        yield "Retrieved User Attributes:"
        yield "  objectClass: value = top"
        yield "  objectClass: value = person"
        yield f"  sAMAccountName: value = {self.user}"
        for group in groups:
            yield f"  memberOf: value = {group}"
            if policy:
                yield f"          mapped to Group-Policy: value = {policy}"
                yield f"          mapped to LDAP-Class: value = {policy}"
        yield "Fiber exit Tx=590 bytes Rx=2611 bytes, status=1"
        yield "Session End"


def _tagged(number: int, texts: list[str]) -> list[Line]:
    # The three lines under "LDAP Search:" carry no number on real headends.
    return [
        (
            LDAP if text.startswith(_BRIEF) else LDAP_DETAIL,
            text if text.startswith("        ") and "mapped" not in text else f"[{number}] {text}",
        )
        for text in texts
    ]
