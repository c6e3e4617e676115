"""Each way around the other person's approval that was thought of: nothing is typed by it."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from headend.change import plan as plans
from headend.incident.changes import PLANNED
from headend.incident.store import IncidentStore
from headend.lab import Lab
from headend.model.change import Plan, PlannedLine, Radius
from live.drive import Cli
from live.signing import Engineers, window
from live.test_change import TIMEOUT, approve, cli, done, engineers, planned, refused, running

__all__ = ["cli", "engineers"]
WIDE = ("simultaneous-logins", "--set", "group_policy=GP-STAFF", "--set", "logins=5")
EVIL = PlannedLine("username evil password letmein99 privilege 15")


def plan_at(folder: Path) -> Plan:
    return plans.read((folder / "plan.json").read_bytes(), "plan.json")


def forged(plan: Plan, *, lines: bool) -> Plan:
    target = plan.targets[0]
    worse = (
        replace(target, lines=(*target.lines, EVIL))
        if lines
        else replace(target, inverse=(*target.inverse, EVIL))
    )
    return plans.sealed(replace(plan, targets=(worse,)))


def put(plan: Plan, beside: Path) -> Path:
    folder = beside.parent / plan.id
    folder.mkdir()
    (folder / "plan.json").write_bytes(plans.written(plan))
    return folder


def recorded(plan: Plan, folder: Path) -> None:
    """Let the record say that a plan was made here, as who can write there can."""
    incident = IncidentStore(folder.parents[2]).get(folder.parents[1].name)
    incident.audit(PLANNED, change=plan.id, plan=plan.digest)


def test_a_document_for_another_plan_is_not_signed(
    cli: Cli, engineers: Engineers, tmp_path: Path
) -> None:
    shown = planned(cli, *TIMEOUT)
    other = planned(cli, *TIMEOUT[:-1], "seconds=300")
    key = str(engineers.key("anna"))
    drawn = ("--approver", "bob", "--window", window(), "--key", key)
    done(cli, 0, "change", "approve", other["digest"][:12], *drawn)
    copy = copytree(shown["path"], tmp_path / "mailed")
    (copy / "approval.json").write_bytes((Path(other["path"]) / "approval.json").read_bytes())
    signed = ("--as", "bob", "--key", str(engineers.key("bob")))
    assert "is not for it" in done(cli, 12, "change", "approve", str(copy), *signed)


def test_a_plan_made_by_hand_is_not_typed_though_two_signed_it(
    lab: Lab, cli: Cli, engineers: Engineers
) -> None:
    folder = Path(planned(cli, *TIMEOUT)["path"])
    plan = forged(plan_at(folder), lines=True)
    worse = put(plan, folder)
    before = running(lab)
    asked = ("--approver", "bob", "--window", window(), "--key", str(engineers.key("anna")))
    done(cli, 0, "change", "approve", plan.id, *asked)
    signed = ("--as", "bob", "--key", str(engineers.key("bob")))
    done(cli, 0, "change", "approve", plan.id, *signed)
    text = done(cli, 12, "change", "apply", plan.id)
    assert "does not say that plan" in " ".join(text.split())
    recorded(plan, worse)
    text = done(cli, 12, "change", "apply", plan.id)
    assert "not what its kind and parameters give: lines" in " ".join(text.split())
    assert running(lab) == before


# One of many like it.
LIKE = partial(pytest.param, marks=pytest.mark.thorough)


@pytest.mark.parametrize(
    ("told", "said"),
    (
        ({"risks": ("None.",)}, "does not say what the change does there: risks"),
        ({"radius": Radius((), (), 0, 99)}, "the change does there: whom it reaches"),
        LIKE({"title": "Tidy up"}, "does not say what the change does there: title"),
        LIKE({"instead": ()}, "does not say what the change does there: what would do instead"),
        LIKE({"diff": ()}, "does not say what the change does there: diff"),
        LIKE({"state": {}}, "not what its kind and parameters give: state"),
    ),
)
def test_a_review_that_understates_a_change_is_no_review_of_it(
    lab: Lab, cli: Cli, told: dict[str, Any], said: str
) -> None:
    folder = Path(planned(cli, *WIDE)["path"])
    plan = plan_at(folder)
    forgery = plans.sealed(replace(plan, targets=(replace(plan.targets[0], **told),)))
    recorded(forgery, put(forgery, folder))
    before = running(lab)
    text = done(cli, 12, "change", "apply", forgery.id, "--break-glass", "hurry")
    assert said in " ".join(text.split())
    assert running(lab) == before
    done(cli, 0, "change", "apply", plan.id, "--break-glass", "hurry")


@pytest.mark.parametrize(
    "line",
    (
        " timeout 60\rreload",
        "reload",
        *map(LIKE, ("write erase", "clear configure all", "do reload\n")),
    ),
)
def test_a_plan_with_an_unfit_line_is_no_plan(cli: Cli, line: str) -> None:
    folder = Path(planned(cli, *TIMEOUT)["path"])
    plan = plan_at(folder)
    target = replace(plan.targets[0], lines=(*plan.targets[0].lines, PlannedLine(line)))
    worse = put(plans.sealed(replace(plan, targets=(target,))), folder)
    assert "is not a plan" in done(cli, 2, "change", "show", str(worse))


def test_a_way_back_is_only_open_for_what_was_applied(
    lab: Lab, cli: Cli, engineers: Engineers
) -> None:
    folder = Path(planned(cli, *TIMEOUT)["path"])
    approve(cli, engineers)
    done(cli, 0, "change", "apply", "last")
    worse = put(forged(plan_at(folder), lines=False), folder)
    journal = next(folder.glob("*/journal.jsonl"))
    (worse / "vpn-1").mkdir()
    (worse / "vpn-1" / "journal.jsonl").write_bytes(journal.read_bytes())
    text = done(cli, 12, "change", "rollback", worse.name)
    assert "was ever applied" in " ".join(text.split())
    (folder / "plan.json").write_bytes((worse / "plan.json").read_bytes())
    assert "was another" in done(cli, 12, "change", "rollback", folder.name)
    assert "evil" not in running(lab)


def test_a_copy_without_a_record_is_not_applied(lab: Lab, cli: Cli, tmp_path: Path) -> None:
    copy = copytree(planned(cli, *TIMEOUT)["path"], tmp_path / "mailed")
    cli.environment["HEADEND_INCIDENTS"] = str(tmp_path / "elsewhere")
    before = running(lab)
    text = done(cli, 12, "change", "apply", str(copy), "--break-glass", "hurry")
    assert "is a copy" in text
    assert running(lab) == before


def test_a_broken_glass_stays_loud_until_two_people_signed(cli: Cli, engineers: Engineers) -> None:
    folder = Path(planned(cli, *TIMEOUT)["path"])
    done(cli, 0, "change", "apply", "last", "--break-glass", "the push fails for everybody")

    def loud() -> bool:
        listed = json.loads(done(cli, 0, "change", "list", "--json"))
        return bool(listed["changes"][0]["broken_glass"])

    mine = ("--key", str(engineers.key("anna")))
    done(cli, 0, "change", "approve", "last", "--approver", "bob", "--window", window(), *mine)
    done(cli, 0, "change", "approve", "last", "--as", "bob", *mine)  # anna, in bob's name
    assert (folder / "approval.bob.sig").exists()
    assert loud()
    done(cli, 0, "change", "approve", "last", "--as", "bob", "--key", str(engineers.key("bob")))
    assert not loud()


def test_a_headend_that_tells_no_checksum_is_not_typed_on(
    lab: Lab, cli: Cli, engineers: Engineers
) -> None:
    planned(cli, *TIMEOUT)
    approve(cli, engineers)
    lab.headends["vpn-1"].reply("show checksum", "Command authorization failed")
    refused(cli, "does not tell whether everything is saved")
