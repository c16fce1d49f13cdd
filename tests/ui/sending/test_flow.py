import sqlite3
import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest
from on_screen import answer, box, boxes, cells, column, is_shown, opened, press, said, show, the, wait_for
from PySide6.QtWidgets import QTableView
from samples import JANE, LI, MARY, SOFIA, person
from scripted_aws import ScriptedAws, accepted, error, page

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.keychain import SessionKeychain, SystemKeychain
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import failure
from confirmdesk.core.ledger.ledger import this_operator
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.order import SECRET_MISSING
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.sending.run_panel import RunPanel
from confirmdesk.ui.sending.sending import Sending

EMAIL = frozenset({"email"})
BOUNCED = error("CodeDeliveryFailureException", "Invalid email provided/Unable to send the email")
DOUBTFUL = accepted("u***@y***")
KIM = person("u-kim", "kim@example.com", "Kim Park")


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
def session(make_session, aws_keys):
    return make_session()


@pytest.fixture
def sending(qtbot, host, session, server, theme, connection):
    session.put_connection(connection)
    made = Sending(host, session, theme)

    def put_up(panel):
        panel.setParent(host)
        host.resize(1000, 640)
        panel.resize(host.size())
        show(qtbot, panel)

    made.began.connect(put_up)
    yield made
    made.stop()


def review(qtbot, sending, connection, users):
    sending.prepare(connection, lambda past: make_plan(users, [("ticket", "1")], EMAIL, past=past))
    return opened(qtbot, sending.parent(), ReviewDialog)


def send(qtbot, sending, connection, users):
    press(qtbot, review(qtbot, sending, connection, users), "Send codes")
    wait_for(qtbot, lambda: sending.stage is Stage.OVER)
    return sending.panel


def resent(server):
    return [seen.body["Username"] for seen in server.seen if seen.operation == "ResendConfirmationCode"]


def test_reviewed_then_sent_then_told(qtbot, host, sending, connection, server):
    dialog = review(qtbot, sending, connection, [JANE, MARY])
    assert resent(server) == []
    with qtbot.waitSignal(sending.began), qtbot.waitSignal(sending.ended):
        press(qtbot, dialog, "Send codes")
    assert not sending.running
    assert sorted(resent(server)) == ["u-jane", "u-mary"]
    sends = [seen for seen in server.seen if seen.operation == "ResendConfirmationCode"]
    assert all(seen.body["ClientMetadata"] == {"ticket": "1"} for seen in sends)
    assert not any("authorization" in seen.headers for seen in sends)
    assert not any("SecretHash" in seen.body for seen in sends)


def test_cancelling_the_review_sends_nothing(qtbot, host, sending, connection, server):
    dialog = review(qtbot, sending, connection, [JANE])
    press(qtbot, dialog, "Cancel")
    wait_for(qtbot, lambda: not boxes(host))
    assert not sending.running
    assert resent(server) == []
    review(qtbot, sending, connection, [JANE])  # and it can be reviewed again


def test_asked_twice_there_is_one_review(qtbot, host, sending, connection, server):
    for _ in range(2):
        sending.prepare(connection, lambda past: make_plan([JANE], [], EMAIL))
    first = opened(qtbot, host, ReviewDialog)
    # A modal dialog covers the button; an assistive tool can press it all the same.
    sending.prepare(connection, lambda past: make_plan([JANE], [], EMAIL))
    press(qtbot, first, "Send codes")
    wait_for(qtbot, lambda: sending.stage is Stage.OVER)
    sending.panel.setVisible(False)
    assert [w for w in boxes(host) if isinstance(w, ReviewDialog)] == []
    assert resent(server) == ["u-jane"]


def test_a_plan_that_cannot_be_made_is_told_and_can_be_tried_again(qtbot, host, sending, connection):
    def broken(past):
        raise ValueError("secret stuff")

    sending.prepare(connection, broken)
    told = box(qtbot, host)
    assert "Something went wrong inside the program." in told.text()
    assert "secret stuff" not in told.text() + told.informativeText() + told.detailedText()
    answer(qtbot, told, "OK")
    review(qtbot, sending, connection, [JANE])


