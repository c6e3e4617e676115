"""``headend investigate``: the main job, from the command line."""

from __future__ import annotations

import errno
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from headend.cli import options
from headend.config import Settings
from headend.errors import HeadendError, InputError

if TYPE_CHECKING:
    from rich.console import Console

    from headend.workflow.investigation import Investigation

_STARTED = time.monotonic()
# What a write says when a pipe or a terminal has nobody at its other end.
_READER_GONE = frozenset({errno.EPIPE, errno.EIO, errno.EBADF})
_ENDS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT")


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
    idle: options.Idle = 60.0,
    max_lines: options.MaxLines = 0,
    *,
    lines: options.Lines = False,
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
        idle=idle,
        max_lines=max_lines,
        started=_STARTED,
    )
    with stopped_by_signals(investigation):
        status = show(investigation, as_json=as_json, lines=lines)
    raise typer.Exit(status)


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
    idle: float = 60.0,
    max_lines: int = 0,
    verb: str = "investigate",
) -> Investigation:
    """Select the headends and open the incident; nothing has been connected to yet."""
    from headend.device import fleet
    from headend.device.debug_set import asked_for
    from headend.device.situation import Limits
    from headend.incident.store import IncidentStore
    from headend.workflow.investigation import Investigation
    from headend.workflow.selection import Selection
    from headend.workflow.site_words import site_words
    from headend.workflow.terms import Terms

    terms = Terms(
        Selection(user, client_ip, group),
        Limits(duration, max_cpu, max_lines),
        started,
        asked_for(debugs),
        idle,
        site_words(settings.inventory),
    )
    chosen = fleet.select(fleet.load(settings.inventory), filters, hosts)
    store = IncidentStore(settings.incidents)
    asked = {"client_ip": client_ip, "group": group}
    incident = store.open(verb, user, list(chosen.inventory.hosts), asked=asked)
    return Investigation(chosen, incident, terms)


def show(
    investigation: Investigation,
    *,
    as_json: bool,
    lines: bool = False,
    console: Console | None = None,
    on_news: Callable[[object], None] = lambda _news: None,
) -> int:
    """Run an investigation, print its news and its conclusion, and return the exit status."""
    try:
        if as_json:
            from headend.cli import stream

            return stream.run(investigation).status
        from headend.cli import live

        return live.run(investigation, console or options.console(), on_news, lines=lines).status
    except OSError as error:
        if error.errno not in _READER_GONE:  # not the screen but the record
            raise HeadendError(
                f"The record cannot be written: {error.strerror or error}",
                remedy="Make room, or name another folder with --incidents",
            ) from error
        if not investigation.concluded:
            raise
        # The reader (head, a closed terminal) went away, and the captures are disarmed.
        silence()
        return investigation.conclusion.status


def silence() -> None:
    """Print nowhere from now on: Python would complain again while it flushes."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


@contextmanager
def stopped_by_signals(investigation: Investigation) -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and a closed terminal end the capture; debug goes off before we do.

    Ctrl-Z is not obeyed: a stopped process would leave debug on until the headend's time-out.
    """
    asked: queue.SimpleQueue[int] = queue.SimpleQueue()

    def stop(number: int, _frame: FrameType | None) -> None:
        asked.put(number)  # reentrant: what a handler may interrupt holds locks

    def obey() -> None:
        while asked.get():
            investigation.stop()

    thread = threading.Thread(target=obey, name="headend-signals", daemon=True)
    thread.start()
    known = signal.Signals.__members__  # not every platform has each of them
    ends = [known[name] for name in _ENDS if name in known]
    before = {number: signal.signal(number, stop) for number in ends}
    if "SIGTSTP" in known:
        before[known["SIGTSTP"]] = signal.signal(known["SIGTSTP"], signal.SIG_IGN)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        asked.put(0)
        thread.join()


def _warn_of_abandoned(incidents: Path) -> None:
    from headend.workflow.sweep import abandoned

    for lease in abandoned(incidents):
        typer.echo(
            f"headend: an earlier capture on {lease.headend} (incident {lease.incident}) did not "
            "end well; look after it: headend sweep",
            err=True,
        )
