"""Ten thousand incidents on disk, made fast: a folder and its record each."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from headend.incident.audit import origin

START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def record(  # noqa: PLR0913 - a parameter is a fact
    opened: datetime,
    seconds: dict[str, float],
    *,
    letters: str = "aaaa",
    user: str = "jdoe",
    cause: str | None = "token-required",
    first_action: float | None = None,
    **more: Any,
) -> dict[str, Any]:
    """A record whose milestones came so many ``seconds`` after its opening."""
    milestones = {
        "opened": opened,
        **{k: opened + timedelta(seconds=v) for k, v in seconds.items()},
    }
    name = f"{opened:%Y%m%dT%H%M%SZ}-{letters}"
    return {
        "schema": "headend.incident/1",
        "id": name,
        "verb": "investigate",
        "user": user,
        "note": "",
        "headends": {"vpn-1": {}},
        "milestones": {name: at.isoformat() for name, at in milestones.items()},
        "timing": {} if first_action is None else {"seconds_to_first_action": first_action},
        "verdict": {
            "attempts": 1,
            "outcome": "rejected",
            "cause": cause,
            "headend": "vpn-1",
            "server": "10.20.1.5",
            "advice": "Ask the user.",
        },
        "audit": origin(name)._asdict(),
        "ending": "verdict",
        **more,
    }


def write(root: Path, document: dict[str, Any]) -> Path:
    folder = root / str(document["id"])
    folder.mkdir(parents=True)
    (folder / "incident.json").write_text(json.dumps(document))
    return folder


def fill(root: Path, count: int) -> None:
    root.mkdir(parents=True)
    for number in range(count):
        letters = "".join(LETTERS[number // len(LETTERS) ** at % len(LETTERS)] for at in range(4))
        seconds = {"armed": 3.0 + number % 40, "diagnosed": 60.0 + number % 600}
        if number % 3:
            seconds["closed"] = 1000.0 + number
        opened = START + timedelta(minutes=50 * number)
        write(root, record(opened, seconds, letters=letters, user=f"user{number % 700}"))
