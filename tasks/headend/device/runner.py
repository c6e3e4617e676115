"""A Nornir runner for captures: a thread for each headend, and nobody waits for a dead one."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

from nornir.core.inventory import Host
from nornir.core.task import AggregatedResult, MultiResult, Task

from headend.device.listen import Stop


class CaptureRunner:
    """Runs the task on all hosts at once, as a capture holds its thread to the end.

    When ``stop`` is requested, those that ``leave`` names are no longer waited for: a connect that
    the network swallows takes ten seconds, and nothing is armed there.
    """

    def __init__(self, stop: Stop, leave: Callable[[str], bool]) -> None:
        self._stop = stop
        self._leave = leave

    def run(self, task: Task, hosts: list[Host]) -> AggregatedResult:
        """Return the results of those hosts that came to an end."""
        result = AggregatedResult(task.name)
        done: queue.SimpleQueue[tuple[str, MultiResult] | None] = queue.SimpleQueue()

        def work(host: Host) -> None:
            done.put((host.name, task.copy().start(host)))

        for host in hosts:
            # A daemon: the process may end before a thread that was left.
            threading.Thread(target=work, args=(host,), name=host.name, daemon=True).start()
        waiting = {host.name for host in hosts}
        with self._stop.waking(lambda: done.put(None)):
            while waiting:
                if self._stop.requested:
                    waiting = {name for name in waiting if not self._leave(name)}
                    if not waiting:
                        break
                finished = done.get()
                if finished is not None:
                    name, result[name] = finished
                    waiting.discard(name)
        return result
