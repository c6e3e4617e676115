"""What was decided at each point of a login, and the line that tells it; unseen is left out."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from headend.diagnosis import messages
from headend.diagnosis.aaa_sessions import POLICY_GROUP
from headend.diagnosis.attempt import evidence
from headend.diagnosis.talk import talk
from headend.diagnosis.verdicts import silent, statuses, timed_out, unanswered
from headend.model.diagnosis import Decided, Decision, Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from headend.diagnosis.attempt import Attempt, Entry

    Found = tuple[str, Entry] | None

_SAID = {
    "ACCEPT": "accepted",
    "REJECT": "rejected",
    "CHALLENGE": "asked for more",
    "UNAVAILABLE": "no answer",
}
_CERTIFICATE = ("untrusted", "usage", "expired", "revoked", "missing", "no-map", "failed")
_POLICIES = frozenset({"Group-Policy", "IETF-Radius-Class"})
# Cisco VPN 3000 vendor attribute: the tunnel group that the user chose.
_VENDOR, _TUNNEL_GROUP = "3076", "146"


def decisions(attempt: Attempt) -> tuple[Decided, ...]:
    """Return what the lines of ``attempt`` show to have been decided, in the order of a login."""
    found = []
    for decision, question in _QUESTIONS.items():
        answer = question(attempt)
        if answer is not None:
            value, entry = answer
            found.append(Decided(decision, value, evidence(entry)[0]))
    return tuple(found)


def _certificate(attempt: Attempt) -> Found:
    refused = attempt.first("crypto-ca", *_CERTIFICATE)
    if refused is not None:
        return f"refused: {refused.event.kind}", refused
    refused = attempt.first("syslog", *messages.CERTIFICATE_FAILED)
    if refused is not None:
        return "refused", refused
    valid = attempt.last("crypto-ca", "validated")
    valid = valid or attempt.last("syslog", "717022", "717028", "113024")
    return ("valid", valid) if valid is not None else None


def _tunnel_group(attempt: Attempt) -> Found:
    for entry in attempt.find("syslog"):
        if "tunnel_group" in entry.event.fields:
            return entry.event.fields["tunnel_group"], entry
    for entry in attempt.find("radius", "attribute"):
        fields = entry.event.fields
        if fields.get("vendor") == _VENDOR and fields.get("type") == _TUNNEL_GROUP:
            return (fields["value"], entry) if "value" in fields else None
    return None


def _server_group(attempt: Attempt) -> Found:
    for entry in attempt.find("aaa", "step"):
        name = entry.event.fields.get("server_group")
        if name and name != POLICY_GROUP and entry.stage is Stage.PRIMARY:
            return name, entry
    return None


def _server(attempt: Attempt) -> Found:
    """Return the server that was asked last for the first answer: its group may have several."""
    asked = (
        *(("server", entry) for entry in attempt.find("aaa", "server")),
        *(("send_to", entry) for entry in attempt.find("radius", "send")),
    )
    found: Found = None
    for name, entry in asked:
        if entry.stage is Stage.PRIMARY and entry.event.fields.get(name):
            found = entry.event.fields[name], entry
    if found is not None:
        return found
    for entry in attempt.find("syslog", "113004", *messages.REJECTS):
        if entry.event.fields.get("server"):
            return entry.event.fields["server"], entry
    return None


def _answer(attempt: Attempt, stage: Stage) -> Found:
    """Return the first answer at a stage, in the directory's own words where they were seen."""
    for entry in attempt.find("ldap", "success", "sub-code", "invalid-password"):
        if entry.stage is stage:
            code = entry.event.fields.get("subcode")
            if entry.event.kind == "success":
                return "accepted", entry
            return f"rejected, data {code.lower()}" if code else "rejected", entry
    for turn in talk(attempt):
        if turn.entry.stage is stage:
            return _SAID.get(turn.word, turn.word.lower()), turn.entry
    return None


