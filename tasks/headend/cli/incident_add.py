"""``headend incident add``: what the user's client wrote joins the incident."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import PARTIAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from headend.workflow.client_logs import Added, LeftOut

_LEFT_OUT = 8
_REFUSED = 40


def add(
    incident_id: options.IncidentId,
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="Client logs, event logs (.evtx), DART bundles"),
    ],
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Add the client's logs to an incident, and diagnose it again with them.

    A file of a bundle that cannot be read is refused and named; the others are taken. Ends with 14
    then.
    """
    from headend.incident import IncidentStore
    from headend.model.document import report_document
    from headend.workflow.client_logs import add_client_logs
    from headend.workflow.site_words import site_words

    settings = Settings.resolve(inventory, incidents=incidents)
    incident = IncidentStore(settings.incidents).get(incident_id)
    added = add_client_logs(incident, files, site_words(settings.inventory))
    if as_json:
        document = {
            "schema": "headend.added/1",
            "incident": incident.id,
            "kept": [asdict(each) for each in added.kept],
            "left_out": [asdict(each) for each in added.left_out],
            "refused": [asdict(each) for each in added.refused],
            "diagnosis": report_document(added.report),
        }
        options.print_json(document)
    else:
        _print(added, options.console())
    if added.refused:
        raise typer.Exit(PARTIAL)


def _print(added: Added, console: Console) -> None:
    from headend.cli.layout import counted, print_line, print_rows, print_title
    from headend.cli.render import render_report

    print_title(console, "Added")
    rows = (
        (each.name, f"{counted(each.messages, 'message')} in {counted(each.lines, 'line')}")
        for each in added.kept
    )
    print_rows(console, rows)
    if added.left_out:
        _print_list(console, "Left out", added.left_out, _LEFT_OUT)
    if added.refused:
        _print_list(console, "Refused", added.refused, _REFUSED)
        print_line(
            console, "Nothing of these was kept: unpack what you need by hand and add it", indent=4
        )
        console.print()
    for clock in {each.client_clock for each in added.chosen if each.client_clock}:
        print_line(console, clock.said)
    chosen = {each.id for each in added.chosen}
    render_report(added.report, console, asked=lambda attempt: attempt.id in chosen)


def _print_list(console: Console, title: str, files: Sequence[LeftOut], most: int) -> None:
    from headend.cli.layout import counted, print_line, print_rows, print_title

    print_title(console, title)
    print_rows(console, ((each.came_from, each.why) for each in files[:most]))
    if len(files) > most:
        more = counted(len(files) - most, "more file")
        print_line(console, f"and {more}", indent=4, style="dim")
