"""Lines in, diagnoses out: the one streaming path for a live capture and for pasted files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis import counters
from headend.diagnosis.correlate import Correlator
from headend.diagnosis.gaps import gapped
from headend.diagnosis.judge import judge
from headend.diagnosis.late import Late
from headend.diagnosis.ledger import Ledger
from headend.diagnosis.roster import RECENT, Recent
from headend.diagnosis.server_words import BUILT_IN
from headend.diagnosis.witnesses import witnessed
from headend.model.diagnosis import Report, Source
from headend.model.line import Line
from headend.parse.read import Reader
from headend.parse.sieve import Sieve

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.words import Words
    from headend.model.diagnosis import Diagnosis
    from headend.model.event import Event


class _Input:
    """One source: its reader, and the counts of its lines."""

    __slots__ = ("lines", "reader", "sieves", "unrecognised")

    def __init__(self) -> None:
        self.reader = Reader()
        self.sieves: list[Sieve] = []
        self.lines = 0
        self.unrecognised = 0

    @property
    def seen(self) -> int:
        return self.lines + sum(sieve.held_back for sieve in self.sieves)


class Diagnoser:
    """Reads lines as they come and says at each which attempts they changed.

    Lines of several sources may be mixed. Nothing raises on what it reads. ``on_event`` is given
    each event as it is read, for those who keep them. ``on_final`` is given the diagnosis of each
    attempt that no line can change any more, as soon as that is certain; without it, the report
    holds them all. ``words`` are what servers say, with what it means. Some attempts are ``kept``
    for lines that may come later, of another file perhaps. ``client_user`` is
    whose clients wrote the client logs, where that is known: their clocks may then be wrong.
    """

    def __init__(
        self,
        on_event: Callable[[Event], None] | None = None,
        on_final: Callable[[Diagnosis], object] | None = None,
        words: Words = BUILT_IN,
        kept: Recent = RECENT,
        client_user: str | None = None,
    ) -> None:
        self._on_event = on_event
        self._attempts: list[Diagnosis] = []
        self._on_final = on_final
        self._words = words
        self._inputs: dict[str, _Input] = {}
        self._counters = counters.Counters(self._inputs)
        self._correlator = Correlator(self._finished, kept, client_user)
        self._ledger = Ledger()
        self._gaps: dict[str, list[int]] = {}

    def feed(self, line: Line) -> tuple[Diagnosis, ...]:
        """Return the attempts whose judgement ``line`` may have changed, judged anew."""
        return self.judge(self.take(line))

    def judge(self, attempts: Iterable[Attempt]) -> tuple[Diagnosis, ...]:
        """Return what can be said now of attempts that ``take`` returned."""
        return tuple(self._judged(attempt) for attempt in attempts)

    def gap(self, line: Line) -> None:
        """Take note that lines may be missing where ``line`` stands: no headend said it."""
        self._input(line.source).lines += 1
        self._gaps.setdefault(line.source, []).append(line.number)

    def read(self, source: str, lines: Sequence[str], numbers: Iterable[int]) -> None:
        """Read lines of a file, as ``take`` does, many at a time; ``numbers`` may go on behind."""
        given = self._input(source)
        given.lines += len(lines)
        for unknown, events in given.reader.read(source, zip(lines, numbers, strict=False)):
            if unknown:
                self._enter(given, unknown)
            for event in events:
                self._place(given, event)

    def sieve(self, source: str) -> Sieve:
        """Return what takes those lines out of a file that need not be read, and counts them."""
        given = self._input(source)
        # A file that is named twice is read twice, from its first line.
        given.sieves.append(Sieve(lambda: given.reader.idle.expression))
        return given.sieves[-1]

    def _input(self, source: str) -> _Input:
        given = self._inputs.get(source)
        if given is None:
            given = self._inputs[source] = _Input()
        return given

    def take(self, line: Line) -> Collection[Attempt]:
        """Read ``line`` without judging, for those who only want the end."""
        given = self._input(line.source)
        given.lines += 1
        unknown, events = given.reader.feed(line)
        if unknown or events:
            return self._absorb(given, unknown, events)
        return ()

    def _absorb(
        self, given: _Input, unknown: Iterable[Line], events: Iterable[Event]
    ) -> Collection[Attempt]:
        self._enter(given, unknown)
        touched = dict.fromkeys(self._place(given, event) for event in events)
        return [attempt for attempt in touched if attempt is not None]

    def _enter(self, given: _Input, unknown: Iterable[Line]) -> None:
        for line in unknown:
            given.unrecognised += 1
            self._ledger.add(line)

    def _place(self, given: _Input, event: Event) -> Attempt | None:
        if self._on_event is not None:
            self._on_event(event)
        hostname = given.reader.hostname
        if event.facility == counters.FACILITY:
            self._counters.feed(event, hostname)
            return None
        if hostname is not None:
            self._correlator.roster.labels[event.line.source] = hostname
        attempt = self._correlator.feed(event)
        if attempt is not None and attempt.unknown_before != given.unrecognised:
            attempt.pass_unknown(given.unrecognised, event.line.source)
        return attempt

    def finish(self) -> Report:
        """Return everything found; what the capture cut off is placed first."""
        for given in self._inputs.values():
            self._absorb(given, *given.reader.finish())
        self._correlator.finish()
        return Report(
            tuple(
                Source(name, given.seen, given.unrecognised) for name, given in self._inputs.items()
            ),
            tuple(self._attempts),
            tuple(self._ledger.first),
            self._ledger.shapes,
            self._ledger.rest,
        )

    def _finished(self, attempt: Attempt) -> None:
        if self._on_final is None:
            self._attempts.append(self._judged(attempt))
        elif self._counters or attempt.unknown or attempt.heard_twice:
            self._on_final(self._judged(attempt))
        else:
            # With one witness nothing is left to weigh.
            self._on_final(Late.of(attempt, self._words))

    def _judged(self, attempt: Attempt) -> Diagnosis:
        diagnosis = judge(attempt, self._words)
        return gapped(witnessed(diagnosis, self._counters.around(diagnosis)), self._gaps)


def report(lines: Iterable[Line], words: Words = BUILT_IN) -> Report:
    """Return every attempt that ``lines`` tell of, and the lines that nobody knew."""
    diagnoser = Diagnoser(words=words)
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
