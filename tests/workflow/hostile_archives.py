"""Archives that a stranger might send for a Diagnostics bundle, and the rule that each breaks.

``python -m workflow.hostile_archives``, in ``tests``, prints ``docs/hostile-archives.md``.
"""

from __future__ import annotations

import io
import os
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
    """What it is called, what the error must say, and how it is made.

    All but the attacks hold ``good.txt`` besides, which must be taken.
    """

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
    """Write a member of 1 GiB of zeros that shrinks to a megabyte."""
    written_in_portions(path, bytes(GIB // 256), 256)


def long_log(path: Path) -> None:
    """Write an honest log of 80 MiB beside a good one: hex digits shrink to half at least."""
    written_in_portions(path, os.urandom(1 << 15).hex().encode() * 16, 80)


def written_in_portions(path: Path, portion: bytes, times: int) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.txt", LOG)
        with archive.open("Logs/huge.txt", "w", force_zip64=True) as member:
            for _ in range(times):
                member.write(portion)


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


def with_entry(path: Path, at: int, change: Callable[[bytearray, int], None]) -> None:
    """Change the second entry of the list, ``at`` bytes from its beginning."""
    packed(path, ("good.txt", LOG), ("Logs/AnyConnect.txt", LOG * 1200))
    data = bytearray(path.read_bytes())
    change(data, data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4) + at)
    path.write_bytes(data)


def lying(path: Path) -> None:
    """Say that a megabyte is ten bytes."""
    with_entry(path, 24, lambda data, at: struct.pack_into("<I", data, at, 10))


def encrypted(path: Path) -> None:
    def mark(data: bytearray, at: int) -> None:
        data[at] |= 1

    with_entry(path, 8, mark)


def bad_checksum(path: Path) -> None:
    def spoil(data: bytearray, at: int) -> None:
        data[at] ^= 0xFF

    with_entry(path, 16, spoil)


def rare_method(path: Path) -> None:
    packed(path, ("good.txt", LOG))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_LZMA) as archive:
        archive.writestr("Logs/AnyConnect.txt", LOG)


def long_list(path: Path) -> None:
    """Say that the list of members takes a gigabyte, which a reader would set out to read."""
    packed(path, ("good.txt", LOG))
    data = bytearray(path.read_bytes())
    struct.pack_into("<I", data, data.index(b"PK\x05\x06") + 12, GIB)
    path.write_bytes(data)


def cut_off(path: Path) -> None:
    packed(path, ("Logs/AnyConnect.txt", LOG * 100))
    path.write_bytes(path.read_bytes()[:-30])


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


ATTACKS = (
    Case("path traversal", "leads out of the archive", named("../../etc/cron.d/x")),
    Case("traversal with backslashes", "leads out of the archive", named("Logs\\..\\..\\x.txt")),
    Case("absolute path", "has an absolute path", named("/etc/passwd")),
    Case("drive letter", "has an absolute path", named("C:\\Windows\\x.txt")),
    Case("network share", "has an absolute path", named("\\\\server\\share\\x.txt")),
    Case("member of 1 GiB of zeros", "times, more than 250: a zip bomb", big),
    Case("60 MiB of zeros", "times, more than 250: a zip bomb", bomb),
    Case("300 MiB in small members", "unpacks to more than 256 MiB", many_small_bombs),
    Case("6000 members", "more than 5000", named(*(f"Logs/{n}.txt" for n in range(6000)))),
    Case("list of members of 1 GiB", "list of its members takes more than 8 MiB", long_list),
    Case("overlapping members", "its members overlap", overlapping),
    Case("cut-off archive", "is not a whole zip archive", cut_off),
    Case("tar instead of zip", "of archives only zip is read", a_tar),
)
BAD_MEMBERS = (
    Case("terminal escape in a name", "has a name that no log has", named("Logs/\x1b[2J.txt")),
    Case("right-to-left mark in a name", "has a name that no log has", named("\u202etxt.exe")),
    Case("name of 600 letters", "has a name that no log has", named("L" * 600)),
    Case("one name twice", "stands in it twice", named("GOOD.TXT")),
    Case("symbolic link", "is a symbolic link", of_kind(stat.S_IFLNK)),
    Case("named pipe", "is a device or a pipe", of_kind(stat.S_IFIFO)),
    Case("device", "is a device or a pipe", of_kind(stat.S_IFCHR)),
    Case("zip in the zip", "is an archive in the archive (zip)", holding(inner_zip)),
    Case(
        "zip in the zip, named .txt",
        "is an archive in the archive (zip)",
        holding(inner_zip, "Logs/AnyConnect.txt"),
    ),
    Case(
        "cabinet in the zip",
        "is an archive in the archive (cabinet)",
        holding(lambda: b"MSCF" + bytes(60)),
    ),
    Case("log of 80 MiB", "unpacks to 80 MiB, more than 64 MiB", long_log),
    Case("size in the list is a lie", "is damaged", lying),
    Case("encrypted member", "is encrypted", encrypted),
    Case("rare compression", "is packed by method 14, which is not read", rare_method),
    Case("wrong checksum", "is damaged", bad_checksum),
    Case(
        "damaged event log",
        "is a damaged event log",
        holding(lambda: b"ElfFile\0" + b"\xff" * 5000, "Logs/AnyConnect.evtx"),
    ),
)


def table() -> str:
    """Return what was tried as Markdown."""
    whole = "Each was given to `headend incident add`. An archive made to do harm is refused whole:"
    alone = "A member that cannot be read is refused alone and named, and the good ones are taken:"
    parts = (("# Hostile and damaged archives", ()), (whole, ATTACKS), (alone, BAD_MEMBERS))
    said = []
    for words, cases in parts:
        said.append(f"{words}\n")
        if cases:
            rows = (f"| {case.title} | {case.said} |" for case in cases)
            said.append("\n".join(("| archive | the error says |", "|---|---|", *rows, "")))
    return "\n".join(said)


if __name__ == "__main__":
    print(table(), end="")  # noqa: T201 - a command prints
