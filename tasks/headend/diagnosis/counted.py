"""What the rise of some servers' counters says of one attempt, and of the servers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from headend.diagnosis.advice import ADVICE
from headend.model.diagnosis import Cause, Finding, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from headend.diagnosis.counters import Difference
    from headend.model.diagnosis import Diagnosis, Evidence

_ACCEPTS, _REJECTS, _CHALLENGES = "accepts", "rejects", "challenges"
_BAD, _TIMEOUTS = "bad authenticators", "timeouts"
_TOLD = (_ACCEPTS, _REJECTS, _CHALLENGES, _BAD, _TIMEOUTS, "retransmissions")
_SINGULAR = {"retransmissions": "retransmission"} | {
    name: name.removesuffix("s") for name in (_ACCEPTS, _REJECTS, _CHALLENGES, _BAD, _TIMEOUTS)
}
_ENDS = {_ACCEPTS: Outcome.ACCEPTED, _REJECTS: Outcome.REJECTED}

_NO_VERDICT = frozenset({Outcome.TIMEOUT, Outcome.ERROR, Outcome.INCOMPLETE})
# A secret is the server's, whoever logs in; a time-out may be another login's.
_SECRET, _SILENCE = 0.92, 0.6


class Count(NamedTuple):
    """An outcome, or none; whether several logins were counted; the same as a sentence."""

    outcome: Outcome | None = None
    several: bool = False
    said: str = ""


def counted(differences: Sequence[Difference]) -> Count:
    """Return what the servers' counters testify to, together: one of a group may stand in."""
    usable = [one for one in differences if not one.cleared]
    if not usable:
        cleared = "The counters were cleared meanwhile: they tell nothing." if differences else ""
        return Count(said=cleared)
    rises = _sum(usable)
    dead = all(one.out_of_service for one in usable)
    where = usable[0].where if len(usable) == 1 else f"the servers of {_groups(usable)}"
    told = listed([_number(rises[name], name) for name in _TOLD if rises[name]])
    said = (
        f"Around this login, {where} counted {told}"
        if told
        else f"The counters of {where} did not move"
    )
    if dead:
        said += ", and ended out of service" if told else ": the headend holds it out of service"
    ends = [name for name in _ENDS if rises[name]]
    logins = rises[_ACCEPTS] + rises[_REJECTS]
    if len(ends) > 1:
        return Count(said=f"{said}: other logins are among them, so they decide nothing.")
    if ends:
        outcome, several = _ENDS[ends[0]], logins > 1 or rises[_BAD] + rises[_TIMEOUTS] > 0
    elif rises[_CHALLENGES]:
        outcome, several = Outcome.CHALLENGED, rises[_CHALLENGES] > 1
    elif rises[_BAD]:
        outcome, several = Outcome.ERROR, False
    elif rises[_TIMEOUTS] or dead:
        outcome, several = Outcome.TIMEOUT, False
    else:
        return Count(said=f"{said}.")
    if several:
        said += ": other logins may be among them, so they prove little"
    return Count(outcome, several, f"{said}.")


def with_servers(diagnosis: Diagnosis, differences: Iterable[Difference]) -> tuple[Finding, ...]:
    """Return the findings, with what the counters say of servers that gave no verdict."""
    usable = [one for one in differences if not one.cleared]
    rises = _sum(usable)
    if diagnosis.outcome not in _NO_VERDICT or rises[_ACCEPTS] or rises[_REJECTS]:
        return diagnosis.causes
    excluded = {one.cause for one in diagnosis.ruled_out}
    if rises[_BAD] and Cause.SERVER_SECRET_MISMATCH not in excluded:
        cause, sure, name = Cause.SERVER_SECRET_MISMATCH, _SECRET, _BAD
        said = "could not be verified: the shared secret differs"
        said = f"{_number(rises[_BAD], 'answers')} of {{where}} {said}."
    elif rises[_TIMEOUTS] and Cause.SERVER_UNREACHABLE not in excluded:
        cause, sure, name = Cause.SERVER_UNREACHABLE, _SILENCE, _TIMEOUTS
        said = f"The headend counted {_number(rises[_TIMEOUTS], _TIMEOUTS)} of {{where}}."
    else:
        return diagnosis.causes
    telling = [one for one in usable if one.rises.get(name)]
    lines = tuple(
        line
        for one in telling
        for line in (*one.evidence(name), *(one.evidence("status") if one.out_of_service else ()))
    )
    finding = Finding(
        cause, sure, said.format(where=telling[0].where), ADVICE.get(cause, ()), lines
    )
    return _merged(finding, diagnosis.causes)


def _merged(finding: Finding, causes: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return ``causes`` with one more, or its evidence where it is named already."""
    merged: list[Finding] = []
    for one in causes:
        if one.cause is finding.cause:
            best = one if one.confidence >= finding.confidence else finding
            finding = replace(best, evidence=_once(*one.evidence, *finding.evidence))
        elif one.cause is Cause.SERVER_UNREACHABLE:
            # It does answer, only with another secret.
            merged.append(replace(one, confidence=one.confidence / 2))
        elif one.cause is not Cause.UNKNOWN:
            merged.append(one)
    return (finding, *merged)


def _once(*lines: Evidence) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(lines))


def _sum(differences: Iterable[Difference]) -> Counter[str]:
    rises: Counter[str] = Counter()
    for one in differences:
        rises.update(one.rises)
    return rises


def _groups(differences: Iterable[Difference]) -> str:
    names = dict.fromkeys(one.where.partition("group ")[2] for one in differences)
    return f"group {', '.join(names)}"


def listed(words: Sequence[str]) -> str:
    """Return words as a sentence lists them (``a, b and c``)."""
    return " and ".join(filter(None, (", ".join(words[:-1]), *words[-1:])))


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun if count != 1 else _SINGULAR.get(noun, noun.removesuffix('s'))}"
