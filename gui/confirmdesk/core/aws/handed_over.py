"""botocore's connections, made to tell their call when a request is handed to them, and to end when their call does.

Proxies, certificates and everything else stay botocore's.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, cast

from confirmdesk.core.aws.deadlines import call_under_way
from confirmdesk.core.aws.openssl_errors import forget_errors

if TYPE_CHECKING:
    from botocore.awsrequest import AWSHTTPSConnection as Connection
else:
    Connection = object


class TellingConnection(Connection):
    """Mixed into both of botocore's connections."""

    _connecting = False

    def connect(self) -> None:
        # What is sent in here is no request: a proxy is asked for a tunnel through the same `send`.
        self._connecting = True
        try:
            if call := call_under_way():
                call.host = self._tunnel_host or self.host
                call.open(super().connect, self.close)
            else:
                super().connect()
        finally:
            self._connecting = False

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
