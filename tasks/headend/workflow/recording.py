"""One headend's part of an incident: its tape, its lease, and what is written of its steps."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from headend.device.credentials import VAULT
from headend.device.listen import Ending
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
from headend.device.tape import Tape
from headend.incident.incident import Incident
from headend.incident.lease import Lease, process_started, remove_lease, write_lease
from headend.incident.record import stamp
from headend.redact import Placeholders, Redactor


class Recording:
    """Keep what one headend said and what became of it.

    ``took`` is called in the capture's thread and does what cannot wait; ``note`` writes the same
    step into the incident, and may be called from another thread, later.
    """

    def __init__(
        self,
        incident: Incident,
        headend: str,
        placeholders: Placeholders,
        wrote: Callable[[], None] = lambda: None,
    ) -> None:
        self.incident = incident
        self.headend = headend
        self.facts: dict[str, object] = {}
        self._placeholders = placeholders
        self._log = incident.capture(headend)
        # A session that was lost may still be listed when the next one is armed.
        self._leases: list[Lease] = []
        self._root = incident.path.parent
        self._lost_at: float | None = None
        self._gaps: list[dict[str, str]] = []
        self._redactor = Redactor(VAULT.known(), placeholders=placeholders)
        self.tape = Tape(headend, self._redactor, self._log, wrote, self._learn_secrets)

    def take_over(self, since: float) -> None:
        """Make ready to go on for a mate, which listens no longer since that Unix time at least."""
        self._lost_at = since
        self.tape.reopen()
        self.tape.gap(f"nobody listened since {stamp(since)}; this unit takes over", time.time())

    def took(self, step: Step) -> None:
        """Do at once what the next step depends on."""
        if isinstance(step, Connected):
            self.tape.begin()  # a one-time password is known only now
        elif isinstance(step, Arming):
            self._take_lease(step)

    def note(self, step: Step) -> None:
        """Write one step of the capture into the incident."""
        record = self.incident
        if isinstance(step, Connected):
            record.mark("connected")
            if "seconds_to_connected" not in self.facts:
                self._set(state="connected", seconds_to_connected=round(step.seconds, 3))
            elif self.facts["state"] == "standby":  # it takes over
                self._set(state="connected", error=None)
        elif isinstance(step, Checked):
            self._keep("before", step.replies)
        elif isinstance(step, Listening):
            self._armed(step)
        elif isinstance(step, Lost):
            self._lost_at = step.at
            self._set(state="lost", error=step.message)
            record.audit("lost", headend=self.headend, message=step.message)
        elif isinstance(step, Snapshot):
            self._keep("after", step.replies)
        elif isinstance(step, Disarmed):
            self._set(state="disarmed", ending=step.ending, proof=step.proof)
            record.audit("disarmed", headend=self.headend, ending=step.ending, proof=step.proof)
            while self._leases:
                remove_lease(self._root, self._leases.pop())

    def failed(self, state: str, message: str) -> None:
        """Record that this headend is out of the capture; an ending that was told stays."""
        ending = self.facts.get("ending") or (Ending.LOST if state == "lost" else Ending.REFUSED)
        self._set(state=state, error=message, ending=ending)

    def unread(self, size: int) -> None:
        """Record how many bytes of the capture nobody has diagnosed."""
        if size:
            self._set(unread_bytes=size)

    def close(self) -> None:
        """Close the capture's file; a login that still goes on writes no more."""
        self.tape.close(time.time())
        self._log.close()

    def _learn_secrets(self) -> None:
        for secret in VAULT.known():  # some references are resolved only at the login
            self._redactor.add_secret(secret)

    def _set(self, **facts: object) -> None:
        self.facts.update(facts)
        self.incident.set_headend(self.headend, **facts)

    def _armed(self, step: Listening) -> None:
        self.incident.mark("armed")
        self._set(state="armed", debugs=list(step.debugs))
        if self._lost_at is None:
            self._set(seconds_to_armed=round(step.seconds, 3))
        else:
            # What was printed in between is nowhere.
            self._gaps.append({"from": stamp(self._lost_at), "to": stamp(time.time())})
            self._set(gaps=list(self._gaps), error=None)
            self._lost_at = None
        self.incident.audit("armed", headend=self.headend, debugs=list(step.debugs))

    def _keep(self, phase: str, replies: Mapping[str, str]) -> None:
        redactor = Redactor(VAULT.known(), placeholders=self._placeholders)
        for command, text in replies.items():
            clean = redactor.feed(text.encode() + b"\n") + redactor.flush()
            self.incident.write_show(self.headend, phase, command, clean.decode())

    def _take_lease(self, step: Arming) -> None:
        number = len(self._leases) + 1
        lease = Lease(
            id=f"{self.incident.id}-{self.headend}" + (f"-{number}" if number > 1 else ""),
            incident=self.incident.id,
            headend=self.headend,
            host=step.host,
            port=step.port,
            username=step.username,
            sid=step.sid,
            client_ip=step.address,
            pid=os.getpid(),
            process_started=process_started(os.getpid()),
            armed=step.debugs,
            created=time.time(),
            context=step.context,
        )
        self._leases.append(lease)
        write_lease(self._root, lease)
