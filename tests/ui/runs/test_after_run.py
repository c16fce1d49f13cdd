import csv

import pytest
from PySide6.QtWidgets import QFileDialog
from samples import person
from scripted_aws import ScriptedAws, error, page
from windows import opened, wait_for

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.sending.judging import judge
from confirmdesk.core.sending.outcomes import Reply
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.core.sending.results import Result
from confirmdesk.ui.runs.after_run import count_confirmed, export, export_to

REFUSED = Reply("CodeDeliveryFailureException", "no", 400)


@pytest.fixture
def results():
    [recipient] = make_plan([person("u-x", "x@example.com", "=cmd()")], [], None).recipients
    return [Result(recipient, judge(REFUSED, recipient.user), REFUSED, 1_790_000_000.0)]


@pytest.fixture
def server():
    made = ScriptedAws()
    yield made
    made.stop()


@pytest.fixture
def session(make_session, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    return make_session()


def test_results_are_exported_where_somebody_chose(qtbot, host, session, results, tmp_path):
    done = []
    export(host, session, results, done.append)
    dialog = opened(qtbot, host, QFileDialog)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    target = tmp_path / "out.csv"
    dialog.fileSelected.emit(str(target))
    wait_for(qtbot, lambda: done == ["out.csv"])
    (row,) = csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines())
    assert (row["Username"], row["Name"], row["Outcome"]) == ("u-x", "'=cmd()", "failed")
    dialog.close()


def test_an_export_that_fails_is_told(qtbot, host, session, results, told, tmp_path):
    done = []
    export_to(host, session, results, str(tmp_path / "missing" / "out.csv"), done.append)
    wait_for(qtbot, lambda: told.problems)
    assert told.problems.pop().sentence == "The results could not be written to out.csv."
    assert done == []


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
