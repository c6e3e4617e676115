"""TextFSM templates, compiled to the rules that a line could match by how it begins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from itertools import chain
from typing import Any, NamedTuple

from textfsm import TextFSM

from headend.parse.dispatch import HEAD, Dispatch
from headend.parse.viable import Expression
from headend.paths import PARSERS

# Options whose values a sparse row can hold; lists and look-backs are left to the stock engine.
_SPARSE = frozenset({"Required", "Filldown", "Key"})

# Where a template names a value, and where a rule asks for it.
_VALUE = re.compile(r"^(Value (?:[\w,]+ )?)(\w+)(?= \()|(\$\{\w+\})", re.MULTILINE)


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A rule, how many ``values`` it has, and what is done where it matches."""

    match: Callable[[str], re.Match[str] | None]
    values: int
    operation: str
    goes_on: bool
    state: str


class Program(NamedTuple):
    """A template, compiled; ``records`` at the end where the template does not forbid it.

    Its rules stand ``alone`` where a line can be read by any one of them, whatever came before.
    """

    states: Mapping[str, Dispatch[Rule]]
    required: tuple[str, ...]
    filled_down: frozenset[str]
    records: bool
    alone: bool


def text_of(name: str) -> str:
    """Return a template as it is written."""
    return (PARSERS / name).read_text(encoding="utf-8")


def _parsed(text: str) -> Any:
    """Return a template as textfsm parses it, its values named as those of a row are."""
    return TextFSM(StringIO(_VALUE.sub(_lowered, text)))


def _lowered(found: re.Match[str]) -> str:
    return found[1] + found[2].lower() if found[2] else found[0].lower()


def line_rules(name: str) -> tuple[bool, tuple[tuple[Expression, bool], ...]]:
    """Return whether a template's rules stand alone, and each with whether it records a row."""
    template = _parsed(text_of(name))
    rules = [_rule(rule) for state in template.states.values() for rule in state]
    return _alone(template, rules), tuple((one, bool(rule.operation)) for one, rule in rules)


def _alone(template: Any, rules: Iterable[tuple[Expression, Rule]]) -> bool:
    """Return whether the rules are those of one state, without options, and each can be read alone.

    A rule with values records them, and has no other groups.
    """
    return (
        set(template.states) == {"Start"}
        and not any(value.options for value in template.values)
        and all(
            not rule.goes_on
            and not rule.state
            and rule.operation == ("Record" if rule.values else "")
            and expression.pattern.groups == rule.values
            for expression, rule in rules
        )
    )


def compiled(text: str, head: int = HEAD) -> Program | None:
    """Return a template as a program, or ``None`` where it needs more."""
    template = _parsed(text)
    options = {value.name: set(value.OptionNames()) for value in template.values}
    rules = [rule for state in template.states.values() for rule in state]
    if any(every - _SPARSE for every in options.values()):
        return None
    if {name for rule in rules for name in re.compile(rule.regex).groupindex} - options.keys():
        return None
    if any(rule.line_op == "Error" for rule in rules):
        return None
    states = {name: tuple(map(_rule, state)) for name, state in template.states.items()}
    return Program(
        {name: Dispatch(state, head) for name, state in states.items()},
        tuple(name for name, every in options.items() if "Required" in every),
        frozenset(name for name, every in options.items() if "Filldown" in every),
        "EOF" not in states,
        _alone(template, chain.from_iterable(states.values())),
    )


def _rule(rule: Any) -> tuple[Expression, Rule]:
    # The engine has just compiled it: Python still knows it.
    pattern = re.compile(rule.regex)
    operation = "" if rule.record_op == "NoRecord" else rule.record_op
    goes_on = rule.line_op == "Continue"
    values = len(pattern.groupindex)
    return Expression(pattern), Rule(pattern.match, values, operation, goes_on, rule.new_state)
