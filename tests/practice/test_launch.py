"""Starting and ending the practice server, and what its process may see."""

import importlib.util
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import ClassVar
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from confirmdesk.core.connections.connection import PRACTICE, problems
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.practice import launch
from confirmdesk.practice.launch import PracticeServer, server_command, server_environment

GUI = Path(launch.__file__).parents[2]
PATIENCE = 30.0


def connected(endpoint):
    parts = urlsplit(endpoint)
    return socket.create_connection((parts.hostname, parts.port), PATIENCE)


def ask(endpoint, path, headers):
    return build_opener(ProxyHandler({})).open(Request(endpoint + path, headers=headers), timeout=PATIENCE)


def ended(open_socket):
    """Waits until the other side of `open_socket` is gone: nothing but its end answers a silent connection."""
    try:
        return open_socket.recv(1) == b""
    except ConnectionResetError:
        return True


def test_launching_imports_neither_moto_nor_boto3_nor_qt():
    script = "import sys, confirmdesk.practice.launch as l; l.available(); print(*sys.modules)"
    environment = os.environ | {"PYTHONPATH": str(GUI)}
    modules = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    top = {name.partition(".")[0] for name in modules.stdout.split()}
    assert not top & {"moto", "flask", "werkzeug", "boto3", "botocore", "PySide6"}


def test_one_line_is_said_and_the_end_of_stdin_ends_it():
    process = subprocess.Popen(
        server_command(5),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=server_environment(),
    )
    announcement = json.loads(process.stdout.readline())
    assert [pool["name"] for pool in announcement["pools"]] == [
        "Practice shop",
        "Practice newsletter",
        "Practice quiet",
    ]
    with connected(f"http://127.0.0.1:{announcement['port']}") as idle:
        ask(f"http://127.0.0.1:{announcement['port']}", "/practice/outbox", announcement["headers"]).close()
        rest, errors = process.communicate(timeout=PATIENCE)
        assert ended(idle)
    assert (process.returncode, rest, errors) == (0, b"", b"")


def test_it_dies_with_a_parent_that_is_killed():
    script = (
        "import sys; from confirmdesk.practice.launch import PracticeServer as S\n"
        "print(S.start(5).endpoint, flush=True); sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": str(GUI)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent, connected(parent.stdout.readline().strip()) as idle:
        parent.kill()
        assert ended(idle)


class Watched(subprocess.Popen):
    """Every process that was begun, with how it ended."""

    made: ClassVar[list[subprocess.Popen]] = []

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.made.append(self)


def test_stop_ends_it_and_may_be_called_twice(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", Watched)
    with PracticeServer.start(5) as server, connected(server.endpoint) as idle:
        assert server.running
        server.stop()
        assert ended(idle)
        assert not server.running
        # By itself, not killed after a wait.
        assert Watched.made[-1].returncode == 0
        with pytest.raises(ConfirmdeskError, match="does not answer"):
            server.outbox()


def test_the_same_ids_and_secrets_at_every_start(practice_server):
    with PracticeServer.start(5) as other:
        assert other.pools == practice_server.pools
        assert other.endpoint != practice_server.endpoint
        assert other.headers != practice_server.headers


def test_it_listens_on_this_computer_only(practice_server):
    assert urlsplit(practice_server.endpoint).hostname == "127.0.0.1"


def test_the_connection_is_ready_to_use(practice_server):
    connection = practice_server.connection()
    assert problems(connection) == []
    assert connection.environment == PRACTICE
    assert (connection.pool_name, connection.client_name) == ("Practice shop", "web-app")
    assert connection.needs_secret is True
    assert connection.endpoint == practice_server.endpoint


def test_secrets_stay_out_of_repr(practice_server):
    secret = practice_server.pools[0].clients[0].secret
    assert len(secret) > 40
    assert secret not in repr(practice_server.pools)


def test_a_start_that_fails_says_why(monkeypatch):
    monkeypatch.setattr(
        launch, "server_command", lambda users: [sys.executable, "-c", "raise SystemExit('no port left')"]
    )
    with pytest.raises(ConfirmdeskError, match="could not be started") as caught:
        PracticeServer.start()
    assert "no port left" in caught.value.problem.details


def test_a_program_that_is_not_there_is_told_too(monkeypatch, tmp_path):
    monkeypatch.setattr(launch, "server_command", lambda users: [str(tmp_path / "missing")])
    with pytest.raises(ConfirmdeskError, match="could not be started"):
        PracticeServer.start()


def test_a_start_that_never_gets_ready_is_ended(monkeypatch):
    monkeypatch.setattr(launch, "server_command", lambda users: [sys.executable, "-c", "import sys; sys.stdin.read()"])
    with pytest.raises(ConfirmdeskError, match="could not be started"):
        PracticeServer.start(ready_timeout=0.2)


def test_what_is_missing_is_named_with_the_command_that_adds_it(monkeypatch):
    found = importlib.util.find_spec
    monkeypatch.setattr(launch, "find_spec", lambda name: None if name == "moto" else found(name))
    assert not launch.available()
    with pytest.raises(ConfirmdeskError) as caught:
        PracticeServer.start()
    assert "pip install 'confirmdesk[practice]'" in caught.value.problem.hint


def test_the_child_sees_no_aws_settings(monkeypatch):
    for name in ("AWS_PROFILE", "AWS_SECRET_ACCESS_KEY", "aws_session_token", "MOTO_ACCOUNT_ID", "TEST_SERVER_MODE"):
        monkeypatch.setenv(name, "mine")
    environment = server_environment()
    assert "mine" not in environment.values()
    assert environment["AWS_EC2_METADATA_DISABLED"] == "true"


def test_a_proxy_in_the_environment_is_not_asked(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with PracticeServer.start(5) as server:
        assert server.outbox() == []


@pytest.mark.parametrize("path", ["/", "/moto-api/", "/moto-api/data.json", "/practice/", "/practice/reset"])
def test_nothing_but_cognito_and_practice_answers(practice_server, path):
    with pytest.raises(HTTPError) as caught:
        ask(practice_server.endpoint, path, practice_server.headers)
    caught.value.close()
    assert caught.value.code == 404


def test_nonsense_in_the_question_is_an_answer_not_a_crash(practice_server):
    with pytest.raises(HTTPError) as caught:
        ask(practice_server.endpoint, "/practice/outbox?after=soon", practice_server.headers)
    caught.value.close()
    assert caught.value.code == 400


def test_what_moto_cannot_do_is_an_error_and_not_a_lost_connection(caller):
    with pytest.raises(caller.control.exceptions.InternalErrorException):
        caller.control.get_log_delivery_configuration(UserPoolId=caller.pool_id())


def test_a_reset_brings_everything_back(caller):
    user = caller.username('email = "html@example.com"')
    for _ in range(5):
        caller.resend(user)
    caller.control.admin_confirm_sign_up(UserPoolId=caller.pool_id(), Username=user)
    caller.control.admin_delete_user(
        UserPoolId=caller.pool_id(), Username=caller.username('email = "bidi@example.com"')
    )
    caller.control.update_user_pool(UserPoolId=caller.pool_id(), AutoVerifiedAttributes=[])
    caller.server.put_clock_forward(7200)
    caller.server.reset()
    assert caller.server.outbox() == []
    assert len(caller.users('cognito:user_status = "UNCONFIRMED"')) == 200
    caller.resend(user)
    (message,) = caller.server.outbox()
    (listed,) = caller.users(f'username = "{user}"')
    assert 7000 < message.sent_at - listed["UserCreateDate"].timestamp() < 7500
