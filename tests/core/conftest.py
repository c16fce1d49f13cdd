import pytest

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.connections.connection import Connection


@pytest.fixture
def connection(server):
    return Connection("Test", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", endpoint=server.endpoint)


@pytest.fixture
def aws():
    # Practice reads nothing of this computer's AWS configuration, which is what a test wants too.
    return Aws(practice=True)
