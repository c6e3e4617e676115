"""``headend preflight``: can a capture work, and is it safe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options

if TYPE_CHECKING:
    from headend.workflow.preflight import Finding

_MARKS = {"ok": "✔", "warn": "!", "refuse": "✘", "unknown": "?"}
_STYLES = {"ok": "green", "warn": "yellow", "refuse": "bold red", "unknown": "yellow"}


def preflight(
    user: Annotated[str | None, typer.Argument(help="The user whose login is to be seen")] = None,
    inventory: options.Inventory = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    duration: options.For = 120.0,
    max_cpu: options.MaxCpu = 60.0,
    client_ip: options.ClientIp = None,
    group: options.Group = None,
    debugs: options.Debugs = None,
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
    from headend.device import fleet
    from headend.device.debug_set import Wanted, asked_for
    from headend.device.situation import Limits
    from headend.workflow import preflight as journey

    if print_privileges:
        from headend.device.privileges import command_set

        typer.echo(command_set())
        return
    wanted = Wanted(user, group, client_ip, asked_for(debugs or ()))
    everything = fleet.load(Settings.resolve(inventory).inventory)
    chosen = fleet.select(everything, filters or (), hosts or ())
    found = journey.run(chosen, everything, Limits(duration, max_cpu), wanted)
    if as_json:
        documents = [
            {
                "headend": each.headend,
                "error": str(each.error) if each.error else None,
                "checks": [asdict(check) for check in each.checks],
            }
            for each in found
        ]
        options.print_json({"schema": "headend.preflight/1", "headends": documents})
    else:
        _print(found)
    raise typer.Exit(journey.status_of(found))


def _print(found: Sequence[Finding]) -> None:
    from rich.text import Text

    from headend.model.line import visible

    console = options.console()
    for each in found:
        console.print(Text(each.headend, style="bold"))
        if each.error:
            text = f"  ✘ {visible(str(each.error))}"
            console.print(Text(text, style="bold red"), soft_wrap=True)
        for check in each.checks:
            mark = Text(f"  {_MARKS[check.state]} {check.name:14}", style=_STYLES[check.state])
            console.print(mark + Text(f" {visible(check.reason)}"), soft_wrap=True)
            if check.remedy and check.state != "ok":
                console.print(Text(f"{'':18} → {visible(check.remedy)}"), soft_wrap=True)
