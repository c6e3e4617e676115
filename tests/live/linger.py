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
def lingering(port: int) -> Iterator[int]:
    """Return the port of a way to ``port``; the headend's ends stay open until the block ends."""
    ends: list[socket.socket] = []
    threads: list[threading.Thread] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    headend = socket.create_connection(("127.0.0.1", port))
                    ends.extend((client, headend))
                    for pair in ((client, headend), (headend, client)):
                        threads.append(threading.Thread(target=_pump, args=pair))
                        threads[-1].start()

        door = threading.Thread(target=serve)
        door.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            door.join()
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
