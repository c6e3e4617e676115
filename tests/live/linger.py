"""A way to a headend on which the death of a client is not told: a NAT that lost its entry."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)


@contextmanager
def lingering(port: int, door: socket.socket | None = None) -> Iterator[int]:
    """Return the port of a way to ``port``; the headend's ends stay open until the block ends.

    ``door`` is a listening socket to use: who has knocked there already is let in now.
    """
    ends: list[socket.socket] = []
    threads: list[threading.Thread] = []
    server = door or socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                ends.append(client)
                headend = socket.create_connection(("127.0.0.1", port))
                ends.append(headend)
                for pair in ((client, headend), (headend, client)):
                    threads.append(threading.Thread(target=_pump, args=pair))
                    threads[-1].start()

    porter = threading.Thread(target=serve)
    porter.start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        porter.join()
        server.close()
        for end in ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join()
        for end in ends:
            end.close()


def detour(inventory: Path, known_hosts: Path, old: int, new: int) -> None:
    """Lead an inventory's way to ``old`` over ``new``."""
    for path in (inventory / "hosts.yaml", known_hosts):
        path.write_text(path.read_text().replace(str(old), str(new)))
