"""What the debug stream and the syslog lines each say of an attempt's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis import messages
from headend.diagnosis.answers import answers
from headend.diagnosis.client_words import AFTER_LOGIN, CLIENT, client_outcome
from headend.model.diagnosis import Outcome, Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt, Entry

_FINAL = {
    "ACCEPT": Outcome.ACCEPTED,
    "REJECT": Outcome.REJECTED,
    "CHALLENGE": Outcome.CHALLENGED,
    "UNAVAILABLE": Outcome.TIMEOUT,
}
_NUMBERS = {"1": "ACCEPT", "-1": "REJECT", "2": "CHALLENGE", "-3": "UNAVAILABLE"}
_DECIDED = frozenset({Outcome.ACCEPTED, Outcome.REJECTED})
# What syslog knows better where the debug stops short of an end.
_OVERRULES = {
    Outcome.INCOMPLETE: _DECIDED | {Outcome.TIMEOUT, Outcome.ERROR},
    Outcome.CHALLENGED: _DECIDED,
}
_CERTIFICATE_REFUSED = ("untrusted", "no-usage", "expired", "revoked", "missing", "failed")
_LDAP = {"1": Outcome.ACCEPTED, "-1": Outcome.REJECTED}


def outcome_of(attempt: Attempt) -> Outcome:
    """Return how the attempt ended, the word that comes last in a login counting most."""
    if _denied(attempt):
        return Outcome.REJECTED
    debug, syslog = debug_outcome(attempt), syslog_outcome(attempt)
    if debug is None:
        said = syslog or Outcome.INCOMPLETE
    elif syslog is not None and syslog in _OVERRULES.get(debug, ()):
        said = syslog
    else:
        said = debug
    # The client hears less than the headend says.
    return client_outcome(attempt) or said if said is Outcome.INCOMPLETE else said


def debug_outcome(attempt: Attempt) -> Outcome | None:
    """Return what the debug lines say, ``None`` where there are none."""
    found: Outcome | None = attempt.recall(_debug_outcome)
    return found


def _debug_outcome(attempt: Attempt) -> Outcome | None:
    if len(attempt.find("syslog")) + len(attempt.find(CLIENT)) == len(attempt.entries):
        return None
    final = attempt.value("aaa", "final", "final")
    word = final or _backend(attempt)
    if word is not None:
        outcome = _FINAL.get(word, Outcome.ERROR)
        if outcome is Outcome.TIMEOUT and not silent(attempt):
            return Outcome.ERROR
        return outcome if final else _so_far(attempt, outcome)
    answered = exchanged(attempt)
    if answered is not None:
        return _so_far(attempt, answered)
    return _refused(attempt) or Outcome.INCOMPLETE


def _so_far(attempt: Attempt, outcome: Outcome) -> Outcome:
    """Take back an ACCEPT after which the AAA session still has work to do."""
    open_session = attempt.session and not attempt.closed
    if outcome is not Outcome.ACCEPTED or not open_session:
        return outcome
    done = any(one.event.fields["new_state"] == "DONE" for one in attempt.find("aaa", "new-state"))
    return outcome if done else Outcome.INCOMPLETE


def syslog_outcome(attempt: Attempt) -> Outcome | None:  # noqa: PLR0911 - one return a word
    """Return what the syslog lines say, ``None`` where there are none."""
    seen = [entry.event.kind for entry in attempt.find("syslog")]
    if not seen:
        return None
    kinds = set(seen)
    refused = messages.REJECTS | messages.DENIED | messages.ADMIN_REFUSED
    if kinds & refused or kinds & {"113006", "113025", "716162"} or kinds & messages.IKE_ABORTED:
        return Outcome.REJECTED
    if kinds & messages.CERTIFICATE_FAILED or messages.SHUNNED in kinds:
        return Outcome.REJECTED
    if kinds & messages.STARTED or kinds & messages.ADMIN_STARTED or kinds & {"113008", "716038"}:
        return Outcome.ACCEPTED
    if "113014" in kinds:
        return Outcome.TIMEOUT
    if kinds & {"113001", "113013", "113020", "716160"}:
        return Outcome.ERROR
    if seen[-1] == "113010":
        return Outcome.CHALLENGED
    if messages.HANDSHAKE_FAILED in kinds:
        return Outcome.REJECTED
    return Outcome.INCOMPLETE


def silent(attempt: Attempt) -> bool:
    """Return whether a server was asked and did not answer."""
    if distrusted(attempt) is not None:
        return False
    if timed_out(attempt) is not None:
        return True
    if attempt.first("ldap", "unreachable") is not None or connect_failed(attempt) is not None:
        return True
    return unanswered(attempt) is not None


def timed_out(attempt: Attempt) -> Entry | None:
    """Return the last line that says that a server kept silent."""
    quiet = [attempt.last(facility, "timeout") for facility in ("radius", "tacacs", "sdi")]
    return max((one for one in quiet if one is not None), key=lambda one: one.place, default=None)


def distrusted(attempt: Attempt) -> Entry | None:
    """Return the line that says that an answer came which the shared secret does not fit."""
    return attempt.first("radius", "bad-authenticator") or attempt.first("tacacs", "bad-secret")


def connect_failed(attempt: Attempt) -> Entry | None:
    """Return the line that says that the directory could not be reached."""
    for entry in attempt.find("ldap", "connect"):
        if not _connected(entry):
            return entry
    return None


def unanswered(attempt: Attempt) -> Entry | None:
    """Return the last RADIUS request line where the request was given up without an answer.

    What is dropped because its AAA session was closed had no time to be answered.
    """
    closed = attempt.first("aaa", "closed")
    removed, answered = None, False
    for entry in attempt.find("radius"):
        kind = entry.event.kind
        if kind in {"send", "add"}:
            answered, removed = False, None
        elif kind in {"verdict", "verified", "bad-authenticator", "code"} and _answer(entry):
            answered = True
        elif kind in {"remove", "delete"} and not answered:
            dropped = closed is not None and closed.place < entry.place
            removed = None if dropped else removed or entry
    return removed if not answered else None


def statuses(attempt: Attempt, *stages: Stage) -> list[tuple[str, Entry]]:
    """Return the AAA back end's answers at some stages, as words, in order."""
    found: list[tuple[str, Entry]] = attempt.recall(_statuses)
    return [one for one in found if one[1].stage in stages] if stages else found


