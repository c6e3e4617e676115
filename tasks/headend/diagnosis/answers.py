"""The words in which authentication servers answered: ACCEPT, REJECT, CHALLENGE or ERROR."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from headend.diagnosis.attempt import Attempt, Entry

Answer = tuple[str, "Entry"]

_RADIUS_CODES = {"2": "ACCEPT", "3": "REJECT", "11": "CHALLENGE"}
_TACACS = {"PASS": "ACCEPT", "FAIL": "REJECT", "ERROR": "ERROR"}
_TACACS_ASKS = frozenset({"GETPASS", "GETDATA"})
_SDI = {
    "accepted": "ACCEPT",
    "rejected": "REJECT",
    "next-code": "CHALLENGE",
    "new-pin": "CHALLENGE",
}
# The kinds of event that end an exchange with a token server.
ANSWERS = frozenset({*_SDI, "timeout"})
# MIT's numbers: the first try is always sent back to be made again with the password's proof.
_PROVE_FIRST = "-1765328359"
_TICKET = "KRB_AS_REP"


def answers(attempt: Attempt) -> list[Answer]:
    """Return what the servers answered, in order; what debug aaa makes of it is not among it."""
    found: list[Answer] = attempt.recall(_answers)
    return found


def _answers(attempt: Attempt) -> list[Answer]:
    found = _radius(attempt)
    others = [*_tacacs(attempt), *_sdi(attempt), *_kerberos(attempt)]
    return sorted([*found, *others], key=lambda one: one[1].place) if others else found


def _radius(attempt: Attempt) -> list[Answer]:
    words: list[Answer] = []
    for entry in attempt.find("radius", "verdict", "code"):
        word = entry.event.fields.get("verdict") or _RADIUS_CODES.get(
            entry.event.fields.get("code", "")
        )
        if word is None:
            continue
        decoded = words and words[-1][0] == word and words[-1][1].event.kind == "code"
        if entry.event.kind == "verdict" and decoded:
            # The decoded packet and the line that processes it are one answer.
            words.pop()
        words.append((word, entry))
    return words


def _tacacs(attempt: Attempt) -> Iterator[Answer]:
    """Yield the words of TACACS+; what is asked after the password was given is a challenge."""
    given = False
    for entry in attempt.find("tacacs", "verdict", "response", "send"):
        said = entry.event.fields.get("verdict", "")
        if entry.event.kind == "response":
            given = True
        elif entry.event.fields.get("sending") == "Start":
            given = False
        elif entry.event.fields.get("phase") != "authen":
            continue
        elif said in _TACACS:
            yield _TACACS[said], entry
        elif said in _TACACS_ASKS and given:
            yield "CHALLENGE", entry
        elif said == "GETUSER":
            given = False


def _sdi(attempt: Attempt) -> Iterator[Answer]:
    for entry in attempt.find("sdi", *_SDI):
        yield _SDI[entry.event.kind], entry


def _kerberos(attempt: Attempt) -> Iterator[Answer]:
    for entry in attempt.find("kerberos", "error", "message-type"):
        fields = entry.event.fields
        if entry.event.kind == "error":
            if fields.get("code") != _PROVE_FIRST and "required" not in fields["error"]:
                yield "REJECT", entry
        elif fields["message_type"] == _TICKET:
            yield "ACCEPT", entry
