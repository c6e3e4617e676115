"""TextFSM templates, compiled: the same rows as the stock engine gives, a line at a time.

TextFSM itself parses and checks a template. What differs is how a line meets the rules: the stock
engine tries every rule of a state and keeps a row of all values, here a line meets only the rules
that it could match by how it begins, and a row holds only what was set.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any, NamedTuple

from textfsm import TextFSM

from headend.parse.dispatch import HEAD
from headend.parse.once import once
from headend.parse.program import Program, compiled, text_of

# What an ASA prints in one line is far shorter; a name chosen by a client may not be.
LINE_LIMIT = 4096

# A line may hold what str.splitlines() would cut at, and "." stops at a line feed.
_BREAKS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
Row = Mapping[str, Any]


class Reading(NamedTuple):
    """Whether a rule of the template knew the line, and the rows that the line completed.

    A row holds its non-empty values only, under lower-case names.
    """

    recognised: bool
    rows: tuple[Row, ...] = ()


UNKNOWN = Reading(recognised=False)
KNOWN = Reading(recognised=True)


class Template:
    """One template, with the state that it keeps from line to line.

    ``head`` is how many characters of a line's beginning choose its rules.
    """

    # What the template makes of one more line, which is flat.
    take: Callable[[str], Reading]

    def __init__(self, name: str, head: int = HEAD) -> None:
        self.name = name
        self._head = head
        self._begin()

    def _begin(self) -> None:
        self._engine = _engine(self.name, self._head)
        self.take = self._engine.feed

    def feed(self, line: str) -> Reading:
        """Return what the template makes of one more line (cut at 4096 characters)."""
        return self.take(flat(line))

    def names(self, number: str) -> bool:
        """Return whether a rule of the first state asks for a syslog id by its number."""
        program = _compiled(self.name, self._head)[1]
        return program is None or program.states["Start"].names(number)

    @property
    def ended(self) -> bool:
        """Whether the template has all that it wants."""
        return self._engine.state in {"End", "EOF"}

    def close(self) -> tuple[Row, ...]:
        """Return the row that the end of the text completes, and start afresh."""
        rows = self._engine.end()
        if isinstance(self._engine, _Stock):
            self._engine.Reset()  # to build another is dear
        else:
            self._begin()
        return rows


class Sparse:
    """Runs a program with rows that hold only what was set."""

    def __init__(self, program: Program) -> None:
        self.state = "Start"
        self._program = program
        self._rules = program.states["Start"]
        self._held: dict[str, str] = {}
        self._filled: dict[str, str] = {}

    def feed(self, line: str) -> Reading:
        """Return what the rules of the present state make of a flat line."""
        recognised = False
        rows: tuple[Row, ...] = ()
        for rule in self._rules.candidates(line):
            match = rule.match(line)
            if match is None:
                continue
            recognised = True
            if rule.values:
                self._assign(match.groupdict())
            if rule.operation:
                rows += self._operate(rule.operation)
            if rule.goes_on:
                continue
            if rule.state:
                self.state = rule.state
                self._rules = self._program.states.get(rule.state, self._rules)
            break
        if not recognised:
            return UNKNOWN
        return Reading(True, rows) if rows else KNOWN  # noqa: FBT003 - a hot path

    def end(self) -> tuple[Row, ...]:
        """Return the row that the end of the text completes."""
        return self._record() if self._program.records and self.state != "End" else ()

    def _assign(self, values: dict[str, str | None]) -> None:
        _set(self._held, values)
        if self._program.filled_down:
            down = self._program.filled_down & values.keys()
            _set(self._filled, {name: values[name] for name in down})

    def _operate(self, operation: str) -> tuple[Row, ...]:
        if operation == "Record":
            return self._record()
        if operation == "Clear":
            self._held = dict(self._filled)
        elif operation == "Clearall":
            self._held, self._filled = {}, {}
        return ()

    def _record(self) -> tuple[Row, ...]:
        held, self._held = self._held, dict(self._filled)
        if not held or not all(map(held.get, self._program.required)):
            return ()
        return ({name: value for name, value in held.items() if value},)


class _Alone(Sparse):
    """Runs a program whose rules stand alone: it keeps nothing from line to line."""

    def feed(self, line: str) -> Reading:
        """Return what the rules make of a flat line."""
        for rule in self._rules.candidates(line):
            found = rule.match(line)
            if found is None:
                continue
            row = found.groupdict()
            if not all(row.values()) or not row:
                # A row of empty values is one as well.
                if all(value is None for value in row.values()):
                    return KNOWN
                row = {name: value for name, value in row.items() if value}
            return Reading(True, (row,))  # noqa: FBT003 - a hot path
        return UNKNOWN


class _Stock(TextFSM):  # type: ignore[misc]  # textfsm ships no types
    """The stock engine, for what a sparse row cannot hold, watched through its debugging hook."""

    matched = False
    _result: list[list[Any]]
    _cur_state_name: str

    def _CheckRule(self, rule: Any, line: str) -> Any:  # noqa: N802 - textfsm's name
        match = rule.regex_obj.match(line)
        if match is not None:
            self.matched = True
        return match

    @property
    def state(self) -> str:
        """The name of the present state."""
        return self._cur_state_name

    def feed(self, line: str) -> Reading:
        """Return what the rules of the present state make of a flat line."""
        self.matched = False
        self._CheckLine(line)
        return Reading(self.matched, self._take())

    def end(self) -> tuple[Row, ...]:
        """Return the row that the end of the text completes."""
        self.ParseText("")
        return self._take()

    def _take(self) -> tuple[Row, ...]:
        rows, self._result = self._result, []
        return tuple(
            {name.lower(): value for name, value in zip(self.header, row, strict=True) if value}
            for row in rows
        )


def _set(held: dict[str, str], values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is not None:
            held[name] = value
        else:
            held.pop(name, None)


def flat(line: str) -> str:
    """Return ``line`` as one line for the expressions: cut to length, no break inside."""
    line = line[:LINE_LIMIT]
    if len(line.splitlines()) > 1:
        line = _BREAKS.sub(" ", line)
    return line.rstrip()


def _engine(name: str, head: int) -> Sparse | _Stock:
    text, program = _compiled(name, head)
    if program is None:
        return _Stock(StringIO(text))
    return _Alone(program) if program.alone else Sparse(program)


@once
def _compiled(name: str, head: int) -> tuple[str, Program | None]:
    """Return a template's text, and its program where sparse rows can hold its values."""
    text = text_of(name)
    return text, compiled(text, head)
