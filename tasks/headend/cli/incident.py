"""``headend incident``: the record of past and running incidents."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from headend.cli import options
from headend.cli.verbs import Verbs
from headend.config import Settings

app = typer.Typer(cls=Verbs, help="List incidents and look into one.", no_args_is_help=True)


@app.command("list")
def list_incidents(
    *,
    incidents: options.Incidents = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """List all incidents, the newest first."""
    from headend.incident import IncidentStore

    summaries = IncidentStore(Settings.resolve(incidents=incidents).incidents).list()
    if as_json:
        listed = [asdict(each) for each in summaries]
        _print_json({"schema": "headend.incidents/1", "incidents": listed})
        return
    from headend.cli.render import render_incident_list

    render_incident_list(summaries, options.console())


@app.command()
def show(
    incident_id: Annotated[
        str, typer.Argument(metavar="ID", help="An id, the beginning of one, or 'last'")
    ] = "last",
    *,
    incidents: options.Incidents = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Show one incident: the diagnosis, when things happened, and the files."""
    from headend.incident import IncidentStore
    from headend.incident.stored import read_report
    from headend.model.document import report_document

    store = IncidentStore(Settings.resolve(incidents=incidents).incidents)
    incident = store.get(incident_id)
    report = read_report(incident.path / "diagnosis.json")
    if as_json:
        _print_json(
            {
                **incident.record,
                "timing": incident.timing,
                "path": str(incident.path),
                "files": [str(path) for path in incident.files],
                "audit_problems": incident.verify_audit(),
                "diagnosis": report_document(report) if report else None,
            }
        )
        return
    from headend.cli.render import render_incident

    render_incident(incident, options.console(), report)


@app.command()
def watch(
    incident_id: Annotated[
        str, typer.Argument(metavar="ID", help="An id, the beginning of one, or 'last'")
    ] = "last",
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


def _print_json(document: dict[str, object]) -> None:
    typer.echo(json.dumps(document, indent=2))
