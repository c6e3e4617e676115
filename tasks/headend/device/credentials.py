"""Credentials by reference: resolved at the moment of use, a one-time password for one use."""

from __future__ import annotations

import getpass
import importlib
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from headend.errors import InputError

_COMMAND_WAIT = 30.0
# A code generator gives the same code for 30 s as a rule (RFC 6238); the next one is waited for.
_NEXT_CODE_WAIT = 35.0
_NEXT_CODE_TICK = 1.0
_ONE_TIME = "otp:"
_NAMES = {"username", "probe username"}  # roles that are shown
_SECRETS = ("PASSWORD", "ENABLE", "PROBE_PASSWORD")


@dataclass(frozen=True, slots=True)
class Credentials:
    """References by role; ``""`` where a role has none.

    ``env:NAME``, ``keyring:SERVICE/USER``, ``command:LINE`` or ``prompt`` give a value for the
    whole run; ``otp:prompt`` and ``otp:command:LINE`` one for a single use. ``passcode`` answers
    what a headend asks beyond the password. ``key`` is the path of a private key (``passphrase``
    opens it), ``agent`` the SSH agent, ``agent:NAME`` its key with that comment or fingerprint.
    """

    username: str = "env:HEADEND_USERNAME"
    password: str = "env:HEADEND_PASSWORD"  # noqa: S105 - a reference
    enable: str = "env:HEADEND_ENABLE"
    passcode: str = ""
    key: str = ""
    passphrase: str = ""
    probe_username: str = "env:HEADEND_PROBE_USERNAME"
    probe_password: str = "env:HEADEND_PROBE_PASSWORD"  # noqa: S105 - a reference

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> Credentials:
        """Read the ``credentials:`` mapping of a host's or group's inventory data.

        Raises ``InputError`` for an unknown role or for a value that is not a reference.
        """
        if not isinstance(data, Mapping | None):
            raise InputError("The inventory's credentials are not a mapping of role to reference")
        given = {str(role): str(reference) for role, reference in (data or {}).items()}
        roles = [each.name for each in fields(cls)]
        unknown = sorted(set(given) - set(roles))
        if unknown:
            raise InputError(
                f"The inventory's credentials name {unknown[0]!r}",
                remedy=f"The roles are {', '.join(roles)}",
            )
        for role, reference in given.items():
            if role == "key":
                _check_key(reference)
            else:
                _split(reference, role)
        return cls(**given)


def one_time(reference: str) -> bool:
    """Whether the reference gives a value that serves for one use only."""
    return reference.startswith(_ONE_TIME)


@dataclass
class Vault:
    """What the references of this process resolved to, in memory only.

    ``known()`` feeds the redaction: a value that we know never reaches disk or screen.
    """

    _values: dict[str, str] = field(default_factory=dict, repr=False)
    _secrets: set[str] = field(default_factory=set, repr=False)
    _used: set[tuple[str, str]] = field(default_factory=set, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _asking: dict[str, threading.Lock] = field(default_factory=dict, repr=False)

    def resolve(self, reference: str, role: str, where: str) -> str | None:
        """Return the value behind a reference, ``None`` when there is none.

        ``role`` and ``where`` name the value in a prompt or an error. Blocks while somebody is
        asked. Raises ``InputError`` when a command or the keyring fails.
        """
        with self._lock:
            asking = self._asking.setdefault(reference, threading.Lock())
        # Several headends must not ask the same question at once.
        with asking:
            value = self._values.get(reference)
            if value is None and reference:
                fresh = one_time(reference)
                value = (self._next if fresh else _look_up)(reference, role, where)
                if value is not None and not fresh:
                    self._values[reference] = value
            if value is not None and role not in _NAMES:
                self._secrets.add(value)
            return value

    def _next(self, reference: str, role: str, where: str) -> str:
        """Return a code that was not used before."""
        source = reference.removeprefix(_ONE_TIME)
        deadline = time.monotonic() + _NEXT_CODE_WAIT
        while True:
            value = _look_up(source, role, where)
            if value is None:
                raise InputError(
                    f"There is no {role} for {where}",
                    remedy="Run it in a terminal, where it can be asked for, or use "
                    "otp:command:LINE with a command that prints one",
                )
            if (source, value) not in self._used:
                self._used.add((source, value))
                return value
            if source == "prompt" or time.monotonic() > deadline:
                raise InputError(
                    f"The {role} for {where} is the one that was used before",
                    remedy="A one-time password serves once: wait for the next, and start again",
                )
            time.sleep(_NEXT_CODE_TICK)

    def known(self) -> tuple[str, ...]:
        """Return every secret resolved so far, and those that the environment holds anyway."""
        from_environment = (os.environ.get(f"HEADEND_{name}") for name in _SECRETS)
        return tuple({*self._secrets, *(value for value in from_environment if value)})


def _check_key(reference: str) -> None:
    if not reference or "\n" in reference or "PRIVATE KEY" in reference:
        raise InputError(
            "The key credential is not a path",
            remedy="Write the path of the private key, or agent; never the key itself",
        )


def _split(reference: str, role: str) -> tuple[str, str]:
    kind, _, rest = reference.removeprefix(_ONE_TIME).partition(":")
    kinds = (
        {"command", "prompt"} if one_time(reference) else {"env", "keyring", "command", "prompt"}
    )
    if kind not in kinds or bool(rest) is (kind == "prompt"):
        raise InputError(
            f"The {role} credential is not a reference",
            remedy="Write env:NAME, keyring:SERVICE/USER, command:LINE, prompt, otp:command:LINE "
            "or otp:prompt; never the value",
        )
    return kind, rest


def _look_up(reference: str, role: str, where: str) -> str | None:
    kind, rest = _split(reference, role)
    if kind == "env":
        return os.environ.get(rest) or None
    if kind == "prompt":
        return _ask(role, where)
    if kind == "keyring":
        return _from_keyring(rest, role)
    try:
        done = subprocess.run(  # noqa: S603 - the engineer's own inventory names the command
            shlex.split(rest), capture_output=True, text=True, timeout=_COMMAND_WAIT, check=True
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        # The error's own text may carry what the command printed.
        raise InputError(
            f"The command for the {role} credential failed: {type(error).__name__}"
        ) from None
    return done.stdout.rstrip("\r\n") or None


_TERMINAL = threading.Lock()


def _ask(role: str, where: str) -> str | None:
    if not sys.stdin.isatty():
        return None
    question = f"{role} for {where}: "
    with _TERMINAL:
        return (input(question) if role in _NAMES else getpass.getpass(question)) or None


def _from_keyring(rest: str, role: str) -> str | None:
    service, _, user = rest.partition("/")
    try:
        found: str | None = importlib.import_module("keyring").get_password(service, user)
    except ImportError:
        raise InputError(
            f"The {role} credential is in a keyring, and the keyring library is not installed",
            remedy="In the checkout: pip install '.[keyring]'",
        ) from None
    except Exception as error:  # noqa: BLE001 - each keyring backend has its own errors
        raise InputError(f"The keyring gave no {role} credential: {type(error).__name__}") from None
    return found


VAULT = Vault()
