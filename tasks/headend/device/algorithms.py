"""SSH algorithms: today's for every headend, yesterday's only where the inventory says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from headend.errors import InputError

# Old ASA releases offer these and nothing else: SHA-1 key exchange and signatures, CBC ciphers.
OLD_EXCHANGES = ("diffie-hellman-group14-sha1", "diffie-hellman-group1-sha1")
OLD_CIPHERS = ("aes256-cbc", "aes192-cbc", "aes128-cbc", "3des-cbc")
OLD_MACS = ("hmac-sha1-96",)
OLD_SIGNATURES = ("ssh-rsa",)
OLD = (*OLD_EXCHANGES, *OLD_CIPHERS, *OLD_MACS, *OLD_SIGNATURES)

_EXCHANGES = (
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group-exchange-sha256",
)
_CIPHERS = (
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
)
_MACS = (
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
    "hmac-sha1",  # all that "ssh cipher integrity medium" leaves; nothing forges it yet
)
# As asyncssh words it: "No matching encryption algorithm found, sent a,b and received c,d".
_NO_MATCH = re.compile(
    r"No matching (?P<what>[\w ]+) algorithm found, sent .* received (?P<has>.*)"
)


@dataclass(frozen=True, slots=True)
class Algorithms:
    """What may be negotiated; ``old`` holds those beyond today's that the inventory allows."""

    old: frozenset[str] = frozenset()

    @classmethod
    def from_data(cls, data: object) -> Algorithms:
        """Read ``legacy_algorithms:`` of the inventory: ``true``, or a list of names.

        Raises ``InputError`` for anything else.
        """
        if isinstance(data, bool) or data is None:
            return cls(frozenset(OLD) if data else frozenset())
        if not isinstance(data, list) or not all(name in OLD for name in data):
            raise InputError(
                f"The inventory's legacy_algorithms {data!r} is neither true nor a list of them",
                remedy=f"Known are {', '.join(OLD)}",
            )
        return cls(frozenset(data))

    @property
    def signatures(self) -> list[str]:
        """The old host-key algorithms that are allowed."""
        return self._allowed(OLD_SIGNATURES)

    def options(self) -> dict[str, list[str]]:
        """Return the keywords for asyncssh; old algorithms stand behind today's."""
        return {
            "kex_algs": [*_EXCHANGES, *self._allowed(OLD_EXCHANGES)],
            "encryption_algs": [*_CIPHERS, *self._allowed(OLD_CIPHERS)],
            "mac_algs": [*_MACS, *self._allowed(OLD_MACS)],
        }

    def _allowed(self, names: Sequence[str]) -> list[str]:
        return [name for name in names if name in self.old]

    def remedy(self, failure: str) -> str:
        """Say what to do about a failed negotiation; ``failure`` is asyncssh's text."""
        found = _NO_MATCH.search(failure)
        has = set(found["has"].split(",")) if found else set()
        missing = [name for name in OLD if name in has and name not in self.old]
        if missing:
            return (
                f"It offers {', '.join(missing)}, which are broken or weak: upgrade it, or allow "
                f"them with legacy_algorithms: [{', '.join(missing)}] in the inventory's "
                "connection_options.headend.extras"
            )
        return (
            "Compare the SSH versions and algorithms of both sides; an old release may need "
            "legacy_algorithms in the inventory"
        )
