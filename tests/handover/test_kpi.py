from __future__ import annotations

import csv
import io
import json
import re
import resource
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from incident.many import START, fill, record, write
from live.drive import Cli

Said = Callable[..., str]
COUNT = 10_000
HOSTILE = '=HYPERLINK("http://evil.example")\r\n<script>alert(1)</script>\x1b[31m'

# Armed after, recorded first action, diagnosed after, repaired after; in seconds. By hand:
#   first action 100 (recorded), 20, 30, 400, none  -> sorted 20 30 100 400: median 65, 90 % 400
#   diagnosis    60, 120, 180, 240, 300             -> median 180, 90 % 300, mean 180
#   repair       3600 (verified, not closed), 7200, 14400 -> median 7200, mean 8400
CASES = (
    record(START, {"armed": 50, "diagnosed": 60, "verified": 3600, "closed": 9000},
           letters="aaaa", first_action=100.0),
    record(START + timedelta(days=1), {"armed": 20, "diagnosed": 120, "closed": 7200},
           letters="bbbb", cause="bad-credentials"),
    record(START + timedelta(days=8), {"armed": 30, "diagnosed": 180, "closed": 14400},
           letters="cccc"),
    record(START + timedelta(days=15), {"armed": 400, "diagnosed": 240}, letters="dddd"),
    record(START + timedelta(days=16), {"diagnosed": 300, "closed": -5}, letters="eeee",
           cause=None),
)  # fmt: skip


@pytest.fixture
def five(cli: Cli) -> Path:
    for each in CASES:
        write(cli.incidents, each)
    proof = record(START, {"armed": 9000}, letters="ffff", verb="change verify")
    planned = record(START, {"change_rendered": 1}, letters="gggg", verb="change")
    for each in (proof, planned):
        write(cli.incidents, each)
    return cli.incidents


@pytest.mark.usefixtures("five")
def test_the_figures_are_those_worked_out_by_hand(said: Said) -> None:
    found = json.loads(said("kpi", "--json", "--baseline-mttr", "5h"))
    assert found["schema"] == "headend.kpi/1"
    assert (found["incidents"], found["open"]) == (5, 1)
    assert found["first_action"] == {
        "count": 4, "median": 65.0, "high": 400.0, "mean": 137.5, "target": 300.0, "within": 3,
    }  # fmt: skip
    assert found["diagnosis"] == {
        "count": 5, "median": 180.0, "high": 300.0, "mean": 180.0, "target": None, "within": None,
    }  # fmt: skip
    assert found["repair"] == {
        "count": 3, "median": 7200.0, "high": 14400.0, "mean": 8400.0, "target": 9000.0,
        "within": 2,
    }  # fmt: skip
    assert found["causes"] == {"token-required": 3, "bad-credentials": 1, "unseen": 1}
    assert found["headends"] == {"vpn-1": 5}
    assert found["servers"] == {"10.20.1.5": 5}
    weeks = [(week["start"], week["opened"], week["repair"]["median"]) for week in found["weeks"]]
    assert weeks == [
        ("2026-01-05", 2, 5400.0), ("2026-01-12", 1, 14400.0), ("2026-01-19", 2, None),
    ]  # fmt: skip


@pytest.mark.usefixtures("five")
def test_since_is_included_and_until_is_not(said: Said) -> None:
    def count(*arguments: str) -> int:
        return int(json.loads(said("kpi", "--json", *arguments))["incidents"])

    assert count("--since", "2026-01-06T08:00:00Z") == 4
    assert count("--since", "2026-01-06T08:00:01Z") == 3
    assert count("--until", "2026-01-06T08:00:00Z") == 1
    assert count("--since", "2026-01-06", "--until", "2026-01-14") == 2
    assert count("--since", "1s") == 0


