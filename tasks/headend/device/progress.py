"""What a capture tells its observer, step by step, on each headend."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from headend.device.listen import Ending
from headend.model.check import Check


@dataclass(frozen=True, slots=True)
class Connected:
    """Logged in; ``seconds`` since the TCP connection was begun."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Checked:
    """Preflight is done; ``replies`` holds the text of each command read."""

    checks: tuple[Check, ...]
    replies: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Arming:
    """The debugs go on next: from here on the session is ours to account for.

    ``sid`` is our session's number on the headend, ``None`` where it could not be told apart.
    """

    host: str
    port: int
    username: str
    address: str
    sid: int | None
    debugs: tuple[str, ...]
    context: str | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """The debugs are on; ``seconds`` since the TCP connection was begun."""

    seconds: float
    debugs: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lost:
    """The armed session ended under our hands at the Unix time ``at``; it is opened once more."""

    message: str
    at: float


@dataclass(frozen=True, slots=True)
class Disarmed:
    """The headend's own read-back says that nothing of ours is on."""

    ending: Ending | None
    proof: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Replies read after the capture."""

    replies: Mapping[str, str]


Step = Connected | Checked | Arming | Listening | Lost | Disarmed | Snapshot
Observer = Callable[[str, Step], None]
