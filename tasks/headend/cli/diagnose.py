"""``headend diagnose``: the diagnosis of files or standard input."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

from headend.cli import options


def diagnose(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, or - for stdin")],
    user: Annotated[str | None, typer.Option(help="Only this user's attempts")] = None,
    client_ip: options.ClientIp = None,
    group: options.Group = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Say why logins failed, from any mix of pasted debug, syslog and show output."""
    from headend.cli.render import render_report
    from headend.model.document import report_document
    from headend.workflow.offline import diagnose_files
    from headend.workflow.selection import Selection, status_of

    selection = Selection(user, client_ip, group)
    report = diagnose_files(files)
    chosen = tuple(attempt for attempt in report.attempts if selection.takes(attempt))
    if as_json:
        document = report_document(dataclasses.replace(report, attempts=chosen))
        typer.echo(json.dumps(document, indent=2))
    else:
        render_report(report, options.console(), user=user, asked=selection.takes)
    raise typer.Exit(status_of(chosen))
