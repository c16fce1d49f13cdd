import re
import socket

import pytest
from on_screen import cells, column, is_shown, line, opened, press, said, show, the, wait_for
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QProgressBar, QTableView
from samples import JANE, LI, MARY, SOFIA, TOM, person
from scripted_aws import ScriptedAws, accepted, error

from confirmdesk.core.aws.clients import Aws
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.ledger.file import LedgerFile
from confirmdesk.core.ledger.ledger import Ledger, this_operator
from confirmdesk.core.sending.campaign import Campaign
from confirmdesk.core.sending.outcomes import Reply
from confirmdesk.core.sending.pace import Pace
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.ui.sending.run_panel import RunPanel

EVERYBODY = (JANE, MARY, LI, SOFIA, TOM)
BOTH = frozenset({"email", "phone_number"})
MASKS = {
    "u-jane": accepted("j***@e***"),
    "u-mary": accepted("+********0112", "SMS"),
    "u-li": accepted("l***@e***"),
    "u-sofia": accepted("s***@e***"),
    "u-tom": accepted("+********0144", "SMS"),
}


def hang_up(connection, seen):
    """The request is there, the answer never comes."""
    connection.shutdown(socket.SHUT_RDWR)


LIMIT = error("LimitExceededException", "Attempt limit exceeded, please try after some time.")
BOUNCED = error("CodeDeliveryFailureException", "Invalid email provided/Unable to send the email")
REFUSED = error("UserLambdaValidationException", "CustomMessage failed with error Pending for approval.")
CONFIRMED = error("InvalidParameterException", "User is already confirmed.")
WRONG_SECRET = error("NotAuthorizedException", "Unable to verify secret hash for client 4f9k2client")


@pytest.fixture
def answers():
    """What the service says to whom; everybody else is served."""
    return dict(MASKS)


@pytest.fixture
def server(answers):
    made = ScriptedAws(otherwise=lambda connection, seen: answers[seen.body["Username"]](connection, seen))
    yield made
    made.stop()


