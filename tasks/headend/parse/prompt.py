"""The family of prompts that an ASA prints, in every mode and failover state."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Where an ASA terminal cuts lines by default, without a mark.
WIDTH = 80

_PRIORITIES = frozenset({"pri", "sec"})
_STATES = ("act", "stby", "actNoFailover", "negotiation", "disabled", "bulk", "cold")

# hostname, then context / priority / state as "prompt" is set, "(mode)", and the mark. A bare
# mark is never a prompt: "#" and ">" stand in banners and in debug text, and an address before ">"
# is the rest of a syslog line that was cut.
_PROMPT = re.compile(
    r"(?![\d.]{1,64}>)(?P<name>[A-Za-z0-9][A-Za-z0-9_.-]{0,63})"
    r"(?P<parts>(?:/[A-Za-z0-9][A-Za-z0-9_.-]{0,63}){0,4})"
    r"(?:\((?P<mode>[a-z][A-Za-z0-9_-]{0,63})\))?"
    r"(?P<mark>[#>])(?P<gap> ?)"
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a prompt tells: ``lab-fw/pri/act(config-webvpn)#``.

    ``priority`` is ``pri`` or ``sec``, ``state`` the failover state (``act``, ``stby``,
    ``actNoFailover``), ``mode`` is ``exec`` or the configuration mode between the brackets.
    Values that the prompt does not show are ``None``. Shapes from public captures.
    """

    hostname: str
    context: str | None = None
    priority: str | None = None
    state: str | None = None
    mode: str = "exec"
    privileged: bool = False


def match_prompt(text: str) -> tuple[Prompt, str] | None:
    """Return the prompt that ``text`` begins with and what stands behind it, or ``None``.

    Behind a prompt stands nothing, a command echo, or a line that landed on it.
    """
    match = _PROMPT.match(text)
    if match is None:
        return None
    rest = text[match.end() :]
    mode = match["mode"]
    privileged = match["mark"] == "#"
    if mode is not None and not privileged:
        return None
    context = priority = state = None
    for part in match["parts"].split("/")[1:]:
        if part in _PRIORITIES:
            priority = part
        elif part in _STATES:
            state = part
        else:
            context = part
    prompt = Prompt(match["name"], context, priority, state, mode or "exec", privileged)
    return prompt, rest
