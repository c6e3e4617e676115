"""What a headend's reply to one typed line means: silence is success, and only silence is sure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """What became of a line."""

    ACCEPTED = "accepted"
    NOTICE = "notice"
    WARNING = "warning"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and the words of the headend that it rests on."""

    verdict: Verdict
    words: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether the next line may be typed."""
        return self.verdict is not Verdict.REFUSED


# What can land between any two lines and answers none: syslog on the terminal, and the talk of a
# failover pair (UNICON, asa_username_replication).
_FOREIGN = re.compile(
    r"(?:<\d+>)?.{0,60}%(?:ASA|FTD)-|(?:Beginning|End) configuration replication", re.IGNORECASE
)
_ORDER = list(Verdict)
_STANDBY = re.compile(r"\*+ WARNING \*+")
_BAD = re.compile(
    r"error|fail|not allowed|invalid|incomplete|ambiguous|cannot|denied|%|\^", re.IGNORECASE
)


def judged(reply: str) -> Judgement:
    """Judge a reply without echo and prompt.

    The rule that is proven in production (NETSPOC): silence is success, ``INFO:`` is fine, a
    ``WARNING:`` is recorded, anything else stops. A warning may go on in lines without a prefix.
    The banner of a standby unit stops too: what is typed there drifts.
    """
    verdict = Verdict.ACCEPTED
    said = [line.strip() for line in reply.splitlines() if line.strip()]
    said = [line for line in said if not _FOREIGN.match(line)]
    for line in said:
        if _STANDBY.search(line):
            return Judgement(Verdict.REFUSED, "\n".join(said))
        if line.startswith("INFO:"):
            verdict = max(verdict, Verdict.NOTICE, key=_ORDER.index)
        elif line.startswith("WARNING:"):
            verdict = Verdict.WARNING
        elif verdict is not Verdict.WARNING or _BAD.search(line):
            return Judgement(Verdict.REFUSED, "\n".join(said))
    return Judgement(verdict, "\n".join(said))
