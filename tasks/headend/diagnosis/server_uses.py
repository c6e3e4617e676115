"""Which server groups the tunnel groups depend on, and by whose word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from headend.model.policy import IPSEC_DEFAULT, SSL_DEFAULT
from headend.model.servers import LOCAL, Role, Use

# The policy's resolver follows one SSL login to the one line that decides it, and cites that line
# of a text. Here it is asked whom a dead server could stop: by any line, at any interface, over SSL
# or IPsec, from the rows of one command. So the two share who inherits from whom, and no walk.
DEFAULTS = (SSL_DEFAULT, IPSEC_DEFAULT)
_ROLES = {
    "authentication-server-group": Role.PRIMARY,
    "secondary-authentication-server-group": Role.SECONDARY,
    "authorization-server-group": Role.AUTHORIZATION,
    "accounting-server-group": Role.ACCOUNTING,
}
_BY_PASSWORD = (Role.PRIMARY, Role.SECONDARY)
_REMOTE_ACCESS = {"remote-access", "webvpn", "ipsec-ra"}


@dataclass(slots=True)
class _TunnelGroup:
    name: str
    type: str = ""
    methods: set[str] = field(default_factory=set)
    # Each value of an attribute: the server group, and the words behind it.
    named: dict[Role, list[tuple[str, list[str]]]] = field(default_factory=dict)


def uses_of(
    rows: Sequence[Mapping[str, Any]], administration: Iterable[str], groups: Iterable[str]
) -> dict[str, list[Use]]:
    """Return who uses each server group that anybody names.

    ``rows`` are those of ``show running-config tunnel-group``, ``administration`` the lines of
    ``show running-config aaa``, where one of the server ``groups`` may be named.
    """
    tunnel_groups = _read(rows)
    defaults = [tunnel_groups[name] for name in DEFAULTS if name in tunnel_groups]
    found: dict[str, list[Use]] = {}
    for group in tunnel_groups.values():
        for name, use in _uses(group, defaults):
            found.setdefault(name, []).append(use)
    known = set(groups)
    for line in administration:
        for name in dict.fromkeys(known.intersection(line.split()[1:])):
            found.setdefault(name, []).append(Use(line, Role.ADMINISTRATORS))
    return found


def _read(rows: Sequence[Mapping[str, Any]]) -> dict[str, _TunnelGroup]:
    found: dict[str, _TunnelGroup] = {}
    for row in rows:
        if row.get("section") != "tunnel-group" or not row.get("name"):
            continue
        group = found.setdefault(row["name"], _TunnelGroup(row["name"]))
        attribute, words = row.get("attribute", ""), row.get("value", "").split()
        if attribute == "type":
            group.type = row.get("value", "")
        elif attribute == "authentication" and row.get("group") == "webvpn-attributes":
            group.methods.update(words)
        elif attribute in _ROLES:
            named = group.named.setdefault(_ROLES[attribute], [])
            if words and not row.get("no") and words[0].lower() != "none":
                named.append((words[0], words[1:]))
    return found


def _uses(group: _TunnelGroup, defaults: Sequence[_TunnelGroup]) -> Iterator[tuple[str, Use]]:
    heir = group.name not in DEFAULTS and group.type in _REMOTE_ACCESS
    methods = group.methods
    if heir and not methods:
        methods = next((each.methods for each in defaults if each.methods), set())
    password = not methods or "aaa" in methods
    for role in _ROLES.values():
        asked = password or role not in _BY_PASSWORD
        if role in group.named:
            for name, words in group.named[role]:
                yield name, Use(group.name, role, None, LOCAL in words, asked)
        elif heir and asked:
            inherited = [each for each in defaults if role in each.named]
            for each in inherited:
                for name, words in each.named[role]:
                    yield name, Use(group.name, role, each.name, LOCAL in words)
            if role is Role.PRIMARY and not inherited:
                yield LOCAL, Use(group.name, role)
