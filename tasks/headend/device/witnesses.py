"""Where else a headend tells of a login, for when a capture would show nothing of it."""

from __future__ import annotations

from collections.abc import Iterator

from headend.device.situation import Situation

_DEBUGGING = frozenset({"debugging", "7"})


def instead(here: Situation, messages: str = "113|716|722|734") -> str:
    """Return what to do without a capture: which destination of its syslog to read, and how.

    ``messages`` are the ids to look for, as a regular expression; 711001 is debug itself.
    """
    places = list(_places(here, messages))
    if places:
        return f"{'; or '.join(places)}. Then: headend diagnose FILE"
    return (
        "Its syslog goes neither to its buffer nor to a host, so there is no other witness: "
        "have logging buffered informational approved first"
    )


def _places(here: Situation, messages: str) -> Iterator[str]:
    settings = here.first("show logging")
    buffered = _level(settings.get("buffer", ""))
    if buffered:
        found = f"show logging | include {messages} (its buffer, level {buffered})"
        yield f"Let the user try, then save {found}{_short(buffered, messages)}"
    trap = _level(settings.get("trap", ""))
    for host in settings.get("hosts", ()) if trap else ():
        where = " ".join(host.replace(",", " ").split()[:2])
        yield f"take them from the syslog host {where} (level {trap}){_short(trap, messages)}"


def _level(setting: str) -> str:
    words = setting.replace(",", " ").split()
    return words[1] if words[:1] == ["level"] and len(words) > 1 else ""


def _short(level: str, messages: str) -> str:
    if "711001" in messages and level not in _DEBUGGING:
        return f", which has no 711001 unless its level was raised above {level}"
    return ""
