import pytest
from on_screen import answer, box, boxes, opened, press, show, wait_for
from PySide6.QtWidgets import QWidget
from samples import JANE, MARY
from scripted_aws import ScriptedAws, accepted, page

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.ui.sending.closing import Closing
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.sending.sending import Sending

EMAIL = frozenset({"email"})


class Window(QWidget):
    closing = None

    def closeEvent(self, event):
        event.setAccepted(self.closing is None or self.closing.may_close())


@pytest.fixture
def server():
    made = ScriptedAws()

    def reply(connection, seen):
        if seen.operation == "ResendConfirmationCode":
            made.hang(connection, seen)
        (accepted("+*", "SMS") if seen.operation == "ResendConfirmationCode" else page([]))(connection, seen)

    made.otherwise = reply
    yield made
    made.stop()


@pytest.fixture
def session(make_session, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    return make_session()


@pytest.fixture
def window(qtbot, theme):
    return show(qtbot, Window())


@pytest.fixture
def prepare(window, session, server, theme):
    """Begins an order of two people, whose first call hangs."""
    connection = Connection("Test", "eu-west-1", "eu-west-1_A", "client", endpoint=server.endpoint, needs_secret=False)
    sending = Sending(window, session, theme)

    def prepare():
        sending.prepare(connection, lambda past: make_plan([JANE, MARY], [], EMAIL, past=past))
        return sending

    return prepare


@pytest.fixture
def sending(qtbot, window, server, prepare):
    """A run whose first call hangs."""
    sending = prepare()
    press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: "ResendConfirmationCode" in server.operations())
    yield sending
    sending.stop()
    server.released.set()


def test_a_window_that_closes_while_a_review_is_prepared_leaves_none_behind(qtbot, window, prepare):
    sending = prepare()
    window.closing = Closing(window, sending)
    window.close()
    assert not window.isVisible()
    assert sending.stage is Stage.IDLE
    # A later review is there only after whatever the first one had asked has come back.
    window.show()
    prepare()
    opened(qtbot, window, ReviewDialog)
    assert len(window.findChildren(ReviewDialog)) == 1


def test_a_run_that_is_just_written_down_is_asked_about_too_and_sends_nothing(qtbot, window, prepare, server, session):
    sending = prepare()
    window.closing = Closing(window, sending)

    def close(stage):
        if stage is Stage.WRITING:
            window.close()
            [asked] = boxes(window)
            next(button for button in asked.buttons() if button.text() == "Stop and close").click()

    sending.entered.connect(close)
    press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: not window.isVisible())
    assert sending.stage is Stage.OVER
    assert "ResendConfirmationCode" not in server.operations()
    [run] = session.ledger.runs(open_only=True)
    assert run.counts[Outcome.LEFT] == 2


def test_a_call_that_hangs_does_not_keep_the_window_for_long(qtbot, window, sending, server, session):
    window.closing = Closing(window, sending, patience_ms=50)
    window.close()
    asked = box(qtbot, window)
    assert "Whoever is in flight even then is unknown at the next start" in asked.informativeText()
    answer(qtbot, asked, "Stop and close")
    wait_for(qtbot, lambda: not window.isVisible())
    assert sending.running, "the call hangs on"
    [run] = session.ledger.runs(open_only=True)
    assert sorted(str(r.verdict.outcome) for r in session.ledger.results(run.id)) == ["left", "unknown"]


def test_the_window_goes_as_soon_as_the_last_call_is_back(qtbot, window, sending, server):
    window.closing = Closing(window, sending, patience_ms=60_000)
    window.close()
    answer(qtbot, box(qtbot, window), "Stop and close")
    window.close()
    assert window.isVisible()
    assert boxes(window) == []
    server.released.set()
    wait_for(qtbot, lambda: not window.isVisible())


def test_whoever_keeps_sending_is_asked_again_the_next_time(qtbot, window, sending):
    window.closing = Closing(window, sending)
    for _ in range(2):
        window.close()
        answer(qtbot, box(qtbot, window), "Keep sending")
        wait_for(qtbot, lambda: not boxes(window))
    assert sending.running
    assert window.isVisible()
