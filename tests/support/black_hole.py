"""A network that swallows everything: it accepts nothing, or accepts and says nothing."""

import socket
import threading
from contextlib import suppress


class BlackHole:
    """At `port` of this computer. What accepts nothing has its queue of callers filled by itself: Linux then drops what
    comes, as a firewall does. `came` counts who was let in."""

    def __init__(self, accepts: bool) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64 if accepts else 0)
        self.port = self._listener.getsockname()[1]
        self.came = 0
        self._held: list[socket.socket] = []
        self._closing = False
        self._thread = threading.Thread(target=self._swallow, daemon=True)
        if accepts:
            self._thread.start()
        else:
            self._fill()

    def stop(self) -> None:
        self._closing = True
        if self._thread.is_alive():
            socket.create_connection(("127.0.0.1", self.port)).close()
            self._thread.join()
        for held in self._held:
            held.close()
        self._listener.close()

    def _fill(self) -> None:
        for _ in range(4):
            caller = socket.socket()
            caller.setblocking(False)
            with suppress(BlockingIOError):
                caller.connect(("127.0.0.1", self.port))
            self._held.append(caller)

    def _swallow(self) -> None:
        while True:
            caller, _ = self._listener.accept()
            self._held.append(caller)
            if self._closing:
                return
            self.came += 1
