"""Lines in, diagnoses out: the one streaming path for a live capture and for pasted files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.correlate import Correlator
from headend.diagnosis.judge import judge
from headend.model.diagnosis import Evidence, Report, Source
from headend.model.line import Line
from headend.parse.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from headend.diagnosis.attempt import Attempt
    from headend.model.diagnosis import Diagnosis
    from headend.model.event import Event

_KEPT = 1000
_TEXT = 2000


class Diagnoser:
    """Reads lines as they come and says at each which attempts they changed.

    Lines of several sources may be mixed. Nothing raises on what it reads. ``on_event`` is given
    each event as it is read, for those who keep them.
    """

    def __init__(self, on_event: Callable[[Event], None] = lambda _event: None) -> None:
        self._on_event = on_event
        self._correlator = Correlator()
        self._readers: dict[str, Reader] = {}
        self._counts: dict[str, list[int]] = {}
        self._unrecognised: list[Evidence] = []

    def feed(self, line: Line) -> tuple[Diagnosis, ...]:
        """Return the attempts whose judgement ``line`` may have changed, judged anew."""
        return tuple(judge(attempt) for attempt in self.take(line))

    def take(self, line: Line) -> tuple[Attempt, ...]:
        """Read ``line`` without judging, for those who only want the end."""
        reader = self._readers.get(line.source)
        if reader is None:
            reader = self._readers[line.source] = Reader()
            self._counts[line.source] = [0, 0]
        self._counts[line.source][0] += 1
        unknown, events = reader.feed(line)
        if reader.hostname is not None:
            self._correlator.roster.labels[line.source] = reader.hostname
        return self._absorb(unknown, events)

    def _absorb(self, unknown: Iterable[Line], events: Iterable[Event]) -> tuple[Attempt, ...]:
        for line in unknown:
            self._counts[line.source][1] += 1
            if len(self._unrecognised) < _KEPT:
                self._unrecognised.append(Evidence(line.source, line.number, line.text[:_TEXT]))
        touched: dict[Attempt, None] = {}
        for event in events:
            self._on_event(event)
            attempt = self._correlator.feed(event)
            if attempt is not None:
                touched[attempt] = None
        return tuple(touched)

    def finish(self) -> Report:
        """Return everything found; what the capture cut off is placed first."""
        for reader in self._readers.values():
            self._absorb(*reader.finish())
        self._correlator.finish()
        return Report(
            tuple(Source(name, *counts) for name, counts in self._counts.items()),
            tuple(judge(attempt) for attempt in self._correlator.roster.attempts),
            tuple(self._unrecognised),
        )


def report(lines: Iterable[Line]) -> Report:
    """Return every attempt that ``lines`` tell of, and the lines that nobody knew."""
    diagnoser = Diagnoser()
    for line in lines:
        diagnoser.take(line)
    return diagnoser.finish()


def diagnose(lines: str | Iterable[str | Line]) -> list[Diagnosis]:
    r"""Return a diagnosis for each login attempt in ``lines``.

    ``lines`` is one text, or lines as ``str`` (their line ends are taken off) or ``Line``. Only
    ``\n`` ends a line: a user name may hold any other separator.
    """
    given = lines.split("\n") if isinstance(lines, str) else lines
    return list(report(_numbered(given)).attempts)


def _numbered(lines: Iterable[str | Line]) -> Iterable[Line]:
    for number, line in enumerate(lines, 1):
        yield line if isinstance(line, Line) else Line("-", number, line.rstrip("\r\n"))
