"""What a change takes from the configuration that it changes: names, and what stands there now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from headend.errors import InputError
from headend.model.servers import LOCAL
from headend.policy.configuration import Configuration
from headend.policy.objects import DEFAULT_POLICY, GENERAL, Policies, ServerGroup

Facts = Mapping[str, object]
_Derive = Callable[[Configuration, Mapping[str, str]], Facts]
# By what a look-up finds the account of a certificate's name: a machine's is no sAMAccountName.
_LOOKED_UP = {"user": "userPrincipalName", "machine": "dNSHostName"}
_NAME_FROM = {"user": "UPN", "machine": "CN"}


def facts(kind: str, configuration: Configuration, given: Mapping[str, str]) -> Facts:
    """Return what the template of a change uses besides its parameters.

    Raises ``InputError`` where the configuration lacks what the change needs.
    """
    return _FACTS[kind](configuration, given)


def _exempted(configuration: Configuration, given: Mapping[str, str], store: str = "user") -> Facts:
    policies = Policies(configuration)
    source = _existing(policies, given["tunnel_group"])
    pool = policies.tunnel_setting(source, GENERAL, "address-pool")
    base = policies.tunnel_setting(source, GENERAL, "default-group-policy")
    if pool is None:
        raise InputError(
            f"The tunnel group {source} has no address pool of its own to take over",
            remedy="Name a tunnel group whose users get their address from a pool",
        )
    if "server_group" in given:
        _server_group(policies, given["server_group"])
    found = _lookup(policies, given.get("lookup"), store)
    trustpoint = configuration.first("crypto", "ca", "trustpoint")
    checks = trustpoint.under("revocation-check") if trustpoint else ()
    return {
        "map": f"CM-EXC-{given['exception']}",
        "policy": f"GP-EXC-{given['exception']}",
        "group": f"TG-EXC-{given['exception']}",
        "tunnel_group": source,
        "base_policy": base.text if base else DEFAULT_POLICY,
        "pool": pool.text,
        "lookup": found.name,
        "lookup_by": _LOOKED_UP[store],
        "lookup_base": ", ".join(base_dn for base_dn, _ in found.values("ldap-base-dn")),
        "name_from": _NAME_FROM[store],
        "store": f"the {store} store",
        "revocation": checks[0].text if checks else "no revocation-check line: it is OFF",
        "first_map": not policies.certificate_rules(),
    }


def _moved(configuration: Configuration, given: Mapping[str, str]) -> Facts:
    policies = Policies(configuration)
    group = _existing(policies, given["tunnel_group"])
    _server_group(policies, given["server_group"])
    section = configuration.first("tunnel-group", group, GENERAL)
    said = section.under("authentication-server-group") if section else ()
    # One for the logins of an interface, "(outside) RSA", is another line, and stays.
    own = [line for line in said if not line.words[1].startswith("(")]
    setting = policies.tunnel_setting(group, GENERAL, "authentication-server-group")
    at_doors = {
        door: policies.tunnel_setting(group, GENERAL, "authentication-server-group", interface=door)
        for door in policies.interfaces
    }
    stays = {
        door: one for door, one in at_doors.items() if one and one.interface and not one.inherited
    }
    if stays and len(stays) == len(at_doors):
        raise InputError(
            f"{group} has a line for the logins at {', '.join(stays)}, which this change does not "
            "edit: it would reach nobody",
            remedy="Have those lines moved by hand: headend policy shows which counts",
        )
    name = setting.values[0] if setting and setting.values else LOCAL
    return {
        "tunnel_group": group,
        "previous": own[0].text if own else "",
        "previous_name": name,
        "previous_group": "" if name == LOCAL else name,
        "stays": ", ".join(f"{door} ({one.text})" for door, one in stays.items()),
    }


def _timed(configuration: Configuration, given: Mapping[str, str]) -> Facts:
    group = _server_group(Policies(configuration), given["server_group"])
    for host in group.hosts:
        if host.words[-1].lower() == given["server"].lower():
            own = host.under("timeout")
            return {"head": host.text, "previous": own[0].text if own else ""}
    known = ", ".join(host.words[-1] for host in group.hosts) or "no server"
    raise InputError(f"{group.name} has no server {given['server']}", remedy=f"It has {known}")


def _unlocked(configuration: Configuration, given: Mapping[str, str]) -> Facts:
    if Policies(configuration).local_user(given["user"]) is None:
        raise InputError(
            f"The headend has no local user {given['user']}",
            remedy="An account of the directory is unlocked there, not here",
        )
    return {}


def _mapped(configuration: Configuration, given: Mapping[str, str]) -> Facts:
    _group_policy(configuration, given["group_policy"])
    found = configuration.first("ldap", "attribute-map", given["attribute_map"])
    if found is None:
        raise InputError(f"There is no LDAP attribute map {given['attribute_map']}")
    name = given["directory_group"].partition("=")[2].partition(",")[0]
    return {"common_name": name}


def _counted(configuration: Configuration, given: Mapping[str, str]) -> Facts:
    _group_policy(configuration, given["group_policy"])
    section = configuration.first("group-policy", given["group_policy"], "attributes")
    own = section.under("vpn-simultaneous-logins") if section else ()
    return {"previous": own[0].text if own else ""}


def _existing(policies: Policies, name: str) -> str:
    for known in policies.tunnel_groups:
        if known.lower() == name.lower():
            return known
    raise InputError(
        f"There is no tunnel group {name}", remedy=f"There are {', '.join(policies.tunnel_groups)}"
    )


def _group_policy(configuration: Configuration, name: str) -> None:
    if configuration.first("group-policy", name) is None:
        known = ", ".join(configuration.names("group-policy"))
        raise InputError(f"There is no group policy {name}", remedy=f"There are {known}")


def _server_group(policies: Policies, name: str) -> ServerGroup:
    group = policies.server_group(name)
    if group is None:
        known = dict.fromkeys(policies.configuration.names("aaa-server"))
        raise InputError(
            f"There is no AAA server group {name}", remedy=f"There are {', '.join(known)}"
        )
    return group


def _lookup(policies: Policies, wanted: str | None, store: str) -> ServerGroup:
    """Return the server group that finds the account of such a certificate.

    Its answer must not name another group policy, which would drop the exception's own limits,
    and it must not send a password: so an LDAP group without attribute map, by the right name.
    """
    attribute = _LOOKED_UP[store]
    names = (wanted,) if wanted else policies.configuration.names("aaa-server")
    for name in names:
        group = policies.server_group(name)
        problem = "it is not configured" if group is None else _unfit(group, attribute)
        if group is not None and not problem:
            return group
        if wanted:
            raise InputError(
                f"{wanted} cannot look up this certificate's account: {problem}",
                remedy=f"Name an LDAP group with ldap-naming-attribute {attribute}, without map",
            )
    raise InputError(
        f"No server group here finds an account by {attribute} without an attribute map",
        remedy="Have one configured first: that is a change of its own to review",
    )


def _unfit(group: ServerGroup, attribute: str) -> str:
    if group.protocol == "radius" and not group.settings.under("authorize-only"):
        return "RADIUS would send a common password or the name as password, and lock accounts"
    if group.protocol != "ldap":
        return f"it speaks {group.protocol}"
    if group.values("ldap-attribute-map"):
        return "its attribute map may name another group policy"
    named = {value.lower() for value, _ in group.values("ldap-naming-attribute")}
    return "" if named == {attribute.lower()} else f"it searches by {', '.join(named) or 'nothing'}"


_FACTS: Mapping[str, _Derive] = {
    "certificate-for-user": _exempted,
    "certificate-for-device": partial(_exempted, store="machine"),
    "password-and-certificate": _exempted,
    "move-server-group": _moved,
    "server-timeout": _timed,
    "unlock-local-user": _unlocked,
    "ldap-map-value": _mapped,
    "simultaneous-logins": _counted,
}