def _statuses(attempt: Attempt) -> list[tuple[str, Entry]]:
    found = []
    for entry in attempt.find("aaa", "status"):
        fields = entry.event.fields
        word = fields.get("status_word") or _NUMBERS.get(fields["status"], fields["status"])
        found.append((word, entry))
    return found


def _answer(entry: Entry) -> bool:
    return entry.event.fields.get("code") != "1"


def _backend(attempt: Attempt) -> str | None:
    words = statuses(attempt)
    if not words:
        return None
    word, entry = words[-1]
    if word == "CHALLENGE":
        given = answers(attempt)
        if given and given[-1][1].place > entry.place:
            return given[-1][0]
    return word


def exchanged(attempt: Attempt) -> Outcome | None:
    """Return how the servers ended it, by their own debug; what debug aaa says is not asked."""
    given = answers(attempt)
    quiet = timed_out(attempt)
    if given:
        word, entry = given[-1]
        if word == "CHALLENGE" and quiet is not None and quiet.place > entry.place:
            return Outcome.TIMEOUT
        return _FINAL.get(word, Outcome.ERROR)
    if distrusted(attempt) is not None:
        return Outcome.ERROR
    if quiet is not None or unanswered(attempt) is not None:
        return Outcome.TIMEOUT
    return _directory(attempt)


def _directory(attempt: Attempt) -> Outcome | None:
    lost = attempt.last("ldap", "unreachable") or connect_failed(attempt)
    if lost is not None and not _next_reached(attempt, lost):
        return Outcome.TIMEOUT
    if attempt.first("ldap", "admin-bind-failed") is not None:
        return Outcome.ERROR
    status = attempt.value("ldap", "exit", "status")
    if status is not None:
        return _LDAP.get(status, Outcome.TIMEOUT if status == "-2" else Outcome.ERROR)
    if attempt.first("ldap", "sub-code", "invalid-password") is not None:
        return Outcome.REJECTED
    return Outcome.ACCEPTED if attempt.first("ldap", "success") is not None else None


def _next_reached(attempt: Attempt, lost: Entry) -> bool:
    """Return whether another directory was connected to after one was lost."""
    last = attempt.last("ldap", "connect")
    return last is not None and last.place > lost.place and _connected(last)


def _connected(entry: Entry) -> bool:
    return entry.event.fields["connect"] == "Successful"


def _refused(attempt: Attempt) -> Outcome | None:
    refused = attempt.first("crypto-ca", *_CERTIFICATE_REFUSED) or attempt.first(
        "saml", "refused", "failed"
    )
    return Outcome.REJECTED if refused is not None else None


def _denied(attempt: Attempt) -> bool:
    """Return whether the headend refused what the servers had accepted."""
    refused = attempt.first(CLIENT, *AFTER_LOGIN) is not None
    return (
        (refused and attempt.first("syslog", *messages.TUNNEL) is None)
        or attempt.first("syslog", *messages.DENIED) is not None
        or attempt.first("dap", "terminate") is not None
        or attempt.first("webvpn", "no-address", "error") is not None
        or (
            attempt.first("syslog", *messages.NO_ADDRESS) is not None
            and attempt.first("syslog", *messages.TUNNEL) is None
        )
    )
