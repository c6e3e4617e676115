"""A plan as one canonical document, and the digest that an approval binds to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from typing import Any

from headend.change.catalogue import Kind, kind_named
from headend.change.fit import planned
from headend.errors import CommandRefused, InputError, Refused
from headend.model.change import (
    Condition,
    LineClass,
    Plan,
    PlannedLine,
    Radius,
    Target,
    Touched,
)

SCHEMA = "headend.plan/1"
_LARGEST = 4 << 20


def sealed(plan: Plan) -> Plan:
    """Return the plan with the digest over all of it."""
    return replace(plan, digest=_digest(plan))


def document(plan: Plan) -> dict[str, Any]:
    """Return a plan as plain values; the same plan always gives the same ones."""
    said = {"title": plan.title, "risks": plan.risks, "instead": plan.instead}
    return {"schema": SCHEMA, **said, **asdict(plan)}


def canonical(value: Any) -> bytes:
    """Return plain values as the one text that is hashed and signed: sorted keys, ASCII."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return text.encode("ascii") + b"\n"


def written(plan: Plan) -> bytes:
    """Return a plan as the text of its file."""
    return json.dumps(document(plan), ensure_ascii=True, sort_keys=True, indent=1).encode() + b"\n"


def read(data: bytes, name: str) -> Plan:
    """Return the plan in the text of a file.

    Raises ``InputError`` where it is none, ``Refused`` where it was edited after it was made.
    """
    try:
        plan = _parsed(data)
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        CommandRefused,
    ) as error:
        raise InputError(
            f"{name} is not a plan: {error}", remedy="Make one: headend change new"
        ) from error
    if _digest(plan) != plan.digest:
        raise Refused(
            f"{name} was edited after it was made: its digest does not fit",
            remedy="Make the plan anew; an approval of the old one does not count for it",
        )
    return plan


def _parsed(data: bytes) -> Plan:
    if len(data) > _LARGEST:
        raise ValueError(f"it is larger than {_LARGEST} bytes")
    given = json.loads(data)
    if not isinstance(given, dict) or given.pop("schema", None) != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    said = {part: given.pop(part) for part in ("title", "risks", "instead")}
    plan = Plan(**{**given, "targets": tuple(map(_target, given["targets"]))})
    if said != {"title": plan.title, "risks": [*plan.risks], "instead": [*plan.instead]}:
        raise ValueError("what it says in front is not what it says of its headends")
    names = [target.headend for target in plan.targets]
    if not names or len(names) != len(set(names)):
        raise ValueError("it names no headend, or one twice")
    _fits_its_kind(plan, kind_named(plan.kind))
    return plan


def _fits_its_kind(plan: Plan, kind: Kind) -> None:
    if kind.removes_factor and not plan.removes_factor:
        raise ValueError(f"{plan.kind} takes a factor away, and the plan denies it")
    if kind.acts is not plan.irreversible:
        raise ValueError(f"whether {plan.kind} can be undone is not what the plan says")
    if kind.temporary and not plan.expires:
        raise ValueError(f"{plan.kind} is an exception, and the plan gives it no end")


def _digest(plan: Plan) -> str:
    value = document(plan)
    del value["digest"]
    return hashlib.sha256(canonical(value)).hexdigest()


def _target(given: dict[str, Any]) -> Target:
    radius = given["radius"]
    return Target(
        headend=given["headend"],
        title=given["title"],
        risks=tuple(given["risks"]),
        instead=tuple(given["instead"]),
        lines=tuple(map(_line, given["lines"])),
        inverse=tuple(map(_line, given["inverse"])),
        before=tuple(Condition(**each) for each in given["before"]),
        after=tuple(Condition(**each) for each in given["after"]),
        diff=tuple(given["diff"]),
        state=dict(given["state"]),
        radius=Radius(
            meant=tuple(Touched(**each) for each in radius["meant"]),
            others=tuple(Touched(**each) for each in radius["others"]),
            sessions=radius["sessions"],
            compared=radius["compared"],
        ),
    )


def _line(given: dict[str, Any]) -> PlannedLine:
    line = planned(given["text"])
    if line.line_class is not LineClass(given["line_class"]):
        raise ValueError(f"{line.text!r} is no line of class {given['line_class']}")
    return line
