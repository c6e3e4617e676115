"""What a configuration becomes when lines are typed into it, as a headend takes them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from headend.policy.configuration import Configuration, Line, words

# Attributes of which one object may have several lines; of all others a new one replaces the old.
_SEVERAL = frozenset(
    {
        "anyconnect",
        "alt-subject-name",
        "banner",
        "certificate-group-map",
        "enable",
        "extended-key-usage",
        "group-alias",
        "group-url",
        "issuer-name",
        "map-name",
        "map-value",
        "saml",
        "subject-name",
    }
)
# What is typed in exec mode changes no configuration.
_EXEC = ("vpn-sessiondb ", "clear aaa ", "write ")


def typed(configuration: Configuration, lines: Iterable[str]) -> Configuration:
    """Return the configuration after ``lines``; a line in a sub-mode begins with blanks.

    Pure prediction: what a headend refuses (a reference to nothing, a name that is in use) is
    the headend's to say.
    """
    top = list(configuration.lines)
    path: list[int] = []
    for raw in lines:
        depth = len(raw) - len(raw.lstrip(" "))
        text = raw.strip()
        if not text or text.startswith(_EXEC):
            continue
        if depth == 0:
            path = _at_top(top, text)
        elif path:
            del path[depth:]
            index = path[0]
            top[index] = _within(top[index], path[1:], text, path)
    return Configuration(tuple(top))


def _at_top(top: list[Line], text: str) -> list[int]:
    given = words(text)
    if given[:2] == ["clear", "configure"]:
        _remove(top, given[2:])
    elif given[0] == "no":
        _remove(top, given[1:])
    elif given[2:4] == ["internal", "from"]:
        _inherit(top, given[1], given[4])
    else:
        return [_added(top, text)]
    return []


def _inherit(top: list[Line], name: str, source: str) -> None:
    """Copy a group policy: ``internal from`` takes over what the other one has now."""
    here = Configuration(tuple(top))
    if here.find("group-policy", name):
        return
    _added(top, f"group-policy {name} internal")
    at = _added(top, f"group-policy {name} attributes")
    original = here.first("group-policy", source, "attributes")
    top[at] = replace(top[at], children=original.children if original else ())


def _within(line: Line, path: Sequence[int], text: str, whole: list[int]) -> Line:
    children = list(line.children)
    if path:
        children[path[0]] = _within(children[path[0]], path[1:], text, whole)
        return replace(line, children=tuple(children))
    lower = line.starts("crypto", "ca", "certificate", "map")
    text = text.lower() if lower else text  # as headends store match strings
    given = words(text)
    if given[0] == "no":
        _remove(children, given[1:])
    else:
        whole.append(_set(children, text))
    return replace(line, children=tuple(children))


def _set(children: list[Line], text: str) -> int:
    first = _attribute(text)
    if first[0] not in _SEVERAL:
        for at, child in enumerate(children):
            if _attribute(child.text) == first and child.text != text:
                children[at] = Line(text)
                return at
    return _added(children, text)


def _attribute(text: str) -> tuple[str, ...]:
    """Return what a line sets: an attribute, or that of one interface, ``(outside)``."""
    return tuple(word for at, word in enumerate(words(text)[:2]) if not at or word[:1] == "(")


def _added(lines: list[Line], text: str) -> int:
    for at, line in enumerate(lines):
        if line.text.lower() == text.lower():
            return at
    lines.append(Line(text))
    return len(lines) - 1


def _remove(lines: list[Line], beginning: Sequence[str]) -> None:
    lines[:] = [line for line in lines if not line.starts(*beginning)]


def needed(configuration: Configuration, lines: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``lines`` that would change something, with the headings they stand under.

    What is already true is not typed: a headend may answer it with an error.
    """
    here, kept = configuration, []
    for head, *under in _blocks(lines):
        made = typed(here, [head])
        if made != here and under and all(line.split()[0] == "no" for line in under):
            # The heading would make the object from which something is to be taken.
            continue
        chosen = []
        for line in under:
            after = typed(made, [head, line])
            if after != made:
                chosen.append(line)
                made = after
        if chosen or made != here or head.startswith(_EXEC):
            kept += [head, *chosen]
        here = made
    return tuple(kept)


def _blocks(lines: Iterable[str]) -> list[list[str]]:
    blocks: list[list[str]] = []
    for line in lines:
        if line[:1] == " " and blocks:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks
