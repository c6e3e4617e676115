"""Credentials by reference: resolved at the moment of use, never tried again after a refusal."""

from __future__ import annotations

import getpass
import importlib
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any

from headend.errors import InputError, LoginRefused

_COMMAND_WAIT = 30.0
_NAMES = {"username", "probe username"}  # roles that are shown
_SECRETS = ("PASSWORD", "ENABLE", "PROBE_PASSWORD")


@dataclass(frozen=True, slots=True)
class Credentials:
    """References (``env:NAME``, ``keyring:SERVICE/USER``, ``command:LINE``, ``prompt``) by role."""

    username: str = "env:HEADEND_USERNAME"
    password: str = "env:HEADEND_PASSWORD"  # noqa: S105 - a reference
    enable: str = "env:HEADEND_ENABLE"
    probe_username: str = "env:HEADEND_PROBE_USERNAME"
    probe_password: str = "env:HEADEND_PROBE_PASSWORD"  # noqa: S105 - a reference

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> Credentials:
        """Read the ``credentials:`` mapping of a host's or group's inventory data.

        Raises ``InputError`` for an unknown role or for a value that is not a reference.
        """
        if not isinstance(data, Mapping | None):
            raise InputError("The inventory's credentials are not a mapping of role to reference")
        given = dict(data or {})
        roles = [each.name for each in fields(cls)]
        unknown = sorted(set(given) - set(roles))
        if unknown:
            raise InputError(
                f"The inventory's credentials name {unknown[0]!r}",
                remedy=f"Use {', '.join(roles)}",
            )
        for role, reference in given.items():
            _split(str(reference), role)
        return cls(**{role: str(reference) for role, reference in given.items()})


@dataclass
class Vault:
    """What the references of this process resolved to, in memory only.

    ``known()`` feeds the redaction: a value that we know never reaches disk or screen.
    """

    _values: dict[str, str] = field(default_factory=dict, repr=False)
    _secrets: set[str] = field(default_factory=set, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def resolve(self, reference: str, role: str, where: str) -> str | None:
        """Return the value behind a reference, ``None`` when there is none.

        ``role`` and ``where`` name the value in a prompt or an error. Raises ``InputError`` when
        a command or the keyring fails.
        """
        # The lock spans the prompt: several headends must not ask the same question at once.
        with self._lock:
            if reference not in self._values:
                value = _look_up(reference, role, where)
                if value is None:
                    return None
                self._values[reference] = value
                if role not in _NAMES:
                    self._secrets.add(value)
            return self._values[reference]

    def known(self) -> tuple[str, ...]:
        """Return every secret resolved so far, and those that the environment holds anyway."""
        from_environment = (os.environ.get(f"HEADEND_{name}") for name in _SECRETS)
        return tuple({*self._secrets, *(value for value in from_environment if value)})


def _split(reference: str, role: str) -> tuple[str, str]:
    kind, _, rest = reference.partition(":")
    if kind not in {"env", "keyring", "command", "prompt"} or (kind != "prompt" and not rest):
        raise InputError(
            f"The {role} credential is not a reference",
            remedy="Write env:NAME, keyring:SERVICE/USER, command:LINE or prompt; never the value",
        )
    return kind, rest


def _look_up(reference: str, role: str, where: str) -> str | None:
    kind, rest = _split(reference, role)
    if kind == "env":
        return os.environ.get(rest)
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


def _ask(role: str, where: str) -> str | None:
    if not sys.stdin.isatty():
        return None
    question = f"{role} for {where}: "
    return (input(question) if role in _NAMES else getpass.getpass(question)) or None


def _from_keyring(rest: str, role: str) -> str | None:
    service, _, user = rest.partition("/")
    try:
        found: str | None = importlib.import_module("keyring").get_password(service, user)
    except ImportError:
        raise InputError(
            f"The {role} credential is in a keyring, and the keyring library is not installed",
            remedy="pip install 'headend[keyring]'",
        ) from None
    except Exception as error:  # noqa: BLE001 - each keyring backend has its own errors
        raise InputError(f"The keyring gave no {role} credential: {type(error).__name__}") from None
    return found


class LoginGate:
    """Let the first login with a credential run alone; after a refusal, let none run at all.

    A headend's directory locks an account after a few wrong passwords. With forty headends in one
    run, one wrong password must be one attempt.
    """

    def __init__(self) -> None:
        self._turn = threading.Condition()
        self._state: dict[tuple[str, str], _Credential] = {}

    @contextmanager
    def attempt(self, username: str, secret: str, where: str) -> Iterator[None]:
        """Run one login; ``LoginRefused`` out of the block burns the credential."""
        with self._turn:
            credential = self._state.setdefault((username, secret), _Credential())
            self._turn.wait_for(lambda: not credential.on_trial)
            refused_by = credential.refused_by
            if not refused_by:
                credential.on_trial = not credential.proven
        if refused_by:
            raise LoginRefused(
                f"The credential of {username!r} was refused by {refused_by} and is "
                f"not tried on {where}",
                remedy="One wrong password is one attempt: correct it and start again",
            )
        try:
            yield
            credential.proven = True
        except LoginRefused:
            credential.refused_by = where
            raise
        finally:
            with self._turn:
                credential.on_trial = False
                self._turn.notify_all()


@dataclass
class _Credential:
    on_trial: bool = False
    proven: bool = False
    refused_by: str = ""


VAULT = Vault()
GATE = LoginGate()
