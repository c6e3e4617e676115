"""``headend incident show``: one incident, the five lines for a ticket first."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.config import Settings

if TYPE_CHECKING:
    from headend.incident import Incident
    from headend.incident.ticket import Section
    from headend.model.diagnosis import Report


class Format(StrEnum):
    """Where a body is pasted."""

    SERVICENOW = "servicenow"
    JIRA = "jira"
    SLACK = "slack"


class Reader(StrEnum):
    """Who is asked."""

    IDENTITY_TEAM = "identity-team"


def show(
    incident_id: options.IncidentId = "last",
    form: Annotated[
        Format | None, typer.Option("--format", help="The body of a ticket or a message")
    ] = None,
    reader: Annotated[
        Reader | None, typer.Option("--for", help="The questions that only they can answer")
    ] = None,
    *,
    incidents: options.Incidents = None,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Show one incident: five lines for a ticket, then the diagnosis, times and files."""
    from headend.incident import IncidentStore
    from headend.incident.stored import read_report

    incident = IncidentStore(Settings.resolve(incidents=incidents).incidents).get(incident_id)
    report = read_report(incident.path / "diagnosis.json")
    if as_json:
        options.print_json(_document(incident, report))
        return
    if form is not None:
        from headend.incident.ticket import FORMATS

        typer.echo(FORMATS[form.value](_sections(incident, report, reader)), nl=False)
        return
    from headend.cli.layout import print_line, print_rows, print_title

    console = options.console()
    for title, rows in _sections(incident, report, reader):
        if reader is not None:
            print_title(console, title)
        print_rows(console, rows)
    if reader is None:
        from headend.cli.render import render_incident

        print_line(console, "In full", style="bold")
        render_incident(incident, console, report)


def _sections(incident: Incident, report: Report | None, reader: Reader | None) -> list[Section]:
    from headend.incident.handover import hand_over
    from headend.incident.questions import inquiry

    summary = incident.summary
    if reader is None:
        lines = hand_over(incident.record, summary, report, _change(incident)).lines
        return [(f"VPN login incident {incident.id}", lines)]
    asked = inquiry(incident.path, summary, report)
    numbered = tuple((f"{number}", each) for number, each in enumerate(asked.questions, start=1))
    return [
        (f"VPN login incident {incident.id}: please look it up", asked.facts),
        ("Questions", numbered),
    ]


def _document(incident: Incident, report: Report | None) -> dict[str, object]:
    from headend.incident.handover import hand_over
    from headend.incident.questions import inquiry
    from headend.model.document import report_document

    asked = inquiry(incident.path, incident.summary, report)
    return {
        **incident.record,
        "timing": incident.timing,
        "path": str(incident.path),
        "files": [str(path) for path in incident.files],
        "audit_problems": incident.verify_audit(),
        "hand_over": {
            name.lower(): words
            for name, words in hand_over(
                incident.record, incident.summary, report, _change(incident)
            ).lines
        },
        "identity_team": {"facts": dict(asked.facts), "questions": list(asked.questions)},
        "diagnosis": report_document(report) if report else None,
    }


def _change(incident: Incident) -> str:
    from headend.incident import IncidentStore
    from headend.incident.changes import ChangeStore
    from headend.workflow.retention import change_state

    changes = ChangeStore(IncidentStore(incident.path.parent))
    return change_state(changes, incident, incident.summary)
