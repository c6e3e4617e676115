"""``headend trust``: show the headends' host keys and record them."""

from __future__ import annotations

from typing import Annotated

import typer

from headend.cli import options
from headend.model.line import visible


def trust(
    inventory: options.Inventory = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Record without asking")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a changed key")] = False,
    verbose: options.Verbose = False,
) -> None:
    """Show the fingerprints of the chosen headends and record their keys."""
    from headend.config import Settings
    from headend.device import fleet, hostkeys
    from headend.errors import HostKeyRefused, Unreachable

    settings = Settings.resolve(inventory)
    chosen = fleet.select(fleet.load(settings.inventory), filters or (), hosts or ())
    failed: list[Exception] = []
    for name, host in chosen.inventory.hosts.items():
        try:
            offered = hostkeys.offered_key(
                host.hostname or name, host.port or 22, settings.known_hosts
            )
        except Unreachable as error:
            typer.echo(visible(f"{name}: {error}"), err=True)
            failed.append(error)
            continue
        typer.echo(visible(f"{name} ({offered.host}:{offered.port})  {offered.fingerprint}"))
        if offered.recorded == offered.fingerprint:
            typer.echo("  recorded already")
        elif offered.recorded and not replace:
            failed.append(
                HostKeyRefused(
                    f"{name} offers another key than the recorded {offered.recorded}",
                    remedy="Find out why; then headend trust --replace",
                )
            )
            typer.echo(visible(f"  {failed[-1]}"), err=True)
        elif yes or typer.confirm("  Is this the headend's own fingerprint?"):
            hostkeys.record(settings.known_hosts, offered)
            typer.echo(visible(f"  recorded in {settings.known_hosts}"))
        else:
            typer.echo("  not recorded")
    refused = [error for error in failed if isinstance(error, HostKeyRefused)]
    if refused:
        raise typer.Exit(HostKeyRefused.status)
    if failed:
        everything = len(failed) == len(chosen.inventory.hosts)
        raise typer.Exit(Unreachable.status if everything else 14)
