"""``headend preflight``: can a capture work, and is it safe."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import typer

from headend.cli import options

_MARKS = {"ok": "✔", "warn": "!", "refuse": "✘", "unknown": "?"}
_STYLES = {"ok": "green", "warn": "yellow", "refuse": "bold red", "unknown": "yellow"}


def preflight(  # noqa: PLR0913 - each is one option
    inventory: options.Inventory = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    duration: options.For = 120.0,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,  # noqa: ARG001 - its callback acts
    no_color: options.NoColor = False,  # noqa: ARG001 - likewise
) -> None:
    """Check each headend, read-only: role, CPU, sessions, debug-trace, names, stray debug, clock."""
    from headend.config import Settings  # noqa: PLC0415 - netmiko is slow to import
    from headend.device import fleet, tasks  # noqa: PLC0415
    from headend.errors import HeadendError, LoginError, Refused  # noqa: PLC0415

    settings = Settings.resolve(inventory)
    with fleet.select(fleet.load(settings.inventory), filters or (), hosts or ()) as chosen:
        results = chosen.run(task=tasks.preflight, duration=duration)
        chosen.close_connections(on_failed=True)
    found: list[dict[str, Any]] = []
    for name, multi in results.items():
        if multi.exception and not isinstance(multi.exception, HeadendError):
            raise multi.exception
        checks = [] if multi.failed else [asdict(check) for check in multi[0].checks]
        found.append(
            {"headend": name, "error": multi[0].result if multi.failed else None, "checks": checks}
        )
    if as_json:
        typer.echo(json.dumps({"schema": "headend.preflight/1", "headends": found}, indent=2))
    else:
        _print(found)
    refused = any(check["state"] == "refuse" for each in found for check in each["checks"])
    errors = [multi.exception for multi in results.values() if multi.failed]
    if refused or any(isinstance(error, Refused) for error in errors):
        raise typer.Exit(Refused.status)
    if errors:
        raise typer.Exit(LoginError.status if len(errors) == len(found) else 14)


def _print(found: list[dict[str, Any]]) -> None:
    from rich.text import Text  # noqa: PLC0415 - not needed for --json

    from headend.model.line import visible  # noqa: PLC0415

    console = options.console()
    for each in found:
        console.print(Text(each["headend"], style="bold"))
        if each["error"]:
            console.print(Text(f"  ✘ {visible(each['error'])}", style="bold red"))
        for check in each["checks"]:
            state = check["state"]
            mark = Text(f"  {_MARKS[state]} {check['name']:14}", style=_STYLES[state])
            console.print(mark + Text(f" {visible(check['reason'])}"), soft_wrap=True)
            if check["remedy"] and state != "ok":
                console.print(Text(f"{'':18} → {visible(check['remedy'])}"), soft_wrap=True)
