"""The changes of an incident on disk: plan, approvals, and the journal of what was typed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headend.errors import InputError
from headend.incident.incident import Incident
from headend.incident.naming import folder_name
from headend.incident.private import append, json_bytes, make_directory, write_atomic
from headend.incident.store import IncidentStore
from headend.model.change import EndState

# The actions in the record that are looked for in it.
PLANNED, APPLY, REVOKED = "change planned", "apply", "approval revoked"
_REVOKED_FILE = "revoked.json"
_FOLDER = "changes"
# An approval or a signature is a few hundred bytes.
_LARGEST = 1 << 16
_ID = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class ChangeFolder:
    """Everything kept of one change: ``plan.json``, approvals, signatures, journals, states."""

    incident: Incident | None
    path: Path

    @property
    def id(self) -> str:
        """The short name of the plan."""
        return self.path.name

    @property
    def plan(self) -> bytes:
        """The plan's file."""
        return (self.path / "plan.json").read_bytes()

    def write(self, name: str, data: bytes) -> Path:
        """Write a file of this change, whole or not at all."""
        return write_atomic(self.path / name, data)

    def read(self, name: str) -> bytes | None:
        """Return a file of this change, ``None`` where there is none."""
        try:
            return (self.path / name).read_bytes()
        except FileNotFoundError:
            return None

    def keep(self, headend: str, name: str, text: str) -> Path:
        """Write a text that a headend printed, redacted before it comes here."""
        folder = make_directory(self.path / folder_name(headend))
        return write_atomic(folder / name, text.encode("utf-8", "backslashreplace"))

    def kept(self, headend: str, name: str) -> str | None:
        """Return a text that was kept of a headend."""
        try:
            return (self.path / folder_name(headend) / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None

    def audit(self, action: str, **details: Any) -> None:
        """Append what was done to the incident's hash-chained record."""
        if self.incident is not None:  # a copy that came by mail has none here
            self.incident.audit(action, change=self.id, **details)

    def was_planned(self, digest: str) -> bool:
        """Return whether the record says that the plan with this digest was made here."""
        return self._recorded(PLANNED, digest)

    def was_applied(self, digest: str) -> bool:
        """Return whether the record says that the plan with this digest was begun to be typed."""
        return self._recorded(APPLY, digest)

    def revoked(self) -> tuple[str, str] | None:
        """Return who took the approval back, and why; ``None`` where nobody did.

        The record counts beside the file, which somebody may have removed.
        """
        for entry in self._entries(REVOKED):
            return str(entry.get("by")), str(entry.get("why"))
        data = self.read(_REVOKED_FILE)
        if data is None:
            return None
        try:
            told = json.loads(data)
            return str(told["by"]), str(told["why"])
        except (ValueError, TypeError, KeyError):
            return "somebody", f"{_REVOKED_FILE} cannot be read"

    def revoke(self, by: str, why: str, at: str) -> None:
        """Note that the approval was taken back, for this folder's copies and for the record."""
        entry = {"by": by, "why": why, "at": at}
        self.write(_REVOKED_FILE, json_bytes(entry))
        self.audit(REVOKED, **entry)

    def _recorded(self, action: str, digest: str) -> bool:
        return any(details.get("plan") == digest for details in self._entries(action))

    def _entries(self, action: str) -> Iterator[Mapping[str, Any]]:
        """Yield the details of this change's entries of one action in the record."""
        for entry in self.incident.audited() if self.incident is not None else ():
            if entry.get("action") == action and entry["details"].get("change") == self.id:
                yield entry["details"]

    def mark(self, milestone: str) -> None:
        """Note a milestone of the incident."""
        if self.incident is not None:
            self.incident.mark(milestone)

    def note(self, headend: str, entry: Mapping[str, Any]) -> None:
        """Append to the journal of a headend; it is on its way to the disk when this returns."""
        folder = make_directory(self.path / folder_name(headend))
        append(folder / "journal.jsonl", json_bytes(entry))

    def journal(self, headend: str) -> list[dict[str, Any]]:
        """Return the journal of a headend; a last line that was cut off is left out."""
        try:
            data = (self.path / folder_name(headend) / "journal.jsonl").read_bytes()
        except FileNotFoundError:
            return []
        return [_entry(line) for line in data.split(b"\n")[:-1] if line]


def _entry(line: bytes) -> dict[str, Any]:
    """Return an entry of a journal; a damaged one says that what was typed is unknown."""
    try:
        entry = json.loads(line)
    except ValueError:
        entry = None
    known = isinstance(entry, dict) and {"phase", "state"} <= entry.keys()
    if known and (entry["phase"] != "end" or entry["state"] in list(EndState)):
        return dict(entry)
    return {"phase": "damaged", "state": "typing"}


class ChangeStore:
    """The changes below all incidents."""

    def __init__(self, store: IncidentStore) -> None:
        self._store = store

    def new(self, incident: Incident, plan_id: str, plan: bytes) -> ChangeFolder:
        """Keep a plan below its incident; the same plan twice is one change."""
        folder = make_directory(incident.path / _FOLDER / plan_id)
        change = ChangeFolder(incident, folder)
        change.write("plan.json", plan)
        return change

    def was_revoked(self, incident: Incident, plan_id: str) -> bool:
        """Return whether a change of an incident is there, and its approval was taken back."""
        return any(each.id == plan_id and each.revoked() for each in self.of(incident))

    def all(self) -> Iterator[ChangeFolder]:
        """Yield all changes, those of the newest incident first."""
        for incident in self._store.all():
            yield from self.of(incident)

    def of(self, incident: Incident) -> Iterator[ChangeFolder]:
        """Yield the changes of one incident."""
        for path in sorted((incident.path / _FOLDER).glob("*/plan.json")):
            yield ChangeFolder(incident, path.parent)

    def adopted(self, copy: Path, change_id: str) -> ChangeFolder:
        """Return the change that a folder is a copy of, with the copy's approval taken over.

        A plan goes to its approver by git or e-mail, and comes back signed. Where there is no such
        change here, the copy itself is returned: it can be looked at and signed.
        """
        for change in self.all():
            if change.id == change_id:
                for path in copy.glob("approval.*"):
                    if path.is_file() and path.stat().st_size <= _LARGEST and change.path != copy:
                        change.write(path.name, path.read_bytes())
                return change
        return ChangeFolder(None, copy)

    def get(self, name: str) -> ChangeFolder:
        """Return the change whose id is or begins with ``name``, or the ``last`` one made.

        Raises ``InputError`` where none or several are meant.
        """
        everything = list(self.all())
        if name == "last":
            newest = max(everything, key=lambda each: each.path.stat().st_mtime, default=None)
            found = [newest] if newest else []
        else:
            begins = _ID.fullmatch(name) is not None
            found = [each for each in everything if begins and each.id.startswith(name)]
        if len({each.id for each in found}) == 1:
            return found[0]
        what = "several changes begin" if found else "no change begins"
        raise InputError(
            f"{what} with {name!r}", remedy="headend change list shows those there are"
        )
