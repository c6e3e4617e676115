"""The debug readers of one stream behind one dispatch: a line is compared with few rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from headend.model.event import Event
from headend.model.line import Line
from headend.parse.dispatch import Dispatch
from headend.parse.facilities import READERS
from headend.parse.fsm import Row, Template
from headend.parse.once import once
from headend.parse.program import line_rules
from headend.parse.prompt import WIDTH
from headend.parse.viable import Expression

# What a line says, whoever prints it: the reader's answer to its row, the row's kind, the row.
Saying = tuple[Callable[[Line, str, Row], tuple[Event, ...]], str, Row]
# Whether a line is known, and its events.
Result = tuple[bool, tuple[Event, ...]]

# Lines of a login say the same again and again: so many of them, of such a length at most, are
# known by heart. When there are more, what is said often is soon learnt again.
_BY_HEART = 2048
_LONGEST = 120


def _nothing(_line: Line, _kind: str, _row: Row) -> tuple[Event, ...]:
    return ()


# What a line says that no reader needs.
NOTHING: Saying = (_nothing, "", {})


@dataclass(frozen=True, slots=True, eq=False)
class _Rule:
    """A rule of a reader's template; ``alone`` where no state decides whether it holds.

    Where it ``records`` a row, and sets each value of it, ``kind`` is what kind of event that is.
    """

    match: Callable[[str], re.Match[str] | None]
    reader: int
    records: bool
    kind: str
    alone: bool


class Debug:
    """Reads every debug facility of one stream; where two know a line, the first listed has it."""

    def __init__(self) -> None:
        self._readers = tuple(reader() for reader in READERS)
        self._candidates = _dispatch().candidates
        self._templates: dict[int, Template] = {}
        self.by_heart: dict[str, Saying] = {}

    def feed(self, line: Line, text: str, heard: str | None = None) -> Result:
        """Return whether the flat ``text`` of ``line`` is known, and its events.

        Where what ``text`` says is certain, it is learnt by heart for the line ``heard``.
        """
        asked = -1
        for rule in self._candidates(text):
            number = rule.reader
            if not rule.alone:
                if number != asked:
                    asked = number
                    recognised, rows = self._template(number).take(text)
                    if recognised:
                        return True, self._told(line, number, rows)
                continue
            found = rule.match(text)
            if found is None:
                continue
            saying = NOTHING
            if rule.records:
                reader, kind, row = self._readers[number], rule.kind, found.groupdict()
                if not all(row.values()):
                    row = {name: value for name, value in row.items() if value}
                    kind = reader.kind(row)
                if kind:
                    saying = (reader.take, kind, row)
            if heard is not None and asked < 0:
                self.learn(heard, saying)
            take, told, said = saying
            return True, take(line, told, said)
        return False, ()

    def learn(self, heard: str, saying: Saying) -> None:
        """Know what a line says from now on without reading it."""
        # A line as wide as a terminal may go on in the next.
        if len(heard) <= _LONGEST and len(heard) != WIDTH:
            if len(self.by_heart) >= _BY_HEART:
                self.by_heart.clear()
            self.by_heart[heard] = saying

    def _told(self, line: Line, number: int, rows: tuple[Row, ...]) -> tuple[Event, ...]:
        reader = self._readers[number]
        kinds = ((reader.kind(row), row) for row in rows)
        return tuple(event for kind, row in kinds if kind for event in reader.take(line, kind, row))

    def _template(self, number: int) -> Template:
        if number not in self._templates:
            self._templates[number] = Template(self._readers[number].template)
        return self._templates[number]


@once
def _dispatch() -> Dispatch[_Rule]:
    return Dispatch(_rules())


def _rules() -> Iterator[tuple[Expression, _Rule]]:
    for number, made in enumerate(READERS):
        reader = made()
        alone, rules = line_rules(reader.template)
        for expression, records in rules:
            pattern = expression.pattern
            row = dict.fromkeys(pattern.groupindex, "")
            yield expression, _Rule(pattern.match, number, records, reader.kind(row), alone)
