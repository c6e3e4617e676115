"""All attempts of a run, in order, and which of the recent ones a name or address means."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from headend.diagnosis.attempt import Attempt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.model.event import Event
    from headend.model.line import Line

# How far back a syslog line may look for the attempt that it belongs to.
_RECENT = 256


def host_of(event: Event) -> str | None:
    """Return the headend that the event names: the inventory's word before the header's."""
    return event.line.headend or event.fields.get("host")


class Roster:
    """Opens attempts, numbers them, and forgets none."""

    def __init__(self) -> None:
        self.attempts: list[Attempt] = []
        self._recent: deque[Attempt] = deque(maxlen=_RECENT)
        self.labels: dict[str, str] = {}

    def open(self, event: Event) -> Attempt:
        """Return a new attempt that begins with ``event`` (not yet added)."""
        line: Line = event.line
        attempt = Attempt(str(len(self.attempts) + 1), line.source, host_of(event))
        attempt.label = self.labels.get(line.source)
        self.attempts.append(attempt)
        self._recent.append(attempt)
        return attempt

    def recent(self) -> Iterator[Attempt]:
        """Yield recent attempts, the newest first."""
        return reversed(self._recent)
