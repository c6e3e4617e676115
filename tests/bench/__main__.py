"""Print how fast text is read and headends are reached: ``python -m bench [--part PART]``."""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bench import attempts, diagnosing, inputs, parsing
from bench.sessions import report


class Extent(NamedTuple):
    """How much is measured."""

    lines: int
    sample: int
    repeats: int
    sizes: tuple[int, ...]
    archives: tuple[int, ...]
    opened: tuple[int, ...]


FULL = Extent(200_000, 20_000, 5, (1, 10, 100), (10, 100, 1000), (1, 100, 10_000))
QUICK = Extent(4_000, 800, 1, (1,), (1, 4), (1, 100))


_PARTS = ("reading", "survey", "sessions")


def main() -> None:
    """Measure, print the tables, and write the figures where they are asked for."""
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a look in seconds, not a measurement")
    parser.add_argument("--part", choices=_PARTS, help="measure only this part")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to FILE")
    given = parser.parse_args()
    figures: dict[str, Any] = {"python": platform.python_version()}
    parts = (given.part,) if given.part else _PARTS
    if "reading" in parts:
        figures |= measured(QUICK if given.quick else FULL)
        sys.stdout.write("\n".join(table(figures)) + "\n")
    if "survey" in parts:
        figures["survey"] = surveyed(QUICK if given.quick else FULL)
        for name, rows in figures["survey"].items():
            sys.stdout.write("\n".join(verb_table(f"headend {name}", rows)) + "\n")
    if "sessions" in parts:
        extent = report.QUICK if given.quick else report.FULL
        with tempfile.TemporaryDirectory() as name:
            figures["sessions"] = report.measured(extent, Path(name))
        sys.stdout.write("\n".join(report.table(figures["sessions"])) + "\n")
    if given.json:
        given.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def measured(extent: Extent) -> dict[str, Any]:
    """Return all figures: lines per second, processor seconds, megabytes, microseconds."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return {
            "reading": {
                kind: parsing.measure(kind, folder, extent.lines, extent.sample, extent.repeats)
                for kind in inputs.KINDS
            },
            "diagnose": {
                kind: diagnosing.measure(kind, folder, extent.sizes) for kind in inputs.KINDS
            },
            "open": {str(number): attempts.measure(number) for number in extent.opened},
        }


def surveyed(extent: Extent) -> dict[str, Any]:
    """Return a row for each length of archive; for the shorter ones also what they compare with."""
    with tempfile.TemporaryDirectory() as name:
        folder, less = Path(name), extent.archives[:2]
        return {
            "survey": diagnosing.measure_archive("survey", folder, extent.archives),
            "survey, gzip": diagnosing.measure_archive("survey", folder, less, packed=True),
            "diagnose": diagnosing.measure_archive("diagnose", folder, less),
        }


def table(figures: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of the report."""
    yield "lines per second, one core    " + "".join(f"{kind:>12}" for kind in figures["reading"])
    for key, title in parsing.TITLES.items():
        yield f"  {title:28}" + "".join(f"{one[key]:12,.0f}" for one in figures["reading"].values())
    yield ""
    for kind, rows in figures["diagnose"].items():
        yield from verb_table(f"headend diagnose, {kind}", rows)
    yield ""
    yield "logins open beside it  microseconds a line"
    for number, cost in figures["open"].items():
        yield f"  {int(number):12,} {cost:16.1f}"


def verb_table(title: str, rows: list[dict[str, float]]) -> Iterator[str]:
    """Yield the lines of one verb's part of the report."""
    yield f"{title:28} MB       lines   CPU s    lines/s   peak MB"
    for row in rows:
        yield (
            f"{'':22} {row['mb']:8,} {row['lines']:11,} {row['seconds']:7.1f} "
            f"{row['lines_per_second']:10,.0f} {row['peak_mb']:9.0f}"
        )


main()
