"""A lab that stops leaves nothing open, whoever was at its door."""

import gc
import socket

import pytest

from headend.lab import HeadendSpec, Lab


@pytest.mark.parametrize("quota", (2, 5), ids=("some wait for a session", "nobody waits"))
def test_who_knocks_while_the_lab_stops_is_shown_out(quota: int) -> None:
    for _ in range(5):
        with Lab([HeadendSpec("vpn-1", quota=quota)]) as lab:
            door = ("127.0.0.1", lab.headends["vpn-1"].port)
            callers = [socket.create_connection(door) for _ in range(6)]
        for caller in callers:
            caller.close()
    gc.collect()  # a socket that was left open is an error here, see filterwarnings
