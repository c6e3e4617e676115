"""``headend incident open``: what nobody has closed yet, with the next step of each."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from headend.cli import options
from headend.config import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from headend.workflow.retention import Pending


def open_incidents(
    incidents: options.Incidents = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """List what is still open and the next step of each, the newest first."""
    from headend.incident import IncidentStore
    from headend.workflow.retention import pending

    found = pending(IncidentStore(Settings.resolve(incidents=incidents).incidents))
    if as_json:
        rows = [{**asdict(each.summary), "next": each.next} for each in found]
        options.print_json({"schema": "headend.incidents/1", "incidents": rows})
        return
    _print(found, options.console())


def _print(found: list[Pending], console: Console) -> None:
    from headend.cli.layout import counted, print_columns, print_line, styled

    print_line(console, f"{counted(len(found), 'open incident')}.", style="bold")
    for each in found:
        one = each.summary
        what = one.cause if one.cause not in {None, "none"} else one.outcome
        state = "damaged" if one.damaged else (one.state or "-").replace("_", " ")
        console.print()
        head = ", ".join((one.user or "no single user", what or "nothing found", state))
        print_columns(console, [(styled(one.id, "bold"), styled(head))], indent=0)
        print_columns(console, [(styled("next", "dim"), styled(each.next))], indent=2)
