"""The terminal of a management session: echo with line editing, and the pager."""

from __future__ import annotations

import asyncio
import codecs
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final

MORE: Final = "<--- More --->"
_WIPE: Final = "\r" + " " * len(MORE) + "\r"
_ERASE: Final = "\x08\x7f"


class Terminal:
    """Turn keys into lines and lines into pages.

    Owners set ``prompt``, ``masked`` (a password is typed) and ``page`` (lines, 0 is endless),
    and are called with each finished line, and with each key that asks for something at once.
    """

    def __init__(
        self,
        write: Callable[[str], None],
        take_line: Callable[[str], None],
        take_key: Callable[[str, str], bool],
        gate: Callable[[str], asyncio.Future[None] | None] = lambda _line: None,
    ) -> None:
        self._write = write
        self._take_line = take_line
        self._take_key = take_key
        self._gate = gate
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._keys: deque[str] = deque()
        self._typed = ""
        self._after_return = False
        self._escape = ""
        self._pages: deque[str] = deque()
        self._paged = 0
        self.prompt = ""
        self.masked = False
        self.busy = False
        self.closed = False
        self.page = 24
        self.width = 80

    def feed(self, data: bytes) -> None:
        """Take what the client typed."""
        self._keys.extend(self._decoder.decode(data))
        self.pump()

    def pump(self) -> None:
        """Work off the typed keys, until something has to be waited for."""
        while self._keys and not self.busy and not self.closed:
            key = self._keys.popleft()
            if self._pages:
                self._page_key(key)
            else:
                self._edit(key)

    def _edit(self, key: str) -> None:
        after_return, self._after_return = self._after_return, key == "\r"
        if self._escape or key == "\x1b":
            self._swallow(key)
        elif key in "\r\n":
            if not (key == "\n" and after_return):
                self._finish()
        elif key in _ERASE:
            self._erase()
        elif key == "\x15":
            self._typed = ""
            self.redraw(fresh=False)
        elif self._take_key(key, self._typed):
            self._typed = "" if key in "\x03\x1a" else self._typed
        elif key.isprintable() or key >= "\x80":
            self._typed += key
            self._echo(key)

    def _swallow(self, key: str) -> None:
        # Cursor keys move nothing here; their letters must not become text.
        self._escape += key
        if len(self._escape) > 1 and (key.isalpha() or key == "~"):
            self._escape = ""

    def _erase(self) -> None:
        if self._typed:
            self._typed = self._typed[:-1]
            if self._fits(self._typed + " "):
                self._write("\b \b")

    def _fits(self, typed: str) -> bool:
        # The last column is kept for the "$" of a line that goes on unseen.
        return not self.width or len(self.prompt) + len(typed) < self.width

    def _echo(self, key: str) -> None:
        if self._fits(self._typed):
            shown = "*" if self.masked else key
            self._write(shown.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
        elif self._fits(self._typed[:-1]):
            self._write("$")

    def _finish(self) -> None:
        line, self._typed = self._typed, ""
        self._write("\r\n")
        opened = None if self.masked else self._gate(line)
        if opened is None:
            self._take_line(line)
        else:
            self.busy = True
            opened.add_done_callback(lambda _: self._go_on(line))

    def _go_on(self, line: str) -> None:
        self.busy = False
        if not self.closed:
            self._take_line(line)
            self.pump()

    def redraw(self, *, fresh: bool = True) -> None:
        """Print the prompt and what is typed so far, on a new line or over the present one."""
        shown = "*" * len(self._typed) if self.masked else self._typed
        room = max(0, self.width - len(self.prompt) - 1) if self.width else len(shown)
        cut = "$" if len(shown) > room else ""
        blank = "" if fresh else "\r" + " " * (self.width - 1 or 79) + "\r"
        self._write(f"{blank}{self.prompt}{shown[:room]}{cut}")

    def ask(self, prompt: str, *, masked: bool = False) -> None:
        """Print a prompt and wait for a line."""
        self.prompt, self.masked = prompt, masked
        self._write(prompt)

    def print(self, lines: Iterable[str], *, wrap: bool) -> None:
        """Print lines where the cursor is; ``wrap`` breaks them hard at the last column."""
        if wrap and self.width:
            step = self.width
            lines = [
                line[at : at + step] for line in lines for at in range(0, len(line) or 1, step)
            ]
        self._write("".join(f"{line}\r\n" for line in lines))

    def about(self, pattern: str, *, monitoring: bool) -> list[str]:
        """Return the reply of a command that asks about the terminal itself, if it is one."""
        if pattern == "show terminal":
            monitor = "" if monitoring else "no "
            return [f"Width = {self.width}, {monitor}monitor", "terminal interactive"]
        if pattern == "show pager":
            return [f"pager lines {self.page}" if self.page else "no pager"]
        return []

    def show(self, lines: Iterable[str]) -> None:
        """Print a command's output, a page at a time, and the prompt after it."""
        self._pages.extend(lines)
        self._paged = 0
        self._turn(self.page)

    def _turn(self, count: int) -> None:
        budget = count if self.page else len(self._pages)
        part = [self._pages.popleft() for _ in range(min(budget, len(self._pages)))]
        if part:
            self._write("\r\n".join(part) + "\r\n")
        self._write(MORE if self._pages else self.prompt)

    def _page_key(self, key: str) -> None:
        if key in "qQ\x03":
            self._pages.clear()
            self._write(_WIPE + self.prompt)
        elif key in "\r\n":
            self._write(_WIPE)
            self._turn(1)
        elif key == " ":
            self._write(_WIPE)
            self._turn(self.page)
