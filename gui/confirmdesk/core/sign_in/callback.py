"""Where the browser brings the answer of a sign-in: an address of this computer, for as long as somebody waits.

https://datatracker.ietf.org/doc/html/rfc8252#section-7.3
"""

from __future__ import annotations

import secrets
import selectors
import socket
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import parse_qs, urlsplit

from confirmdesk.core.sign_in.bell import Bell
from confirmdesk.core.sign_in.last_page import nothing_here_page

PATH = "/oauth/callback"
# As it is registered: AWS takes any port of this computer.
REDIRECT_WITHOUT_PORT = f"http://127.0.0.1{PATH}"
# In bytes. No browser sends more; and nobody else makes this program remember more.
_REQUEST = 32_768
_VISITORS = 32


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought: a `code` to change for a token, or AWS's word for an `error`. The browser waits for
    its last page."""

    code: str = field(repr=False)
    error: str
    visitor: Visitor


class Visitor:
    """A connection that may have something to ask. Browsers open some that never say a word."""

    def __init__(self, connected: socket.socket) -> None:
        connected.setblocking(False)
        self.connected = connected
        self._heard = b""

    def listen(self) -> str | None:
        """The first line of what it asks, "" where it hung up or talks nonsense, None while there is more to come."""
        try:
            heard = self.connected.recv(4096)
        except BlockingIOError:
            return None
        except OSError:
            return ""
        self._heard += heard
        if not heard or len(self._heard) > _REQUEST:
            return ""
        if b"\r\n\r\n" not in self._heard:
            return None
        return self._heard.partition(b"\r\n")[0].decode("latin-1")

    def answer(self, status: str, page: str) -> None:
        """Show `page` and say goodbye. The page's address holds a code: it goes nowhere and is not kept."""
        body = page.encode()
        head = (
            f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
            "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
            "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'\r\nConnection: close\r\n\r\n"
        )
        with suppress(OSError):
            self.connected.settimeout(1.0)
            self.connected.sendall(head.encode() + body)
        self.leave()

    def leave(self) -> None:
        with suppress(OSError):
            self.connected.shutdown(socket.SHUT_WR)
        self.connected.close()


class Callback:
    """The port is bound from before the browser opens until the end; 127.0.0.1 alone, which asks no firewall."""

    def __init__(self) -> None:
        """Raises OSError."""
        # Whoever does not know it has not been sent here by our sign-in.
        self.state = secrets.token_urlsafe(32)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self._listener.setblocking(False)
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}{PATH}"
        self._visitors: list[Visitor] = []
        self._doors = selectors.DefaultSelector()
        self._doors.register(self._listener, selectors.EVENT_READ)

    def __enter__(self) -> Callback:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for visitor in self._visitors:
            visitor.leave()
        self._doors.close()
        self._listener.close()

    def wait(self, bell: Bell, seconds: float | None) -> Answer | None:
        """The answer with our state; None where the bell rang, or after `seconds`. Whatever else comes is told that
        there is nothing here, and the wait goes on."""
        ends = None if seconds is None else time.monotonic() + seconds
        self._doors.register(bell.listening, selectors.EVENT_READ, bell)
        try:
            while ends is None or time.monotonic() < ends:
                for key, _ in self._doors.select(None if ends is None else max(0.0, ends - time.monotonic())):
                    if key.data is bell:
                        bell.quiet()
                        return None
                    if answer := self._look(key.data):
                        return answer
            return None
        finally:
            self._doors.unregister(bell.listening)

    def _look(self, visitor: Visitor | None) -> Answer | None:
        if visitor is None:
            self._let_in()
            return None
        if visitor not in self._visitors:
            # Seen off since they were heard.
            return None
        line = visitor.listen()
        if line is None:
            return None
        self._see_off(visitor)
        answer = self._answer_in(line, visitor)
        if not answer:
            visitor.answer("404 Not Found", nothing_here_page())
        return answer

    def _see_off(self, visitor: Visitor) -> Visitor:
        self._visitors.remove(visitor)
        self._doors.unregister(visitor.connected)
        return visitor

    def _let_in(self) -> None:
        with suppress(OSError):
            visitor = Visitor(self._listener.accept()[0])
            self._visitors.append(visitor)
            self._doors.register(visitor.connected, selectors.EVENT_READ, visitor)
        if len(self._visitors) > _VISITORS:
            # Whoever has been here longest without a word has none to say.
            self._see_off(self._visitors[0]).leave()

    def _answer_in(self, line: str, visitor: Visitor) -> Answer | None:
        words = line.split(" ")
        if len(words) != 3 or words[0] != "GET":
            return None
        try:
            asked = urlsplit(words[1])
            told = parse_qs(asked.query, max_num_fields=20)
        except ValueError:
            return None
        if asked.path != PATH or not secrets.compare_digest(_one(told, "state").encode(), self.state.encode()):
            return None
        code, error = _one(told, "code"), _one(told, "error")
        return Answer(code, error, visitor) if code or error else None


def _one(told: dict[str, list[str]], name: str) -> str:
    return told[name][0] if len(told.get(name, ())) == 1 else ""