@pytest.fixture
def make(qtbot, theme, tasks, server, tmp_path):
    connection = Connection("Test", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client", endpoint=server.endpoint)
    made = []
    ledger = Ledger(LedgerFile(tmp_path / "ledger.sqlite3"))

    def make(users=EVERYBODY, pace=0.0):
        plan = make_plan(users, [], BOTH)
        journal = ledger.begin(connection, this_operator(), plan, pace, 1_790_000_000.0)
        campaign = Campaign(plan, journal, Pace(pace))
        panel = RunPanel(tasks, campaign)
        panel.pause_requested.connect(campaign.pause)
        panel.resume_requested.connect(campaign.resume)
        panel.stop_requested.connect(campaign.stop)
        panel.resize(1000, 640)
        show(qtbot, panel)
        made.append(panel)
        stream = tasks.stream(panel, panel.take)
        sender = open_sender(Aws(practice=True), connection, None)
        job = lambda: campaign.run(lambda: sender.send, lambda: stream.put(None))  # noqa: E731
        tasks.run(panel, job, lambda _: panel.show_over())
        return panel

    yield make
    for panel in made:
        panel.campaign.stop()


@pytest.fixture
def run(make, qtbot):
    def run(users=EVERYBODY):
        panel = make(users)
        wait_for(qtbot, lambda: is_shown(panel, "Close run"))
        return panel

    return run


def summary(panel):
    return the(panel, "Run summary", QFrame).accessibleDescription()


def choose(panel, cause):
    table = the(panel, "Run results", QTableView)
    table.selectRow(column(panel, "Run results", "Cause").index(cause))


def test_all_went_well(run):
    panel = run()
    assert summary(panel) == ("accepted 5 · doubtful 0 · not needed 0 · waiting 0 · failed 0 · unknown 0 · left 0")
    assert "Done" in said(panel)
    progress = the(panel, "Send progress", QProgressBar)
    assert (progress.value(), progress.maximum()) == (5, 5)
    assert not is_shown(panel, "Stop")
    assert not the(panel, "Send again").isEnabled()
    assert re.fullmatch(r"5 people · ended \d\d:\d\d after 1 s", line(panel, "Run progress"))
    assert "Accepted: 5 people" in said(panel)


def test_outcomes_by_cause_with_advice(run, answers):
    answers |= {"u-jane": CONFIRMED, "u-mary": LIMIT, "u-li": BOUNCED, "u-sofia": hang_up}
    panel = run()
    assert summary(panel) == ("accepted 1 · doubtful 0 · not needed 1 · waiting 1 · failed 1 · unknown 1 · left 0")
    rows = cells(panel, "Run results")
    assert [row[:2] for row in rows] == [
        ["Address refused", "1"],
        ["No answer from AWS", "1"],
        ["Hourly limit of 5 reached", "1"],
        ["Already confirmed", "1"],
        ["Accepted", "1"],
    ]
    assert "may have been sent" in rows[1][2]
    assert "Try again at about" in rows[2][2]
    assert "Good news" in rows[3][2]


def test_the_people_of_the_chosen_cause(run, answers, qtbot):
    answers |= {"u-jane": BOUNCED, "u-li": BOUNCED}
    panel = run()
    assert line(panel, "Run recipients heading") == "Address refused: 2 people"
    assert column(panel, "Run recipients", "User") == ["jane.doe@example.com", "li.wei@exmaple.com"]
    assert column(panel, "Run recipients", "Outcome") == ["failed", "failed"]
    qtbot.keyClick(the(panel, "Run results", QTableView), Qt.Key.Key_Down)
    assert column(panel, "Run recipients", "User") == [
        "m.okafor@example.org",
        "sofia@example.net",
        "+447700900144",
    ]
    assert column(panel, "Run recipients", "Sent to") == ["+********0112", "s***@e***", "+********0144"]
    assert column(panel, "Run recipients", "Channel") == ["SMS", "E-mail", "SMS"]
    assert all(len(time) == 5 for time in column(panel, "Run recipients", "Time"))


def test_two_lambda_refusals_with_other_words_are_two_causes(run, answers):
    answers |= {"u-jane": REFUSED, "u-li": error("UserLambdaValidationException", "CustomMessage failed: blocked.")}
    advice = [row[2] for row in cells(run(), "Run results") if row[0] == "Refused by your Lambda"]
    assert len(advice) == 2
    assert "“CustomMessage failed with error Pending for approval.”" in "".join(advice)


def test_a_doubtful_answer_is_not_an_acceptance(run, answers):
    answers |= {"u-jane": accepted("u***@y***")}
    panel = run([JANE])
    assert summary(panel).startswith("accepted 0 · doubtful 1")
    assert "Probably nothing was sent" in column(panel, "Run results", "Advice")[0]


def test_what_is_copied_for_customers_is_shown_and_names_nothing_of_aws(run, answers, qtbot):
    answers |= {"u-jane": BOUNCED, "u-mary": REFUSED, "u-li": hang_up, "u-sofia": LIMIT}
    panel = run()
    clipboard = QGuiApplication.clipboard()
    for cause in column(panel, "Run results", "Cause"):
        choose(panel, cause)
        press(qtbot, panel, "Copy advice")
        assert clipboard.text().startswith(("We ", "A confirmation code may be"))
        assert line(panel, "Words for the customer") == f"For the customer: {clipboard.text()}"
        assert not re.search(r"(?i)\b(cognito|aws|amazon|lambda|ses|pool)\b", clipboard.text())


def test_spam_is_named_only_where_a_code_went_by_mail(run, qtbot):
    copied = {}
    for user in (JANE, MARY):
        panel = run([user])
        press(qtbot, panel, "Copy advice")
        copied[user.username] = QGuiApplication.clipboard().text() + said(panel)
    assert "spam" in copied["u-jane"]
    assert "spam" not in copied["u-mary"]
    assert "only use the newest one" in copied["u-mary"]


def test_each_row_tells_who_it_is_and_what_can_be_done_not_the_same_advice_again(run, answers):
    answers |= dict.fromkeys(answers, BOUNCED) | {"u-tom": LIMIT}
    panel = run()
    assert column(panel, "Run recipients", "Name") == ["Jane Doe", "Mary Okafor", "Li Wei", "Sofia Rossi"]
    assert column(panel, "Run recipients", "Advice") == ["Can be sent to again"] * 4
    choose(panel, "Hourly limit of 5 reached")
    [advice] = column(panel, "Run recipients", "Advice")
    assert re.fullmatch(r"Try again at about (\d+ \w+ )?\d\d:\d\d", advice)


def test_what_came_of_a_single_person_is_told_in_words(run, answers):
    panel = run([MARY])
    assert "A code is on its way to Mary Okafor · +447700900112 by SMS.\nAccepted" in said(panel)
    assert "0" not in said(panel).split("\n")
    assert summary(panel) == "accepted 1 · doubtful 0 · not needed 0 · waiting 0 · failed 0 · unknown 0 · left 0"
    answers["u-jane"] = BOUNCED
    assert "No code could be sent to Jane Doe · jane.doe@example.com.\nAddress refused" in said(run([JANE]))


def test_what_needs_somebody_is_looked_at_first_at_the_end(make, answers, server, qtbot):
    def later(connection, seen):
        server.hang(connection, seen)
        MASKS["u-mary"](connection, seen)

    def bounced_later(connection, seen):
        server.hang(connection, seen)
        BOUNCED(connection, seen)

    answers |= {"u-li": bounced_later, "u-mary": later}
    panel = make([JANE, MARY, LI])
    wait_for(qtbot, lambda: column(panel, "Run results", "Cause") == ["Accepted"])
    server.released.set()
    wait_for(qtbot, lambda: is_shown(panel, "Close run"))
    assert column(panel, "Run results", "Cause") == ["Address refused", "Accepted"]
    assert line(panel, "Run recipients heading") == "Address refused: 1 person"
    assert column(panel, "Run recipients", "User") == ["li.wei@exmaple.com"]


def test_stop_lets_calls_in_flight_finish_and_leaves_the_rest(make, answers, server, qtbot):
    hung = []

    def slow(connection, seen):
        hung.append(seen)
        server.hang(connection, seen)
        MASKS[seen.body["Username"]](connection, seen)

    answers["u-mary"] = slow
    panel = make(pace=1 / 3600)  # two start at once, the next an hour later
    wait_for(qtbot, lambda: hung)
    press(qtbot, panel, "Stop")
    assert line(panel, "Run progress") == "Stopping, 1 call in flight"
    assert not the(panel, "Stop").isEnabled()
    assert not is_shown(panel, "Close run")
    server.released.set()
    wait_for(qtbot, lambda: is_shown(panel, "Close run"))
    assert summary(panel) == ("accepted 2 · doubtful 0 · not needed 0 · waiting 0 · failed 0 · unknown 0 · left 3")
    assert "Stopped" in said(panel)
    assert cells(panel, "Run results")[0][:2] == ["Not sent yet", "3"]
    assert the(panel, "Send again").isEnabled()
    assert server.operations() == ["ResendConfirmationCode"] * 2


def test_during_a_run_there_is_stop_and_nothing_of_later(make, answers, server, qtbot):
    answers["u-jane"] = server.hang
    panel = make([JANE])
    for name in ("Send again", "Export results", "Close run", "Count confirmed"):
        assert not is_shown(panel, name)
    assert is_shown(panel, "Stop")
    assert line(panel, "Run progress").startswith("0 of 1")
    panel.campaign.stop()


def test_trouble_pauses_the_run_and_says_who_must_act(make, qtbot, answers, server):
    usual = dict(answers)
    answers |= dict.fromkeys(answers, WRONG_SECRET)
    panel = make()
    wait_for(qtbot, lambda: is_shown(panel, "Resume") and not panel.campaign.in_flight)
    wait_for(qtbot, lambda: "Paused" in said(panel))
    assert "Wrong client secret. The saved client secret is not this app client's" in said(panel)
    assert summary(panel).endswith("unknown 0 · left 5")
    answers |= usual
    press(qtbot, panel, "Resume")
    wait_for(qtbot, lambda: is_shown(panel, "Close run"))
    assert summary(panel).startswith("accepted 5 ")


def test_pause_and_resume(make, qtbot, answers, server):
    answers["u-mary"] = server.hang
    panel = make(pace=1 / 3600)
    wait_for(qtbot, lambda: len(server.seen) == 2)
    press(qtbot, panel, "Pause")
    assert "Nobody is sent to until you resume" in said(panel)
    assert line(panel, "Run progress") == "1 of 5 · 1 call in flight"
    assert not is_shown(panel, "Pause")
    press(qtbot, panel, "Resume")
    assert is_shown(panel, "Pause")
    server.released.set()
    panel.campaign.stop()


def test_a_run_that_could_not_begin_sent_nothing(qtbot, theme, tasks, tmp_path):
    ledger = Ledger(LedgerFile(tmp_path / "ledger.sqlite3"))
    plan = make_plan([JANE], [], BOTH)
    at = Connection("Test", "eu-west-1", "eu-west-1_A", "client")
    journal = ledger.begin(at, this_operator(), plan, 5.0, 1_790_000_000.0)
    campaign = Campaign(plan, journal)
    campaign.stop()
    campaign.run(lambda: lambda request: Reply(), lambda: None)
    panel = show(qtbot, RunPanel(tasks, campaign))
    panel.fail("The profile is gone. Choose another.")
    assert "Nothing was sent" in said(panel)
    assert "The profile is gone. Choose another." in said(panel)
    assert summary(panel).endswith("left 1")
    assert the(panel, "Close run").isEnabled()
    ledger.close()


def test_what_can_be_done_with_the_results_waits_while_a_file_is_chosen(run, answers, qtbot):
    answers["u-jane"] = BOUNCED
    panel = run([JANE])
    press(qtbot, panel, "Export results")
    dialog = opened(qtbot, panel, QFileDialog)
    for name in ("Export results", "Send again", "Count confirmed", "Close run"):
        assert not the(panel, name).isEnabled()
    dialog.reject()
    assert the(panel, "Send again").isEnabled()
    with qtbot.waitSignal(panel.close_requested):
        press(qtbot, panel, "Close run")


@pytest.mark.parametrize(
    ("answer", "enabled"),
    [(BOUNCED, True), (hang_up, True), (LIMIT, False), (CONFIRMED, False), (REFUSED, False)],
)
def test_send_again_only_where_somebody_may_be_sent_to_again(run, answers, answer, enabled):
    answers["u-jane"] = answer
    assert the(run([JANE]), "Send again").isEnabled() is enabled


def test_hostile_addresses_stay_text(run, answers):
    answers["u-x"] = accepted("<b>\u202e***")
    panel = run([person("u-x", "\u202e<i>x@example.com")])
    assert column(panel, "Run recipients", "User") == ["⟨U+202E⟩<i>x@example.com"]
    assert column(panel, "Run recipients", "Sent to") == ["<b>⟨U+202E⟩***"]
