"""One preflight check of one headend."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CheckState(StrEnum):
    """What a check came to; ``unknown`` is what the headend did not tell."""

    OK = "ok"
    WARN = "warn"
    REFUSE = "refuse"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """A check by name, its state, the reason in one sentence, and the remedy."""

    name: str
    state: CheckState
    reason: str
    remedy: str = ""
