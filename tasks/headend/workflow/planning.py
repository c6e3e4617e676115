"""From a request to a plan: the template's lines, held against each headend's configuration."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from headend.change import plan as plans
from headend.change.catalogue import Kind, kind_named
from headend.change.fit import planned
from headend.change.parameters import checked
from headend.change.render import rendered
from headend.errors import InputError, Refused
from headend.model.change import Condition, Plan, Target
from headend.model.policy import Caller, ClientCertificate
from headend.policy import exposure
from headend.policy.conditions import holds, sections
from headend.policy.configuration import Configuration
from headend.policy.derive import facts
from headend.policy.exposure import People
from headend.policy.typed import needed, typed
from headend.policy.way import TokenName


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for: the kind of change, its parameters, why, and until when."""

    kind: str
    parameters: Mapping[str, str]
    author: str
    ticket: str = ""
    incident: str = ""
    expires: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A headend as it is: its configuration, and who uses it."""

    headend: str
    configuration: Configuration
    people: People = field(default_factory=People)


def planned_change(
    request: Request, places: Sequence[Place], token_name: TokenName = lambda _group: False
) -> Plan:
    """Return the plan for a request on these headends; the same inputs give the same plan.

    Raises ``InputError`` for parameters that are wrong or what a configuration lacks, ``Refused``
    where a pre-check fails or everything is true already.
    """
    kind = kind_named(request.kind)
    given = checked(kind.parameters, request.parameters, kind.name)
    if kind.temporary and not request.expires:
        raise InputError(
            f"{kind.name} is an exception and needs an end", remedy="Give it: --expires 2026-12-31"
        )
    if not places:
        raise InputError("A change needs at least one headend", remedy="Name it with -H or -f")
    made = [_target(kind, given, place, request, token_name) for place in places]
    first = made[0][1]
    return plans.sealed(
        Plan(
            kind=kind.name,
            title=" ".join(first["title"]).strip(),
            parameters=given,
            targets=tuple(target for target, _, _ in made),
            risks=tuple(line.strip() for line in first["risks"]),
            instead=tuple(line.strip() for line in first["instead"]),
            ticket=request.ticket,
            incident=request.incident,
            author=request.author,
            expires=request.expires,
            removes_factor=kind.removes_factor or any(loses for _, _, loses in made),
            irreversible=kind.acts,
        )
    )


def _target(
    kind: Kind,
    given: Mapping[str, str],
    place: Place,
    request: Request,
    token_name: TokenName,
) -> tuple[Target, dict[str, tuple[str, ...]], bool]:
    here = place.configuration
    values, parts = _filled(kind, given, here, request.expires)
    before = tuple(map(_condition, parts["before"]))
    for condition in before:
        if not holds(here, condition):
            raise Refused(
                f"{place.headend}: the change needs {condition}, and that does not hold",
                remedy="Look at its configuration: headend policy",
            )
    lines = needed(here, parts["lines"])
    if not lines:
        raise Refused(
            f"{place.headend}: everything that this change would do is true already",
            remedy="If the user still cannot log in, the cause is another one",
        )
    then = typed(here, lines)
    meant = _meant(values)
    radius = exposure.compared(here, then, meant, place.people, token_name)
    loses = exposure.loses_factor(here, then, exposure.everybody(here), token_name)
    target = Target(
        headend=place.headend,
        lines=tuple(map(planned, lines)),
        inverse=tuple(map(planned, parts["inverse"])),
        before=before,
        after=tuple(map(_condition, parts["after"])),
        diff=tuple(_diff(here, then)),
        state=sections(here, dict.fromkeys(line.strip() for line in parts["state"])),
        radius=radius,
    )
    return target, parts, loses


def forged(plan: Plan, target: Target, here: Configuration) -> str:
    """Return what a plan says that its kind and parameters do not give here; empty where nothing.

    A digest tells that nobody edited the plan since, not that this program made it: what its review
    shows, and which role its approval needs, is only believed where it comes out again.
    """
    kind = kind_named(plan.kind)
    given = checked(kind.parameters, plan.parameters, kind.name)
    _, parts = _filled(kind, given, here, plan.expires)
    lines = needed(here, parts["lines"])
    loses = exposure.loses_factor(
        here, typed(here, lines), exposure.everybody(here), lambda _group: False
    )
    wrong = {
        "lines": tuple(map(planned, lines)) != target.lines,
        "way back": tuple(map(planned, parts["inverse"])) != target.inverse,
        "pre-checks": tuple(map(_condition, parts["before"])) != target.before,
        "post-checks": tuple(map(_condition, parts["after"])) != target.after,
        "factors": (kind.removes_factor or loses) and not plan.removes_factor,
    }
    return ", ".join(what for what, differs in wrong.items() if differs)


def _filled(
    kind: Kind, given: Mapping[str, str], here: Configuration, expires: str | None
) -> tuple[dict[str, object], dict[str, tuple[str, ...]]]:
    """Return the values of a template on this headend, and its parts filled with them."""
    values = {**given, **facts(kind.name, here, given), "expires": expires}
    return values, rendered(kind.name, values)


def _condition(text: str) -> Condition:
    word, _, rest = text.strip().partition(" ")
    head, _, child = rest.partition(" / ")
    return Condition(word == "present", head, child)


def _meant(values: Mapping[str, object]) -> tuple[Caller, ...]:
    """Return those for whom the change is made, as far as its parameters name them."""
    group = str(values.get("tunnel_group", "")) or None
    if "subject" not in values:
        return (Caller(group=group),) if group else ()
    name = str(values["subject"])
    certificate = ClientCertificate({"cn": name}, {"cn": str(values["issuer"])})
    return (Caller(name, group, certificate=certificate),)


def _diff(before: Configuration, after: Configuration) -> Iterable[str]:
    was, now = before.text().splitlines(), after.text().splitlines()
    return list(
        difflib.unified_diff(was, now, "running-config", "with this change", lineterm="", n=2)
    )
