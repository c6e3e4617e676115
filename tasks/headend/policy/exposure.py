"""Whom a change reaches: callers who would meet something else, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product

from headend.model.change import Radius, Touched
from headend.model.policy import Answer, Caller, ClientCertificate, Encounter, Known, Point
from headend.policy.configuration import Configuration
from headend.policy.limits import LIMITS
from headend.policy.objects import DEFAULT_TUNNEL_GROUP, Policies
from headend.policy.resolve import resolve
from headend.policy.way import TokenName

# What a person proves: who has to prove less after a change has lost a factor.
_FACTORS = (Point.CERTIFICATE, Point.PASSWORD, Point.TOKEN, Point.SECONDARY)
_ASKED = {"required", "probably required"}
# How those are called who are known by name; all others stand for anybody.
_SESSION, _RECENT = "session of ", "recent user "


@dataclass(frozen=True, slots=True)
class Session:
    """A living VPN session: whose, and through which tunnel group and group policy."""

    user: str
    tunnel_group: str
    group_policy: str


@dataclass(frozen=True, slots=True)
class People:
    """Who is known to use a headend: living sessions, and users who logged in lately."""

    sessions: tuple[Session, ...] = ()
    users: tuple[str, ...] = ()


def compared(
    before: Configuration,
    after: Configuration,
    meant: Iterable[Caller],
    people: People,
    token_name: TokenName = lambda _group: False,
) -> Radius:
    """Return who would meet something else with ``after`` than with ``before``.

    Asked are every tunnel group by each of its ways in, with and without a certificate, the known
    ``people``, and certificates that are nearly those of ``meant``.
    """
    wanted = tuple(meant)
    others = dict(_others(Policies(before), wanted, people))
    touched_meant = [
        each
        for caller in wanted
        for each in _differences(before, after, caller, _described(caller), token_name)
    ]
    touched_others = [
        each
        for who, caller in others.items()
        for each in _differences(before, after, caller, who, token_name)
    ]
    for one in people.sessions:
        touched_others += _policy_edited(Policies(before), Policies(after), one)
    reached = {each.who for each in touched_others if _reaches(each)}
    return Radius(
        meant=tuple(touched_meant),
        others=tuple(touched_others),
        sessions=sum(_session_name(one) in reached for one in people.sessions),
        compared=len(others),
    )


def of_person(one: Touched) -> bool:
    """Return whether somebody is touched who is known by a session or a login of late."""
    return one.who.startswith((_SESSION, _RECENT))


def fewest_sessions(others: Iterable[Touched]) -> int:
    """Return how many living sessions ``others`` names at least; two may have one name."""
    return len({one.who for one in others if one.who.startswith(_SESSION) and _reaches(one)})


def loses_factor(
    before: Configuration, after: Configuration, callers: Iterable[Caller], token_name: TokenName
) -> bool:
    """Return whether one of ``callers`` has to prove less after the change than before it."""
    for caller in callers:
        was, now = (resolve(each, caller, token_name) for each in (before, after))
        if any(_asked(was, point) and not _asked(now, point) for point in _FACTORS):
            return True
    return False


def everybody(configuration: Configuration) -> tuple[Caller, ...]:
    """Return a caller for each way into each tunnel group, and for the default one."""
    return tuple(dict(_ways_in(Policies(configuration))).values())


def _reaches(one: Touched) -> bool:
    return one.point != Point.ASKED_FOR_CERTIFICATE


def _asked(encounter: Encounter, point: Point) -> bool:
    answer = encounter.by_point.get(point)
    if answer is None:
        return False
    # A RADIUS server may ask for a token: whoever is moved away from it may lose one.
    return point is Point.SECONDARY or answer.value in _ASKED or answer.known is Known.NO


def _others(
    policies: Policies, meant: tuple[Caller, ...], people: People
) -> Iterator[tuple[str, Caller]]:
    yield from _ways_in(policies)
    for one in people.sessions:
        yield _session_name(one), Caller(one.user, one.tunnel_group)
    for user in people.users:
        for caller in meant:
            yield f"{_RECENT}{user}", replace(caller, user=user, certificate=None)
    for caller in meant:
        if caller.certificate is not None:
            yield from _near(caller, caller.certificate)


def _ways_in(policies: Policies) -> Iterator[tuple[str, Caller]]:
    stranger = ClientCertificate({"cn": "somebody.else"}, {"cn": "some-other-ca"})
    doors = policies.interfaces if len(policies.interfaces) > 1 else (None,)
    groups = dict.fromkeys((*policies.tunnel_groups, DEFAULT_TUNNEL_GROUP))
    for name, door in product(groups, doors):
        group = None if name == DEFAULT_TUNNEL_GROUP else name
        way = f"through {name} at {door}" if door else f"through {name}"
        yield f"anybody {way}", Caller(group=group, interface=door)
        yield f"another certificate {way}", Caller(None, group, None, stranger, door)


def _near(caller: Caller, own: ClientCertificate) -> Iterator[tuple[str, Caller]]:
    name = own.subject.get("cn", "")
    for what, subject, issuer in (
        ("the same name from another issuer", own.subject, {"cn": "some-other-ca"}),
        (f"{name}by of the same issuer", {**own.subject, "cn": f"{name}by"}, own.issuer),
        (f"x{name} of the same issuer", {**own.subject, "cn": f"x{name}"}, own.issuer),
        ("another certificate of the same issuer", {"cn": "somebody.else"}, own.issuer),
    ):
        near = ClientCertificate(subject, issuer, f"{subject['cn']}@elsewhere.example")
        yield what, replace(caller, user=None, certificate=near)


def _policy_edited(before: Policies, after: Policies, one: Session) -> Iterator[Touched]:
    """Yield what a session's group policy says anew: whichever server named that policy."""
    for point, attribute, default in LIMITS:
        was, now = (
            setting.text if setting else default
            for setting in (
                each.policy_setting(one.group_policy, attribute) for each in (before, after)
            )
        )
        if was != now:
            yield Touched(_session_name(one), point, was, now)


def _session_name(one: Session) -> str:
    return f"{_SESSION}{one.user} through {one.tunnel_group}"


def _described(caller: Caller) -> str:
    name = caller.certificate.subject.get("cn") if caller.certificate else None
    return (
        " with ".join(
            part
            for part in (caller.user or "", f"the certificate of {name}" if name else "")
            if part
        )
        or f"users of {caller.group}"
    )


def _differences(
    before: Configuration, after: Configuration, caller: Caller, who: str, token_name: TokenName
) -> Iterator[Touched]:
    was, now = (resolve(each, caller, token_name).by_point for each in (before, after))
    for point in Point:
        one, other = _said(was.get(point)), _said(now.get(point))
        if one != other:
            yield Touched(who, point, one, other)


def _said(answer: Answer | None) -> str:
    """Return an answer with what else may decide: that can change too."""
    if answer is None:
        return "not asked"
    return f"{answer.value} ({answer.note})" if answer.note else answer.value
