"""Files that only their owner can read, written whole or not at all."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from headend.errors import HeadendError, InputError

DIRECTORY_MODE = 0o700
FILE_MODE = 0o600


def make_directory(path: Path) -> Path:
    """Make a directory with its parents; whatever the umask says, it is ours alone."""
    if not path.is_dir():
        make_directory(path.parent)
        with contextlib.suppress(FileExistsError):
            path.mkdir(mode=DIRECTORY_MODE)
            path.chmod(DIRECTORY_MODE)
    return path


def open_append(path: Path) -> int:
    """Open a file for appending and return its descriptor."""
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags, FILE_MODE)
    # The umask may have taken bits away, and an older file may have given some.
    path.chmod(FILE_MODE)
    return descriptor


def write_fully(descriptor: int, data: bytes) -> None:
    """Hand ``data`` to the operating system before returning; one call unless the disk is full."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


@contextlib.contextmanager
def recording(path: Path) -> Iterator[None]:
    """Turn an error of the file system into ours, which names the file."""
    try:
        yield
    except OSError as error:
        raise HeadendError(
            f"{path} cannot be written: {error.strerror or error}",
            remedy="Make room, or name another folder with --incidents",
        ) from error


def append(path: Path, data: bytes) -> None:
    """Append ``data`` to a file in one write."""
    with recording(path):
        descriptor = open_append(path)
        try:
            write_fully(descriptor, data)
        finally:
            os.close(descriptor)


def write_atomic(path: Path, data: bytes, *, sync: bool = True) -> Path:
    """Replace a file: a reader, or a crash, sees the old text or the new one.

    Without ``sync`` that holds for a crash of ours; one of the machine may leave neither.
    """
    with recording(path):
        return _replace(path, data, sync=sync)


def write_output(path: Path, data: bytes) -> None:
    """Write a file that was named on the command line; raise ``InputError`` where that fails."""
    try:
        _replace(path, data, sync=True)
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror or error}",
            remedy="Name another file with -o",
        ) from error


def _replace(path: Path, data: bytes, *, sync: bool) -> Path:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE)
    try:
        try:
            write_fully(descriptor, data)
            if sync:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.chmod(FILE_MODE)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path


def json_bytes(document: Mapping[str, Any], *, indent: int | None = None) -> bytes:
    """Return a document as one line of ASCII JSON, or as a readable one with ``indent``."""
    # ASCII: no received character can be read as a line end or a terminal escape.
    return json.dumps(document, indent=indent, ensure_ascii=True, default=str).encode() + b"\n"


@contextlib.contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Keep other processes from changing a directory's record meanwhile."""
    if sys.platform == "win32":
        yield
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    descriptor = os.open(directory, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
