"""The record of a session that has debug armed, kept until its end is proved."""

from __future__ import annotations

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from headend.errors import InputError
from headend.incident.naming import folder_name
from headend.incident.private import json_bytes, make_directory, write_atomic

_FOLDER = ".leases"
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
# In /proc/<pid>/stat, counted after the name: the state, and the start in ticks since boot.
_STATE, _START = 0, 19


@dataclass(frozen=True, slots=True)
class Lease:
    """One armed session: whose, on which headend, and by which process of which machine."""

    id: str
    incident: str
    headend: str
    host: str
    port: int
    username: str
    sid: int | None
    client_ip: str | None
    pid: int
    process_started: str
    armed: tuple[str, ...]
    created: float
    context: str | None = None  # where the debug is on, in multiple context mode


def write_lease(root: Path, lease: Lease) -> Path:
    """Record a lease, or replace its record, before the first debug command is sent."""
    folder = make_directory(root / _FOLDER)
    return write_atomic(folder / _file_name(lease.id), json_bytes(asdict(lease), indent=2))


def remove_lease(root: Path, lease: Lease) -> None:
    """Forget a lease: the debug was proved off, or the session proved gone."""
    (root / _FOLDER / _file_name(lease.id)).unlink(missing_ok=True)


def read_leases(root: Path) -> list[Lease]:
    """Return all leases that can be read, the oldest first."""
    leases = [lease for path in _files(root) if (lease := _read(path))]
    return sorted(leases, key=lambda lease: (lease.created, lease.id))


def damaged_leases(root: Path) -> list[Path]:
    """Return the files that should be leases and cannot be read: debug may be left behind."""
    return [path for path in _files(root) if _read(path) is None]


def leased(root: Path, incident: str) -> bool:
    """Return whether a session of an incident was not proved to have ended."""
    # A lease that cannot be read still tells its incident by its file's name.
    damaged = any(path.name.startswith(incident) for path in damaged_leases(root))
    return damaged or any(lease.incident == incident for lease in read_leases(root))


def process_started(pid: int) -> str:
    """Return what tells a process from a later one with its number; empty where it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
        # The name in parentheses may hold anything, parentheses too.
        values = stat.rpartition(")")[2].split()
        if values[_STATE] in {"Z", "X"}:
            return ""
        boot = _BOOT_ID.read_text(encoding="ascii").strip()
        return f"{platform.node()}/{boot}/{values[_START]}"
    except (OSError, IndexError):
        return _started_by_ps(pid)


def owner_alive(lease: Lease) -> bool:
    """Tell whether the process that armed the session still runs.

    A process of another machine cannot be seen from here and counts as alive: ending a
    colleague's running capture does more harm than asking them.
    """
    return still_runs(lease.pid, lease.process_started)


def still_runs(pid: int, started: str) -> bool:
    """Tell whether the process that ``process_started`` described still runs; see above."""
    machine, _, start = started.partition("/")
    if start and machine != platform.node():
        return True
    now = process_started(pid)
    if now and start:
        return now == started
    return _exists(pid)


def _started_by_ps(pid: int) -> str:
    try:
        answer = subprocess.run(  # noqa: S603 - a number is all that varies
            ["ps", "-o", "lstart=", "-p", str(pid)],  # noqa: S607 - the system's own, by PATH
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    start = " ".join(answer.stdout.split())
    return f"{platform.node()}/ps/{start}" if start else ""


def _exists(pid: int) -> bool:
    if pid <= 0 or Path(f"/proc/{os.getpid()}/stat").exists():
        return pid > 0 and bool(process_started(pid))
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except OSError:
        return False
    return True


def _files(root: Path) -> list[Path]:
    return sorted((root / _FOLDER).glob("[!.]*.json"))


def _file_name(name: str) -> str:
    return f"{folder_name(name)}.json"


def _read(path: Path) -> Lease | None:
    try:
        # The records of earlier versions name no context.
        document = {"context": None, **json.loads(path.read_bytes())}
        values = {each.name: document[each.name] for each in fields(Lease)}
        lease = Lease(**{**values, "armed": tuple(values["armed"])})
        _check(lease)
    except FileNotFoundError:
        return None  # its owner removed it meanwhile
    except (OSError, ValueError, TypeError, KeyError, InputError):
        return None
    return lease


def _check(lease: Lease) -> None:
    numbers = (lease.port, lease.pid, lease.created)
    texts = (lease.id, lease.headend, lease.host, lease.process_started)
    if not all(isinstance(each, int | float) for each in numbers) or not all(
        isinstance(each, str) for each in texts
    ):
        raise InputError(f"lease {lease.id!r} has a value of the wrong kind")
