"""What a reject says, by the reason that came with it or, without one, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis.facts import server_group, where, who
from headend.diagnosis.readings import quote, readings
from headend.diagnosis.ruling import Ruling, capital, ruling
from headend.diagnosis.talk import talk
from headend.diagnosis.verdicts import statuses
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry
    from headend.diagnosis.talk import Turn
    from headend.diagnosis.words import Words

_REJECTS = ("113005", "113015", "113016", "113017", "716039", "611102", "605004")


def reject_rules(attempt: Attempt, words: Words) -> Iterator[Ruling]:
    """Yield what the rejects of ``attempt`` allow to say, where no challenge came before."""
    turns = talk(attempt)
    if turns and turns[-1].word == "REJECT" and all(turn.word != "CHALLENGE" for turn in turns):
        last = turns[-1]
        stage = last.entry.stage
        said = f"{where(attempt, stage)} rejected {who(attempt)}{quote(last)}"
        proof = (last.text_entry, last.error, last.entry)
        found = readings(attempt, words, last)
        for one in found:
            yield ruling(one.cause, stage, one.confidence, capital(f"{said}."), one.entry, *proof)
        if not found and not _taken(attempt, last):
            said += ", without a reason." if not last.text else ", which names no cause."
            yield from _unless_aaa_says_more(attempt, words, stage, said, *proof)
    yield from _authorization(attempt)
    yield from _syslog(attempt, words)


def _taken(attempt: Attempt, turn: Turn) -> bool:
    """Return whether the directory took the password that AAA then calls rejected."""
    stage = turn.entry.stage
    told_by_aaa = turn.entry.event.facility == "aaa"
    return told_by_aaa and any(one.stage is stage for one in attempt.find("ldap", "success"))


def _unless_aaa_says_more(
    attempt: Attempt, words: Words, stage: Stage, said: str, *proof: Entry | None
) -> Iterator[Ruling]:
    told = attempt.last("aaa", "error", "callback")
    fields = told.event.fields if told is not None else {}
    text = fields.get("error") or fields.get("callback_text", "")
    named = words.reason(text, attempt.user)
    if named is None:
        yield from _bare(attempt, words, stage, said, *proof)
        return
    said = f'{where(attempt, stage)} rejected {who(attempt)}: AAA calls it "{visible(text)}".'
    yield ruling(named[0], stage, min(named[1], 0.85), capital(said), told, *proof)


def _bare(
    attempt: Attempt, words: Words, stage: Stage, said: str, *proof: Entry | None
) -> Iterator[Ruling]:
    """Yield what fits a reject without a reason: no more than a guess, and called one."""
    said = capital(said)
    if stage is Stage.SECONDARY or attempt.first("sdi") is not None:
        password, code, static = 0.35, 0.5, 0.45
    elif _token_in_play(attempt, words, stage):
        password, code, static = 0.4, 0.45, 0.42
    else:
        yield ruling(Cause.BAD_CREDENTIALS, stage, 0.45, said, *proof, weak=True)
        return
    yield ruling(Cause.BAD_CREDENTIALS, stage, password, said, *proof, weak=True)
    group = server_group(attempt, stage)
    looks = f"{f'Group {visible(group)}' if group else 'The server'} looks like a token service:"
    text = f"{looks} {who(attempt)} may have sent a wrong or used passcode."
    yield ruling(Cause.TOKEN_REJECTED, stage, code, text, *proof, weak=True)
    text = f"{looks} {who(attempt)} may have sent a static password."
    yield ruling(Cause.TOKEN_REQUIRED, stage, static, text, *proof, weak=True)


def _token_in_play(attempt: Attempt, words: Words, stage: Stage) -> bool:
    if words.token_group(server_group(attempt, stage) or server_group(attempt)):
        return True
    asked = attempt.value("tacacs", "message", "message")
    return words.token_group(asked)


def _authorization(attempt: Attempt) -> Iterator[Ruling]:
    for word, entry in statuses(attempt):
        of = entry.event.fields["status_of"]
        if word != "REJECT" or of == "Authentication":
            continue
        if "Policy" in of:
            name = attempt.value("aaa", "user", "user")
            said = (
                f"The headend finds no group policy {visible(name or 'of that name')} "
                f"for {who(attempt)}."
            )
            yield ruling(
                Cause.GROUP_POLICY_MISSING,
                Stage.GROUP_POLICY,
                0.85,
                said,
                entry,
                attempt.last("aaa", "user"),
            )
        elif of == "Authorization":
            said = (
                f"{where(attempt, Stage.AUTHORIZATION)} did not authorize "
                f"{who(attempt)} after the login was accepted."
            )
            yield ruling(Cause.GROUP_NOT_AUTHORIZED, Stage.AUTHORIZATION, 0.6, capital(said), entry)


def _syslog(attempt: Attempt, words: Words) -> Iterator[Ruling]:
    challenged = attempt.first("syslog", "113010") is not None
    for entry in attempt.find("syslog", *_REJECTS):
        fields = entry.event.fields
        # The headend's own words: they hold no name.
        text = fields.get("reason", "")
        authorization = fields.get("action") == "authorization"
        stage = Stage.AUTHORIZATION if authorization else _stage(attempt)
        named = words.reason(text)
        by = "The headend's local database" if "database" in fields else where(attempt, stage)
        if named is not None:
            said = f'{by} rejected {who(attempt)}: "{visible(text)}".'
            yield ruling(named[0], stage, named[1], capital(said), entry)
        elif authorization:
            said = f"{by} did not authorize {who(attempt)} after the login was accepted."
            yield ruling(Cause.GROUP_NOT_AUTHORIZED, stage, 0.55, capital(said), entry)
        elif not challenged:
            reason = f' ("{visible(text)}")' if text else ""
            said = f"{by} rejected {who(attempt)}{reason}, which names no cause."
            yield from _bare(attempt, words, stage, said, entry)


def _stage(attempt: Attempt) -> Stage:
    """Return the stage of a syslog reject: secondary where the first server had accepted."""
    accepted = attempt.first("syslog", "113004")
    return Stage.SECONDARY if accepted is not None else Stage.PRIMARY
