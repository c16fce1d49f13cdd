"""botocore's connections, made to tell their call when a request is handed to them, and to end when their call does.

Proxies, certificates and everything else stay botocore's.
"""

from __future__ import annotations

import socket
from math import inf
from typing import TYPE_CHECKING, Any, cast

from confirmdesk.core.aws.deadlines import Call, WaitsFor, call_under_way
from confirmdesk.core.aws.openssl_errors import forget_errors

if TYPE_CHECKING:
    from botocore.awsrequest import AWSHTTPSConnection as Connection
else:
    Connection = object


# In seconds. None at all would mean not to wait for anything.
SHORTEST = 0.01


class TellingConnection(Connection):
    """Mixed into both of botocore's connections."""

    _connecting = False
    # It connects in a thread of its own, which does not know whose call it is in, and may go on after its end.
    _call: Call | None = None

    def connect(self) -> None:
        # What is sent in here is no request: a proxy is asked for a tunnel through the same `send`.
        self._connecting = True
        self._call = call_under_way()
        try:
            if self._call:
                self._call.host = self._tunnel_host or self.host
                self._call.enter(WaitsFor.PROXY_CONNECTION if self._tunnel_host else WaitsFor.CONNECTION)
                self._call.begin()
                # Or its thread would go on with an address that swallows everything, for nobody.
                self.timeout = min(self.timeout or inf, max(self._call.left, SHORTEST))
                self._call.open(super().connect, self.close)
            else:
                super().connect()
        finally:
            self._connecting = False

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        self._goes_on(made, WaitsFor.PROXY if self._tunnel_host else WaitsFor.ENCRYPTION)
        return made

    def _tunnel(self) -> None:
        try:
            super()._tunnel()
        except TimeoutError:
            # What is raised here would be told of the host behind the proxy, unless it is closed and says another kind.
            self.close()
            raise OSError("The proxy timed out") from None
        self._goes_on(self.sock, WaitsFor.ENCRYPTION)

    def _goes_on(self, connected: Any, waits_for: WaitsFor) -> None:
        if self._call:
            self._call.connected(_plain(connected), waits_for)

    def send(self, data: Any) -> None:
        if not self._connecting:
            if self.sock is None:
                # It would connect by itself inside of this very `send`.
                self.connect()
            if call := call_under_way():
                call.host = self._tunnel_host or self.host
                call.hand_over(_plain(self.sock))
            forget_errors()
        super().send(data)


def _plain(connected: Any) -> socket.socket:
    """What can be shut: with TLS to the proxy as well, urllib3 puts its own transport around a socket."""
    return cast(socket.socket, getattr(connected, "socket", connected))


def make_connections_tell() -> None:
    """Before the first client is made: each pool of connections asks its class which ones to open."""
    from botocore import awsrequest

    for pool in (awsrequest.AWSHTTPConnectionPool, awsrequest.AWSHTTPSConnectionPool):
        kind = pool.ConnectionCls
        if not issubclass(kind, TellingConnection):
            pool.ConnectionCls = type(f"Telling{kind.__name__}", (TellingConnection, kind), {})
