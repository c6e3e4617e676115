"""Simulated headends over real SSH, for the demo, for training and for the tests."""

from __future__ import annotations

from headend.lab.facade import Headend, Session
from headend.lab.gates import Gate
from headend.lab.lab import Lab, runtime_directory
from headend.lab.spec import LOGIN, AttemptResult, HeadendSpec, SshSpec, default_specs

__all__ = [
    "LOGIN",
    "AttemptResult",
    "Gate",
    "Headend",
    "HeadendSpec",
    "Lab",
    "Session",
    "SshSpec",
    "default_specs",
    "runtime_directory",
]