# The secret


def test_the_secret_is_read_once_and_used_for_everybody(
    qtbot, host, make_session, connection, server, keyring_unlocked, theme
):
    connection = replace(connection, needs_secret=True)
    session = make_session(keyring=SystemKeychain())
    session.vault.keep(connection.slot, Secret("s3cret"))
    sending = Sending(host, session, theme)
    dialog = review(qtbot, sending, connection, [JANE, MARY])
    SystemKeychain().forget(connection.slot)
    press(qtbot, dialog, "Send codes")
    wait_for(qtbot, lambda: sending.stage is Stage.OVER)
    hashes = {seen.body["Username"]: seen.body["SecretHash"] for seen in server.seen if "SecretHash" in seen.body}
    assert hashes == {name: Secret("s3cret").secret_hash(name, "4f9k2client") for name in ("u-jane", "u-mary")}
    sending.panel.deleteLater()


def test_a_secret_that_is_needed_and_missing_blocks_the_review(qtbot, sending, connection):
    dialog = review(qtbot, sending, replace(connection, needs_secret=True), [JANE])
    assert SECRET_MISSING.text() in said(dialog)
    assert not the(dialog, "Send codes").isEnabled()


def test_a_keyring_that_cannot_be_read_blocks_only_who_needs_it(
    qtbot, host, make_session, connection, keyring_missing, theme
):
    sending = Sending(host, make_session(keyring=SystemKeychain()), theme)
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
    wait_for(qtbot, lambda: sending.panel is not panel and sending.stage is Stage.OVER)
    assert resent(server) == ["u-jane"]
    assert server.seen[-1].body["ClientMetadata"] == {"ticket": "1"}


def test_send_again_says_who_is_left_out_and_why(qtbot, host, sending, connection, answers):
    answers |= {
        "u-jane": BOUNCED,
        "u-mary": error("UserLambdaValidationException", "CustomMessage failed with error Pending."),
        "u-sofia": error("UserNotFoundException", "Username/client id combination not found."),
        "u-kim": error("LimitExceededException", "Attempt limit exceeded"),
    }
    press(qtbot, send(qtbot, sending, connection, [JANE, MARY, SOFIA, KIM, LI]), "Send again")
    dialog = opened(qtbot, host, ReviewDialog)
    assert column(dialog, "Recipients", "Name") == ["Jane Doe"]
    why = {row[1]: row[2] for row in cells(dialog, "Left out") if row[1]}
    assert why["Mary Okafor"] == "Refused by your Lambda: cannot be sent to again"
    assert why["Sofia Rossi"] == "No such user: cannot be sent to again"
    assert why["Kim Park"].startswith("Hourly limit of 5 reached: again at about ")
    assert "Li Wei" not in why
    assert not the(dialog, "Put back").isEnabled()
    assert not is_shown(dialog, "Reason for putting back")


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


def test_everything_is_in_the_ledger(qtbot, sending, connection, session, answers):
    answers["u-jane"] = BOUNCED
    send(qtbot, sending, connection, [JANE, MARY])
    wait_for(qtbot, lambda: all(run.ended for run in session.ledger.runs()))
    [run] = session.ledger.runs()
    outcomes = {r.recipient.user.username: str(r.verdict.outcome) for r in session.ledger.results(run.id)}
    assert outcomes == {"u-jane": "failed", "u-mary": "accepted"}
    assert set(session.ledger.past(connection, time.time()).last_sent) == {"u-mary"}


def test_who_was_sent_to_is_left_out_of_the_next_run_of_several(qtbot, host, sending, connection):
    send(qtbot, sending, connection, [MARY])
    dialog = review(qtbot, sending, connection, [JANE, MARY])
    assert column(dialog, "Recipients", "Name") == ["Jane Doe"]
    [why] = column(dialog, "Left out", "Why")
    assert "less than 24 h ago: can be put back" in why


