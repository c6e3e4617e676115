from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cli_render.samples import report
from headend.errors import InputError
from headend.incident import IncidentStore


@pytest.fixture
def store(tmp_path: Path) -> IncidentStore:
    return IncidentStore(tmp_path / "incidents")


def open_at(store: IncidentStore, name: str, user: str = "jdoe") -> Path:
    """Open an incident as if it were another time."""
    path = store.open("investigate", user, ["vpn-1"]).path
    record = json.loads((path / "incident.json").read_text())
    record["id"] = name
    (path / "incident.json").write_text(json.dumps(record))
    return path.rename(path.with_name(name))


def test_an_empty_place_has_no_incidents(store: IncidentStore) -> None:
    assert store.list() == []
    assert not store.root.exists()
    with pytest.raises(InputError, match="no incident"):
        store.get("last")


def test_a_place_that_cannot_be_read_is_not_called_empty(tmp_path: Path) -> None:
    (tmp_path / "incidents").write_text("no folder")
    with pytest.raises(InputError, match="cannot be read: Not a directory"):
        IncidentStore(tmp_path / "incidents").list()


def test_the_newest_comes_first(store: IncidentStore) -> None:
    names = ["20260101T000000Z-aaaa", "20260102T000000Z-aaaa", "20260103T000000Z-aaaa"]
    for name in (names[1], names[0], names[2]):
        open_at(store, name)
    assert [each.id for each in store.list()] == names[::-1]
    assert store.get("last").id == names[2]


def test_a_beginning_must_be_unique(store: IncidentStore) -> None:
    open_at(store, "20260101T000000Z-aaaa")
    open_at(store, "20260101T000000Z-bbbb")
    assert store.get("20260101T000000Z-b").id == "20260101T000000Z-bbbb"
    with pytest.raises(InputError, match="2 incidents begin"):
        store.get("2026")
    for nothing in ("2027", "", "../x", "index.sqlite"):
        with pytest.raises(InputError):
            store.get(nothing)


def test_a_list_follows_every_change(store: IncidentStore) -> None:
    incident = store.open("investigate", "jdoe", ["vpn-1", "vpn-2"], note="ticket")
    [summary] = store.list()
    assert (summary.user, summary.headends, summary.state) == ("jdoe", ("vpn-1", "vpn-2"), "opened")
    incident.mark("armed")
    incident.write_report(report())
    [summary] = store.list()
    assert (summary.state, summary.outcome, summary.cause) == (
        "armed",
        "challenged",
        "token-required",
    )
    shutil.rmtree(incident.path)
    assert store.list() == []


@pytest.mark.parametrize(
    "damage", (b"", b"no database at all", b"SQLite format 3\x00" + b"x" * 900)
)
def test_a_damaged_index_is_made_anew(store: IncidentStore, damage: bytes) -> None:
    incident = store.open("investigate", "jdoe", [])
    before = store.list()
    store.index.write_bytes(damage)
    assert store.list() == before
    store.index.unlink()
    assert store.list() == before
    store.rebuild()
    assert [each.id for each in store.list()] == [incident.id]


def test_an_index_that_cannot_be_kept_does_not_hide_incidents(store: IncidentStore) -> None:
    store.open("investigate", "jdoe", [])
    store.index.mkdir()
    assert len(store.list()) == 1


@pytest.mark.parametrize(
    "damage",
    ("", "{", "[]", "null", '{"id": 3}', "[" * 100_000, '{"milestones": {"opened": "then"}}'),
)
def test_a_damaged_record_is_listed_as_damaged(store: IncidentStore, damage: str) -> None:
    incident = store.open("investigate", "jdoe", [])
    (incident.path / "incident.json").write_text(damage)
    [summary] = store.list()
    assert (summary.id, summary.damaged) == (incident.id, True)
    with pytest.raises(InputError):
        _ = store.get(incident.id).record


def test_a_place_that_cannot_be_written_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="--incidents"):
        IncidentStore(tmp_path / "file" / "incidents").open("investigate", None, [])
