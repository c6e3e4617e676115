"""``headend incident verify``: is the record of what was done still the one that was written."""

from __future__ import annotations

from typing import Annotated

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import HeadendError, InputError


def verify(
    incident_ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID]...", help="Ids; all, where none is given")
    ] = None,
    *,
    incidents: options.Incidents = None,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Check the audit chains, and without an ID the purge log; status 1 where one is broken."""
    from headend.cli.layout import counted, print_line
    from headend.incident import IncidentStore
    from headend.incident.purge_log import PurgeLog

    store = IncidentStore(Settings.resolve(incidents=incidents).incidents)
    chosen = [store.get(name) for name in incident_ids or ()] or list(store.all())
    console = options.console()
    wrong = 0
    found: list[str]
    for incident in chosen:
        try:
            found = incident.verify_audit()
        except InputError as error:
            found = [error.message]
        wrong += bool(found)
        for problem in found:
            print_line(console, f"{incident.id}: {problem}", style="red")
    if not incident_ids:
        found = PurgeLog(store.root).problems()
        wrong += bool(found)
        for problem in found:
            print_line(console, problem, style="red")
    if wrong:
        raise typer.Exit(HeadendError.status)
    print_line(console, f"{counted(len(chosen), 'audit chain')} whole: nothing was edited.")
