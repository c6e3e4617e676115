"""The attempts of a run while they can still change, and which of them a name or address means."""

from __future__ import annotations

from collections import deque
from math import inf
from typing import TYPE_CHECKING, NamedTuple

from headend.diagnosis.attempt import Attempt
from headend.model.user import bare_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from headend.model.event import Event
    from headend.model.line import Line

# How many attempts of one user or address a line is compared with: a password sprayed from one
# address must not make each of its lines dearer.
_NAMESAKES = 32


class Recent(NamedTuple):
    """The attempts that are kept for a later line, of another file perhaps, to join.

    The ``newest`` so many, as long as their last line arrived within so many ``seconds``.
    """

    newest: int = 512
    seconds: float = inf


RECENT = Recent()


def host_of(event: Event) -> str | None:
    """Return the headend that the event names: the inventory's word before the header's."""
    return event.line.headend or event.fields.get("host")


class Roster:
    """Opens attempts, numbers them, finds them again, and gives them out when they are final.

    An attempt is final when no conversation holds it any more and it is not among those that are
    ``kept``, or at the end: ``final`` is called with each one, once.
    """

    def __init__(self, final: Callable[[Attempt], object], kept: Recent = RECENT) -> None:
        self.labels: dict[str, str] = {}
        self._final = final
        self._kept = kept
        self._number = 0
        self._recent: deque[Attempt] = deque()
        self._lingering: dict[Attempt, None] = {}
        self._by_user: dict[str, deque[Attempt]] = {}
        self._by_address: dict[str, deque[Attempt]] = {}

    def open(self, event: Event) -> Attempt:
        """Return a new attempt that begins with ``event`` (not yet added)."""
        line: Line = event.line
        self._number += 1
        attempt = Attempt(self._number, line.source, host_of(event), self)
        attempt.label = self.labels.get(line.source)
        self._recent.append(attempt)
        while len(self._recent) > self._kept.newest or self._is_past(self._recent[0], line):
            self._retire(self._recent.popleft())
        return attempt

    def _is_past(self, attempt: Attempt, line: Line) -> bool:
        last = attempt.entries[-1].event.line.received if attempt.entries else None
        if last is None or line.received is None:
            return False
        return line.received - last > self._kept.seconds

    def hold(self, attempt: Attempt) -> None:
        """Keep ``attempt`` open for a conversation that may still add to it."""
        attempt.held += 1

    def release(self, attempt: Attempt) -> None:
        """End one hold."""
        attempt.held -= 1
        if not attempt.held and attempt in self._lingering:
            del self._lingering[attempt]
            self._forget(attempt)
            self._final(attempt)

    def drop(self, attempt: Attempt) -> None:
        """Take back an attempt that is another's: it is never given out."""
        self._recent.remove(attempt)
        self._forget(attempt)

    def finish(self) -> None:
        """Give out every attempt that is left, in the order in which they were opened."""
        left = [*self._lingering, *self._recent]
        self._lingering.clear()
        self._recent.clear()
        for attempt in sorted(left, key=lambda one: one.number):
            self._final(attempt)

    def recent(self) -> Iterator[Attempt]:
        """Yield recent attempts, the newest first."""
        return reversed(self._recent)

    def of_user(self, user: str) -> Iterator[Attempt]:
        """Yield recent attempts whose user may be ``user``, the newest first."""
        return reversed(self._by_user.get(bare_name(user), ()))

    def at_address(self, address: str) -> Iterator[Attempt]:
        """Yield recent attempts from a client's address, the newest first."""
        return reversed(self._by_address.get(address, ()))

    def named(self, attempt: Attempt) -> None:
        """Take note that an attempt has learnt its user's name."""
        _enlist(self._by_user, bare_name(attempt.user or ""), attempt)

    def located(self, attempt: Attempt) -> None:
        """Take note that an attempt has learnt its client's address."""
        _enlist(self._by_address, attempt.client_ip or "", attempt)

    def _retire(self, attempt: Attempt) -> None:
        if attempt.held:
            self._lingering[attempt] = None
        else:
            self._forget(attempt)
            self._final(attempt)

    def _forget(self, attempt: Attempt) -> None:
        if attempt.user:
            _strike(self._by_user, bare_name(attempt.user), attempt)
        if attempt.client_ip:
            _strike(self._by_address, attempt.client_ip, attempt)


def _enlist(index: dict[str, deque[Attempt]], key: str, attempt: Attempt) -> None:
    index.setdefault(key, deque(maxlen=_NAMESAKES)).append(attempt)


def _strike(index: dict[str, deque[Attempt]], key: str, attempt: Attempt) -> None:
    found = index.get(key)
    if found is not None and attempt in found:
        found.remove(attempt)
        if not found:
            del index[key]
