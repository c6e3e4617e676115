"""Find out why a remote-access VPN user cannot log in, and prove it with the headend's own words.

The Nornir tasks ``preflight``, ``arm``, ``capture``, ``disarm``, ``snapshot``, ``apply_change``,
and ``diagnose(lines)`` for text. Each is loaded when it is first asked for: a diagnosis of a file
does not wait for netmiko.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from headend.device.tasks import arm, disarm, preflight, snapshot
    from headend.diagnosis import diagnose
    from headend.workflow.capture import capture
    from headend.workflow.change_task import apply_change

_HOMES = {
    "apply_change": "headend.workflow.change_task",
    "arm": "headend.device.tasks",
    "capture": "headend.workflow.capture",
    "diagnose": "headend.diagnosis",
    "disarm": "headend.device.tasks",
    "preflight": "headend.device.tasks",
    "snapshot": "headend.device.tasks",
}

__all__ = ["apply_change", "arm", "capture", "diagnose", "disarm", "preflight", "snapshot"]


def __getattr__(name: str) -> object:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'headend' has no attribute {name!r}")
