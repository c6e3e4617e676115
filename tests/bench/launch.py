"""Run a command and print its status, processor seconds and peak memory in KB.

A process of its own, and a small one: a child's peak counts what its parent held when it began.
"""

import os
import sys

_COMMAND = sys.argv[1:]
_SILENT = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
_, _STATUS, _USED = os.wait4(
    os.posix_spawn(_COMMAND[0], _COMMAND, os.environ, file_actions=_SILENT), 0
)
sys.stdout.write(
    f"{os.waitstatus_to_exitcode(_STATUS)} {_USED.ru_utime + _USED.ru_stime} {_USED.ru_maxrss}\n"
)
