"""``headend incident share``: a bundle that a vendor or another team may read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headend.cli import options
from headend.config import Settings


def share(
    incident_id: options.IncidentId = "last",
    *,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", metavar="FILE.zip", help="Where to write it")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A name that identifies nobody; repeatable"),
    ] = None,
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Write a bundle without names, addresses and secrets that is diagnosed as the incident is."""
    from headend.incident import IncidentStore
    from headend.workflow.sharing import share as shared
    from headend.workflow.site_words import site_words

    settings = Settings.resolve(inventory, incidents)
    incident = IncidentStore(settings.incidents).get(incident_id)
    target = output or Path(f"{incident.id}.zip")
    done = shared(incident, target, site_words(settings.inventory), keep or ())
    if as_json:
        document = {
            "schema": "headend.shared/1",
            "bundle": str(done.path),
            "table": str(done.table),
            "files": list(done.files),
            "names": done.names,
            "masked": done.masked,
            "addresses": done.addresses,
        }
        options.print_json(document)
        return
    masked = f", {done.masked} of them masked as a possible password" if done.masked else ""
    typer.echo(f"{done.path}: {len(done.files)} files, {done.names} names{masked} and")
    typer.echo(
        f"  {done.addresses} addresses under pseudonyms; no secret, name or address is left,"
    )
    typer.echo("  and it is diagnosed as the incident is.")
    typer.echo(f"Who is who stays here: {done.table}")
    typer.echo(f"To read it: headend diagnose {done.path.name}")
