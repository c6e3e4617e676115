"""What preflight knows of one headend: its replies, the time, the login, and the limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from headend.device.debug_set import Wanted
from headend.parse import show

MAX_CPU = 60.0  # per cent; debug output is printed at high priority


@dataclass(frozen=True, slots=True)
class Limits:
    """What a capture is to keep to: seconds of listening, CPU load in per cent, lines (0: any)."""

    duration: float
    max_cpu: float = MAX_CPU
    max_lines: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """One headend at Unix time ``now``; ``replies`` maps each command to its reply.

    ``wanted`` is the login that is to be seen, ``context`` where we are in multiple context mode.
    """

    replies: Mapping[str, str]
    limits: Limits
    now: float
    wanted: Wanted = field(default_factory=Wanted)
    context: str | None = None

    def asked(self, command: str) -> str | None:
        """Return the reply to a command, whatever filter it was read through."""
        return next(
            (text for asked, text in self.replies.items() if asked.split(" |")[0] == command), None
        )

    def refusal(self, command: str) -> str:
        """Return the headend's refusal of a command, or nothing where it took it."""
        for line in (self.asked(command) or "").splitlines():
            if "Invalid input" in line or line.startswith("ERROR") or "authorization fail" in line:
                return line.strip()
        return ""

    def rows(self, command: str) -> list[dict[str, Any]]:
        """Return the rows of a command's reply; none where it was not asked."""
        return show.rows(command, self.asked(command) or "")

    def first(self, command: str) -> dict[str, Any]:
        """Return the first of these rows, or an empty one."""
        return next(iter(self.rows(command)), {})
