"""From credential references to what one login shows: user name, password, keys."""

from __future__ import annotations

import base64
import functools
import hashlib
import threading
from pathlib import Path

import asyncssh

from headend.device import reactor
from headend.device.credentials import VAULT, Credentials, one_time
from headend.device.login import Identity
from headend.errors import InputError

_AGENT = "agent"
# Each key that is offered counts as an attempt, and a headend allows three.
_MOST_KEYS = 2
_LOADING = threading.Lock()


def resolve(
    credentials: Credentials,
    where: str,
    *,
    username: str | None = None,
    password: str | None = None,
) -> Identity:
    """Return who logs in to ``where``; one-time passwords stay references until they are asked for.

    A user name or password that the caller has wins over the references. Raises ``InputError``
    where one is missing or a key cannot be used.
    """
    username = username or VAULT.resolve(credentials.username, "username", where)
    code = ""
    if not password and one_time(credentials.password):
        code = credentials.password
    elif not password:
        password = VAULT.resolve(credentials.password, "password", where)
    if not username or not (password or code or credentials.key):
        missing = "password" if username else "user name"
        raise InputError(
            f"There is no {missing} for {where}",
            remedy="Set HEADEND_USERNAME and HEADEND_PASSWORD, or credentials in the inventory",
        )
    keys = _keys(credentials)
    publics = tuple(key.public_data for key in keys)
    return Identity(username, password or None, code, credentials.passcode, keys, publics)


def _keys(credentials: Credentials) -> tuple[asyncssh.SSHKeyPair, ...]:
    source, _, name = credentials.key.partition(":")
    if not source:
        return ()
    with _LOADING:  # once a run, whoever comes first
        if source == _AGENT:
            return _of_agent(name)
        key = _of_file(credentials.key, credentials.passphrase)
    # A pair of its own for each login: it keeps the algorithm that was agreed on there.
    return tuple(asyncssh.load_keypairs([key]))


@functools.cache
def _of_file(path: str, passphrase: str) -> asyncssh.SSHKey:
    secret = VAULT.resolve(passphrase, "passphrase", path) if passphrase else None
    try:
        return asyncssh.read_private_key(Path(path).expanduser(), secret)
    except (asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        raise InputError(
            f"The private key {path} cannot be used: {error}",
            remedy="An encrypted key needs a passphrase credential: prompt, keyring, command",
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise InputError(f"The private key {path} cannot be read: {reason}") from None


@functools.cache
def _of_agent(name: str) -> tuple[asyncssh.SSHKeyPair, ...]:
    try:
        found = reactor.run(_ask_agent())
    except (OSError, ValueError, asyncssh.Error) as error:
        raise InputError(
            f"The SSH agent gave no keys: {error}",
            remedy="Start it (ssh-agent) and add the key (ssh-add), or name the key's file",
        ) from None
    chosen = tuple(key for key in found if not name or name in _names(key))
    if not chosen:
        held = ", ".join(_names(key)[0] for key in found) or "none"
        raise InputError(f"The SSH agent has no key {name!r}", remedy=f"It holds these: {held}")
    if len(chosen) > _MOST_KEYS:
        raise InputError(
            f"The SSH agent holds {len(chosen)} keys, and each that is shown counts as an attempt",
            remedy=f"Name one, key: agent:NAME, of {', '.join(_names(key)[0] for key in chosen)}",
        )
    return chosen


def _names(key: asyncssh.SSHKeyPair) -> tuple[str, str]:
    digest = base64.b64encode(hashlib.sha256(key.public_data).digest()).decode("ascii")
    fingerprint = "SHA256:" + digest.rstrip("=")
    return key.get_comment() or fingerprint, fingerprint


async def _ask_agent() -> tuple[asyncssh.SSHKeyPair, ...]:
    # It stays connected: the agent signs for each login.
    agent = await asyncssh.connect_agent()
    return tuple(await agent.get_keys())
