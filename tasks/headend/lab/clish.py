"""The management shell of Threat Defense, which knows no ASA command."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from headend.lab import show
from headend.lab.box import Box
from headend.lab.grammar import Misfit
from headend.lab.terminal import Terminal
from headend.lab.vocabulary import CLISH

_WELCOME: Final = (
    "",
    "Copyright 2004-2023, Cisco and/or its affiliates. All rights reserved.",
    "Cisco is a registered trademark of Cisco Systems, Inc.",
    "All other trademarks are property of their respective owners.",
    "",
    "Cisco Firepower Extensible Operating System (FX-OS) v2.14.1 (build 131)",
    "Cisco Firepower Threat Defense for VMware v7.4.1 (build 172)",
    "",
)


class Clish:
    """A session in Threat Defense's shell; it has no debugs and no enable."""

    def __init__(
        self,
        box: Box,
        identity: tuple[int, str, str],
        write: Callable[[str], None],
        hang_up: Callable[[str], None],
    ) -> None:
        self.sid, self.username, self.client_ip = identity
        self.alive = True
        self.monitoring = False
        self.context = ""
        self.debugs: dict[str, int] = {}
        self.abort: Callable[[], None] = lambda: None
        self._box = box
        self._write = write
        self._hang_up = hang_up
        self.terminal = Terminal(write, self._line, lambda key, _: key == "\x03")
        self.terminal.page = 0

    def start(self) -> None:
        """Print the product's welcome and the prompt, which names no host."""
        self._write("\r\n".join(_WELCOME) + "\r\n")
        self.terminal.ask("> ")

    def write_lines(self, lines: Iterable[str]) -> None:
        """Print foreign lines."""
        self._write("".join(f"{line}\r\n" for line in lines))

    def end(self, reason: str) -> None:
        """End this session."""
        self._hang_up(reason)

    def _line(self, line: str) -> None:
        self._box.received.append((self.sid, "clish", line))
        if not line.strip():
            self.terminal.show(())
            return
        found = CLISH.read(line)
        if isinstance(found, Misfit):
            first = line.split(maxsplit=1)[0].lower()
            known = "show".startswith(first) and len(line.split()) > 1
            # Only the parameter of a known command gets the shell's longer complaint.
            self.terminal.show(
                ["Syntax error: Illegal parameter" if known else "% Invalid Command"]
            )
        elif found.pattern in ("exit", "logout"):
            self._hang_up("")
        elif found.pattern == "show version":
            self.terminal.show(show.version(self._box))
        else:
            self.terminal.show(["No managers configured."])
