"""How a headend's configuration stands to a planned target: moved, missing, edited since."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from collections.abc import Sequence

from headend.model.change import LineClass, PlannedLine, Target
from headend.policy.conditions import holds, sections
from headend.policy.configuration import Configuration
from headend.policy.typed import needed, typed

_LOGGED_OFF = re.compile(r"vpn-sessiondb logoff tunnel-group (\S+) ")


def moved(target: Target, live: Configuration) -> str:
    """Return how the state on which the plan rests has moved; empty where it has not."""
    now = sections(live, target.state)
    return "\n".join(
        difference(was, now[head], head) for head, was in target.state.items() if was != now[head]
    )


def missing(live: Configuration, target: Target) -> str:
    """Return what does not hold of an applied target; empty where it is whole."""
    left = needed(
        live, [line.text for line in target.lines if line.line_class is LineClass.CONFIGURATION]
    )
    broken = [str(one) for one in target.after if not holds(live, one)]
    return "; ".join([*(f"not there: {line.strip()}" for line in left), *broken])


def beside(before: Configuration, target: Target, live: Configuration) -> str:
    """Return what the configuration has come to besides the lines of an applied target.

    Letters are compared without case: headends print some words lower-cased.
    """
    predicted = typed(before, [line.text for line in target.lines])
    then, now = (each.text().lower().splitlines() for each in (predicted, live))
    came, went = Counter(now) - Counter(then), Counter(then) - Counter(now)
    return ", ".join(
        [*(f"+{line.strip()}" for line in came), *(f"-{line.strip()}" for line in went)]
    )


def still_needed(live: Configuration, inverse: Sequence[PlannedLine]) -> list[PlannedLine]:
    """Return those lines of the way back that would still change something."""
    wanted = needed(live, [line.text for line in inverse])
    by_text = {line.text: line for line in inverse}
    # Nobody has a session through a tunnel group that is not there.
    gone = [
        text
        for text in wanted
        if (group := _LOGGED_OFF.match(text)) and not live.find("tunnel-group", group[1])
    ]
    return [by_text[text] for text in wanted if text not in gone]


def edited_since(target: Target, after: str | None, live: Configuration) -> str:
    """Return how the objects that the change made differ from ``after``, how it left them."""
    if after is None:
        return ""
    made = [
        condition.head
        for condition in target.before
        if not condition.present and not condition.child
    ]
    was, now = (sections(each, made) for each in (Configuration.parse(after), live))
    # What is gone may be a way back that was cut off; what came is somebody else's.
    differences = [
        difference(was[head], now[head], head)
        for head in made
        if set(now[head].splitlines()) - set(was[head].splitlines())
    ]
    lines = [line.text for line in target.lines]
    if not made and needed(live, lines):
        differences.append("the line that it set has another value now")
    return "\n".join(differences)


def difference(was: str, now: str, name: str = "running-config") -> str:
    """Return a unified diff of two texts."""
    return "\n".join(
        difflib.unified_diff(
            was.splitlines(),
            now.splitlines(),
            f"{name} as planned",
            f"{name} now",
            lineterm="",
            n=1,
        )
    )
