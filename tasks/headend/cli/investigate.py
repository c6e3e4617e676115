"""``headend investigate``: the main job, from the command line."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import InputError

if TYPE_CHECKING:
    from headend.workflow.investigation import Conclusion, Investigation

_STARTED = time.monotonic()
# Windows has no terminal that hangs up.
_SIGNALS = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))


def investigate(
    user: Annotated[str, typer.Argument(help="The user who cannot log in")],
    inventory: options.Inventory = None,
    incidents: options.Incidents = None,
    filters: options.Filters = None,
    hosts: options.Hosts = None,
    duration: options.For = 300.0,
    max_cpu: options.MaxCpu = 60.0,
    client_ip: options.ClientIp = None,
    group: options.Group = None,
    debugs: options.Debugs = None,
    *,
    as_json: options.Json = False,
    verbose: options.Verbose = False,
    no_color: options.NoColor = False,
) -> None:
    """Arm the headends' debug, wait for USER's attempt, say why it failed, leave nothing on."""
    if not user.strip():
        raise InputError("The user name is empty", remedy="headend investigate jdoe")
    settings = Settings.resolve(inventory, incidents)
    _warn_of_abandoned(settings.incidents)
    investigation = prepare(
        user,
        settings,
        filters=filters or (),
        hosts=hosts or (),
        client_ip=client_ip,
        group=group,
        duration=duration,
        max_cpu=max_cpu,
        debugs=debugs or (),
        started=_STARTED,
    )
    with stopped_by_signals(investigation):
        conclusion = show(investigation, user, duration, as_json=as_json)
    raise typer.Exit(conclusion.status)


def prepare(
    user: str,
    settings: Settings,
    *,
    duration: float,
    started: float,
    max_cpu: float = 60.0,
    filters: Sequence[str] = (),
    hosts: Sequence[str] = (),
    client_ip: str | None = None,
    group: str | None = None,
    debugs: Sequence[str] = (),
) -> Investigation:
    """Select the headends and open the incident; nothing has been connected to yet."""
    from headend.device import fleet
    from headend.device.debug_set import asked_for
    from headend.device.situation import Limits
    from headend.incident.store import IncidentStore
    from headend.workflow.investigation import Investigation
    from headend.workflow.selection import Selection
    from headend.workflow.site_words import site_words

    commands = asked_for(debugs)
    words = site_words(settings.inventory)
    chosen = fleet.select(fleet.load(settings.inventory), filters, hosts)
    store = IncidentStore(settings.incidents)
    incident = store.open("investigate", user, list(chosen.inventory.hosts))
    selection = Selection(user, client_ip, group)
    return Investigation(
        chosen,
        incident,
        selection,
        limits=Limits(duration, max_cpu),
        started=started,
        debugs=commands,
        words=words,
    )


def show(
    investigation: Investigation,
    user: str,
    duration: float,
    *,
    as_json: bool,
    on_news: Callable[[object], None] = lambda _news: None,
) -> Conclusion:
    """Run an investigation and print its news and its conclusion."""
    if as_json:
        from headend.cli import stream

        return stream.run(investigation)
    from headend.cli import live

    return live.run(investigation, options.console(), user, duration, on_news)


@contextmanager
def stopped_by_signals(investigation: Investigation) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a closed terminal end the capture, debug off before the process."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        investigation.stop()

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _warn_of_abandoned(incidents: Path) -> None:
    from headend.workflow.sweep import abandoned

    for lease in abandoned(incidents):
        typer.echo(
            f"headend: an earlier capture on {lease.headend} (incident {lease.incident}) did not "
            "end well; look after it: headend sweep",
            err=True,
        )
