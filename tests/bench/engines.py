"""The contenders: each reads a line into rows or events, and answers with what it found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import StringIO
from typing import Any

from textfsm import TextFSM

from headend.model.line import Line
from headend.parse.debug import Debug
from headend.parse.facilities import READERS
from headend.parse.fsm import Template, flat
from headend.parse.read import Reader
from headend.parse.syslog import SyslogReader
from headend.paths import PARSERS

HEADER = "cisco_asa_syslog.textfsm"
MESSAGE = "cisco_asa_syslog_message.textfsm"
DEBUG = tuple(reader().template for reader in READERS)

Feed = Callable[[str], object]
Rows = list[Mapping[str, Any]]


class _Stock(TextFSM):  # type: ignore[misc]  # textfsm ships no types
    """The stock engine fed a line at a time; it says whether a rule matched."""

    matched = False
    _result: list[list[str]]

    def _CheckRule(self, rule: Any, line: str) -> Any:  # noqa: N802 - textfsm's name
        match = rule.regex_obj.match(line)
        if match is not None:
            self.matched = True
        return match

    def take(self, line: str) -> list[list[str]]:
        self.matched = False
        self._CheckLine(line)
        rows, self._result = self._result, []
        return rows

    def rows(self, line: str) -> Rows:
        names = [name.lower() for name in self.header]
        return [
            {name: value for name, value in zip(names, row, strict=True) if value}
            for row in self.take(line)
        ]


def stock(name: str) -> _Stock:
    return _Stock(StringIO((PARSERS / name).read_text(encoding="utf-8")))


def stock_debug() -> Feed:
    """Ask the templates in the order in which headend does; the first that knows a line has it."""
    engines = [stock(name) for name in DEBUG]

    def feed(line: str) -> object:
        for engine in engines:
            rows = engine.take(line)
            if engine.matched:
                return rows
        return None

    return feed


def stock_syslog() -> Feed:
    """Read the header, then the message behind its id."""
    header, message = stock(HEADER), stock(MESSAGE)
    ident, text = header.header.index("ID"), header.header.index("TEXT")

    def feed(line: str) -> object:
        rows = header.take(line)
        return message.take(f"{rows[0][ident]} {rows[0][text]}") if rows else None

    return feed


def compiled_debug() -> Feed:
    debug, line = Debug(), Line("bench", 1, "")
    return lambda text: debug.feed(line, flat(text))


def compiled_syslog() -> Feed:
    syslog, line = SyslogReader(), Line("bench", 1, "")
    return lambda text: syslog.idle(text) or syslog.feed(line, flat(text))


def whole_reader() -> Callable[[Line], object]:
    return Reader().feed


STOCK: dict[str, Callable[[], Feed]] = {"debug": stock_debug, "syslog": stock_syslog}
COMPILED: dict[str, Callable[[], Feed]] = {"debug": compiled_debug, "syslog": compiled_syslog}
TEMPLATES = {"debug": DEBUG, "syslog": (HEADER, MESSAGE)}


def differences(kind: str, lines: list[str]) -> int:
    """Return for how many lines a template's rows are not those of the stock engine."""
    found = 0
    for name in TEMPLATES[kind]:
        ours, theirs = Template(name), stock(name)
        for line in lines:
            one = flat(line)
            found += list(ours.feed(one).rows) != theirs.rows(one)
    return found
