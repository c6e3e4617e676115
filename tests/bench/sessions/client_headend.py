"""Ours: the ``capture`` task on every host of a Nornir inventory, each recorded to its file.

It does more than the others: it reads the headend's state first (some twenty show commands), it
listens and records while it holds, and it reads back that debug is off.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nornir.core import Nornir
from nornir.core.task import AggregatedResult

from bench.sessions.client import DEBUG, Access, Watch
from headend.device import fleet, tasks
from headend.device.credentials import VAULT
from headend.device.debug_set import Wanted
from headend.device.listen import Ending, Stop
from headend.device.progress import Listening, Observer, Step
from headend.device.situation import Limits
from headend.device.tape import Tape
from headend.incident.capture import CaptureLog
from headend.redact import Placeholders, Redactor

_LOADED: dict[Path, Nornir] = {}
# Removed when the process ends: clearing up is no part of a run.
_FOLDER = tempfile.TemporaryDirectory()
_DURATION = 600.0
_PATIENCE = 120.0


def prepare(access: Access) -> None:
    _LOADED[access.inventory] = fleet.select(fleet.load(access.inventory))


def run(access: Access, watch: Watch) -> None:
    nornir = _LOADED[access.inventory]
    waiting = set(nornir.inventory.hosts)
    armed = threading.Event()

    def saw(headend: str, step: Step) -> None:
        if isinstance(step, Listening):
            waiting.discard(headend)
            if not waiting:
                armed.set()

    folder = Path(tempfile.mkdtemp(dir=_FOLDER.name))
    with tapes(folder, waiting, _forget) as tape, captured(nornir, tape, saw) as stop:
        if not armed.wait(_PATIENCE):
            raise RuntimeError(f"never armed: {sorted(waiting)}")
        watch.held()
        stop()


def _forget(_headend: str) -> None:
    pass


@contextmanager
def captured(
    nornir: Nornir, tape: Callable[[str], Tape], observer: Observer
) -> Iterator[Callable[[], None]]:
    """Capture on every host while the block lasts; what it gives asks all of them to end.

    Raises RuntimeError where a host failed.
    """
    stop = Stop()
    results: list[AggregatedResult] = []

    def work() -> None:
        results.append(
            nornir.run(
                task=tasks.capture,
                tape=tape,
                observer=observer,
                stop=stop,
                limits=Limits(_DURATION),
                wanted=Wanted(debugs=(DEBUG,)),
            )
        )

    worker = threading.Thread(target=work)
    worker.start()
    try:
        yield lambda: stop.request(Ending.INTERRUPTED)
    finally:
        stop.request(Ending.INTERRUPTED)
        worker.join()
    failed = [f"{name}: {each[0].result}" for name, each in results[0].items() if each.failed]
    if failed:
        raise RuntimeError("; ".join(failed))


@contextmanager
def tapes(
    folder: Path, names: set[str], wrote: Callable[[str], None]
) -> Iterator[Callable[[str], Tape]]:
    """Record each headend to its own file in ``folder``, redacted."""
    placeholders = Placeholders()
    with ExitStack() as stack:

        def tape(name: str) -> Tape:
            log = stack.enter_context(CaptureLog(folder / name, name))
            redactor = Redactor(VAULT.known(), placeholders=placeholders)
            return Tape(name, redactor, log, lambda: wrote(name))

        made = {name: tape(name) for name in names}
        yield made.__getitem__
