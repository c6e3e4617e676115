"""All incidents below one directory."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from headend.errors import InputError
from headend.incident.audit import origin
from headend.incident.incident import Incident
from headend.incident.lease import process_started
from headend.incident.private import DIRECTORY_MODE, make_directory
from headend.incident.record import SCHEMA, stamp, write_record
from headend.incident.summary import IncidentSummary

_ID = re.compile(r"\d{8}T\d{6}Z-[a-z2-9]{4}")
# Without the letters and digits that are mistaken for each other on the telephone.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_TRIES = 20

# Inside the class the word names its method.
Summaries: TypeAlias = list[IncidentSummary]
Folders: TypeAlias = list[Path]


class IncidentStore:
    """Opens, lists and finds incidents; their folders are the truth, the index is a copy."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.index = root / "index.sqlite"

    def open(
        self,
        verb: str,
        user: str | None,
        headends: Sequence[str],
        *,
        note: str = "",
        asked: Mapping[str, str | None] | None = None,
    ) -> Incident:
        """Make the folder of a new incident; nothing received gets into its name.

        ``asked`` is what else narrows down whose attempt is meant (``client_ip``, ``group``).
        """
        now = time.time()
        try:
            folder = self._new_folder(now)
        except OSError as error:
            raise InputError(
                f"No incident can be kept below {self.root}: {error.strerror}",
                remedy="Name another directory with --incidents or HEADEND_INCIDENTS",
            ) from error
        record: dict[str, Any] = {
            "schema": SCHEMA,
            "id": folder.name,
            "verb": verb,
            "user": user,
            "note": note,
            "asked": dict(asked or {}),
            "headends": {name: {} for name in headends},
            "milestones": {"opened": stamp(now)},
            "timing": {},
            "verdict": None,
            "audit": origin(folder.name)._asdict(),
            # Who watches knows by it whether the capture still runs.
            "process": {"pid": os.getpid(), "started": process_started(os.getpid())},
            "ending": None,
        }
        write_record(folder, record)
        return Incident(folder)

    def list(self) -> Summaries:
        """Return all incidents, the newest first."""
        from headend.incident.index import summaries  # noqa: PLC0415 - sqlite3 only where listed

        folders = self._folders()
        return summaries(self.index, folders) if folders else []

    def all(self) -> Iterator[Incident]:
        """Yield all incidents, the newest first."""
        for folder in self._folders():
            yield Incident(folder)

    def get(self, name: str) -> Incident:
        """Return the incident whose id is or begins with ``name``, or the ``last`` one."""
        folders = self._folders()
        if name == "last":
            found = folders[:1]
        else:
            found = [folder for folder in folders if name and folder.name.startswith(name)]
        if len(found) == 1:
            return Incident(found[0])
        if not found:
            raise InputError(
                f"There is no incident {name!r} below {self.root}",
                remedy="`headend incident list` shows those there are",
            )
        names = ", ".join(folder.name for folder in found[:5])
        raise InputError(
            f"{len(found)} incidents begin with {name!r}: {names}", remedy="Give more of the id"
        )

    def rebuild(self) -> None:
        """Make the index anew from the folders."""
        from headend.incident.index import discard  # noqa: PLC0415 - see list

        discard(self.index)
        self.list()

    def _folders(self) -> Folders:
        """Return the incident folders, the newest first; none where nothing was kept yet.

        Raises ``InputError`` where it cannot be known: a lease may be open in there.
        """
        try:
            # The entries know what they are: no further look at ten thousand folders.
            with os.scandir(self.root) as entries:
                names = [
                    each.name for each in entries if _ID.fullmatch(each.name) and each.is_dir()
                ]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise InputError(
                f"The incidents below {self.root} cannot be read: {error.strerror or error}",
                remedy="Name another directory with --incidents or HEADEND_INCIDENTS",
            ) from error
        return [self.root / name for name in sorted(names, reverse=True)]

    def _new_folder(self, now: float) -> Path:
        make_directory(self.root)
        moment = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
        for _ in range(_TRIES):
            letters = "".join(secrets.choice(_LETTERS) for _ in range(4))
            folder = self.root / f"{moment}-{letters}"
            try:
                folder.mkdir(mode=DIRECTORY_MODE)
            except FileExistsError:
                continue
            folder.chmod(DIRECTORY_MODE)
            return folder
        raise InputError(f"{self.root} has no free incident id for {moment}")
