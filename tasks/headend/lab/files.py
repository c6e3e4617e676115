"""The inventory files that describe a lab to Nornir."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from headend.lab.spec import HeadendSpec

_GROUP = "{site}:\n  data:\n    site: {site}\n"


def write_inventory(
    directory: Path, specs: Iterable[HeadendSpec], ports: Mapping[str, int]
) -> None:
    """Write the three files of Nornir's SimpleInventory; credentials are never in them."""
    directory.mkdir(parents=True, exist_ok=True)
    specs = list(specs)
    hosts = "".join(
        f"{spec.name}:\n  hostname: 127.0.0.1\n  port: {ports[spec.name]}\n"
        f"  platform: cisco_asa\n  groups: [{spec.site}]\n"
        + (f"  data:\n    context: {spec.contexts[1]}\n" if spec.contexts else "")
        for spec in specs
    )
    groups = "".join(_GROUP.format(site=site) for site in dict.fromkeys(s.site for s in specs))
    texts = {"hosts": hosts, "groups": groups, "defaults": "platform: cisco_asa\n"}
    for name, text in texts.items():
        (directory / f"{name}.yaml").write_text(f"---\n{text}", encoding="utf-8")
