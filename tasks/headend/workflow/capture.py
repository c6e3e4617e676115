"""The capture as one Nornir task for other people's scripts: recorded, judged, surely ended."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Sequence
from pathlib import Path

from nornir.core.task import Result, Task

from headend.config import Settings
from headend.device import tasks
from headend.device.debug_set import Wanted, asked_for
from headend.device.listen import Ending, Stop
from headend.device.progress import Step
from headend.device.situation import MAX_CPU, Limits
from headend.incident.store import IncidentStore
from headend.model.diagnosis import Diagnosis
from headend.model.line import visible
from headend.redact import Placeholders
from headend.workflow.bell import Bell
from headend.workflow.follow import Follower
from headend.workflow.recording import Recording
from headend.workflow.selection import Selection
from headend.workflow.site_words import site_words


def capture(  # noqa: PLR0913 - each is one choice of the caller
    task: Task,
    user: str | None = None,
    duration: float = tasks.DURATION,
    *,
    client_ip: str | None = None,
    group: str | None = None,
    debugs: Sequence[str] = (),
    max_cpu: float = MAX_CPU,
    max_lines: int = 0,
    incidents: Path | None = None,
) -> Result:
    """Debug this headend while ``user`` tries to log in, and say what became of the attempt.

    Arms, listens for at most ``duration`` seconds or until the verdict for ``user`` is there, and
    disarms with proof; the session is closed afterwards. ``debugs`` (``"radius all"``) override
    those that the configuration calls for. What came is kept in an incident folder
    under ``incidents``. The result's ``diagnoses`` holds every attempt seen, ``incident`` the path.
    """
    name = task.host.name
    selection = Selection(user, client_ip, group)
    settings = Settings.resolve(incidents=incidents)
    words = site_words(settings.inventory)
    incident = IncidentStore(settings.incidents).open("capture", user, [name])
    bell, stop = Bell(), Stop()
    recording = Recording(incident, name, Placeholders(), bell.ring)
    events = incident.events()
    follower = Follower(incident.reader(name), selection.takes, words=words, on_event=events.append)

    def took(_headend: str, step: Step) -> None:
        recording.took(step)
        recording.note(step)

    ended = threading.Event()

    def follow() -> None:
        while not ended.is_set():
            bell.answer(None)
            while (heard := follower.advance()).lines:
                if any(one.settled and selection.takes(one) for one, _ in heard.changed):
                    stop.request(Ending.VERDICT)

    reading = threading.Thread(target=follow, name=f"follow-{name}")
    reading.start()
    ending = Ending.REFUSED
    try:
        result = tasks.capture(
            task,
            tape=lambda _headend: recording.tape,
            observer=took,
            stop=stop,
            limits=Limits(duration, max_cpu, max_lines),
            wanted=Wanted(user, group, client_ip, asked_for(debugs)),
        )
        ending = vars(result).get("ending", ending)
    finally:
        ended.set()
        bell.ring()
        reading.join()
        while follower.advance().lines:
            pass
        follower.rest()
        report = follower.finish()
        for file in (follower, events, recording):
            file.close()
        chosen = [attempt for attempt in report.attempts if selection.takes(attempt)]
        incident.write_report(report, chosen)
        incident.end(ending)
    if result.failed:
        return result
    return Result(
        host=task.host,
        result="\n".join(map(_sentence, chosen)) or "No attempt was seen",
        diagnoses=[dataclasses.replace(attempt) for attempt in report.attempts],
        incident=str(incident.path),
    )


def _sentence(attempt: Diagnosis) -> str:
    first = attempt.causes[0]
    head = f"{attempt.user or 'unknown user'}: {attempt.outcome} ({first.cause}) {first.summary}"
    proof = [f"  {line.source}:{line.line}: {line.text}" for line in first.evidence]
    return "\n".join(visible(line) for line in [head, *proof])
