"""Everything that a report tells of one incident, gathered from its folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from headend.incident import audit
from headend.incident.applied_policy import Section, applied_policy
from headend.incident.excerpt import Excerpt, excerpts, lines_of
from headend.incident.owners import owner
from headend.incident.timeline import Timeline, timeline
from headend.model.diagnosis import Diagnosis, Report
from headend.model.document import report_document
from headend.model.user import same_user

SCHEMA = "headend.report/1"
# A report tells so many attempts, and names so many others; the diagnosis holds all.
_TOLD, _OTHERS = 50, 20


@dataclass(frozen=True, slots=True)
class Told:
    """One attempt with its drawing, its evidence in context, and the policy that it met."""

    attempt: Diagnosis
    owner: str
    timeline: Timeline
    excerpts: tuple[Excerpt, ...]
    policy: tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class ChangeTold:
    """A change of the incident: its plan, and what the audit log says became of it.

    ``states`` are the headends by the state in which the change was left there last.
    """

    id: str
    plan: Mapping[str, Any]
    history: tuple[Mapping[str, Any], ...]
    states: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Story:
    """An incident as a report tells it; ``others`` are not of its user."""

    record: Mapping[str, Any]
    timing: Mapping[str, float]
    report: Report
    told: tuple[Told, ...]
    others: tuple[Diagnosis, ...]
    changes: tuple[ChangeTold, ...]
    audit: tuple[Mapping[str, Any], ...]
    audit_problems: tuple[str, ...]


def story(
    folder: Path,
    record: Mapping[str, Any],
    timing: Mapping[str, float],
    report: Report,
    audit_problems: list[str],
) -> Story:
    """Return what is to be told of the incident in ``folder``."""
    user = record.get("user")
    mine = [each for each in report.attempts if not user or same_user(user, each.user)]
    chosen = (mine or list(report.attempts))[:_TOLD]
    proofs = excerpts(folder, record, [each.causes[0].evidence for each in chosen])
    trail = tuple(_audit(folder))
    return Story(
        record=record,
        timing=timing,
        report=report,
        told=tuple(map(partial(_told, folder), chosen, proofs)),
        others=tuple(each for each in report.attempts if each not in chosen)[:_OTHERS],
        changes=tuple(_changes(folder, trail)),
        audit=trail,
        audit_problems=tuple(audit_problems),
    )


def story_document(one: Story) -> dict[str, Any]:
    """Return a story as the public JSON document ``headend.report/1``."""
    return {
        "schema": SCHEMA,
        "incident": {**one.record, "timing": dict(one.timing)},
        "diagnosis": report_document(one.report),
        "attempts": [
            {
                "id": told.attempt.id,
                "owner": told.owner,
                "timeline": asdict(told.timeline),
                "excerpts": [asdict(each) for each in told.excerpts],
                "policy": [asdict(each) for each in told.policy],
            }
            for told in one.told
        ],
        "changes": [{"id": each.id, "plan": dict(each.plan)} for each in one.changes],
        "audit": [dict(each) for each in one.audit],
        "audit_problems": list(one.audit_problems),
    }


def _told(folder: Path, attempt: Diagnosis, proof: tuple[Excerpt, ...]) -> Told:
    return Told(
        attempt,
        owner(attempt.causes[0].cause),
        timeline(attempt),
        proof,
        applied_policy(folder, attempt),
    )


def _audit(folder: Path) -> Iterator[Mapping[str, Any]]:
    for line in lines_of(folder / audit.FILE):
        try:
            entry = json.loads(line)
            told = {
                "at": str(entry["at"]),
                "action": str(entry["action"]),
                "details": dict(entry["details"]),
            }
        except (ValueError, TypeError, KeyError, RecursionError):
            continue  # verify_audit names it
        yield told


def _changes(folder: Path, trail: tuple[Mapping[str, Any], ...]) -> Iterator[ChangeTold]:
    for path in sorted(folder.glob("changes/*/plan.json")):
        try:
            plan = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            continue
        name = path.parent.name
        mine = [each for each in trail if each["details"].get("change") == name]
        # The heading names the change and its plan.
        history = (
            {
                **each,
                "details": {
                    k: v for k, v in each["details"].items() if k not in {"change", "plan"}
                },
            }
            for each in mine
        )
        yield ChangeTold(name, plan, tuple(history), _states(mine))


def _states(history: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    last = {
        str(each["details"].get("headend")): str(each["details"].get("state"))
        for each in history
        if each["action"] == "end state"
    }
    return {
        state: tuple(headend for headend, other in last.items() if other == state)
        for state in dict.fromkeys(last.values())
    }
