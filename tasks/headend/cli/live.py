"""The news of an investigation on a terminal: what it does, and what the user should do now."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, closing

from rich.console import Console
from rich.text import Text

from headend.cli.keys import keys
from headend.cli.progress import MEGA, Screen, Status
from headend.cli.render import render_report
from headend.device.listen import Ending
from headend.model.line import visible
from headend.workflow.conclusion import Conclusion
from headend.workflow.investigation import Investigation

_ENDINGS = {
    Ending.VERDICT: "",
    Ending.IDLE: "Ended: the attempt went silent.",
    Ending.DEADLINE: "Ended: the time was up.",
    Ending.LINES: "Ended: a headend printed more lines than --max-lines allows.",
    Ending.CPU: "Ended: a headend's CPU rose over --max-cpu.",
    Ending.KEY: "Ended by a key.",
    Ending.INTERRUPTED: "Interrupted before a verdict.",
    Ending.FAILOVER: "Ended: the unit became the standby of its pair.",
    Ending.LOST: "Ended: the session was lost.",
    Ending.REFUSED: "",
    Ending.FAILED: "",
}


def run(
    investigation: Investigation,
    console: Console,
    on_news: Callable[[object], None],
    *,
    lines: bool = False,
) -> Conclusion:
    """Print the news as it comes, then the verdict, its proof and what became of the headends."""
    plan = investigation.terms
    screen = Screen(console, plan.selection.user or "the user", lines=lines)
    with ExitStack() as stack:
        if console.is_terminal:
            status = Status(investigation, screen, "q ends it", plan.limits.duration)
            stack.enter_context(status.shown(console))
            stack.enter_context(keys("qQ\r\n", lambda: investigation.stop(Ending.KEY)))
        every = stack.enter_context(closing(investigation.__iter__()))
        for news in every:
            screen.show(news)
            on_news(news)
    conclusion = investigation.conclusion
    console.print()
    render_report(conclusion.report, console, user=plan.selection.user, asked=plan.selection.takes)
    _close(conclusion, console, plan.selection.user or "the user")
    return conclusion


def _close(conclusion: Conclusion, console: Console, user: str) -> None:
    said = _ENDINGS[Ending(conclusion.ending)]
    if said:
        console.print(Text(said, style="bold yellow"))
    armed = any(each.get("seconds_to_armed") is not None for each in conclusion.headends)
    if not armed and not conclusion.interrupted:
        console.print(Text("No debug was armed: the user need not try.", style="bold yellow"))
    elif not conclusion.chosen and not conclusion.interrupted:
        console.print(
            Text(f"{visible(user)} was not seen on these headends.", style="bold yellow")
            + Text(
                " Did the attempt go to another headend, or end before it reached the login? "
                "--client-ip finds an attempt whose name is hidden."
            )
        )
    states = ", ".join(_state(each) for each in conclusion.headends)
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


def _state(headend: dict[str, object]) -> str:
    """Return one headend's state, and what ended its capture where that says more."""
    ending = headend.get("ending")
    more = f" ({ending})" if ending in {Ending.LINES, Ending.CPU, Ending.FAILOVER} else ""
    unread = headend.get("unread_bytes")
    left = f", {unread / MEGA:.1f} MB of its capture not read" if isinstance(unread, int) else ""
    return f"{headend['name']} {headend['state']}{more}{left}"
