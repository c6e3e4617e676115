"""What a login may do once it is let through: group policy, its limits, access policies."""

from __future__ import annotations

from collections.abc import Iterator

from headend.model.policy import Answer, Known, Point, PolicyLine
from headend.model.servers import LOCAL
from headend.policy.objects import DEFAULT_POLICY, Setting
from headend.policy.way import Way, cited, inherited

LIMITS = (
    (Point.LOGINS, "vpn-simultaneous-logins", "3"),
    (Point.PROTOCOLS, "vpn-tunnel-protocol", "the release's default"),
    (Point.GROUP_LOCK, "group-lock", "none"),
    (Point.HOURS, "vpn-access-hours", "any"),
    (Point.FILTER, "vpn-filter", "none"),
)


def answers(way: Way) -> Iterator[Answer]:
    """Yield the points from the group policy to the dynamic access policy."""
    policy = _policy(way)
    yield policy
    name = policy.value
    for point, attribute, default in LIMITS:
        yield _limit(way, name, point, attribute, default)
    pool = way.general("address-pool") or way.policies.policy_setting(name, "address-pools")
    yield Answer(
        Point.ADDRESSES, pool.text if pool else "none here", cited(pool), note=inherited(pool)
    )
    yield _access_policy(way)


def _policy(way: Way) -> Answer:
    default = way.general("default-group-policy")
    name = default.text if default else DEFAULT_POLICY
    lines = cited(default)
    own = _own(way, "vpn-group-policy")
    if own and own.values:
        return Answer(Point.GROUP_POLICY, own.text, (own.line, *lines), note="the user's own line")
    known, notes, more = Known.YES, [inherited(default)], list(lines)
    if name != DEFAULT_POLICY and name not in way.policies.group_policies:
        notes.append(f"the group policy {name} does not exist")
    for said, line in _others(way):
        known = Known.PARTLY
        notes.append(said)
        more.append(line)
    return Answer(
        Point.GROUP_POLICY, name, tuple(more), known, "; ".join(note for note in notes if note)
    )


def _others(way: Way) -> Iterator[tuple[str, PolicyLine]]:
    """Yield who may name another group policy: attribute maps, and RADIUS with its Class."""
    asked = ["authorization-server-group"]
    if way.asks_password:
        asked.insert(0, "authentication-server-group")
    for attribute in asked:
        setting = way.general(attribute)
        name, group = way.servers(setting)
        if setting is None or group is None:
            continue
        if group.protocol == "radius":
            yield f"{name} may name another one (Class)", setting.line
        for found, line in way.policies.attribute_maps(group):
            mapped = [each.words[-1] for each in found.under("map-value")]
            if mapped and any(each.words[-1] == "Group-Policy" for each in found.under("map-name")):
                given = ", ".join(dict.fromkeys(mapped))
                yield f"the user's directory groups may name another one: {given}", line


def _own(way: Way, attribute: str) -> Setting | None:
    """Return the user's own setting where a login of theirs takes it.

    It does where the headend's own users judge or authorize the login.
    """
    user = way.caller.user
    if not user or way.policies.local_user(user) is None:
        return None
    primary = way.general("authentication-server-group")
    look_up = way.general("authorization-server-group")
    local = (way.asks_password and way.servers(primary)[0].upper() == LOCAL) or (
        look_up is not None and way.servers(look_up)[0].upper() == LOCAL
    )
    return way.policies.user_setting(user, attribute) if local else None


def _limit(way: Way, policy: str, point: Point, attribute: str, default: str) -> Answer:
    setting = _own(way, attribute) or way.policies.policy_setting(policy, attribute)
    if setting is None or setting.values[:1] == ("none",):
        return Answer(point, default, cited(setting))
    values = setting.values[1:] if setting.values[0] == "value" else setting.values
    note = inherited(setting)
    if point is Point.LOGINS and values == ("0",):
        note = "nobody with this group policy gets in"
    elif point is Point.GROUP_LOCK and " ".join(values) != way.group:
        note = f"a login that came through {way.group} is refused"
    return Answer(point, " ".join(values), (setting.line,), note=note)


def _access_policy(way: Way) -> Answer:
    records = way.policies.records()
    names = ", ".join(line.text.split()[1] for line in records) or "DfltAccessPolicy"
    note = "which record is chosen stands in dap.xml, not in the configuration"
    known = Known.NO if len(records) > 1 else Known.PARTLY
    return Answer(Point.ACCESS_POLICY, names, records, known, note)
