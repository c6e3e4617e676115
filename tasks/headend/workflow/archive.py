"""The members of an archive that a stranger packed, read so that none of them can do harm.

Nothing is unpacked to the disk as it came, and no more than a portion of a member is held. An
archive that was made to do harm is refused whole; a member that merely cannot be read is refused
alone. Either way the error names the member, the rule and the value.
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from headend.errors import InputError, MemberRefused
from headend.model.line import visible

_MEMBERS = 5000
_MEMBER = 64 << 20
_TOTAL = 256 << 20
# Logs shrink to a twentieth; what shrinks to less than this was made to.
_RATIO = 250
_SMALL = 1 << 20
_NAME = 512
_LIST = 8 << 20
_PORTION = 1 << 20
_HEAD = 512
# The end of the list, and what stands before it where the list is of the kind for 4 GiB and more.
_END = struct.Struct("<4s8xI6x")
_MARK, _LARGE_MARK, _LARGE = b"PK\x05\x06", b"PK\x06\x07", 20
_COMMENT = 1 << 16
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
_ENCRYPTED = 0x1
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ARCHIVES: Mapping[bytes, str] = {
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
    b"\x1f\x8b": "gzip",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"MSCF": "cabinet",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_TAR = slice(257, 262)
_BY_HAND = "Unpack it by hand, look at what is in it, and add the logs one by one"


class Member(NamedTuple):
    """One file: its path in the archive, and its bytes, to be read before the next one's."""

    name: str
    portions: Iterator[bytes]


def archive_kind(head: bytes) -> str | None:
    """Return what kind of archive begins with ``head``, ``None`` where it is none."""
    kind = next((kind for magic, kind in _ARCHIVES.items() if head.startswith(magic)), None)
    return kind or ("tar" if head[_TAR] == b"ustar" else None)


def log_head(path: Path) -> bytes:
    """Return the first bytes of a file; raise ``InputError`` for what is no readable file."""
    return next(log_portions(path), b"")


def log_portions(path: Path) -> Iterator[bytes]:
    """Yield the bytes of a file that was named; raise ``InputError`` for what is no log."""
    if not path.is_file():
        raise InputError(
            f"{path} is no file" if path.exists() else f"There is no file {path}",
            remedy="Name a log, an event log (.evtx) or a Diagnostics (DART) bundle (.zip)",
        )
    try:
        count = path.stat().st_size
        with path.open("rb") as file:
            if count > _MEMBER and archive_kind(file.read(_HEAD)) is None:
                raise InputError(
                    f"{path} has {_size(count)}, and one log may have {_size(_MEMBER)}",
                    remedy="Cut out the hours around the attempt",
                )
            file.seek(0)
            while portion := file.read(_PORTION):
                yield portion
    except OSError as error:
        raise InputError(
            f"{path} cannot be read: {error.strerror or error}",
            remedy="Look at its rights, or name a copy of it",
        ) from error


def members(path: Path) -> Iterator[Member]:
    """Yield the files of a zip archive.

    Every rule about the list of members is checked before the first is read. Raises ``InputError``
    for an archive that is damaged, or was made to do harm; the portions of a member raise
    ``MemberRefused`` where it breaks a rule that harms nobody.
    """
    try:
        size = path.stat().st_size
        _check_end(path, size)
        archive = zipfile.ZipFile(path)
    except _DAMAGED as error:
        raise InputError(
            f"{path} is not a whole zip archive: {visible(str(error))}",
            remedy="Fetch the bundle again, or add its logs one by one",
        ) from error
    with archive:
        faults = _checked(path, archive.infolist(), size)
        for each, fault in faults:
            portions = _portions(archive, each, fault)
            yield Member(_path_in(each), portions)
            portions.close()


