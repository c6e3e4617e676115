"""The application of a plan to one headend: its journal, what is kept of it, its outcome."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from headend.change.window import Window
from headend.device import configure
from headend.errors import HeadendError
from headend.incident.changes import ChangeFolder
from headend.model.change import EndState, Plan, Target
from headend.policy.configuration import Configuration
from headend.policy.way import TokenName
from headend.redact import Redactor

BEFORE, AFTER = "before.txt", "after.txt"
_RECONNECTS = 5  # in all: a headend that cuts us off each time is left for a person


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a headend stands, what decided it, and the warnings on the way."""

    headend: str
    state: EndState
    why: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hands:
    """Who types, on how many headends at once, and whether others' unsaved changes stop them.

    ``only`` is the one headend that they type on, where it is not all of a plan. ``stopped`` tells
    that they want to begin on no further one.
    """

    who: str = ""
    at_once: int = 1
    allow_unsaved: bool = False
    only: str | None = None
    stopped: Callable[[], bool] = lambda: False


@dataclass(slots=True)
class Application:
    """The application of one target: everything that is typed goes through its journal.

    ``window`` is ``None`` where nothing limits it, as on the way back.
    """

    plan: Plan
    target: Target
    change: ChangeFolder
    hands: Hands = Hands()
    window: Window | None = None
    token_name: TokenName = lambda _group: False
    warnings: list[str] = field(default_factory=list)
    typed: bool = False  # whether a line may have been taken by the headend
    reconnects: int = _RECONNECTS

    def note(self, entry: Mapping[str, Any]) -> None:
        """Write an entry of the journal."""
        self.typed = self.typed or entry.get("state") == configure.TYPING
        self.change.note(self.target.headend, entry)

    def outcome(self, state: EndState, why: str = "") -> Outcome:
        """Write where the headend stands, and return it."""
        try:
            self.note({"phase": "end", "state": state, "why": why, "at": time.time()})
        except HeadendError as error:  # a full disk must not hide where the headend stands
            self.warnings.append(f"not recorded: {error.message}")
        return Outcome(self.target.headend, state, why, tuple(self.warnings))

    def untouched(self, state: EndState, why: str) -> Outcome:
        """Write why nothing was typed; where the headend stands has not changed by that."""
        self.note({"phase": "untouched", "state": state, "why": why, "at": time.time()})
        return Outcome(self.target.headend, state, why, tuple(self.warnings))


def printed(live: Configuration) -> str:
    """Return a configuration as it is kept: indented as headends print it, redacted."""
    return redacted("\n".join(each for line in live.lines for each in line.printed()))


def redacted(text: str) -> str:
    """Return a text that a headend printed as it may be kept."""
    redactor = Redactor()
    data = redactor.feed(text.encode()) + redactor.flush()
    return data.decode("utf-8", "backslashreplace")