@pytest.mark.parametrize(
    "arguments",
    (("--since", "yesterday"), ("--since", "2026-02-01", "--until", "2026-01-01"),
     ("--baseline-mttr", "0h"), ("--baseline-mttr", "four"), ("--chart", "/nowhere/x.html")),
)  # fmt: skip
def test_what_cannot_be_used_is_told(cli: Cli, arguments: tuple[str, ...]) -> None:
    done = cli.run("kpi", *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_no_incident_at_all_is_no_error(said: Said) -> None:
    assert said("kpi").startswith("0 incidents investigated")
    assert json.loads(said("kpi", "--json"))["weeks"] == []


@pytest.mark.parametrize("begins", ("=", "+", "-", "@", "\t", " =", "＝"))  # noqa: RUF001
def test_no_cell_is_a_formula(cli: Cli, said: Said, begins: str) -> None:
    write(cli.incidents, record(START, {}, user=f'{begins}1+1,\r\n"x\x1b[31m', cause=HOSTILE))
    text = said("kpi", "--csv")
    header, row = list(csv.reader(io.StringIO(text, newline="")))
    assert header[:3] == ["id", "opened", "user"]
    cells = dict(zip(header, row, strict=True))
    assert cells["user"].startswith(f"'{begins}1+1")
    assert cells["cause"].startswith("'=HYPERLINK")
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", text.replace("\r\n", "").replace("\n", ""))


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        names = {name for name, _ in attrs}
        assert not names & {"src", "href", "onload", "onclick", "onerror"}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.usefixtures("five")
def test_the_page_stands_alone_and_hostile_names_are_text(cli: Cli, said: Said) -> None:
    write(cli.incidents, record(START, {"armed": 3}, letters="hhhh", cause=HOSTILE))
    assert "Charts: k.html" in said("kpi", "--chart", "k.html")
    text = (cli.folder / "k.html").read_text()
    page = Page()
    page.feed(text)
    assert "script" not in page.tags
    assert "<script>alert(1)</script>" in page.text
    assert "\x1b" not in text
    assert page.tags.count("h2") == 7
    # Three measures, two to three weeks of each with a time: the columns are to scale.
    [high, median] = re.findall(r'class="(?:high|median)" x=\S+ y="([\d.]+)"', text)[:2]
    assert float(high) < float(median) < 186


def processor_seconds(cli: Cli, *arguments: str) -> float:
    """Return what a verb costs, start-up included; what else the machine does is not counted."""

    def spent() -> float:
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    costs = []
    for _ in range(3):
        before = spent()
        assert cli.run(*arguments).returncode == 0
        costs.append(spent() - before)
    return min(costs)


def test_ten_thousand_incidents_are_listed_in_a_second(cli: Cli, said: Said) -> None:
    nothing = processor_seconds(cli, "incident", "list")
    fill(cli.incidents, COUNT)
    first = said("incident", "list", "--rebuild")
    assert len(first.splitlines()) == COUNT + 1
    cost = processor_seconds(cli, "incident", "list")
    assert cost < 1
    # On a slow machine all takes longer; the list itself is never dearer than two bare starts.
    assert cost < 3 * nothing, f"{cost:.2f} s where an empty list takes {nothing:.2f} s"
    (cli.incidents / "index.sqlite").unlink()
    assert said("incident", "list", "--rebuild") == said("incident", "list") == first
    assert json.loads(said("kpi", "--json"))["incidents"] == COUNT


@pytest.mark.usefixtures("five")
def test_an_older_index_and_a_wrong_one_are_made_anew(cli: Cli, said: Said) -> None:
    index = cli.incidents / "index.sqlite"
    right = said("kpi", "--json")
    with sqlite3.connect(index) as old:
        old.execute("UPDATE incident SET summary = '{}'")
        old.execute("PRAGMA user_version = 1")
    old.close()
    assert said("kpi", "--json") == right
    index.write_bytes(b"SQLite format 3\x00 and no more")
    assert said("kpi", "--json") == right
    with sqlite3.connect(index) as wrong:  # what no check of ours could see
        wrong.execute("UPDATE incident SET summary = replace(summary, 'jdoe', 'mallory')")
    wrong.close()
    assert "mallory" in said("incident", "list")
    assert "mallory" not in said("incident", "list", "--rebuild")
    assert said("kpi", "--json", "--rebuild") == right
