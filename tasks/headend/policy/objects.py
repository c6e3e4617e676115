"""The objects of a login policy in a configuration: where each setting stands or is inherited."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from headend.model.policy import SSL_DEFAULT, PolicyLine
from headend.policy.configuration import Configuration, Line

DEFAULT_TUNNEL_GROUP = SSL_DEFAULT
# What a group policy does not say, it takes from this one (Cisco ASA VPN guide, "connection
# profiles, group policies, and users").
DEFAULT_POLICY = "DfltGrpPolicy"
GENERAL, WEBVPN = "general-attributes", "webvpn-attributes"


@dataclass(frozen=True, slots=True)
class Setting:
    """The words behind an attribute, the line that sets it, and from whom it is inherited.

    ``interface`` is where a login must come in for the line to count, empty for one that counts at
    all that have none of their own. ``elsewhere`` tells, where a login may come in at several, at
    which of them which other line counts, ``None`` being no line.
    """

    values: tuple[str, ...]
    line: PolicyLine
    inherited: str = ""
    interface: str = ""
    elsewhere: tuple[tuple[str, PolicyLine | None], ...] = ()

    @property
    def text(self) -> str:
        """The words as one text."""
        return " ".join(self.values)


@dataclass(frozen=True, slots=True)
class ServerGroup:
    """An AAA server group: its protocol, the line that says so, and its hosts' sections."""

    name: str
    protocol: str
    line: PolicyLine
    settings: Line
    hosts: tuple[Line, ...]

    def values(self, attribute: str) -> tuple[tuple[str, PolicyLine], ...]:
        """Return what each host says of an attribute, with the line that says it."""
        return tuple(
            (" ".join(line.words[1:]), line.cited(host.text))
            for host in self.hosts
            for line in host.under(attribute)
        )


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """A ``certificate-group-map`` line, and the entry of the map that it names, if there is one."""

    map: str
    sequence: str
    tunnel_group: str
    line: PolicyLine
    entry: Line | None


