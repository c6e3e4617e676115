"""The nouns of a policy change: parameters, plan, target, blast radius, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class LineClass(StrEnum):
    """Where a planned line is typed: configuration mode, or exec mode as an action."""

    CONFIGURATION = "configuration"
    ACTION = "action"


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A line to type; in a sub-mode it begins with blanks. An action cannot be undone."""

    text: str
    line_class: LineClass = LineClass.CONFIGURATION


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of the running configuration: a line, or one under it, stands there or not.

    ``present tunnel-group CORP general-attributes / authentication-server-group RSA``.
    """

    present: bool
    head: str
    child: str = ""

    def __str__(self) -> str:
        where = f"{self.head} / {self.child}" if self.child else self.head
        return f"{'present' if self.present else 'absent'} {where}"


@dataclass(frozen=True, slots=True)
class Touched:
    """One caller who would meet something else after the change: at which point, and what."""

    who: str
    point: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Radius:
    """Whom a change reaches on one headend.

    ``meant`` are those for whom it is made; ``others`` is what anybody else would meet that they
    do not meet now, and ``sessions`` how many living sessions hang on what is edited.
    """

    meant: tuple[Touched, ...]
    others: tuple[Touched, ...]
    sessions: int = 0
    compared: int = 0


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be done on one headend, on what state of it that rests, and how it is told.

    ``state`` maps the first words of the relevant sections to their text when the plan was made.
    ``title``, ``risks`` and ``instead`` are what the review says of it.
    """

    headend: str
    title: str
    risks: tuple[str, ...]
    instead: tuple[str, ...]
    lines: tuple[PlannedLine, ...]
    inverse: tuple[PlannedLine, ...]
    before: tuple[Condition, ...]
    after: tuple[Condition, ...]
    diff: tuple[str, ...]
    state: Mapping[str, str]
    radius: Radius


@dataclass(frozen=True, slots=True)
class Plan:
    """A change to review: nothing in it depends on when or where it was made.

    ``expires`` is a date (ISO 8601), ``None`` where the change is meant to stay.
    ``removes_factor`` tells that somebody would prove less than today. ``revision`` counts the same
    request made again after the approval of the one before was revoked.
    """

    kind: str
    parameters: Mapping[str, str]
    targets: tuple[Target, ...]
    ticket: str
    incident: str
    author: str
    expires: str | None
    removes_factor: bool
    irreversible: bool = False
    revision: int = 1
    digest: str = ""

    @property
    def id(self) -> str:
        """The short name of the plan: the beginning of its digest."""
        return self.digest[:12]

    @property
    def title(self) -> str:
        """What the change does; where it differs between headends, each of it."""
        return "; ".join(dict.fromkeys(target.title for target in self.targets))

    @property
    def risks(self) -> tuple[str, ...]:
        """What could go wrong on any of its headends, in plain words."""
        return tuple(dict.fromkeys(risk for target in self.targets for risk in target.risks))

    @property
    def instead(self) -> tuple[str, ...]:
        """What would do without a change."""
        return tuple(dict.fromkeys(way for target in self.targets for way in target.instead))


class EndState(StrEnum):
    """Where an applied change stands on one headend."""

    PLANNED = "planned"
    APPLIED = "applied"
    VERIFIED = "verified"
    ROLLED_BACK = "rolled-back"
    REFUSED = "refused"
    PARTIAL = "partial: needs a person"
    UNKNOWN = "unknown: connection lost, checking"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change that a diagnosis suggests, or the way around one, ranked by whom it exposes.

    ``kind`` is ``None`` where nothing on the headend should be changed.
    """

    kind: str | None
    title: str
    why: str
    exposure: int
    parameters: Mapping[str, Any]
