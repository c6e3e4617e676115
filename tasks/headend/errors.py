"""The error tree: every failure that a user can meet, with its exit status.

    HeadendError                       1
    ├── InputError                     2   options, files, inventory: the user's to mend
    │   └── MemberRefused                  one file of an archive; the others may be read
    ├── Refused                       12   a safety gate said no; nothing was done
    │   ├── HostKeyRefused                 unknown or changed host key
    │   ├── CommandRefused                 a command outside the allow-list
    │   └── CaptureRefused                 debug would show nothing or do harm here
    │       └── StandbyUnit                users land on the other unit of its failover pair
    ├── LoginError                    13   no usable session
    │   ├── Unreachable                    no TCP or SSH answer
    │   ├── LoginRefused                   user name, password or enable password
    │   └── SessionQuotaFull               the headend has no management session free
    ├── SessionLost                   13   the session ended under our hands
    └── DebugNotOff                   17   the read-back did not prove debug off

A message says where, which rule, which value, and what to do next.
"""

from __future__ import annotations

# Exit statuses of verbs that did their work without an error of this tree.
NO_ATTEMPT = 10  # nobody tried to log in
INCONCLUSIVE = 11  # seen, and not understood
PARTIAL = 14  # done on some headends and not on others, or some need a look
INTERRUPTED = 130  # the user broke it off


class HeadendError(Exception):
    """Anything this project raises on purpose.

    ``status`` is the exit status of the verb that ends with it; ``remedy`` says what to do next.
    """

    status = 1

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message}. {self.remedy}" if self.remedy else self.message


class InputError(HeadendError):
    """What the user gave cannot be used: an option, a file, an inventory."""

    status = 2


class MemberRefused(InputError):
    """One file of an archive breaks a rule, which the message names; nothing of it is kept."""


class Refused(HeadendError):
    """A safety gate said no, and nothing was done."""

    status = 12


class HostKeyRefused(Refused):
    """The host key is unknown, or differs from the recorded one."""


class CommandRefused(Refused):
    """A command outside the allow-list was about to be sent."""


class CaptureRefused(Refused):
    """A capture on this headend would be empty, or not safe."""


class StandbyUnit(CaptureRefused):
    """The standby unit of a failover pair: no failure where the active one is captured."""


class LoginError(HeadendError):
    """No usable session could be had."""

    status = 13


class Unreachable(LoginError):
    """Nothing answered at that address."""


class LoginRefused(LoginError):
    """The headend refused the user name, the password or the enable password."""


class SessionQuotaFull(LoginError):
    """The headend closed the connection before it asked who we are."""


class SessionLost(HeadendError):
    """The session ended before we ended it."""

    status = 13


class DebugNotOff(HeadendError):
    """The read-back after a capture did not prove that our debug is off."""

    status = 17
