"""When two spellings of a user name mean one login."""

from __future__ import annotations


def same_user(one: str | None, other: str | None) -> bool:
    r"""Whether two spellings name one user: ``CORP\jdoe``, ``jdoe@corp.example`` and ``jdoe``.

    A NetBIOS domain is compared with the first label of a realm. Two names that both carry a
    realm, and not the same, are two people.
    """
    if not one or not other:
        return False
    (name, realm), (other_name, other_realm) = _split(one), _split(other)
    return name == other_name and (not realm or not other_realm or realm == other_realm)


def bare_name(user: str) -> str:
    """Return what two spellings of one user have in common: names that differ here differ."""
    return _split(user)[0]


def _split(user: str) -> tuple[str, str]:
    user = user.strip().casefold()
    realm, backslash, name = user.rpartition("\\")
    if backslash:
        return name, realm
    name, _, realm = user.partition("@")
    return name, realm.partition(".")[0]
