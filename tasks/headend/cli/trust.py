"""``headend trust``: show the headends' host keys and record them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.model.line import visible

if TYPE_CHECKING:
    from pathlib import Path

    from headend.device.hostkeys import OfferedKey
    from headend.errors import HeadendError


def trust(
    inventory: options.Inventory = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Record without asking")] = False,
    replace: Annotated[bool, typer.Option("--replace", help="Replace a changed key")] = False,
    verbose: options.Verbose = False,
) -> None:
    """Show the fingerprints of the chosen headends and their jump hosts; record their keys."""
    from headend.config import Settings
    from headend.device import fleet
    from headend.device.access import Access
    from headend.device.connection import offered_keys
    from headend.errors import HeadendError

    settings = Settings.resolve(inventory)
    chosen = fleet.select(fleet.load(settings.inventory), filters or (), hosts or ())
    failed: dict[str, HeadendError] = {}
    shown: set[tuple[str, int]] = set()
    for name, host in chosen.inventory.hosts.items():
        try:
            access = Access.from_data(host.get_connection_parameters("headend").extras)
            for offered in offered_keys(host.hostname or name, host.port, access):
                if (offered.host, offered.port) not in shown:
                    shown.add((offered.host, offered.port))
                    _judge(name, offered, access.keys, yes=yes, replace=replace)
        except HeadendError as error:
            typer.echo(visible(f"{name}: {error}"), err=True)
            failed[name] = error
    if failed:
        raise typer.Exit(
            _status(list(failed.values()), everything=len(failed) == len(chosen.inventory.hosts))
        )


def _judge(name: str, offered: OfferedKey, path: Path, *, yes: bool, replace: bool) -> None:
    from headend.device import hostkeys
    from headend.errors import HostKeyRefused

    address = f"{offered.host}:{offered.port}"
    typer.echo(visible(f"{name} ({address})  {offered.fingerprint}"))
    if offered.recorded == offered.fingerprint:
        typer.echo("  recorded already")
    elif offered.recorded and not replace:
        raise HostKeyRefused(
            f"{address} offers another key than the recorded {offered.recorded}",
            remedy="Find out why; then headend trust --replace",
        )
    elif yes or options.confirmed("  Is this its own fingerprint?"):
        hostkeys.record(path, offered)
        typer.echo(visible(f"  recorded in {path}"))
    else:
        typer.echo("  not recorded")


def _status(failed: list[HeadendError], *, everything: bool) -> int:
    from headend.errors import HostKeyRefused

    refused = [error for error in failed if isinstance(error, HostKeyRefused)]
    if refused:
        return HostKeyRefused.status
    return failed[0].status if everything else 14
