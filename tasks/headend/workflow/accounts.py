"""The account behind a user name: where the directory is stands beside the inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from headend.device.credentials import VAULT
from headend.errors import InputError
from headend.identity.directory import Directory, look_up
from headend.model.account import Account

NAME = "directory.yaml"
_KEYS = {"url", "base", "bind_dn", "password", "ca_file", "start_tls", "plain", "groups"}
_LARGEST = 1 << 16


def account(inventory: Path, user: str) -> Account | None:
    """Return what the site's directory tells of a user; see ``look_up`` for what it raises."""
    return look_up(directory_of(inventory), user)


def directory_of(inventory: Path) -> Directory:
    """Read ``directory.yaml`` beside the inventory.

    Raises ``InputError`` with the entry that cannot be used, or where the file is missing.
    """
    path = inventory / NAME
    try:
        data = path.read_bytes()[:_LARGEST]
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}",
            remedy="Write one: url, base, bind_dn, password: env:HEADEND_DIRECTORY_PASSWORD",
        ) from error
    given = _parsed(path, data)
    unknown = sorted(given.keys() - _KEYS)
    missing = sorted({"url", "base", "bind_dn"} - given.keys())
    if unknown or missing:
        what = f"it has {unknown[0]!r}" if unknown else f"it lacks {missing[0]!r}"
        raise InputError(f"{path}: {what}", remedy=f"It has {', '.join(sorted(_KEYS))}")
    reference = str(given.get("password") or "env:HEADEND_DIRECTORY_PASSWORD")
    password = VAULT.resolve(reference, "directory password", str(given["url"]))
    if not password:
        raise InputError(
            f"There is no bind password for {given['url']}",
            remedy="Set HEADEND_DIRECTORY_PASSWORD, or name a reference in directory.yaml",
        )
    authority = given.get("ca_file")
    return Directory(
        url=str(given["url"]),
        base=str(given["base"]),
        bind_dn=str(given["bind_dn"]),
        password=password,
        ca_file=inventory / str(authority) if authority else None,
        start_tls=given.get("start_tls", True) is not False,
        plain=given.get("plain", False) is True,
        groups=tuple(map(str, given.get("groups") or ())),
    )


def _parsed(path: Path, data: bytes) -> dict[str, Any]:
    from ruamel.yaml import YAML  # noqa: PLC0415 - slow, and only this verb reads it
    from ruamel.yaml.error import YAMLError  # noqa: PLC0415 - likewise

    try:
        given = YAML(typ="safe", pure=True).load(data.decode("utf-8"))
    except (YAMLError, ValueError, RecursionError):
        # The error's own text quotes the file, and a password may stand there.
        raise InputError(f"{path} is not valid YAML") from None
    if not isinstance(given, dict):
        raise InputError(f"{path} is not a mapping", remedy="url: ldaps://dc-1.corp.example")
    return {str(key): value for key, value in given.items()}