def test_without_a_ledger_nothing_is_sent(qtbot, host, sending, connection, session, server):
    session.close_ledger()
    sending.prepare(connection, lambda past: make_plan([JANE], [], EMAIL))
    assert "record of sent codes" in box(qtbot, host).text()
    assert resent(server) == []


def test_a_read_only_connection_shows_and_sends_nothing(qtbot, sending, connection):
    dialog = review(qtbot, sending, replace(connection, read_only=True), [JANE])
    assert "read-only" in said(dialog)
    assert not the(dialog, "Send codes").isEnabled()


def test_a_run_larger_than_the_connection_allows_is_reviewed_and_not_sent(qtbot, host, sending, connection):
    small = replace(connection, largest_run=1)
    dialog = review(qtbot, sending, small, [JANE, MARY])
    wait_for(qtbot, lambda: "1 person at most; here are 2. Pick fewer people, or raise the limit" in said(dialog))
    assert column(dialog, "Recipients", "Name") == ["Jane Doe", "Mary Okafor"]
    for name in ("Send codes", "Send to the first 1"):
        assert not the(dialog, name).isEnabled()
    press(qtbot, dialog, "Cancel")
    wait_for(qtbot, lambda: not boxes(host))
    press(qtbot, review(qtbot, sending, small, [JANE]), "Send codes")
    wait_for(qtbot, lambda: sending.stage is Stage.OVER)


def test_putting_people_back_may_make_a_run_too_large(qtbot, sending, connection):
    send(qtbot, sending, connection, [MARY])
    dialog = review(qtbot, sending, replace(connection, largest_run=1), [JANE, MARY])
    assert the(dialog, "Send codes").isEnabled()
    the(dialog, "Left out", QTableView).selectRow(0)
    press(qtbot, dialog, "Put back")
    wait_for(qtbot, lambda: column(dialog, "Recipients", "Name") == ["Jane Doe", "Mary Okafor"])
    assert not the(dialog, "Send codes").isEnabled()
    assert "here are 2" in said(dialog)


def test_without_a_limit_everybody_is_sent_to(qtbot, sending, connection):
    assert the(review(qtbot, sending, replace(connection, largest_run=0), [JANE, MARY]), "Send codes").isEnabled()


def test_an_interrupted_run_goes_on_with_the_very_requests(qtbot, sending, connection, session, server):
    plan = make_plan([JANE, MARY, SOFIA], [("ticket", "reviewed")], EMAIL)
    journal = session.ledger.begin(connection, this_operator(), plan, 5.0, 1_790_000_000.0)
    journal.intend(0, 1_790_000_000.0)
    [run] = session.ledger.runs(open_only=True)
    sending.resume(connection, run, session.ledger.results(run.id))
    wait_for(qtbot, lambda: sending.stage is Stage.OVER)
    assert sorted(resent(server)) == ["u-mary", "u-sofia"]
    sends = [seen for seen in server.seen if seen.operation == "ResendConfirmationCode"]
    assert all(seen.body["ClientMetadata"] == {"ticket": "reviewed"} for seen in sends)
    [result] = [r for r in session.ledger.results(run.id) if r.recipient.user.username == "u-jane"]
    assert str(result.verdict.outcome) == "unknown"


