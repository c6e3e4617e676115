"""On what terms an investigation goes out: decided before anything is connected to."""

from __future__ import annotations

from dataclasses import dataclass

from headend.device.debug_set import Wanted
from headend.device.situation import Limits
from headend.diagnosis.server_words import BUILT_IN
from headend.diagnosis.words import Words
from headend.workflow.patience import IDLE
from headend.workflow.selection import Selection


@dataclass(frozen=True, slots=True)
class Terms:
    """Whose login is wanted, and on what terms; ``started`` is the verb's monotonic start.

    ``debugs`` are the commands to arm instead of those that the headend's configuration calls for,
    ``idle`` is how long (seconds) an attempt may be silent.
    """

    selection: Selection
    limits: Limits
    started: float
    debugs: tuple[str, ...] = ()
    idle: float = IDLE
    words: Words = BUILT_IN

    @property
    def wanted(self) -> Wanted:
        """What is to be armed."""
        asked = self.selection
        return Wanted(asked.user, asked.group, asked.client_ip, self.debugs)
