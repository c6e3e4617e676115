"""The lines that stay on the screen while a capture runs, and the one that tells how it stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.text import Text

from headend.cli.layout import counted, print_columns, styled
from headend.cli.render import headline
from headend.device.progress import Checked, Connected, Disarmed, Listening, Lost
from headend.errors import HeadendError
from headend.incident.reading import Gap
from headend.model.check import CheckState
from headend.model.diagnosis import Diagnosis, StageState
from headend.model.line import Line, visible
from headend.workflow.news import (
    AttemptChanged,
    Behind,
    HeadendFailed,
    HeadendIs,
    HeadendStep,
    LinesCame,
    Ready,
)

MEGA = 1_000_000
_WIDEST = 9
_LONGEST = 64  # a name of ours is shorter; whoever knocks may type pages


# What was last told of an attempt, so that it is not told again; a flood has any number of them.
_REMEMBERED = 1000


class Running(Protocol):
    """A capture, as the status line looks at it."""

    @property
    def stopping(self) -> bool:
        """Whether it was asked to end."""


class Screen:
    """Prints each piece of news that an engineer should see, once."""

    def __init__(self, console: Console, user: str, *, lines: bool = False) -> None:
        self._console = console
        self.user = visible(user)
        self.lines = 0  # since the user was asked to try
        self._asked = float("inf")
        self._all_lines = lines
        self.behind = 0
        self.ready = False
        self._seen: dict[tuple[str, str], str] = {}

    def begin(self) -> None:
        """Count from now on: the user may try."""
        self.ready = True
        self._asked = time.time()

    def show(self, news: object) -> None:
        """Print one piece of news, or count it."""
        if isinstance(news, LinesCame):
            for line in news.lines:
                ours = isinstance(line, Gap)
                self.lines += (line.received or 0.0) >= self._asked
                if ours or self._all_lines:
                    self._line(line, "yellow" if ours else "dim")
        elif isinstance(news, HeadendIs):
            self._state(news)
        elif isinstance(news, HeadendStep):
            self._step(news)
        elif isinstance(news, HeadendFailed):
            error = news.error
            text = str(error) if isinstance(error, HeadendError) else f"Unexpected: {error!r}"
            mark, style = ("·", "dim") if news.state == "standby" else ("✘", "red")
            self.say(news.headend, f"{mark} {news.state}: {text}", style)
        elif isinstance(news, Ready):
            self._ask(news)
        elif isinstance(news, AttemptChanged):
            self._attempt(news)
        elif isinstance(news, Behind):
            self._flood(news)

    def say(self, headend: str, text: str, style: str = "") -> None:
        """Print one line about a headend."""
        self._put(headend, styled(text, style))

    def _put(self, headend: str, text: Text) -> None:
        name = styled(f"{visible(headend):{_WIDEST}}", "bold")
        if self._console.is_terminal:
            print_columns(self._console, [(name, text)], indent=0)
        else:
            # A pipe has no width: what reads it may want whole lines.
            self._console.print(Text.assemble(name, "  ", text), soft_wrap=True)

    def _line(self, line: Line, style: str) -> None:
        at = time.strftime("%H:%M:%S", time.localtime(line.received)) if line.received else ""
        part = f".{int((line.received or 0) * 1000) % 1000:03d} " if at else ""
        self.say(line.headend or "", f"{at}{part}{line.text}", style)

    def _state(self, news: HeadendIs) -> None:
        facts = news.facts
        more = facts.get("error") or facts.get("proof") if facts.get("state") != "armed" else ""
        self.say(news.headend, f"{facts.get('state', '-')}{f': {more}' if more else ''}")

    def _ask(self, news: Ready) -> None:
        self.begin()
        if news.elsewhere:
            self._console.print(
                Text(
                    f"! The user may land on {visible(', '.join(news.elsewhere))}, which balance "
                    "load with these and are not among them: name them with -H",
                    style="yellow",
                ),
                soft_wrap=True,
            )
        after = f" ({visible(', '.join(news.armed))} armed after {news.seconds:.1f} s)"
        self._console.print(
            Text(f"\nAsk {self.user} to log in now.", style="bold") + Text(after), soft_wrap=True
        )
        if news.waiting:
            names = visible(", ".join(news.waiting))
            self._console.print(
                Text(f"Still connecting, and not armed: {names}", style="yellow"), soft_wrap=True
            )
        self._console.print()

    def _step(self, news: HeadendStep) -> None:
        step = news.step
        if isinstance(step, Connected):
            self.say(news.headend, f"connected in {step.seconds:.1f} s")
        elif isinstance(step, Checked):
            for check in step.checks:
                # What refuses is told as the failure; who else is in a cluster, with the question.
                if check.state is CheckState.WARN and check.name != "load-balancing":
                    self.say(news.headend, f"! {check.reason}", "yellow")
        elif isinstance(step, Listening):
            debugs = ", ".join(debug.removeprefix("debug ") for debug in step.debugs)
            late = " now, too" if self.ready else ""
            self.say(news.headend, f"debug armed{late}: {debugs}")
            for command, words in step.refused:
                self.say(news.headend, f"! would not take {command!r}: {words}", "yellow")
        elif isinstance(step, Lost):
            self.say(news.headend, f"! {step.message}; opening it once more", "yellow")
        elif isinstance(step, Disarmed):
            self.say(news.headend, f"debug is off: {step.proof}")

    def _attempt(self, news: AttemptChanged) -> None:
        attempt = news.attempt
        words = _words(attempt)
        key = (news.headend, attempt.id)
        if attempt.user is None or self._seen.get(key) == words:
            return
        self._seen.pop(key, None)
        self._seen[key] = words
        if len(self._seen) > _REMEMBERED:  # the one that changed longest ago
            del self._seen[next(iter(self._seen))]
        if attempt.settled and news.chosen:
            # At once, and again with its proof when the debug is off.
            self._put(news.headend, headline(attempt, self._console))
            self.say("", attempt.causes[0].summary)
            return
        whose = "" if news.chosen else " (somebody else)"
        user = attempt.user if len(attempt.user) <= _LONGEST else f"{attempt.user[:_LONGEST]}..."
        self.say(news.headend, f"{user} {words}{whose}", "" if news.chosen else "dim")

    def _flood(self, news: Behind) -> None:
        if news.bytes and not self.behind and self.ready:
            self.say("", "! more debug comes than can be read at once; nothing is lost", "yellow")
        self.behind = news.bytes


def _words(attempt: Diagnosis) -> str:
    """Return how far an attempt has come."""
    if attempt.settled:
        return str(attempt.outcome)
    passed = [each.stage for each in attempt.stages if each.state is StageState.PASSED]
    if attempt.stage is not None:
        return f"is at {attempt.stage}: {attempt.outcome}"
    return f"has passed {passed[-1]}" if passed else "is trying"


class Status:
    """The last line of a terminal: what is waited for, and for how long already.

    ``ends`` says which key does what, ``duration`` how long (seconds) it may take, where that is
    limited.
    """

    def __init__(
        self, running: Running, screen: Screen, ends: str, duration: float | None = None
    ) -> None:
        self._running = running
        self._screen = screen
        self._ends = ends
        self._limit = "" if duration is None else f" of {_minutes(duration)}"
        self._began = time.monotonic()
        self._asked: float | None = None

    def __rich__(self) -> Text:
        screen = self._screen
        now = time.monotonic()
        if screen.ready and self._asked is None:
            self._asked = now
        if self._running.stopping:
            doing = "taking the debug off"
            if screen.behind:
                doing = "reading what came; Ctrl-C leaves the rest in the file"
        elif self._asked is None:
            doing = f"{_minutes(now - self._began)}  connecting and arming"
        else:
            past = f"{_minutes(now - self._asked)}{self._limit}"
            doing = f"{past}  waiting for {screen.user}, {counted(screen.lines, 'line')} so far"
        behind = f", {screen.behind / MEGA:.1f} MB behind" if screen.behind else ""
        key = "" if self._running.stopping else f"   {self._ends}"
        return Text(f"{doing}{behind}{key}", style="cyan", no_wrap=True, overflow="ellipsis")

    @contextmanager
    def shown(self, console: Console) -> Iterator[None]:
        """Keep the line at the bottom, renewed once a second."""
        with Live(self, console=console, refresh_per_second=1, transient=True):
            yield


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
