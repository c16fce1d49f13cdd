import csv

import pytest
from PySide6.QtWidgets import QFileDialog
from samples import JANE, MARY, SOFIA, person
from scripted_aws import ScriptedAws, accepted, error, page
from windows import answer, box, boxes, cells, column, is_shown, line, opened, press, said, show, the, wait_for

from confirmdesk.core.connections import Connection
from confirmdesk.core.keychain import SystemKeychain
from confirmdesk.core.plan import make_plan
from confirmdesk.core.secret import Secret
from confirmdesk.ui.review_dialog import ReviewDialog
from confirmdesk.ui.run_panel import RunPanel
from confirmdesk.ui.sending import SECRET_MISSING, Sending

EMAIL = frozenset({"email"})
BOUNCED = error("CodeDeliveryFailureException", "Invalid email provided/Unable to send the email")
DOUBTFUL = accepted("u***@y***")


@pytest.fixture
def answers():
    return {}


@pytest.fixture
def server(answers):
    def reply(connection, seen):
        usual = page([]) if seen.operation == "ListUsers" else accepted("+*", "SMS")
        answers.get(seen.body.get("Username", seen.operation), usual)(connection, seen)

    made = ScriptedAws(otherwise=reply)
    yield made
    made.stop()


@pytest.fixture
def connection(server):
    return Connection(
        "Test", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", endpoint=server.endpoint, needs_secret=False
    )


