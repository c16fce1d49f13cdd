"""pytest plugin: one practice server for the whole session, as new for each test that asks for `practice`."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from confirmdesk.core.aws.clients import Aws
from confirmdesk.practice.launch import PracticeServer


@pytest.fixture(scope="session")
def practice_server() -> Iterator[PracticeServer]:
    """The server with its 240 people; it keeps what earlier tests did to it."""
    with PracticeServer.start() as server:
        yield server


@pytest.fixture
def practice(practice_server: PracticeServer) -> PracticeServer:
    """The same server with its pools, outbox, limits and clock as at the start."""
    practice_server.reset()
    return practice_server


@pytest.fixture(scope="session")
def practice_aws(practice_server: PracticeServer) -> Aws:
    """The product's way to the server."""
    aws = Aws(practice=True)
    aws.send_along(practice_server.endpoint, practice_server.headers)
    return aws


def let_in(client: Any, headers: Mapping[str, str]) -> None:
    """Let a client of plain boto3 bring the `headers` that a practice server asks for."""

    def carry(request: Any, **_: object) -> None:
        for name, value in headers.items():
            request.headers[name] = value

    client.meta.events.register("request-created", carry)
