"""What the verbs of ``headend change`` share: which change, and who acts."""

from __future__ import annotations

import getpass
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headend.config import Settings

if TYPE_CHECKING:
    from types import FrameType

    from headend.incident.changes import ChangeFolder
    from headend.model.change import Plan

Change = Annotated[
    str, typer.Argument(metavar="CHANGE", help="An id, the start of one, 'last', or a folder")
]


def change_named(name: str, incidents: Path | None) -> tuple[ChangeFolder, Plan]:
    """Return a change by its id, the start of one, ``last`` or a copy's folder, with its plan."""
    from headend.incident import IncidentStore
    from headend.incident.changes import ChangeFolder, ChangeStore
    from headend.workflow.changing import plan_of

    store = ChangeStore(IncidentStore(Settings.resolve(incidents=incidents).incidents))
    copy = Path(name)
    if (copy / "plan.json").is_file():
        plan = plan_of(ChangeFolder(None, copy))
        return store.adopted(copy.resolve(), plan.id), plan
    change = store.get(name)
    return change, plan_of(change)


@contextmanager
def unbroken() -> Iterator[Callable[[], bool]]:
    """Let Ctrl-C, SIGTERM and a closed terminal end a change between headends, not between lines.

    A headend on which a line was typed is brought to a named end state first. What is yielded tells
    whether somebody asked for the end.
    """
    asked: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked.append(number)
        with suppress(OSError):  # not print: what a handler interrupts may hold its lock
            os.write(2, b"Ending: the headends that were begun are brought to an end state first\n")

    known = signal.Signals.__members__  # not every platform has each of them
    ends = [known[name] for name in ("SIGINT", "SIGTERM", "SIGHUP") if name in known]
    before = {number: signal.signal(number, ask) for number in ends}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def principal(given: str | None) -> str:
    """Return who acts: named, by ``HEADEND_PRINCIPAL``, or by the login of this machine."""
    return given or os.environ.get("HEADEND_PRINCIPAL") or getpass.getuser()
