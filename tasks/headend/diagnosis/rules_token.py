"""What challenges, passcodes and pushes rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis import words
from headend.diagnosis.facts import where, who
from headend.diagnosis.radius_talk import Turn, talk
from headend.diagnosis.ruling import Ruling, ruling
from headend.diagnosis.verdicts import silent
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt

_ASKS = {
    Cause.TOKEN_REQUIRED: "asked for a token or second factor",
    Cause.TOKEN_NEXT_CODE: "asked for the next token code",
    Cause.TOKEN_NEW_PIN: "asked for a new PIN",
    Cause.MFA_TIMEOUT: "sent a push",
}


def token_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield what the challenges of ``attempt`` rule; without one there is nothing to say."""
    turns = talk(attempt)
    challenges = [turn for turn in turns if turn.word == "CHALLENGE"]
    if not challenges:
        yield from _syslog_challenge(attempt)
        return
    last = turns[-1]
    if last.word == "CHALLENGE":
        yield from _open_challenge(attempt, challenges)
    elif last.word == "REJECT":
        yield from _rejected(attempt, challenges[-1], last)


def _open_challenge(attempt: Attempt, challenges: list[Turn]) -> Iterator[Ruling]:
    last = challenges[-1]
    asked = words.prompt(last.text)
    proof = (last.text_entry, last.entry)
    server = where(attempt, last.entry.stage)
    said = f"{server} {_ASKS[asked]}{quote(last)} and"
    if last.answered and silent(attempt):
        text = (
            f"{said} then did not answer for {who(attempt)}: a push or call was not "
            "confirmed in time."
        )
        yield ruling(Cause.MFA_TIMEOUT, Stage.CHALLENGE, 0.65, _sentence(text), *proof)
        return
    if last.empty:
        text = f"{said} {who(attempt)} answered with nothing."
    elif last.answered:
        text = f"{said} nothing tells what became of the answer of {who(attempt)}."
    else:
        text = f"{said} {who(attempt)} did not answer."
    yield ruling(
        asked,
        Stage.CHALLENGE,
        0.6 if last.answered and not last.empty else 0.9,
        _sentence(text),
        *proof,
    )
    before = challenges[:-1]
    if asked is Cause.TOKEN_REQUIRED and before and not before[-1].empty:
        text = (
            f"{server} asked {who(attempt)} again after an answer: the code was "
            "probably not accepted."
        )
        yield ruling(
            Cause.TOKEN_REJECTED,
            Stage.CHALLENGE,
            0.6,
            _sentence(text),
            before[-1].entry,
            last.entry,
        )


def _rejected(attempt: Attempt, challenge: Turn, last: Turn) -> Iterator[Ruling]:
    proof = (challenge.text_entry, challenge.entry, last.text_entry, last.entry)
    server, asked = where(attempt, last.entry.stage), words.prompt(challenge.text)
    named = words.reason(last.text)
    if challenge.empty:
        said = (
            f"{server} {_ASKS[asked]}{quote(challenge)}, {who(attempt)} answered with "
            f"nothing and was rejected{quote(last)}."
        )
        cause = asked if asked is not Cause.MFA_TIMEOUT else Cause.TOKEN_REQUIRED
        yield ruling(cause, Stage.CHALLENGE, 0.9, _sentence(said), *proof)
        return
    if named is not None and named[0] is not Cause.BAD_CREDENTIALS:
        said = f"{server} rejected {who(attempt)} after the challenge{quote(last)}."
        yield ruling(named[0], Stage.CHALLENGE, named[1], _sentence(said), *proof)
        return
    if asked is Cause.MFA_TIMEOUT:
        said = (
            f"{server} sent a push and rejected {who(attempt)}{quote(last)}: refused "
            "or not confirmed in time."
        )
        yield ruling(Cause.MFA_DENIED, Stage.CHALLENGE, 0.5, _sentence(said), *proof)
        yield ruling(Cause.MFA_TIMEOUT, Stage.CHALLENGE, 0.5, _sentence(said), *proof)
        return
    said = (
        f"{server} rejected what {who(attempt)} answered to its "
        f"challenge{quote(challenge)}{quote(last)}."
    )
    yield ruling(Cause.TOKEN_REJECTED, Stage.CHALLENGE, 0.8, _sentence(said), *proof)
    if asked is not Cause.TOKEN_REQUIRED:
        said = f"{server} {_ASKS[asked]}{quote(challenge)} and may still wait for that."
        yield ruling(asked, Stage.CHALLENGE, 0.5, _sentence(said), *proof)


def _syslog_challenge(attempt: Attempt) -> Iterator[Ruling]:
    """Rule on 113010, which tells of a challenge but not of its text."""
    asked = attempt.last("syslog", "113010")
    if asked is None:
        return
    server = where(attempt)
    rejected = attempt.last("syslog", "113005", "716039")
    if rejected is None:
        said = f"{server} asked {who(attempt)} for more, and nothing tells of an answer."
        yield ruling(Cause.TOKEN_REQUIRED, Stage.CHALLENGE, 0.8, _sentence(said), asked)
        return
    said = f"{server} asked {who(attempt)} for more and then rejected the login."
    yield ruling(Cause.TOKEN_REJECTED, Stage.CHALLENGE, 0.65, _sentence(said), asked, rejected)
    said = f"{server} asked {who(attempt)} for a token; the answer may have been empty."
    yield ruling(Cause.TOKEN_REQUIRED, Stage.CHALLENGE, 0.5, _sentence(said), asked, rejected)


def quote(turn: Turn) -> str:
    """Return the server's words in quotes, with a blank before, or nothing."""
    return f' ("{visible(turn.text)[:200]}")' if turn.text else ""


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
