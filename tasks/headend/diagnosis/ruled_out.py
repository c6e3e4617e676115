"""What cannot be the cause, and the line that says so."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from headend.diagnosis.attempt import Attempt, Entry, evidence
from headend.diagnosis.facts import where, where_directory, who
from headend.diagnosis.rules_directory import SUB_CODES
from headend.diagnosis.talk import talk
from headend.diagnosis.verdicts import timed_out
from headend.model.diagnosis import Cause, RuledOut


def ruled_out(attempt: Attempt, named: Collection[Cause]) -> tuple[RuledOut, ...]:
    """Return the causes that a line of the attempt excludes; never one of those ``named``.

    An accepted login has no cause to look for, and nothing to rule out.
    """
    if Cause.NONE in named:
        return ()
    found: dict[Cause, RuledOut] = {}
    for cause, reason, entry in (*_radius(attempt), *_directory(attempt)):
        if cause not in named and cause not in found:
            found[cause] = RuledOut(cause, reason, evidence(entry))
    return tuple(found.values())


def _radius(attempt: Attempt) -> Iterator[tuple[Cause, str, Entry]]:
    # A bad authenticator or a silence at another stage leaves the question open.
    verified = attempt.first("radius", "verified")
    if verified is not None and attempt.first("radius", "bad-authenticator") is None:
        said = "the answer's authenticator was verified"
        yield Cause.SERVER_SECRET_MISMATCH, said, verified
    turns = talk(attempt)
    if turns and timed_out(attempt) is None:
        said = f"{where(attempt, turns[0].entry.stage)} answered"
        yield Cause.SERVER_UNREACHABLE, said, turns[0].entry


def _directory(attempt: Attempt) -> Iterator[tuple[Cause, str, Entry]]:
    connected = next(
        (e for e in attempt.find("ldap", "connect") if e.event.fields["connect"] == "Successful"),
        None,
    )
    if connected is not None and attempt.first("ldap", "unreachable") is None:
        said = f"{where_directory(attempt, connected.stage)} was reached"
        yield Cause.SERVER_UNREACHABLE, said, connected
    found = attempt.first("ldap", "user-dn")
    if found is not None:
        yield Cause.ACCOUNT_UNKNOWN, f"the directory found {who(attempt)}", found
        # The search runs under the headend's own bind.
        said = "the headend's own bind allowed the search"
        yield Cause.SERVER_BIND_FAILED, said, found
    for entry in attempt.find("ldap", "sub-code"):
        _, _, password_was_right = SUB_CODES.get(entry.event.fields["subcode"], ("", "", False))
        if password_was_right:
            said = "Active Directory answers so only after the right password"
            yield Cause.BAD_CREDENTIALS, said, entry
    success = attempt.first("ldap", "success")
    if success is not None:
        yield Cause.BAD_CREDENTIALS, "the directory took the password", success
