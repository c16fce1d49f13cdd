"""The way to the endpoint of one connection, piece by piece, for whoever looks where it is broken."""

from __future__ import annotations

import socket
from typing import Any
from urllib.parse import urlsplit

from confirmdesk.core.aws.network.surroundings import problem_of_certificates, problem_of_proxy, proxy_to
from confirmdesk.core.aws.sessions import AwsSession
from confirmdesk.core.errors import Problem

_PORTS = {"https": 443, "http": 80}


class Route:
    """`proxy` is host and port of the one that is asked to lead there, "" for none; `said_by` tells who named it."""

    def __init__(self, client: Any, session: AwsSession) -> None:
        self._client, self._session = client, session
        self.url: str = client.meta.endpoint_url
        proxy = "" if self.problem_of_proxy() else proxy_to(self.url, session.way)
        self.said_by = session.way.said_by
        parts = urlsplit(proxy or self.url)
        # Whose name this computer looks up; AWS's is looked up by the proxy.
        self.host = parts.hostname or ""
        self._port = parts.port or _PORTS[parts.scheme]
        self.proxy = f"{self.host}:{self._port}" if proxy else ""

    @property
    def is_encrypted(self) -> bool:
        return self.url.startswith("https:")

    def problem_of_proxy(self) -> Problem | None:
        """What is wrong with the proxy as it is set."""
        return problem_of_proxy(self.url, self._session.way)

    def problem_of_certificates(self) -> Problem | None:
        """What is wrong with the files of certificates that are named."""
        return problem_of_certificates(self.url, self._session.bundles)

    def look_up(self) -> None:
        """Have the name of `host` looked up. Raises OSError."""
        socket.getaddrinfo(self.host, self._port, type=socket.SOCK_STREAM)

    def knock(self) -> str:
        """Ask the endpoint for nothing: whatever it answers proves the way. The date of its answer, or "". Raises what
        botocore raises for a call."""
        from botocore.awsrequest import AWSRequest

        # The client's own door: proxy, certificates and limits are those of its calls.
        door = self._client._endpoint.http_session
        agent = self._client.meta.config.user_agent
        answer = door.send(AWSRequest("GET", self.url, {"User-Agent": agent}).prepare())
        return str(answer.headers.get("date") or "")
