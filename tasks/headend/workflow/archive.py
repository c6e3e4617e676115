"""The members of an archive that a stranger packed, read so that none of them can do harm.

Nothing is unpacked to the disk. An archive that breaks one rule is refused whole, and the error
names the member and the rule: who wanted to be read need not hide anything.
"""

from __future__ import annotations

import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from headend.errors import InputError
from headend.model.line import visible

_MEMBERS = 5000
_MEMBER = 64 << 20
_TOTAL = 256 << 20
# Logs shrink to a twentieth; what shrinks to less than this was made to.
_RATIO = 250
_SMALL = 1 << 20
_NAME = 512
_PORTION = 1 << 20
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
    """One file of an archive: its path in there, and its bytes."""

    name: str
    data: bytes


def archive_kind(head: bytes) -> str | None:
    """Return what kind of archive begins with ``head``, ``None`` where it is none."""
    kind = next((kind for magic, kind in _ARCHIVES.items() if head.startswith(magic)), None)
    return kind or ("tar" if head[_TAR] == b"ustar" else None)


def read_log(path: Path, head: int = 0) -> bytes:
    """Return the bytes of one file, only its ``head`` where that is given.

    Raises ``InputError`` for what is no file of sensible size.
    """
    if not path.is_file():
        raise InputError(
            f"{path} is no file" if path.exists() else f"There is no file {path}",
            remedy="Name a log, an event log (.evtx) or a Diagnostics (DART) bundle (.zip)",
        )
    try:
        with path.open("rb") as file:
            data = file.read(head or _MEMBER + 1)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error
    if len(data) > _MEMBER:
        raise InputError(
            f"{path} has more than {_size(_MEMBER)}, the most that one log may have",
            remedy="Cut out the hours around the attempt",
        )
    return data


def members(path: Path) -> Iterator[Member]:
    """Yield the files of a zip archive.

    Every rule about the list of members is checked before the first is read, every rule about
    bytes before that member is yielded. Raises ``InputError``.
    """
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            listed = archive.infolist()
            _check_list(path, listed, size)
            left = _TOTAL
            for each in listed:
                if not each.is_dir():
                    data = _read(path, archive, each, left)
                    left -= len(data)
                    yield Member(_path_in(each), data)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        ValueError,
        OSError,
    ) as error:
        raise InputError(
            f"{path} is not a whole zip archive: {visible(str(error))}",
            remedy="Fetch the bundle again, or add its logs one by one",
        ) from error


def _check_list(path: Path, listed: list[zipfile.ZipInfo], size: int) -> None:
    if len(listed) > _MEMBERS:
        raise _refused(path, f"it has {len(listed)} members, more than {_MEMBERS}")
    if sum(each.compress_size for each in listed) > size:
        raise _refused(path, "its members overlap: together they are larger than the archive")
    total, seen = 0, set()
    for each in listed:
        reason = _reason(each)
        name = _path_in(each).casefold()
        if reason is None and name in seen:
            reason = "stands in it twice"
        if reason is not None:
            raise _refused(path, f"member {_shown(each)} {reason}")
        seen.add(name)
        total += each.file_size
        if total > _TOTAL:
            raise _refused(
                path, f"up to member {_shown(each)} it unpacks to more than {_size(_TOTAL)}"
            )


def _reason(each: zipfile.ZipInfo) -> str | None:  # noqa: PLR0911 - one return a rule
    """Return the rule that a member breaks, by what the list says of it."""
    name = _path_in(each)
    parts = name.split("/")
    if not name.strip("/") or len(name) > _NAME or not name.isprintable():
        return "has a name that no log has"
    if name.startswith("/") or ":" in parts[0]:
        return "has an absolute path"
    if ".." in parts:
        return "leads out of the archive (..)"
    mode = each.external_attr >> 16
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
    if each.file_size > _SMALL and each.file_size > _RATIO * max(1, each.compress_size):
        return f"is packed more than {_RATIO} times: a zip bomb"
    return None


def _read(path: Path, archive: zipfile.ZipFile, each: zipfile.ZipInfo, left: int) -> bytes:
    """Return a member's bytes, counted while they come: the list may lie."""
    most = min(_MEMBER, left, each.file_size)
    portions, count = [], 0
    with archive.open(each) as file:
        while portion := file.read(_PORTION):
            count += len(portion)
            if count > most:
                raise _refused(path, f"member {_shown(each)} is larger than its entry says")
            portions.append(portion)
    data = b"".join(portions)
    kind = archive_kind(data[:512])
    if kind is not None:
        raise _refused(path, f"member {_shown(each)} is an archive in the archive ({kind})")
    return data


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
