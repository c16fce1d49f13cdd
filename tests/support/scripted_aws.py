"""An endpoint whose answers a test writes down: real sockets, real HTTP, real failures.

Each answer is a function that is given the open connection and the request, and may do anything: answer, answer half,
say nothing, or close. Every request is kept.
"""

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

KNOCK = "knock"


@dataclass(frozen=True, slots=True)
class Seen:
    operation: str
    headers: dict[str, str]
    body: dict[str, Any]


Answer = Callable[[socket.socket, Seen], None]


def raw(data: bytes) -> Answer:
    return lambda connection, seen: connection.sendall(data)


def http(status: int, body: bytes, kind: str = "application/x-amz-json-1.1", length: int | None = None) -> Answer:
    head = (
        f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nx-amzn-RequestId: request-1\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    )
    return raw(head.encode() + body)


def ok(answer: dict[str, Any]) -> Answer:
    return http(200, json.dumps(answer).encode())


def dated(date: str, answer: Answer) -> Answer:
    """`answer` with a Date, as every server of AWS sends one."""

    def send(connection: socket.socket, seen: Seen) -> None:
        class Dated:
            def sendall(self, data: bytes) -> None:
                first, _, rest = data.partition(b"\r\n")
                connection.sendall(first + f"\r\nDate: {date}\r\n".encode() + rest)

        answer(Dated(), seen)  # type: ignore[arg-type]

    return send


def accepted(destination: str = "j***@e***", medium: str = "EMAIL") -> Answer:
    details = {"Destination": destination, "DeliveryMedium": medium, "AttributeName": "email"}
    return ok({"CodeDeliveryDetails": details})


def error(code: str, text: str, status: int = 400) -> Answer:
    return http(status, json.dumps({"__type": code, "message": text}).encode())


def page(users: list[dict[str, Any]], token: str = "") -> Answer:
    return ok({"Users": users, **({"PaginationToken": token} if token else {})})


def close(connection: socket.socket, seen: Seen) -> None:
    """Hang up politely, without a word."""


def drip(data: bytes, seconds: float, stopped: threading.Event) -> Answer:
    """`data` byte by byte, one every `seconds`, for as long as anybody reads and `stopped` is not set."""

    def answer(connection: socket.socket, seen: Seen) -> None:
        for at in range(len(data)):
            connection.sendall(data[at : at + 1])
            if stopped.wait(seconds):
                return

    return answer


def reset(connection: socket.socket, seen: Seen) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@dataclass
class ScriptedAws:
    """Answers come from `script` in order, then `otherwise` for ever. What hangs is let go at the end. Who only knocks,
    by a GET, gets `knocked`, and is not kept."""

    script: list[Answer] = field(default_factory=list)
    otherwise: Answer = field(default_factory=accepted)
    knocked: Answer = field(default_factory=lambda: http(404, b"{}"))
    seen: list[Seen] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    port: int = 0
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.endpoint = f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def hang(self, connection: socket.socket, seen: Seen) -> None:
        self.released.wait()

    def stop(self) -> None:
        """May be called twice."""
        if self._closing:
            return
        self.released.set()
        # A listener is only sure to wake from accept when somebody calls.
        self._closing = True
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join()
        self._listener.close()

    def operations(self) -> list[str]:
        return [request.operation for request in self.seen]

    _closing = False

    def _serve(self) -> None:
        while True:
            connection, _ = self._listener.accept()
            if self._closing:
                connection.close()
                return
            threading.Thread(target=self._greet, args=(connection,), daemon=True).start()

    def _greet(self, connection: socket.socket) -> None:
        try:
            self._talk(self.tls.wrap_socket(connection, server_side=True) if self.tls else connection)
        except OSError:
            connection.close()  # no handshake, or the caller was gone before the answer

    def _talk(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            while (seen := _read(stream)) is not None:
                answer = self.knocked if seen.operation == KNOCK else self._next(seen)
                answer(connection, seen)
                if answer in (close, reset) or getattr(answer, "__func__", None) is ScriptedAws.hang or _cut(answer):
                    return

    def _next(self, seen: Seen) -> Answer:
        with self._lock:
            self.seen.append(seen)
            return self.script.pop(0) if self.script else self.otherwise


def cut(status: int, body: bytes, length: int) -> Answer:
    """Promise `length` bytes, give `body`, hang up."""
    answer = http(status, body, length=length)
    answer.cut = True  # type: ignore[attr-defined]
    return answer


def _cut(answer: Answer) -> bool:
    return getattr(answer, "cut", False)


def _read(stream: Any) -> Seen | None:
    try:
        if not (line := stream.readline()):
            return None
        knocks = line.startswith(b"GET ")
        headers = {}
        while (head := stream.readline().strip()) != b"":
            name, _, text = head.decode("latin-1").partition(":")
            headers[name.strip().lower()] = text.strip()
        body = stream.read(int(headers.get("content-length", 0)))
    except OSError:
        return None
    operation = KNOCK if knocks else headers.get("x-amz-target", "").rpartition(".")[2]
    return Seen(operation, headers, json.loads(body or b"{}"))
