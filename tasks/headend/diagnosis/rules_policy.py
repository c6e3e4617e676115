# ruff: noqa: E501 - a table of syslog ids, one a line
"""What the headend's own policy rules after the servers said yes, or before they were asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis import words
from headend.diagnosis.facts import facts, who
from headend.diagnosis.messages import NO_ADDRESS, TUNNEL
from headend.diagnosis.ruling import Ruling, ruling
from headend.diagnosis.verdicts import statuses
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt

# Syslog ids that name their cause: cause, stage, confidence, what the headend did.
_IDS: dict[str, tuple[Cause, Stage, float, str]] = {
    "113006": (Cause.ACCOUNT_LOCKED, Stage.PRIMARY, 0.95, "locked {who} out of its local database after too many failures"),
    "113021": (Cause.GROUP_NOT_AUTHORIZED, Stage.AUTHORIZATION, 0.9, "refused {who} at its console: the account has no right to administer it"),
    "113029": (Cause.LICENSE_EXHAUSTED, Stage.SESSION, 0.85, "refused {who}: its session limit is reached"),
    "716023": (Cause.LICENSE_EXHAUSTED, Stage.SESSION, 0.85, "refused {who}: its session limit is reached"),
    "716057": (Cause.LICENSE_EXHAUSTED, Stage.SESSION, 0.95, "refused {who}: no session licence is left"),
    "113030": (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.7, "ended the login of {who}: the ACL named for the user does not exist"),
    "716046": (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.7, "ended the login of {who}: the ACL named for the user does not exist"),
    "113033": (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.7, "did not allow the session of {who}: an ACL could not be read"),
    "113035": (Cause.GROUP_POLICY_DENIED, Stage.SESSION, 0.6, "ended the session of {who}: AnyConnect is not enabled, or its image is not valid"),
    "722049": (Cause.GROUP_POLICY_DENIED, Stage.SESSION, 0.6, "ended the session of {who}: AnyConnect is not enabled, or its image is not valid"),
    "113036": (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.6, "refused a parameter that AAA returned for {who}"),
    "113037": (Cause.HEADEND_DRAINING, Stage.SESSION, 0.95, "takes no new logins, a reboot is pending, and denied {who}"),
    "716040": (Cause.HEADEND_DRAINING, Stage.SESSION, 0.95, "takes no new logins, a reboot is pending, and denied {who}"),
    "713004": (Cause.HEADEND_DRAINING, Stage.SESSION, 0.9, "is about to reload and ignored the tunnel request of {who}"),
    "722048": (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.85, "ended the tunnel of {who}: SVC is not enabled for this user"),
    "722050": (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.85, "ended the session of {who}: SVC is not enabled for this user"),
    "722020": (Cause.ADDRESS_POOL_EXHAUSTED, Stage.SESSION, 0.9, "had no address to give to {who}"),
    "722041": (Cause.ADDRESS_POOL_EXHAUSTED, Stage.SESSION, 0.4, "had no IPv6 address to give to {who}"),
    "722003": (Cause.CLIENT_ABORTED, Stage.SESSION, 0.5, "could not authenticate the tunnel request of {who} in time"),
    "751006": (Cause.CERTIFICATE_UNTRUSTED, Stage.CERTIFICATE, 0.5, "could not authenticate {who} by certificate"),
    "751008": (Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.9, "refused {who}: the group policy does not enable IKEv2"),
    "751009": (Cause.TUNNEL_GROUP_WRONG, Stage.TUNNEL_GROUP, 0.6, "found no tunnel group for {who}"),
    "751019": (Cause.LICENSE_EXHAUSTED, Stage.SESSION, 0.95, "refused {who}: no session licence is left"),
    "733201": (Cause.CLIENT_SHUNNED, Stage.TLS, 0.95, "shuns the address of {who}: too many failed attempts came from it"),
}  # fmt: skip
_LOGINS_OF_NOBODY = "0"


def policy_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield what group lock, group policy, licences and pools rule."""
    for entry in attempt.find("syslog", *_IDS):
        cause, stage, confidence, did = _IDS[entry.event.kind]
        yield ruling(
            cause, stage, confidence, f"The headend {did.format(who=who(attempt))}.", entry
        )
    yield from _group_lock(attempt)
    yield from _logins(attempt)
    yield from _no_access(attempt)
    yield from _tunnel(attempt)


