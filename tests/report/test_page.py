"""The report in a real browser: readable, accessible, and safe from what users call themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from cli_render.samples import CAPTURE, diagnosis, report
from headend.incident import Incident, IncidentStore
from headend.model.diagnosis import (
    ClientClock,
    Decided,
    Decision,
    Evidence,
    Lane,
    Moment,
    RuledOut,
    Stage,
)
from report.browser import CHROMIUM, address, chromium

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine (apt-get install)"),
    # One browser for all: each takes a second and a hundred megabytes.
    pytest.mark.xdist_group("browser"),
]

WIDTHS = (390, 820, 1280)
SCRIPTS = (
    "<script>window.owned=1</script>",
    '"><img src=x onerror="window.owned=1">',
    "'-window.owned=1-'",
    "<svg onload=window.owned=1>",
    "{{ 7*7 }}{% set x = 1 %}",
    "javascript:window.owned=1",
    '" style="position:fixed;inset:0" onmouseover="window.owned=1',
    "</style><script>window.owned=1</script>",
    "]]></title><script>window.owned=1</script>",
    "\u202e\x1b[31mred\x00",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


def moments(words: str) -> tuple[Moment, ...]:
    told = (
        (0.0, Lane.CLIENT, Stage.TLS, 0),
        (2.0, Lane.HEADEND, Stage.PRIMARY, 80),
        (2.01, Lane.SERVER, Stage.PRIMARY, 84),
        (2.6, Lane.SERVER, Stage.CHALLENGE, 89),
        (9.0, Lane.HEADEND, Stage.CHALLENGE, 104),
    )
    at = "2026-11-23T23:15:{:06.3f}+00:00"
    return tuple(
        Moment(
            at.format(seconds),
            lane,
            words,
            stage,
            Evidence(CAPTURE, line, "rad_procpkt: CHALLENGE"),
        )
        for seconds, lane, stage, line in told
    )


@pytest.fixture
def incident(tmp_path: Path) -> Incident:
    return written(tmp_path, "b.ortiz")


def written(folder: Path, user: str) -> Incident:
    """Return an incident in which everything that a stranger can choose is ``user``."""
    made = IncidentStore(folder).open("investigate", user, [user, "vpn-1"], note=user)
    with made.capture("vpn-1") as log:
        log.write("".join(f"{user} line {n}\r\n" for n in range(1, 113)).encode("utf-8"), 1.0)
    section = f"tunnel-group CORP general-attributes\n address-pool {user}\n"
    made.write_show("vpn-1", "before", "show running-config tunnel-group", section)
    made.audit("armed", headend=user, debugs=[user, "debug aaa"])
    change = made.path / "changes" / "0123456789ab"
    change.mkdir(parents=True)
    target = {"headend": user, "lines": [{"text": user}]}
    plan = {"title": user, "kind": user, "author": user, "ticket": user, "targets": [target]}
    (change / "plan.json").write_text(json.dumps(plan))
    made.audit("verify", change="0123456789ab", why=user)
    for headend, state in ((user, "applied"), ("vpn-1", "applied"), (user, "rolled-back")):
        made.audit("end state", change="0123456789ab", headend=headend, state=state, why="")
    line = Evidence(CAPTURE, 89, user)
    attempt = replace(
        diagnosis(user, text=user, summary=f"The server asked {user} for a token"),
        course=moments(user),
        client_clock=ClientClock(3600.0, f"The clock of {user} is ahead."),
        decisions=(Decided(Decision.SERVER, user, line),),
        notes=(f"Lines may be missing: {user}",),
    )
    others = (RuledOut(attempt.causes[0].cause, user, (line,)),)
    made.write_report(report(replace(attempt, ruled_out=others), diagnosis(f"{user} two")))
    return made


class Watch:
    """Everything that a page said or asked for."""

    def __init__(self, page: Page) -> None:
        self.said: list[str] = []
        self.asked: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", self._request)
        page.on("dialog", lambda dialog: self.said.append(dialog.message))

    def _console(self, message: ConsoleMessage) -> None:
        self.said.append(message.text)

    def _request(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.asked.append(request.url)


@pytest.fixture
def opened(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    chosen: tuple[int, Literal["dark", "light"]] = getattr(request, "param", (820, "light"))
    width, scheme = chosen
    with browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
    ) as context:
        yield context.new_page()


@pytest.mark.parametrize(
    "opened",
    [(width, scheme) for width in WIDTHS for scheme in ("light", "dark")],
    indirect=True,
    ids=lambda look: f"{look[0]}-{look[1]}",
)
def test_the_page_is_whole_accessible_and_silent(
    opened: Page, incident: Incident, tmp_path: Path
) -> None:
    watch = Watch(opened)
    page = incident.path / "report.html"
    opened.goto(address(page))
    opened.screenshot(path=tmp_path / "page.png", full_page=True)
    assert (tmp_path / "page.png").stat().st_size > 20_000
    assert watch.said == []
    assert watch.asked == [address(page)], "a report needs nothing but itself"
    wide = opened.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], "nothing is wider than the screen"
    assert _violations(opened) == []


def _violations(page: Page) -> list[Any]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [(each["id"], [node["html"][:120] for node in each["nodes"][:3]]) for each in found]


def test_the_accessibility_check_finds_what_is_wrong(opened: Page, incident: Incident) -> None:
    opened.goto(address(incident.path / "report.html"))
    opened.evaluate("document.querySelector('h1').style.color = '#bbb'")
    assert "color-contrast" in {name for name, _ in _violations(opened)}


@pytest.mark.parametrize("opened", ((390, "light"),), indirect=True, ids=("telephone",))
def test_the_first_screen_of_a_telephone_has_the_answer(opened: Page, incident: Incident) -> None:
    opened.goto(address(incident.path / "report.html"))
    first = (
        "h1", "text=asked b.ortiz for a token", "text=Almost certain", "text=What to do, by",
        "text=Ask whether the user has a token",
    )  # fmt: skip
    for what in first:
        box = opened.locator(what).first.bounding_box()
        assert box is not None, what
        assert box["y"] + box["height"] < 844, f"{what} is on the first screen"


@pytest.mark.parametrize("opened", ((390, "light"), (1280, "light")), indirect=True, ids=str)
def test_the_timeline_is_to_scale_and_no_mark_hides_another(
    opened: Page, incident: Incident
) -> None:
    opened.goto(address(incident.path / "report.html"))
    tracks = opened.locator("#timeline .track")
    assert tracks.count() == 3
    for number in range(3):
        track = tracks.nth(number).bounding_box()
        boxes = [each.bounding_box() for each in tracks.nth(number).locator(".mark").all()]
        places = [box for box in boxes if box is not None]
        assert track is not None
        assert places
        for one, other in pairwise(places):
            assert one["x"] + one["width"] <= other["x"] + 1
        assert all(box["x"] + box["width"] <= opened.viewport_size["width"] for box in places)  # type: ignore[index]
    headend = [each.bounding_box() for each in tracks.nth(1).locator(".mark").all()]
    (first, last) = [box for box in headend if box is not None]
    whole = tracks.nth(1).bounding_box()
    assert whole is not None
    share = (last["x"] - first["x"]) / whole["width"]
    assert share == pytest.approx(7 / 9, abs=0.01), "2 s and 9 s of 9 s"


def test_where_a_change_stands_is_told_before_its_history(opened: Page, incident: Incident) -> None:
    opened.goto(address(incident.path / "report.html"))
    said = opened.locator("#change").inner_text()
    assert "Now rolled-back on b.ortiz; applied on vpn-1." in said
    assert said.count("0123456789ab") == 1, "its records need not repeat its name"


def test_the_page_is_walked_through_by_keyboard(opened: Page, incident: Incident) -> None:
    opened.goto(address(incident.path / "report.html"))
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    reached = []
    for _ in range(20):
        opened.keyboard.press("Tab")
        reached.append(opened.evaluate("document.activeElement.textContent.trim()"))
    assert {"Stages", "Timeline", "Evidence", "Audit"} <= set(reached)
    assert "Kinds of lines that no reader knew (1)" in reached


def test_the_page_prints(opened: Page, incident: Incident) -> None:
    opened.goto(address(incident.path / "report.html"))
    folded = opened.locator("#change details code").first
    assert not folded.is_visible()
    opened.emulate_media(media="print", color_scheme="dark")
    assert folded.is_visible(), "nobody can unfold paper"
    assert not opened.locator("nav").is_visible()
    ground = opened.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)", "a dark screen does not print a dark page"
    assert opened.pdf()[:5] == b"%PDF-"


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_hostile_name_is_text_and_runs_nothing(opened: Page, tmp_path: Path, name: str) -> None:
    incident = written(tmp_path, name)
    page = incident.path / "report.html"
    # The policy of the page forbids script; without it the escaping alone must hold.
    bare = tmp_path / "bare.html"
    text = page.read_text()
    assert text.count("Content-Security-Policy") == 1
    bare.write_text(text.replace("Content-Security-Policy", "X-None"))
    for look in (page, bare):
        watch = Watch(opened)
        opened.goto(address(look))
        for summary in opened.locator("summary").all():
            summary.click()
        opened.mouse.move(200, 200)
        assert opened.evaluate("window.owned") is None
        assert opened.locator("script, img, svg, iframe, object, form, input, base").count() == 0
        assert watch.said == []
        assert watch.asked == [address(look)]
        attributes = opened.evaluate(
            "[...document.querySelectorAll('*')].flatMap(e => e.getAttributeNames())"
        )
        assert not [each for each in attributes if each.startswith("on")]
        if name.isprintable():
            assert name in opened.locator("h1").inner_text()


def test_a_page_that_does_not_escape_is_caught(opened: Page, tmp_path: Path) -> None:
    """Without the escaping the very same names do run: the tests above can fail."""
    bare = tmp_path / "bare.html"
    bare.write_text(f"<title>x</title><h1>{SCRIPTS[0]}</h1>")
    opened.goto(address(bare))
    assert opened.evaluate("window.owned") == 1
