"""The proxy does what the fault tests believe it does."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from faults.proxy import DOWN, UP, Proxy

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)
        yield server


@pytest.fixture
def joined(listener: socket.socket) -> Iterator[Callable[[Proxy], Pair]]:
    opened: list[socket.socket] = []

    def join(proxy: Proxy) -> Pair:
        ours = socket.create_connection((proxy.host, proxy.port), timeout=10)
        theirs, _ = listener.accept()
        theirs.settimeout(10)
        opened.extend((ours, theirs))
        return ours, theirs

    yield join
    for each in opened:
        each.close()


def port_of(listener: socket.socket) -> int:
    return int(listener.getsockname()[1])


def read(connection: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count and (more := connection.recv(count - len(data))):
        data += more
    return data


def hears_nothing(connection: socket.socket) -> None:
    connection.settimeout(0.1)
    with pytest.raises(TimeoutError):
        connection.recv(1)


def test_bytes_pass_both_ways_and_are_counted(
    listener: socket.socket, joined: Callable[[Proxy], Pair]
) -> None:
    with Proxy(port_of(listener)) as proxy:
        ours, theirs = joined(proxy)
        ours.sendall(b"up")
        assert read(theirs, 2) == b"up"
        theirs.sendall(b"down")
        assert read(ours, 4) == b"down"
        ours.shutdown(socket.SHUT_WR)
        assert theirs.recv(1) == b""
        assert (proxy.carried[UP], proxy.carried[DOWN]) == (2, 4)


def test_latency_delays_and_jitter_keeps_the_order(
    listener: socket.socket, joined: Callable[[Proxy], Pair]
) -> None:
    with Proxy(port_of(listener), latency=0.1, jitter=0.01) as proxy:
        ours, theirs = joined(proxy)
        sent = b"".join(b"%06d" % number for number in range(20000))

        def send() -> None:
            for at in range(0, len(sent), 500):
                theirs.sendall(sent[at : at + 500])

        began = time.monotonic()
        sender = threading.Thread(target=send)
        sender.start()
        received = read(ours, len(sent))
        sender.join()
        assert received == sent
        assert time.monotonic() - began > 0.1


def test_fin_lets_what_was_sent_arrive(
    listener: socket.socket, joined: Callable[[Proxy], Pair]
) -> None:
    with Proxy(port_of(listener)) as proxy:
        ours, theirs = joined(proxy)
        theirs.sendall(b"last words")
        assert ours.recv(1) == b"l"
        proxy.fin()
        assert read(ours, 100) == b"ast words"
        assert theirs.recv(1) == b""


def test_rst_tears_both_ends(listener: socket.socket, joined: Callable[[Proxy], Pair]) -> None:
    with Proxy(port_of(listener)) as proxy:
        for end in joined(proxy):
            proxy.rst()
            with pytest.raises(ConnectionResetError):
                end.recv(1)


def test_a_reset_of_our_end_leaves_the_other_open(
    listener: socket.socket, joined: Callable[[Proxy], Pair]
) -> None:
    with Proxy(port_of(listener)) as proxy:
        ours, theirs = joined(proxy)
        proxy.rst_ours()
        with pytest.raises(ConnectionResetError):
            ours.recv(1)
        theirs.sendall(b"is anybody there")
        hears_nothing(theirs)


def test_a_black_hole_stays_open_and_swallows_also_the_end(
    listener: socket.socket, joined: Callable[[Proxy], Pair]
) -> None:
    with Proxy(port_of(listener)) as proxy:
        ours, theirs = joined(proxy)
        proxy.black_hole()
        ours.sendall(b"lost")
        theirs.sendall(b"lost")
        hears_nothing(ours)
        hears_nothing(theirs)
        ours.close()
        hears_nothing(theirs)
        again, other = joined(proxy)  # a new connection passes
        again.sendall(b"x")
        assert other.recv(1) == b"x"


def test_a_closed_proxy_resets_and_a_holding_one_keeps_waiting(
    listener: socket.socket,
) -> None:
    with Proxy(port_of(listener)) as proxy:
        proxy.hold()
        with socket.create_connection((proxy.host, proxy.port), timeout=10) as ours:
            assert proxy.accepted.wait(10)
            hears_nothing(ours)
            proxy.release()
            theirs, _ = listener.accept()
            theirs.close()
        proxy.closed = True
        with (
            socket.create_connection((proxy.host, proxy.port), timeout=10) as refused,
            pytest.raises(ConnectionResetError),
        ):
            refused.recv(1)
