"""The lab's inventory with a few words more."""

import json
from pathlib import Path
from typing import Any

from headend.lab import Lab


def with_extras(lab: Lab, folder: Path, **extras: Any) -> dict[str, str]:
    """Copy the lab's inventory, with ``extras`` for each headend; return the environment for it."""
    given = Path(lab.environment["HEADEND_INVENTORY"])
    own = folder / "inventory-with-extras"
    own.mkdir(exist_ok=True)
    for name in ("hosts", "groups", "defaults"):
        (own / f"{name}.yaml").write_text((given / f"{name}.yaml").read_text())
    options = {"connection_options": {"headend": {"extras": extras}}}
    # JSON is YAML as well.
    (own / "defaults.yaml").write_text(json.dumps({"platform": "cisco_asa", **options}))
    return {"HEADEND_INVENTORY": str(own)}
