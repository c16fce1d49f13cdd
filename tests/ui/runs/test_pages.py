import time

import pytest
from on_screen import answer, box, boxes, cells, column, is_shown, opened, press, said, the, wait_for, wait_loaded
from PySide6.QtWidgets import QAbstractButton, QComboBox

from confirmdesk.core.ledger.ledger import this_operator
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.ui.sending.review_dialog import ReviewDialog

BOTH = frozenset({"email", "phone_number"})


def served(window, *emails):
    return [user for user in window.work.users.model.users() if user.email in emails]


def test_an_interrupted_run_comes_up_and_is_ended_only_after_a_question(
    qtbot, desk, make_window, practice, practice_session
):
    users = served(desk, "just.now@example.com", "edith.archer@exmaple.com")
    plan = make_plan(users, [], BOTH)
    journal = practice_session.ledger.begin(practice.connection(), this_operator(), plan, 5.0, time.time())
    journal.intend(0, time.time())
    again = make_window(practice_session)
    wait_for(qtbot, lambda: is_shown(again, "Resume run"))
    assert len(cells(again, "Unknown recipients")) == 1
    press(qtbot, again, "End run")
    answer(qtbot, box(qtbot, again), "End run")
    wait_for(qtbot, lambda: not practice_session.ledger.runs(open_only=True))
    wait_loaded(qtbot, again)
    assert practice.outbox() == []


def test_an_interrupted_run_without_its_connection_says_so_and_can_be_tried_again(
    qtbot, desk, make_window, practice, practice_session
):
    plan = make_plan(served(desk, "just.now@example.com"), [], BOTH)
    gone = practice.connection()
    practice_session.ledger.begin(
        gone.__class__("Gone", "us-east-1", "us-east-1_Gone", "gone"), this_operator(), plan, 5.0, 1.0
    )
    again = make_window(practice_session)
    wait_for(qtbot, lambda: is_shown(again, "Resume run"))
    press(qtbot, again, "Resume run")
    asked = box(qtbot, again)
    assert "connection of this run is gone" in asked.text()
    answer(qtbot, asked, "OK")
    wait_for(qtbot, lambda: the(again, "Resume run").isEnabled())


def test_from_the_history_the_same_people_are_reviewed_with_the_metadata_of_now(
    qtbot, desk, practice, practice_session
):
    users = served(desk, "just.now@example.com", "edith.archer@exmaple.com")
    journal = practice_session.ledger.begin(
        practice.connection(), this_operator(), make_plan(users, [], BOTH), 5.0, time.time()
    )
    practice_session.ledger.end(journal.run, time.time())
    desk.work.metadata.model.replace([("ticket", "now")])
    press(qtbot, desk, "History")
    wait_for(qtbot, lambda: is_shown(desk, "Runs") and len(cells(desk, "Run recipients")) == 2)
    press(qtbot, desk, "Send again to these")
    review = opened(qtbot, desk, ReviewDialog)
    assert column(review, "Recipients", "Metadata") == ["ticket=now", "ticket=now"]
    assert "with the metadata that is set now" in said(review)
    press(qtbot, review, "Cancel")
    wait_for(qtbot, lambda: not boxes(desk))
    press(qtbot, desk, "Close history")
    wait_loaded(qtbot, desk)


@pytest.fixture
def interrupted(desk, make_window, practice, practice_session):
    """A window that finds a run with three people left."""
    emails = ("just.now@example.com", "edith.archer@exmaple.com", "giulia.ferrari76@example.org")
    plan = make_plan(served(desk, *emails), [("ticket", "then")], BOTH)
    practice_session.ledger.begin(practice.connection(), this_operator(), plan, 5.0, time.time())
    desk.close()
    return make_window(practice_session)


def resume_from_history(qtbot, window):
    press(qtbot, window, "History")
    wait_for(qtbot, lambda: is_shown(window, "Runs") and cells(window, "Run recipients"))
    press(qtbot, window, "Resume run")
    assert is_shown(window, "Not now")
    assert not isinstance(window.focusWidget(), QComboBox | QAbstractButton)
    press(qtbot, window, "Resume run")
    wait_for(qtbot, lambda: window.sending.panel and not window.sending.running)


@pytest.mark.parametrize("away", ["Not now", "History"])
def test_an_interrupted_run_is_never_out_of_reach(qtbot, interrupted, practice, away):
    wait_for(qtbot, lambda: is_shown(interrupted, "Not now"))
    press(qtbot, interrupted, away)
    if away == "History":
        wait_for(qtbot, lambda: is_shown(interrupted, "Runs"))
        press(qtbot, interrupted, "Close history")
    wait_loaded(qtbot, interrupted)
    assert practice.outbox() == []
    resume_from_history(qtbot, interrupted)
    messages = practice.outbox()
    assert len({message.username for message in messages}) == len(messages) == 3
    assert {message.client_metadata["ticket"] for message in messages} == {"then"}


def test_a_stopped_run_that_is_kept_outlives_the_next_one(qtbot, desk, practice):
    model = desk.work.users.model
    fine = [user for user in model.users() if user.enabled and user.email.startswith(("a", "c"))][:20]
    model.pick([user.username for user in fine])
    press(qtbot, desk, "Review and send")
    press(qtbot, opened(qtbot, desk, ReviewDialog), "Send to the first 1")
    wait_for(qtbot, lambda: is_shown(desk, "Resume"))
    press(qtbot, desk, "Stop")
    wait_for(qtbot, lambda: not desk.sending.running)
    press(qtbot, desk, "Close run")
    answer(qtbot, box(qtbot, desk), "Keep for later")
    wait_loaded(qtbot, desk)
    model.clear_picks()
    model.pick([user.username for user in served(desk, "just.now@example.com")])
    press(qtbot, desk, "Review and send")
    press(qtbot, opened(qtbot, desk, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: desk.sending.panel and not desk.sending.running)
    press(qtbot, desk, "Close run")
    wait_loaded(qtbot, desk)
    resume_from_history(qtbot, desk)
    sent = [message.username for message in practice.outbox()]
    assert len(set(sent)) == len(sent) == 21


def test_history_without_a_ledger_says_why(qtbot, desk, practice_session):
    practice_session.close_ledger()
    press(qtbot, desk, "History")
    assert "record of sent codes" in box(qtbot, desk).text()
