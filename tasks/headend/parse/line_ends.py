"""The lines of a reply, also where they came as one: mirrors and tickets lose line ends."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headend.parse.prompt import match_prompt

# "Session Type" has a line of its own: with a user behind it on the same line, the ends are lost.
# Only the echo may stand before it, for behind a label it would be the user's own text.
_JOINED = re.compile(
    r"(?:sh(?:ow?)? [\w -]{0,80} )?(?=Session Type {0,20}: {0,20}\S.{0,40} Username {0,20}:)",
    re.IGNORECASE,
)
# What a line of "show vpn-sessiondb detail" begins with.
_BEGINNING = re.compile(
    r"(?=(?:Session Type|Username|Assigned IP|Protocol|License|Encryption|Hashing"
    r"|(?:Bytes|Pkts) Tx(?: Drop)?|Group Policy|Login Time|Duration|Inactivity|NAC Result"
    r"|VLAN Mapping|Audt Sess ID|Security Grp|Tunnel ID|Encapsulation|Auth Mode|Idle Time Out"
    r"|Client (?:OS|OS Ver|Type|Ver)|Filter Name) {0,20}:"
    r"|(?<= )[A-Z][\w-]{0,40}(?: Tunnels:|: {1,20}Tunnel ID))"
)


def lines(text: str) -> Iterator[str]:
    """Yield the lines of ``text``; sessions that stand in one line are given their own again."""
    for line in text.split("\n"):
        prompt = match_prompt(line)
        said = line if prompt is None else prompt[1]
        joined = _JOINED.match(said)
        if joined is None:
            yield line
        else:
            yield from _BEGINNING.split(said[joined.end() :])
