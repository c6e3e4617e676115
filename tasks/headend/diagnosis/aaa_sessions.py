"""Lines of ``debug aaa`` to the AAA session, and so the attempt, that each belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from headend.model.diagnosis import Stage

if TYPE_CHECKING:
    from headend.diagnosis.attempt import Attempt
    from headend.diagnosis.roster import Roster
    from headend.model.event import Event

POLICY_GROUP = "GROUP_POLICY_DB"
_BEGINNINGS = frozenset({"step", "server", "no-server", "user", "status", "final", "state"})
# Sessions that never closed, on a headend whose close lines we do not know.
_OPEN = 512


class AaaSessions:
    """The AAA sessions of one debug stream, told apart by handle and by pAcb pointer.

    Lines without either key belong to the session that was named last.
    """

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._handles: dict[str, Attempt] = {}
        self._pointers: dict[str, Attempt] = {}
        self._unbound: list[Attempt] = []
        self._held: list[Event] = []
        self._cursor: Attempt | None = None

    def open_sessions(self) -> list[Attempt]:
        """Return the sessions that may still start an exchange, the oldest first."""
        found = dict.fromkeys([*self._handles.values(), *self._pointers.values()])
        if self._cursor is not None:
            found[self._cursor] = None
        return [attempt for attempt in found if not attempt.closed]

    def feed(self, event: Event) -> Attempt | None:
        """Return the attempt that the event was added to, if that is known yet."""
        fields = event.fields
        if event.kind == "opened":
            return self._opened(event, fields["opened"])
        if event.kind == "task":
            return self._task(event, fields["process"])
        if event.kind == "callback":
            self._held.append(event)
            return None
        if event.kind == "handle":
            return self._handle(event, fields["handle"], fields["pointer"])
        if event.kind == "closed":
            return self._closed(event, fields["closed"])
        attempt = self._current(event)
        if attempt is not None:
            _follow(attempt, event)
        return attempt

    def _opened(self, event: Event, handle: str) -> Attempt:
        attempt = self._roster.open(event)
        attempt.session = True
        self._handles.pop(handle, None)
        self._handles[handle] = attempt
        if len(self._handles) > _OPEN:
            self._handles.pop(next(iter(self._handles)))
        self._unbound.append(attempt)
        del self._unbound[:-_OPEN]
        self._cursor = attempt
        attempt.add(event)
        return attempt

    def _task(self, event: Event, pointer: str) -> Attempt | None:
        pointer = pointer.lower().lstrip("0")
        known = self._pointers.get(pointer)
        if known is None and self._unbound:
            known = self._pointers[pointer] = self._unbound.pop(0)
        if known is None:
            known = self._cursor or self._roster.open(event)
            self._bind(pointer, known)
        self._cursor = known
        return None

    def _bind(self, pointer: str, attempt: Attempt) -> None:
        self._pointers[pointer] = attempt
        if len(self._pointers) > _OPEN:
            self._pointers.pop(next(iter(self._pointers)))

    def _handle(self, event: Event, handle: str, pointer: str) -> Attempt:
        pointer = pointer.lower().lstrip("0")
        by_handle, by_pointer = self._handles.get(handle), self._pointers.get(pointer)
        if by_handle is not None and by_pointer is not None and by_handle is not by_pointer:
            # Two sessions opened before either was processed, and we guessed the order wrong.
            for other, attempt in self._handles.items():
                if attempt is by_pointer:
                    self._handles[other] = by_handle
            by_handle = by_pointer
        attempt = by_pointer or by_handle or self._cursor or self._roster.open(event)
        self._handles[handle] = attempt
        self._bind(pointer, attempt)
        if attempt in self._unbound:
            self._unbound.remove(attempt)
        self._cursor = attempt
        for held in self._held:
            attempt.add(held)
        self._held.clear()
        attempt.add(event)
        attempt.waiting = False
        return attempt

    def _closed(self, event: Event, handle: str) -> Attempt | None:
        attempt = self._handles.pop(handle, None)
        if attempt is None:
            return None
        attempt.closed = True
        attempt.waiting = False
        attempt.add(event)
        self._pointers = {k: v for k, v in self._pointers.items() if v is not attempt}
        if attempt in self._unbound:
            self._unbound.remove(attempt)
        if self._cursor is attempt:
            self._cursor = None
        return attempt

    def _current(self, event: Event) -> Attempt | None:
        attempt = self._cursor
        again = (
            attempt is not None
            and not attempt.session
            and event.kind == "step"
            and "primary" in event.fields["step"]
            and attempt.first("aaa", "final") is not None
        )
        if (attempt is None or again) and event.kind in _BEGINNINGS:
            attempt = self._cursor = self._roster.open(event)
        return attempt


def _follow(attempt: Attempt, event: Event) -> None:
    """Move the attempt through its stages with one line of its AAA session."""
    if event.kind == "step":
        step = event.fields["step"]
        policy = event.fields.get("server_group") == POLICY_GROUP or "policy" in step
        attempt.looking_up = policy
        if policy or "authorization" in step:
            attempt.stage = Stage.AUTHORIZATION
        elif "secondary" in step:
            attempt.stage = Stage.SECONDARY
        else:
            attempt.stage = Stage.PRIMARY
    elif event.kind == "user":
        # A policy look-up names the policy where a login names the user.
        if not attempt.looking_up and attempt.stage is Stage.PRIMARY:
            attempt.name(event.fields.get("user"))
        attempt.waiting = True
    elif event.kind == "status":
        attempt.waiting = False
    elif event.kind == "login-limit":
        attempt.name(event.fields.get("login_user"))
    attempt.add(event)
