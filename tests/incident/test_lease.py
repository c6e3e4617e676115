from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from headend.incident import (
    Lease,
    damaged_leases,
    owner_alive,
    process_started,
    read_leases,
    remove_lease,
    write_lease,
)

LEASE = Lease(
    id="20261123T231500Z-k3f9/../vpn-1",
    incident="20261123T231500Z-k3f9",
    headend="vpn-1",
    host="10.20.0.2",
    port=22,
    username="svc-headend",
    sid=4,
    client_ip=None,
    pid=os.getpid(),
    process_started=process_started(os.getpid()),
    armed=("debug radius all", "debug aaa common 255"),
    created=1_790_000_000.0,
)


def test_a_lease_comes_back_until_it_is_removed(tmp_path: Path) -> None:
    path = write_lease(tmp_path, LEASE)
    assert path.parent == tmp_path / ".leases"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    later = replace(LEASE, id="later", created=LEASE.created + 1)
    write_lease(tmp_path, later)
    assert read_leases(tmp_path) == [LEASE, later]
    remove_lease(tmp_path, LEASE)
    remove_lease(tmp_path, LEASE)
    assert read_leases(tmp_path) == [later]


def test_no_leases_where_there_was_no_capture(tmp_path: Path) -> None:
    assert read_leases(tmp_path) == []
    assert damaged_leases(tmp_path) == []


@pytest.mark.parametrize("text", ("", "{}", "[]", '{"id": 1}'))
def test_a_damaged_lease_is_told_apart(tmp_path: Path, text: str) -> None:
    write_lease(tmp_path, LEASE)
    damaged = tmp_path / ".leases" / "x.json"
    damaged.write_text(text)
    assert read_leases(tmp_path) == [LEASE]
    assert damaged_leases(tmp_path) == [damaged]


def test_this_process_is_alive_and_a_later_one_with_its_number_is_not() -> None:
    assert owner_alive(LEASE)
    assert not owner_alive(replace(LEASE, process_started=f"{LEASE.process_started}0"))


def test_a_dead_process_is_dead() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        lease = replace(LEASE, pid=process.pid, process_started=process_started(process.pid))
        assert owner_alive(lease)
    assert not owner_alive(lease)
    assert not owner_alive(replace(lease, process_started=""))


def test_a_process_of_another_machine_counts_as_alive() -> None:
    assert owner_alive(replace(LEASE, pid=1 << 22, process_started="elsewhere/boot/1"))
