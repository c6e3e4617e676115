"""``headend incident``: the record of past and running incidents."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from headend.cli import (
    incident_add,
    incident_close,
    incident_handover,
    incident_open,
    incident_purge,
    incident_report,
    incident_share,
    incident_verify,
    options,
)
from headend.cli.verbs import Verbs
from headend.config import Settings

app = typer.Typer(cls=Verbs, help="List incidents and look into one.", no_args_is_help=True)
app.command("report")(incident_report.report)
app.command("add")(incident_add.add)
app.command("show")(incident_handover.show)
app.command("open")(incident_open.open_incidents)
app.command("close")(incident_close.close)
app.command("verify")(incident_verify.verify)
app.command("purge")(incident_purge.purge)
app.command("share")(incident_share.share)


@app.command("list")
def list_incidents(
    *,
    only_open: Annotated[
        bool, typer.Option("--open", help="Only what is still open, with its next step")
    ] = False,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Make the index anew from the folders")
    ] = False,
    incidents: options.Incidents = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """List all incidents, the newest first."""
    from headend.incident import IncidentStore

    if only_open:
        incident_open.open_incidents(incidents=incidents, as_json=as_json)
        return
    store = IncidentStore(Settings.resolve(incidents=incidents).incidents)
    if rebuild:
        store.rebuild()
    summaries = store.list()
    if as_json:
        listed = [asdict(each) for each in summaries]
        options.print_json({"schema": "headend.incidents/1", "incidents": listed})
        return
    from headend.cli.render import render_incident_list

    render_incident_list(summaries, options.console())


@app.command()
def watch(
    incident_id: options.IncidentId = "last",
    *,
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Follow a capture from its first line, while it runs and to its end, and judge it."""
    from headend.cli import watching
    from headend.incident import IncidentStore
    from headend.workflow.site_words import site_words
    from headend.workflow.watch import Watch

    settings = Settings.resolve(inventory, incidents)
    incident = IncidentStore(settings.incidents).get(incident_id)
    seen = Watch(incident, site_words(settings.inventory))
    if as_json:
        watching.stream(seen)
    else:
        watching.show(seen, options.console())
