"""What a reject says when nobody gave a better reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.diagnosis import words
from headend.diagnosis.facts import server_group, where, who
from headend.diagnosis.radius_talk import talk
from headend.diagnosis.rules_token import quote
from headend.diagnosis.ruling import Ruling, ruling
from headend.diagnosis.verdicts import statuses
from headend.model.diagnosis import Cause, Stage
from headend.model.line import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry

_LOGIN = (Stage.PRIMARY, Stage.SECONDARY)


def reject_rules(attempt: Attempt) -> Iterator[Ruling]:
    """Yield what the bare rejects of ``attempt`` allow to say."""
    turns = talk(attempt)
    if turns and turns[-1].word == "REJECT" and all(turn.word != "CHALLENGE" for turn in turns):
        last = turns[-1]
        named = words.reason(last.text or _callback(attempt))
        if named is not None:
            said = f"{where(attempt, last.entry.stage)} rejected {who(attempt)}{quote(last)}."
            yield ruling(
                named[0],
                last.entry.stage,
                min(named[1], 0.85),
                _sentence(said),
                last.text_entry,
                last.entry,
            )
        else:
            said = (
                f"{where(attempt, last.entry.stage)} rejected "
                f"{who(attempt)}{quote(last)}, without a reason."
            )
            yield from _bare(attempt, last.entry.stage, said, last.text_entry, last.entry)
    yield from _authorization(attempt)
    yield from _syslog(attempt)


def _bare(attempt: Attempt, stage: Stage, said: str, *proof: Entry | None) -> Iterator[Ruling]:
    """Yield what fits a reject without a reason: no more than a guess, and called one."""
    second = stage is Stage.SECONDARY
    token = second or words.token_group(server_group(attempt, stage) or server_group(attempt))
    said = _sentence(said)
    yield ruling(Cause.BAD_CREDENTIALS, stage, 0.35 if second else 0.45, said, *proof, weak=True)
    if not token:
        return
    group = visible(server_group(attempt, stage) or "the server group")
    text = (
        f"{group} looks like a token service: {who(attempt)} may have sent a wrong or "
        "used passcode."
    )
    yield ruling(Cause.TOKEN_REJECTED, stage, 0.5 if second else 0.4, text, *proof, weak=True)
    text = f"{group} looks like a token service: {who(attempt)} may have sent a static password."
    yield ruling(Cause.TOKEN_REQUIRED, stage, 0.45 if second else 0.4, text, *proof, weak=True)


def _callback(attempt: Attempt) -> str:
    return (
        attempt.value("aaa", "callback", "callback_text")
        or attempt.value("aaa", "error", "error")
        or ""
    )


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
            yield ruling(
                Cause.GROUP_NOT_AUTHORIZED, Stage.AUTHORIZATION, 0.6, _sentence(said), entry
            )


def _syslog(attempt: Attempt) -> Iterator[Ruling]:
    challenged = attempt.first("syslog", "113010") is not None
    for entry in attempt.find(
        "syslog", "113005", "113015", "113016", "113017", "716039", "611102", "605004"
    ):
        fields = entry.event.fields
        text = fields.get("reason", "")
        action = fields.get("action")
        stage = Stage.AUTHORIZATION if action == "authorization" else _stage(attempt)
        named = words.reason(text) or (_plain(text) if text else None)
        by = "The headend's local database" if "database" in fields else where(attempt, stage)
        if named is not None:
            said = f'{by} rejected {who(attempt)}: "{visible(text)}".'
            yield ruling(named[0], stage, named[1], _sentence(said), entry)
        elif not challenged:
            reason = f' ("{visible(text)}")' if text else ""
            said = f"{by} rejected {who(attempt)}{reason}, which names no cause."
            yield from _bare(attempt, stage, said, entry)


def _plain(text: str) -> tuple[Cause, float] | None:
    return (Cause.BAD_CREDENTIALS, 0.8) if text.casefold() == "invalid password" else None


def _stage(attempt: Attempt) -> Stage:
    """Return the stage of a syslog reject: secondary where the first server had accepted."""
    accepted = attempt.first("syslog", "113004")
    return Stage.SECONDARY if accepted is not None else Stage.PRIMARY


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
