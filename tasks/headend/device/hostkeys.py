"""Host keys: pinned in a known-hosts file, shown by fingerprint, never added in passing."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from headend.errors import HostKeyRefused, InputError

_SSH_PORT = 22
# Which kind of key is asked for first where none is recorded.
_PREFERRED = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "rsa-sha2-512",
    "rsa-sha2-256",
)
_RSA = "ssh-rsa"  # as a kind of key; as an algorithm it is RSA with SHA-1


@dataclass(frozen=True, slots=True)
class OfferedKey:
    """The key that a headend shows now, and what is recorded for it (``None``: nothing)."""

    host: str
    port: int
    key: asyncssh.SSHKey
    recorded: str | None

    @property
    def fingerprint(self) -> str:
        """The key's fingerprint as OpenSSH prints it (``SHA256:...``)."""
        return self.key.get_fingerprint()


@dataclass(frozen=True, slots=True)
class Pins:
    """What a known-hosts file holds for one address."""

    name: str
    path: Path
    keys: tuple[asyncssh.SSHKey, ...]
    revoked: tuple[asyncssh.SSHKey, ...] = ()

    def algorithms(self, extra: Sequence[str] = ()) -> list[str]:
        """Return the algorithms to ask for: those of the recorded keys first.

        A headend with several keys then shows the one that is recorded, and one that shows
        another has changed.
        """
        order = [*_PREFERRED, *extra]
        recorded = {_kind(name) for key in self.keys for name in (key.get_algorithm(),)}
        return sorted(order, key=lambda name: _kind(name) not in recorded)

    def refusal(self, offered: asyncssh.SSHKey) -> HostKeyRefused:
        """Return the error for a key that is not one of these."""
        shown = offered.get_fingerprint()
        if offered in self.revoked:
            return HostKeyRefused(
                f"The host key {shown} of {self.name} is marked as revoked in {self.path}. No "
                "password was sent",
                remedy="Find out who answers at that address before anything else",
            )
        if not self.keys:
            return HostKeyRefused(
                f"No host key is recorded for {self.name} in {self.path}; it offers {shown}",
                remedy="Compare that fingerprint with the headend's own, then record it: "
                "headend trust",
            )
        recorded = " and ".join(key.get_fingerprint() for key in self.keys)
        return HostKeyRefused(
            f"The host key of {self.name} has changed: recorded {recorded}, offered {shown} "
            f"({self.path}). No password was sent",
            remedy="Find out why before anything else; then: headend trust --replace",
        )


def entry_name(host: str, port: int) -> str:
    """Return the name under which a known-hosts file keeps this address."""
    return host if port == _SSH_PORT else f"[{host}]:{port}"


def pins(path: Path, host: str, port: int) -> Pins:
    """Return what is recorded for an address; nothing where the file is missing.

    Raises ``InputError`` when the file cannot be read.
    """
    name = entry_name(host, port)
    try:
        status = path.stat()
        known = _read(path, status.st_mtime_ns, status.st_size)
    except FileNotFoundError:
        return Pins(name, path, ())
    except (OSError, ValueError, asyncssh.KeyImportError) as error:
        raise InputError(f"The known-hosts file {path} cannot be read: {error}") from error
    keys, _authorities, revoked, *_ = asyncssh.match_known_hosts(known, name, "", None)
    return Pins(name, path, tuple(keys), tuple(revoked))


@functools.lru_cache(maxsize=8)
def _read(path: Path, _changed: int, _size: int) -> asyncssh.SSHKnownHosts:
    # Once a run, not once a login; a file that was written meanwhile is read again.
    return asyncssh.read_known_hosts(str(path))


def offered(host: str, port: int, path: Path, key: asyncssh.SSHKey) -> OfferedKey:
    """Set a key that was shown beside what is recorded for that address."""
    recorded = pins(path, host, port).keys
    same = [each for each in recorded if _kind_of(each) == _kind_of(key)] or list(recorded)
    known = key if key in same else next(iter(same), None)
    return OfferedKey(host, port, key, known.get_fingerprint() if known else None)


def record(path: Path, offered: OfferedKey) -> None:
    """Write a key to the known-hosts file, in place of whatever stood there for this address.

    Only this address's lines are replaced; every other line stays as its author wrote it.
    """
    name = entry_name(offered.host, offered.port)
    line = f"{name} {_public(offered.key)}\n"
    try:
        kept = [old for old in path.read_text().splitlines(keepends=True) if not _names(old, name)]
    except FileNotFoundError:
        kept = []
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The known-hosts file {path} cannot be read: {error}") from error
    if kept and not kept[-1].endswith("\n"):
        kept[-1] += "\n"
    draft = path.with_name(path.name + ".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft.touch(mode=0o600)
        draft.write_text("".join(kept) + line)
        draft.replace(path)
    except OSError as error:
        raise InputError(
            f"The known-hosts file {path} cannot be written: {error.strerror or error}",
            remedy="Name another file: HEADEND_KNOWN_HOSTS",
        ) from error


def _public(key: asyncssh.SSHKey) -> str:
    algorithm, data, *_ = key.export_public_key().decode("ascii").split()
    return f"{algorithm} {data}"


def _names(line: str, name: str) -> bool:
    """Whether a known-hosts line is about exactly this address (also when it is hashed)."""
    patterns, _, _ = line.strip().partition(" ")
    if not patterns or patterns[0] in "#@" or "," in patterns:
        return False
    if patterns == name:
        return True
    if not patterns.startswith("|"):
        return False
    try:
        keys, *_ = asyncssh.match_known_hosts(asyncssh.import_known_hosts(line), name, "", None)
    except (ValueError, asyncssh.KeyImportError):
        return False
    return bool(keys)


def _kind_of(key: asyncssh.SSHKey) -> str:
    return _kind(key.get_algorithm())


def _kind(algorithm: str) -> str:
    return _RSA if algorithm.startswith(("rsa-", "ssh-rsa")) else algorithm
