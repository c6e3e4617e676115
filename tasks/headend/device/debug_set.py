"""The smallest set of debugs that can show why a login failed, from the headend's configuration."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from headend.device.commands import CommandClass, classify
from headend.errors import CommandRefused, InputError
from headend.parse import show

# One debug in its spellings, the best one first; the next is typed where a release refuses it.
Debug = tuple[str, ...]

TUNNEL_GROUPS = "show running-config tunnel-group"
AAA_SERVERS = "show running-config aaa-server"
READ = (AAA_SERVERS, TUNNEL_GROUPS)

# Always armed, and first: the debug this product is named for.
_ALWAYS: tuple[Debug, ...] = (("debug aaa authentication",), ("debug aaa common 255",))
# A level is the lowest of which it is known that the reasons are printed (LDAP: the sub-code of
# Active Directory; SAML: 25 in practitioners' notes). What RADIUS says of all sessions is short:
# only the packets, which are long, are asked for one user (Cisco, debug radius).
_SESSIONS = ("debug radius session",)
_PACKETS = ("debug radius user {user}", "debug radius all")
_BY_PROTOCOL: dict[str, tuple[Debug, ...]] = {
    "radius": (_SESSIONS, _PACKETS),
    "ldap": (("debug ldap 255",),),
    "sdi": (("debug sdi 255",),),
    "tacacs+": (("debug tacacs session", "debug tacacs"),),
    "kerberos": (("debug kerberos 255",),),
}
_BY_METHOD: dict[str, tuple[Debug, ...]] = {
    "saml": (("debug webvpn saml 25", "debug webvpn saml 255"),),
    "certificate": (("debug crypto ca 255", "debug crypto ca"),),
}
_SERVER_GROUPS = frozenset(
    {
        "authentication-server-group",
        "secondary-authentication-server-group",
        "authorization-server-group",
    }
)
CONDITION = "debug webvpn condition p-ipaddress {address}"
# What a tunnel group does not say it takes from these (Cisco ASA, default connection profiles).
_DEFAULTS = frozenset({"DefaultWEBVPNGroup", "DefaultRAGroup"})
# A name that can stand in a command as it is; any other is caught without a filter.
_PLAIN_NAME = re.compile(r"[\w.@-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class DebugSet:
    """The debugs to arm, in order, and the condition to set before them, if any.

    A condition outlives the debugs and, for all that is known, the session: it is reset apart.
    """

    debugs: tuple[Debug, ...]
    condition: str | None = None

    @property
    def commands(self) -> tuple[str, ...]:
        """The lines that are typed where the headend takes each first spelling."""
        return (*((self.condition,) if self.condition else ()), *(each[0] for each in self.debugs))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose login is to be seen, in which tunnel group, and the debugs that were asked for."""

    user: str | None = None
    group: str | None = None
    client_ip: str | None = None
    debugs: tuple[str, ...] = ()


def asked_for(names: Iterable[str]) -> tuple[str, ...]:
    """Return ``debug`` commands for names such as ``radius all``.

    Raises ``InputError`` for one that is no debug which a session of ours may type.
    """
    commands = tuple(f"debug {name.strip().removeprefix('debug ').strip()}" for name in names)
    for command in commands:
        try:
            allowed = classify(command) is CommandClass.READ
        except CommandRefused:
            allowed = False
        if not allowed or "condition" in command:
            raise InputError(
                f"{command!r} is not a debug that may be armed",
                remedy="Name one of aaa, radius, ldap, tacacs, sdi, kerberos, crypto, webvpn, dap",
            )
    return commands


def choose(wanted: Wanted, replies: Mapping[str, str]) -> DebugSet:
    """Return the debugs for this login on a headend with this configuration.

    ``replies`` holds what ``show running-config`` says of its tunnel groups and server groups.
    Where the tunnel group is not named or not found, all that the headend has are looked after.
    """
    if wanted.debugs:
        named = tuple((command,) for command in wanted.debugs)
        return DebugSet(tuple(dict.fromkeys((_ALWAYS[0], *named))))
    protocols = _protocols(replies[AAA_SERVERS])
    servers, methods = _needs(replies[TUNNEL_GROUPS], wanted.group)
    # Tunnel groups that could not be read may use any server.
    spoken = {each for name, each in protocols.items() if servers is None or name in servers}
    debugs = [
        *_ALWAYS,
        *(each for name, some in _BY_PROTOCOL.items() if name in spoken for each in some),
        *(each for name, some in _BY_METHOD.items() if name in methods for each in some),
    ]
    return DebugSet(tuple(_named(each, wanted.user) for each in debugs), _condition(wanted, debugs))


def missing(wanted: Wanted, replies: Mapping[str, str]) -> tuple[str, ...]:
    """Return the debugs that the configuration calls for and that ``wanted.debugs`` leaves out.

    One of a facility (radius, ldap) stands for it: part and level are the engineer's choice.
    """
    if not wanted.debugs:
        return ()
    armed = {line.split()[1] for line in wanted.debugs} | {"aaa"}
    called_for = choose(replace(wanted, debugs=()), replies).debugs
    lines = (debug[0] for debug in called_for if debug[0].split()[1] not in armed)
    return tuple(line.removeprefix("debug ") for line in lines)


def tunnel_groups(replies: Mapping[str, str]) -> frozenset[str]:
    """Return the names of the tunnel groups that the configuration has."""
    rows = show.rows(TUNNEL_GROUPS, replies[TUNNEL_GROUPS])
    return frozenset(row["name"] for row in rows if row.get("name"))


def every() -> tuple[str, ...]:
    """Return each spelling of each debug that ``choose`` may want, a name as ``{user}``."""
    tables = (_BY_PROTOCOL, _BY_METHOD)
    sets = (_ALWAYS, *(some for table in tables for some in table.values()))
    return tuple(spelling for some in sets for debug in some for spelling in debug)


def _protocols(reply: str) -> dict[str, str]:
    rows = show.rows(AAA_SERVERS, reply)
    return {row["group"]: row["protocol"].lower() for row in rows if row.get("protocol")}


def _needs(reply: str, group: str | None) -> tuple[set[str] | None, set[str]]:
    """Return the server groups and the methods that the tunnel groups name, if there are any."""
    rows = [row for row in show.rows(TUNNEL_GROUPS, reply) if row.get("name")]
    if not rows:
        return None, set()
    if group and any(row.get("name") == group for row in rows):
        rows = [row for row in rows if row.get("name") in {group, *_DEFAULTS}]
    servers: set[str] = set()
    methods: set[str] = set()
    for row in rows:
        words = row.get("value", "").split()
        if row.get("attribute") in _SERVER_GROUPS:
            servers.update(words[:1])
        elif row.get("attribute") == "authentication":
            methods.update("certificate" if "certificate" in word else word for word in words)
    return servers, methods


def _named(debug: Debug, user: str | None) -> Debug:
    if user and _PLAIN_NAME.fullmatch(user):
        return tuple(spelling.format(user=user) for spelling in debug)
    return tuple(spelling for spelling in debug if "{user}" not in spelling)


def _condition(wanted: Wanted, debugs: Iterable[Debug]) -> str | None:
    """Return the condition for the WebVPN debugs: by address, a name comes only with the answer."""
    if wanted.client_ip and any(debug[0].startswith("debug webvpn") for debug in debugs):
        address = ipaddress.ip_address(wanted.client_ip)
        return CONDITION.format(address=address)
    return None
