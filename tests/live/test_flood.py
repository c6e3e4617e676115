"""More debug than can be judged at once: nothing is lost, and the view says how far it lags."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from headend.lab import Lab
from headend.lab.facade import Headend
from live.drive import Cli

LINES = 40_000


@contextmanager
def flood(headend: Headend, lines: int = LINES) -> Iterator[None]:
    """Print numbered lines as fast as the lab can, while the block lasts."""

    def pour() -> None:
        headend.emit("")
        for start in range(0, lines, 500):
            headend.emit([f"AAA FSM: In flood {n:06d}" for n in range(start, start + 500)])

    source = threading.Thread(target=pour)
    source.start()
    yield
    source.join()


def test_the_file_has_every_line_though_the_diagnosis_lags(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    headend = lab.headends["vpn-1"]
    with flood(headend):
        behind = run.wait_for("behind")
        assert behind["bytes"] > 0
    lab.attempt("jdoe", group="CORP")
    result = run.result()
    assert run.process.returncode == 0
    assert result["ending"] == "verdict"
    assert result["attempts"][0]["causes"][0]["cause"] == "token-required"
    log = (cli.incident() / "vpn-1" / "capture.log").read_text()
    wanted = [f"{number:06d}" for number in range(LINES)]
    assert re.findall(r"In flood (\d{6})", log) == wanted
    told = [each["text"] for each in run.events if each["event"] == "line"]
    assert [text[-6:] for text in told if "In flood" in text] == wanted
    assert [each["bytes"] for each in run.events if each["event"] == "behind"][-1] == 0


def test_debug_goes_off_in_the_middle_of_it(lab: Lab, cli: Cli) -> None:
    run = cli.investigate("jdoe")
    run.wait_for("ready")
    headend = lab.headends["vpn-1"]
    with flood(headend):
        run.wait_for("behind")
        run.process.terminate()
        run.wait_for("headend", state="disarmed")
    assert not any(one.debugs for one in headend.sessions)
    run.process.terminate()  # in a hurry: what is left unread stays in the file
    result = run.result()
    assert run.process.returncode == 130
    assert "show debug lists nothing" in result["headends"][0]["proof"]
    (record,) = json.loads((cli.incident() / "incident.json").read_text())["headends"].values()
    assert record["unread_bytes"] == result["headends"][0]["unread_bytes"] > 0


def test_once_debug_is_off_one_interrupt_leaves_the_rest_unread(lab: Lab, cli: Cli) -> None:
    run = cli.start("investigate", "jdoe", "--json", "--max-lines", str(5 * LINES))
    run.wait_for("ready")
    headend = lab.headends["vpn-1"]
    with flood(headend, 6 * LINES):  # nobody takes its output meanwhile, so it lags
        headend.wait_for_no_sessions(60)
    run.wait_for("headend", state="disarmed")
    run.process.terminate()
    result = run.result()
    assert run.process.returncode == 130  # the verdict may stand in what was not read
    assert result["headends"][0]["ending"] == "lines"
    assert result["headends"][0]["unread_bytes"] > 0
