"""What an LDAP exchange says of the account, the bind and the directory."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from headend.diagnosis.advice import PASSWORD_WAS_RIGHT
from headend.diagnosis.facts import where, where_directory, who
from headend.diagnosis.rules_account import account_rules
from headend.diagnosis.rules_server import handshake_failed
from headend.diagnosis.ruling import Ruling, capital, ruling
from headend.diagnosis.verdicts import connect_failed
from headend.model.diagnosis import Cause
from headend.model.line import visible
from headend.model.user import same_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry
    from headend.diagnosis.words import Words

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
# LDAP result codes of a bind (RFC 4511, appendix A.2).
_RESULTS: dict[str, tuple[Cause, float, str]] = {
    "8": (Cause.SERVER_TLS_FAILED, 0.6, "it wants a connection that is signed or LDAPS"),
    "10": (Cause.SERVER_NOT_CONFIGURED, 0.5, "it refers to another server, which nobody follows"),
    "13": (Cause.SERVER_TLS_FAILED, 0.6, "it takes passwords over TLS only"),
    "19": (Cause.ACCOUNT_LOCKED, 0.5, "a limit of its password policy is reached"),
    "32": (Cause.ACCOUNT_UNKNOWN, 0.6, "it has no such entry"),
    "34": (Cause.ACCOUNT_UNKNOWN, 0.4, "the name is no valid DN"),
    "49": (Cause.BAD_CREDENTIALS, 0.6, "invalid credentials, without a reason"),
    "51": (Cause.SERVER_UNREACHABLE, 0.6, "it is busy"),
    "52": (Cause.SERVER_UNREACHABLE, 0.6, "it is unavailable"),
    "53": (
        Cause.ACCOUNT_DISABLED,
        0.5,
        "it is unwilling, as directories are for inactive accounts",
    ),
}
# A directory's words are its own: a number is sure, words are likely.
_WORDS_AT_MOST = 0.88
_QUOTED = 200
# ERROR_PASSWORD_RESTRICTION: too short, too simple, used before.
_NEW_PASSWORD_REFUSED = "0000052D"  # noqa: S105 - an error number


def directory_rules(attempt: Attempt, words: Words) -> Iterator[Ruling]:
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
        yield from _referral(attempt)
        yield from _search(attempt)
        yield from _uncoded(attempt, words, accounts)
    yield from account_rules(attempt)


def _connection(attempt: Attempt) -> Iterator[Ruling]:
    failed = connect_failed(attempt)
    lost = attempt.last("ldap", "unreachable")
    shaken = attempt.last("ldap", "tls-failed") or handshake_failed(attempt)
    entry = failed or lost or attempt.last("ldap", "tls-failed")
    if entry is None:
        return
    connects = [
        e for e in attempt.find("ldap", "connect") if e.event.fields["connect"] == "Successful"
    ]
    if connects and connects[-1].place > max(e.place for e in (lost, entry) if e is not None):
        return
    stage = entry.stage
    server = where_directory(attempt, stage)
    secured = shaken is not None or any(
        "ldaps:" in e.event.fields.get("uri", "")
        for e in attempt.find("ldap", "connect", "context")
    )
    if shaken is not None:
        said = f"The TLS handshake with {server} failed, so {who(attempt)} was not checked."
        yield ruling(Cause.SERVER_TLS_FAILED, stage, 0.92, said, entry, lost, shaken)
        return
    said = f"The headend cannot reach {server}, so {who(attempt)} could not be checked."
    sure = 0.6 if secured else 0.9
    yield ruling(Cause.SERVER_UNREACHABLE, stage, sure, said, failed, lost)
    if secured:
        said = f"The connection to {server} is LDAPS: a failed TLS handshake looks the same."
        yield ruling(Cause.SERVER_TLS_FAILED, stage, 0.5, said, entry)


def _bind_accounts(attempt: Attempt) -> set[str]:
    """Return the names that the headend itself bound with, which are never the user's."""
    accounts: set[str] = set()
    # Where the capture begins with a bind, nothing tells whose it is.
    as_user: bool | None = None
    beginnings = {"request", "context", "connect"}
    for entry in attempt.find("ldap", "binding", "bind", "admin-bind-failed", *beginnings):
        fields = entry.event.fields
        if entry.event.kind in beginnings:
            as_user = False
        elif entry.event.kind == "binding":
            as_user = fields["bind_as"] == "user"
            if not as_user:
                accounts.add(fields["bind_as"].casefold())
        elif entry.event.kind == "bind" and as_user is False and "simple_user" in fields:
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
    found = attempt.last("ldap", "user-dn", "success")
    if not proof or (found is not None and found.place > proof[-1].place):
        # Another server took the headend's account, and looked the user up.
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
    last, code = None, ""
    for entry in attempt.find("ldap", "sub-code"):
        fields = entry.event.fields
        if _own(entry, accounts, attempt.user, "message_user"):
            continue
        if fields["subcode"].lower() in SUB_CODES:
            last, code = entry, fields["subcode"].lower()
        elif fields.get("message", "").startswith(_NEW_PASSWORD_REFUSED):
            said = f"{where(attempt, entry.stage)} did not take the new password of {who(attempt)}."
            yield ruling(Cause.PASSWORD_MUST_CHANGE, entry.stage, 0.85, capital(said), entry)
    if last is None:
        return
    cause, words, right = SUB_CODES[code]
    said = f"{where(attempt, last.stage)} refused {who(attempt)}: {words} (data {code})."
    if right:
        said = said[:-1] + ", although the password was right."
    found = ruling(
        cause,
        last.stage,
        0.95,
        capital(said),
        last,
        attempt.last("ldap", "invalid-password"),
        # How often it was wrong before, beside what says that it was wrong now.
        None if right else attempt.last("ldap", "bad-count"),
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


def _uncoded(attempt: Attempt, words: Words, accounts: set[str]) -> Iterator[Ruling]:
    """Yield what a refusal says that carries no sub-code of Active Directory."""
    refused = None
    for entry in attempt.find("ldap", "bind-result"):
        succeeded = entry.event.fields["return_code"] == "0"
        if not succeeded and not _own(entry, accounts, attempt.user, "return_user"):
            refused = entry
    message = None
    for entry in attempt.find("ldap", "message"):
        if not _own(entry, accounts, attempt.user, "message_user"):
            message = entry
    text = message.event.fields.get("message", "") if message is not None else ""
    named = words.reason(text, attempt.user)
    wrong = attempt.first("ldap", "invalid-password")
    last = refused or wrong or message
    if last is None:
        return
    code = refused.event.fields["return_code"] if refused is not None else ""
    server = where(attempt, last.stage)
    if named is not None:
        said = f'{server} refused {who(attempt)}: "{visible(text)[:_QUOTED]}".'
        sure = min(named[1], _WORDS_AT_MOST)
        yield ruling(named[0], last.stage, sure, capital(said), message, refused)
    elif code in _RESULTS:
        cause, sure, meaning = _RESULTS[code]
        said = f"{server} refused the bind of {who(attempt)}: {meaning} (code {code})."
        yield ruling(cause, last.stage, sure, capital(said), last)
    elif wrong is not None:
        said = f"{server} refused the password of {who(attempt)}, without a reason."
        yield ruling(Cause.BAD_CREDENTIALS, wrong.stage, 0.5, capital(said), wrong, refused)


def _referral(attempt: Attempt) -> Iterator[Ruling]:
    sent = attempt.last("ldap", "referral")
    if sent is None or attempt.first("ldap", "user-dn") is not None:
        return
    said = (
        f"{where(attempt, sent.stage)} refers the search for {who(attempt)} to another server, and "
        "the headend follows no referral: its base DN is not this server's."
    )
    yield ruling(Cause.SERVER_NOT_CONFIGURED, sent.stage, 0.6, capital(said), sent)
    said = f"{where(attempt, sent.stage)} itself holds no account of {who(attempt)}."
    yield ruling(Cause.ACCOUNT_UNKNOWN, sent.stage, 0.4, capital(said), sent)
