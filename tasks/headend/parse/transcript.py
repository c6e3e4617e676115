"""Prompts, command echoes and command replies told apart from what the headend streams."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import NamedTuple

from headend.parse.prompt import Prompt, match_prompt

# Commands whose echo announces a reply; the shortest spelling that a headend accepts.
_COMMAND = re.compile(
    r"(?:sh(?:o|ow)?|debug|no|un(?:d\w*)?|test|term\w*|en(?:a\w*)?|conf\w*|exit|quit|end|ping|"
    r"clear|write|wr|copy|more|dir|changeto|vpn-sessiondb|ssh|aaa-server|capture|logging|login|"
    r"username|tunnel-group|group-policy|webvpn|crypto|ldap)\b",
    re.IGNORECASE,
)
_ANSWERED = re.compile(
    r"(?:sh(?:o|ow)?|test|more|dir|ping|write|wr|copy|capture)\b|.*\?$", re.IGNORECASE
)
# Lines of nothing else are drawn between others.
_RULE = " \t\xa0*=_+-"
_NOTICE = re.compile(
    r"(?:Type help or '\?'|User \S+ logged in to |Logins over the last |Failed logins since |"
    r"Password: *\**$|Username: |INFO: |ERROR: |WARNING: |debug \S.* enabled at |"
    r"(?:Beginning|End) [Cc]onfiguration [Rr]eplication|Cryptochecksum:|"
    r"All possible debugging has been turned off|<--- More --->|%Login failed|"
    # Typed into a running stream, it is echoed without a prompt before it.
    r"undebug all$|no debug all$|show cpu usage$|CPU utilization for \d|"
    # A line of ours in a record of ours.
    r"headend: gap: )"
)


class Role(Enum):
    """What a line of a transcript is."""

    BLANK = auto()
    PROMPT = auto()
    ECHO = auto()
    STREAM = auto()


class Part(NamedTuple):
    """A line without the prompt that was glued to it, and what it is."""

    role: Role
    text: str
    prompt: Prompt | None = None


_DRAWN = Part(Role.BLANK, "")


class Transcript:
    """Tells the lines of one stream apart; a reply lasts from its echo to the next prompt."""

    def __init__(self) -> None:
        self._replying = False
        self._hostname: str | None = None

    def feed(self, text: str) -> Part | None:
        """Return what one more line is, ``None`` where it has no prompt and draws no rule."""
        if not text.strip(_RULE):
            return _DRAWN
        if "#" in text or ">" in text:
            found = match_prompt(text)
            return None if found is None else self._prompted(*found)
        return None

    def explains(self, text: str) -> bool:
        """Return whether a line that no reader knows is a notice, or of a command's reply."""
        return self._replying or _NOTICE.match(text) is not None

    def _prompted(self, prompt: Prompt, rest: str) -> Part | None:
        command = _COMMAND.match(rest)
        known = self._hostname == prompt.hostname
        if rest.strip() and not command and not known and rest.startswith((" ", "#", ">")):
            return None
        self._hostname = prompt.hostname
        if not rest.strip():
            self._replying = False
            return Part(Role.PROMPT, "", prompt)
        if command:
            # What follows "debug ..." is the stream, even where no prompt comes between.
            self._replying = _ANSWERED.match(rest) is not None
            return Part(Role.ECHO, rest, prompt)
        self._replying = False
        return Part(Role.STREAM, rest, prompt)
