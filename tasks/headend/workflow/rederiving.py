"""Whether a plan is what its kind and parameters give on the headend as it is now.

A digest tells that nobody edited the plan since, not that this program made it: what is typed, what
its review says, and which role its approval needs, is only believed where it comes out again.
"""

from __future__ import annotations

from collections.abc import Mapping

from headend.change.catalogue import kind_named
from headend.change.parameters import checked
from headend.errors import Refused
from headend.model.change import Plan, Radius, Target, Touched
from headend.policy import exposure
from headend.policy.way import TokenName
from headend.workflow.planning import Derived, Place, derived

_REMEDY = "Plan and approve it anew: headend change new"


def require_unforged(plan: Plan, target: Target, now: Place, token_name: TokenName) -> None:
    """Raise ``Refused`` where a plan says of a headend what does not come out again there.

    Sessions come and go, so who is connected may differ from the plan; that somebody connected
    would meet what the review told of nobody may not.
    """
    kind = kind_named(plan.kind)
    given = checked(kind.parameters, plan.parameters, kind.name)
    again = derived(kind, given, now, plan.expires, token_name)
    _refuse(
        f"The plan for {target.headend} is not what its kind and parameters give",
        {
            "lines": again.target.lines != target.lines,
            "way back": again.target.inverse != target.inverse,
            "pre-checks": again.target.before != target.before,
            "post-checks": again.target.after != target.after,
            "state": again.target.state.keys() != target.state.keys(),
            "factors": _loses(plan, again) and not plan.removes_factor,
        },
    )
    _refuse(
        f"The review for {target.headend} does not say what the change does there",
        {
            "title": again.target.title != target.title,
            "risks": again.target.risks != target.risks,
            "what would do instead": again.target.instead != target.instead,
            "diff": _changed(again.target) != _changed(target),
            "whom it reaches": _differs(target.radius, again.target.radius),
        },
    )
    surprised = _surprised(target.radius, again.target.radius)
    if surprised:
        raise Refused(
            f"{target.headend}: the review told of nobody who would meet what "
            f"{surprised[0].who} would: {surprised[0].point} is {surprised[0].before} and would be "
            f"{surprised[0].after}",
            remedy=_REMEDY,
        )


def _refuse(what: str, wrong: Mapping[str, bool]) -> None:
    said = ", ".join(part for part, differs in wrong.items() if differs)
    if said:
        raise Refused(f"{what}: {said}", remedy=_REMEDY)


def _loses(plan: Plan, again: Derived) -> bool:
    return kind_named(plan.kind).removes_factor or again.loses_factor


def _changed(target: Target) -> list[str]:
    """Return the lines that a diff takes away and adds; those around them may have moved."""
    return sorted(line for line in target.diff if line[:1] in {"+", "-"})


def _differs(told: Radius, now: Radius) -> bool:
    """Tell whether two radii differ in what does not depend on who is connected just now."""
    return (
        told.meant != now.meant
        or _lasting(told) != _lasting(now)
        or told.sessions < exposure.fewest_sessions(told.others)
    )


def _lasting(radius: Radius) -> list[Touched]:
    return [one for one in radius.others if not exposure.of_person(one)]


def _surprised(told: Radius, now: Radius) -> list[Touched]:
    """Return what somebody connected would meet that the review told of nobody."""
    known = {(one.point, one.before, one.after) for one in told.others}
    return [one for one in now.others if (one.point, one.before, one.after) not in known]
