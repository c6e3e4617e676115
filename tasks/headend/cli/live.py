"""The news of an investigation on a terminal: what it does, and what the user should do now."""

from __future__ import annotations

import time
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from headend.cli.render import render_report
from headend.device.progress import Checked, Connected, Disarmed, Listening
from headend.errors import HeadendError
from headend.model.check import CheckState
from headend.model.line import visible
from headend.workflow.investigation import Conclusion, Investigation
from headend.workflow.news import AttemptChanged, HeadendFailed, HeadendStep, LineCame, Ready


def run(
    investigation: Investigation,
    console: Console,
    user: str,
    duration: float,
    on_news: Callable[[object], None],
) -> Conclusion:
    """Print the news as it comes, then the verdict, its proof and what became of the headends."""
    screen = _Screen(console, user, duration)
    with console.status(Text("connecting"), spinner="dots") as status:
        for news in investigation:
            screen.show(news)
            on_news(news)
            stopping = investigation.stopping
            status.update(Text("taking the debug off" if stopping else screen.doing()))
    conclusion = investigation.conclusion
    console.print()
    render_report(conclusion.report, console, user=user, asked=investigation.selection.takes)
    _close(conclusion, console, user)
    return conclusion


class _Screen:
    """The lines that stay, and the one line that says what is going on."""

    def __init__(self, console: Console, user: str, duration: float) -> None:
        self._console = console
        self._user = visible(user)
        self._deadline = time.monotonic() + duration
        self._duration = duration
        self._lines = 0
        self._ready = False
        self._seen: set[tuple[str, str, str]] = set()

    def doing(self) -> str:
        if not self._ready:
            return "connecting and arming"
        left = max(0, self._deadline - time.monotonic())
        return f"waiting for {self._user}: {self._lines} lines so far, {left:.0f} s left"

    def show(self, news: object) -> None:
        if isinstance(news, LineCame):
            self._lines += 1
        elif isinstance(news, HeadendStep):
            self._step(news)
        elif isinstance(news, HeadendFailed):
            error = news.error
            text = str(error) if isinstance(error, HeadendError) else f"Unexpected: {error!r}"
            mark, style = ("·", "dim") if news.state == "standby" else ("✘", "red")
            self._say(news.headend, f"{mark} {news.state}: {text}", style)
        elif isinstance(news, Ready):
            self._ready = True
            self._deadline = time.monotonic() + self._duration
            if news.elsewhere:
                self._console.print(
                    Text(
                        f"! The user may land on {visible(', '.join(news.elsewhere))}, which "
                        "balance load with these and are not among them: name them with -H",
                        style="yellow",
                    ),
                    soft_wrap=True,
                )
            self._console.print(
                Text(f"\nAsk {self._user} to log in now.", style="bold")
                + Text(f" ({visible(', '.join(news.armed))} armed after {news.seconds:.1f} s)\n")
            )
        elif isinstance(news, AttemptChanged):
            self._attempt(news)

    def _step(self, news: HeadendStep) -> None:
        step = news.step
        if isinstance(step, Connected):
            self._say(news.headend, f"connected in {step.seconds:.1f} s")
        elif isinstance(step, Checked):
            for check in step.checks:
                # Where the others of a cluster are is told when all headends are known.
                if check.state is CheckState.WARN and check.name != "load-balancing":
                    self._say(news.headend, f"! {check.reason}", "yellow")
        elif isinstance(step, Listening):
            debugs = ", ".join(debug.removeprefix("debug ") for debug in step.debugs)
            self._say(news.headend, f"debug armed: {debugs}")
            for command, words in step.refused:
                self._say(news.headend, f"! would not take {command!r}: {words}", "yellow")
        elif isinstance(step, Disarmed):
            self._say(news.headend, f"debug is off: {step.proof}")

    def _attempt(self, news: AttemptChanged) -> None:
        attempt = news.attempt
        key = (news.headend, attempt.id, "settled" if attempt.settled else "seen")
        if attempt.user is None or key in self._seen:
            return
        self._seen.add(key)
        whose = "" if news.chosen else " (somebody else)"
        state = str(attempt.outcome) if attempt.settled else "is trying"
        self._say(news.headend, f"{attempt.user} {state}{whose}", "" if news.chosen else "dim")

    def _say(self, headend: str, text: str, style: str = "") -> None:
        line = Text(f"{visible(headend):10} ", style="bold") + Text(visible(text), style=style)
        self._console.print(line, soft_wrap=True)


def _close(conclusion: Conclusion, console: Console, user: str) -> None:
    if conclusion.interrupted:
        console.print(Text("Interrupted before a verdict.", style="bold yellow"))
    elif not conclusion.chosen:
        console.print(
            Text(f"{visible(user)} was not seen on these headends.", style="bold yellow")
            + Text(
                " Did the attempt go to another headend, or end before it reached the login? "
                "--client-ip finds an attempt whose name is hidden."
            )
        )
    states = ", ".join(f"{each['name']} {each['state']}" for each in conclusion.headends)
    console.print(Text(f"Headends: {visible(states)}"), soft_wrap=True)
    timing = conclusion.timing
    parts = [
        f"{words} {timing[key]:.1f} s"
        for words, key in (
            ("first action after", "seconds_to_first_action"),
            ("verdict", "seconds_to_verdict"),
        )
        if timing[key] is not None
    ]
    if timing["seconds_to_verdict"] is not None:
        parts[-1] += " after its last line"
    if parts:
        console.print(Text(f"Times: {', '.join(parts)}"), soft_wrap=True)
    console.print(
        Text(f"Incident {conclusion.incident.id}: headend incident show {conclusion.incident.id}"),
        soft_wrap=True,
    )
