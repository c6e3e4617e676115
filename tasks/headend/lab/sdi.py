"""A native RSA server (``protocol sdi``) that knows the lab's tokens, and its debug.

The words are those of RSA's agents; how a headend spells them is not confirmed by public captures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

from headend.lab.box import Box
from headend.lab.debug_filter import Whose
from headend.lab.directory import person_named
from headend.lab.radius_server import ASK_NEW_PIN, ASK_NEXT_CODE
from headend.lab.settings import Server
from headend.lab.trace import SDI, SDI_DETAIL, lines

SDI_SERVER: Final = "10.20.1.7"
OK, DENIED, NEXT_CODE, NEW_PIN = (
    "ACM_OK",
    "ACM_ACCESS_DENIED",
    "ACM_NEXT_CODE_REQUIRED",
    "ACM_NEW_PIN_REQUIRED",
)
ASKS: Final = {NEXT_CODE: ASK_NEXT_CODE, NEW_PIN: ASK_NEW_PIN}


def verdict(user: str, passcode: str, answer: str | None = None) -> str:
    """Return the agent's word for a passcode, and for the answer to what it asked then."""
    person = person_named(user)
    token = person.token if person else None
    if token is None or passcode != token.code:
        return DENIED
    asked = {"plain": OK, "next-code": NEXT_CODE, "new-pin": NEW_PIN}[token.mode]
    if asked == OK or answer is None:
        return asked
    right = answer == token.next_code if asked == NEXT_CODE else answer.isdecimal()
    return OK if right else DENIED


async def ask(box: Box, server: Server, whose: Whose, passcode: str, answers: Iterator[str]) -> str:
    """Ask the server, printing the debug on the way; a question that nobody answers stays.

    Returns the agent's last word, or nothing when no server listens at that address.
    """
    counts = box.counters.of(server.group, "sdi", server.address, server.port)
    counts.authentication_requests += 1
    box.publish(lines(SDI, "SDI: sd_init ok"), whose)
    box.publish(
        lines(SDI_DETAIL, f"SDI: Trying to authenticate user {whose.user}"),
        whose,
    )
    await asyncio.sleep(box.spec.pace)
    if server.address != SDI_SERVER:
        counts.timeouts += 1
        box.counters.failed(counts, 3)
        box.publish(lines(SDI_DETAIL, f"SDI: server {server.address} timed out"), whose)
        return ""
    box.counters.answered(counts)
    word = verdict(whose.user, passcode)
    box.publish(lines(SDI_DETAIL, f"SDI: AceCheck: {word}"), whose)
    answer = next(answers, None) if word in ASKS else None
    if answer is not None:
        word = verdict(whose.user, passcode, answer)
        box.publish(lines(SDI_DETAIL, f"SDI: AceNext: {word}"), whose)
    counts.accepts += word == OK
    counts.rejects += word == DENIED
    counts.challenges += word in ASKS
    return word
