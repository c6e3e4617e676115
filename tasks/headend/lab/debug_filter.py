"""Which debug lines a session is shown: by what it armed, at which level, and by conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

# The kind of a condition, and which of a login's facts it looks at.
_FACTS = {"user": "user", "group": "group", "p-ipaddress": "client_ip"}


class Tag(NamedTuple):
    """A debug that shows a line, and the least level at which it does."""

    debug: str
    level: int = 1


class Whose(NamedTuple):
    """The login that a line is about; what is not known of it yet is empty."""

    user: str = ""
    client_ip: str = ""
    group: str = ""


NOBODY = Whose()


def shows(debugs: Mapping[str, int], tags: Iterable[Tag], whose: Whose) -> bool:
    """Say whether a session with these debugs (name to level) prints a line with these tags.

    ``all`` and the bare feature show what each of their parts shows, ``user`` one person's.
    """
    for tag in tags:
        feature, _, part = tag.debug.partition(" ")
        whole = (f"{feature} all", f"{feature} user {whose.user}") if part else ()
        for name in (tag.debug, *whole, tag.debug.rpartition(" ")[0]):
            if debugs.get(name, 0) >= tag.level:
                return True
    return False


def hides(conditions: Iterable[str], tags: Iterable[Tag], whose: Whose) -> bool:
    """Say whether the debug conditions keep a line from everybody.

    ``webvpn condition user jdoe`` lets WebVPN lines of jdoe through; of several conditions of a
    kind one must hold, of several kinds each. A line whose user is not known yet meets none.
    """
    feature = next((tag.debug.partition(" ")[0] for tag in tags), "")
    wanted: dict[str, list[str]] = {}
    for condition in conditions:
        words = condition.split()
        if words[0] == feature == "webvpn":
            wanted.setdefault(_FACTS[words[2]], []).append(words[3])
    return any(getattr(whose, fact) not in values for fact, values in wanted.items())
