"""Host keys: pinned in a known-hosts file, shown by fingerprint, never added in passing."""

from __future__ import annotations

import base64
import hashlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import paramiko

from headend.errors import HostKeyRefused, InputError, Unreachable


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """The key that a headend shows now, and what is recorded for it (``None``: nothing)."""

    host: str
    port: int
    key: paramiko.PKey
    recorded: str | None

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint as OpenSSH prints it."""
        return fingerprint(self.key)


def fingerprint(key: paramiko.PKey) -> str:
    """Return ``SHA256:...`` of a key, as ``ssh-keygen -l`` prints it."""
    digest = hashlib.sha256(key.asbytes()).digest()
    return "SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("=")


def entry_name(host: str, port: int) -> str:
    """Return the name under which a known-hosts file keeps this address."""
    return host if port == paramiko.config.SSH_PORT else f"[{host}]:{port}"


def load(path: Path) -> paramiko.HostKeys:
    """Read a known-hosts file; a missing one is empty.

    Raises ``InputError`` when it cannot be read.
    """
    keys = paramiko.HostKeys()
    try:
        keys.load(str(path))
    except FileNotFoundError:
        pass
    except (OSError, ValueError, paramiko.SSHException, paramiko.hostkeys.InvalidHostKey) as error:
        raise InputError(f"The known-hosts file {path} cannot be read: {error}") from error
    return keys


class PinnedKeys(paramiko.MissingHostKeyPolicy):
    """Refuse a host whose key was never recorded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def missing_host_key(
        self,
        client: paramiko.SSHClient,  # noqa: ARG002 - paramiko's signature
        hostname: str,
        key: paramiko.PKey,
    ) -> None:
        """Stop the connection before a password is sent."""
        raise HostKeyRefused(
            f"No host key is recorded for {hostname} in {self.path}; it offers {fingerprint(key)}",
            remedy="Compare that fingerprint with the headend's own, then record it: headend trust",
        )


def changed(hostname: str, path: Path, offered: paramiko.PKey, known: paramiko.PKey) -> Exception:
    """Return the error for a key that differs from the recorded one."""
    return HostKeyRefused(
        f"The host key of {hostname} has changed: recorded {fingerprint(known)}, "
        f"offered {fingerprint(offered)} ({path}). No password was sent",
        remedy="Find out why before anything else; then: headend trust --replace",
    )


def offered_key(host: str, port: int, path: Path, wait: float = 10.0) -> OfferedKey:
    """Ask a headend for its key without logging in.

    Raises ``Unreachable`` when no SSH server answers within ``wait`` seconds.
    """
    try:
        with socket.create_connection((host, port), timeout=wait) as connection:
            transport = paramiko.Transport(connection)
            try:
                transport.start_client(timeout=wait)
                key = transport.get_remote_server_key()
            finally:
                transport.close()
    except (OSError, EOFError, paramiko.SSHException) as error:
        raise Unreachable(
            f"{host}:{port} showed no host key: {error or 'connection closed'}"
        ) from error
    recorded: Mapping[str, paramiko.PKey] = load(path).lookup(entry_name(host, port)) or {}
    known = recorded.get(key.get_name()) or next(iter(recorded.values()), None)
    return OfferedKey(host, port, key, fingerprint(known) if known else None)


def record(path: Path, offered: OfferedKey) -> None:
    """Write a key to the known-hosts file, in place of whatever stood there for this address.

    Only this address's lines are replaced; every other line stays as its author wrote it.
    """
    name = entry_name(offered.host, offered.port)
    line = f"{name} {offered.key.get_name()} {offered.key.get_base64()}\n"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        kept = [old for old in path.read_text().splitlines(keepends=True) if not _names(old, name)]
    except FileNotFoundError:
        kept = []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The known-hosts file {path} cannot be read: {error}") from error
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += "\n"
    draft = path.with_name(path.name + ".new")
    draft.touch(mode=0o600)
    draft.write_text("".join(kept) + line)
    draft.replace(path)


def _names(line: str, name: str) -> bool:
    """Whether a known-hosts line is about exactly this address (also when it is hashed)."""
    entry = paramiko.hostkeys.HostKeyEntry.from_line(line) if line.split() else None
    if entry is None:
        return False
    keys = paramiko.HostKeys()
    keys._entries.append(entry)  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
    return keys.lookup(name) is not None and len(entry.hostnames) == 1
