"""Evidence where it stands: the lines around it, from the incident's own files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headend.incident.capture import LOG
from headend.incident.naming import folder_name
from headend.model.diagnosis import Evidence

_AROUND = 3
_LONGEST = 400
_BLOCK = 1 << 20
CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Told:
    """A line of an excerpt; ``proof`` where it is evidence."""

    number: int
    text: str
    proof: bool


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some lines of one source, in order."""

    source: str
    lines: tuple[Told, ...]


def path_of(folder: Path, source: str, record: Mapping[str, Any]) -> Path | None:
    """Return the file behind the name of a source, ``None`` where the incident holds none.

    Only names that the record knows are looked for: a name may come from a file that was shared.
    """
    for headend in record["headends"]:
        if source == f"{headend}/{LOG}":
            return folder / folder_name(headend) / LOG
    for kept in record.get("client", ()):
        if source == f"{CLIENT}/{kept['name']}":
            return folder / CLIENT / folder_name(kept["name"])
    return None


def excerpts(
    folder: Path, record: Mapping[str, Any], proofs: Iterable[Iterable[Evidence]]
) -> list[tuple[Excerpt, ...]]:
    """Return for each set of evidence its lines with some before and after, each line once.

    Evidence whose file is gone stands alone.
    """
    each: list[dict[str, dict[int, str]]] = []
    wanted: dict[str, set[int]] = {}
    for evidence in proofs:
        known: dict[str, dict[int, str]] = {}
        for line in evidence:
            known.setdefault(line.source, {})[line.line] = line.text
            wanted.setdefault(line.source, set()).update(_around(line.line))
        each.append(known)
    kept = {
        source: _picked(path, numbers) if (path := path_of(folder, source, record)) else {}
        for source, numbers in wanted.items()
    }
    return [
        tuple(run for source, lines in known.items() for run in _runs(source, lines, kept[source]))
        for known in each
    ]


def lines_of(path: Path) -> Iterable[str]:
    """Yield the lines of a file as the readers of a capture number them; none where it is gone."""
    try:
        with path.open("rb") as file:
            for line in file:
                yield line.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
    except OSError:
        return


def _around(number: int) -> range:
    return range(max(1, number - _AROUND), number + _AROUND + 1)


def _picked(path: Path, wanted: Collection[int]) -> dict[int, str]:
    """Return some lines of a file by their numbers; a flood's file has gigabytes to be skipped."""
    found: dict[int, str] = {}
    first, last = 1, max(wanted)
    with suppress(OSError), path.open("rb") as file:
        while first <= last and (block := file.read(_BLOCK) + file.readline()):
            after = first + block.count(b"\n") + (not block.endswith(b"\n"))
            here = [number for number in wanted if first <= number < after]
            lines = block.split(b"\n") if here else []
            for number in here:
                text = lines[number - first].rstrip(b"\r").decode("utf-8", "backslashreplace")
                found[number] = text[:_LONGEST]
            first = after
    return found


def _runs(source: str, proofs: Mapping[int, str], kept: Mapping[int, str]) -> list[Excerpt]:
    texts = {
        number: kept.get(number, proofs.get(number))
        for proof in proofs
        for number in _around(proof)
    }
    runs: list[list[Told]] = []
    for number, text in sorted(texts.items()):
        if text is None:
            continue
        if not runs or runs[-1][-1].number + 1 != number:
            runs.append([])
        runs[-1].append(Told(number, text, number in proofs))
    return [Excerpt(source, tuple(run)) for run in runs]
