"""What the headends of one run are to each other: units of a pair, members of a cluster."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from headend.device.checks_place import members
from headend.device.situation import Limits, Situation
from headend.model.check import Check, CheckState
from headend.parse import show

# Headend name -> command -> reply.
Replies = Mapping[str, Mapping[str, str]]
_ADDRESS = re.compile(r"\(([0-9A-Fa-f.:]{2,45})[/)]")


class Unit(NamedTuple):
    """What identifies a unit of a failover pair, and what identifies the other one."""

    ours: frozenset[str]
    theirs: frozenset[str]

    def mates(self, other: Unit) -> bool:
        """Tell whether the two are a pair."""
        return bool(other.ours & self.theirs)


def unit(replies: Mapping[str, str]) -> Unit:
    """Return the unit whose replies these are.

    ``show failover`` prints both serial numbers; older releases print none, and the pair is told
    by its interface addresses.
    """
    reply = replies.get("show failover", "")
    row: dict[str, Any] = next(iter(show.rows("show failover", reply)), {})
    if row.get("serial") and row.get("mate_serial"):
        return Unit(frozenset({row["serial"]}), frozenset({row["mate_serial"]}))
    return Unit(
        _addresses(row.get("this_host_interfaces", ())),
        _addresses(row.get("other_host_interfaces", ())),
    )


def mates(replies: Replies) -> dict[str, str]:
    """Return headend -> the other unit of its failover pair, where both are in the run."""
    units = {name: unit(each) for name, each in replies.items()}
    return {
        name: other
        for name, one in units.items()
        for other in units
        if other != name and one.mates(units[other])
    }


def spared(replies: Replies, captured: Iterable[str]) -> frozenset[str]:
    """Return the standby units whose active mate is among the ``captured`` headends."""
    there = frozenset(captured)
    pairs = mates(replies)
    return frozenset(
        name
        for name, mate in pairs.items()
        if mate in there and _state(replies[name], "standby") and _state(replies[mate], "active")
    )


def unseen_members(replies: Replies) -> dict[str, str]:
    """Return public address -> a member that names it, for members that are not in the run."""
    clusters = {name: members(_situation(each)) for name, each in replies.items()}
    covered = {own for own, _ in clusters.values()}
    return {
        peer: name
        for name, (_, others) in clusters.items()
        for peer in others
        if peer not in covered
    }


def judged(
    found: Mapping[str, tuple[Check, ...]], replies: Replies, names: Mapping[str, str]
) -> dict[str, tuple[Check, ...]]:
    """Return the checks again, now that the other headends of the run are known.

    ``names`` maps a public address to the inventory's name of that headend, where it tells.
    """
    pairs, standby = mates(replies), spared(replies, found)
    unseen = unseen_members(replies)

    def again(name: str, check: Check) -> Check:
        if check.name == "role" and name in standby:
            return Check("role", CheckState.OK, f"Standby unit; its active mate is {pairs[name]}")
        if check.name == "load-balancing" and check.state is CheckState.WARN:
            _, others = members(_situation(replies[name]))
            missing = [named(peer, names) for peer in others if peer in unseen]
            if not missing:
                said = f"All {len(others) + 1} members of its cluster are selected"
                return Check("load-balancing", CheckState.OK, said)
            return replace(
                check,
                reason="The user may land on another member of its cluster, which is not selected: "
                + ", ".join(missing),
            )
        return check

    return {name: tuple(again(name, check) for check in some) for name, some in found.items()}


def named(address: str, names: Mapping[str, str]) -> str:
    """Return a member's name with its address, or the address alone."""
    return f"{names[address]} ({address})" if address in names else address


def _addresses(interfaces: Iterable[str]) -> frozenset[str]:
    found = {found[1] for each in interfaces for found in _ADDRESS.finditer(each)}
    return frozenset(found - {"0.0.0.0"})  # noqa: S104 - an interface that has none


def _state(replies: Mapping[str, str], word: str) -> bool:
    row = next(iter(show.rows("show failover", replies.get("show failover", ""))), {})
    return word in str(row.get("this_host_state", "")).lower()


def _situation(replies: Mapping[str, str]) -> Situation:
    return Situation(replies, Limits(0), 0)
