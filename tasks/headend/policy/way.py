"""The way of one login through a configuration: where it landed, and what is asked on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from headend.model.policy import Caller, Known, PolicyLine
from headend.model.servers import LOCAL
from headend.policy.objects import GENERAL, WEBVPN, Policies, ServerGroup, Setting

# Tells whether a server group is named as those are that ask for tokens.
TokenName = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """A caller in the tunnel group where the login landed."""

    policies: Policies
    caller: Caller
    group: str
    token_name: TokenName

    def at(self, interface: str) -> Way:
        """Return the way of the same caller who comes in at an interface."""
        return replace(self, caller=replace(self.caller, interface=interface))

    def general(self, *attribute: str) -> Setting | None:
        """Return a setting of the tunnel group's general attributes."""
        return self._setting(GENERAL, attribute)

    def webvpn(self, *attribute: str) -> Setting | None:
        """Return a setting of the tunnel group's WebVPN attributes."""
        return self._setting(WEBVPN, attribute)

    @property
    def methods(self) -> tuple[str, ...]:
        """What the tunnel group asks for: ``aaa`` where it does not say."""
        setting = self.webvpn("authentication")
        return setting.values if setting and setting.values else ("aaa",)

    @property
    def asks_password(self) -> bool:
        """Whether a name and a password are asked for."""
        return "aaa" in self.methods

    def _setting(self, part: str, attribute: tuple[str, ...]) -> Setting | None:
        at = self.caller.interface
        return self.policies.tunnel_setting(self.group, part, *attribute, interface=at)

    def servers(self, setting: Setting | None) -> tuple[str, ServerGroup | None]:
        """Return the server group that a setting names, and what is configured of it."""
        name = setting.values[0] if setting and setting.values else LOCAL
        return name, None if name.upper() == LOCAL else self.policies.server_group(name)


def cited(*settings: Setting | None) -> tuple[PolicyLine, ...]:
    """Return the lines of those settings that there are, those for other interfaces behind."""
    there = [setting for setting in settings if setting]
    others = [line for each in there for _, line in each.elsewhere if line]
    return tuple(dict.fromkeys([*(each.line for each in there), *others]))


def inherited(setting: Setting | None) -> str:
    """Return from whom a setting is inherited, and where it counts, in words."""
    if setting is None:
        return ""
    parts = [f"inherited from {setting.inherited}"] if setting.inherited else []
    if setting.interface:
        parts.append(f"for logins at {setting.interface}")
    parts += [
        f"at {door} {line.text if line else 'nothing is set'}" for door, line in setting.elsewhere
    ]
    return "; ".join(parts)


def known(*settings: Setting | None) -> Known:
    """Return whether the settings tell all: not where they depend on an unknown interface."""
    open_ended = any(setting.elsewhere for setting in settings if setting)
    return Known.PARTLY if open_ended else Known.YES