def _check_end(path: Path, size: int) -> None:
    """Look at the length of the list before it is read: it is read whole."""
    with path.open("rb") as file:
        file.seek(-min(size, _COMMENT + _END.size + _LARGE), os.SEEK_END)
        tail = file.read()
    at = tail.rfind(_MARK)
    if at < 0 or len(tail) < at + _END.size:
        raise zipfile.BadZipFile("it does not end as one")
    _, length = _END.unpack_from(tail, at)
    if length > _LIST or tail[max(at - _LARGE, 0) : at].startswith(_LARGE_MARK):
        raise _refused(path, f"the list of its members takes more than {_size(_LIST)}")


def _checked(
    path: Path, listed: list[zipfile.ZipInfo], size: int
) -> list[tuple[zipfile.ZipInfo, str | None]]:
    """Return the files of the list, each with the rule that it breaks."""
    if len(listed) > _MEMBERS:
        raise _refused(path, f"it has {len(listed)} members, more than {_MEMBERS}")
    if sum(each.compress_size for each in listed) > size:
        raise _refused(path, "its members overlap: together they are larger than the archive")
    total, seen = 0, set()
    checked = []
    for each in listed:
        attack = _attack(each)
        if attack is not None:
            raise _refused(path, f"member {_shown(each)} {attack}")
        name = _path_in(each).casefold()
        fault = "stands in it twice" if name in seen else _fault(each)
        seen.add(name)
        total += 0 if fault else each.file_size
        if total > _TOTAL:
            raise _refused(
                path, f"up to member {_shown(each)} it unpacks to more than {_size(_TOTAL)}"
            )
        if not each.is_dir():
            checked.append((each, fault))
    return checked


def _attack(each: zipfile.ZipInfo) -> str | None:
    """Return the rule that no program breaks by accident, by what the list says of a member."""
    parts = _path_in(each).split("/")
    if not parts[0] or ":" in parts[0]:
        return "has an absolute path"
    if ".." in parts:
        return "leads out of the archive (..)"
    if each.file_size > _SMALL and each.file_size > _RATIO * max(1, each.compress_size):
        times = each.file_size // max(1, each.compress_size)
        return f"is packed {times} times, more than {_RATIO}: a zip bomb"
    return None


def _fault(each: zipfile.ZipInfo) -> str | None:  # noqa: PLR0911 - one return a rule
    """Return why a member is not read, by what the list says of it."""
    name = _path_in(each)
    mode = each.external_attr >> 16
    if not name.strip("/") or len(name) > _NAME or not name.isprintable():
        return "has a name that no log has"
    if stat.S_ISLNK(mode):
        return "is a symbolic link"
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "is a device or a pipe"
    if each.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if each.compress_type not in _METHODS:
        return f"is packed by method {each.compress_type}, which is not read"
    if each.file_size > _MEMBER:
        return f"unpacks to {_size(each.file_size)}, more than {_size(_MEMBER)}"
    return None


def _portions(
    archive: zipfile.ZipFile, each: zipfile.ZipInfo, fault: str | None
) -> Generator[bytes, None, None]:
    """Yield a member's bytes, counted while they come: the list may lie."""
    if fault is not None:
        raise MemberRefused(fault)
    count = 0
    try:
        with archive.open(each) as file:
            while portion := file.read(_PORTION):
                kind = archive_kind(portion[:_HEAD]) if not count else None
                if kind is not None:
                    raise MemberRefused(f"is an archive in the archive ({kind})")
                count += len(portion)
                if count > each.file_size:
                    raise MemberRefused("is larger than its entry says")
                yield portion
    except _DAMAGED as error:
        raise MemberRefused(f"is damaged: {visible(str(error))}") from error


def _path_in(each: zipfile.ZipInfo) -> str:
    # Windows tools write their own separator.
    return each.filename.replace("\\", "/")


def _shown(each: zipfile.ZipInfo) -> str:
    name = visible(each.filename)
    return repr(name if len(name) <= _NAME // 4 else f"{name[: _NAME // 4]}...")


def _refused(path: Path, why: str) -> InputError:
    return InputError(f"{path} was not read: {why}", remedy=_BY_HAND)


def _size(count: int) -> str:
    return f"{count / (1 << 20):.0f} MiB"
