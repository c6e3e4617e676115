"""The document that author and approver sign, and what would make it void."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from headend.change.parameters import person
from headend.change.plan import canonical
from headend.change.window import Window
from headend.errors import InputError, Refused
from headend.model.change import Plan

SCHEMA = "headend.approval/1"
# OpenSSH signs for a purpose. A signer may be allowed for the first and not for the second: that
# is the role that a change which takes a factor away needs (ssh-keygen(1), ALLOWED SIGNERS).
NAMESPACE = "headend-change"
FACTOR_NAMESPACE = "headend-mfa-exception"


@dataclass(frozen=True, slots=True)
class Approval:
    """Who lets which plan be applied, where, when and until when; both sign the same text."""

    plan: str
    headends: tuple[str, ...]
    ticket: str
    incident: str
    author: str
    approver: str
    window: str
    expires: str
    namespace: str = NAMESPACE

    def document(self) -> bytes:
        """Return the canonical text that is signed."""
        return canonical({"schema": SCHEMA, **asdict(self)})


def drawn_up(plan: Plan, approver: str, window: str, expires: str) -> Approval:
    """Return the approval of a plan to be signed; the plan's author is its author.

    Raises ``InputError`` for a window, an expiry or an approver that is none, ``Refused`` where the
    approver is the author.
    """
    Window.parse(window)
    _time(expires)
    person(approver)
    made = Approval(
        plan=plan.digest,
        headends=tuple(target.headend for target in plan.targets),
        ticket=plan.ticket,
        incident=plan.incident,
        author=plan.author,
        approver=approver,
        window=window.strip(),
        expires=expires,
        namespace=FACTOR_NAMESPACE if plan.removes_factor else NAMESPACE,
    )
    if _same(made.author, approver):
        raise Refused(
            f"{approver} is the author of this plan and cannot approve it",
            remedy="Another person approves: --approver",
        )
    return made


def read(data: bytes, name: str) -> Approval:
    """Return the approval in a signed document; raises ``InputError`` where it is none."""
    try:
        return _parsed(data)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError(f"{name} is not an approval: {error}") from error


def _parsed(data: bytes) -> Approval:
    given = json.loads(data)
    if given.pop("schema") != SCHEMA:
        raise ValueError(f"its schema is not {SCHEMA}")
    approval = Approval(**{**given, "headends": tuple(given["headends"])})
    if approval.document() != data:
        raise ValueError("it is not written as it is signed")
    return approval


def void(plan: Plan, approval: Approval, now: datetime) -> Iterator[str]:
    """Yield each reason for which the approval does not let the plan be applied at ``now``.

    Whether the signatures are good, and whether the window is open, is asked elsewhere.
    """
    yield from foreign(plan, approval)
    if now >= _time(approval.expires):
        yield f"it expired at {approval.expires}"


def foreign(plan: Plan, approval: Approval) -> Iterator[str]:
    """Yield each reason for which the approval is none of this plan, at whatever time."""
    if approval.plan != plan.digest:
        yield f"it approves plan {approval.plan[:12]}, and this is plan {plan.id}"
    wanted = {target.headend for target in plan.targets}
    if set(approval.headends) != wanted:
        named, meant = ", ".join(approval.headends), ", ".join(sorted(wanted))
        yield f"it is for {named}, and the plan is for {meant}"
    if approval.ticket != plan.ticket:
        yield f"it is for ticket {approval.ticket!r}, and the plan is for {plan.ticket!r}"
    if not _same(approval.author, plan.author):
        yield f"its author is {approval.author}, and the plan's is {plan.author}"
    if _same(approval.author, approval.approver):
        yield f"{approval.approver} approved a plan of their own"
    if plan.removes_factor and approval.namespace != FACTOR_NAMESPACE:
        yield "the change takes a factor away, and it was not approved as such"


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def _time(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise InputError(
            f"{text[:60]!r} is no time with a zone", remedy="Write 2026-11-27T06:00+01:00"
        )
    return moment
