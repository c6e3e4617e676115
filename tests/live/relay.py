"""A TCP relay between client and headend that counts round trips, and can go dead."""

import contextlib
import socket
import threading
import time
from types import TracebackType
from typing import Self

_CHUNK = 65536


class Relay:
    """Relay one port; ``turns`` counts how often the client spoke after the server had.

    With ``delay`` (seconds) what the server says within that time reaches the client in one piece,
    as over a long way: then a turn is a round trip.
    """

    def __init__(self, port: int, delay: float = 0.0) -> None:
        self._delay = delay
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.turns = 0
        self.dead = threading.Event()
        self._break_at: int | None = None
        self._break_how = ""
        self._spoke_last = ""
        self._sockets: list[socket.socket] = [self._listener]
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # The door first: who is let in while the others are shown out would stay for ever.
        self._hang_up(self._listener)
        self._threads[0].join()
        self._hang_up(*self._sockets)
        for thread in self._threads[1:]:
            thread.join()
        for one in self._sockets:
            one.close()

    @staticmethod
    def _hang_up(*sockets: socket.socket) -> None:
        for one in sockets:
            with contextlib.suppress(OSError):  # not connected, or gone already
                one.shutdown(socket.SHUT_RDWR)

    def break_at(self, turn: int, how: str) -> None:
        """Break when the client has spoken ``turn`` times: ``closed`` or a ``black hole``.

        Turn 0 is its greeting, -1 the connection itself.
        """
        self._break_at, self._break_how = turn, how

    def _broken(self, source: socket.socket, sink: socket.socket) -> bool:
        if self._break_at is None or self.turns < self._break_at:
            return False
        if self._break_how == "closed":
            self._hang_up(source, sink)
        else:
            self.dead.set()
        return True

    def _start(self, work: object, *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self._sockets.append(client)
            if self._break_at == -1:
                self._broken(client, client)
                continue
            server = socket.create_connection(("127.0.0.1", self._target))
            self._sockets.append(server)
            self._start(self._pump, client, server, "client")
            self._start(self._pump, server, client, "server")

    def _pump(self, source: socket.socket, sink: socket.socket, speaker: str) -> None:
        while True:
            try:
                data = source.recv(_CHUNK)
                if not data:
                    sink.shutdown(socket.SHUT_WR)
                    return
                if speaker == "server" and self._delay:
                    time.sleep(self._delay)
                    with contextlib.suppress(BlockingIOError):
                        data += source.recv(_CHUNK, socket.MSG_DONTWAIT)
                if self.dead.is_set():
                    continue  # swallowed: the connection stays up, and nothing passes
                if speaker == "client" and self._spoke_last == "server":
                    self.turns += 1
                self._spoke_last = speaker
                if speaker == "client" and self._broken(source, sink):
                    continue
                sink.sendall(data)
            except OSError:
                return
