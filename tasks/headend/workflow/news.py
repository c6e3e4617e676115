"""What an investigation tells while it runs."""

from __future__ import annotations

from dataclasses import dataclass

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
class Ready:
    """Every headend that can be armed is armed: the user may try now.

    ``elsewhere`` are members of their load-balancing clusters that are not among them: the user
    may land there.
    """

    armed: tuple[str, ...]
    seconds: float
    elsewhere: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LineCame:
    """A redacted line is on disk."""

    line: Line


@dataclass(frozen=True, slots=True)
class AttemptChanged:
    """The judgement of one attempt changed; ``chosen`` when it is one that was asked about."""

    headend: str
    attempt: Diagnosis
    chosen: bool


News = HeadendStep | HeadendFailed | Ready | LineCame | AttemptChanged
