"""What ``headend incident watch`` prints: lines, the attempts as they grow, the verdict."""

from __future__ import annotations

from contextlib import ExitStack, closing

from rich.console import Console

from headend.cli.keys import keys
from headend.cli.layout import print_line
from headend.cli.progress import Screen, Status
from headend.cli.render import render_report
from headend.cli.stream import say, tell
from headend.model.document import report_document
from headend.workflow.watch import Watch


def show(watch: Watch, console: Console) -> None:
    """Print a capture as text."""
    user = watch.selection.user
    screen = Screen(console, user or "anybody", lines=True)
    screen.begin()
    with ExitStack() as stack:
        if console.is_terminal:
            stack.enter_context(Status(watch, screen, "q leaves it").shown(console))
            stack.enter_context(keys("qQ", watch.leave))
        for news in stack.enter_context(closing(watch.__iter__())):
            screen.show(news)
    if watch.stopping:
        return
    console.print()
    render_report(watch.report, console, user=user, asked=watch.selection.takes)
    if watch.ending is None:
        print_line(
            console,
            "The capture's process is gone without a word: look after it with headend sweep.",
            style="bold yellow",
        )
    else:
        print_line(console, f"The capture has ended: {watch.ending}.")


def stream(watch: Watch) -> None:
    """Print a capture as JSON, one object a line, with the same result as the investigation's."""
    with closing(watch.__iter__()) as every:
        for news in every:
            tell(news)
    say(
        report_document(watch.report)
        | {
            "event": "result",
            "incident": {"id": watch.incident.id, "path": str(watch.incident.path)},
            "ending": watch.ending,
            "headends": watch.headends,
            "timing": watch.incident.record["timing"],
        }
    )
