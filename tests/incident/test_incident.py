from __future__ import annotations

import json
import os
import re
import stat
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from cli_render.samples import HOSTILE, hostile_report, report
from headend.errors import InputError
from headend.incident import Incident, IncidentStore
from headend.incident.events import EventLog, older, read_events
from headend.incident.naming import command_slug, folder_name
from headend.incident.stored import read_report
from headend.model.document import report_document
from headend.model.event import Event
from headend.model.line import Line


@pytest.fixture
def store(tmp_path: Path) -> IncidentStore:
    return IncidentStore(tmp_path / "incidents")


@pytest.fixture
def incident(store: IncidentStore) -> Incident:
    return store.open("investigate", "jdoe", ["vpn-1"])


@pytest.fixture(params=(0o000, 0o022, 0o077))
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_everything_is_readable_by_its_owner_only(store: IncidentStore) -> None:
    incident = store.open("investigate", "jdoe", ["vpn-1"])
    incident.mark("armed")
    incident.audit("armed")
    events = incident.events()
    events.append(Event("aaa", "open", Line("x", 1, "text"), {}))
    events.close()
    with incident.capture("vpn-1") as log:
        log.write(b"text\n", 1.0)
    incident.write_show("vpn-1", "after", "show debug", "text")
    incident.write_report(report())
    store.list()
    paths = [store.root, *store.root.rglob("*")]
    assert len(paths) > 12
    for path in paths:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_no_received_name_gets_into_a_path(store: IncidentStore, tmp_path: Path) -> None:
    name = "../../x/\x00; rm -rf"
    incident = store.open("investigate", name, [name])
    with incident.capture(name) as log:
        log.write(b"text\n", 1.0)
    incident.write_show(name, "before", "show run | include ../../../etc/passwd", "text")
    assert re.fullmatch(r"\d{8}T\d{6}Z-[a-z0-9]{4}", incident.id)
    assert {path.name for path in tmp_path.iterdir()} == {"incidents"}
    assert {path.name for path in store.root.iterdir()} == {incident.id}
    assert len(list(incident.path.iterdir())) == 2


@given(st.text(), st.text())
def test_two_names_never_share_a_folder(one: str, other: str) -> None:
    first, second = folder_name(one), folder_name(other)
    assert (first == second) == (one == other)
    assert re.fullmatch(r"[A-Za-z0-9_%][A-Za-z0-9_.%-]{0,99}", first)
    assert first not in {".", ".."}


def test_plain_names_stay_and_names_of_our_files_do_not() -> None:
    assert folder_name("fw-1.example.com") == "fw-1.example.com"
    assert folder_name("incident.json") != "incident.json"
    assert folder_name("x" * 300) != folder_name("x" * 301)
    assert command_slug("show aaa-server") == "show-aaa-server"
    assert command_slug("show run a/b") != command_slug("show run a.b")


def test_milestones_keep_their_first_time(incident: Incident) -> None:
    opened = incident.record["milestones"]["opened"]
    incident.mark("armed", 4_000_000_000.0)
    incident.mark("armed", 4_000_000_009.0)
    assert incident.record["milestones"] == {"opened": opened, "armed": "2096-10-02T07:06:40.000Z"}
    assert incident.timing["seconds_to_armed"] > 0
    with pytest.raises(InputError, match="no milestone"):
        incident.mark("lunch")


def test_measured_times_win(incident: Incident) -> None:
    incident.mark("armed")
    incident.set_timing(seconds_to_armed=1.5)
    assert incident.timing["seconds_to_armed"] == 1.5


