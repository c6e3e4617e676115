"""The numbers of the placeholders: the same secret reads the same all through an incident."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading


class Placeholders:
    """Numbers secrets in the order in which they are met; several redactors may share it.

    ``after`` is the highest number that the incident's files hold already: a later process cannot
    know which secret it stood for, so it begins behind it.

    The table is kept in memory only, under a key that dies with the process: neither the
    secrets nor anything to check a guess against ever reaches a file.
    """

    def __init__(self, after: int = 0) -> None:
        self._after = after
        self._key = secrets.token_bytes(32)
        self._numbers: dict[bytes, int] = {}
        self._lock = threading.Lock()

    def of(self, secret: bytes) -> bytes:
        """Return the placeholder that stands for ``secret``."""
        digest = hmac.digest(self._key, secret, hashlib.sha256)
        with self._lock:
            number = self._numbers.setdefault(digest, self._after + len(self._numbers) + 1)
        return b"<secret-%d>" % number
