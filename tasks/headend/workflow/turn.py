"""One at a time types on a headend: a lock of this machine, whoever's record a change is in."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from headend.errors import HeadendError, Refused

_FOLDER = "headend-turns"
# Two engineers with accounts of their own lock each other out, so both write here.
_SHARED_FOLDER, _SHARED_FILE = 0o1777, 0o666
_LARGEST = 1000


@contextlib.contextmanager
def taken(place: str, headend: str, who: str, what: str) -> Iterator[None]:
    """Be the only process, and thread, of this machine that types on a headend.

    ``place`` tells headends apart whatever an inventory calls them: address, port, context. Raises
    ``Refused``, with who types there and since when. The operating system takes the lock from a
    process that dies, so none is left behind.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    descriptor = _opened(place)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(
                f"{headend}: {_told(descriptor)} right now",
                remedy="Wait for them, or ask them: headend change list",
            ) from None
        since = datetime.now(UTC).isoformat(timespec="seconds")
        entry = {"who": who, "what": what, "since": since, "pid": os.getpid()}
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps(entry).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def _opened(place: str) -> int:
    folder = Path(tempfile.gettempdir()) / _FOLDER
    path = folder / hashlib.sha256(place.encode()).hexdigest()[:32]
    try:
        with contextlib.suppress(FileExistsError):
            folder.mkdir()
            folder.chmod(_SHARED_FOLDER)
        with contextlib.suppress(FileExistsError):
            # Apart from opening: to create over another's file there, Linux forbids.
            made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _SHARED_FILE)
            os.fchmod(made, _SHARED_FILE)
            os.close(made)
        descriptor = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            return descriptor
        os.close(descriptor)
        raise OSError(0, "it is no plain file")  # noqa: TRY301 - told like the others
    except OSError as error:
        raise HeadendError(
            f"{path} cannot be used: {error.strerror or error}",
            remedy="It keeps two people from typing on one headend at once; remove it",
        ) from error


def _told(descriptor: int) -> str:
    """Return who types, as they wrote it down; anybody could write anything there."""
    try:
        entry = json.loads(os.pread(descriptor, _LARGEST, 0))
        who, what, since, pid = (str(entry[key])[:60] for key in ("who", "what", "since", "pid"))
    except (ValueError, KeyError, TypeError):
        return "somebody is typing"
    return f"{who} is typing {what} since {since} (process {pid})"
