"""Archives that a stranger might send for a Diagnostics bundle, and the rule that each breaks."""

from __future__ import annotations

import io
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

LOG = "[11/23/2026 8:10:08 AM] Contacting vpn.example.net.\n[11/23/2026 8:10:09 AM] Login failed.\n"
GIB = 1 << 30


class Case(NamedTuple):
    """What it is called, what the error must say, and how it is made."""

    title: str
    said: str
    make: Callable[[Path], None]


def packed(path: Path, *members: tuple[str | zipfile.ZipInfo, str | bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)


def named(*names: str) -> Callable[[Path], None]:
    return lambda path: packed(path, ("good.txt", LOG), *((name, LOG) for name in names))


def of_kind(mode: int) -> Callable[[Path], None]:
    info = zipfile.ZipInfo("Logs/AnyConnect.txt")
    info.external_attr = (mode | 0o777) << 16
    return lambda path: packed(path, ("good.txt", LOG), (info, "/etc/passwd"))


def holding(data: Callable[[], bytes], name: str = "Logs/more.bin") -> Callable[[Path], None]:
    return lambda path: packed(path, ("good.txt", LOG), (name, data()))


def big(path: Path) -> None:
    """Write a member of 1 GiB of noise-free text that shrinks to a megabyte."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("Logs/huge.txt", "w", force_zip64=True) as member,
    ):
        for _ in range(256):
            member.write(bytes(GIB // 256))


def bomb(path: Path) -> None:
    packed(path, ("good.txt", LOG), ("Logs/AnyConnect.txt", bytes(60 << 20)))


def many_small_bombs(path: Path) -> None:
    packed(path, *((f"Logs/{number}.txt", bytes(1 << 20)) for number in range(300)))


def overlapping(path: Path) -> None:
    """Let two entries of the list share the bytes of one member (the quick zip bomb)."""
    packed(path, ("a.txt", LOG * 500), ("b.txt", "x"))
    data = bytearray(path.read_bytes())
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 10 : second + 28] = data[first + 10 : first + 28]
    struct.pack_into("<I", data, second + 20, len(data))
    path.write_bytes(data)


def lying(path: Path) -> None:
    """Say that a megabyte is ten bytes."""
    packed(path, ("Logs/AnyConnect.txt", LOG * 12000))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x01\x02") + 24, 10)
    path.write_bytes(data)


def encrypted(path: Path) -> None:
    packed(path, ("Logs/AnyConnect.txt", LOG))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    data[6] |= 1
    path.write_bytes(data)


def rare_method(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("Logs/AnyConnect.txt", LOG)


def cut_off(path: Path) -> None:
    packed(path, ("Logs/AnyConnect.txt", LOG * 100))
    path.write_bytes(path.read_bytes()[:-30])


def bad_checksum(path: Path) -> None:
    packed(path, ("Logs/AnyConnect.txt", LOG))
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 16] ^= 0xFF
    path.write_bytes(data)


def a_tar(path: Path) -> None:
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo("AnyConnect.txt")
        info.size = len(LOG)
        archive.addfile(info, io.BytesIO(LOG.encode()))


def inner_zip() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("AnyConnect.txt", LOG)
    return buffer.getvalue()


CASES = (
    Case("path traversal", "leads out of the archive", named("../../etc/cron.d/x")),
    Case("traversal with backslashes", "leads out of the archive", named("Logs\\..\\..\\x.txt")),
    Case("absolute path", "absolute path", named("/etc/passwd")),
    Case("drive letter", "absolute path", named("C:\\Windows\\x.txt")),
    Case("network share", "absolute path", named("\\\\server\\share\\x.txt")),
    Case("terminal escape in a name", "a name that no log has", named("Logs/\x1b[2J.txt")),
    Case("right-to-left mark in a name", "a name that no log has", named("Logs/\u202etxt.exe")),
    Case("name of 600 letters", "a name that no log has", named("L" * 600)),
    Case("one name twice", "stands in it twice", named("Logs/a.txt", "LOGS/A.TXT")),
    Case("symbolic link", "is a symbolic link", of_kind(stat.S_IFLNK)),
    Case("named pipe", "is a device or a pipe", of_kind(stat.S_IFIFO)),
    Case("device", "is a device or a pipe", of_kind(stat.S_IFCHR)),
    Case("zip in the zip", "an archive in the archive (zip)", holding(inner_zip)),
    Case("zip in the zip, named .txt", "archive (zip)", holding(inner_zip, "Logs/AnyConnect.txt")),
    Case("cabinet in the zip", "archive (cabinet)", holding(lambda: b"MSCF" + bytes(60))),
    Case("member of 1 GiB", "unpacks to 1024 MiB, more than 64 MiB", big),
    Case("zip bomb (60 MiB of zeros)", "a zip bomb", bomb),
    Case("300 MiB in small members", "more than 256 MiB", many_small_bombs),
    Case("6000 members", "more than 5000", named(*(f"Logs/{n}.txt" for n in range(6000)))),
    Case("overlapping members", "overlap", overlapping),
    Case("size in the list is a lie", "not a whole zip archive", lying),
    Case("encrypted member", "is encrypted", encrypted),
    Case("rare compression", "packed by method", rare_method),
    Case("cut-off archive", "not a whole zip archive", cut_off),
    Case("wrong checksum", "not a whole zip archive", bad_checksum),
    Case("tar instead of zip", "of archives only zip is read", a_tar),
)


def table() -> str:
    """Return what was tried as a Markdown table."""
    rows = (f"| {case.title} | {case.said} |" for case in CASES)
    return "\n".join(("| archive | refused, and the error says |", "|---|---|", *rows))
