"""A change from an incident's diagnosis to its proof and back, and each reason to refuse it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from headend.cli import app
from headend.errors import Refused
from headend.incident.changes import ChangeStore
from headend.incident.store import IncidentStore
from headend.lab import HeadendSpec, Lab
from headend.workflow import carrying_out, changing, journal
from live.drive import Cli
from live.signing import Engineers, window

EXCEPTION = (
    *("--set", "exception=0042", "--set", "subject=jdoe", "--set", "issuer=issuing-ca-01"),
    *("--set", "tunnel_group=CORP", "--expires", "2030-12-31"),
)
TIMEOUT = (
    *("server-timeout", "--set", "server_group=RSA", "--set", "server=10.20.1.5"),
    *("--set", "seconds=60"),
)


@pytest.fixture
def engineers(tmp_path: Path) -> Engineers:
    return Engineers(tmp_path)


@pytest.fixture
def cli(lab: Lab, start_cli: Callable[[Lab], Cli], engineers: Engineers) -> Cli:
    made = start_cli(lab)
    made.environment["HEADEND_ALLOWED_SIGNERS"] = str(engineers.signers)
    made.environment["HEADEND_PRINCIPAL"] = "anna"
    return made


def done(cli: Cli, status: int, *arguments: str) -> str:
    ended = cli.run(*arguments)
    text = ended.stdout + ended.stderr
    assert ended.returncode == status, text
    assert "Traceback" not in text
    return text


def planned(cli: Cli, *arguments: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        done(cli, 0, "change", "new", *arguments, "--ticket", "CHG-1", "-H", "vpn-1", "--json")
    )
    return made


def approve(cli: Cli, engineers: Engineers, approver: str = "bob", when: str = "") -> None:
    asked = ("--approver", approver, "--window", when or window())
    done(cli, 0, "change", "approve", "last", *asked, "--key", str(engineers.key("anna")))
    signed = ("--as", approver, "--key", str(engineers.key(approver)))
    done(cli, 0, "change", "approve", "last", *signed)


def refused(cli: Cli, said: str, *arguments: str) -> None:
    """Check that a change is not applied, and that nothing was typed."""
    text = done(cli, 12, "change", "apply", "last", *arguments)
    assert said in " ".join(text.split())


def running(lab: Lab) -> str:
    return lab.headends["vpn-1"].running_config()


def test_the_founding_case_to_its_end(lab: Lab, cli: Cli, engineers: Engineers) -> None:
    before = running(lab)
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    lab.attempt("jdoe", group="CORP", certificate="user")
    assert run.result()["attempts"][0]["causes"][0]["cause"] == "token-required"

    proposed = json.loads(done(cli, 0, "change", "new", "--incident", "last", "--json"))
    kinds = [each["kind"] for each in proposed["proposals"]]
    assert kinds[0] is None  # what needs no change comes first
    assert "certificate-for-user" in kinds

    plan = planned(cli, "certificate-for-user", "--incident", "last", *EXCEPTION)
    assert plan["removes_factor"]
    assert plan["incident"]
    approve(cli, engineers)
    assert "applied" in done(cli, 0, "change", "apply", "last")
    assert running(lab) != before
    refused(cli, "is applied already")

    proof = cli.start("change", "verify", "last", "--json", "--for", "30")
    proof.wait_for("ready")
    assert lab.attempt("jdoe", group="CORP", certificate="user").prompts == ()
    assert proof.wait_for("change")["state"] == "verified"
    assert proof.process.wait(60) == 0

    assert "rolled-back" in done(cli, 0, "change", "rollback", "last")
    assert running(lab) == before
    assert lab.headends["vpn-1"].saved  # or the next reload would bring it back
    assert not lab.attempt("jdoe", group="CORP", certificate="user").accepted
    record = json.loads(done(cli, 0, "incident", "show", plan["incident"], "--json"))
    assert {"change_rendered", "approved", "applied", "verified"} <= record["milestones"].keys()
    assert record["audit_problems"] == []


def test_a_login_by_another_way_is_no_proof(lab: Lab, cli: Cli, engineers: Engineers) -> None:
    planned(cli, "certificate-for-user", *EXCEPTION)
    approve(cli, engineers)
    done(cli, 0, "change", "apply", "last")
    proof = cli.start("change", "verify", "last", "--json", "--for", "30")
    proof.wait_for("ready")
    assert lab.attempt("jdoe", group="CORP", token="314159").accepted  # with the token
    proof.wait_for("result")
    assert proof.process.wait(60) == 12
    assert proof.process.stderr
    assert "not proved" in proof.process.stderr.read()
    assert not lab.headends["vpn-1"].saved


def test_nothing_is_applied_without_two_signatures(cli: Cli, engineers: Engineers) -> None:
    planned(cli, *TIMEOUT)
    refused(cli, "is not approved")
    asked = ("--approver", "bob", "--window", window(), "--key", str(engineers.key("anna")))
    done(cli, 0, "change", "approve", "last", *asked)
    refused(cli, "bob has not signed")
    mine = ("--as", "bob", "--key", str(engineers.key("anna")))
    warned = done(cli, 0, "change", "approve", "last", *mine)
    assert "does not count here yet: The signature of bob" in warned
    refused(cli, "signature of bob for headend-change is not good")


def test_a_stranger_who_draws_up_an_approval_leaves_the_old_one(
    cli: Cli, engineers: Engineers
) -> None:
    planned(cli, *TIMEOUT)
    approve(cli, engineers)
    asked = ("--as", "carl", "--approver", "bob", "--window", window())
    key = ("--key", str(engineers.key("carl")))
    assert "neither the author" in done(cli, 2, "change", "approve", "last", *asked, *key)
    assert "applied" in done(cli, 0, "change", "apply", "last")


def test_nobody_approves_their_own_change(cli: Cli, engineers: Engineers) -> None:
    planned(cli, *TIMEOUT)
    asked = ("--approver", "anna", "--window", window(), "--key", str(engineers.key("anna")))
    assert "cannot approve it" in done(cli, 12, "change", "approve", "last", *asked)


def test_one_key_under_two_names_is_one_person(cli: Cli, engineers: Engineers) -> None:
    planned(cli, *TIMEOUT)
    line = engineers.signers.read_text().splitlines()[0].replace("anna", "eve", 1)
    engineers.signers.write_text(engineers.signers.read_text() + line + "\n")
    asked = ("--approver", "eve", "--window", window(), "--key", str(engineers.key("anna")))
    done(cli, 0, "change", "approve", "last", *asked)
    signed = ("--as", "eve", "--key", str(engineers.key("anna")))
    done(cli, 0, "change", "approve", "last", *signed)
    refused(cli, "signed with the same key")


@pytest.mark.parametrize("entry", ("*", "*@corp.example", "eve,anna", "eve cert-authority"))
def test_an_entry_for_many_allows_nobody(cli: Cli, engineers: Engineers, entry: str) -> None:
    planned(cli, *TIMEOUT)
    approve(cli, engineers)
    key = " ".join(engineers.key("anna").with_suffix(".pub").read_text().split()[:2])
    engineers.signers.write_text(engineers.signers.read_text() + f"{entry} {key}\n")
    refused(cli, "could be both author and approver")


def test_taking_a_factor_away_needs_the_role(cli: Cli, engineers: Engineers) -> None:
    planned(cli, "certificate-for-user", *EXCEPTION)
    approve(cli, engineers, approver="carl")
    refused(cli, "signature of carl for headend-mfa-exception is not good")


@pytest.mark.parametrize(
    ("begins", "lasts", "said"),
    ((3600, 3600, "opens at"), (-7200, 3600, "it expired at"), (-60, 70, "left, and the change")),
)
def test_outside_its_window_nothing_begins(  # noqa: PLR0913, PLR0917 - fixtures
    lab: Lab, cli: Cli, engineers: Engineers, begins: float, lasts: float, said: str
) -> None:
    before = running(lab)
    planned(cli, *TIMEOUT)
    approve(cli, engineers, when=window(begins, lasts))
    refused(cli, said)
    assert running(lab) == before


def test_what_cannot_end_before_its_approval_does_not_begin(
    lab: Lab, cli: Cli, engineers: Engineers
) -> None:
    before = running(lab)
    planned(cli, *TIMEOUT)
    soon = (datetime.now(UTC) + timedelta(seconds=15)).isoformat()
    asked = ("--approver", "bob", "--window", window(), "--until", soon)
    done(cli, 0, "change", "approve", "last", *asked, "--key", str(engineers.key("anna")))
    signed = ("--as", "bob", "--key", str(engineers.key("bob")))
    done(cli, 0, "change", "approve", "last", *signed)
    text = " ".join(done(cli, 12, "change", "apply", "last").split())
    assert "left, and the change with its way back takes" in text or "it expired at" in text
    assert running(lab) == before


def test_in_a_freeze_nothing_begins(
    lab: Lab, cli: Cli, engineers: Engineers, tmp_path: Path
) -> None:
    own = tmp_path / "inventory"
    own.mkdir()
    for path in Path(lab.environment["HEADEND_INVENTORY"]).iterdir():
        (own / path.name).write_bytes(path.read_bytes())
    calendar = '- {from: "2020-01-01T00:00Z", to: "2099-01-01T00:00Z", why: "year end"}\n'
    (own / "freezes.yaml").write_text(calendar)
    planned(cli, *TIMEOUT)
    approve(cli, engineers)
    refused(cli, "year end: changes are frozen", "--inventory", str(own))


def test_a_revoked_approval_is_none(cli: Cli, engineers: Engineers) -> None:
    planned(cli, *TIMEOUT)
    approve(cli, engineers)
    done(cli, 2, "change", "revoke", "last", "--why", " ")
    done(cli, 0, "change", "revoke", "last", "--why", "wrong server")
    refused(cli, "was revoked by anna: wrong server")


def test_what_was_revoked_stays_void_and_the_same_request_is_another_change(
    cli: Cli, engineers: Engineers
) -> None:
    first = planned(cli, *TIMEOUT)
    same = ("--incident", first["incident"])
    assert planned(cli, *TIMEOUT, *same)["digest"] == first["digest"]
    approve(cli, engineers)
    done(cli, 0, "change", "revoke", "last", "--why", "wrong server")
    (Path(first["path"]) / "revoked.json").unlink()  # the record knows it all the same
    refused(cli, "was revoked by anna: wrong server")
    mine = ("--key", str(engineers.key("anna")))
    asked = ("--approver", "bob", "--window", window(), *mine)
    assert "was revoked" in done(cli, 12, "change", "approve", "last", *asked)
    assert "was revoked" in done(cli, 12, "change", "approve", "last", *mine)
    second = planned(cli, *TIMEOUT, *same)
    assert second["digest"] != first["digest"]
    assert second["revision"] == 1 + first["revision"]
    for signature in Path(first["path"]).glob("approval.*"):
        (Path(second["path"]) / signature.name).write_bytes(signature.read_bytes())
    text = done(cli, 12, "change", "apply", second["digest"][:12])
    assert "is void: it approves plan" in " ".join(text.split())
    approve(cli, engineers)
    done(cli, 0, "change", "apply", "last")
    assert "was revoked" in done(cli, 12, "change", "apply", first["digest"][:12])
    listed = json.loads(done(cli, 0, "change", "list", "--json"))["changes"]
    assert {each["id"]: each["revoked"] for each in listed} == {
        first["digest"][:12]: True,
        second["digest"][:12]: False,
    }


def test_an_edited_plan_is_refused(cli: Cli, engineers: Engineers) -> None:
    plan = planned(cli, *TIMEOUT)
    approve(cli, engineers)
    file = Path(plan["path"]) / "plan.json"
    file.write_text(file.read_text().replace("timeout 60", "timeout 90"))
    refused(cli, "was edited")


def test_moved_state_voids_the_approval_and_is_shown(
    lab: Lab, cli: Cli, engineers: Engineers
) -> None:
    planned(cli, "simultaneous-logins", "--set", "group_policy=GP-STAFF", "--set", "logins=5")
    approve(cli, engineers)
    headend = lab.headends["vpn-1"]
    headend.configure("group-policy GP-STAFF attributes", " vpn-idle-timeout 30")
    headend.save()
    refused(cli, "+ vpn-idle-timeout 30")


def test_somebody_elses_unsaved_changes_stop_it_unless_told(
    lab: Lab, cli: Cli, engineers: Engineers
) -> None:
    planned(cli, *TIMEOUT)
    approve(cli, engineers)
    lab.headends["vpn-1"].configure("pager lines 50")
    refused(cli, "nobody has saved yet")
    done(cli, 0, "change", "apply", "last", "--with-unsaved")


def test_a_headend_without_a_free_session_is_left_alone(
    lab: Lab, cli: Cli, engineers: Engineers
) -> None:
    planned(cli, *TIMEOUT)
    approve(cli, engineers)
    for _ in range(4):
        lab.headends["vpn-1"].second_engineer()
    refused(cli, "nobody gets in to undo the change")


def test_the_standby_unit_is_never_configured(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], engineers: Engineers
) -> None:
    lab = start_lab(HeadendSpec("vpn-1", failover_role="active"))
    cli = start_cli(lab)
    cli.environment["HEADEND_ALLOWED_SIGNERS"] = str(engineers.signers)
    cli.environment["HEADEND_PRINCIPAL"] = "anna"
    planned(cli, *TIMEOUT)
    approve(cli, engineers)
    before = running(lab)
    lab.headends["vpn-1"].fail_over()
    refused(cli, "Plan it for the active unit")
    assert running(lab) == before


def test_a_refused_line_takes_everything_back(lab: Lab, cli: Cli, engineers: Engineers) -> None:
    before = running(lab)
    planned(cli, "certificate-for-user", *EXCEPTION)
    approve(cli, engineers)
    headend = lab.headends["vpn-1"]
    headend.reply("certificate-group-map CM-EXC-0042 10 TG-EXC-0042", "ERROR: out of memory")
    assert "out of memory" in done(cli, 15, "change", "apply", "last")
    assert running(lab) == before


def test_breaking_the_glass_is_loud_and_listed(lab: Lab, cli: Cli) -> None:
    plan = planned(cli, *TIMEOUT)
    text = done(cli, 0, "change", "apply", "last", "--break-glass", "the push fails for everybody")
    assert "BREAK GLASS" in text
    assert " timeout 60" in running(lab)
    assert "BREAK GLASS" in done(cli, 0, "change", "list")
    folder = cli.incidents / plan["path"].split("/")[-3]
    assert "the push fails for everybody" in (folder / "audit.jsonl").read_text()


def test_an_expired_exception_is_listed_with_status_14(
    cli: Cli, engineers: Engineers, monkeypatch: pytest.MonkeyPatch
) -> None:
    planned(cli, "certificate-for-user", *EXCEPTION)
    approve(cli, engineers)
    done(cli, 0, "change", "apply", "last")
    listed = ["change", "list", "--expired", "--incidents", str(cli.incidents)]
    assert CliRunner().invoke(app, listed).exit_code == 0

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Later":
            return cls(2031, 1, 1, tzinfo=tz)

    with monkeypatch.context() as clock:
        clock.setattr(journal, "datetime", Later)
        ended = CliRunner().invoke(app, listed)
        assert ended.exit_code == 14
        assert "headend change rollback" in ended.output
        plan = changing.plan_of(ChangeStore(IncidentStore(cli.incidents)).get("last"))
        assert journal.is_over(plan)
    done(cli, 0, "change", "rollback", "last")
    with monkeypatch.context() as clock:
        clock.setattr(journal, "datetime", Later)
        assert CliRunner().invoke(app, listed).exit_code == 0


def test_an_exception_that_is_over_is_neither_planned_nor_applied(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = [each if each != "2030-12-31" else "2020-12-31" for each in EXCEPTION]
    text = done(cli, 2, "change", "new", "certificate-for-user", *past, "-H", "vpn-1")
    assert "2020-12-31 is past" in text
    planned(cli, "certificate-for-user", *EXCEPTION)
    change = ChangeStore(IncidentStore(cli.incidents)).get("last")
    monkeypatch.setattr(journal, "is_over", lambda _plan: True)
    with pytest.raises(Refused, match="ended on 2030-12-31"):
        carrying_out.permission(change, changing.plan_of(change), None, "hurry")


def test_a_glass_is_broken_with_a_reason_and_not_for_what_was_revoked(lab: Lab, cli: Cli) -> None:
    before = running(lab)
    planned(cli, *TIMEOUT)
    assert "reason is empty" in done(cli, 2, "change", "apply", "last", "--break-glass", " ")
    done(cli, 0, "change", "revoke", "last", "--why", "wrong server")
    refused(cli, "was revoked by anna", "--break-glass", "hurry")
    assert running(lab) == before


@pytest.mark.parametrize("who", ("", " ", "anna\nbob", "b\u043eb", "../../x", "x" * 101))
def test_whoever_plans_and_approves_has_a_name(cli: Cli, engineers: Engineers, who: str) -> None:
    planned(cli, *TIMEOUT)
    asked = ("--approver", who, "--window", window(), "--key", str(engineers.key("anna")))
    assert "is no name of a person" in done(cli, 2, "change", "approve", "last", *asked)
    if who:
        text = done(cli, 2, "change", "new", *TIMEOUT, "--as", who, "-H", "vpn-1")
        assert "is no name of a person" in text


@pytest.mark.parametrize("ticket", ("x\n# Approved", "\x1b[2J", "t" * 81, " "))
def test_a_ticket_is_one_short_line(cli: Cli, ticket: str) -> None:
    text = done(cli, 2, "change", "new", *TIMEOUT, "--ticket", ticket, "-H", "vpn-1")
    assert "is no ticket" in text


@pytest.mark.parametrize("name", ("review.md", "review.html"))
def test_a_review_that_was_edited_is_not_signed(cli: Cli, engineers: Engineers, name: str) -> None:
    file = Path(planned(cli, *TIMEOUT)["path"]) / name
    file.write_text(file.read_text().replace("Everybody", "Nobody"))
    asked = ("--approver", "bob", "--window", window(), "--key", str(engineers.key("anna")))
    text = done(cli, 12, "change", "approve", "last", *asked)
    assert f"{name} is not what plan" in " ".join(text.split())
    file.unlink()
    done(cli, 0, "change", "approve", "last", *asked)


def test_rolling_back_stops_where_others_edited_the_same_object(
    lab: Lab, cli: Cli, engineers: Engineers
) -> None:
    planned(cli, "certificate-for-user", *EXCEPTION)
    approve(cli, engineers)
    done(cli, 0, "change", "apply", "last")
    headend = lab.headends["vpn-1"]
    headend.configure("group-policy GP-EXC-0042 attributes", " vpn-idle-timeout 30")
    text = done(cli, 12, "change", "rollback", "last")
    assert "+ vpn-idle-timeout 30" in text
    headend.configure("group-policy GP-EXC-0042 attributes", " no vpn-idle-timeout")
    done(cli, 0, "change", "rollback", "last")


@pytest.mark.parametrize(("lookup", "let_in"), (("AD-LOOKUP", True), ("AD-STAFF", False)))
def test_a_disabled_account_meets_what_the_review_said(
    start_lab: Callable[..., Lab],
    start_cli: Callable[[Lab], Cli],
    engineers: Engineers,
    lookup: str,
    let_in: bool,  # noqa: FBT001 - a case
) -> None:
    filtered = """\
