"""``headend incident report``: one incident to hand over, as a page, as Markdown or as JSON."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import InputError


class Format(StrEnum):
    """What a report is written as."""

    HTML = "html"
    MARKDOWN = "markdown"
    JSON = "json"


def report(
    incident_id: options.IncidentId = "last",
    form: Annotated[
        Format, typer.Option("--format", help="A self-contained page, Markdown, or JSON")
    ] = Format.HTML,
    output: Annotated[
        Path | None,
        typer.Option("-o", "--output", metavar="FILE", help="Write it there, not to the screen"),
    ] = None,
    *,
    incidents: options.Incidents = None,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Write the report of one incident: who, what, why, what to do, and the proof."""
    from headend.incident import IncidentStore
    from headend.incident.private import write_output
    from headend.incident.report import FORMATS
    from headend.incident.stored import read_report

    incident = IncidentStore(Settings.resolve(incidents=incidents).incidents).get(incident_id)
    found = read_report(incident.path / "diagnosis.json")
    if found is None:
        raise InputError(
            f"{incident.id} has no diagnosis that can be read",
            remedy="headend diagnose reads its capture.log again",
        )
    data = FORMATS[form.value](incident.story(found)).encode("utf-8", "backslashreplace")
    if output is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    write_output(output, data)
    typer.echo(f"{output}")
