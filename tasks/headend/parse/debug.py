"""The debug readers of one stream behind one dispatch: a line is compared with few rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

from headend.model.event import Event
from headend.model.line import Line
from headend.parse.dispatch import Dispatch
from headend.parse.facilities import READERS
from headend.parse.fsm import Template, line_rules

# The answer to a line that no reader needs: it is known, and leaves nothing behind.
SAYS_NOTHING: tuple[bool, tuple[Event, ...]] = (True, ())


class _Rule(NamedTuple):
    """A rule of a reader's template; ``alone`` where no state decides whether it holds."""

    match: Callable[[str], re.Match[str] | None]
    reader: int
    records: bool
    alone: bool


class Debug:
    """Reads every debug facility of one stream; where two know a line, the first listed has it."""

    def __init__(self) -> None:
        self._readers = tuple(reader() for reader in READERS)
        self._candidates = _dispatch().candidates
        self._templates: dict[int, Template] = {}

    def feed(self, line: Line, text: str) -> tuple[bool, tuple[Event, ...]]:
        """Return whether the flat ``text`` of ``line`` is known, and its events."""
        asked = -1
        for match, reader, records, alone in self._candidates(text):
            if not alone:
                if reader != asked:
                    asked = reader
                    recognised, rows = self._template(reader).feed(text)
                    if recognised:
                        take = self._readers[reader].take
                        return True, tuple(event for row in rows for event in take(line, row))
                continue
            found = match(text)
            if found is not None:
                if records:
                    row = {name: value for name, value in found.groupdict().items() if value}
                    return True, self._readers[reader].take(line, row)
                return SAYS_NOTHING if asked < 0 else (True, ())
        return False, ()

    def _template(self, reader: int) -> Template:
        if reader not in self._templates:
            self._templates[reader] = Template(self._readers[reader].template)
        return self._templates[reader]


@cache
def _dispatch() -> Dispatch[_Rule]:
    return Dispatch(_rules())


def _rules() -> Iterator[tuple[re.Pattern[str], _Rule]]:
    for number, reader in enumerate(READERS):
        alone, rules = line_rules(reader().template)
        for expression, records in rules:
            yield expression, _Rule(expression.match, number, records, alone)
