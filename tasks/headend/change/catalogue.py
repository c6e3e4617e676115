"""The changes that there are, with their parameters; each has its template of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from headend.change import parameters
from headend.change.parameters import Parameter
from headend.errors import InputError


@dataclass(frozen=True, slots=True)
class Kind:
    """A change by the name of its template.

    ``exposure`` ranks whom it reaches: 1 is one person or device, 2 a group of people, 3 all who
    use a tunnel group. ``acts`` tells that it is typed in exec mode and cannot be undone.
    """

    name: str
    parameters: tuple[Parameter, ...]
    exposure: int
    removes_factor: bool = False
    acts: bool = False
    temporary: bool = False


_SUBJECT = "the common name in the certificate"
_EXCEPTION = (
    parameters.exception(),
    parameters.common_name("subject", _SUBJECT),
    parameters.common_name("issuer", "the common name of the certificate's issuer"),
    parameters.name("tunnel_group", "the tunnel group that is used today"),
    parameters.name("lookup", "the server group that finds the account", optional=True),
)

CATALOGUE: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "certificate-for-user",
            _EXCEPTION,
            exposure=1,
            removes_factor=True,
            temporary=True,
        ),
        Kind(
            "certificate-for-device",
            _EXCEPTION,
            exposure=1,
            removes_factor=True,
            temporary=True,
        ),
        Kind(
            "password-and-certificate",
            (
                *_EXCEPTION,
                parameters.name("server_group", "the server group that checks the password"),
            ),
            exposure=1,
            removes_factor=True,
            temporary=True,
        ),
        Kind(
            "unlock-local-user",
            (parameters.user("user", "the local user"),),
            exposure=1,
            acts=True,
        ),
        Kind(
            "ldap-map-value",
            (
                parameters.name("attribute_map", "the LDAP attribute map"),
                parameters.name("attribute", "the directory's attribute, say memberOf"),
                parameters.distinguished_name("directory_group", "the directory group's name"),
                parameters.name("group_policy", "the group policy for its members"),
            ),
            exposure=2,
        ),
        Kind(
            "simultaneous-logins",
            (
                parameters.name("group_policy", "the group policy"),
                parameters.number("logins", "how many sessions at a time", 1, 100),
            ),
            exposure=2,
        ),
        Kind(
            "server-timeout",
            (
                parameters.name("server_group", "the AAA server group"),
                parameters.name("server", "the server's address or name in it"),
                parameters.number("seconds", "how long the headend waits for an answer", 1, 300),
            ),
            exposure=3,
        ),
        Kind(
            "move-server-group",
            (
                parameters.name("tunnel_group", "the tunnel group"),
                parameters.name("server_group", "the server group that shall judge its logins"),
            ),
            exposure=3,
        ),
    )
}


def kind_named(name: str) -> Kind:
    """Return a kind of change; raises ``InputError`` for one that there is not."""
    try:
        return CATALOGUE[name]
    except KeyError:
        raise InputError(
            f"There is no change {parameters.shown(name)}", remedy=f"One of: {', '.join(CATALOGUE)}"
        ) from None
