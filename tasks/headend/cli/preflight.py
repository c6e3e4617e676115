"""``headend preflight``: can a capture work, and is it safe."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

import typer

from headend.cli import options
from headend.model.check import Check

_MARKS = {"ok": "✔", "warn": "!", "refuse": "✘", "unknown": "?"}
_STYLES = {"ok": "green", "warn": "yellow", "refuse": "bold red", "unknown": "yellow"}


def preflight(
    inventory: options.Inventory = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    duration: options.For = 120.0,
    max_cpu: options.MaxCpu = 60.0,
    client_ip: options.ClientIp = None,
    *,
    print_privileges: Annotated[
        bool,
        typer.Option("--print-privileges", help="The TACACS+ command set that an account needs"),
    ] = False,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Can a capture work here, and is it safe? Each headend is asked, read-only, and answers."""
    from headend.config import Settings
    from headend.device import fleet, tasks
    from headend.errors import HeadendError, LoginError, Refused

    if print_privileges:
        from headend.device.privileges import command_set

        typer.echo(command_set())
        return
    settings = Settings.resolve(inventory)
    with fleet.select(fleet.load(settings.inventory), filters or (), hosts or ()) as chosen:
        results = chosen.run(
            task=tasks.preflight, duration=duration, max_cpu=max_cpu, client_ip=client_ip
        )
        chosen.close_connections(on_failed=True)
    found: list[dict[str, Any]] = []
    for name, multi in results.items():
        if multi.exception and not isinstance(multi.exception, HeadendError):
            raise multi.exception
        # Nornir's Result takes any attribute, and its types know none of them.
        found_here: tuple[Check, ...] = () if multi.failed else vars(multi[0])["checks"]
        checks = [asdict(check) for check in found_here]
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
    from rich.text import Text

    from headend.model.line import visible

    console = options.console()
    for each in found:
        console.print(Text(each["headend"], style="bold"))
        if each["error"]:
            console.print(Text(f"  ✘ {visible(each['error'])}", style="bold red"), soft_wrap=True)
        for check in each["checks"]:
            state = check["state"]
            mark = Text(f"  {_MARKS[state]} {check['name']:14}", style=_STYLES[state])
            console.print(mark + Text(f" {visible(check['reason'])}"), soft_wrap=True)
            if check["remedy"] and state != "ok":
                console.print(Text(f"{'':18} → {visible(check['remedy'])}"), soft_wrap=True)
