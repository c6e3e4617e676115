"""The enable password: three tries, and the privilege that a right one gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from headend.lab.spec import LOGIN, HeadendSpec

_TRIES: Final = 3


@dataclass(frozen=True)
class Answer:
    """What is printed, the privilege that was won, and whether it asks again."""

    text: str = ""
    level: int = 0
    again: bool = False


class Enabling:
    """The passwords that one session types after ``enable``."""

    def __init__(self, spec: HeadendSpec) -> None:
        self._spec = spec
        self._tries = 0

    def judge(self, typed: str) -> Answer:
        """Judge one password; the third wrong one ends the asking."""
        if typed == LOGIN.enable and not self._spec.refuse_enable:
            self._tries = 0
            return Answer(level=max(self._spec.privilege, 2))
        self._tries += 1
        if self._tries < _TRIES:
            return Answer("Invalid password\r\n", again=True)
        self._tries = 0
        return Answer("Invalid password\r\nAccess denied.\r\n")
