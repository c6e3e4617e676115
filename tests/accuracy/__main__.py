"""Print how often the diagnosis is right: ``python -m accuracy [--failures] [--json FILE]``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from accuracy.cases import FOLDERS, cases
from accuracy.grade import score
from accuracy.table import as_json, failures, table


def main() -> None:
    parser = argparse.ArgumentParser(prog="accuracy", description=__doc__)
    parser.add_argument("--failures", action="store_true", help="list what was read wrongly")
    parser.add_argument("--only", choices=FOLDERS, help="one folder instead of all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    given = parser.parse_args()
    names = [given.only] if given.only else FOLDERS
    scores = {name: score(held) for name in names if (held := list(cases(FOLDERS[name])))}
    lines = list(table(scores))
    if given.failures:
        for name, one in scores.items():
            lines += ["", *failures(name, one)]
    sys.stdout.write("\n".join(lines) + "\n")
    if given.json:
        given.json.write_text(json.dumps(as_json(scores), indent=1) + "\n", encoding="utf-8")


main()
