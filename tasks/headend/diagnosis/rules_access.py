"""What dynamic access policies and the posture they look at rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from headend.diagnosis.facts import who
from headend.diagnosis.ruling import Ruling, ruling
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry

# Endpoint attributes that a posture check compares (Cisco's names of anti-malware, firewall,
# device, registry, file and process checks).
_CHECKED = re.compile(
    r'endpoint[.\["]{1,3}(?:av|as|am|fw|pfw|enforce|device|registry|file|process|policy)\b'
)
_BAD = frozenset({"failed", "false", "error", "none", "disabled", "off", "unknown"})
_LAST_UPDATE = re.compile(r"\.lastupdate\b")
# A virus scanner without news for a week is what such records look for.
_SECONDS = 7 * 86_400
# Letters of a record's name that say that it is about the state of the computer.
_POSTURE = re.compile(
    r"(?:^|[^a-z])(?:av|as|fw)(?:[^a-z]|$)|anti.?vir|anti.?mal|virus|malware|firewall|posture|"
    r"complian|host.?scan|csd|patch|bitlocker|encrypt|defender|edr|outdated",
    re.IGNORECASE,
)


def access_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield which dynamic access policy ended the connection, and what it may have disliked."""
    ended = attempt.first("syslog", "734002")
    entry = ended or attempt.first("dap", "terminate")
    if entry is None:
        return
    selected = attempt.last("dap", "selected")
    told = ended or selected
    names = told.event.fields.get("records", "") if told is not None else ""
    records = f": {visible(names)[:300]}" if names else ""
    bad = _disliked(attempt)
    named = _POSTURE.search(names[:500]) is not None
    said = f"A dynamic access policy ended the connection of {who(attempt)}{records}."
    sure = 0.8 if bad and named else 0.92
    yield ruling(Cause.DAP_DENIED, Stage.GROUP_POLICY, sure, said, entry, selected)
    if not bad and not named:
        return
    said = f"A dynamic access policy ended the connection of {who(attempt)}{records}"
    said += ": the computer's state looks like the reason."
    if bad:
        fields = bad[0].event.fields
        said = (
            f"The computer of {who(attempt)} does not meet what the access policies ask for: "
            f"{visible(fields['attribute'])[:100]} is {visible(fields['value'])[:40]}{records}."
        )
    sure = 0.85 if bad and named else 0.55
    yield ruling(Cause.POSTURE_FAILED, Stage.GROUP_POLICY, sure, said, *bad, entry)


def _disliked(attempt: Attempt) -> list[Entry]:
    """Return the posture attributes that a policy would object to."""
    told = [*attempt.find("syslog", "734003"), *attempt.find("dap", "attribute")]
    return [
        entry
        for entry in told
        if _CHECKED.match(entry.event.fields.get("attribute", ""))
        and _bad(entry.event.fields["attribute"], entry.event.fields.get("value", ""))
    ]


def _bad(attribute: str, value: str) -> bool:
    value = value.strip('"; ').casefold()
    if _LAST_UPDATE.search(attribute):
        return value.isdecimal() and len(value) < 12 and int(value) > _SECONDS  # noqa: PLR2004
    return value in _BAD
