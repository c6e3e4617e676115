"""What clocks that disagree rule: Kerberos says so itself, a jump of the clock suggests it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from headend.diagnosis.facts import server_group, where, who
from headend.diagnosis.ruling import Ruling, ruling
from headend.diagnosis.talk import talk
from headend.model.diagnosis import Cause, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.words import Words

# 771002 shows times as "show clock" does, 08:14:03.123 UTC Mon Nov 23 2026.
_TIME = r"(\d\d:\d\d:\d\d)[.\d]{0,10} \S{1,10} \w{3} (\w{3}) {1,2}(\d{1,2}) (\d{4})"
_SET = re.compile(rf"before:? {_TIME}.{{0,20}}after:? {_TIME}", re.IGNORECASE)
# A token shows a new code each minute.
_STEP = 60


def clock_rules(attempt: Attempt, words: Words) -> Iterator[Ruling]:
    """Yield what the clocks that ``attempt`` tells of rule."""
    skew = attempt.first("syslog", "113020")
    if skew is not None:
        said = (
            f"Kerberos refuses logins: the clocks of the headend and {where(attempt)} "
            "differ too much."
        )
        yield ruling(Cause.CLOCK_SKEW, Stage.PRIMARY, 0.95, said, skew)
    turned = attempt.last("syslog", "771002")
    turns = talk(attempt)
    if turned is None or not turns or turns[-1].word != "REJECT":
        return
    last = turns[-1]
    seconds = _jump(turned.event.fields.get("detail", ""))
    asked = any(turn.word == "CHALLENGE" for turn in turns) or last.entry.event.facility == "sdi"
    if seconds < _STEP or not (asked or words.token_group(server_group(attempt))):
        return
    said = (
        f"The clock of the headend jumped by {seconds} seconds around the time when "
        f"{where(attempt, last.entry.stage)} rejected the code of {who(attempt)}: "
        "codes are counted by the clock."
    )
    stage = Stage.CHALLENGE if asked else last.entry.stage
    yield ruling(Cause.CLOCK_SKEW, stage, 0.82, said, turned, last.entry)


def _jump(detail: str) -> int:
    """Return by how many seconds the clock was set, 0 where the message does not say."""
    found = _SET.search(detail)
    if found is None:
        return 0
    try:
        before, after = (
            datetime.strptime(" ".join(found.groups()[at : at + 4]), "%H:%M:%S %b %d %Y")  # noqa: DTZ007 - both are in the headend's zone
            for at in (0, 4)
        )
    except ValueError:
        return 0
    return int(abs((after - before).total_seconds()))
