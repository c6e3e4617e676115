"""``test aaa-server`` at the command line: the questions for what was left out, then the test."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Final, Protocol

from headend.lab.box import Box
from headend.lab.grammar import Command
from headend.lab.settings import Server, servers

# Asked in this order (public transcripts); a part that the line has is not asked for.
_QUESTIONS: Final = {
    "host": "Server IP Address or name: ",
    "username": "Username: ",
    "password": "Password: ",
}

Work = Coroutine[Any, Any, list[str]]
Tester = Callable[[Server, str, str], Work]


class Asker(Protocol):
    """Prints a question and hands on the line that is typed then."""

    def __call__(self, answer: Callable[[str], None], prompt: str, *, masked: bool = True) -> None:
        """Ask; a ``masked`` answer is echoed as asterisks."""


@dataclass(frozen=True)
class ServerTest:
    """The test as one session types it."""

    box: Box
    tester: Tester
    ask: Asker
    show: Callable[[list[str]], None]
    run: Callable[[Work], None]

    def start(self, command: Command) -> None:
        """Take what stands on the line, and ask for the rest."""
        words = command.pattern.split()
        names = [words[at - 1] for at, word in enumerate(words) if word == "<word>"]
        self._go_on(dict(zip(names, command.arguments, strict=True)))

    def _go_on(self, given: dict[str, str]) -> None:
        group, host = given["authentication"], given.get("host")
        known = servers(self.box.configuration, group)
        if not known:
            self.show([f"ERROR: aaa-server group {group} does not exist"])
            return
        server = next((one for one in known if one.address == host), None)
        if host is not None and server is None:
            self.show([f"ERROR: aaa-server group {group} has no host {host}"])
            return
        for part, prompt in _QUESTIONS.items():
            if part not in given:
                self.ask(
                    lambda typed, part=part: self._go_on({**given, part: typed}),  # type: ignore[misc]
                    prompt,
                    masked=part == "password",
                )
                return
        if server is not None:
            self.run(self.tester(server, given["username"], given["password"]))
