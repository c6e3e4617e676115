from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from cli_render.samples import CAPTURE, HOSTILE, diagnosis, hostile_report, report
from headend.cli.incident import app
from headend.cli.layout import print_columns, print_table, styled
from headend.cli.render import render_incident, render_incident_list, render_report
from headend.errors import InputError
from headend.incident import IncidentStore, IncidentSummary
from headend.incident.stored import read_report
from headend.model.diagnosis import (
    Agreement,
    Corroboration,
    Evidence,
    Outcome,
    Report,
    Source,
    UnknownShape,
)


def console(*, terminal: bool = False, width: int = 80) -> tuple[Console, io.StringIO]:
    stream = io.StringIO()
    return Console(file=stream, width=width, force_terminal=terminal, highlight=False), stream


def rendered(subject: Report, user: str | None = None) -> str:
    target, stream = console()
    render_report(subject, target, user=user)
    return stream.getvalue()


def test_the_answer_comes_first() -> None:
    first, second, third = rendered(report()).splitlines()[:3]
    assert "b.ortiz: challenged" in first
    assert second.strip() == "The server asked for a token passcode and none came back"
    assert third.strip() == "token-required, almost certain, failed at challenge"


def test_each_part_of_the_diagnosis_is_there() -> None:
    text = rendered(report())
    lines = [" ".join(line.split()) for line in text.splitlines()]
    assert "vpn-1/capture.log:89 rad_procpkt: CHALLENGE" in lines
    assert "1. Ask whether the user has a token, and whether the client showed a second" in lines
    assert "client-aborted, possible" in lines
    assert "· tls unseen: debug crypto ca 14 would show it" in lines
    assert "✔ primary-authentication passed" in lines
    assert "✘ challenge failed" in lines
    assert "– session not-reached" in lines  # noqa: RUF001 - the dash is meant
    assert "server-unreachable the server answered (vpn-1/capture.log:89)" in lines
    assert "1 line of 112 that no reader knew:" in lines


def test_it_fits_80_columns_and_no_line_ends_in_blanks() -> None:
    for subject in (report(), hostile_report()):
        for line in rendered(subject).splitlines():
            assert len(line) <= 80
            assert line == line.rstrip()


def test_without_a_terminal_nothing_but_text_is_written() -> None:
    assert "\x1b" not in rendered(hostile_report())


def test_received_text_is_never_markup_nor_escape() -> None:
    target, stream = console(terminal=True)
    render_report(hostile_report(), target)
    text = stream.getvalue()
    assert "[red]x[/red]" in text
    assert "\\x1b[31m" in text
    assert "\x1b[31m`" not in text
    assert "\n# x" not in text


def test_only_what_was_asked_about_is_shown_and_the_rest_counted() -> None:
    subject = report(diagnosis("jdoe"), diagnosis("asmith"), diagnosis(None))
    target, stream = console()
    render_report(subject, target, user="jdoe", asked=lambda attempt: attempt.user != "asmith")
    text = stream.getvalue()
    assert "jdoe: challenged" in text
    assert "unknown user: challenged" in text
    assert "asmith" not in text
    assert "Not shown: 1 other attempt." in text


def test_no_attempt_is_said_plainly() -> None:
    subject = replace(report(), attempts=())
    assert "No login attempt of jdoe was seen." in rendered(subject, user="jdoe")
    assert "No login attempt was seen." in rendered(subject)


@pytest.mark.parametrize("outcome", tuple(Outcome))
def test_every_outcome_has_words(outcome: Outcome) -> None:
    assert "b.ortiz: " in rendered(report(diagnosis(outcome=outcome)))


def test_a_terminal_without_unicode_gets_ascii_marks() -> None:
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    render_report(report(), Console(file=stream, width=80))
    stream.seek(0)
    assert "x b.ortiz" in stream.read()


@pytest.fixture
def store(tmp_path: Path) -> IncidentStore:
    store = IncidentStore(tmp_path / "incidents")
    incident = store.open("investigate", HOSTILE, ["vpn-1", "../x"], note="ticket 4711")
    incident.mark("armed")
    incident.set_headend("vpn-1", state="disarmed", seconds_to_armed=1.2)
    incident.write_show("vpn-1", "before", "show aaa-server", "text")
    incident.audit("armed")
    incident.write_report(report())
    return store


def test_an_incident_names_its_answer_times_and_files(store: IncidentStore) -> None:
    target, stream = console()
    render_incident(store.get("last"), target, report())
    text = stream.getvalue()
    assert "ticket 4711" in text
    assert "b.ortiz: challenged" in text
    assert "disarmed, seconds to armed 1.2" in text
    assert "vpn-1/show/ (1 file)" in text
    assert "[red]x[/red]" in text
    assert "audit log was changed" not in text


