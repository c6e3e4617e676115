"""Who logged in, through which group, policy and server, as an attempt's lines tell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from headend.diagnosis.aaa_sessions import POLICY_GROUP
from headend.model.line import visible

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.model.diagnosis import Stage

# Cisco VPN 3000 vendor attribute: the tunnel group that the user chose.
_VENDOR, _TUNNEL_GROUP_NAME = "3076", "146"
_ADDRESSES = frozenset({"server", "send_to", "uri"})
_INTERNAL = "<Internal Server>"
_POLICIES = frozenset({"Group-Policy", "IETF-Radius-Class"})


@dataclass(frozen=True, slots=True)
class Facts:
    """The names that a diagnosis carries; ``None`` is what was not seen."""

    tunnel_group: str | None
    group_policy: str | None
    server_group: str | None
    server: str | None


def facts(attempt: Attempt, stage: Stage | None = None) -> Facts:
    """Return the names for ``attempt``, the servers being those asked at ``stage``."""
    return Facts(
        _tunnel_group(attempt),
        _group_policy(attempt),
        server_group(attempt, stage) or server_group(attempt),
        server(attempt, stage) or server(attempt),
    )


def server_group(attempt: Attempt, stage: Stage | None = None) -> str | None:
    """Return the AAA server group that was asked, never the one of policy look-ups."""
    found = None
    for entry in attempt.find("aaa", "step"):
        name = entry.event.fields.get("server_group")
        if name and name != POLICY_GROUP and (stage is None or entry.stage is stage):
            if stage is None:
                return name
            found = name
    if found is None and stage is None:
        found = attempt.value("aaa", "policies", "authentication_group")
        found = found or next(
            (
                e.event.fields["server_group"]
                for e in attempt.find("syslog")
                if "server_group" in e.event.fields
            ),
            None,
        )
    return found


def server(attempt: Attempt, stage: Stage | None = None) -> str | None:
    """Return the address of the last server that was asked."""
    found: dict[Stage | None, str] = attempt.recall(_servers)
    return found.get(stage)


def _servers(attempt: Attempt) -> dict[Stage | None, str]:
    """Return the server that was asked last at each stage, and (under ``None``) at all."""
    found: dict[Stage | None, str] = {}
    for entry in attempt.entries:
        fields = entry.event.fields
        if _ADDRESSES.isdisjoint(fields):
            continue
        name = fields.get("server") or fields.get("send_to")
        if "uri" in fields:
            name = _host(fields["uri"])
        if name and name != _INTERNAL and entry.event.kind not in {"113022", "113023"}:
            found[entry.stage] = found[None] = name
    return found


def who(attempt: Attempt) -> str:
    """Return how a summary names the user."""
    if attempt.user:
        return visible(attempt.user)
    if attempt.client_ip:
        return f"the user at {attempt.client_ip}"
    return "a user whose name is not shown"


def where(attempt: Attempt, stage: Stage | None = None) -> str:
    """Return how a summary names the server and its group."""
    group = server_group(attempt, stage) or server_group(attempt)
    address = server(attempt, stage) or server(attempt)
    if group and address:
        return f"server {visible(address)} of group {visible(group)}"
    if group:
        return f"server group {visible(group)}"
    return f"server {visible(address)}" if address else "the authentication server"


def where_directory(attempt: Attempt, stage: Stage) -> str:
    """Return how a summary names the LDAP server that was asked at ``stage``."""
    named = where(attempt, stage)
    return f"LDAP {named}" if server(attempt) or server_group(attempt) else "the LDAP server"


def _tunnel_group(attempt: Attempt) -> str | None:
    for entry in attempt.find("syslog"):
        if "tunnel_group" in entry.event.fields:
            return entry.event.fields["tunnel_group"]
    for entry in attempt.find("radius", "attribute"):
        fields = entry.event.fields
        if fields.get("vendor") == _VENDOR and fields["type"] == _TUNNEL_GROUP_NAME:
            return fields.get("value")
    return None


def _group_policy(attempt: Attempt) -> str | None:
    found = None
    told = (*attempt.find("syslog"), *attempt.find("ldap", "mapped"))
    for entry in sorted(told, key=lambda one: one.place):
        fields = entry.event.fields
        if entry.event.facility == "syslog":
            found = fields.get("group") or fields.get("policy") or found
        elif fields["mapped_attribute"] in _POLICIES:
            found = fields.get("mapped_value") or found
    if found:
        return found
    # The policy that AAA names for the user beats the tunnel group's default.
    user = attempt.value("aaa", "policies", "user_policy")
    return user or attempt.value("aaa", "policies", "tunnel_policy")


@lru_cache(maxsize=1024)
def _host(uri: str) -> str | None:
    try:
        return urlsplit(uri).hostname
    except ValueError:
        return None
