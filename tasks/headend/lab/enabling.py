"""The enable password: three tries, and the privilege that a right one gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from headend.lab.box import Box

_TRIES: Final = 3


@dataclass(frozen=True)
class Answer:
    """What is printed, the privilege that was won, and whether it asks again."""

    text: str = ""
    level: int = 0
    again: bool = False


class Enabling:
    """The passwords that one session types after ``enable``."""

    def __init__(self, box: Box) -> None:
        self._box = box
        self._tries = 0

    def judge(self, typed: str) -> Answer:
        """Judge one password; the third wrong one ends the asking."""
        if self._box.enables(typed) and not self._box.spec.refuse_enable:
            self._tries = 0
            return Answer(level=max(self._box.spec.privilege, 2))
        self._tries += 1
        if self._tries < _TRIES:
            return Answer("Invalid password\r\n", again=True)
        self._tries = 0
        return Answer("Invalid password\r\nAccess denied.\r\n")
