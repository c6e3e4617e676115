"""What the verbs of ``headend change`` share: which change, and who acts."""

from __future__ import annotations

import getpass
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headend.config import Settings

if TYPE_CHECKING:
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


def principal(given: str | None) -> str:
    """Return who acts: named, by ``HEADEND_PRINCIPAL``, or by the login of this machine."""
    return given or os.environ.get("HEADEND_PRINCIPAL") or getpass.getuser()
