import pytest
from on_screen import cells, column, line, opened, press, show, the, wait_for
from PySide6.QtWidgets import QPlainTextEdit, QTableView

from confirmdesk.core.cognito.control import Control
from confirmdesk.core.cognito.resend import open_sender
from confirmdesk.core.sending.plan import Request
from confirmdesk.practice.launch import PracticeServer
from confirmdesk.ui.practice.outbox_window import OutboxWindow


@pytest.fixture
def send(practice, practice_session):
    connection = practice.connection()
    secret = practice_session.vault.read(connection.slot)
    sender = open_sender(practice_session.aws, connection, secret)

    def send(user, metadata=()):
        reply = sender.send(Request(user.username, tuple(metadata)))
        assert reply.code == "", reply

    return send


@pytest.fixture
def people(practice, practice_session):
    control = Control(practice_session.aws, practice.connection())
    return {user.email: user for user in control.page().users + control.page(control.page().token).users}


def served(people):
    return [u for u in people.values() if u.enabled and u.email and not u.email.startswith(("bounce", "pending"))]


def message(window):
    return the(window, "Message", QPlainTextEdit).toPlainText()


@pytest.fixture
def window(qtbot, host, tasks, practice):
    return show(qtbot, OutboxWindow(host, tasks, practice))


def test_nothing_yet_is_said(window):
    assert line(window, "Outbox status").startswith("Nothing was sent yet.")
    assert message(window) == ""


def test_messages_arrive_by_themselves_newest_first(qtbot, host, tasks, practice, send, people):
    first, second = served(people)[:2]
    send(first)
    window = show(qtbot, OutboxWindow(host, tasks, practice))
    wait_for(qtbot, lambda: len(cells(window, "Outbox messages")) == 1)
    assert line(window, "Outbox status") == "1 message, newest first. Nothing left this computer."
    send(second, [("ticket", "CS-4471"), ("lang", "en")])
    wait_for(qtbot, lambda: len(cells(window, "Outbox messages")) == 2)
    assert column(window, "Outbox messages", "To") == [user.phone or user.email for user in (second, first)]
    assert column(window, "Outbox messages", "Client metadata") == ["ticket=CS-4471, lang=en", "—"]


def test_the_message_and_what_the_lambda_received(qtbot, host, tasks, practice, send, people):
    one = next(user for user in served(people) if not user.phone)
    other = next(user for user in served(people) if user.phone)
    send(one, [("ticket", "CS-4471")])
    send(other)
    window = show(qtbot, OutboxWindow(host, tasks, practice))
    wait_for(qtbot, lambda: len(cells(window, "Outbox messages")) == 2)
    assert f"To: {other.phone}" in message(window)
    assert "Subject:" not in message(window)
    the(window, "Outbox messages", QTableView).selectRow(1)
    assert f"To: {one.email}\nSubject: " in message(window)
    assert '"ticket": "CS-4471"' in message(window)
    assert "SecretHash" not in message(window)


def test_a_pool_that_is_gone_is_said(qtbot, host, tasks):
    with PracticeServer.start(users=1) as server:
        pass
    window = show(qtbot, OutboxWindow(host, tasks, server))
    wait_for(qtbot, lambda: line(window, "Outbox status").startswith("The practice pool does not answer."))


def test_the_strip_opens_one_window_only(desk, qtbot):
    press(qtbot, desk, "Practice outbox")
    first = opened(qtbot, desk, OutboxWindow)
    press(qtbot, desk, "Practice outbox")
    assert opened(qtbot, desk, OutboxWindow) is first
    first.close()
    qtbot.waitUntil(lambda: not desk.findChildren(OutboxWindow))
    press(qtbot, desk, "Practice outbox")
    assert opened(qtbot, desk, OutboxWindow) is not first
