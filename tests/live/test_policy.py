"""``headend policy``: the answers and their lines, from living headends and from saved text."""

import json
from pathlib import Path

import pytest

from headend.lab import Lab
from live.drive import Cli
from policy.configurations import lab_text

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "show"


def test_living_headends_tell_which_line_decides(lab: Lab, cli: Cli) -> None:
    done = cli.run("policy", "jdoe", "--group", "CORP", "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    answers = {each["point"]: each for each in document["headends"]["vpn-1"]["answers"]}
    assert answers["token"]["value"] == "probably required"
    (line,) = answers["token"]["lines"]
    assert line["text"] == "authentication-server-group RSA"
    assert line["under"] == "tunnel-group CORP general-attributes"
    assert answers["dynamic-access-policy"]["known"] != "yes"
    typed = {line for _, _, line in lab.headends["vpn-1"].received}
    assert not {each for each in typed if each.startswith("conf")}


def test_a_saved_configuration_is_read_as_a_file_and_from_a_pipe(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "running-config.txt"
    file.write_text(lab_text())
    asked = ("--certificate", "cn=jdoe,issuer.cn=issuing-ca-01,upn=jdoe@corp.example")
    from_file = cli.run("policy", "jdoe", "--group", "CERT", *asked, "--file", str(file))
    assert "taken from the certificate: UPN" in from_file.stdout
    assert "must succeed" in from_file.stdout
    command = ("policy", "jdoe", "--group", "CERT", *asked, "--file", "-")
    piped = cli.run(*command, stdin=lab_text())
    answers = [text.partition("\n\n")[2] for text in (piped.stdout, from_file.stdout)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    (
        (("--file", "nowhere.txt"), "cannot be read"),
        (("--certificate", "jdoe"), "is not NAME=VALUE"),
    ),
)
def test_what_cannot_be_read_is_an_input_error(
    cli: Cli, arguments: tuple[str, ...], said: str
) -> None:
    done = cli.run("policy", "jdoe", *arguments)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_hostile_configuration_stays_text(cli: Cli) -> None:
    text = (
        "tunnel-group \x1b[2JX type remote-access\n" + "tunnel-group " + "A" * 100_000 + "\n \n\n"
    )
    done = cli.run("policy", "\x1b[31mjdoe", "--group", "\x1b[2JX", "--file", "-", stdin=text)
    assert done.returncode == 0, done.stderr
    assert "\x1b[2J" not in done.stdout


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not beside this checkout")
def test_real_configurations_are_understood(cli: Cli) -> None:
    text = (CORPUS / "lexfw_run_aaa_server.txt").read_text()
    text += "tunnel-group T general-attributes\n authentication-server-group 2FactorPilot LOCAL\n"
    done = cli.run("policy", "--group", "T", "--file", "-", "--json", stdin=text)
    answers = json.loads(done.stdout)["headends"]["-"]["answers"]
    primary = next(each for each in answers if each["point"] == "primary-authentication")
    assert primary["value"] == "2FactorPilot (radius: 10.1.2.2), then local users"
    assert "waits 60 s" in primary["note"]
