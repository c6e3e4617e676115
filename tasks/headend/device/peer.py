"""One SSH server and how it is spoken to."""

from __future__ import annotations

from dataclasses import dataclass, field

from headend.device.algorithms import Algorithms
from headend.device.hostkeys import Pins
from headend.device.login import Identity


@dataclass(frozen=True, slots=True)
class Peer:
    """One SSH server and how it is spoken to."""

    host: str
    port: int
    identity: Identity
    pins: Pins
    algorithms: Algorithms = field(default_factory=Algorithms)
    keepalive: bool = True
    is_jump: bool = False

    @property
    def where(self) -> str:
        """The address, for messages."""
        return f"{'jump host ' if self.is_jump else ''}{self.host}:{self.port}"
