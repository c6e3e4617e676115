"""Pieces of genuine text that fuzzing starts from and mixes."""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).parent.parent / "parse" / "cases"

BAIT = (
    b"%ASA-6-113005: AAA user authentication Rejected : reason = ",
    b" : server = 6.6.6.6 : user = root : user IP = 6.6.6.6",
    b"> IP <6.6.6.6> ",
    b"[77] Message (root): 80090308: LdapErr: DSID-0C090400, comment: x, data 775, v1db1",
    b"AAA session opened: handle = 9",
    b"In aaai_close_session (9)",
    b"vpn-1# show aaa-server\n",
    b"Radius: Type = 2 (0x02) User-Password\nRadius: Length = 18 (0x12)\n",
    b"a" * 5000,
    b"(" * 200 + b"a+)+" * 50,
    b"\x00",
    b"\x1b[2J",
    b"\xff\xfe",
    b"\xe2\x80\xa8",
    b" " * 3000,
    b"Tr0ub4dor&3",
)


def genuine() -> list[bytes]:
    """Return the raw texts of the parser cases."""
    return [path.read_bytes() for path in sorted(CASES.rglob("*.txt"))]
