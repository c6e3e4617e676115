"""``headend sweep``: end what a run of ours left on a headend."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from headend.cli import options
from headend.model.line import visible


def sweep(
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="End listed sessions without asking")] = False,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
) -> None:
    """Look after sessions of ours that did not end well; other sessions' debug stays unseen."""
    from headend.config import Settings
    from headend.device import fleet
    from headend.device.access import Access
    from headend.errors import DebugNotOff
    from headend.incident import damaged_leases
    from headend.workflow.sweep import sweep as look_after

    settings = Settings.resolve(inventory, incidents)
    access = {}
    if (settings.inventory / "hosts.yaml").is_file():
        for name, host in fleet.load(settings.inventory).inventory.hosts.items():
            access[name] = Access.from_data(host.get_connection_parameters("headend").extras)
    findings = look_after(settings.incidents, access)
    confirmed = [
        finding.lease
        for finding in findings
        if finding.state == "listed"
        and (yes or (not as_json and _agreed(f"{finding.lease.headend}: {finding.detail}")))
    ]
    ended = {
        finding.lease.id: finding
        for finding in look_after(settings.incidents, access, confirmed, end=True)
    }
    findings = [ended.get(finding.lease.id, finding) for finding in findings]
    damaged = damaged_leases(settings.incidents)
    if as_json:
        rows = [
            {"lease": asdict(finding.lease), "state": finding.state, "detail": finding.detail}
            for finding in findings
        ]
        document = {
            "schema": "headend.sweep/1",
            "leases": rows,
            "damaged": [str(path) for path in damaged],
        }
        options.print_json(document)
    else:
        for finding in findings:
            typer.echo(visible(f"{finding.lease.headend}: {finding.state}: {finding.detail}"))
        for path in damaged:
            typer.echo(visible(f"unseen: the lease {path} cannot be read; delete it when you know"))
        if not findings and not damaged:
            typer.echo("No lease is open: every session of ours ended well.")
        typer.echo("Debug that somebody else armed in another session cannot be seen from ours.")
    if damaged or any(finding.state in {"listed", "unseen"} for finding in findings):
        raise typer.Exit(DebugNotOff.status)


def _agreed(found: str) -> bool:
    return options.confirmed(visible(f"{found}. End that session?"))
