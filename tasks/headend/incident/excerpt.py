"""Evidence where it stands: the lines around it, from the incident's own files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from headend.incident.capture import LOG
from headend.incident.naming import folder_name
from headend.model.diagnosis import Evidence

_AROUND = 3
_LONGEST = 400
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
    folder: Path, record: Mapping[str, Any], evidence: Iterable[Evidence]
) -> tuple[Excerpt, ...]:
    """Return the evidence with some lines before and after it, each line once.

    Evidence whose file is gone stands alone.
    """
    wanted: dict[str, dict[int, str]] = {}
    for line in evidence:
        wanted.setdefault(line.source, {})[line.line] = line.text
    found = []
    for source, proofs in wanted.items():
        path = path_of(folder, source, record)
        texts = _around(path, proofs) if path is not None else {}
        texts = {**texts, **{number: proofs[number] for number in proofs if number not in texts}}
        found.extend(_runs(source, texts, proofs))
    return tuple(found)


def lines_of(path: Path) -> Iterable[str]:
    """Yield the lines of a file as the readers of a capture number them; none where it is gone."""
    try:
        with path.open("rb") as file:
            for line in file:
                yield line.rstrip(b"\r\n").decode("utf-8", "backslashreplace")
    except OSError:
        return


def _around(path: Path, proofs: Mapping[int, str]) -> dict[int, str]:
    chosen = {
        number for proof in proofs for number in range(max(1, proof - _AROUND), proof + _AROUND + 1)
    }
    numbered = enumerate(islice(lines_of(path), max(chosen)), 1)
    return {number: text[:_LONGEST] for number, text in numbered if number in chosen}


def _runs(source: str, texts: Mapping[int, str], proofs: Mapping[int, str]) -> list[Excerpt]:
    runs: list[list[Told]] = []
    for number in sorted(texts):
        if not runs or runs[-1][-1].number + 1 != number:
            runs.append([])
        runs[-1].append(Told(number, texts[number], number in proofs))
    return [Excerpt(source, tuple(run)) for run in runs]