def test_threads_do_not_lose_each_others_facts(store: IncidentStore, incident: Incident) -> None:
    def work(number: int) -> None:
        mine = store.get(incident.id) if number % 2 else incident
        mine.set_headend(f"vpn-{number}", state="armed")
        mine.audit("armed", headend=number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(facts == {"state": "armed"} for facts in incident.record["headends"].values()) == 12
    assert incident.verify_audit() == []


def test_an_audit_log_as_written_has_no_problem(incident: Incident) -> None:
    assert incident.verify_audit() == []
    for number in range(4):
        incident.audit("step", number=number, text=HOSTILE)
    assert incident.verify_audit() == []


TAMPERING: dict[str, Callable[[list[str]], list[str]]] = {
    "edit the first": lambda lines: [lines[0].replace("step", "stop"), *lines[1:]],
    "edit the last": lambda lines: [*lines[:-1], lines[-1].replace("step", "stop")],
    "delete the first": lambda lines: lines[1:],
    "delete the second": lambda lines: [lines[0], *lines[2:]],
    "delete the last": lambda lines: lines[:-1],
    "delete all": lambda lines: lines[:0],
    "swap": lambda lines: [lines[1], lines[0], *lines[2:]],
    "repeat": lambda lines: [*lines, lines[-1]],
    "append": lambda lines: [*lines, "not json\n"],
    "cut": lambda lines: [*lines[:-1], lines[-1].rstrip("\n")],
}


@pytest.mark.parametrize("name", tuple(TAMPERING))
def test_an_edit_a_deletion_and_a_new_order_are_found(incident: Incident, name: str) -> None:
    for number in range(4):
        incident.audit("step", number=number)
    path = incident.path / "audit.jsonl"
    path.write_text("".join(TAMPERING[name](path.read_text().splitlines(keepends=True))))
    assert incident.verify_audit()


def test_the_chain_of_another_incident_does_not_fit(store: IncidentStore) -> None:
    one, other = (store.open("investigate", None, []) for _ in range(2))
    one.audit("step")
    other.audit("step")
    (one.path / "audit.jsonl").write_bytes((other.path / "audit.jsonl").read_bytes())
    assert one.verify_audit()


def test_events_are_one_line_each(incident: Incident) -> None:
    event = Event("aaa", "open", Line("a.txt", 3, HOSTILE, "vpn-1", 1.5), {"user": "a\nb"})
    events = incident.events()
    events.append(event)
    events.append(event)
    events.close()
    lines = (incident.path / "events.jsonl").read_text().splitlines()
    assert len(lines) == 2
    assert json.loads(lines[0])["fields"] == {"user": "a\nb"}


def test_events_of_a_flood_are_bounded_and_the_newest_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    events = EventLog(path, most=300_000)
    for number in range(1, 5001):
        events.append(Event("aaa", "open", Line("a.txt", number, "x", "vpn-1"), {}))
    events.close()
    numbers = [event["line"] for event in read_events(path)]
    assert numbers == list(range(5001 - len(numbers), 5001))
    assert 300_000 < path.stat().st_size + older(path).stat().st_size <= 600_000
    anew = EventLog(tmp_path / ".new")
    anew.append(Event("aaa", "open", Line("a.txt", 1, "x", "vpn-1"), {}))
    anew.take_place_of(path)
    assert [event["line"] for event in read_events(path)] == [1]
    assert sorted(each.name for each in tmp_path.iterdir()) == ["events.jsonl"]


def test_a_report_is_stored_as_the_public_document(incident: Incident) -> None:
    incident.write_report(report())
    path = incident.path / "diagnosis.json"
    assert json.loads(path.read_text()) == json.loads(json.dumps(report_document(report())))
    stored = read_report(path)
    assert stored is not None
    assert report_document(stored) == report_document(report())
    assert incident.summary.cause == "token-required"


def test_a_report_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    path = tmp_path / "diagnosis.json"
    assert read_report(path) is None
    path.write_text('{"schema": "headend.diagnosis/1", "sources": 3}')
    assert read_report(path) is None


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.add(tag)
        assert not {name for name, _ in attrs} & {"src", "onload", "onclick"}
        # A link leads to a place in the page; the icon is an empty one in the page as well.
        assert (dict(attrs).get("href") or "#").startswith(("#", "data:,"))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_hostile_text_is_text_in_html(incident: Incident) -> None:
    incident.write_report(hostile_report())
    html = (incident.path / "report.html").read_text()
    tags = Tags()
    tags.feed(html)
    assert "script" not in tags.seen
    assert "<script>alert(1)</script>" in tags.text
    assert "\x1b" not in html
    assert "http://evil.example" in tags.text


def test_hostile_text_is_text_in_markdown(incident: Incident) -> None:
    incident.write_report(hostile_report())
    text = (incident.path / "report.md").read_text()
    tags = Tags()
    tags.feed(MarkdownIt("gfm-like", {"linkify": False}).render(text))
    assert not tags.seen & {"script", "a", "em", "img"}
    assert "[red]x[/red]<script>alert(1)</script>" in tags.text
    assert "# x" not in text.splitlines()
    assert "https\\://" in text or "http\\://" in text


def test_an_empty_report_can_be_written(incident: Incident) -> None:
    incident.write_report(replace(report(), attempts=(), unrecognised=()))
    assert "No login attempt was found" in (incident.path / "report.html").read_text()
    assert incident.summary.outcome is None
