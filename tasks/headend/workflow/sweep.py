"""Find what a run of ours left behind: its leases say where, the headend says whether."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from headend.device import checks, debugs
from headend.device.access import Access
from headend.device.commands import CommandClass
from headend.device.connection import open_session
from headend.device.session import READ_ONLY, AsaSession
from headend.errors import HeadendError
from headend.incident.lease import Lease, owner_alive, read_leases, remove_lease


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
    incidents: Path, access: dict[str, Access], confirmed: Sequence[str] = ()
) -> list[Finding]:
    """Look after every lease; sessions of the leases in ``confirmed`` (ids) are ended by their SID.

    A session number may have gone to somebody else since: without a confirmation a session that
    is still listed is only reported (``listed``). ``unseen`` is what the headend did not tell.
    """
    findings = []
    for lease in read_leases(incidents):
        if owner_alive(lease):
            findings.append(Finding(lease, "running", f"its process {lease.pid} still runs"))
            continue
        try:
            finding = _look_after(lease, access.get(lease.headend, Access()), lease.id in confirmed)
        except HeadendError as error:
            finding = Finding(lease, "unseen", str(error))
        if finding.state in {"gone", "ended"}:
            remove_lease(incidents, lease)
        findings.append(finding)
    return findings


def _look_after(lease: Lease, access: Access, end_it: bool) -> Finding:  # noqa: FBT001 - one call
    allowed = READ_ONLY | ({CommandClass.ACTION} if end_it else frozenset())
    session = open_session(lease.host, lease.port, access, allowed=allowed)
    try:
        return _judge(session, lease, end_it)
    finally:
        session.disconnect()


def _judge(session: AsaSession, lease: Lease, end_it: bool) -> Finding:  # noqa: FBT001 - one call
    ours = _sessions(session, lease)
    if lease.sid is None:
        if len(ours) <= 1:  # this very session
            return Finding(lease, "gone", "the headend lists no session of this account but ours")
        return Finding(
            lease, "unseen", f"{len(ours)} sessions of {lease.username!r}: which is ours is unknown"
        )
    if any(debug.startswith("debug webvpn condition") for debug in lease.armed):
        debugs.reset(session)  # it outlives the session that set it
    if lease.sid not in ours or ours == {lease.sid: session.local_address}:
        return Finding(lease, "gone", f"session {lease.sid} is not listed any more")
    if not end_it:
        return Finding(
            lease, "listed", f"session {lease.sid} of {lease.username!r} is still listed"
        )
    session.ask(f"ssh disconnect {lease.sid}")
    if lease.sid in _sessions(session, lease):
        return Finding(lease, "listed", f"session {lease.sid} is still listed after the disconnect")
    return Finding(lease, "ended", f"session {lease.sid} was ended by us")


def _sessions(session: AsaSession, lease: Lease) -> dict[int, str]:
    return checks.sessions_of(session.ask("show ssh sessions"), lease.username)
