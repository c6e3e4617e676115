"""What a caller would meet at login, point by point, and which line decides it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from headend.model.policy import Answer, Caller, Encounter, Known, Point, PolicyLine
from headend.policy import authentication, limits
from headend.policy.certificates import matches
from headend.policy.configuration import Configuration
from headend.policy.objects import DEFAULT_TUNNEL_GROUP, WEBVPN, CertificateRule, Policies
from headend.policy.way import TokenName, Way


@dataclass(frozen=True, slots=True)
class _Landing:
    group: str
    lines: tuple[PolicyLine, ...]
    known: Known = Known.YES
    note: str = ""


def resolve(
    configuration: Configuration,
    caller: Caller,
    token_name: TokenName = lambda _group: False,
) -> Encounter:
    """Return what ``caller`` would meet on a headend with this configuration.

    ``token_name`` tells whether a server group is named as the site names those for tokens. What
    the configuration cannot tell (the servers' own policy, ``dap.xml``) is said in the answers.
    """
    policies = Policies(configuration)
    landing = _landing(policies, caller)
    way = Way(policies, caller, landing.group, token_name)
    answers = [
        _asked_for_certificate(policies, landing.group),
        Answer(Point.TUNNEL_GROUP, landing.group, landing.lines, landing.known, landing.note),
        *authentication.answers(way),
        *limits.answers(way),
    ]
    return Encounter(caller, tuple(answers), tuple(_warnings(policies, way)))


def _landing(policies: Policies, caller: Caller) -> _Landing:
    chosen = _chosen(policies, caller)
    preference = policies.preference()
    if preference and caller.url and policies.by_url(caller.url):
        return _Landing(chosen.group, (*chosen.lines, preference))
    rules = policies.certificate_rules()
    if not rules or caller.certificate is None:
        return chosen
    found = [(rule, _meets(rule, caller)) for rule in rules]
    for rule, met in found:
        lines = (rule.line, *(rule.entry.cited() for _ in (1,) if rule.entry))
        if met:
            more = sum(bool(other) for _, other in found) - 1
            note = f"{more} more rules match as well; the first one counts" if more else ""
            return _Landing(rule.tunnel_group, lines, Known.YES, note)
        if met is None:
            note = "whether this certificate matches cannot be told from the configuration"
            return _Landing(rule.tunnel_group, lines, Known.PARTLY, note)
    return chosen


def _meets(rule: CertificateRule, caller: Caller) -> bool | None:
    if rule.entry is None or caller.certificate is None:
        return False
    return matches(rule.entry, caller.certificate)


def _chosen(policies: Policies, caller: Caller) -> _Landing:
    """Return where the caller's own choice leads: group URL, then alias or name, then none."""
    ways: tuple[tuple[str | None, Callable[[str], tuple[str, PolicyLine] | None], str], ...] = (
        (caller.url, policies.by_url, "group URL"),
        (caller.group, policies.by_alias, "tunnel group or alias"),
    )
    for wanted, look_up, what in ways:
        if not wanted:
            continue
        found = look_up(wanted)
        if found:
            return _Landing(found[0], (found[1],))
        made = policies.configuration.first("tunnel-group", wanted)
        if what != "group URL" and made:
            note = "it has no enabled alias: a user cannot choose it by name"
            return _Landing(made.words[1], (made.cited(),), Known.YES, note)
        note = f"no {what} {wanted!r} is enabled here"
        return _Landing(DEFAULT_TUNNEL_GROUP, (), Known.YES, note)
    note = "nothing was chosen: the headend's default for SSL logins"
    return _Landing(DEFAULT_TUNNEL_GROUP, (), Known.PARTLY, note)


def _asked_for_certificate(policies: Policies, group: str) -> Answer:
    point = Point.ASKED_FOR_CERTIFICATE
    rules = policies.certificate_rules()
    if rules:
        note = "a certificate map makes the headend ask everybody for a certificate"
        return Answer(point, "everybody is asked", (rules[0].line,), Known.YES, note)
    everybody = policies.configuration.find("ssl", "certificate-authentication")
    if everybody:
        note = "every login on this interface"
        return Answer(point, "everybody is asked", (everybody[0].cited(),), Known.YES, note)
    asked = policies.tunnel_setting(group, WEBVPN, "authentication")
    if asked and any("certificate" in word for word in asked.values):
        return Answer(point, "asked by the tunnel group", (asked.line,))
    return Answer(point, "not asked")


def _warnings(policies: Policies, way: Way) -> list[str]:
    found = []
    if way.general("override-account-disable"):
        found.append(f"{way.group} has override-account-disable: a disabled account is let in")
    if way.group not in policies.tunnel_groups and way.group != DEFAULT_TUNNEL_GROUP:
        found.append(f"The tunnel group {way.group} does not exist")
    return found
