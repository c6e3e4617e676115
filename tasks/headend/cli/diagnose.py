"""``headend diagnose``: the diagnosis of files or standard input."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer

from headend.cli import options


def diagnose(  # noqa: PLR0913 - each is one option
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Files, or - for stdin")],
    user: Annotated[str | None, typer.Option(help="Only this user's attempts")] = None,
    client_ip: options.ClientIp = None,
    group: options.Group = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,  # noqa: ARG001 - its callback acts
    no_color: options.NoColor = False,  # noqa: ARG001 - likewise
) -> None:
    """Say why logins failed, from any mix of pasted debug, syslog and show output."""
    from headend.cli.render import render_report  # noqa: PLC0415 - rich is slow to import
    from headend.model.document import report_document  # noqa: PLC0415 - likewise the readers
    from headend.workflow.offline import diagnose_files  # noqa: PLC0415
    from headend.workflow.selection import Selection, status_of  # noqa: PLC0415

    selection = Selection(user, client_ip, group)
    report = diagnose_files(files)
    chosen = tuple(attempt for attempt in report.attempts if selection.takes(attempt))
    report = dataclasses.replace(report, attempts=chosen)
    if as_json:
        typer.echo(json.dumps(report_document(report), indent=2))
    else:
        render_report(report, options.console(), user=user)
    raise typer.Exit(status_of(chosen))
