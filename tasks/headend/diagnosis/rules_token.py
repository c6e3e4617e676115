"""What challenges, passcodes and pushes rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.facts import where, who
from headend.diagnosis.readings import quote, readings
from headend.diagnosis.ruling import Ruling, capital, ruling
from headend.diagnosis.talk import Turn, talk
from headend.diagnosis.verdicts import silent
from headend.model.diagnosis import Cause, Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.words import Words

_ASKS = {
    Cause.TOKEN_NEXT_CODE: "asked for the next token code",
    Cause.TOKEN_NEW_PIN: "asked for a new PIN",
    Cause.MFA_TIMEOUT: "sent a push",
    Cause.PASSWORD_EXPIRED: "asked for a new password, the old one having expired,",
    Cause.PASSWORD_MUST_CHANGE: "asked for a new password",
}
_ASKS_FOR_CODE = "asked for a token or second factor"
# Debug whose spelling nobody has confirmed proves little.
_UNCONFIRMED = 0.6


def token_rules(attempt: Attempt, words: Words) -> Iterator[Ruling]:
    """Yield what the challenges of ``attempt`` rule; without one there is nothing to say."""
    turns = talk(attempt)
    challenges = [turn for turn in turns if turn.word == "CHALLENGE"]
    if not challenges:
        yield from _syslog_challenge(attempt)
        return
    if _of_directory(attempt, challenges[-1]):
        return
    last = turns[-1]
    if last.word == "CHALLENGE":
        yield from _open_challenge(attempt, words, challenges)
    elif last.word == "REJECT":
        yield from _rejected(attempt, words, challenges[-1], last)


def _of_directory(attempt: Attempt, turn: Turn) -> bool:
    """Return whether it is AAA that asks, for the new password that the directory wants."""
    by_aaa = turn.entry.event.facility == "aaa"
    return by_aaa and any(one.stage is turn.entry.stage for one in attempt.find("ldap", "sub-code"))


def _sure(turn: Turn, confidence: float) -> float:
    return min(confidence, _UNCONFIRMED) if turn.unconfirmed else confidence


def _open_challenge(attempt: Attempt, words: Words, challenges: list[Turn]) -> Iterator[Ruling]:
    last = challenges[-1]
    asked = words.prompt(last.text, attempt.user)
    proof = (last.text_entry, last.entry)
    server = where(attempt, last.entry.stage)
    said = f"{server} {_ASKS.get(asked, _ASKS_FOR_CODE)}{quote(last)} and"
    if last.answered and silent(attempt):
        text = (
            f"{said} then did not answer for {who(attempt)}: a push or call was not "
            "confirmed in time."
        )
        yield ruling(Cause.MFA_TIMEOUT, Stage.CHALLENGE, 0.65, capital(text), *proof)
        return
    if last.empty:
        text = f"{said} {who(attempt)} answered with nothing."
    elif last.answered:
        text = f"{said} nothing tells what became of the answer of {who(attempt)}."
    else:
        text = f"{said} {who(attempt)} did not answer."
    sure = 0.6 if last.answered and not last.empty else 0.9
    yield ruling(asked, Stage.CHALLENGE, _sure(last, sure), capital(text), *proof)
    if attempt.closed and not last.answered:
        closed = attempt.last("aaa", "closed")
        text = f"{said} the session of {who(attempt)} was closed before an answer came."
        yield ruling(Cause.CLIENT_ABORTED, Stage.CHALLENGE, 0.5, capital(text), last.entry, closed)
    before = challenges[:-1]
    if asked is Cause.TOKEN_REQUIRED and before and not before[-1].empty:
        text = (
            f"{server} asked {who(attempt)} again after an answer: the code was "
            "probably not accepted."
        )
        again = (before[-1].entry, last.entry)
        yield ruling(Cause.TOKEN_REJECTED, Stage.CHALLENGE, 0.6, capital(text), *again)


def _rejected(attempt: Attempt, words: Words, challenge: Turn, last: Turn) -> Iterator[Ruling]:
    proof = (challenge.text_entry, challenge.entry, last.text_entry, last.error, last.entry)
    server = where(attempt, last.entry.stage)
    asked = words.prompt(challenge.text, attempt.user)
    asks = _ASKS.get(asked, _ASKS_FOR_CODE)
    if challenge.empty:
        said = (
            f"{server} {asks}{quote(challenge)}, {who(attempt)} answered with "
            f"nothing and was rejected{quote(last)}."
        )
        cause = asked if asked is not Cause.MFA_TIMEOUT else Cause.TOKEN_REQUIRED
        yield ruling(cause, Stage.CHALLENGE, _sure(last, 0.9), capital(said), *proof)
        return
    named = [
        one
        for one in readings(attempt, words, last)
        # What was sent last is the passcode: "wrong password" is said of that.
        if one.cause is not Cause.BAD_CREDENTIALS
    ]
    if named:
        said = f"{server} rejected {who(attempt)} after the challenge{quote(last)}."
        for one in named:
            yield ruling(one.cause, Stage.CHALLENGE, one.confidence, capital(said), *proof)
        return
    if asked is Cause.MFA_TIMEOUT:
        said = (
            f"{server} sent a push and rejected {who(attempt)}{quote(last)}: refused "
            "or not confirmed in time."
        )
        yield ruling(Cause.MFA_DENIED, Stage.CHALLENGE, 0.5, capital(said), *proof)
        yield ruling(Cause.MFA_TIMEOUT, Stage.CHALLENGE, 0.5, capital(said), *proof)
        return
    if asked in {Cause.PASSWORD_EXPIRED, Cause.PASSWORD_MUST_CHANGE}:
        said = f"{server} {asks}{quote(challenge)} and did not take what {who(attempt)} gave."
        yield ruling(asked, Stage.CHALLENGE, 0.75, capital(said), *proof)
        return
    said = (
        f"{server} rejected what {who(attempt)} answered to its "
        f"challenge{quote(challenge)}{quote(last)}."
    )
    # Every new PIN that breaks the server's rule for PINs is rejected; a code is wrong or right.
    pin = asked is Cause.TOKEN_NEW_PIN
    sure = _sure(last, 0.5 if pin else 0.8)
    yield ruling(Cause.TOKEN_REJECTED, Stage.CHALLENGE, sure, capital(said), *proof)
    if asked is not Cause.TOKEN_REQUIRED:
        said = f"{server} {asks}{quote(challenge)} and may still wait for that."
        yield ruling(asked, Stage.CHALLENGE, 0.75 if pin else 0.5, capital(said), *proof)


def _syslog_challenge(attempt: Attempt) -> Iterator[Ruling]:
    """Rule on 113010, which tells of a challenge but not of its text."""
    asked = attempt.last("syslog", "113010")
    if asked is None:
        return
    server = where(attempt)
    rejected = attempt.last("syslog", "113005", "716039")
    if rejected is None:
        said = f"{server} asked {who(attempt)} for more, and nothing tells of an answer."
        yield ruling(Cause.TOKEN_REQUIRED, Stage.CHALLENGE, 0.8, capital(said), asked)
        return
    said = f"{server} asked {who(attempt)} for more and then rejected the login."
    yield ruling(Cause.TOKEN_REJECTED, Stage.CHALLENGE, 0.65, capital(said), asked, rejected)
    said = f"{server} asked {who(attempt)} for a token; the answer may have been empty."
    yield ruling(Cause.TOKEN_REQUIRED, Stage.CHALLENGE, 0.5, capital(said), asked, rejected)