def _group_lock(attempt: Attempt) -> Iterator[Ruling]:
    entry = attempt.first("syslog", "113040", "751018")
    if entry is None:
        return
    fields = entry.event.fields
    said = (
        f"{who(attempt)} connected through tunnel group {visible(fields.get('tunnel_group', '?'))}, "
        f"but is locked to {visible(fields.get('locked_to', '?'))}."
    )
    yield ruling(Cause.TUNNEL_GROUP_WRONG, Stage.AUTHORIZATION, 0.95, said, entry)


def _logins(attempt: Attempt) -> Iterator[Ruling]:
    """Rule on the login limit: 113038 says too little, debug aaa knows the number."""
    refused = attempt.first("syslog", "113038")
    limit = attempt.last("aaa", "login-limit")
    accepted = any(word == "ACCEPT" for word, _ in statuses(attempt, Stage.PRIMARY))
    ended = attempt.last("aaa", "final")
    turned = accepted and ended is not None and ended.event.fields["final"] == "REJECT"
    if limit is not None and (refused is not None or turned):
        number = limit.event.fields["max_logins"]
        policy = visible(facts(attempt).group_policy or "the group policy")
        if number == _LOGINS_OF_NOBODY:
            said = (
                f"The policy ({policy}) lets {who(attempt)} log in 0 times: "
                "vpn-simultaneous-logins 0 admits nobody."
            )
            yield ruling(
                Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.9, said, limit, ended, refused
            )
        else:
            said = (
                f"{who(attempt)} was accepted by the server and then refused at the "
                f"limit of {number} simultaneous logins."
            )
            yield ruling(
                Cause.SIMULTANEOUS_LOGINS, Stage.GROUP_POLICY, 0.8, said, limit, ended, refused
            )
        return
    if refused is not None:
        said = (
            f"The headend could not create the session of {who(attempt)}; most often "
            "the limit of logins is reached."
        )
        yield ruling(Cause.SIMULTANEOUS_LOGINS, Stage.GROUP_POLICY, 0.6, said, refused)
        said = (
            f"The headend could not create the session of {who(attempt)}; the group "
            "policy may forbid it."
        )
        yield ruling(Cause.GROUP_POLICY_DENIED, Stage.GROUP_POLICY, 0.5, said, refused)


def _no_access(attempt: Attempt) -> Iterator[Ruling]:
    policy = facts(attempt).group_policy
    denied = attempt.first("syslog", "113038", "722048", "722050", "716039") or attempt.last(
        "aaa", "login-limit"
    )
    if not words.no_access(policy) or denied is None:
        return
    mapped = attempt.last("ldap", "mapped") or attempt.last("aaa", "policies")
    said = (
        f"{who(attempt)} ended in group policy {visible(policy or '')}, which by its "
        "name gives no access."
    )
    yield ruling(Cause.GROUP_NOT_AUTHORIZED, Stage.AUTHORIZATION, 0.92, said, mapped, denied)


def _tunnel(attempt: Attempt) -> Iterator[Ruling]:
    """Rule on a tunnel that was refused by messages that name no user."""
    empty = attempt.first("webvpn", "no-address") or attempt.first("syslog", *NO_ADDRESS)
    refused = attempt.last("webvpn", "error")
    if empty is not None and attempt.first("syslog", *TUNNEL) is None:
        said = f"The headend could give no address to {who(attempt)}."
        yield ruling(Cause.ADDRESS_POOL_EXHAUSTED, Stage.SESSION, 0.85, said, empty, refused)
    elif refused is not None:
        error = visible(refused.event.fields.get("error", ""))
        said = f'The headend refused the tunnel of {who(attempt)}: "{error}".'
        yield ruling(Cause.UNKNOWN, Stage.SESSION, 0.5, said, refused)
