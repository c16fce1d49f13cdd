import pytest
from on_screen import wait_for
from scripted_aws import error, page

from confirmdesk.core.connections.connection import Connection
from confirmdesk.ui.runs.after_run import count_confirmed


@pytest.fixture
def session(make_session, aws_keys):
    return make_session()


def test_who_has_confirmed_is_counted_from_the_list(qtbot, host, session, server):
    server.otherwise = page([{"Username": "u-jane", "UserStatus": "UNCONFIRMED", "Attributes": []}])
    connection = Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint=server.endpoint)
    numbers = []
    count_confirmed(host, session, connection, {"u-jane", "u-mary", "u-li"}, numbers.append, numbers.append)
    wait_for(qtbot, lambda: numbers == [2])
    assert server.operations() == ["ListUsers"]


def test_a_count_that_fails_is_told_to_who_asked(qtbot, host, session, server):
    server.otherwise = error("AccessDeniedException", "no")
    connection = Connection("T", "eu-west-1", "eu-west-1_A", "c", endpoint=server.endpoint)
    failed = []
    count_confirmed(host, session, connection, {"u-jane"}, failed.append, failed.append)
    wait_for(qtbot, lambda: failed)
    assert "cognito-idp:ListUsers" in failed[0].text()