class Policies:
    """The policy objects of one configuration."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration

    @property
    def tunnel_groups(self) -> tuple[str, ...]:
        """The names of the tunnel groups, in order."""
        return self.configuration.names("tunnel-group")

    @property
    def group_policies(self) -> tuple[str, ...]:
        """The names of the group policies, in order."""
        return self.configuration.names("group-policy")

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces at which SSL logins come in: ``enable outside`` below ``webvpn``."""
        return tuple(line.words[1] for line in self._webvpn("enable") if line.words[1:])

    def tunnel_setting(
        self, name: str, part: str, *attribute: str, interface: str | None = None
    ) -> Setting | None:
        """Return what a tunnel group's ``part`` attributes say, its own or inherited.

        A line may count at one interface alone, that where the tunnel ends: "(outside) RSA" (Cisco
        ASA VPN guide, "connection profiles"). Without ``interface`` a login may come in at each
        that takes SSL logins, or, where no line says at which, at each that is named.
        """
        found = [
            Setting(one.values, one.line, "" if owner == name else owner, one.interface)
            for owner in dict.fromkeys((name, DEFAULT_TUNNEL_GROUP))
            for one in self._settings("tunnel-group", owner, part, attribute)
        ]
        named = [one.interface for one in found if one.interface]
        doors = (interface,) if interface else self.interfaces or (*dict.fromkeys(named), "")
        by_door = {door: _deciding(found, door) for door in (doors if named else ("",))}
        first = next((one for one in by_door.values() if one), None)
        if first is None:
            return None
        elsewhere = tuple(
            (door or "any other interface", one.line if one else None)
            for door, one in by_door.items()
            if one != first
        )
        return replace(first, elsewhere=elsewhere)

    def policy_setting(self, name: str, *attribute: str) -> Setting | None:
        """Return what a group policy says, its own or inherited."""
        for owner in dict.fromkeys((name, DEFAULT_POLICY)):
            for found in self._settings("group-policy", owner, "attributes", attribute):
                return Setting(found.values, found.line, "" if owner == name else owner)
        return None

    def user_setting(self, name: str, *attribute: str) -> Setting | None:
        """Return what the attributes of a local user say."""
        return next(self._settings("username", name, "attributes", attribute), None)

    def local_user(self, name: str) -> Line | None:
        """Return the line that makes a local user."""
        return self.configuration.first("username", name, "password")

    def server_group(self, name: str) -> ServerGroup | None:
        """Return an AAA server group by its name, ``None`` where it is not configured."""
        made = self.configuration.first("aaa-server", name, "protocol")
        if made is None or len(made.words) < len(("aaa-server", name, "protocol", "radius")):
            return None
        hosts = tuple(
            line
            for line in self.configuration.find("aaa-server", name)
            if "host" in line.words[2:4]
        )
        return ServerGroup(name, made.words[3].lower(), made.cited(), made, hosts)

    def certificate_rules(self) -> tuple[CertificateRule, ...]:
        """Return the rules that choose a tunnel group by certificate, in their order."""
        found = []
        for line in self._webvpn("certificate-group-map"):
            match line.words[1:]:
                case [name, sequence, group]:
                    entry = self._entry(name, sequence)
                    found.append(
                        CertificateRule(name, sequence, group, line.cited("webvpn"), entry)
                    )
        return tuple(found)

    def by_alias(self, alias: str) -> tuple[str, PolicyLine] | None:
        """Return the tunnel group with an enabled alias, and the line; names without case."""
        return self._enabled("group-alias", alias)

    def by_url(self, url: str) -> tuple[str, PolicyLine] | None:
        """Return the tunnel group with an enabled group URL, and the line."""
        return self._enabled("group-url", url)

    def preference(self) -> PolicyLine | None:
        """Return the line that puts a group URL before the certificate maps."""
        found = self._webvpn("tunnel-group-preference", "group-url")
        return found[0].cited("webvpn") if found else None

    def attribute_maps(self, group: ServerGroup) -> tuple[tuple[Line, PolicyLine], ...]:
        """Return the LDAP attribute maps of a group's hosts, with the lines that name them."""
        named = ((self._map(name), line) for name, line in group.values("ldap-attribute-map"))
        return tuple((found, line) for found, line in named if found is not None)

    def records(self) -> tuple[PolicyLine, ...]:
        """Return the dynamic access policy records."""
        found = self.configuration.find("dynamic-access-policy-record")
        return tuple(line.cited() for line in found)

    def _map(self, name: str) -> Line | None:
        return self.configuration.first("ldap", "attribute-map", name)

    def _entry(self, name: str, sequence: str) -> Line | None:
        return self.configuration.first("crypto", "ca", "certificate", "map", name, sequence)

    def _webvpn(self, *beginning: str) -> tuple[Line, ...]:
        sections = self.configuration.find("webvpn")
        return tuple(line for section in sections for line in section.under(*beginning))

    def _settings(
        self, subject: str, name: str, part: str, attribute: tuple[str, ...]
    ) -> Iterator[Setting]:
        for section in self.configuration.find(subject, name, part):
            for line in section.under(*attribute):
                words = line.words[len(attribute) :]
                values = tuple(word for word in words if word[:1] != "(")
                at = next((word.strip("()") for word in words if word[:1] == "("), "")
                yield Setting(values, line.cited(section.text), interface=at)

    def _enabled(self, attribute: str, wanted: str) -> tuple[str, PolicyLine] | None:
        for name in self.tunnel_groups:
            for found in self._settings("tunnel-group", name, WEBVPN, (attribute,)):
                if found.values[-1:] == ("enable",) and found.values[0].lower() == wanted.lower():
                    return name, found.line
        return None


def _deciding(found: Sequence[Setting], interface: str) -> Setting | None:
    """Return what counts at an interface: an owner's line for it, then its line for all."""
    for owner in dict.fromkeys(one.inherited for one in found):
        own = [one for one in found if one.inherited == owner]
        for wanted in dict.fromkeys((interface, "")):
            for one in own:
                if one.interface == wanted:
                    return one
    return None
