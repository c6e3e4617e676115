"""What an investigation tells while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from headend.device.progress import Step
from headend.model.diagnosis import Diagnosis
from headend.model.line import Line


@dataclass(frozen=True, slots=True)
class HeadendStep:
    """A headend took a step of the capture."""

    headend: str
    step: Step


@dataclass(frozen=True, slots=True)
class HeadendFailed:
    """A headend is out of the capture."""

    headend: str
    state: str
    error: BaseException


@dataclass(frozen=True, slots=True)
class HeadendIs:
    """What the record says of a headend now, for those who only read it."""

    headend: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ready:
    """Every headend that answers is armed: the user may try now; ``waiting`` are still silent.

    ``elsewhere`` are members of the same load-balancing clusters that are not among them.
    """

    armed: tuple[str, ...]
    seconds: float
    waiting: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LinesCame:
    """Redacted lines of one headend that are on disk."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class AttemptChanged:
    """The judgement of one attempt changed; ``chosen`` when it is one that was asked about."""

    headend: str
    attempt: Diagnosis
    chosen: bool
    received: float | None = None  # when its last line arrived


@dataclass(frozen=True, slots=True)
class Behind:
    """So many bytes are on disk and not read yet: more comes than can be judged at once."""

    bytes: int


News = HeadendStep | HeadendIs | HeadendFailed | Ready | LinesCame | AttemptChanged | Behind
