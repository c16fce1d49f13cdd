"""pytest plugin: one practice server for the whole session, as new for each test that asks for `practice`."""

from collections.abc import Iterator

import pytest

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
