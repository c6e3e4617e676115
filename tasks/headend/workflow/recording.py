"""One headend's part of an incident: its tape, its files, and the diagnosis that grows with it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping

from headend.device.credentials import VAULT
from headend.device.progress import (
    Arming,
    Checked,
    Connected,
    Disarmed,
    Listening,
    Snapshot,
    Step,
)
from headend.device.tape import Tape
from headend.diagnosis import Diagnoser
from headend.diagnosis.server_words import BUILT_IN
from headend.diagnosis.words import Words
from headend.incident.incident import Incident
from headend.incident.lease import Lease, process_started, remove_lease, write_lease
from headend.model.diagnosis import Diagnosis, Report
from headend.model.line import Line
from headend.redact import Placeholders, Redactor, redact_bytes

OnLine = Callable[[Line, tuple[Diagnosis, ...]], None]


class Recording:
    """Keep what one headend said: redacted bytes to the file first, then lines, then judgement.

    ``on_line`` is called, in the capture's thread, for each complete line with the attempts whose
    judgement it changed.
    """

    def __init__(
        self,
        incident: Incident,
        headend: str,
        placeholders: Placeholders,
        on_line: OnLine,
        words: Words = BUILT_IN,
    ) -> None:
        self.incident = incident
        self.headend = headend
        self._placeholders = placeholders
        self._on_line = on_line
        self._diagnoser = Diagnoser(on_event=incident.append_event, words=words)
        self._log = incident.capture(headend)
        self._lease: Lease | None = None
        self._root = incident.path.parent
        self._redactor = Redactor(VAULT.known(), placeholders=placeholders)
        self.tape = Tape(headend, self._redactor, self._log.write, self._saw)

    def step(self, step: Step) -> None:
        """Write one step of the capture into the incident."""
        record = self.incident
        if isinstance(step, Connected):
            for secret in VAULT.known():  # some references are resolved only at the login
                self._redactor.add_secret(secret)
            record.mark("connected")
            record.set_headend(self.headend, seconds_to_connected=round(step.seconds, 3))
        elif isinstance(step, Checked):
            self._keep("before", step.replies)
        elif isinstance(step, Arming):
            self._take_lease(step)
        elif isinstance(step, Listening):
            record.mark("armed")
            record.set_headend(
                self.headend,
                state="armed",
                seconds_to_armed=round(step.seconds, 3),
                debugs=list(step.debugs),
            )
            record.audit("armed", headend=self.headend, debugs=list(step.debugs))
        elif isinstance(step, Snapshot):
            self._keep("after", step.replies)
        elif isinstance(step, Disarmed):
            self.release(step.proof)

    def release(self, proof: str) -> None:
        """Record that debug is off, and give the lease back."""
        self.incident.set_headend(self.headend, state="disarmed", proof=proof)
        self.incident.audit("disarmed", headend=self.headend, proof=proof)
        if self._lease:
            remove_lease(self._root, self._lease)
            self._lease = None

    def finish(self) -> Report:
        """Close the file and return what this headend's lines amount to."""
        self._log.close()
        return self._diagnoser.finish()

    def _saw(self, line: Line) -> None:
        self._on_line(line, self._diagnoser.feed(line))

    def _keep(self, phase: str, replies: Mapping[str, str]) -> None:
        for command, text in replies.items():
            clean = redact_bytes(text.encode(), VAULT.known(), placeholders=self._placeholders)
            self.incident.write_show(self.headend, phase, command, clean.decode())

    def _take_lease(self, step: Arming) -> None:
        self._lease = Lease(
            id=f"{self.incident.id}-{self.headend}",
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
        )
        write_lease(self._root, self._lease)
