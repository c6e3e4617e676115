"""Where things are: options win over the environment, the environment over the defaults."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The places of one run: inventory, incidents, known hosts, and who may approve changes."""

    inventory: Path
    incidents: Path
    known_hosts: Path
    allowed_signers: Path

    @classmethod
    def resolve(cls, inventory: Path | None = None, incidents: Path | None = None) -> Settings:
        """Fill what was not given from ``HEADEND_*`` variables, then from the defaults."""
        own = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "headend"
        return cls(
            inventory=inventory or _place("HEADEND_INVENTORY", Path("inventory")),
            incidents=incidents or _place("HEADEND_INCIDENTS", Path("incidents")),
            known_hosts=_place("HEADEND_KNOWN_HOSTS", own / "known_hosts"),
            # An administrator's file: who plans a change must not choose who approves it.
            allowed_signers=_place("HEADEND_ALLOWED_SIGNERS", Path("/etc/headend/allowed_signers")),
        )


def _place(variable: str, default: Path) -> Path:
    value = os.environ.get(variable)
    return Path(value).expanduser() if value else default
