"""Whether a configuration has a line, and what the sections say that a change rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from headend.model.change import Condition
from headend.policy.configuration import Configuration, words


def holds(configuration: Configuration, condition: Condition) -> bool:
    """Return whether a condition is true of a configuration; names are compared without case."""
    heads = configuration.find(*words(condition.head))
    if condition.child:
        child = words(condition.child)
        found = any(line.under(*child) for line in heads)
    else:
        found = bool(heads)
    return found is condition.present


def sections(configuration: Configuration, heads: Iterable[str]) -> Mapping[str, str]:
    """Return the text of the sections that begin with each of ``heads``, in order."""
    return {
        head: "\n".join(
            printed for line in configuration.find(*words(head)) for printed in line.printed()
        )
        for head in heads
    }
