"""The headends of a run: a Nornir inventory, read without litter, and a selection of its hosts."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence
from pathlib import Path

import ruamel.yaml.error
from nornir import InitNornir
from nornir.core import Nornir
from nornir.core.inventory import Host

from headend.device.access import Access
from headend.errors import InputError

# A worker waits most of the time, and one that waits costs nothing but its stack.
_MOST_WORKERS = 1000
_LAST_PORT = 65535


def load(inventory: Path) -> Nornir:
    """Read a SimpleInventory folder (``hosts.yaml``, ``groups.yaml``, ``defaults.yaml``).

    No ``nornir.log`` is left behind. Raises ``InputError`` when the folder or a file in it cannot
    be used, when a password stands in it, or when it says of the connection what nobody reads.
    """
    if not (inventory / "hosts.yaml").is_file():
        raise InputError(
            f"There is no hosts.yaml in the inventory folder {inventory}",
            remedy="Name another folder with --inventory or HEADEND_INVENTORY",
        )
    try:
        nornir = InitNornir(
            inventory={
                "plugin": "SimpleInventory",
                "options": {
                    f"{part}_file": str(inventory / f"{name}.yaml")
                    for part, name in (
                        ("host", "hosts"),
                        ("group", "groups"),
                        ("defaults", "defaults"),
                    )
                },
            },
            logging={"enabled": False},
        )
    except ruamel.yaml.error.YAMLError as error:
        # The error's own text quotes the file, and a password may stand there.
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise InputError(f"The inventory in {inventory} is not valid YAML{where}") from None
    except KeyError as error:  # Nornir's way of saying it
        raise InputError(
            f"The inventory in {inventory} names group {error}, and groups.yaml does not",
            remedy="Add it to groups.yaml, or mend the name",
        ) from error
    except (TypeError, AttributeError) as error:
        raise InputError(
            f"The inventory in {inventory} cannot be used: a file or an entry of it is no mapping",
            remedy="Each host is a mapping with hostname, port, platform and groups",
        ) from error
    except (OSError, ValueError) as error:
        raise InputError(f"The inventory in {inventory} cannot be read: {error}") from error
    for name, host in nornir.inventory.hosts.items():
        if host.port is not None and (
            not isinstance(host.port, int) or not 0 < host.port <= _LAST_PORT
        ):
            raise InputError(
                f"{host.port!r} is no port, and the inventory {inventory} gives it to {name}",
                remedy=f"A port is a number from 1 to {_LAST_PORT}",
            )
        if host.password is not None:
            raise InputError(
                f"A password for {name} stands in the inventory {inventory}",
                remedy="Remove it and give it by reference: HEADEND_PASSWORD, keyring, command",
            )
        Access.from_data(host.get_connection_parameters("headend").extras)
    return nornir


def select(nornir: Nornir, filters: Sequence[str] = (), names: Sequence[str] = ()) -> Nornir:
    """Return the hosts that match every ``key=value`` filter and one of the name globs.

    A key is ``name``, ``group``, ``hostname``, ``platform``, ``port`` or a key of the inventory's
    data. Raises ``InputError`` when a filter has no ``=`` or when nothing is left.
    """
    pairs = [(key, value) for key, _, value in (each.partition("=") for each in filters)]
    for given, (key, value) in zip(filters, pairs, strict=True):
        if not key or not value:
            raise InputError(f"The filter {given!r} is not key=value", remedy="-f site=berlin")

    def matches(host: Host) -> bool:
        named = not names or any(fnmatch.fnmatchcase(host.name, glob) for glob in names)
        return named and all(_has(host, key, value) for key, value in pairs)

    if not nornir.inventory.hosts:
        raise InputError(
            "The inventory has no headend",
            remedy="Name one in hosts.yaml, with hostname, platform and groups",
        )
    chosen = nornir.filter(filter_func=matches)
    if not chosen.inventory.hosts:
        known = ", ".join(sorted(nornir.inventory.hosts))
        wanted = " ".join([*filters, *names])
        raise InputError(
            f"No headend matches {wanted}", remedy=f"The inventory has these headends: {known}"
        )
    chosen.runner.num_workers = min(len(chosen.inventory.hosts), _MOST_WORKERS)  # type: ignore[attr-defined]
    return chosen


def workers(chosen: Nornir) -> int:
    """Return on how many headends of a selection a task runs at once."""
    at_once: int = chosen.runner.num_workers  # type: ignore[attr-defined]
    return at_once


def _has(host: Host, key: str, value: str) -> bool:
    if key == "group":
        return any(fnmatch.fnmatchcase(group, value) for group in _groups(host))
    if key in {"name", "hostname", "platform", "port"}:
        return fnmatch.fnmatchcase(str(getattr(host, key)), value)
    found = host.get(key)
    return found is not None and fnmatch.fnmatchcase(str(found), value)


def _groups(host: Host) -> set[str]:
    """Return the names of all groups of a host, its groups' groups included."""
    return {group.name for group in host.extended_groups()}
