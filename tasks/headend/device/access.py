"""How one gets in to a headend, as the inventory says: credentials, jump hosts, algorithms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from headend.config import Settings
from headend.device.algorithms import Algorithms
from headend.device.credentials import Credentials
from headend.errors import InputError

_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Hop:
    """A host on the way, and who logs in there (``None``: as the credentials say).

    Port 0 is whatever an ssh_config says, or 22.
    """

    host: str
    port: int = 0
    username: str | None = None

    @classmethod
    def from_text(cls, text: str) -> Hop:
        """Read ``[user@]host[:port]``; an IPv6 address with a port stands in brackets."""
        username, _, place = text.strip().rpartition("@")
        host, colon, port = place.rpartition(":")
        if not colon or (":" in host and not host.endswith("]")):
            host, port = place, "0"
        host = host.removeprefix("[").removesuffix("]")
        if not host or not port.isdecimal() or int(port) > _LAST_PORT:
            raise InputError(
                f"The jump host {text!r} is not [user@]host[:port]",
                remedy="Several stand in their order, with commas in between",
            )
        return cls(host, int(port), username or None)


@dataclass(frozen=True, slots=True)
class Access:
    """What the inventory's ``connection_options.headend.extras`` say of one headend.

    ``jump`` are the hosts on the way, the nearest first; ``jump_credentials`` log in there.
    """

    credentials: Credentials = field(default_factory=Credentials)
    known_hosts: Path | None = None
    jump: tuple[Hop, ...] = ()
    jump_credentials: Credentials | None = None
    ssh_config: Path | None = None
    algorithms: Algorithms = field(default_factory=Algorithms)
    keepalive: bool = True

    @classmethod
    def from_data(cls, extras: Mapping[str, Any] | None) -> Access:
        """Read the extras. Raises ``InputError`` for what is unknown or cannot be read."""
        given = dict(extras or {})
        known = {
            "credentials", "known_hosts", "jump", "jump_credentials", "ssh_config",
            "legacy_algorithms", "keepalive",
        }  # fmt: skip
        unknown = sorted(map(str, set(given) - known))
        if unknown:
            raise InputError(
                f"The inventory's extras of connection headend name {unknown[0]!r}",
                remedy=f"Known are {', '.join(sorted(known))}",
            )
        jump = given.get("jump") or ""
        if isinstance(jump, list):
            jump = ",".join(map(str, jump))
        for_jumps = given.get("jump_credentials")
        return cls(
            credentials=Credentials.from_data(given.get("credentials")),
            known_hosts=_path(given.get("known_hosts")),
            jump=tuple(Hop.from_text(each) for each in str(jump).split(",") if each.strip()),
            jump_credentials=None if for_jumps is None else Credentials.from_data(for_jumps),
            ssh_config=_path(given.get("ssh_config")),
            algorithms=Algorithms.from_data(given.get("legacy_algorithms")),
            keepalive=given.get("keepalive", True) is not False,
        )

    @property
    def keys(self) -> Path:
        """The known-hosts file that holds the host keys of this way."""
        return self.known_hosts or Settings.resolve().known_hosts

    def credentials_of_jumps(self) -> Credentials:
        """Return who logs in to the jump hosts.

        Where the inventory names nobody: the headend's user and key, and never its password. That
        is for the headend alone.
        """
        if self.jump_credentials:
            return self.jump_credentials
        own = self.credentials
        return Credentials(own.username, "", "", "", own.key or "agent", own.passphrase)


def _path(value: object) -> Path | None:
    return Path(str(value)).expanduser() if value else None
