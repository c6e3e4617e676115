"""Ask every chosen headend whether a capture can work there, and judge them together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nornir.core import Nornir

from headend.device import tasks, together
from headend.device.debug_set import Wanted
from headend.device.situation import Limits
from headend.errors import PARTIAL, HeadendError, InputError, LoginError, Refused
from headend.model.check import Check, CheckState


@dataclass(frozen=True, slots=True)
class Finding:
    """What one headend answered, or why it did not."""

    headend: str
    checks: tuple[Check, ...] = ()
    error: HeadendError | None = None


def run(chosen: Nornir, inventory: Nornir, limits: Limits, wanted: Wanted) -> tuple[Finding, ...]:
    """Check the ``chosen`` headends in parallel; nothing is armed.

    ``inventory`` is the whole one: it names headends that were not chosen, where a host says
    ``data: {public_ip: ...}``.
    """
    with chosen:
        results = chosen.run(
            task=tasks.preflight,
            duration=limits.duration,
            max_cpu=limits.max_cpu,
            wanted=wanted,
        )
        chosen.close_connections(on_failed=True)
    errors: dict[str, HeadendError] = {}
    checks: dict[str, tuple[Check, ...]] = {}
    replies: dict[str, dict[str, str]] = {}
    for name, multi in results.items():
        if isinstance(multi.exception, HeadendError):
            errors[name] = multi.exception
        elif multi.exception:
            raise multi.exception
        else:
            # Nornir's Result takes any attribute, and its types know none of them.
            checks[name] = vars(multi[0])["checks"]
            replies[name] = vars(multi[0])["replies"]
    hosts = inventory.inventory.hosts.items()
    names = {str(host.get("public_ip")): name for name, host in hosts if host.get("public_ip")}
    judged = together.judged(checks, replies, names)
    return tuple(Finding(name, judged.get(name, ()), errors.get(name)) for name in results)


def status_of(found: Iterable[Finding]) -> int:
    """Return the exit status: 12 where one refuses, 13 where none was reached, 14 where some."""
    found = tuple(found)
    errors = [each.error for each in found if each.error]
    refused = any(check.state is CheckState.REFUSE for each in found for check in each.checks)
    if refused or any(isinstance(error, Refused) for error in errors):
        return Refused.status
    if not errors:
        return 0
    if len(errors) < len(found):
        return PARTIAL
    if all(isinstance(error, InputError) for error in errors):
        return InputError.status
    return LoginError.status