def test_sending_again_ends_the_run_before_so_that_nobody_is_in_two_open_ones(
    qtbot, host, sending, connection, session, answers
):
    answers["u-jane"] = error("ForbiddenException", "WAF", 403)
    press(qtbot, review(qtbot, sending, connection, [JANE]), "Send codes")
    wait_for(qtbot, lambda: sending.panel and sending.panel.campaign.reason)
    sending.panel.stop.click()
    wait_for(qtbot, lambda: sending.stage is Stage.OVER)
    before = sending.panel
    answers["u-jane"] = accepted("j***@e***")
    press(qtbot, before, "Send again")
    press(qtbot, opened(qtbot, host, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: sending.panel is not before and sending.stage is Stage.OVER)
    wait_for(qtbot, lambda: not session.ledger.runs(open_only=True))
    assert len(session.ledger.runs()) == 2


def test_a_run_that_cannot_begin_pauses_and_says_why(qtbot, sending, connection, server, monkeypatch):
    def gone(*_):
        raise failure("The way to AWS is gone.", "Find it.")

    monkeypatch.setattr("confirmdesk.core.cognito.resend.open_sender", gone)
    press(qtbot, review(qtbot, sending, connection, [JANE]), "Send codes")
    wait_for(qtbot, lambda: sending.panel and "The way to AWS is gone." in said(sending.panel))
    assert resent(server) == []
    assert is_shown(sending.panel, "Resume")
    assert isinstance(sending.panel, RunPanel)


# Waiting for a keyring


class SilentKeychain(SessionKeychain):
    """It waits for its password in a window that nobody sees."""

    def __init__(self):
        super().__init__()
        self.unlocked = threading.Event()

    def read(self, slot):
        self.unlocked.wait()
        return Secret("s3cret")


def test_a_keyring_that_does_not_answer_is_told_and_its_late_answer_opens_nothing(
    qtbot, host, make_session, connection, server, theme
):
    keychain = SilentKeychain()
    connection = replace(connection, needs_secret=True)
    sending = Sending(host, make_session(keyring=keychain), theme, patience_ms=50)
    sending.prepare(connection, lambda past: make_plan([JANE], [], EMAIL))
    told = box(qtbot, host)
    assert told.text() == "The keyring did not answer, so nothing was prepared."
    answer(qtbot, told, "OK")
    sending.patience_ms = 60_000
    sending.prepare(connection, lambda past: make_plan([MARY], [], EMAIL))
    keychain.unlocked.set()
    assert column(opened(qtbot, host, ReviewDialog), "Recipients", "Name") == ["Mary Okafor"]


def test_the_patience_with_the_keyring_is_over_once_it_has_answered(
    qtbot, host, make_session, connection, server, theme
):
    session = make_session()
    sending = Sending(host, session, theme)
    dialog = review(qtbot, sending, connection, [JANE])
    sending.patience_ms = 50
    with closing(sqlite3.connect(session.places.ledger_file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")  # so that it takes a while until the run is written down
        press(qtbot, dialog, "Send codes")
        with qtbot.assertNotEmitted(sending.began, wait=300):
            pass
        assert boxes(host) == []
        other.execute("ROLLBACK")
    wait_for(qtbot, lambda: sending.stage is Stage.OVER)
    assert resent(server) == ["u-jane"]
    sending.panel.deleteLater()


def test_what_cannot_be_written_down_is_told_and_not_sent(qtbot, host, sending, connection, session, server):
    dialog = review(qtbot, sending, connection, [JANE])
    session.ledger.close()
    press(qtbot, dialog, "Send codes")
    assert "nothing is sent" in box(qtbot, host).text()
    assert sending.stage is Stage.IDLE
    assert resent(server) == []


def test_an_interrupted_run_whose_secret_is_gone_waits_for_it_and_goes_on(
    qtbot, host, sending, connection, session, server
):
    session.ledger.begin(connection, this_operator(), make_plan([JANE], [], EMAIL), 5.0, 1_790_000_000.0)
    [run] = session.ledger.runs(open_only=True)
    needing = replace(connection, needs_secret=True)
    sending.resume(needing, run, session.ledger.results(run.id))
    wait_for(qtbot, lambda: is_shown(host, "Client secret"))
    assert "none is stored on this computer" in said(host)
    assert resent(server) == []
    session.vault.keep_for_session(connection.slot, Secret("s3cret"))
    press(qtbot, host, "Resume")
    wait_for(qtbot, lambda: sending.stage is Stage.OVER)
    assert resent(server) == ["u-jane"]
