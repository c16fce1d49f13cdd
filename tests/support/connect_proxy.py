"""A real CONNECT proxy, which leads everybody to one server and may break the connection at a chosen moment."""

import socket
import struct
import threading
from contextlib import suppress
from typing import BinaryIO

# When it breaks: before it answers CONNECT, in the TLS handshake (politely or with a reset), in the request, or after
# the request was passed on, before the answer is. Refusing is an answer too.
BEFORE, HANDSHAKE, RESET, REQUEST, ANSWER = "before", "handshake", "reset", "request", "answer"
REFUSING, NEVER = "refusing", "never"

APPLICATION_DATA = 23


class ConnectProxy:
    """Each tunnel leads to `port` of this computer, whatever host was asked for. `asked` has the CONNECT lines."""

    def __init__(self, port: int, breaks: str = NEVER) -> None:
        self.breaks = breaks
        self.asked: list[str] = []
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._closing = False
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._closing = True
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        while True:
            caller, _ = self._listener.accept()
            if self._closing:
                caller.close()
                return
            threading.Thread(target=self._lead, args=(caller,), daemon=True).start()

    def _lead(self, caller: socket.socket) -> None:
        with caller, caller.makefile("rb") as words:
            line = words.readline()
            while words.readline().strip():
                pass
            self.asked.append(line.decode().strip())
            if self.breaks == REFUSING:
                caller.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            if self.breaks in (BEFORE, REFUSING):
                return
            caller.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with socket.create_connection(("127.0.0.1", self._port)) as server, server.makefile("rb") as answers:
                back = threading.Thread(target=self._pass_on, args=(answers, caller, (ANSWER,)), daemon=True)
                back.start()
                self._pass_on(words, server, (HANDSHAKE, RESET, REQUEST))
                _end(server)
                back.join()
            if self.breaks == RESET:
                caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _pass_on(self, source: BinaryIO, target: socket.socket, moments: tuple[str, ...]) -> None:
        """TLS record by TLS record, until either side closes or it is time to break."""
        with suppress(OSError):
            while len(head := source.read(5)) == 5:
                record = head + source.read(int.from_bytes(head[3:5]))
                now = (REQUEST, ANSWER) if head[0] == APPLICATION_DATA else (HANDSHAKE, RESET)
                if self.breaks in moments and self.breaks in now:
                    target.sendall(record[: len(record) // 2] if self.breaks == REQUEST else b"")
                    break
                target.sendall(record)
        if self.breaks != RESET:
            _end(target)


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
