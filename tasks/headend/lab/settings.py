"""What the running configuration decides for a login: tunnel group, servers, policies."""

from __future__ import annotations

from dataclasses import dataclass

from headend.lab.configuration import Configuration, Node
from headend.lab.directory import Certificate


@dataclass(frozen=True)
class Server:
    """One host of an AAA server group."""

    group: str
    protocol: str
    address: str
    port: int
    secret: str
    settings: Node

    def setting(self, word: str, default: str = "") -> str:
        """Return the value of one line under the host."""
        value = self.settings.value(word)
        return " ".join(value) if value else default


@dataclass(frozen=True)
class TunnelGroup:
    """The connection profile that a login lands in."""

    name: str
    general: Node
    webvpn: Node

    def server_group(self, word: str) -> str:
        """Return the server group of ``word``, the interface in brackets left out."""
        value = self.general.value(word) or []
        return next((name for name in value if not name.startswith("(")), "")

    @property
    def methods(self) -> frozenset[str]:
        """What the group asks for: ``aaa``, ``certificate`` or both."""
        return frozenset(self.webvpn.value("authentication") or ["aaa"])

    @property
    def default_policy(self) -> str:
        """The group policy for a user to whom no server gives another."""
        return " ".join(self.general.value("default-group-policy") or ["DfltGrpPolicy"])

    @property
    def authorization_required(self) -> bool:
        """Whether a failed look-up ends the login."""
        return self.general.value("authorization-required") is not None


@dataclass(frozen=True)
class GroupPolicy:
    """The limits of one group policy."""

    name: str
    exists: bool
    logins: int
    protocols: frozenset[str]
    lock: str


def tunnel_group(configuration: Configuration, name: str) -> TunnelGroup | None:
    """Return the tunnel group of that name, by name or by enabled alias."""
    for node in configuration.find("tunnel-group"):
        alias = node.value("group-alias", name)
        if alias == ["enable"]:
            name = node.tokens[1]
    if not configuration.first("tunnel-group", name):
        return None
    empty = Node("")
    return TunnelGroup(
        configuration.find("tunnel-group", name)[0].tokens[1],
        configuration.first("tunnel-group", name, "general-attributes") or empty,
        configuration.first("tunnel-group", name, "webvpn-attributes") or empty,
    )


def servers(configuration: Configuration, group: str) -> list[Server]:
    """Return the hosts of a server group, in configured order."""
    protocol, found = "", []
    for node in configuration.find("aaa-server", group):
        words = node.tokens
        if "protocol" in words:
            protocol = words[words.index("protocol") + 1]
        elif "host" in words:
            port = node.value("authentication-port") or node.value("server-port")
            default = 389 if protocol == "ldap" else 1645
            secret = " ".join(node.value("key") or [])
            found.append(
                Server(
                    node.tokens[1],
                    protocol,
                    words[words.index("host") + 1],
                    int(port[0]) if port else default,
                    secret,
                    node,
                )
            )
    return found


def max_failed_attempts(configuration: Configuration, group: str) -> int:
    """Return after how many failed tries in a row a server is marked FAILED."""
    node = configuration.first("aaa-server", group, "protocol")
    value = node.value("max-failed-attempts") if node else None
    return int(value[0]) if value else 3


def group_policy(configuration: Configuration, name: str) -> GroupPolicy:
    """Return a group policy's limits; the headend's defaults where it sets none."""
    node = configuration.first("group-policy", name, "attributes") or Node("")
    logins = node.value("vpn-simultaneous-logins")
    protocols = node.value("vpn-tunnel-protocol")
    lock = node.value("group-lock", "value")
    return GroupPolicy(
        name,
        name == "DfltGrpPolicy" or configuration.first("group-policy", name) is not None,
        int(logins[0]) if logins else 3,
        frozenset(protocols or ["ikev1", "ikev2", "ssl-client", "ssl-clientless"]),
        lock[0] if lock else "",
    )


def mapped_policy(configuration: Configuration, attribute_map: str, groups: tuple[str, ...]) -> str:
    """Return the group policy to which an LDAP attribute map sends these memberships."""
    node = configuration.first("ldap", "attribute-map", attribute_map)
    if node is None or node.value("map-name", "memberOf", "Group-Policy") is None:
        return ""
    for child in node.children:
        if child.starts(["map-value", "memberOf"]):
            value, _, policy = child.text.removeprefix("map-value memberOf ").rpartition(" ")
            if value.strip('"').lower() in [group.lower() for group in groups]:
                return policy
    return ""


def asks_for_certificates(configuration: Configuration) -> bool:
    """Say whether a certificate map makes the headend ask everybody for a certificate."""
    webvpn = configuration.first("webvpn")
    return webvpn is not None and webvpn.value("certificate-group-map") is not None


def mapped_tunnel_group(configuration: Configuration, certificate: Certificate) -> str:
    """Return the tunnel group that certificate maps choose; empty when none matches."""
    webvpn = configuration.first("webvpn")
    for child in webvpn.children if webvpn else ():
        if not child.starts(["certificate-group-map"]):
            continue
        _, name, sequence, group = child.tokens[:4]
        rules = configuration.first("crypto", "ca", "certificate", "map", name, sequence)
        # All criteria of one entry must hold; an entry without any matches nobody.
        if rules and rules.children and all(_holds(one, certificate) for one in rules.children):
            return group
    return ""


def _holds(rule: Node, certificate: Certificate) -> bool:
    words = rule.tokens
    if words[0] == "issuer-name":
        whole = {"cn": certificate.issuer}
    elif words[0] == "alt-subject-name":
        whole = {"": certificate.upn or certificate.cn}
    elif words[0] == "subject-name":
        whole = dict(part.split("=", 1) for part in certificate.subject.split(","))
    else:
        return words[1] == "co" and "clientauth" in words[2].lower()
    rest = words[1:]
    if rest[0] == "attr":
        have = whole.get(rest[1], "")
        rest = rest[2:]
    else:
        have = ",".join(f"{tag}={value}".lstrip("=") for tag, value in whole.items())
    operator, wanted = rest[0], " ".join(rest[1:]).strip('"').lower()
    have = have.lower()
    return {
        "eq": have == wanted,
        "ne": have != wanted,
        "co": wanted in have,
        "nc": wanted not in have,
    }.get(operator, False)
