"""``headend change list``: what each change is, where it stands, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import PARTIAL

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from headend.incident import IncidentStore
    from headend.incident.changes import ChangeFolder


def list_changes(
    incidents: options.Incidents = None,
    *,
    expired: Annotated[
        bool, typer.Option("--expired", help="Only exceptions past their end; status 14 if any")
    ] = False,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """List all changes and where they stand."""
    from headend.incident import IncidentStore

    settings = Settings.resolve(incidents=incidents)
    rows = listed(IncidentStore(settings.incidents), settings.allowed_signers, expired=expired)
    if as_json:
        options.print_json({"schema": "headend.changes/1", "changes": rows})
    else:
        print_list(rows, options.console())
    if expired and rows:
        raise typer.Exit(PARTIAL)


def listed(store: IncidentStore, signers: Path, *, expired: bool) -> list[dict[str, Any]]:
    """Return a row a change, the newest incident's first; a damaged plan is a row too."""
    from headend.errors import InputError, Refused
    from headend.incident.changes import ChangeStore
    from headend.workflow import approving, journal
    from headend.workflow.changing import plan_of

    rows: list[dict[str, Any]] = []
    for change in ChangeStore(store).all():
        try:
            plan = plan_of(change)
        except (InputError, Refused) as error:
            rows.append({"id": change.id, "incident": _incident(change), "damaged": error.message})
            continue
        past = journal.expired(change, plan)
        rows.append(
            {
                "id": change.id,
                "incident": _incident(change),
                "kind": plan.kind,
                "title": plan.title,
                "ticket": plan.ticket,
                "author": plan.author,
                "expires": plan.expires,
                "expired": past,
                "headends": {
                    target.headend: journal.standing(change, target.headend)
                    for target in plan.targets
                },
                "revoked": change.revoked() is not None,
                "broken_glass": approving.glass_is_broken(change, plan, signers),
            }
        )
    return [row for row in rows if row.get("expired")] if expired else rows


def print_list(rows: list[dict[str, Any]], console: Console) -> None:
    """Print the changes, one a line, and below an expired one the way to end it."""
    from headend.cli.layout import print_columns, print_line, styled

    if not rows:
        print_line(console, "No changes.")
        return
    table = [tuple(styled(name, "dim") for name in ("change", "stands", "ends", "what"))]
    for row in rows:
        if "damaged" in row:
            cells = (row["id"], "damaged", "-", row["damaged"])
        else:
            states = _states(row["headends"])
            ends = f"{row['expires'] or '-'}{' EXPIRED' if row['expired'] else ''}"
            loud = "BREAK GLASS, " if row["broken_glass"] else ""
            void = ", revoked" if row["revoked"] else ""
            cells = (row["id"], f"{loud}{states}{void}", ends, row["title"])
        table.append(tuple(styled(cell) for cell in cells))
    print_columns(console, table, indent=0)
    for row in rows:
        if row.get("expired"):
            print_line(console, f"End it: headend change rollback {row['id']}")


def _states(headends: dict[str, str]) -> str:
    """Return where a change stands, in two words where it stands alike on many headends."""
    first, *others = headends.items()
    if others and len(set(headends.values())) == 1:
        return f"{first[1]} on {len(headends)} headends"
    return ", ".join(f"{name} {state}" for name, state in headends.items())


def _incident(change: ChangeFolder) -> str:
    return change.incident.id if change.incident else ""
