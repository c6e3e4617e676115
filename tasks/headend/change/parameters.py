"""What may stand in a line that will be typed: every parameter of every change, checked here."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from headend.errors import InputError
from headend.model.line import visible

_SHOWN = 60
# Only ASCII: a letter that only looks like another would name another object on the headend.
_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,63})", re.ASCII)
_COMMON_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._@-]{0,62}[A-Za-z0-9._-])?", re.ASCII)
_USER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@-]{0,63})", re.ASCII)
_DN = re.compile(r"[A-Za-z]{1,6}=[A-Za-z0-9 ,.=_&()-]{1,240}", re.ASCII)
_PERSON = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._@+\\-]{0,99})", re.ASCII)
_TICKET = re.compile(r"[!-~](?:[ -~]{0,78}[!-~])?", re.ASCII)
_EXCEPTION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,15})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a change: what it is, how it must look, and whether it can be left out.

    What is left out is taken from the headend's own configuration where that tells it.
    """

    name: str
    what: str
    rule: str
    check: Callable[[str], bool]
    optional: bool = False


def _fits(expression: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda value: expression.fullmatch(value) is not None


def _between(least: int, most: int) -> Callable[[str], bool]:
    return lambda value: (
        value.isascii()
        and value.isdecimal()
        and len(value) < len("00000")
        and least <= int(value) <= most
    )


def name(parameter: str, what: str, *, optional: bool = False) -> Parameter:
    """Return a parameter that names an object of the configuration."""
    rule = "letters, digits, _ . - and at most 64 of them"
    return Parameter(parameter, what, rule, _fits(_NAME), optional)


def common_name(parameter: str, what: str) -> Parameter:
    """Return a parameter that is the common name in a certificate."""
    rule = "letters, digits, blanks, . _ @ - and at most 64 of them"
    return Parameter(parameter, what, rule, _fits(_COMMON_NAME))


def user(parameter: str, what: str) -> Parameter:
    """Return a parameter that is a user name."""
    rule = "letters, digits, . _ @ - and at most 64 of them"
    return Parameter(parameter, what, rule, _fits(_USER))


def distinguished_name(parameter: str, what: str) -> Parameter:
    """Return a parameter that is a directory group's distinguished name."""
    return Parameter(parameter, what, "like CN=VPN-Users,OU=Groups,DC=corp,DC=example", _fits(_DN))


def exception(parameter: str = "exception") -> Parameter:
    """Return the parameter that names an exception: it becomes a part of the new objects' names."""
    rule = "letters, digits and - and at most 16 of them"
    return Parameter(parameter, "what the exception is called, say 0042", rule, _fits(_EXCEPTION))


def number(parameter: str, what: str, least: int, most: int) -> Parameter:
    """Return a parameter that is a whole number from ``least`` to ``most``."""
    return Parameter(parameter, what, f"a number from {least} to {most}", _between(least, most))


def person(who: str) -> str:
    """Return the name by which somebody plans or approves, as it stands among the signers.

    Raises ``InputError`` for one that could be read as another, or that is none.
    """
    if _PERSON.fullmatch(who):
        return who
    raise InputError(
        f"{shown(who)} is no name of a person: letters, digits and . _ @ + \\ - are",
        remedy="Use the name that stands in the allowed-signers file: anna@example.com",
    )


def ticket(number: str) -> str:
    """Return a ticket's number, which may be empty; raises ``InputError`` for more than a line."""
    if not number or _TICKET.fullmatch(number):
        return number
    raise InputError(f"{shown(number)} is no ticket", remedy="--ticket CHG-1234: one short line")


def checked(known: tuple[Parameter, ...], given: Mapping[str, str], kind: str) -> dict[str, str]:
    """Return ``given`` when every parameter of the change is there and fit to be typed.

    Raises ``InputError`` for one that is unknown, missing or breaks its rule.
    """
    names = {parameter.name for parameter in known}
    unknown = next((each for each in given if each not in names), None)
    if unknown is not None:
        raise InputError(
            f"{kind} has no parameter {shown(unknown)}", remedy=f"It has {', '.join(sorted(names))}"
        )
    for parameter in known:
        value = given.get(parameter.name)
        if value is None:
            if not parameter.optional:
                raise InputError(
                    f"{kind} needs {parameter.name}: {parameter.what}",
                    remedy=f"Give it: --set {parameter.name}=...",
                )
        elif not parameter.check(value):
            raise InputError(
                f"{kind}: {parameter.name} is {shown(value)}, and it must be {parameter.rule}",
                remedy="Nothing was rendered",
            )
    return dict(given)


def shown(value: str) -> str:
    """Return a refused value as a message may hold it: short, one line, nothing hidden."""
    cut = value[:_SHOWN]
    return f'"{visible(cut.encode("ascii", "backslashreplace").decode())}"' + (
        f" ({len(value)} characters)" if len(value) > _SHOWN else ""
    )
