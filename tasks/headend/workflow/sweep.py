"""Find what a run of ours left behind: its leases say where, the headend says whether."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from headend.device import checks, contexts, debugs
from headend.device.access import Access
from headend.device.commands import CommandClass
from headend.device.connection import open_session
from headend.device.session import READ_ONLY, AsaSession
from headend.errors import HeadendError, InputError
from headend.incident.lease import Lease, owner_alive, read_leases, remove_lease
from headend.incident.store import IncidentStore

_AT_ONCE = 50
# Debug in another session of ours, or of anybody else, cannot be seen from this one.
_ENDED = frozenset({"gone", "ended"})
KILLED = "killed"


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one lease: ``running``, ``gone``, ``ended``, ``listed`` or ``unseen``."""

    lease: Lease
    state: str
    detail: str


def abandoned(incidents: Path) -> list[Lease]:
    """Return the leases whose process is no more."""
    return [lease for lease in read_leases(incidents) if not owner_alive(lease)]


def sweep(
    incidents: Path,
    access: Mapping[str, Access],
    leases: Sequence[Lease] | None = None,
    *,
    end: bool = False,
) -> list[Finding]:
    """Look after ``leases`` (all there are); with ``end`` their sessions are ended by their SID.

    A session number may have gone to somebody else since: without ``end`` a session that is still
    listed is only reported (``listed``). ``unseen`` is what the headend did not tell. What was
    proved is written into the incident, and its lease given back.
    """
    every = read_leases(incidents) if leases is None else leases
    if not every:
        return []
    by_headend: dict[tuple[str, str, int], list[Lease]] = {}
    for lease in every:
        by_headend.setdefault((lease.headend, lease.host, lease.port), []).append(lease)
    look = partial(_findings, access=access, end=end)
    # Headends that do not answer are waited for together; on one, sessions of ours must not be
    # taken for each other.
    with ThreadPoolExecutor(min(len(by_headend), _AT_ONCE)) as pool:
        findings = [found for part in pool.map(look, by_headend.values()) for found in part]
    for found in findings:
        if found.state in _ENDED:
            _record(incidents, found)
            remove_lease(incidents, found.lease)
    return findings


def _findings(leases: Sequence[Lease], access: Mapping[str, Access], *, end: bool) -> list[Finding]:
    # What has no number is known by elimination, when the others are gone.
    ordered = sorted(leases, key=lambda lease: lease.sid is None)
    return [_finding(lease, access, end=end) for lease in ordered]


def _finding(lease: Lease, access: Mapping[str, Access], *, end: bool) -> Finding:
    if owner_alive(lease):
        return Finding(lease, "running", f"its process {lease.pid} still runs")
    allowed = READ_ONLY | ({CommandClass.ACTION} if end else frozenset())
    try:
        session = open_session(
            lease.host, lease.port, access.get(lease.headend, Access()), allowed=allowed
        )
        try:
            return _judge(session, lease, end=end)
        finally:
            session.disconnect()
    except HeadendError as error:
        return Finding(lease, "unseen", str(error))


def _judge(session: AsaSession, lease: Lease, *, end: bool) -> Finding:
    if any(debug.startswith("debug webvpn condition") for debug in lease.armed):
        with contexts.inside(session, lease.context or session.prompt.context):
            debugs.reset(session)  # it outlives the session that set it
    ours = _sessions(session, lease)
    # One of them is this very session.
    if len(ours) <= 1 or (lease.sid is not None and lease.sid not in ours):
        number = "ours" if lease.sid is None else str(lease.sid)
        return Finding(
            lease, "gone", f"session {number} is not listed any more, and its debug with it"
        )
    if lease.sid is None:
        return Finding(
            lease, "unseen", f"{len(ours)} sessions of {lease.username!r}: which is ours is unknown"
        )
    if not end:
        return Finding(
            lease, "listed", f"session {lease.sid} of {lease.username!r} is still listed"
        )
    session.ask(f"ssh disconnect {lease.sid}")
    if lease.sid in _sessions(session, lease):
        return Finding(lease, "listed", f"session {lease.sid} is still listed after the disconnect")
    return Finding(
        lease, "ended", f"session {lease.sid} was ended by us and is not listed any more"
    )


def _sessions(session: AsaSession, lease: Lease) -> Collection[int]:
    return checks.sessions_of(session.ask("show ssh sessions"), lease.username)


def _record(incidents: Path, found: Finding) -> None:
    """Write the proof into the incident of the lease, if that still exists."""
    lease = found.lease
    with suppress(InputError):
        incident = IncidentStore(incidents).get(lease.incident)
        with incident.together() as record:
            incident.set_headend(lease.headend, state="disarmed", proof=found.detail)
            incident.audit("swept", headend=lease.headend, state=found.state, proof=found.detail)
            if record.get("ending") is None:
                record["ending"] = KILLED
