"""Lines of ``debug aaa`` to the AAA session, and so the attempt, that each belongs to."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from headend.diagnosis.aaa_order import Order
from headend.diagnosis.bounded import Bounded
from headend.diagnosis.verdicts import debug_outcome
from headend.diagnosis.waiting import Waiting
from headend.model.diagnosis import Outcome, Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

POLICY_GROUP = "GROUP_POLICY_DB"
_BEGINNINGS = frozenset({"step", "server", "no-server", "user", "status", "final", "state"})
_CALLBACK = {"1": Outcome.ACCEPTED, "-1": Outcome.REJECTED, "2": Outcome.CHALLENGED}
# Sessions that never closed, on a headend whose close lines we do not know.
_OPEN = 16_384


@dataclass(slots=True, eq=False)
class _Session:
    """The keys under which lines name one attempt; ``over`` when it was judged."""

    attempt: Attempt
    over: bool = False
    handles: list[str] = field(default_factory=list)
    pointers: list[str] = field(default_factory=list)


class AaaSessions:
    """The AAA sessions of one debug stream, told apart by handle and by pAcb pointer.

    Lines without either key belong to the session that was named last, as long as they can be
    what it says next; else to the one that has waited longest to say them.
    """

    def __init__(self, roster: Roster) -> None:
        self.waiting = Waiting()
        self._roster = roster
        self._order = Order()
        self._sessions: dict[Attempt, _Session] = {}
        self._handles: Bounded[str, _Session] = Bounded(_OPEN)
        self._pointers: Bounded[str, _Session] = Bounded(_OPEN)
        self._unbound: OrderedDict[_Session, None] = OrderedDict()
        self._held: list[Event] = []
        self._cursor: Attempt | None = None

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that the event was added to, if that is known yet."""
        fields = event.fields
        if event.kind == "opened":
            return self._opened(event, fields["opened"])
        if event.kind == "task":
            return self._task(event, _key(fields["process"]))
        if event.kind == "callback":
            self._held.append(event)
            return None
        if event.kind == "handle":
            return self._handle(event, fields["handle"], _key(fields["pointer"]))
        if event.kind == "closed":
            return self._closed(event, fields["closed"])
        attempt = self._current(event)
        if attempt is not None:
            if attempt in self._sessions:
                self._order.told(attempt, event)
            self._follow(attempt, event)
        return attempt

    def finish(self) -> None:
        """Nothing is held back: each line has been given to its attempt."""

    def _opened(self, event: Event, handle: str) -> Attempt:
        attempt = self._roster.open(event)
        attempt.session = True
        self._known_by(handle, self._session(attempt))
        self._unbound[self._sessions[attempt]] = None
        self._move(attempt)
        self._order.told(attempt, event)
        attempt.add(event)
        return attempt

    def _task(self, event: Event, pointer: str) -> Attempt | None:
        known = self._pointers.get(pointer)
        if known is None:
            if self._unbound:
                known = next(iter(self._unbound))
            else:
                known = self._session(self._cursor or self._roster.open(event))
            self._bind(pointer, known)
        self._move(known.attempt)
        self._order.told(known.attempt, event)
        return None

    def _handle(self, event: Event, handle: str, pointer: str) -> Attempt:
        by_handle, by_pointer = self._handles.get(handle), self._pointers.get(pointer)
        if by_handle is not None and by_pointer is not None and by_handle is not by_pointer:
            # Two sessions opened before either was processed, and we guessed the order wrong.
            for other in [one for one in by_pointer.handles if one != handle]:
                self._known_by(other, by_handle)
        session = by_pointer or by_handle
        if session is not None:
            session = self._answered(session)
        else:
            cut = self._cursor or self._asked_before(event) or self._roster.open(event)
            session = self._session(cut)
        attempt = session.attempt
        self._known_by(handle, session)
        self._bind(pointer, session)
        self._move(attempt)
        for held in self._callbacks(attempt):
            self._order.told(attempt, held)
            attempt.add(held)
        self._order.told(attempt, event)
        attempt.add(event)
        self.waiting.discard(attempt)
        return attempt

    def _callbacks(self, attempt: Attempt) -> list[Event]:
        """Return what was called back for ``attempt``: one line, where others wait as well."""
        if len(self._sessions) > 1 and self._held:
            fitting = (one for one in self._held if _word(one) is debug_outcome(attempt))
            chosen = next(fitting, self._held[0])
            attempt.guessed = attempt.guessed or len(self._held) > 1
            self._held.remove(chosen)
            return [chosen]
        held, self._held = self._held, []
        return held

    def _answered(self, session: _Session) -> _Session:
        """Return the session that is called back: the one whose server gave this answer.

        Where lines crossed, names were given to sessions in the order in which they came; the
        keys of one that was answered otherwise, or not yet, then belong to another that was.
        """
        if len(self._sessions) == 1:
            return session
        words = {_word(one) for one in self._held} - {None}
        attempt = session.attempt
        judged = not attempt.waiting or attempt.first("aaa", "status") is not None
        if not words or judged or debug_outcome(attempt) in words:
            return session
        for waiting in self.waiting.first():
            other = self._sessions.get(waiting)
            if other is not None and debug_outcome(waiting) in words:
                self._exchange_keys(session, other)
                return other
        return session

    def _exchange_keys(self, one: _Session, other: _Session) -> None:
        one.handles, other.handles = other.handles, one.handles
        one.pointers, other.pointers = other.pointers, one.pointers
        for session in (one, other):
            self._handles.update(dict.fromkeys(session.handles, session))
            self._pointers.update(dict.fromkeys(session.pointers, session))

    def _asked_before(self, event: Event) -> Attempt | None:
        """Return the attempt whose server was just heard, where its session began earlier.

        The callback repeats the server's word.
        """
        latest = next(iter(self._roster.recent()), None)
        if latest is None or not self._held or latest.source != event.line.source:
            return None
        if latest.first("aaa") is not None or latest.first("syslog") is not None:
            return None
        word = _word(self._held[-1])
        return latest if word is not None and debug_outcome(latest) is word else None

    def _closed(self, event: Event, handle: str) -> Attempt | None:
        session = self._handles.get(handle)
        if session is None:
            return None
        attempt = session.attempt
        attempt.closed = True
        attempt.add(event)
        if self._cursor is attempt:
            self._cursor = None
        self._end(session)
        return attempt

    def _session(self, attempt: Attempt) -> _Session:
        known = self._sessions.get(attempt)
        if known is None:
            known = self._sessions[attempt] = _Session(attempt)
            self._roster.hold(attempt)
        return known

    def _known_by(self, handle: str, session: _Session) -> None:
        before = self._handles.get(handle)
        if before is session:
            return
        session.handles.append(handle)
        gone = self._handles.put(handle, session)
        for other, key in ((before, handle), (gone[1], gone[0]) if gone else (None, "")):
            if other is not None:
                other.handles.remove(key)
                self._end_if_keyless(other)

    def _bind(self, pointer: str, session: _Session) -> None:
        self._unbound.pop(session, None)
        before = self._pointers.get(pointer)
        if before is session:
            return
        session.pointers.append(pointer)
        gone = self._pointers.put(pointer, session)
        for other, key in ((before, pointer), (gone[1], gone[0]) if gone else (None, "")):
            if other is not None:
                other.pointers.remove(key)
                self._end_if_keyless(other)

    def _end_if_keyless(self, session: _Session) -> None:
        if not session.handles and not session.pointers and session.attempt is not self._cursor:
            self._end(session)

    def _end(self, session: _Session) -> None:
        """Forget a session's keys; it hears of nothing any more."""
        for handle in session.handles:
            self._handles.pop(handle, None)
        for pointer in session.pointers:
            self._pointers.pop(pointer, None)
        self._unbound.pop(session, None)
        self.waiting.discard(session.attempt)
        self._order.forget(session.attempt)
        self._sessions.pop(session.attempt, None)
        self._let_go(session)

    def _let_go(self, session: _Session) -> None:
        if not session.over:
            session.over = True
            self._roster.release(session.attempt)

    def _move(self, attempt: Attempt) -> None:
        """Take lines without a key for ``attempt``'s from now on."""
        before, self._cursor = self._cursor, attempt
        if before is not None and before is not attempt and before not in self._sessions:
            self.waiting.discard(before)

    def _current(self, event: Event) -> Attempt | None:
        attempt = self._cursor
        fitting = self._order.place(event, attempt)
        if fitting is not None and fitting is not attempt:
            attempt = fitting
            self._move(attempt)
        again = (
            attempt is not None
            and not attempt.session
            and event.kind == "step"
            and "primary" in event.fields["step"]
            and attempt.first("aaa", "final") is not None
        )
        if (attempt is None or again) and event.kind in _BEGINNINGS:
            attempt = self._roster.open(event)
            self._move(attempt)
        return attempt

    def _follow(self, attempt: Attempt, event: Event) -> None:
        """Move the attempt through its stages with one line of its AAA session."""
        kind = event.kind
        if kind == "step":
            step = event.fields["step"]
            policy = event.fields.get("server_group") == POLICY_GROUP or "policy" in step
            attempt.looking_up = policy
            if policy or "authorization" in step:
                attempt.stage = Stage.AUTHORIZATION
            elif "secondary" in step:
                attempt.stage = Stage.SECONDARY
            else:
                attempt.stage = Stage.PRIMARY
        elif kind == "user":
            # A policy look-up names the policy where a login names the user.
            if not attempt.looking_up and attempt.stage is Stage.PRIMARY:
                attempt.name(event.fields.get("user"))
            self.waiting.add(attempt, attempt.value("aaa", "server", "server"))
        elif kind == "status":
            self.waiting.discard(attempt)
        elif kind == "login-limit":
            attempt.name(event.fields.get("login_user"))
        elif kind == "final" and event.fields["final"] != "CHALLENGE":
            # Some trains print no close line that we know.
            session = self._sessions.get(attempt)
            if session is not None:
                self._let_go(session)
        attempt.add(event)


def _word(callback: Event) -> Outcome | None:
    return _CALLBACK.get(callback.fields.get("callback", ""))


def _key(pointer: str) -> str:
    return pointer.lower().lstrip("0")
