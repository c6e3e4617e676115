"""Multiple context mode: one chassis, several headends in it, and the system space."""

from __future__ import annotations

from headend.lab.box import Box
from headend.lab.spec import HeadendSpec


def chassis(spec: HeadendSpec) -> Box:
    """Return the box for a specification, with its contexts where it has any.

    The chassis itself is the system execution space then. Its contexts share its sessions: one
    that ``changeto`` moves on stays the same session.
    """
    box = Box(spec)
    for name in spec.contexts:
        inner = Box(spec, name)
        inner.terminals, inner.received = box.terminals, box.received
        inner.changed = box.changed
        if name == admin(spec):  # nobody's VPN ends here
            inner.configuration.remove(["tunnel-group"])
            inner.configuration.remove(["webvpn"])
        box.contexts[name] = inner
    if box.contexts:
        for subject in ("tunnel-group", "aaa-server", "aaa", "webvpn", "group-policy", "crypto"):
            box.configuration.remove([subject])
    return box


def admin(spec: HeadendSpec) -> str:
    """Return the name of the admin context, where logins land; empty in single mode."""
    return spec.contexts[0] if spec.contexts else ""


def users_of(box: Box, context: str = "") -> Box:
    """Return where users log in: the box itself, the named context, or the first but admin."""
    if not box.contexts:
        return box
    names = [name for name in box.contexts if name != admin(box.spec)]
    return box.contexts[context or names[0]]


def place(box: Box, name: str) -> Box | str:
    """Return where ``changeto`` leads, an empty name being the system space, or the refusal."""
    if not box.contexts:
        return "Command not valid in current execution space"
    if name and name not in box.contexts:
        return f"ERROR: '{name}' is not valid"
    return box.contexts[name] if name else box
