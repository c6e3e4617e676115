"""Many attempts at a glance: what was found how often, and how to see one of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.cli.layout import counted, print_columns, print_line, styled

if TYPE_CHECKING:
    from rich.console import Console

    from headend.workflow.tally import Tally


def render_overview(tally: Tally, console: Console) -> None:
    """Print each outcome and cause with its number of attempts and users, and the newest one."""
    print_line(
        console, f"{counted(tally.chosen, 'login attempt')}, by what was found:", style="bold"
    )
    console.print()
    head = ("attempts", "users", "found", "newest")
    rows = [tuple(styled(name, "dim") for name in head)]
    for outcome, cause, count in tally.counts():
        found = outcome.value if cause.value == "none" else f"{outcome.value}: {cause.value}"
        newest = count.newest
        where = ""
        if newest is not None:
            line = next((one for one in newest.causes[0].evidence), None)
            where = newest.user or newest.client_ip or "unknown user"
            where += f", {line.source}:{line.line}" if line is not None else ""
            where += f", {newest.started}" if newest.started else ""
        cells = (f"{count.attempts:8,}", f"{len(count.users):5,}", found, where)
        rows.append(tuple(styled(cell) for cell in cells))
    print_columns(console, rows, indent=2)
    console.print()
    print_line(console, "One of them in full: --user, --client-ip or --group.", style="dim")
    if tally.others:
        print_line(console, f"Not counted: {counted(tally.others, 'other attempt')}.", style="dim")
