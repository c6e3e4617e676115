"""``headend incident close``: how an incident ended, and who says so."""

from __future__ import annotations

from typing import Annotated

import typer

from headend.cli import options
from headend.config import Settings


def close(
    incident_id: options.IncidentId,
    resolution: Annotated[
        str, typer.Option(metavar="TEXT", help="How it was resolved, in a sentence")
    ],
    by: Annotated[
        str | None, typer.Option("--as", metavar="NAME", help="Who closes it [default: you]")
    ] = None,
    *,
    incidents: options.Incidents = None,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Close an incident; its time to repair ends here, unless a change was proved before."""
    from headend.cli.change_common import principal
    from headend.errors import InputError, Refused
    from headend.incident import IncidentStore
    from headend.incident.lease import leased

    if not resolution.strip():
        raise InputError("The resolution is empty", remedy="--resolution 'password was reset'")
    store = IncidentStore(Settings.resolve(incidents=incidents).incidents)
    incident = store.get(incident_id)
    if leased(store.root, incident.id):
        raise Refused(
            f"A session of {incident.id} has not been proved to have ended",
            remedy="Wait for its end, or look after it: headend sweep",
        )
    incident.close(resolution.strip(), principal(by))
    typer.echo(f"{incident.id} is closed.")
