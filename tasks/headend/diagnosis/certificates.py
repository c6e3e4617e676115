"""The validation of client certificates, which names a certificate and not yet a login."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headend.diagnosis.bounded import Bounded
from headend.diagnosis.messages import CERTIFICATE_DOUBTED, CERTIFICATE_FAILED
from headend.diagnosis.nearness import near
from headend.diagnosis.roster import host_of
from headend.model.diagnosis import Stage
from headend.model.user import bare_name, same_user

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

# How many certificates wait for their login, and how much is kept of what was said of one.
_KEPT = 256
_EVENTS = 200
_FAILED = CERTIFICATE_FAILED | {
    "untrusted", "no-usage", "expired", "revoked", "missing", "failed",
}  # fmt: skip
# Said on the way to a verdict: the next usage may do, the next map, or no revocation check.
_DOUBTED = CERTIFICATE_DOUBTED | {"usage", "unchecked", "no-map"}
_PASSED = frozenset({"validated", "usage-ok", "717022", "717028"})
_BEGINNINGS = frozenset({"717025", "717029", "begun", "trustpoint", "untrusted", "certificate"})
_OF_CLIENT = "717029"
# A login that follows a check within so many lines is the one that it was made for.
_DIRECTLY = 3
_EXTRACTED = "113028"


@dataclass(slots=True, eq=False)
class _Check:
    """The validation of one certificate; ``names`` are the values of its subject."""

    source: str
    events: list[Event] = field(default_factory=list)
    serial: str | None = None
    names: dict[str, str] = field(default_factory=dict)
    attempt: Attempt | None = None
    over: bool = False
    doubted: bool = False


class Certificates:
    """Holds what was said until a login by that name turns up; a refusal is an attempt."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._checks: Bounded[str, _Check] = Bounded(_KEPT)
        self._waiting: Bounded[_Check, _Check] = Bounded(_KEPT)
        self._by_name: dict[str, dict[_Check, None]] = {}
        # By source, the last check that passed and named nobody.
        self._nameless: Bounded[str, _Check] = Bounded(_KEPT)

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def feed(self, event: Event) -> Attempt | None:
        """Take an event about a certificate; return the attempt that it ended, if it did."""
        kind = event.kind
        if kind == _EXTRACTED and "error" not in event.fields.get("detail", ""):
            return None
        check = self._check(event)
        failed = kind in _FAILED
        if failed and check.attempt is None:
            self._open(check, event)
        check.over = check.over or failed or kind in _PASSED
        check.doubted = kind not in _PASSED and (check.doubted or kind in _DOUBTED)
        if check.attempt is None:
            if len(check.events) < _EVENTS:
                check.events.append(event)
            if kind in _PASSED and not check.names:
                self._nameless.put(check.source, check)
            return None
        check.attempt.add(event, Stage.CERTIFICATE)
        return check.attempt

    def of_client(self, event: Event) -> bool:
        """Return whether the certificate that ``event`` goes on with is known as a client's."""
        check = self._checks.get(_stream(event))
        return check is not None and any(one.kind == _OF_CLIENT for one in check.events)

    def refused(self, event: Event) -> Attempt | None:
        """Return the attempt whose certificate gave no user name just before ``event``, if any."""
        check = self._checks.get(_stream(event))
        if check is None:
            return None
        if check.attempt is None and check.doubted:
            self._open(check, check.events[0])
        attempt = check.attempt
        return attempt if attempt is not None and near(attempt, event) else None

    def attach(self, attempt: Attempt, source: str) -> None:
        """Give ``attempt`` what was said in ``source`` of a certificate in its user's name."""
        user = attempt.user or ""
        for check in list(self._by_name.get(bare_name(user), ())):
            named = any(same_user(name, user) for name in check.names.values())
            if named and check.source == source and near(attempt, check.events[-1]):
                self._forget(check)
                for held in check.events:
                    attempt.add(held, Stage.CERTIFICATE)
        self._attach_nameless(attempt, source)

    def _attach_nameless(self, attempt: Attempt, source: str) -> None:
        """Give a login the check that passed directly before it, with no line of another between.

        ``debug crypto ca`` names no certificate that it found good.
        """
        check = self._nameless.get(source)
        if check is None or check.names or check not in self._waiting:
            return
        between = attempt.entries[0].event.line.number - check.events[-1].line.number
        if 0 < between <= _DIRECTLY:
            self._forget(check)
            for held in check.events:
                attempt.add(held, Stage.CERTIFICATE)

    def finish(self) -> None:
        """Open an attempt for each doubt after which nothing more was said."""
        for check in list(self._waiting):
            self._forget(check)
            if check.doubted:
                self._open(check, check.events[0])

    def _open(self, check: _Check, event: Event) -> None:
        self._forget(check)
        check.attempt = self._roster.open(event)
        for held in check.events:
            check.attempt.add(held, Stage.CERTIFICATE)
        check.events.clear()

    def _check(self, event: Event) -> _Check:
        """Return the check that ``event`` goes on with, or a new one that it begins."""
        stream = _stream(event)
        check = self._checks.get(stream)
        serial = event.fields.get("serial")
        if (
            check is None
            or (serial and check.serial and serial != check.serial)
            or (check.over and event.kind in _BEGINNINGS and not _repeated(check, event))
        ):
            check = _Check(event.line.source)
            self._checks.put(stream, check)
            gone = self._waiting.put(check, check)
            if gone is not None:
                self._forget(gone[1])
        check.serial = serial or check.serial
        for part in event.fields.get("subject", "").split(","):
            self._learn(check, part.partition("=")[2].strip())
        return check

    def _learn(self, check: _Check, name: str) -> None:
        key = bare_name(name)
        if name and check in self._waiting and key not in check.names:
            check.names[key] = name
            self._by_name.setdefault(key, {})[check] = None

    def _forget(self, check: _Check) -> None:
        self._waiting.pop(check, None)
        for key in check.names:
            named = self._by_name.get(key, {})
            named.pop(check, None)
            if not named:
                self._by_name.pop(key, None)


def _repeated(check: _Check, event: Event) -> bool:
    """Return whether ``event`` says again, without a certificate, why the check has failed."""
    if event.kind != "untrusted" or "serial" in event.fields or check.attempt is None:
        return False
    last = check.attempt.last(event.facility)
    return last is not None and last.event.kind == event.kind


def _stream(event: Event) -> str:
    return host_of(event) or event.line.source