def _primary(attempt: Attempt) -> Found:
    found = _answer(attempt, Stage.PRIMARY)
    if found is not None:
        return found
    for entry in attempt.find("syslog"):
        kind = entry.event.kind
        if entry.event.fields.get("action") == "authorization":
            continue
        if kind in messages.REJECTS:
            return "rejected", entry
        if kind in {"113004", "113012"}:
            return "accepted", entry
        if kind == "113010":
            return "asked for more", entry
        if kind == "113014":
            return "no answer", entry
    quiet = timed_out(attempt) or unanswered(attempt) or attempt.first("ldap", "unreachable")
    return ("no answer", quiet) if quiet is not None and silent(attempt) else None


def _challenge(attempt: Attempt) -> Found:
    """Return what became of what the server asked; ``none`` where it accepted without asking."""
    turns = [turn for turn in talk(attempt) if turn.entry.stage is not Stage.SECONDARY]
    for asked, then in pairwise(turns):
        if asked.word == "CHALLENGE" and then.word != "CHALLENGE":
            return f"answered, {_SAID.get(then.word, then.word.lower())}", then.entry
    if not turns:
        return None
    last = turns[-1]
    if last.word == "CHALLENGE":
        return "answered" if last.answered and not last.empty else "not answered", last.entry
    return ("none", last.entry) if last.word == "ACCEPT" else None


def _secondary(attempt: Attempt) -> Found:
    return _answer(attempt, Stage.SECONDARY)


def _authorization(attempt: Attempt) -> Found:
    for word, entry in statuses(attempt, Stage.AUTHORIZATION):
        if entry.event.fields["status_of"] != "Authentication":
            return _SAID.get(word, word.lower()), entry
    for entry in attempt.find("syslog", *messages.REJECTS, "113004"):
        if entry.event.fields.get("action") == "authorization":
            return "accepted" if entry.event.kind == "113004" else "rejected", entry
    locked = attempt.first("syslog", "113040")
    return (f"locked to {locked.event.fields.get('locked_to', '?')}", locked) if locked else None


def _group_policy(attempt: Attempt) -> Found:
    for entry in reversed(attempt.find("syslog")):
        name = entry.event.fields.get("group") or entry.event.fields.get("policy")
        if name:
            return name, entry
    for entry in reversed(attempt.find("ldap", "mapped")):
        fields = entry.event.fields
        if fields.get("mapped_attribute") in _POLICIES and fields.get("mapped_value"):
            return fields["mapped_value"], entry
    for entry in reversed(attempt.find("aaa", "policies")):
        name = entry.event.fields.get("user_policy") or entry.event.fields.get("tunnel_policy")
        if name:
            return name, entry
    return None


def _access_policy(attempt: Attempt) -> Found:
    entry = attempt.last("syslog", "734002") or attempt.last("syslog", "734001")
    if entry is None:
        return None
    records = entry.event.fields.get("records", "?")
    return f"ended by {records}" if entry.event.kind == "734002" else records, entry


def _session(attempt: Attempt) -> Found:
    refused = attempt.last("syslog", *messages.DENIED)
    if refused is not None:
        return "refused", refused
    begun = attempt.first("syslog", *messages.STARTED, *messages.ADMIN_STARTED)
    if begun is not None:
        return "allowed", begun
    final = attempt.last("aaa", "final")
    if final is None or final.event.fields["final"] not in {"ACCEPT", "REJECT"}:
        return None
    return "allowed" if final.event.fields["final"] == "ACCEPT" else "refused", final


_QUESTIONS: dict[Decision, Callable[[Attempt], Found]] = {
    Decision.CERTIFICATE: _certificate,
    Decision.TUNNEL_GROUP: _tunnel_group,
    Decision.SERVER_GROUP: _server_group,
    Decision.SERVER: _server,
    Decision.PRIMARY: _primary,
    Decision.CHALLENGE: _challenge,
    Decision.SECONDARY: _secondary,
    Decision.AUTHORIZATION: _authorization,
    Decision.GROUP_POLICY: _group_policy,
    Decision.ACCESS_POLICY: _access_policy,
    Decision.SESSION: _session,
}
