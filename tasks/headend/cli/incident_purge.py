"""``headend incident purge``: retention, with a line in a chain that stays."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from headend.cli import options
from headend.config import Settings


def purge(
    older_than: Annotated[
        str, typer.Option(metavar="SPAN", help="Nothing was reached in it for so long: 90d")
    ],
    by: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who purges [default: you]")
    ] = None,
    *,
    include_open: Annotated[
        bool, typer.Option("--include-open", help="Those that nobody closed as well")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Purge; without it they are listed")] = False,
    incidents: options.Incidents = None,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Remove old incidents, never one with a session or a change that may still stand."""
    from headend.cli.change_common import principal
    from headend.cli.layout import counted, print_columns, print_line, styled
    from headend.cli.spans import span
    from headend.incident import IncidentStore
    from headend.incident.purge_log import PurgeLog
    from headend.workflow.retention import aged

    age = span(older_than, "--older-than")
    store = IncidentStore(Settings.resolve(incidents=incidents).incidents)
    console = options.console()
    found = list(aged(store, time.time() - age.total_seconds(), include_open=include_open))
    going = [each for each in found if not each.kept]
    log = PurgeLog(store.root)
    if yes:
        log.finish()
    for each in going if yes else ():
        log.purge(each.incident, by=principal(by), why=f"older than {older_than}")
    did = "purged" if yes else "would be purged"
    rows = [
        (styled(one.summary.id), styled(f"kept: {one.kept}" if one.kept else did)) for one in found
    ]
    print_columns(console, rows, indent=0) if rows else None
    kept = len(found) - len(going)
    print_line(console, f"{counted(len(going), 'incident')} {did}, {kept} kept.", style="bold")
    if going and not yes:
        print_line(console, "Nothing was removed yet: add --yes.")
