"""One headend's capture: armed, listened to, opened once more when it is lost, and surely off."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from headend.device import checks, contexts, debug_set, debugs
from headend.device.debug_set import Wanted
from headend.device.listen import Ending, Stop, listen
from headend.device.progress import (
    Arming,
    Checked,
    Connected,
    Disarmed,
    Listening,
    Lost,
    Snapshot,
    Step,
)
from headend.device.session import AsaSession
from headend.device.situation import Limits, Situation
from headend.device.tape import Tape
from headend.errors import (
    CaptureRefused,
    DebugNotOff,
    HeadendError,
    SessionLost,
    StandbyUnit,
    Unreachable,
)
from headend.model.check import Check, CheckState

AFTER = ("show aaa-server", "show checksum")
# A unit that takes over answers after some seconds; nothing is told to whoever refuses TCP.
_TAKE_OVER = (1.0, 2.0, 4.0, 8.0)
NOTHING_ARMED = "nothing was armed"
GONE = "the lost session is not in show ssh sessions any more, and its debug with it"


@dataclass(frozen=True, slots=True)
class Host:
    """One headend by name, how a session to it is opened and closed, and where users log in."""

    name: str
    open: Callable[[Tape], AsaSession]
    close: Callable[[], None]
    context: str | None = None


class Bracket:
    """What is begun here is ended here, whatever happens in between."""

    def __init__(  # noqa: PLR0913, PLR0917 - what one capture is made of
        self,
        host: Host,
        tape: Tape,
        tell: Callable[[Step], None],
        stop: Stop,
        limits: Limits,
        wanted: Wanted,
    ) -> None:
        self._host = host
        self._tape = tape
        self._tell = tell
        self._stop = stop
        self._limits = limits
        self._wanted = wanted
        self._deadline: float | None = None  # monotonic, from the first "armed"
        self._username = ""
        self._sids: list[int | None] = []  # of each session that was armed
        self._landed: str | None = None  # the context in which a login lands
        self._condition: str | None = None
        self._ending: Ending | None = None

    def run(self) -> Ending:
        """Return why the capture ended, with the proof told that nothing of ours is on.

        Raises what opening a session raises, ``CaptureRefused``, ``SessionLost`` and, where
        nothing can prove the end, ``DebugNotOff``.
        """
        try:
            return self._first()
        finally:
            self._tape.close(time.time())
            self._host.close()

    def _first(self) -> Ending:
        try:
            session = self._open()
            found, replies = self._look(session)
            refuse(session, found)
            if not self._stop.admit(self._host.name):
                ending = self._stop.reason or Ending.INTERRUPTED
                self._tell(Disarmed(ending, NOTHING_ARMED))
                return ending
            return self._hold(session, replies)
        except SessionLost as lost:
            self._host.close()
            if not self._sids:
                if self._username:
                    self._tell(Disarmed(Ending.LOST, NOTHING_ARMED))
                raise
            return self._once_more(lost)

    def _once_more(self, lost: SessionLost) -> Ending:
        """Open a lost session again; arm it unless the end was near anyway."""
        self._tell(Lost(lost.message, time.time()))
        self._mark(lost)
        try:
            session = self._reopen(lost)
            self._reset(session)
            if self._ending or self._over:
                ending = self._ending or self._stop.reason or Ending.DEADLINE
                self._tell(Disarmed(ending, self._proof_by(session, self._sids)))
                return ending
            found, replies = self._look(session)
            no = next((each for each in found if each.state is CheckState.REFUSE), None)
            if no is None:
                return self._hold(session, replies)
            ending = Ending.FAILOVER if no.name == "role" else Ending.LOST
            self._tell(Disarmed(ending, self._proof_by(session, self._sids)))
        except SessionLost as again:
            self._host.close()
            ending = self._ending or Ending.LOST
            self._tell(Disarmed(ending, self._prove_gone(again)))
            if ending is Ending.LOST:
                raise
            return ending
        raise SessionLost(
            f"{lost.message}, and it is not armed again: {no.reason}", remedy=no.remedy
        ) from lost

    @property
    def _over(self) -> bool:
        past = self._deadline is not None and time.monotonic() >= self._deadline
        return self._stop.requested or past

    def _mark(self, lost: SessionLost) -> None:
        # At once, whatever comes of it: no line may be made of two sessions.
        now = time.time()
        self._tape.gap(f"{_clock(now)} UTC: {lost.message}", now)

    def _open(self) -> AsaSession:
        session = self._host.open(self._tape)
        self._tell(Connected(time.time() - session.began))
        self._username = session.username
        self._landed = session.prompt.context
        return session

    def _reopen(self, lost: SessionLost) -> AsaSession:
        """Log in once more; ``DebugNotOff`` where that cannot be done."""
        for pause in (*_TAKE_OVER, 0.0):
            try:
                return self._open()
            except Unreachable as error:
                if not pause or self._stop.pause(pause):
                    raise _unproved(lost, error) from error
            except HeadendError as error:
                raise _unproved(lost, error) from error
        raise AssertionError  # the last round returns or raises

    def _look(self, session: AsaSession) -> tuple[tuple[Check, ...], dict[str, str]]:
        found, replies = look(session, self._limits, self._wanted, self._host.context)
        self._tell(Checked(found, replies))
        return found, replies

    def _hold(self, session: AsaSession, replies: dict[str, str]) -> Ending:
        address = session.local_address
        sid = checks.own_session(replies["show ssh sessions"], self._username, address, self._sids)
        chosen = debug_set.choose(self._wanted, replies)
        self._condition = chosen.condition
        self._sids.append(sid)
        self._tell(
            Arming(
                session.host,
                session.port,
                self._username,
                address,
                sid,
                chosen.commands,
                self._host.context,
            )
        )
        try:
            with debugs.armed(session, chosen) as armed:
                if self._deadline is None:
                    self._deadline = time.monotonic() + self._limits.duration
                self._tell(Listening(time.time() - session.began, armed.debugs, armed.refused))
                self._ending = listen(session, self._stop, self._limits, self._deadline, self._tape)
        except (SessionLost, DebugNotOff):
            raise
        except HeadendError as error:
            ending = Ending.REFUSED if isinstance(error, CaptureRefused) else Ending.FAILED
            self._tell(Disarmed(ending, self._proof_here(session, None)))
            raise
        self._tell(Disarmed(self._ending, self._proof_here(session, armed.condition)))
        with suppress(SessionLost):  # the proof is had; a lost after-picture is only a pity
            self._tell(Snapshot(read(session, AFTER)))
        return self._ending

    def _proof_here(self, session: AsaSession, condition: str | None) -> str:
        """Return the proof for this session, which was read back, and for one lost before it."""
        before = self._sids[:-1]
        said = debugs.proof(condition)
        return f"{said}; {self._proof_by(session, before)}" if before else said

    def _prove_gone(self, lost: SessionLost) -> str:
        """Prove through one more session that all the armed ones ended on the headend as well."""
        self._mark(lost)
        try:
            session = self._host.open(self._tape)
        except HeadendError as error:
            raise _unproved(lost, error) from error
        self._reset(session)
        return self._proof_by(session, self._sids)

    def _reset(self, session: AsaSession) -> None:
        """Take back the condition that was set: it outlives the session that set it."""
        if self._condition:
            with contexts.inside(session, self._host.context or session.prompt.context):
                debugs.reset(session)

    def _proof_by(self, session: AsaSession, lost: Sequence[int | None]) -> str:
        """Return the proof that the lost sessions are gone; ``DebugNotOff`` where one is listed."""
        with contexts.inside(session, self._landed):  # which is where sessions are listed
            ours = checks.sessions_of(session.ask("show ssh sessions"), self._username)
        if len(ours) == 1 or not any(sid is None or sid in ours for sid in lost):
            return GONE
        raise DebugNotOff(
            f"A session to {session.where} was lost, and the headend still lists {len(ours)} SSH "
            f"sessions of {self._username!r}",
            remedy="Run headend sweep: it ends the session that was lost",
        )


def look(
    session: AsaSession, limits: Limits, wanted: Wanted, context: str | None
) -> tuple[tuple[Check, ...], dict[str, str]]:
    """Read what preflight asks, and return its checks and the replies.

    The session is in ``context`` afterwards, where there is one to enter.
    """
    change = contexts.ENTER.format(context=context)
    commands = (*checks.OF_THE_HEADEND, *([change] if context else []), *checks.OF_THE_CONTEXT)
    replies = read(session, commands)
    if context:
        contexts.entered(session, context, replies.pop(change))
    elif "multiple" in replies["show mode"]:
        replies |= read(session, (checks.CONTEXTS,))
    here = Situation(replies, limits, time.time(), wanted, session.prompt.context)
    return checks.run(here), replies


def read(session: AsaSession, lines: Sequence[str]) -> dict[str, str]:
    """Return the reply to each of some commands."""
    return dict(zip(lines, session.ask_all(lines), strict=True))


def refuse(session: AsaSession, found: Sequence[Check]) -> None:
    """Raise ``CaptureRefused`` where a check says that nothing must be armed."""
    for check in found:
        if check.state is CheckState.REFUSE:
            refused = StandbyUnit if check.name == "role" else CaptureRefused
            raise refused(f"{session.where}: {check.reason}", remedy=check.remedy)


def _unproved(lost: SessionLost, error: HeadendError) -> DebugNotOff:
    return DebugNotOff(
        f"{lost.message}, and the headend could not be asked whether its session ended: "
        f"{error.message}",
        remedy="Run headend sweep as soon as it answers",
    )


def _clock(at: float) -> str:
    return time.strftime("%H:%M:%S", time.gmtime(at)) + f".{int(at * 1000) % 1000:03d}"
