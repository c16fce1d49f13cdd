"""Waiting that can be ended at once from another thread."""

import selectors
import socket
from contextlib import suppress
from types import TracebackType


class Bell:
    """Rung by any thread; whoever waits for connections as well waits for `listening` too."""

    def __init__(self) -> None:
        self.listening, self._ringing = socket.socketpair()
        self._ringing.setblocking(False)

    def ring(self) -> None:
        # Nobody may wait any more; and one that has rung long enough has been heard.
        with suppress(OSError):
            self._ringing.send(b"!")

    def wait(self, seconds: float) -> bool:
        """Whether it rang within `seconds`."""
        with selectors.DefaultSelector() as ears:
            ears.register(self.listening, selectors.EVENT_READ)
            rang = bool(ears.select(seconds))
        if rang:
            self.quiet()
        return rang

    def quiet(self) -> None:
        """It has been heard."""
        self.listening.recv(4096)

    def __enter__(self) -> "Bell":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.listening.close()
        self._ringing.close()
