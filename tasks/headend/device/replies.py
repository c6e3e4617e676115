"""What a headend answers, told apart by its prompts, in whatever pieces it arrives."""

from __future__ import annotations

import re
from collections.abc import Iterable


class Replies:
    """Feed it what arrives; ``done`` are the finished replies, without echo and prompt.

    ``commands`` were typed in one write. With ``streaming`` set, other lines may come before the
    echo of the one command, and nothing counts until it was seen.
    """

    def __init__(
        self, commands: Iterable[str], prompt: re.Pattern[str], *, streaming: bool = False
    ) -> None:
        self.done: list[str] = []
        self.prompt = ""  # the last one seen
        commands = list(commands)
        self._wanted = len(commands)
        self._pattern = prompt
        self._echo = commands[0] if streaming else None
        self._parts: list[str] = []
        self._tail = ""
        self._from = 0
        self._return = ""

    def feed(self, arrived: str) -> bool:
        """Take text; return whether every reply is there."""
        arrived = self._return + arrived
        # A line end may be cut in two.
        self._return = "\r" if arrived.endswith("\r") else ""
        self._tail += plain(arrived.removesuffix("\r"))
        if self._echo is not None:
            self._look_for_echo(self._echo)
        if self._echo is None:
            self._look_for_prompts()
        return len(self.done) >= self._wanted

    def _look_for_echo(self, command: str) -> None:
        while "\n" in self._tail:
            line, _, self._tail = self._tail.partition("\n")
            if line.rstrip(" ").endswith(command):
                self._echo = None
                self._parts = ["\n"]
                return

    def _look_for_prompts(self) -> None:
        while found := self._pattern.search(self._tail, self._from):
            text = "".join(self._parts) + self._tail[self._from : found.start()]
            self.done.append(text.partition("\n")[2].strip("\n"))
            self.prompt = found[0]
            self._parts.clear()
            self._from = found.end()
        # What is behind us is never searched again: a reply may be long.
        cut = self._tail.rfind("\n") + 1
        if cut > self._from:
            self._parts.append(self._tail[self._from : cut])
            self._tail, self._from = self._tail[cut:], 0


def plain(text: str) -> str:
    """Return the text with line feeds alone at its line ends."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
