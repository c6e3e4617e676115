"""What an LDAP exchange says of the account, the bind and the directory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headend.diagnosis.advice import PASSWORD_WAS_RIGHT
from headend.diagnosis.facts import where, who
from headend.diagnosis.ruling import Ruling, ruling
from headend.diagnosis.verdicts import connect_failed
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible
from headend.model.user import same_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry

# Active Directory's bind sub-codes (public vendor table): cause, words, right password.
SUB_CODES: dict[str, tuple[Cause, str, bool]] = {
    "525": (Cause.ACCOUNT_UNKNOWN, "it knows no such user", False),
    "52e": (Cause.BAD_CREDENTIALS, "the name or password is wrong", False),
    "530": (Cause.LOGON_HOURS, "the account may not log on at this time", True),
    "531": (Cause.LOGON_WORKSTATION, "the account may not log on from this workstation", True),
    "532": (Cause.PASSWORD_EXPIRED, "the password has expired", True),
    "533": (Cause.ACCOUNT_DISABLED, "the account is disabled", True),
    "701": (Cause.ACCOUNT_EXPIRED, "the account has expired", True),
    "773": (Cause.PASSWORD_MUST_CHANGE, "the password must be changed first", True),
    "775": (Cause.ACCOUNT_LOCKED, "the account is locked out", False),
}
_INVALID_CREDENTIALS = "49"
_DISABLED_BIT = 2


def directory_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield what the LDAP lines of ``attempt`` rule."""
    if attempt.first("ldap") is None:
        return
    yield from _connection(attempt)
    accounts = _bind_accounts(attempt)
    bind = _bind_failure(attempt, accounts)
    if bind is not None:
        yield bind
        return
    coded = list(_sub_codes(attempt, accounts))
    yield from coded
    if not coded:
        yield from _search(attempt)
        yield from _uncoded(attempt, accounts)
    yield from _disabled(attempt)


def _connection(attempt: Attempt) -> Iterator[Ruling]:
    failed = connect_failed(attempt)
    lost = attempt.last("ldap", "unreachable")
    if failed is None and lost is None:
        return
    connects = [
        e for e in attempt.find("ldap", "connect") if e.event.fields["connect"] == "Successful"
    ]
    last = lost or failed
    if connects and last is not None and connects[-1].event.line.number > last.event.line.number:
        return
    entry = failed or lost
    stage = entry.stage if entry is not None else Stage.PRIMARY
    said = (
        f"The headend cannot reach LDAP {where(attempt, stage)}, so {who(attempt)} "
        "could not be checked."
    )
    yield ruling(Cause.SERVER_UNREACHABLE, stage, 0.9, said, failed, lost)
    if entry is not None and any(
        "ldaps:" in e.event.fields.get("uri", "") for e in attempt.find("ldap")
    ):
        said = (
            f"The connection to LDAP {where(attempt, stage)} is LDAPS: a failed TLS "
            "handshake looks the same."
        )
        yield ruling(Cause.SERVER_TLS_FAILED, stage, 0.5, said, entry)


def _bind_accounts(attempt: Attempt) -> set[str]:
    """Return the names that the headend itself bound with, which are never the user's."""
    accounts: set[str] = set()
    as_user = False
    for entry in attempt.find("ldap", "binding", "bind", "request", "admin-bind-failed"):
        fields = entry.event.fields
        if entry.event.kind == "request":
            as_user = False
        elif entry.event.kind == "binding":
            as_user = fields["bind_as"] == "user"
            if not as_user:
                accounts.add(fields["bind_as"].casefold())
        elif entry.event.kind == "bind" and not as_user and "simple_user" in fields:
            accounts.add(fields["simple_user"].casefold())
    return accounts


def _own(entry: Entry, accounts: set[str], user: str | None, name: str) -> bool:
    """Return whether a line is about the headend's own bind, not about the user."""
    said = entry.event.fields.get(name, "")
    return said.casefold() in accounts and not same_user(said, user)


