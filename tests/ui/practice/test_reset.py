import pytest
from on_screen import answer, box, boxes, cells, is_shown, line, opened, press, said, the, wait_for, wait_loaded
from PySide6.QtWidgets import QLineEdit, QPushButton

from confirmdesk.ui.practice.outbox_window import OutboxWindow
from confirmdesk.ui.sending.review_dialog import ReviewDialog

USED_UP = "Most of these people got a code from you before"


def review_five(qtbot, desk):
    search = the(desk, "Search users", QLineEdit)
    search.selectAll()
    qtbot.keyClicks(search, "lefevre")
    wait_for(qtbot, lambda: " 5 shown" in line(desk, "User counts"))
    press(qtbot, desk, "Pick all shown")
    press(qtbot, desk, "Review and send")
    return opened(qtbot, desk, ReviewDialog)


def send_five(qtbot, desk):
    press(qtbot, review_five(qtbot, desk), "Send codes")
    wait_for(qtbot, lambda: is_shown(desk, "Close run"))


@pytest.fixture
def used_up(qtbot, desk):
    """Five people got a code, and then the practice pool was left."""
    send_five(qtbot, desk)
    press(qtbot, desk, "Close run")
    wait_loaded(qtbot, desk)
    return desk


def choose_reset(window):
    actions = the(window, "More", QPushButton).menu().actions()
    [chosen] = [action for action in actions if action.text() == "Reset practice"]
    chosen.trigger()


def reset(qtbot, window):
    answer(qtbot, box(qtbot, window), "Reset practice")


def test_where_most_are_left_out_there_is_a_way_back(qtbot, used_up, practice, practice_session):
    dialog = review_five(qtbot, used_up)
    assert "Nobody to send to" in said(dialog)
    assert USED_UP in said(dialog)
    press(qtbot, dialog, "Reset practice")
    reset(qtbot, used_up)
    wait_for(qtbot, lambda: practice.outbox() == [] and not practice_session.ledger.runs())
    wait_loaded(qtbot, used_up)
    dialog = review_five(qtbot, used_up)
    assert the(dialog, "Send codes").text() == "Send codes (5)"
    assert USED_UP not in said(dialog)


def test_the_menu_has_it_and_everything_begins_anew(qtbot, desk, practice, practice_session):
    send_five(qtbot, desk)
    press(qtbot, desk, "Practice outbox")
    outbox = opened(qtbot, desk, OutboxWindow)
    wait_for(qtbot, lambda: len(cells(outbox, "Outbox messages")) == 5)
    choose_reset(desk)
    reset(qtbot, desk)
    wait_for(qtbot, lambda: not is_shown(desk, "Close run"))
    wait_loaded(qtbot, desk)
    assert cells(outbox, "Outbox messages") == []
    press(qtbot, desk, "History")
    wait_for(qtbot, lambda: "Nothing was sent from this computer yet." in said(desk))
    press(qtbot, desk, "Close history")
    wait_loaded(qtbot, desk)
    send_five(qtbot, desk)
    # The new messages are counted from one again, and all of them are seen.
    wait_for(qtbot, lambda: len(cells(outbox, "Outbox messages")) == 5)


def test_nothing_is_reset_without_an_answer_or_in_a_run(qtbot, used_up, practice):
    choose_reset(used_up)
    answer(qtbot, box(qtbot, used_up), "Cancel")
    wait_for(qtbot, lambda: not boxes(used_up))
    assert len(practice.outbox()) == 5
    search = the(used_up, "Search users", QLineEdit)
    search.selectAll()
    qtbot.keyClicks(search, "nakamura")
    wait_for(qtbot, lambda: " 4 shown" in line(used_up, "User counts"))
    press(qtbot, used_up, "Clear picks")
    press(qtbot, used_up, "Pick all shown")
    press(qtbot, used_up, "Review and send")
    press(qtbot, opened(qtbot, used_up, ReviewDialog), "Send to the first 1")
    wait_for(qtbot, lambda: is_shown(used_up, "Resume"))
    choose_reset(used_up)
    assert not boxes(used_up)
