"""A relay between a client and a server, which cuts the connection at the moment a test asks for."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable


class Relay:
    """Listens on a free port of this machine and passes everything on to another port.

    `cut` is asked about everything the client sends, from the moment a test sets it: what it says happens once.
    """

    BEFORE, AFTER = "before", "after"
    """Cut before the server has got these bytes, or after it has, and before its answer has come back."""

    def __init__(self, port: int) -> None:
        self._server = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self.cut: Callable[[bytes], str | None] | None = None
        self.cuts = 0
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(10)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self._server))
            is_deaf = threading.Event()
            for work in (self._up, self._down):
                thread = threading.Thread(target=work, args=(client, server, is_deaf), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _up(self, client: socket.socket, server: socket.socket, is_deaf: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                when = self.cut(data) if self.cut else None
                if when is not None:
                    self.cut = None
                    self.cuts += 1
                    is_deaf.set()
                    if when == self.AFTER:
                        server.sendall(data)
                    break
                server.sendall(data)
        _end(client)
        with contextlib.suppress(OSError):  # the server reads what it was sent before it sees the end
            server.shutdown(socket.SHUT_WR)

    def _down(self, client: socket.socket, server: socket.socket, is_deaf: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if not is_deaf.is_set():
                    client.sendall(data)
        _end(client)
        _end(server)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
