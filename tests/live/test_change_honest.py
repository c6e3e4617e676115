"""What a roll back and a save leave on the headend, and whether the end state says so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from headend.lab import HeadendSpec, Lab
from headend.model.change import EndState
from headend.workflow import applying
from headend.workflow.journal import standing
from live.change_bench import Bench

LOG_OFF = "vpn-sessiondb logoff tunnel-group TG-EXC-0042 noconfirm"


@pytest.fixture
def made(start_lab: Callable[..., Lab], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Bench:
    """Return an exception that was applied, and saved."""
    lab = start_lab(HeadendSpec("vpn-1"))
    for name, value in lab.environment.items():
        monkeypatch.setenv(name, value)
    bench = Bench(lab, "certificate-for-user", tmp_path)
    assert bench.run(applying.apply_target).state is EndState.APPLIED
    bench.headend.save()
    return bench


def test_a_cut_way_back_is_saved_all_the_same(made: Bench) -> None:
    outcome = made.cut_at("clear configure tunnel-group TG-EXC-0042", applying.roll_back_target)
    assert outcome.state is EndState.ROLLED_BACK
    assert made.headend.saved  # or the next reload would bring the exception back


def test_a_way_back_that_could_not_be_saved_is_saved_at_the_second_try(made: Bench) -> None:
    made.headend.reply("write memory", "%Error writing nvram:/startup-config (No space left)")
    outcome = made.run(applying.roll_back_target)
    assert outcome.state is EndState.PARTIAL
    assert "No space left" in outcome.why
    made.headend.reply("write memory", None)
    assert made.run(applying.roll_back_target).state is EndState.ROLLED_BACK
    assert made.headend.saved


def test_others_unsaved_changes_are_not_saved_by_the_way_back_and_it_says_so(made: Bench) -> None:
    made.headend.configure("pager lines 50")
    outcome = made.run(applying.roll_back_target)
    assert outcome.state is EndState.PARTIAL
    assert "the next reload may bring it back" in outcome.why
    assert not made.headend.saved
    made.headend.save()  # as it said
    assert made.run(applying.roll_back_target).state is EndState.ROLLED_BACK


def test_a_headend_that_refuses_in_mid_way_needs_a_person(made: Bench) -> None:
    def locked() -> None:
        made.headend.reply("configure terminal", "ERROR: Config mode locked by another session")

    outcome = made.meanwhile(LOG_OFF, locked, applying.roll_back_target)
    assert made.headend.running_config() != made.before
    assert outcome.state is EndState.PARTIAL  # lines were typed: "refused" would be untrue
    assert made.change.journal("vpn-1")[-1]["phase"] == "end"


def test_a_headend_that_cuts_us_off_for_good_is_unknown(
    made: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "_BETWEEN", 0.01)

    def gone() -> None:
        made.headend.drop_sessions()
        made.headend.fill_sessions()

    outcome = made.meanwhile(LOG_OFF, gone, applying.roll_back_target)
    assert outcome.state is EndState.UNKNOWN
    made.headend.free_sessions()


@pytest.mark.parametrize("reply", ("", "Command authorization failed", "hostname vpn-1"))
def test_a_configuration_that_is_not_whole_is_no_proof_of_anything(made: Bench, reply: str) -> None:
    made.headend.reply("show running-config", reply)
    outcome = made.run(applying.roll_back_target)
    assert outcome.state is EndState.REFUSED  # it read as "nothing of it was there any more"
    assert "whole configuration" in outcome.why


def test_saving_does_not_save_what_others_typed_since(made: Bench) -> None:
    made.headend.configure("pager lines 50")
    outcome = made.run(applying.save_target)
    assert outcome.state is EndState.REFUSED
    assert "+pager lines 50" in outcome.why
    assert not made.headend.saved
    assert made.run(applying.save_target, allow_unsaved=True).state is EndState.VERIFIED
    assert made.headend.saved


def test_what_no_longer_stands_is_not_saved_as_verified(made: Bench) -> None:
    made.headend.configure("webvpn", "no certificate-group-map CM-EXC-0042 10 TG-EXC-0042")
    outcome = made.run(applying.save_target)
    assert outcome.state is EndState.REFUSED
    assert "does not stand" in outcome.why


def test_two_engineers_do_not_type_the_same_change_at_once(made: Bench) -> None:
    second = []
    outcome = made.meanwhile(
        LOG_OFF,
        lambda: second.append(made.run(applying.roll_back_target)),
        applying.roll_back_target,
    )
    assert second[0].state is EndState.REFUSED
    assert "anna is typing change" in second[0].why
    assert outcome.state is EndState.ROLLED_BACK


def test_a_journal_that_cannot_be_written_does_not_hide_where_the_headend_stands(
    made: Bench,
) -> None:
    journal = next(made.change.path.glob("*/journal.jsonl"))

    def full() -> None:
        journal.unlink()
        journal.mkdir()  # what opens it to append fails, as on a full disk

    outcome = made.meanwhile(LOG_OFF, full, applying.roll_back_target)
    assert outcome.state is EndState.PARTIAL
    assert "cannot be written" in outcome.why
    assert any("not recorded" in warning for warning in outcome.warnings)


def test_a_journal_with_a_state_that_there_is_not_is_unknown(made: Bench) -> None:
    made.change.note("vpn-1", {"phase": "end", "state": "fine"})
    assert standing(made.change, "vpn-1") is EndState.UNKNOWN