aaa-server AD-STAFF protocol ldap
aaa-server AD-STAFF (inside) host 10.20.2.10
 ldap-base-dn OU=Staff,DC=corp,DC=example
 ldap-scope subtree
 ldap-naming-attribute userPrincipalName
 ldap-login-password Bind-svc-4711
 ldap-login-dn CN=svc-asa,OU=Service,DC=corp,DC=example
 server-type microsoft
"""
    lab = start_lab(HeadendSpec("vpn-1", extra_configuration=filtered))
    cli = start_cli(lab)
    cli.environment["HEADEND_ALLOWED_SIGNERS"] = str(engineers.signers)
    cli.environment["HEADEND_PRINCIPAL"] = "anna"
    settings = [each.replace("jdoe", "f.silva") for each in EXCEPTION]
    plan = planned(cli, "certificate-for-user", *settings, "--set", f"lookup={lookup}")
    assert any("DISABLED" in risk and lookup in risk for risk in plan["risks"])
    approve(cli, engineers)
    done(cli, 0, "change", "apply", "last")
    assert lab.attempt("f.silva", group="CORP", certificate="user").accepted is let_in


def test_an_injected_parameter_reaches_no_headend(cli: Cli) -> None:
    text = done(cli, 2, "change", "new", *TIMEOUT[:-1], "seconds=60\nreload", "-H", "vpn-1")
    assert "Nothing was rendered" in text
    assert "must be a number" in text


def test_the_review_is_one_page_for_the_ticket(cli: Cli) -> None:
    planned(cli, "certificate-for-user", *EXCEPTION)
    page = done(cli, 0, "change", "show", "last", "--format", "html")
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "Lines to type" in done(cli, 0, "change", "show", "last", "--format", "markdown")
