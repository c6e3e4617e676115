"""Three witnesses of one attempt, debug, syslog and counters: what they say together."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from headend.diagnosis.counted import counted, listed, with_servers
from headend.model.diagnosis import Agreement, Corroboration, Outcome, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from headend.diagnosis.counters import Difference
    from headend.model.diagnosis import Diagnosis

# Neither of them judged the user.
_NO_VERDICT = frozenset({Outcome.TIMEOUT, Outcome.ERROR})
_VERDICT = frozenset({Outcome.ACCEPTED, Outcome.REJECTED})
# Here the server had said yes, and the headend said no: both are right.
_HEADEND_DECIDES = frozenset({Stage.AUTHORIZATION, Stage.GROUP_POLICY, Stage.SESSION})

# Two witnesses that agree how a login ended do not tell why: a guess stays a guess.
_GUESS = 0.6
_DOUBT_REMOVED, _DOUBT_ADDED = 0.2, 0.15
# An unknown line inside the attempt may be the one that says otherwise.
_PER_LINE, _LEAST = 0.98, 0.5


def witnessed(diagnosis: Diagnosis, differences: Sequence[Difference] = ()) -> Diagnosis:
    """Return ``diagnosis`` with its counters heard and its confidence weighed.

    ``differences`` are those of the servers of the attempt, around the attempt. They count the
    logins of all users: where there were several, that they agree is told and weighs nothing.
    """
    count = counted(differences)
    said = {name: Outcome(word) for name, word in diagnosis.witnesses.items() if word is not None}
    if count.outcome is not None:
        said["counters"] = count.outcome
    state = _agreement(said, diagnosis.stage)
    if state is Agreement.AGREE and count.several:
        alone = {name: word for name, word in said.items() if name != "counters"}
        state = _agreement(alone, diagnosis.stage)
    if state is Agreement.UNDECIDED and not (differences or diagnosis.unknown_lines):
        return diagnosis
    known = max(_LEAST, _PER_LINE**diagnosis.unknown_lines)
    causes = [
        replace(one, confidence=round(_weighed(one.confidence, state) * known, 3))
        for one in with_servers(diagnosis, differences)
    ]
    return replace(
        diagnosis,
        causes=tuple(sorted(causes, key=lambda one: -one.confidence)),
        witnesses=diagnosis.witnesses | {"counters": count.outcome and count.outcome.value},
        corroboration=_corroboration(state, said, count.said),
    )


def _weighed(confidence: float, state: Agreement) -> float:
    if state is Agreement.CONTRADICT:
        return confidence * (1 - _DOUBT_ADDED)
    if state is Agreement.AGREE and confidence >= _GUESS:
        return confidence + (1 - confidence) * _DOUBT_REMOVED
    return confidence


def _agreement(said: Mapping[str, Outcome], stage: Stage | None) -> Agreement:
    found = {_agree(one, other, stage) for one, other in combinations(said.values(), 2)}
    if False in found:
        return Agreement.CONTRADICT
    return Agreement.AGREE if True in found else Agreement.UNDECIDED


def _agree(one: Outcome, other: Outcome, stage: Stage | None) -> bool | None:
    """Return whether two words say the same, ``None`` where each may be right in its own way."""
    words = {one, other}
    if Outcome.INCOMPLETE in words:
        return None
    if one is other or words == _NO_VERDICT:
        return True
    if Outcome.CHALLENGED in words or (words == _VERDICT and stage in _HEADEND_DECIDES):
        # A challenge is a step on the way to any end.
        return None
    return False


def _corroboration(
    state: Agreement, said: Mapping[str, Outcome], counters: str
) -> Corroboration | None:
    if state is Agreement.UNDECIDED and not counters:
        return None
    words = ""
    if state is Agreement.AGREE:
        telling = [name for name, word in said.items() if word is not Outcome.INCOMPLETE]
        ends = ", ".join(dict.fromkeys(said[name].value for name in telling))
        words = f"{listed(telling).capitalize()} agree: {ends}."
    elif state is Agreement.CONTRADICT:
        told = ", ".join(
            f"{name} {'say' if name == 'counters' else 'says'} {word.value}"
            for name, word in said.items()
        )
        words = f"The witnesses contradict each other: {told}. Read the lines before you act."
    return Corroboration(state, " ".join(filter(None, (words, counters))))
