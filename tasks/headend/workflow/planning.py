"""From a request to a plan: the template's lines, held against each headend's configuration."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from headend.change import plan as plans
from headend.change.catalogue import Kind, kind_named
from headend.change.fit import planned
from headend.change.parameters import checked, person, ticket
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
    revision: int = 1


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
    person(request.author)
    ticket(request.ticket)
    if not places:
        raise InputError("A change needs at least one headend", remedy="Name it with -H or -f")
    made = [_sensible(derived(kind, given, place, request.expires, token_name)) for place in places]
    return plans.sealed(
        Plan(
            kind=kind.name,
            parameters=given,
            targets=tuple(one.target for one in made),
            ticket=request.ticket,
            incident=request.incident,
            author=request.author,
            expires=request.expires,
            removes_factor=kind.removes_factor or any(one.loses_factor for one in made),
            irreversible=kind.acts,
            revision=request.revision,
        )
    )


@dataclass(frozen=True, slots=True)
class Derived:
    """What a kind of change and its parameters give on one headend; ``lacks`` stands against it.

    ``loses_factor`` tells that somebody would prove less there than today.
    """

    target: Target
    loses_factor: bool
    lacks: tuple[Condition, ...]


def derived(
    kind: Kind,
    given: Mapping[str, str],
    place: Place,
    expires: str | None,
    token_name: TokenName,
) -> Derived:
    """Return what a change is on a headend; raises ``InputError`` for what that lacks."""
    here = place.configuration
    values = {**given, **facts(kind.name, here, given), "expires": expires}
    parts = rendered(kind.name, values)
    lines = needed(here, parts["lines"])
    then = typed(here, lines)
    before = tuple(map(_condition, parts["before"]))
    target = Target(
        headend=place.headend,
        title=" ".join(parts["title"]).strip(),
        risks=tuple(line.strip() for line in parts["risks"]),
        instead=tuple(line.strip() for line in parts["instead"]),
        lines=tuple(map(planned, lines)),
        inverse=tuple(map(planned, parts["inverse"])),
        before=before,
        after=tuple(map(_condition, parts["after"])),
        diff=tuple(_diff(here, then)),
        state=sections(here, dict.fromkeys(line.strip() for line in parts["state"])),
        radius=exposure.compared(here, then, _meant(values), place.people, token_name),
    )
    loses = exposure.loses_factor(here, then, exposure.everybody(here), token_name)
    return Derived(target, loses, tuple(one for one in before if not holds(here, one)))


def _sensible(one: Derived) -> Derived:
    """Raise ``Refused`` where a pre-check fails or nothing is left to do."""
    headend = one.target.headend
    if one.lacks:
        raise Refused(
            f"{headend}: the change needs {one.lacks[0]}, and that does not hold",
            remedy="Look at its configuration: headend policy",
        )
    if not one.target.lines:
        raise Refused(
            f"{headend}: everything that this change would do is true already",
            remedy="If the user still cannot log in, the cause is another one",
        )
    return one


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
