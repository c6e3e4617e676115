"""The diagnosis of a capture that still runs: it follows the file, and keeps its own pace."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from headend.diagnosis import Diagnoser
from headend.diagnosis.attempt import Attempt
from headend.diagnosis.roster import Recent
from headend.diagnosis.server_words import BUILT_IN
from headend.diagnosis.words import Words
from headend.incident.reading import CaptureReader, Gap
from headend.model.diagnosis import Diagnosis, Report
from headend.model.event import Event
from headend.model.line import Line

# Lines between two looks at everything else: some milliseconds of reading.
PORTION = 200
# A busy headend has other people's logins all day: so many of them are kept, the newest.
_OTHERS = 50
_CHOSEN = 1000
# All that is said of one login comes within seconds, and fifty headends may be followed at once.
_OPEN = Recent(newest=64, seconds=120.0)


@dataclass(frozen=True, slots=True)
class Heard:
    """Some lines, and the attempts whose judgement they changed.

    ``changed`` pairs each attempt with the arrival (Unix time) of its last line.
    """

    lines: tuple[Line, ...] = ()
    changed: tuple[tuple[Diagnosis, float | None], ...] = ()


class Follower:
    """Follows one headend's capture from line 1."""

    def __init__(
        self,
        reader: CaptureReader,
        takes: Callable[[Diagnosis], bool],
        *,
        words: Words = BUILT_IN,
        on_event: Callable[[Event], None] | None = None,
    ) -> None:
        self._reader = reader
        self._kept = _Kept(takes)
        self._diagnoser = Diagnoser(
            on_event=on_event, on_final=self._kept.add, words=words, kept=_OPEN
        )

    @property
    def behind(self) -> int:
        """How many bytes of the capture were not read yet."""
        return self._reader.behind

    def advance(self) -> Heard:
        """Read the next lines, if there are any."""
        return self._hear(self._reader.read(PORTION))

    def rest(self) -> Heard:
        """Read what is left when nothing more is written."""
        return self._hear(self._reader.rest())

    def finish(self) -> Report:
        """Return what all lines amount to: the attempts asked about, and the newest others."""
        report = self._diagnoser.finish()
        return replace(report, attempts=self._kept.attempts)

    def close(self) -> None:
        """Close the files."""
        self._reader.close()

    def _hear(self, lines: list[Line]) -> Heard:
        diagnoser = self._diagnoser
        touched: dict[Attempt, Line] = {}
        for line in lines:
            if isinstance(line, Gap):
                diagnoser.gap(line)
                continue
            for attempt in diagnoser.take(line):
                touched[attempt] = line
        # Judged once for all its new lines: a portion is what came since the last look.
        changed = zip(diagnoser.judge(touched), touched.values(), strict=True)
        return Heard(tuple(lines), tuple((each, line.received) for each, line in changed))


@dataclass
class _Kept:
    """The diagnoses of a capture, as many as can be needed."""

    takes: Callable[[Diagnosis], bool]
    chosen: deque[Diagnosis] = field(default_factory=lambda: deque(maxlen=_CHOSEN))
    others: deque[Diagnosis] = field(default_factory=lambda: deque(maxlen=_OTHERS))

    def add(self, diagnosis: Diagnosis) -> None:
        # A copy is whole: what is worked out late holds on to every line of its attempt till then.
        (self.chosen if self.takes(diagnosis) else self.others).append(replace(diagnosis))

    @property
    def attempts(self) -> tuple[Diagnosis, ...]:
        return (*self.chosen, *self.others)
