"""The lines of the headend's configuration that a login met, as they were read before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from headend.incident.excerpt import lines_of
from headend.incident.naming import folder_name
from headend.model.diagnosis import Diagnosis

_READ = "before-show-running-config-*.txt"
_MOST = 60


@dataclass(frozen=True, slots=True)
class Section:
    """A command of the configuration with what stands under it, and where it was read."""

    source: str
    number: int
    lines: tuple[str, ...]


def applied_policy(folder: Path, attempt: Diagnosis) -> tuple[Section, ...]:
    """Return the sections of the tunnel group, group policy and server group of an attempt.

    Where the tunnel group was not seen, those that ask the attempt's server group are shown.
    """
    if not attempt.headend:
        return ()
    show = folder / folder_name(attempt.headend) / "show"
    found = [
        section
        for path in sorted(show.glob(_READ))
        for section in _sections(path, str(path.relative_to(folder)))
        if _concerns(section, attempt)
    ]
    return tuple(found[:_MOST])


def _sections(path: Path, source: str) -> Iterator[Section]:
    lines: list[str] = []
    began = 0
    for number, text in enumerate(lines_of(path), 1):
        if text[:1] == " " and lines:
            lines.append(text)
            continue
        if lines:
            yield Section(source, began, tuple(lines))
        lines, began = ([text] if text.strip() else []), number
    if lines:
        yield Section(source, began, tuple(lines))


def _concerns(section: Section, attempt: Diagnosis) -> bool:
    kind, _, rest = section.lines[0].partition(" ")
    name = rest.split(" ")[0]
    if kind == "tunnel-group":
        if attempt.tunnel_group is not None:
            return name == attempt.tunnel_group
        asks = f" authentication-server-group {attempt.server_group}"
        return attempt.server_group is not None and any(
            line == asks or line.startswith(f"{asks} ") for line in section.lines
        )
    if kind == "group-policy":
        return name == attempt.group_policy
    return kind == "aaa-server" and name == attempt.server_group
