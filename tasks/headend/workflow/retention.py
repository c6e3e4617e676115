"""Which incidents are still open, and which may go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from headend.change import plan as plans
from headend.errors import InputError
from headend.incident import IncidentStore, IncidentSummary
from headend.incident.changes import ChangeFolder, ChangeStore
from headend.incident.handover import next_step
from headend.incident.incident import Incident
from headend.incident.lease import leased, still_runs
from headend.incident.record import unix_time
from headend.incident.summary import summarise
from headend.model.change import EndState, Plan
from headend.workflow import journal

_OF_A_CHANGE = frozenset({"change_rendered", "approved", "applied", "verified"})


@dataclass(frozen=True, slots=True)
class Pending:
    """An open incident, and what is to be done next and by whom."""

    summary: IncidentSummary
    next: str


@dataclass(frozen=True, slots=True)
class Aged:
    """An incident past its age; ``kept`` says why it stays, empty where it may go."""

    incident: Incident
    summary: IncidentSummary
    kept: str


def pending(store: IncidentStore) -> list[Pending]:
    """Return the open incidents, the newest first."""
    changes = ChangeStore(store)
    found = []
    for summary in store.list():
        if not summary.open:
            continue
        state = change_state(changes, Incident(store.root / summary.id), summary)
        found.append(Pending(summary, next_step(summary, state)))
    return found


def aged(store: IncidentStore, before: float, *, include_open: bool) -> Iterator[Aged]:
    """Yield the incidents in which nothing was reached since the Unix time ``before``."""
    changes = ChangeStore(store)
    for incident in store.all():
        summary = summarise(incident.path)
        if _last_moment(incident, summary) < before:
            yield Aged(incident, summary, _kept(store, changes, incident, include_open))


def _kept(
    store: IncidentStore,
    changes: ChangeStore,
    incident: Incident,
    include_open: bool,  # noqa: FBT001 - one call
) -> str:
    summary = summarise(incident.path)
    if incident.path.is_symlink():
        return "its folder is a link to somewhere else"
    if leased(store.root, incident.id):
        return "a session of it was not proved to have ended: headend sweep"
    if not summary.damaged:
        process = incident.record.get("process") or {}
        ended = incident.record.get("ending") or summary.state == "closed"
        if not ended and still_runs(process.get("pid", 0), process.get("started", "")):
            return "its process still runs"
    for change in changes.of(incident):
        if _may_stand(change):
            return f"its change {change.id} stands, or may stand: headend change rollback"
    if summary.open and not include_open:
        return "it is still open: headend incident close, or --include-open"
    return ""


def _plan(change: ChangeFolder) -> Plan:
    return plans.read(change.plan, str(change.path / "plan.json"))


def _may_stand(change: ChangeFolder) -> bool:
    try:
        return journal.stands(change, _plan(change))
    except (InputError, ValueError, KeyError, OSError):
        return True


def change_state(changes: ChangeStore, incident: Incident, summary: IncidentSummary) -> str:
    """Return ``rolled-back`` where the incident's changes were taken back and none stands."""
    if summary.state not in _OF_A_CHANGE:
        return ""
    states = set()
    for change in changes.of(incident):
        try:
            plan = _plan(change)
            states |= {journal.standing(change, each.headend) for each in plan.targets}
        except (InputError, ValueError, KeyError, OSError):
            return ""
    gone = EndState.ROLLED_BACK in states and states <= {EndState.ROLLED_BACK, EndState.PLANNED}
    return EndState.ROLLED_BACK.value if gone else ""


def _last_moment(incident: Incident, summary: IncidentSummary) -> float:
    """Return the Unix time of the last milestone; a damaged record's is that of its folder."""
    if summary.damaged:
        return incident.path.stat().st_mtime
    return max(map(unix_time, summary.milestones.values()))
