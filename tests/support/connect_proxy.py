"""A real CONNECT proxy, which leads everybody to one server and may break the connection at a chosen moment."""

import socket
import struct
import threading
from contextlib import suppress
from math import inf
from typing import BinaryIO

# When it breaks: before it answers CONNECT, in the TLS handshake (politely or with a reset), in the request, or after
# the request was passed on, before the answer is. Refusing (a password is missing), forbidding and closing (no way to
# the host) are answers too; silent it says nothing and stays.
BEFORE, HANDSHAKE, RESET, REQUEST, ANSWER = "before", "handshake", "reset", "request", "answer"
REFUSING, FORBIDDING, CLOSING, SILENT, NEVER = "407", "403", "503", "silent", "never"

APPLICATION_DATA = 23


class ConnectProxy:
    """Each tunnel leads to `port` of this computer, whatever host was asked for. `asked` has the CONNECT lines, and
    `broken` how many of them came to grief, `times` at most."""

    def __init__(self, port: int, breaks: str = NEVER, times: float = inf) -> None:
        self.breaks, self.times = breaks, times
        self.asked: list[str] = []
        self.broken = 0
        self._counting = threading.Lock()
        self._port = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.address = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self._closing = False
        self._released = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._closing = True
        self._released.set()
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
            self.asked.append(line.decode("latin-1").strip())
            breaks = self._breaks_now()
            if breaks == SILENT:
                self._released.wait()
            if breaks in (REFUSING, FORBIDDING, CLOSING):
                caller.sendall(f"HTTP/1.1 {breaks} X\r\nContent-Length: 0\r\n\r\n".encode())
            if breaks in (BEFORE, REFUSING, FORBIDDING, CLOSING, SILENT):
                return
            caller.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            with socket.create_connection(("127.0.0.1", self._port)) as server, server.makefile("rb") as answers:
                there, back = (NEVER, breaks) if breaks == ANSWER else (breaks, NEVER)
                returning = threading.Thread(target=_pass_on, args=(answers, caller, back), daemon=True)
                returning.start()
                _pass_on(words, server, there)
                _end(server)
                returning.join()
            if breaks == RESET:
                caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _breaks_now(self) -> str:
        with self._counting:
            if self.breaks == NEVER or self.broken >= self.times:
                return NEVER
            self.broken += 1
            return self.breaks


def _pass_on(source: BinaryIO, target: socket.socket, breaks: str) -> None:
    """TLS record by TLS record, until either side closes or it is time to break."""
    with suppress(OSError):
        while len(head := source.read(5)) == 5:
            record = head + source.read(int.from_bytes(head[3:5]))
            if breaks in ((REQUEST, ANSWER) if head[0] == APPLICATION_DATA else (HANDSHAKE, RESET)):
                target.sendall(record[: len(record) // 2] if breaks == REQUEST else b"")
                break
            target.sendall(record)
    if breaks != RESET:
        _end(target)


def _end(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
