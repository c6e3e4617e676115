"""A directory, looked into over LDAP: one search for an account, nothing is ever written.

python-ldap (OpenLDAP's own library below it) is the client that is kept: it had a release in
September 2026; the last one of ldap3 is of July 2021.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from headend.errors import InputError, LoginRefused, Unreachable
from headend.identity import attributes
from headend.model.account import Account

_WAIT = 10.0
_MOST = 5  # entries: more than one is an ambiguity, not a result


@dataclass(frozen=True, slots=True)
class Directory:
    """Where a directory is, as whom it is asked, and what counts as access to the VPN.

    ``plain`` lets the password travel without TLS: for tests on this machine only.
    """

    url: str
    base: str
    bind_dn: str
    password: str = field(repr=False)  # a traceback with values must not print it
    ca_file: Path | None = None
    start_tls: bool = True
    plain: bool = False
    groups: tuple[str, ...] = ()


def look_up(directory: Directory, user: str) -> Account | None:
    r"""Return the account of ``user`` (``jdoe``, ``CORP\jdoe``, ``jdoe@corp.example``).

    ``None`` where there is none. Raises ``InputError`` (no library, no TLS, a name that is
    several accounts), ``Unreachable``, ``LoginRefused`` (the bind).
    """
    ldap = _library()
    try:
        connection = _connected(ldap, directory)
        try:
            _bind(ldap, connection, directory)
            found = _search(ldap, connection, directory, user)
            domain = _domain(ldap, connection, directory)
        finally:
            connection.unbind_ext_s()
    except ldap.LDAPError as error:
        raise _unreachable(directory, error) from error
    if len(found) > 1:
        names = ", ".join(dn for dn, _ in found)
        raise InputError(
            f"{user!r} is {len(found)} accounts: {names}",
            remedy="Give the whole name, with its realm",
        )
    if not found:
        return None
    dn, entry = found[0]
    return attributes.account(dn, entry, datetime.now(UTC), domain, directory.groups)


def _library() -> Any:
    try:
        return importlib.import_module("ldap")
    except ImportError:
        raise InputError(
            "Looking into a directory needs python-ldap, and it is not installed",
            remedy="With libldap2-dev and libsasl2-dev: pip install '.[directory]'",
        ) from None


def _connected(ldap: Any, directory: Directory) -> Any:
    scheme = urlsplit(directory.url).scheme
    if scheme not in {"ldap", "ldaps"}:
        raise InputError(
            f"{directory.url!r} is no address of a directory", remedy="ldaps://dc-1.corp.example"
        )
    encrypted = scheme == "ldaps" or directory.start_tls
    if not encrypted and not directory.plain:
        raise InputError(
            f"The bind password would travel to {directory.url} in clear",
            remedy="Use ldaps://, or start_tls: true",
        )
    connection = ldap.initialize(directory.url)
    connection.set_option(ldap.OPT_PROTOCOL_VERSION, ldap.VERSION3)
    connection.set_option(ldap.OPT_NETWORK_TIMEOUT, _WAIT)
    connection.set_option(ldap.OPT_TIMEOUT, _WAIT)
    connection.set_option(ldap.OPT_REFERRALS, 0)  # a referral would carry the bind elsewhere
    connection.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
    if directory.ca_file:
        connection.set_option(ldap.OPT_X_TLS_CACERTFILE, str(directory.ca_file))
    if encrypted:
        connection.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    if encrypted and scheme == "ldap":
        connection.start_tls_s()
    return connection


def _bind(ldap: Any, connection: Any, directory: Directory) -> None:
    if not directory.password:
        # An empty password is an anonymous bind, which succeeds and sees nothing (RFC 4513).
        raise InputError("There is no bind password for the directory")
    try:
        connection.simple_bind_s(directory.bind_dn, directory.password)
    except ldap.INVALID_CREDENTIALS:
        raise LoginRefused(
            f"The directory refused the bind of {directory.bind_dn!r}",
            remedy="It was tried once and is not tried again; correct the password first",
        ) from None


def _search(
    ldap: Any, connection: Any, directory: Directory, user: str
) -> Sequence[tuple[str, Mapping[str, Sequence[str]]]]:
    escape = importlib.import_module("ldap.filter").escape_filter_chars
    short = escape(user.rpartition("\\")[2].partition("@")[0], 2)
    whole = escape(user, 2)
    wanted = f"(|(sAMAccountName={short})(userPrincipalName={whole}))"
    try:
        found = connection.search_ext_s(
            directory.base,
            ldap.SCOPE_SUBTREE,
            f"(&(objectClass=user){wanted})",
            attrlist=list(attributes.ACCOUNT),
            timeout=_WAIT,
            sizelimit=_MOST,
        )
    except ldap.NO_SUCH_OBJECT:
        raise InputError(f"The directory has no entry {directory.base!r} to search below") from None
    entries = [(dn, _texts(entry)) for dn, entry in found if dn]  # a referral has no name
    # A name with its realm means that one account, whatever else has the same short name.
    exact = [each for each in entries if "@" in user and _is(each[1], user)]
    return exact or entries


def _domain(ldap: Any, connection: Any, directory: Directory) -> Mapping[str, Sequence[str]]:
    try:
        found = connection.search_ext_s(
            directory.base, ldap.SCOPE_BASE, attrlist=list(attributes.DOMAIN), timeout=_WAIT
        )
    except ldap.LDAPError:
        return {}  # without it only the computed attributes tell of expiry
    return _texts(found[0][1]) if found else {}


def _is(entry: Mapping[str, Sequence[str]], user: str) -> bool:
    names = [
        value
        for name, values in entry.items()
        if name.lower() == "userprincipalname"
        for value in values
    ]
    return any(value.lower() == user.lower() for value in names)


def _texts(entry: Mapping[str, Sequence[bytes]]) -> dict[str, list[str]]:
    return {
        name: [value.decode("utf-8", "backslashreplace") for value in values]
        for name, values in entry.items()
    }


def _unreachable(directory: Directory, error: Exception) -> Unreachable:
    told = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    # Of a certificate that does not fit OpenLDAP only says "unknown error code".
    said = "; ".join(str(told[key]) for key in ("desc", "info") if told.get(key))
    return Unreachable(
        f"{directory.url} could not be asked: {said or type(error).__name__}",
        remedy="Check its address, its certificate and the CA file: inventory/directory.yaml",
    )
