"""A case: the text of a capture, and what an expert reads in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from headend.workflow.encoding import decoder_of

HERE = Path(__file__).parent
FOLDERS = {
    "development": HERE / "development",
    "held-out": HERE / "held_out",
    "second blind": HERE / "second_blind",
    "corpus": HERE.resolve().parents[2] / "shared" / "corpus" / "login",
}


@dataclass(frozen=True)
class Label:
    """What is right for one attempt: each field lists every honest answer, the likeliest first."""

    users: tuple[str | None, ...]
    outcomes: tuple[str, ...]
    causes: tuple[str, ...]
    stages: tuple[str | None, ...]
    admin: tuple[bool, ...]


@dataclass(frozen=True)
class Case:
    name: str
    text: str
    labels: tuple[Label, ...]
    note: str


def cases(folder: Path) -> Iterator[Case]:
    for path in sorted(folder.glob("*.json")):
        wanted = json.loads(path.read_text(encoding="utf-8"))
        yield Case(
            path.stem,
            _text(path.with_suffix(".txt")),
            tuple(_label(attempt) for attempt in wanted["attempts"]),
            wanted.get("note", ""),
        )


def _text(path: Path) -> str:
    """Decode a capture as the program does; carriage returns belong to it."""
    data = path.read_bytes()
    decoder = decoder_of(data)
    return decoder.decode(data, final=True) if decoder else data.decode("utf-8", "replace")


def _label(attempt: dict[str, Any]) -> Label:
    """Read a label; the corpus calls three fields by the singular."""

    def field(*names: str) -> tuple[Any, ...]:
        value = next(attempt[name] for name in names if name in attempt)
        return tuple(value) if isinstance(value, list) else (value,)

    return Label(
        field("user"),
        field("outcomes", "outcome"),
        field("causes"),
        field("stages", "stage"),
        field("admin_login", "admin"),
    )
