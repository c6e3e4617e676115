"""What stands out about a headend's AAA servers, each in a sentence with its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from headend.model.servers import (
    LOCAL,
    AaaServer,
    Gravity,
    Remark,
    Role,
    ServerGroup,
    Use,
)

DEFAULT_TIMEOUT = 10  # seconds; Cisco ASA command reference, "timeout (aaa-server host)"
_DEFAULT_DEADTIME = "10"  # minutes, likewise
_FEW = 5  # requests: below them a share says nothing
_HIGH_SHARE = 0.1
# A server that needs half of its time for the average login exceeds all of it for some.
_NEAR = 0.5
_HOUR, _DAY = 3600, 86400
_ORDER = tuple(Gravity)


def remarks(groups: Sequence[ServerGroup], missing: Mapping[str, Sequence[Use]]) -> list[Remark]:
    """Return what stands out, the gravest first; ``missing`` are groups that do not exist."""
    found = [*_missing(missing)]
    for group in groups:
        found.extend(_of_group(group))
    return sorted(found, key=lambda remark: _ORDER.index(remark.gravity))


def _missing(missing: Mapping[str, Sequence[Use]]) -> Iterator[Remark]:
    for name, uses in missing.items():
        if name != LOCAL:
            yield Remark(
                name,
                None,
                Gravity.FAULT,
                f"Server group {name}, named by {_who(uses)}, does not exist here",
                "Configure the group, or name another one in the tunnel group",
            )


def _of_group(group: ServerGroup) -> Iterator[Remark]:
    if group.name == LOCAL:
        return
    for server in group.servers:
        yield from _of_server(group, server)
    asked = _asked(group)
    if asked and not group.servers:
        yield Remark(
            group.name,
            None,
            Gravity.FAULT,
            f"Group {group.name} has no server: {_effect(asked)}",
            "Add a server to the group",
        )
    if asked and len(group.servers) == 1:
        yield Remark(
            group.name,
            None,
            Gravity.NOTE,
            f"Group {group.name} has one server: when it is silent, {_effect(asked)}",
            "Add a second server to the group",
        )
    if group.uses is not None and not any(
        use.role is not Role.ADMINISTRATORS for use in group.uses
    ):
        only = "; it serves the headend's administrators" if group.uses else ""
        yield Remark(
            group.name,
            None,
            Gravity.NOTE,
            f"No tunnel group uses {group.name}{only}",
            "" if group.uses else "Its counters tell nothing of VPN logins; look who else needs it",
        )


def _of_server(group: ServerGroup, server: AaaServer) -> Iterator[Remark]:
    counts = server.counters
    forged = counts.get("bad authenticators", 0)
    if server.state and not server.active:
        yield _out_of_service(group, server)
    if forged:
        never = "" if server.answers else ", and none was usable"
        yield Remark(
            group.name,
            server.address,
            Gravity.WARNING if server.answers else Gravity.FAULT,
            f"{server.address} of {group.name}: {_number(forged, 'answer')} with a bad "
            f"authenticator{never}: the shared secret of the two sides differs, or did",
            f"Set the same key on both sides (aaa-server {group.name} host {server.address}); "
            "then see whether the count still rises",
        )
    elif server.state is None or server.active:
        yield from _slow_or_silent(group, server)


def _out_of_service(group: ServerGroup, server: AaaServer) -> Remark:
    since = f" since {server.since}" if server.since else ""
    ago = f" ({_span(server.age)} ago)" if server.age is not None else ""
    others = [one.address for one in group.servers if one.active]
    asked = _asked(group)
    if others:
        effect = f"the headend asks {', '.join(others)} instead"
    elif asked:
        effect = f"no server of the group is left, and {_effect(asked)}"
    else:
        effect = "no server of the group is left"
    return Remark(
        group.name,
        server.address,
        Gravity.WARNING if others else Gravity.FAULT,
        f"{server.address} of {group.name} is {server.state}{since}{ago}: {effect}",
        f"{_look_at(group, server)}. {_comes_back(group)}; headend servers --test "
        f"{group.name}/{server.address} tries it at once",
    )


def _look_at(group: ServerGroup, server: AaaServer) -> str:
    port = f" port {server.port}" if server.port else ""
    if group.protocol == "ldap":
        return (
            f"Check the path from the headend (TCP{port}), and the bind account "
            "(ldap-login-dn): one that is locked or deleted looks the same"
        )
    transport = {"radius": "UDP", "tacacs+": "TCP"}.get(group.protocol.lower(), "")
    where = f"{transport}{port}".strip() or "its port"
    return f"Check the path from the headend ({where}) and the service on it"


def _comes_back(group: ServerGroup) -> str:
    if len(group.servers) == 1 and not any(use.local_fallback for use in group.uses or ()):
        return "The only server of a group is asked at each login all the same"  # Cisco, AAA guide
    mode, *rest = (group.reactivation or "depletion").split()
    if mode == "timed":
        return "It is asked again 30 s after it failed (timed)"
    minutes = rest[-1] if rest else _DEFAULT_DEADTIME
    return f"It is asked again {minutes} min after all servers of the group failed (depletion)"


def _slow_or_silent(group: ServerGroup, server: AaaServer) -> Iterator[Remark]:
    counts = server.counters
    requests = sum(count for name, count in counts.items() if name.endswith(" requests"))
    timeouts = counts.get("timeouts", 0)
    where = f"{server.address} of {group.name}"
    # Answers to accounting requests are counted nowhere.
    if timeouts and not server.answers and not counts.get("accounting requests"):
        yield Remark(
            group.name,
            server.address,
            Gravity.FAULT,
            f"{where} never answered: {_number(requests, 'request')}, "
            f"{_number(timeouts, 'time-out')}, no answer",
            f"{_look_at(group, server)}; a RADIUS server that does not know this headend as a "
            "client is silent as well"
            if group.protocol == "radius"
            else _look_at(group, server),
        )
    elif requests >= _FEW and timeouts >= requests * _HIGH_SHARE:
        yield Remark(
            group.name,
            server.address,
            Gravity.WARNING,
            f"{where}: {_number(timeouts, 'time-out')} for {_number(requests, 'request')}",
            "Look for loss on the path and load on the server; where people confirm a push or a "
            f"call, {_timeout(server)} may be too short (60 s is usual)",
        )
    if server.round_trip and server.round_trip >= _seconds(server) * 1000 * _NEAR:
        yield Remark(
            group.name,
            server.address,
            Gravity.WARNING,
            f"{where} takes {server.round_trip / 1000:.1f} s on average, near "
            f"{_timeout(server)}: slower answers come too late",
            "Look for load on the server; where people confirm a push or a call, a longer timeout "
            "(60 s is usual) lets them",
        )


def _timeout(server: AaaServer) -> str:
    return f"the time-out of {_seconds(server)} s{'' if server.timeout else ' (the default)'}"


def _seconds(server: AaaServer) -> int:
    return server.timeout or DEFAULT_TIMEOUT


def _asked(group: ServerGroup) -> list[Use]:
    uses = group.uses or ()
    return [use for use in uses if use.asked and use.role is not Role.ADMINISTRATORS]


def _who(uses: Iterable[Use]) -> str:
    names = list(dict.fromkeys(use.by for use in uses))
    kind = "tunnel group" if len(names) == 1 else "tunnel groups"
    shown = ", ".join(names[:3])
    return f"{kind} {shown}{f' and {len(names) - 3} more' if names[3:] else ''}"


def _effect(uses: Sequence[Use]) -> str:
    fate = "fail"
    if all(use.role is Role.ACCOUNTING for use in uses):
        fate = "go without accounting"
    elif all(use.local_fallback for use in uses):
        fate = "fall back to the local users"
    return f"logins of {_who(uses)} {fate}"


def _number(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _span(seconds: float) -> str:
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
