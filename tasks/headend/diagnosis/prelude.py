"""What a headend says before a login has a name: handshakes, certificates, dead servers."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headend.diagnosis.messages import CERTIFICATE_FAILED, REJECTS
from headend.diagnosis.roster import host_of
from headend.model.diagnosis import Stage
from headend.model.user import same_user

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

_KEPT = 256
_FAILED = frozenset({"untrusted", "usage", "expired", "revoked", "missing", "no-map", "failed"})
_HANDSHAKES = frozenset({"725002", "725006"})


@dataclass(slots=True, eq=False)
class _Check:
    """The validation of one certificate."""

    events: list[Event] = field(default_factory=list)
    serial: str | None = None
    subjects: list[str] = field(default_factory=list)
    attempt: Attempt | None = None
    over: bool = False


class Prelude:
    """Holds nameless events until an attempt turns out to be theirs; a refusal is an attempt."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._checks: dict[str, _Check] = {}
        self._passed: OrderedDict[int, _Check] = OrderedDict()
        self._handshakes: OrderedDict[str, Event] = OrderedDict()
        self._marks: OrderedDict[str, Event] = OrderedDict()
        self._skews: OrderedDict[str, Event] = OrderedDict()

    @property
    def holds(self) -> bool:
        """Whether anything waits for its attempt."""
        return bool(self._handshakes or self._marks or self._passed or self._skews)

    def certificate(self, event: Event) -> Attempt | None:
        """Take an event about a certificate; return the attempt that it ended, if it did."""
        stream = host_of(event) or event.line.source
        check = self._checks.get(stream)
        if check is None or _begins(check, event):
            check = self._checks[stream] = _Check()
            self._passed[id(check)] = check
            _shorten(self._passed)
        fields = event.fields
        check.serial = fields.get("serial", check.serial)
        if "subject" in fields:
            check.subjects.append(fields["subject"])
        if _fails(event) and check.attempt is None:
            self._passed.pop(id(check), None)
            check.attempt = self._roster.open(event)
            for held in check.events:
                check.attempt.add(held, Stage.CERTIFICATE)
            check.events.clear()
        check.over = check.over or _fails(event) or event.kind in {"validated", "717022", "717028"}
        if check.attempt is None:
            check.events.append(event)
            return None
        check.attempt.add(event, Stage.CERTIFICATE)
        return check.attempt

    def refused(self, event: Event) -> Attempt | None:
        """Return the attempt whose certificate was refused just before ``event``, if any."""
        check = self._checks.get(host_of(event) or event.line.source)
        return check.attempt if check is not None else None

    def handshake(self, event: Event) -> None:
        """Remember how the TLS handshake with an address ended."""
        if event.kind in _HANDSHAKES and "client_ip" in event.fields:
            self._handshakes[event.fields["client_ip"]] = event
            _shorten(self._handshakes)

    def server(self, event: Event) -> None:
        """Remember that a server was taken out of service, or came back."""
        server = event.fields.get("server")
        if server is None:
            return
        self._marks.pop(server, None)
        if event.fields.get("server_state") in {"FAILED", "SUSPENDED"}:
            self._marks[server] = event
            _shorten(self._marks)

    def skew(self, event: Event) -> None:
        """Remember that Kerberos refused a login for the clocks, and does not say whose."""
        self._skews[event.fields.get("server", "")] = event
        _shorten(self._skews)

    def finish(self) -> None:
        """Open an attempt for each refusal that none turned out to be told of."""
        while self._skews:
            event = self._skews.popitem(last=False)[1]
            self._roster.open(event).add(event)

    def attach(self, attempt: Attempt, event: Event) -> None:
        """Give ``attempt``, which ``event`` told more of, what was held for it."""
        shaken = self._handshakes.pop(attempt.client_ip or "", None)
        if shaken is not None:
            attempt.add(shaken, Stage.TLS)
        server = event.fields.get("server", "")
        if (
            event.kind in {"113014", "no-server"}
            or event.fields.get("status_word") == "UNAVAILABLE"
        ):
            mark = self._marks.get(server or attempt.value("aaa", "server", "server") or "")
            if mark is not None and mark.line.source == event.line.source:
                attempt.add(mark)
        if server and event.kind in REJECTS and server in self._skews:
            attempt.add(self._skews.pop(server))
        if attempt.user and self._passed:
            self._certify(attempt, event)

    def _certify(self, attempt: Attempt, event: Event) -> None:
        for key, check in list(self._passed.items()):
            ours = check.events and check.events[0].line.source == event.line.source
            if ours and any(_names(subject, attempt.user) for subject in check.subjects):
                for held in self._passed.pop(key).events:
                    attempt.add(held, Stage.CERTIFICATE)


def _fails(event: Event) -> bool:
    return event.kind in CERTIFICATE_FAILED or event.kind in _FAILED


def _begins(check: _Check, event: Event) -> bool:
    """Return whether ``event`` starts the next certificate's validation."""
    serial = event.fields.get("serial")
    if serial and check.serial and serial != check.serial:
        return True
    return check.over and event.kind in {"717025", "717029", "trustpoint", "untrusted"}


def _names(subject: str, user: str | None) -> bool:
    values = (part.partition("=")[2].strip() for part in subject.split(","))
    return any(same_user(value, user) for value in values)


def _shorten(held: OrderedDict[str, Event] | OrderedDict[int, _Check]) -> None:
    while len(held) > _KEPT:
        held.popitem(last=False)
