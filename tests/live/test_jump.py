"""The way to a headend through jump hosts, each a real OpenSSH server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from headend.lab import HeadendSpec, Lab
from live.drive import Cli
from live.inventory import with_extras
from live.sshd import PROGRAM, Sshd
from live.test_refusals import said

pytestmark = pytest.mark.skipif(not PROGRAM, reason="no sshd (apt-get install openssh-server)")


@pytest.fixture
def jumps(tmp_path: Path) -> Iterator[tuple[Sshd, Sshd]]:
    with Sshd(tmp_path / "jump-1") as first, Sshd(tmp_path / "jump-2") as second:
        # One engineer, one key, both hosts.
        second.folder.joinpath("authorized_keys").write_bytes(
            first.folder.joinpath("authorized_keys").read_bytes()
        )
        yield first, second


@pytest.fixture
def known(lab: Lab, cli: Cli, tmp_path: Path) -> Path:
    """Return a known-hosts file of our own, in which only the headend stands."""
    path = tmp_path / "known_hosts"
    path.write_text(Path(lab.environment["HEADEND_KNOWN_HOSTS"]).read_text())
    cli.environment["HEADEND_KNOWN_HOSTS"] = str(path)
    return path


def test_a_chain_of_jump_hosts_leads_to_the_headend_and_each_key_is_checked(
    lab: Lab, cli: Cli, tmp_path: Path, jumps: tuple[Sshd, Sshd], known: Path
) -> None:
    first, second = jumps
    extras = with_extras(
        lab,
        tmp_path,
        jump=f"{first.place}, {second.place}",
        jump_credentials={"key": str(first.key)},
    )
    unknown = said(cli, 12, "preflight", **extras)
    assert first.fingerprint in unknown
    assert "headend trust" in unknown
    assert lab.headends["vpn-1"].logins == 0
    shown = said(cli, 0, "trust", "--yes", **extras)
    for fingerprint in (first.fingerprint, second.fingerprint, lab.headends["vpn-1"].fingerprint):
        assert fingerprint in shown
    assert len(known.read_text().splitlines()) == 3
    said(cli, 0, "preflight", **extras)
    assert lab.headends["vpn-1"].logins == 1

    run = cli.investigate("jdoe", "--inventory", extras["HEADEND_INVENTORY"])
    run.wait_for("ready")
    lab.attempt("jdoe", group="CORP")
    result = run.result()
    assert [each["state"] for each in result["headends"]] == ["disarmed"]
    lab.headends["vpn-1"].wait_for_no_sessions()

    lines = known.read_text().splitlines()
    swapped = [lines[0], lines[1], f"{lines[2].split()[0]} {' '.join(lines[1].split()[1:])}"]
    known.write_text("\n".join(swapped) + "\n")
    changed = said(cli, 12, "preflight", **extras)
    assert "has changed" in changed
    assert second.fingerprint in changed


def test_headends_behind_one_jump_host_share_one_login_there(
    start_lab: Callable[..., Lab], start_cli: Callable[[Lab], Cli], tmp_path: Path
) -> None:
    lab = start_lab(*[HeadendSpec(f"vpn-{number}") for number in range(1, 6)])
    cli = start_cli(lab)
    path = tmp_path / "known_hosts"
    path.write_text(Path(lab.environment["HEADEND_KNOWN_HOSTS"]).read_text())
    cli.environment["HEADEND_KNOWN_HOSTS"] = str(path)
    with Sshd(tmp_path / "jump") as jump:
        extras = with_extras(
            lab, tmp_path, jump=jump.place, jump_credentials={"key": str(jump.key)}
        )
        said(cli, 0, "trust", "--yes", **extras)
        with (Path(extras["HEADEND_INVENTORY"]) / "hosts.yaml").open("a") as hosts:
            hosts.write("dead-1:\n  hostname: 127.0.0.1\n  port: 9\n  platform: cisco_asa\n")
        text = said(cli, 14, "preflight", **extras)
    assert text.count("cannot be reached") == 1
    assert all(one.logins == 1 for one in lab.headends.values())
    # Trusting logged in once a headend, the preflight of six once in all.
    assert jump.log.count("Accepted publickey") == len(lab.headends) + 1


@pytest.mark.usefixtures("known")
def test_an_ssh_config_names_address_user_key_and_jump_host(
    lab: Lab, cli: Cli, tmp_path: Path, jumps: tuple[Sshd, Sshd]
) -> None:
    first, second = jumps
    config = tmp_path / "ssh_config"
    config.write_text(
        f"""
        Host bastion-outer
          HostName 127.0.0.1
          Port {first.port}
          User {first.user}
        Host bastion
          HostName 127.0.0.1
          Port {second.port}
          User {second.user}
          ProxyJump bastion-outer
        Host vpn-hq
          HostName 127.0.0.1
          Port {lab.headends["vpn-1"].port}
          ProxyJump bastion
        """
    )
    extras = with_extras(
        lab, tmp_path, ssh_config=str(config), jump_credentials={"key": str(first.key)}
    )
    (Path(extras["HEADEND_INVENTORY"]) / "hosts.yaml").write_text(
        "vpn-1: {hostname: vpn-hq, platform: cisco_asa}\n"
    )
    shown = said(cli, 0, "trust", "--yes", **extras)
    assert first.fingerprint in shown
    assert second.fingerprint in shown
    said(cli, 0, "preflight", **extras)
    assert lab.headends["vpn-1"].logins == 1
    config.write_text("Host *\n  ProxyJump vpn-hq\n")
    assert "circle" in said(cli, 2, "investigate", "jdoe", "--for", "1", **extras)


@pytest.mark.usefixtures("known")
def test_a_jump_host_that_refuses_our_key_never_sees_the_headends_password(
    lab: Lab, cli: Cli, tmp_path: Path, jumps: tuple[Sshd, Sshd]
) -> None:
    first, second = jumps
    extras = with_extras(lab, tmp_path, jump=first.place, jump_credentials={"key": str(second.key)})
    cli.run("trust", "--yes", **extras)
    text = said(cli, 13, "preflight", **extras)
    assert f"jump host 127.0.0.1:{first.port} refused the login" in text
    assert lab.headends["vpn-1"].logins == 0
