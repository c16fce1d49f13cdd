"""A Cognito that answers as a test tells it, and credentials to sign with."""

from collections.abc import Iterator

import pytest
from scripted_aws import ScriptedAws


@pytest.fixture
def server() -> Iterator[ScriptedAws]:
    made = ScriptedAws()
    yield made
    made.stop()


@pytest.fixture
def aws_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys in the environment, as of somebody who is signed in; nobody asks whether they are any good."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