def _bind_failure(attempt: Attempt, accounts: set[str]) -> Ruling | None:
    failed = attempt.first("ldap", "admin-bind-failed")
    proof = [failed] if failed is not None else []
    for entry in attempt.find("ldap", "bind-result", "sub-code"):
        name = "return_user" if entry.event.kind == "bind-result" else "message_user"
        if (
            _own(entry, accounts, attempt.user, name)
            and entry.event.fields.get("return_code") != "0"
        ):
            proof.append(entry)
    if not proof:
        return None
    code = next(
        (e.event.fields["subcode"].lower() for e in proof if "subcode" in e.event.fields), ""
    )
    why = f": {SUB_CODES[code][1]}" if code in SUB_CODES else ""
    stage = proof[0].stage
    said = (
        f"The headend's own bind to {where(attempt, stage)} fails{why}, so nobody can be looked up "
        f"there; this says nothing about {who(attempt)}."
    )
    return ruling(Cause.SERVER_BIND_FAILED, stage, 0.95, said, *proof)


def _sub_codes(attempt: Attempt, accounts: set[str]) -> Iterator[Ruling]:
    last = None
    for entry in attempt.find("ldap", "sub-code"):
        if not _own(entry, accounts, attempt.user, "message_user"):
            last = entry
    if last is None:
        return
    code = last.event.fields["subcode"].lower()
    if code not in SUB_CODES:
        return
    cause, words, right = SUB_CODES[code]
    said = f"{where(attempt, last.stage)} refused {who(attempt)}: {words} (data {code})."
    if right:
        said = said[:-1] + ", although the password was right."
    found = ruling(
        cause, last.stage, 0.95, _sentence(said), last, attempt.last("ldap", "invalid-password")
    )
    if right:
        advice = (*found.finding.advice, PASSWORD_WAS_RIGHT)
        found = replace(found, finding=replace(found.finding, advice=advice))
    yield found


def _search(attempt: Attempt) -> Iterator[Ruling]:
    failed = attempt.first("ldap", "search-failed")
    if failed is None or attempt.first("ldap", "user-dn") is not None:
        return
    asked = attempt.last("ldap", "filter")
    what = ""
    if asked is not None:
        fields = asked.event.fields
        what = (
            f" for {visible(fields['filter_attribute'])}={visible(fields.get('filter_value', ''))}"
        )
    said = (
        f"The directory search{what} at {where(attempt, failed.stage)} found no "
        f"account of {who(attempt)}."
    )
    yield ruling(Cause.ACCOUNT_UNKNOWN, failed.stage, 0.85, said, failed, asked)


def _uncoded(attempt: Attempt, accounts: set[str]) -> Iterator[Ruling]:
    for entry in attempt.find("ldap", "bind-result"):
        if _own(entry, accounts, attempt.user, "return_user"):
            continue
        if entry.event.fields["return_code"] == _INVALID_CREDENTIALS:
            said = (
                f"{where(attempt, entry.stage)} refused the bind of {who(attempt)} as "
                "invalid credentials, without a reason."
            )
            yield ruling(Cause.BAD_CREDENTIALS, entry.stage, 0.6, _sentence(said), entry)
            return
    wrong = attempt.first("ldap", "invalid-password")
    if wrong is not None:
        said = (
            f"The headend calls the password of {who(attempt)} invalid at "
            f"{where(attempt, wrong.stage)}, without a reason."
        )
        yield ruling(Cause.BAD_CREDENTIALS, wrong.stage, 0.5, said, wrong)


def _disabled(attempt: Attempt) -> Iterator[Ruling]:
    for entry in attempt.find("ldap", "account-control"):
        if int(entry.event.fields["account_control"]) & _DISABLED_BIT:
            said = (
                f"The directory marks the account of {who(attempt)} as disabled "
                "(userAccountControl)."
            )
            yield ruling(Cause.ACCOUNT_DISABLED, entry.stage, 0.7, said, entry)
            return


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
