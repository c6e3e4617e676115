"""The way of one login through a configuration: where it landed, and what is asked on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headend.model.policy import Caller, PolicyLine
from headend.policy.objects import GENERAL, LOCAL, WEBVPN, Policies, ServerGroup, Setting

# Tells whether a server group is named as those are that ask for tokens.
TokenName = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Way:
    """A caller in the tunnel group where the login landed."""

    policies: Policies
    caller: Caller
    group: str
    token_name: TokenName

    def general(self, *attribute: str) -> Setting | None:
        """Return a setting of the tunnel group's general attributes."""
        return self.policies.tunnel_setting(self.group, GENERAL, *attribute)

    def webvpn(self, *attribute: str) -> Setting | None:
        """Return a setting of the tunnel group's WebVPN attributes."""
        return self.policies.tunnel_setting(self.group, WEBVPN, *attribute)

    @property
    def methods(self) -> tuple[str, ...]:
        """What the tunnel group asks for: ``aaa`` where it does not say."""
        setting = self.webvpn("authentication")
        return setting.values if setting and setting.values else ("aaa",)

    @property
    def asks_password(self) -> bool:
        """Whether a name and a password are asked for."""
        return "aaa" in self.methods

    def servers(self, setting: Setting | None) -> tuple[str, ServerGroup | None]:
        """Return the server group that a setting names, and what is configured of it."""
        name = setting.values[0] if setting and setting.values else LOCAL
        return name, None if name.upper() == LOCAL else self.policies.server_group(name)


def cited(*settings: Setting | None) -> tuple[PolicyLine, ...]:
    """Return the lines of those settings that there are."""
    return tuple(setting.line for setting in settings if setting)


def inherited(setting: Setting | None) -> str:
    """Return from whom a setting is inherited, in words."""
    return f"inherited from {setting.inherited}" if setting and setting.inherited else ""