def test_a_changed_audit_log_is_told(store: IncidentStore) -> None:
    incident = store.get("last")
    path = incident.path / "audit.jsonl"
    path.write_text(path.read_text().replace("armed", "idle"))
    target, stream = console()
    render_incident(incident, target)
    assert "The audit log was changed" in stream.getvalue()


def test_a_list_has_one_line_for_each(store: IncidentStore) -> None:
    store.open("diagnose", "jdoe", ["vpn-1", "vpn-2"])
    (store.open("diagnose", "jdoe", []).path / "incident.json").write_text("{")
    target, stream = console(width=200)
    render_incident_list(store.list(), target)
    text = stream.getvalue()
    assert len(text.splitlines()) == 4
    assert "damaged record" in text
    assert "token-required" in text


def test_an_empty_list_says_so() -> None:
    target, stream = console()
    no_incidents: list[IncidentSummary] = []
    render_incident_list(no_incidents, target)
    assert stream.getvalue() == "No incidents.\n"


def test_the_verbs_print_json(store: IncidentStore) -> None:
    run = CliRunner().invoke
    listed = run(app, ["list", "--json", "--incidents", str(store.root)])
    [entry] = json.loads(listed.stdout)["incidents"]
    assert entry["cause"] == "token-required"
    shown = run(
        app, ["show", entry["id"][:12], "--json"], env={"HEADEND_INCIDENTS": str(store.root)}
    )
    document = json.loads(shown.stdout)
    assert document["diagnosis"]["schema"] == "headend.diagnosis/1"
    assert "report.html" in document["files"]
    assert document["audit_problems"] == []


def test_show_prints_the_answer(store: IncidentStore) -> None:
    shown = CliRunner().invoke(app, ["show", "--incidents", str(store.root)])
    assert shown.exit_code == 0
    assert "The server asked for a token passcode" in shown.stdout


def test_an_unknown_incident_is_an_input_error(store: IncidentStore) -> None:
    result = CliRunner().invoke(app, ["show", "nope", "--incidents", str(store.root)])
    assert isinstance(result.exception, InputError)


def test_what_the_witnesses_say_together_stands_below_the_answer() -> None:
    told = Corroboration(Agreement.AGREE, "Debug and counters agree: challenged.")
    text = rendered(report(replace(diagnosis(), corroboration=told, unknown_lines=3)))
    lines = [line.strip() for line in text.splitlines()]
    assert told.said in lines[:6]
    assert "3 lines within this attempt were not understood." in lines[:7]


def test_unknown_lines_are_shown_by_shape_the_most_frequent_first() -> None:
    line = Evidence(CAPTURE, 7, f"foo: session 12 {HOSTILE}")
    shapes = (
        UnknownShape("foo: session <n>", 8, line),
        *(UnknownShape(f"x{n}", 1, line) for n in range(9)),
    )
    subject = replace(report(), sources=(Source(CAPTURE, 112, 20),), unrecognised_shapes=shapes)
    text = rendered(subject)
    lines = [each.strip() for each in text[text.index("20 lines of 112") :].splitlines()]
    assert lines[1] == "8  foo: session <n>"
    assert lines[2].startswith("vpn-1/capture.log:7  foo: session 12")
    assert lines[-1] == "and 8 lines of other kinds"
    assert "\x1b" not in text


def test_the_stored_report_says_the_same(tmp_path: Path) -> None:
    told = Corroboration(Agreement.CONTRADICT, f"Debug says <b>no</b> {HOSTILE}")
    subject = report(replace(diagnosis(), corroboration=told, unknown_lines=3, settled=True))
    incident = IncidentStore(tmp_path).open("investigate", "jdoe", ["vpn-1"])
    incident.write_report(subject)
    assert read_report(incident.path / "diagnosis.json") == subject
    for name in ("report.html", "report.md"):
        text = (incident.path / name).read_text()
        assert "not understood: 3" in text
        assert "<b>no" not in text
        assert "SDI: something no reader knew" in text


def test_a_table_is_printed_as_columns_are() -> None:
    names = ("id", "what", "whose")
    rows = [
        ("a1", "short", "jdoe, vpn-1"),
        ("a2", "", "-"),
        ("a3", "x" * 40, "wider than its column"),
        ("a4", "日本", "vpn-1, " * 20),
        ("a5", "\x1b[31mred", "a\tb\nc"),
    ]
    for number in range(1, len(rows) + 1):
        for width in (40, 80):
            one, table = console(width=width)
            other, columns = console(width=width)
            print_table(one, names, rows[:number])
            print_columns(
                other,
                [tuple(map(styled, each)) for each in (names, *rows[:number])],
                indent=0,
            )
            assert table.getvalue() == columns.getvalue()
