"""A running configuration as an ordered tree of lines that can be added to and taken from."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

# Where a new line goes: headends print their configuration in a fixed order of subjects.
_ORDER: Final = [
    "hostname",
    "domain-name",
    "enable",
    "names",
    "ip",
    "interface",
    "object",
    "object-group",
    "access-list",
    "clock",
    "pager",
    "terminal",
    "logging",
    "ldap",
    "aaa-server",
    "aaa",
    "http",
    "ssl",
    "crypto",
    "quota",
    "ssh",
    "ntp",
    "threat-detection",
    "webvpn",
    "group-policy",
    "dynamic-access-policy-record",
    "username",
    "tunnel-group",
    "tunnel-group-map",
    "prompt",
    "failover",
    "call-home",
    "event",
]
# Lines of which there is one: a second replaces the first. The order is the printed one.
_SINGLE: Final = [
    "nameif",
    "security-level",
    "description",
    "address-pool",
    "max-failed-attempts",
    "reactivation-mode",
    "timeout",
    "key",
    "authentication-port",
    "accounting-port",
    "ldap-base-dn",
    "ldap-scope",
    "ldap-naming-attribute",
    "ldap-login-password",
    "ldap-login-dn",
    "server-type",
    "ldap-attribute-map",
    "radius-common-pw",
    "authentication-server-group",
    "secondary-authentication-server-group",
    "authorization-server-group",
    "default-group-policy",
    "authorization-required",
    "username-from-certificate",
    "authentication",
    "banner",
    "dns-server",
    "vpn-simultaneous-logins",
    "vpn-idle-timeout",
    "vpn-tunnel-protocol",
    "group-lock",
    "split-tunnel-policy",
    "revocation-check",
    "enrollment",
    "hostname",
    "domain-name",
    "prompt",
]
_SINGLE_PAIRS: Final = frozenset(
    [
        "pager lines",
        "ssh timeout",
        "terminal width",
        "logging buffered",
        "logging monitor",
        "logging buffer-size",
        "enable password",
        "quota management-session",
    ]
)
_SECRET: Final = re.compile(
    r"^(\s*(?:key|ldap-login-password|radius-common-pw|enable password|username \S+ password)) \S+"
)
# A heading with nothing under it is not printed: it only names a place for attributes.
_BARE: Final = re.compile(r"^(?:tunnel-group|group-policy|username) \S+ \S*attributes$")


@dataclass
class Node:
    """One configuration line and the lines under it."""

    text: str
    children: list[Node] = field(default_factory=list)

    @property
    def tokens(self) -> list[str]:
        """The words of the line."""
        return self.text.split()

    def starts(self, words: Sequence[str]) -> bool:
        """Say whether the line begins with these words, in any case."""
        mine = self.tokens[: len(words)]
        return [word.lower() for word in mine] == [word.lower() for word in words]

    def value(self, *words: str) -> list[str] | None:
        """Return the words after ``words`` on the child that begins with them."""
        for child in self.children:
            if child.starts(words):
                return child.tokens[len(words) :]
        return None

    def lines(self, depth: int = 0) -> Iterator[str]:
        """Yield the printed lines, secrets in clear."""
        if not self.children and _BARE.match(self.text):
            return
        # Attribute maps are indented by two on real headends; everything else by one.
        yield " " * depth + self.text
        step = 2 if self.text.startswith("ldap attribute-map") else 1
        for child in self.children:
            yield from child.lines(depth + step)


def _singleness(text: str) -> str | None:
    words = text.split()
    pair = " ".join(words[:2])
    if pair in _SINGLE_PAIRS:
        return pair
    return words[0] if words and words[0] in _SINGLE else None


class Configuration:
    """The running configuration: add, remove, find, print.

    Adding what is already there changes nothing, and removing what was added gives back the
    former text byte for byte.
    """

    def __init__(self, text: str = "") -> None:
        self.root = Node("")
        self.load(text)

    def load(self, text: str) -> None:
        """Add indented configuration text."""
        stack: list[tuple[int, Node]] = [(-1, self.root)]
        for line in text.splitlines():
            if not line.strip() or line.startswith(("!", ":")):
                continue
            depth = len(line) - len(line.lstrip())
            while stack[-1][0] >= depth:
                stack.pop()
            stack.append((depth, self.add(line.strip(), stack[-1][1])))

    def add(self, text: str, under: Node | None = None) -> Node:
        """Add one line, or replace the one that it supersedes; return its node."""
        parent = under or self.root
        for child in parent.children:
            if child.text == text:
                return child
        single = _singleness(text)
        if single:
            for child in parent.children:
                if _singleness(child.text) == single:
                    child.text = text
                    return child
        node = Node(text)
        parent.children.insert(self._place(node, parent), node)
        return node

    def _place(self, node: Node, parent: Node) -> int:
        order = _ORDER if parent is self.root else _SINGLE
        words = [word for word in node.tokens if word != "no"]

        def rank(tokens: Sequence[str]) -> int:
            word = tokens[1] if tokens[0] == "no" else tokens[0]
            return order.index(word) if word in order else len(order)

        mine, place = rank(words), 0
        for index, child in enumerate(parent.children):
            if rank(child.tokens) <= mine:
                place = index + 1
        same = [i for i, child in enumerate(parent.children) if child.starts(words[:2])]
        return same[-1] + 1 if same and len(words) > 1 and parent is self.root else place

    def remove(self, words: Sequence[str], under: Node | None = None) -> int:
        """Remove every line that begins with these words; return how many went."""
        parent = under or self.root
        kept = [child for child in parent.children if not child.starts(words)]
        gone = len(parent.children) - len(kept)
        parent.children[:] = kept
        return gone

    def find(self, *words: str) -> list[Node]:
        """Return the top lines that begin with these words."""
        return [child for child in self.root.children if child.starts(words)]

    def first(self, *words: str) -> Node | None:
        """Return the first top line that begins with these words."""
        return next(iter(self.find(*words)), None)

    def value(self, *words: str) -> list[str] | None:
        """Return the words after ``words`` on the first top line that begins with them."""
        return self.root.value(*words)

    def text(self, *, masked: bool = True, section: Sequence[str] = ()) -> str:
        """Return the printed configuration, with ``!`` between sections of the full text."""
        lines: list[str] = []
        for child in self.root.children:
            if section and not child.starts(section):
                continue
            printed = list(child.lines())
            lines.extend(_SECRET.sub(r"\1 *****", line) if masked else line for line in printed)
            if not section and len(printed) > 1:
                lines.append("!")
        return "".join(f"{line}\n" for line in lines)

    def checksum(self) -> str:
        """Return 32 hex digits that change with any line, masked ones included."""
        return hashlib.md5(self.text(masked=False).encode()).hexdigest()  # noqa: S324 - as devices do
