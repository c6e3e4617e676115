"""``headend investigate``: the main job, from the command line."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options

if TYPE_CHECKING:
    from headend.workflow.investigation import Conclusion, Investigation

_STARTED = time.monotonic()


def investigate(  # noqa: PLR0913 - each is one option
    user: Annotated[str, typer.Argument(help="The user who cannot log in")],
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    duration: options.For = 300.0,
    client_ip: options.ClientIp = None,
    group: options.Group = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,  # noqa: ARG001 - its callback acts
    no_color: options.NoColor = False,  # noqa: ARG001 - likewise
) -> None:
    """Arm the headends' debug, wait for USER's attempt, say why it failed, leave nothing on."""
    from headend.config import Settings  # noqa: PLC0415 - netmiko is slow to import
    from headend.device import fleet  # noqa: PLC0415
    from headend.errors import InputError  # noqa: PLC0415
    from headend.incident.store import IncidentStore  # noqa: PLC0415
    from headend.workflow.investigation import Investigation  # noqa: PLC0415
    from headend.workflow.selection import Selection  # noqa: PLC0415

    if not user.strip():
        raise InputError("The user name is empty", remedy="headend investigate jdoe")
    settings = Settings.resolve(inventory, incidents)
    chosen = fleet.select(fleet.load(settings.inventory), filters or (), hosts or ())
    _warn_of_abandoned(settings.incidents)
    incident = IncidentStore(settings.incidents).open(
        "investigate", user, list(chosen.inventory.hosts)
    )
    investigation = Investigation(
        chosen,
        incident,
        Selection(user, client_ip, group),
        duration=duration,
        started=_STARTED,
    )
    with stopped_by_signals(investigation):
        conclusion = show(investigation, user, duration, as_json=as_json)
    raise typer.Exit(conclusion.status)


def show(investigation: Investigation, user: str, duration: float, *, as_json: bool) -> Conclusion:
    """Run an investigation and print its news and its conclusion."""
    if as_json:
        from headend.cli import stream  # noqa: PLC0415 - one of the two is needed

        return stream.run(investigation)
    from headend.cli import live  # noqa: PLC0415 - likewise

    return live.run(investigation, options.console(), user, duration)


@contextmanager
def stopped_by_signals(investigation: Investigation) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the capture; debug goes off before the process does."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        investigation.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _warn_of_abandoned(incidents: object) -> None:
    from pathlib import Path  # noqa: PLC0415

    from headend.workflow.sweep import abandoned  # noqa: PLC0415

    for lease in abandoned(Path(str(incidents))):
        typer.echo(
            f"headend: an earlier capture on {lease.headend} (incident {lease.incident}) did not "
            "end well; look after it: headend sweep",
            err=True,
        )
