"""Client logs come as Windows wrote them: every encoding gives the same diagnosis."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from headend.errors import InputError
from headend.model.diagnosis import Cause
from headend.workflow.encoding import encoding_of
from headend.workflow.offline import diagnose_files, lines_of

LOG = (
    "Date        : 11/23/2026\r\nTime        : 08:10:00\r\nSource      : acvpnui\r\n\r\n"
    "Description : Message type information sent to the user:\r\nContacting vpn.example.net.\r\n"
    "******************************************\r\n"
    "Date        : 11/23/2026\r\nTime        : 08:10:03\r\nUser        : Büro\\müller\r\n\r\n"
    "Description : Message type warning sent to the user:\r\n"
    "No valid certificates available for authentication.\r\n"
)
WRITTEN = {
    "utf-8": LOG.encode(),
    "utf-8-sig": codecs.BOM_UTF8 + LOG.encode(),
    "utf-16": codecs.BOM_UTF16_LE + LOG.encode("utf-16-le"),
    "utf-16 from a big machine": codecs.BOM_UTF16_BE + LOG.encode("utf-16-be"),
    "utf-16-le": LOG.encode("utf-16-le"),
    "utf-16-be": LOG.encode("utf-16-be"),
    "cp1252": LOG.encode("cp1252"),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_the_log_of_a_client_in_any_encoding(name: str, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(WRITTEN[name])
    assert encoding_of(WRITTEN[name]) == name.split(" ", maxsplit=1)[0]
    (found,) = diagnose_files([str(path)]).attempts
    assert found.causes[0].cause is Cause.CERTIFICATE_MISSING
    assert [line.text for line in lines_of(str(path))] == LOG.replace("\r", "").split("\n")[:-1]


def test_a_letter_on_the_edge_of_the_first_bytes_is_read(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    for size in (8190, 8191, 8192):
        path.write_bytes(b"x" * size + "ü\nContacting vpn.example.net.\n".encode())
        assert next(lines_of(str(path))).text == "x" * size + "ü"


def test_the_bytes_of_a_name_in_a_capture_of_utf_8_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes("got user 'Jürgen'\n".encode() + b"got user 'J\xfcrgen'\n")
    assert [line.text for line in lines_of(str(path))] == [
        "got user 'Jürgen'",
        r"got user 'J\xfcrgen'",
    ]


@pytest.mark.parametrize("data", (b"\x7fELF\0\1\0\2" * 50, b"\0" * 400, b"PK\3\4\0\0\0\0" * 50))
def test_what_is_binary_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(data)
    with pytest.raises(InputError, match="not text"):
        diagnose_files([str(path)])
