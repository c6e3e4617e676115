"""A TextFSM template fed one line at a time, in constant memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import TYPE_CHECKING, Any

from textfsm import TextFSM

from headend.paths import PARSERS

if TYPE_CHECKING:
    from collections.abc import Mapping

# What an ASA prints in one line is far shorter; a name chosen by a client may not be.
LINE_LIMIT = 4096

# A line may hold what str.splitlines() would cut at, and "." stops at a line feed.
_BREAKS = re.compile("[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Reading:
    """Whether a rule of the template knew the line, and the rows that the line completed.

    A row holds its non-empty values only, under lower-case names.
    """

    recognised: bool
    rows: tuple[Mapping[str, Any], ...] = ()


@cache
def _template(name: str) -> str:
    return (PARSERS / name).read_text(encoding="utf-8")


class _Engine(TextFSM):  # type: ignore[misc]  # textfsm ships no types
    """The stock engine, watched through the hook that its authors left for debugging tools."""

    matched = False
    _result: list[list[Any]]
    _cur_state_name: str

    def _CheckRule(self, rule: Any, line: str) -> Any:  # noqa: N802 - textfsm's name
        match = rule.regex_obj.match(line)
        if match is not None:
            self.matched = True
        return match

    def take(self) -> list[list[Any]]:
        """Return the rows recorded since the last call, and forget them."""
        rows, self._result = self._result, []
        return rows

    @property
    def ended(self) -> bool:
        """Whether a rule said that the rest of the text does not matter."""
        return self._cur_state_name in {"End", "EOF"}


class Template:
    """One template of ``parsers/``, with the state that it keeps from line to line."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._engine = _Engine(StringIO(_template(name)))
        self._header = tuple(column.lower() for column in self._engine.header)

    def feed(self, line: str) -> Reading:
        """Return what the template makes of one more line (cut at 4096 characters)."""
        engine = self._engine
        engine.matched = False
        engine._CheckLine(flat(line))  # noqa: SLF001 - ParseText would split the line again
        return Reading(engine.matched, tuple(self._row(row) for row in engine.take()))

    @property
    def ended(self) -> bool:
        """Whether the template has all that it wants."""
        return self._engine.ended

    def close(self) -> tuple[Mapping[str, Any], ...]:
        """Return the row that the end of the text completes, and start afresh."""
        self._engine.ParseText("")
        rows = tuple(self._row(row) for row in self._engine.take())
        self._engine.Reset()
        return rows

    def _row(self, row: list[Any]) -> Mapping[str, Any]:
        return {name: value for name, value in zip(self._header, row, strict=True) if value}


def flat(line: str) -> str:
    """Return ``line`` as one line for the expressions: cut to length, no break inside."""
    return _BREAKS.sub(" ", line[:LINE_LIMIT]).rstrip()
