"""Selecting headends from a Nornir inventory."""

from pathlib import Path

import pytest

from headend.device import fleet
from headend.errors import InputError

HOSTS = """
vpn-1: {hostname: 127.0.0.1, platform: cisco_asa, groups: [north], data: {role: hub}}
vpn-2: {hostname: 127.0.0.1, platform: cisco_asa, groups: [south]}
lab-1: {hostname: 127.0.0.1, platform: cisco_asa, groups: [south]}
"""
GROUPS = """
north: {groups: [world], data: {site: oslo}}
south: {groups: [world], data: {site: rome}}
world: {data: {cluster: ra}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hosts.yaml").write_text(HOSTS)
    (tmp_path / "groups.yaml").write_text(GROUPS)
    return tmp_path


@pytest.mark.parametrize(
    ("filters", "names", "expected"),
    (
        ((), (), {"vpn-1", "vpn-2", "lab-1"}),
        (("site=oslo",), (), {"vpn-1"}),
        (("group=south",), (), {"vpn-2", "lab-1"}),
        (("group=world",), (), {"vpn-1", "vpn-2", "lab-1"}),
        (("cluster=ra", "role=hub"), (), {"vpn-1"}),
        ((), ("vpn-*",), {"vpn-1", "vpn-2"}),
        (("site=rome",), ("vpn-*",), {"vpn-2"}),
        (("name=lab-?",), (), {"lab-1"}),
    ),
)
def test_filters_and_globs_choose(
    folder: Path, filters: tuple[str, ...], names: tuple[str, ...], expected: set[str]
) -> None:
    assert set(fleet.select(fleet.load(folder), filters, names).inventory.hosts) == expected


def test_an_empty_selection_is_an_error_that_names_what_there_is(folder: Path) -> None:
    with pytest.raises(InputError, match=r"site=nowhere.*vpn-1"):
        fleet.select(fleet.load(folder), ["site=nowhere"])


def test_a_filter_without_equals_is_refused(folder: Path) -> None:
    with pytest.raises(InputError, match="key=value"):
        fleet.select(fleet.load(folder), ["oslo"])


@pytest.mark.parametrize(
    ("text", "said"),
    (
        ("{", "not valid YAML at line"),
        ("- a\n- b\n", "is no mapping"),
        ("vpn-1: 5\n", "is no mapping"),
        ("vpn-1: {groups: [nowhere]}\n", "names group 'nowhere'"),
        ("vpn-1: {hostname: 127.0.0.1, port: 99999}\n", "99999 is no port"),
        ("vpn-1: {hostname: 127.0.0.1, port: ssh}\n", "'ssh' is no port"),
    ),
)
def test_a_damaged_inventory_is_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "hosts.yaml").write_text(text)
    with pytest.raises(InputError, match=said) as raised:
        fleet.load(tmp_path)
    assert "Error" not in str(raised.value)


def test_an_empty_inventory_says_so(tmp_path: Path) -> None:
    (tmp_path / "hosts.yaml").write_text("---\n")
    with pytest.raises(InputError, match="has no headend"):
        fleet.select(fleet.load(tmp_path))


def test_reading_an_inventory_leaves_no_litter(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.iterdir())
    fleet.load(folder)
    assert set(tmp_path.iterdir()) == before
