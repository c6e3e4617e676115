"""What the README tells an engineer to type works as printed."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from headend.lab import LOGIN, HeadendSpec, Lab
from live.drive import Cli

README = Path(__file__).parents[2] / "README.md"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README.read_text(), re.MULTILINE | re.DOTALL)


def test_the_nornir_script_runs_as_printed(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli]
) -> None:
    lab = start_lab(HeadendSpec("vpn-1", site="north"), HeadendSpec("vpn-2", site="south"))
    cli = start_cli(lab)
    script = next(block for block in blocks("python") if "print_result" in block)
    inventory = lab.environment["HEADEND_INVENTORY"]
    (cli.folder / "config.yaml").write_text(
        "logging: {enabled: false}\n"
        "inventory:\n  plugin: SimpleInventory\n  options:\n"
        f"    host_file: {inventory}/hosts.yaml\n"
        f"    group_file: {inventory}/groups.yaml\n"
        f"    defaults_file: {inventory}/defaults.yaml\n"
    )
    (cli.folder / "script.py").write_text(script)
    process = subprocess.Popen(
        [sys.executable, "script.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=cli.folder,
        env=cli.environment,
    )
    lab.headends["vpn-1"].wait_for_debug("aaa authentication")
    lab.attempt("jdoe", group="CORP")
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    assert "token-required" in output
    assert "Traceback" not in output
    assert not lab.headends["vpn-2"].received
    for secret in (LOGIN.password, LOGIN.enable):
        assert secret not in output
    assert {path.name for path in cli.folder.iterdir()} == {"incidents", "config.yaml", "script.py"}


def test_every_verb_of_the_table_exists_and_has_help(cli: Cli) -> None:
    verbs = re.findall(r"^\| `headend ([a-z]+)", README.read_text(), re.MULTILINE)
    assert len(verbs) >= 8
    for verb in verbs:
        done = cli.run(verb, "-h")
        assert done.returncode == 0
        assert "Usage: headend" in done.stdout


def test_the_version_is_told(cli: Cli) -> None:
    assert re.fullmatch(r"headend \d+\.\d+\S*\n", cli.run("--version").stdout)


def test_no_verb_is_cut_off_in_a_list_of_verbs(cli: Cli) -> None:
    for group in ((), ("change",), ("incident",)):
        listed = cli.run(*group, "--help").stdout
        assert "Commands:" in listed
        assert "..." not in listed.partition("Commands:")[2]


def test_every_path_that_the_readme_names_is_there() -> None:
    named = r"`((?:tests|tasks|parsers|templates|inventory)/[\w/.]*)`"
    for path in re.findall(named, README.read_text()):
        assert (README.parent / path).exists(), path


def test_the_demo_plays_the_founding_case_and_leaves_an_incident(cli: Cli) -> None:
    done = cli.run("demo")
    assert done.returncode == 0, done.stderr
    for words in (
        *("Ask jdoe to log in now", "token-required", "debug is off", "incident show"),
        *(
            "Signed by anna and bob",
            "jdoe sees: Connected",
            "vpn-3: verified",
            "vpn-3: rolled-back",
        ),
    ):
        assert words in done.stdout
    listed = cli.run("incident", "list").stdout
    assert "token-required" in listed
    assert "verified" in listed
    assert "rolled-back on 3 headends" in cli.run("change", "list").stdout