@pytest.fixture
def world(make_world, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    return make_world()


@pytest.fixture
def sending(qtbot, host, world, server):
    made = Sending(host, world)
    panels = []

    def put_up(panel):
        panels.append(panel)
        panel.setParent(host)
        host.resize(1000, 640)
        panel.resize(host.size())
        show(qtbot, panel)

    made.began.connect(put_up)
    yield made
    for panel in panels:
        panel.campaign.stop()


def review(qtbot, sending, connection, users):
    sending.prepare(connection, lambda: make_plan(users, [("ticket", "1")], EMAIL))
    return opened(qtbot, sending.parent(), ReviewDialog)


def send(qtbot, sending, connection, users):
    press(qtbot, review(qtbot, sending, connection, users), "Send codes")
    wait_for(qtbot, lambda: sending.panel and sending.panel.finished)
    return sending.panel


def resent(server):
    return [seen.body["Username"] for seen in server.seen if seen.operation == "ResendConfirmationCode"]


def test_reviewed_then_sent_then_told(qtbot, host, sending, connection, server):
    dialog = review(qtbot, sending, connection, [JANE, MARY])
    assert server.seen == []
    with qtbot.waitSignal(sending.began), qtbot.waitSignal(sending.ended, timeout=10_000):
        press(qtbot, dialog, "Send codes")
        assert sending.running
    assert not sending.running
    assert sorted(resent(server)) == ["u-jane", "u-mary"]
    assert all(seen.body["ClientMetadata"] == {"ticket": "1"} for seen in server.seen)
    assert not any("authorization" in seen.headers for seen in server.seen)
    assert not any("SecretHash" in seen.body for seen in server.seen)


def test_cancelling_the_review_sends_nothing(qtbot, host, sending, connection, server):
    dialog = review(qtbot, sending, connection, [JANE])
    press(qtbot, dialog, "Cancel")
    wait_for(qtbot, lambda: not boxes(host))
    assert not sending.running
    assert server.seen == []
    review(qtbot, sending, connection, [JANE])  # and it can be reviewed again


def test_asked_twice_there_is_one_review(qtbot, host, sending, connection, server):
    for _ in range(2):
        sending.prepare(connection, lambda: make_plan([JANE], [], EMAIL))
    first = opened(qtbot, host, ReviewDialog)
    # A modal dialog covers the button; an assistive tool can press it all the same.
    sending.prepare(connection, lambda: make_plan([JANE], [], EMAIL))
    press(qtbot, first, "Send codes")
    wait_for(qtbot, lambda: sending.panel and sending.panel.finished)
    sending.panel.setVisible(False)
    assert [w for w in boxes(host) if isinstance(w, ReviewDialog)] == []
    assert resent(server) == ["u-jane"]


def test_a_plan_that_cannot_be_made_is_told_and_can_be_tried_again(qtbot, host, sending, connection):
    def broken():
        raise ValueError("secret stuff")

    sending.prepare(connection, broken)
    told = box(qtbot, host)
    assert "Something went wrong inside the program." in told.text()
    assert "secret stuff" not in told.text() + told.informativeText() + told.detailedText()
    answer(qtbot, told, "OK")
    review(qtbot, sending, connection, [JANE])


# The secret


def test_the_secret_is_read_once_and_used_for_everybody(qtbot, host, make_world, connection, server, keyring_unlocked):
    from dataclasses import replace

    connection = replace(connection, needs_secret=True)
    world = make_world(keyring=SystemKeychain())
    world.vault.keep(connection.slot, Secret("s3cret"))
    sending = Sending(host, world)
    dialog = review(qtbot, sending, connection, [JANE, MARY])
    SystemKeychain().forget(connection.slot)
    press(qtbot, dialog, "Send codes")
    wait_for(qtbot, lambda: sending.panel and sending.panel.finished)
    hashes = {seen.body["Username"]: seen.body["SecretHash"] for seen in server.seen}
    assert hashes == {name: Secret("s3cret").secret_hash(name, "4f9k2client") for name in ("u-jane", "u-mary")}
    sending.panel.deleteLater()


def test_a_secret_that_is_needed_and_missing_blocks_the_review(qtbot, sending, connection):
    from dataclasses import replace

    dialog = review(qtbot, sending, replace(connection, needs_secret=True), [JANE])
    assert SECRET_MISSING.text() in said(dialog)
    assert not the(dialog, "Send codes").isEnabled()


def test_a_keyring_that_cannot_be_read_blocks_only_who_needs_it(qtbot, host, make_world, connection, keyring_missing):
    from dataclasses import replace

    sending = Sending(host, make_world(keyring=SystemKeychain()))
    dialog = review(qtbot, sending, replace(connection, needs_secret=True), [JANE])
    assert "This computer has no keyring that can hold a secret." in said(dialog)
    assert not the(dialog, "Send codes").isEnabled()
    press(qtbot, dialog, "Cancel")
    wait_for(qtbot, lambda: not boxes(host))
    dialog = review(qtbot, sending, replace(connection, needs_secret=None), [JANE])
    assert the(dialog, "Send codes").isEnabled()


# After the run


def test_send_again_takes_only_those_it_may(qtbot, host, sending, connection, server, answers):
    answers |= {
        "u-jane": BOUNCED,
        "u-mary": error("InvalidParameterException", "User is already confirmed."),
        "u-sofia": error("LimitExceededException", "Attempt limit exceeded"),
    }
    panel = send(qtbot, sending, connection, [JANE, MARY, SOFIA])
    press(qtbot, panel, "Send again")
    dialog = opened(qtbot, host, ReviewDialog)
    assert column(dialog, "Recipients", "Name") == ["Jane Doe"]
    assert column(dialog, "Recipients", "Metadata") == ["ticket=1"]
    assert "The same requests as before" in said(dialog)
    server.seen.clear()
    answers["u-jane"] = accepted("j***@e***")
    press(qtbot, dialog, "Send codes")
    wait_for(qtbot, lambda: sending.panel is not panel and sending.panel.finished)
    assert [seen.body["Username"] for seen in server.seen] == ["u-jane"]
    assert server.seen[0].body["ClientMetadata"] == {"ticket": "1"}


@pytest.mark.parametrize(
    ("chosen", "people"),
    [("Include them (2)", ["Jane Doe", "Mary Okafor"]), ("Only the others (1)", ["Jane Doe"]), ("Cancel", None)],
)
def test_who_may_have_a_code_already_is_asked_about(qtbot, host, sending, connection, answers, chosen, people):
    answers |= {"u-jane": BOUNCED, "u-mary": DOUBTFUL}
    panel = send(qtbot, sending, connection, [JANE, MARY])
    press(qtbot, panel, "Send again")
    asked = box(qtbot, host)
    assert asked.text() == "1 person may already have got a code."
    assert "may mail them twice" in asked.informativeText()
    answer(qtbot, asked, chosen)
    if people:
        assert column(opened(qtbot, host, ReviewDialog), "Recipients", "Name") == people
    else:
        wait_for(qtbot, lambda: not boxes(host))


def test_with_only_doubtful_ones_there_are_no_others_to_offer(qtbot, host, sending, connection, answers):
    answers["u-mary"] = DOUBTFUL
    press(qtbot, send(qtbot, sending, connection, [MARY]), "Send again")
    assert {b.text().replace("&", "") for b in box(qtbot, host).buttons()} == {"Include them (1)", "Cancel"}


def test_results_are_exported_where_somebody_chose(qtbot, host, sending, connection, answers, tmp_path):
    answers["u-x"] = BOUNCED
    panel = send(qtbot, sending, connection, [person("u-x", "x@example.com", "=cmd()")])
    press(qtbot, panel, "Export results")
    dialog = opened(qtbot, host, QFileDialog)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert not panel.exported
    target = tmp_path / "out.csv"
    dialog.fileSelected.emit(str(target))
    wait_for(qtbot, lambda: panel.exported)
    assert line(panel, "Confirmed since") == "Exported to out.csv."
    (row,) = csv.DictReader(target.read_text(encoding="utf-8-sig").splitlines())
    assert (row["Username"], row["Name"], row["Outcome"]) == ("u-x", "'=cmd()", "failed")
    dialog.close()


def test_an_export_that_fails_is_told_and_does_not_count(qtbot, sending, connection, told, tmp_path):
    panel = send(qtbot, sending, connection, [JANE])
    sending.export_to(str(tmp_path / "missing" / "out.csv"))
    wait_for(qtbot, lambda: told.problems)
    assert told.problems.pop().sentence == "The results could not be written to out.csv."
    assert not panel.exported


def test_who_has_confirmed_is_counted_from_the_list(qtbot, sending, connection, server, answers):
    answers["ListUsers"] = page([{"Username": "u-jane", "UserStatus": "UNCONFIRMED", "Attributes": []}])
    panel = send(qtbot, sending, connection, [JANE, MARY])
    press(qtbot, panel, "Count confirmed")
    wait_for(qtbot, lambda: line(panel, "Confirmed since"))
    assert line(panel, "Confirmed since") == "1 person has confirmed or been deleted since."
    assert the(panel, "Count confirmed").isEnabled()
    assert "AdminGetUser" not in server.operations()


def test_a_count_that_fails_is_said_beside_the_results(qtbot, sending, connection, answers):
    answers["ListUsers"] = error("AccessDeniedException", "no")
    panel = send(qtbot, sending, connection, [JANE])
    press(qtbot, panel, "Count confirmed")
    wait_for(qtbot, lambda: "cognito-idp:ListUsers" in line(panel, "Confirmed since"))
    assert the(panel, "Count confirmed").isEnabled()


def test_a_run_that_cannot_begin_says_why(qtbot, sending, connection, server):
    from dataclasses import replace

    nowhere = replace(connection, profile="gone")
    panel = send(qtbot, sending, nowhere, [JANE])
    assert "Nothing was sent" in said(panel)
    assert resent(server) == []
    assert cells(panel, "Run results")[0][:2] == ["Not sent yet", "1"]
    assert not is_shown(panel, "Stop")
    assert isinstance(panel, RunPanel)
