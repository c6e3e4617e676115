"""From the first byte of a session to its privileged prompt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from headend.device.credentials import VAULT, one_time
from headend.device.gate import GATE
from headend.errors import CaptureRefused, LoginError, LoginRefused, SessionLost
from headend.parse.prompt import Prompt, match_prompt

if TYPE_CHECKING:
    from headend.device.session import AsaSession

_PAGER = re.compile(r"<--- More --->\s*$")
_WAIT = 20.0  # a headend that asks a slow AAA server for its administrators


def first_prompt(session: AsaSession) -> Prompt:
    """Wait for the prompt. Raises ``LoginError``, and ``CaptureRefused`` where it is no ASA's."""
    answered = 0

    def at_prompt(text: str) -> bool:
        nonlocal answered
        if _PAGER.search(text, answered):  # a long banner stops at the pager
            answered = len(text)
            session.write_channel(" ")
        return _last_line(text) == ">" or match_prompt(_last_line(text)) is not None

    try:
        text = session.read_until(at_prompt, _WAIT)
    except SessionLost as error:
        raise LoginError(
            f"{session.where} showed no prompt after login: {error.message}",
            remedy="Log in by hand and look what it says",
        ) from error
    found = match_prompt(_last_line(text))
    if found is None or "Threat Defense" in text:
        raise CaptureRefused(
            f"{session.where} is a Firepower Threat Defense device (its prompt is '>')",
            remedy="FTD is not supported yet; diagnose its syslog: headend diagnose FILE",
        )
    return found[0]


def enable(session: AsaSession, reference: str, send: Callable[[str], None]) -> Prompt:
    """Reach ``#`` with the password behind ``reference`` and return the new prompt.

    ``send`` writes the secret, alone and only behind its prompt. Raises ``LoginRefused``, also for
    a password that another headend has refused.
    """
    role, where, user = "enable password", session.where, str(session.username)
    once = one_time(reference)
    secret = None if once else VAULT.resolve(reference, role, where)
    if not once and not secret:
        raise _missing(where, user)
    with GATE.attempt(("enable", user, reference if once else secret), user, where) as turn:
        session.write_channel("enable\n")
        session.read_until(_asks_password, _WAIT)
        secret = secret or VAULT.resolve(reference, role, where)
        if not secret:
            raise _missing(where, user)
        send(secret + "\n")
        answer = session.read_until(
            lambda text: _asks_password(text) or match_prompt(_last_line(text)), _WAIT
        )
        found = match_prompt(_last_line(answer))
        if found is None or not found[0].privileged:
            raise LoginRefused(
                f"{where} refused the enable password of {user!r}",
                remedy="It was tried once and is not tried again; correct it and start again",
            )
        if not once:  # a code proves nothing about the next one
            turn.proven()
    return found[0]


def _missing(where: str, user: str) -> LoginRefused:
    return LoginRefused(
        f"{where} lets {user!r} in at '>' and debug needs '#'",
        remedy="Give the enable password: HEADEND_ENABLE, or an enable credential",
    )


def _asks_password(text: str) -> bool:
    return text.rstrip(" ").lower().endswith("password:")


def _last_line(text: str) -> str:
    return re.split(r"[\r\n]", text)[-1].rstrip(" ")
