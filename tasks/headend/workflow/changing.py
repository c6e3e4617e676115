"""From an incident's diagnosis to a plan that is kept below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from headend.change import plan as plans
from headend.change.catalogue import CATALOGUE
from headend.change.plan import document
from headend.change.propose import proposals
from headend.errors import InputError, Refused
from headend.incident.changes import PLANNED, ChangeFolder, ChangeStore
from headend.incident.incident import Incident
from headend.incident.review import reviews
from headend.incident.store import IncidentStore
from headend.incident.stored import read_report
from headend.incident.verdict import attempt_of
from headend.model.change import Plan, Proposal
from headend.model.diagnosis import Diagnosis
from headend.policy.way import TokenName
from headend.workflow.planning import Request, planned_change

if TYPE_CHECKING:  # with it comes netmiko, for which a list of changes need not wait
    from headend.workflow.places import Gathered

__all__ = ["KINDS", "Origin", "document", "new_change", "origin", "parameters", "plan_of"]

KINDS = tuple(CATALOGUE)


@dataclass(frozen=True, slots=True)
class Origin:
    """The incident that a change is for, the attempt that it should have let through."""

    incident: Incident
    attempt: Diagnosis | None

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """What would have let the attempt through, the least exposure first."""
        return proposals(self.attempt) if self.attempt else ()

    def known(self, kind: str) -> Mapping[str, str]:
        """Return the parameters of a change that the diagnosis tells."""
        for proposal in self.proposals:
            if proposal.kind == kind:
                return proposal.parameters
        return {}

    @property
    def headends(self) -> tuple[str, ...]:
        """The headends of the incident on which the attempt was, or all of them."""
        record = self.incident.record
        seen = self.attempt.headend if self.attempt else None
        return (seen,) if seen and seen in record["headends"] else tuple(record["headends"])


def origin(store: IncidentStore, name: str) -> Origin:
    """Return the incident by id (or ``last``) with the attempt that it was opened for."""
    incident = store.get(name)
    report = read_report(incident.path / "diagnosis.json")
    attempt = attempt_of(report, incident.record["user"]) if report else None
    return Origin(incident, attempt)


def new_change(
    store: IncidentStore,
    request: Request,
    gathered: Gathered,
    incident: Incident | None,
    token_name: TokenName,
) -> tuple[ChangeFolder, Plan]:
    """Make a plan and keep it, with its review, below its incident; a new one where none is given.

    Raises the errors of ``planned_change``, and that of a headend that could not be read: a plan
    is made for all its headends or for none.
    """
    for name, error in gathered.failed.items():
        raise InputError(
            f"{name} could not be read: {error.message}",
            remedy="Plan without it, or mend that first",
        ) from error
    # The same inputs give the same plan: planned first, so that a refusal opens no incident.
    planned_change(request, gathered.places, token_name)
    if incident is None:
        names = [place.headend for place in gathered.places]
        incident = store.open("change", request.parameters.get("user"), names)
    request = replace(request, incident=incident.id)
    plan = planned_change(request, gathered.places, token_name)
    # What was revoked stays void: the same request is another change, with an approval of its own.
    while ChangeStore(store).was_revoked(incident, plan.id):
        request = replace(request, revision=request.revision + 1)
        plan = planned_change(request, gathered.places, token_name)
    change = ChangeStore(store).new(incident, plan.id, plans.written(plan))
    for name, text in reviews(plan).items():
        change.write(name, text)
    change.audit(PLANNED, plan=plan.digest, kind=plan.kind, author=plan.author)
    incident.mark("change_rendered")
    return change, plan


def plan_of(change: ChangeFolder) -> Plan:
    """Return the plan of a change; raises ``Refused`` where its file was edited or replaced."""
    plan = plans.read(change.plan, str(change.path / "plan.json"))
    if change.incident is not None and plan.id != change.id:
        raise Refused(
            f"{change.path / 'plan.json'} is plan {plan.id}, and change {change.id} was another",
            remedy="Somebody put another plan in its place: headend incident verify",
        )
    return plan


def parameters(pairs: Sequence[str], known: Mapping[str, str]) -> dict[str, str]:
    """Return ``name=value`` pairs as parameters, before them what is known already."""
    given = dict(known)
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise InputError(
                f"{pair[:80]!r} is not NAME=VALUE", remedy="--set issuer=issuing-ca-01"
            )
        given[name] = value
    return given
