"""The menus of runs and of the history, by the mouse and by the menu key, in the window."""

import pytest
from on_screen import boxes, cells, line, opened, press, said, the, wait_for, wait_loaded
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QMenu, QTableView

from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.users.person_dialog import PersonDialog

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CONTROL = Qt.KeyboardModifier.ControlModifier
EMAILS = ("just.now@example.com", "bounce.barnaby@example.com")


def send(qtbot, window, *emails):
    model = window.work.users.model
    model.pick([user.username for user in model.users() if user.email in emails])
    press(qtbot, window, "Review and send")
    press(qtbot, opened(qtbot, window, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: window.sending.stage is Stage.OVER)


@pytest.fixture
def ran(qtbot, desk):
    """A run of two people that is over, one served and one failed."""
    desk.resize(1280, 800)
    send(qtbot, desk, *EMAILS)
    return desk


@pytest.fixture
def past(qtbot, ran):
    """The same in the history."""
    press(qtbot, ran, "Close run")
    wait_loaded(qtbot, ran)
    press(qtbot, ran, "History")
    wait_for(qtbot, lambda: len(cells(ran, "Run recipients")) == 2)
    return ran


def row_of(window, name, text):
    return next(at for at, row in enumerate(cells(window, name)) if text in " ".join(row))


def right_click(qtbot, window, name, text):
    table = the(window, name, QTableView)
    point = table.visualRect(table.model().index(row_of(window, name, text), 0)).center()
    qtbot.mouseClick(table.viewport(), RIGHT, pos=point)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, table.viewport().mapToGlobal(point))
    QApplication.sendEvent(table.viewport(), event)
    return opened(qtbot, window, QMenu)


def menu_key(qtbot, window, name, text):
    table = the(window, name, QTableView)
    table.setFocus()
    table.selectRow(row_of(window, name, text))
    nowhere = table.mapToGlobal(table.rect().topLeft())
    QApplication.sendEvent(table, QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, table.pos(), nowhere))
    return opened(qtbot, window, QMenu)


def shift_f10(qtbot, window, name, text):
    table = the(window, name, QTableView)
    table.setFocus()
    table.selectRow(row_of(window, name, text))
    qtbot.keyClick(table, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    return opened(qtbot, window, QMenu)


ways = pytest.mark.parametrize("way", [right_click, menu_key, shift_f10])


def texts(menu):
    return [action.text() for action in menu.actions() if action.isVisible()]


def choose(qtbot, menu, text):
    (action,) = [action for action in menu.actions() if action.text() == text]
    assert action.isEnabled()
    qtbot.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def copied():
    return QGuiApplication.clipboard().text()


@ways
def test_a_cause_copies_its_row_and_what_its_people_can_be_told(qtbot, ran, way):
    menu = way(qtbot, ran, "Run results", "Accepted")
    assert texts(menu) == ["Copy row", "Copy advice"]
    choose(qtbot, menu, "Copy row")
    assert copied().split("\t")[:2] == ["Accepted", "1"]
    choose(qtbot, way(qtbot, ran, "Run results", "Accepted"), "Copy advice")
    assert f"For the customer: {copied()}" == line(ran, "Words for the customer")


def test_a_cause_is_copied_as_a_row_by_key(qtbot, ran):
    table = the(ran, "Run results", QTableView)
    table.selectRow(row_of(ran, "Run results", "Accepted"))
    qtbot.keyClick(table, Qt.Key.Key_C, CONTROL)
    assert copied().split("\t")[:2] == ["Accepted", "1"]


@ways
def test_people_of_a_run_copy_their_row_and_what_they_can_be_told(qtbot, ran, way):
    the(ran, "Run results", QTableView).selectRow(row_of(ran, "Run results", "Accepted"))
    choose(qtbot, way(qtbot, ran, "Run recipients", EMAILS[0]), "Copy row")
    assert copied().split("\t")[:3] == [EMAILS[0], "Justine Now", "accepted"]
    choose(qtbot, way(qtbot, ran, "Run recipients", EMAILS[0]), "Copy advice")
    assert "code" in copied()
    assert "\t" not in copied()


def test_somebody_of_a_run_is_opened_and_sent_to_from_there(qtbot, ran):
    choose(qtbot, right_click(qtbot, ran, "Run recipients", EMAILS[1]), "Open person")
    person = opened(qtbot, ran, PersonDialog)
    press(qtbot, person, "Send code")
    review = opened(qtbot, ran, ReviewDialog)
    assert [row[0] for row in cells(review, "Recipients")] == [EMAILS[1]]
    press(qtbot, review, "Cancel")


def test_somebody_of_the_history_is_opened_by_return_and_by_a_double_click(qtbot, past):
    table = the(past, "Run recipients", QTableView)
    table.setFocus()
    table.selectRow(row_of(past, "Run recipients", EMAILS[0]))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    press(qtbot, opened(qtbot, past, PersonDialog), "Close person")
    wait_for(qtbot, lambda: not boxes(past))
    point = table.visualRect(table.model().index(row_of(past, "Run recipients", EMAILS[1]), 0)).center()
    qtbot.mouseClick(table.viewport(), LEFT, pos=point)
    qtbot.mouseDClick(table.viewport(), LEFT, pos=point)
    assert EMAILS[1] in said(opened(qtbot, past, PersonDialog))


def test_who_is_not_in_the_list_any_more_is_told_so(qtbot, past):
    past.work.users.loading_started()
    past.work.users.loading_finished()
    choose(qtbot, menu_key(qtbot, past, "Run recipients", EMAILS[0]), "Open person")
    assert line(past, "Confirmed since") == f"{EMAILS[0]} is not in the list of users as it is shown now."
    assert not boxes(past)


@ways
def test_a_past_run_copies_its_row_and_offers_what_its_buttons_do(qtbot, past, way):
    menu = way(qtbot, past, "Runs", "Practice shop")
    assert texts(menu) == ["Copy row", "Send again to these (1)…", "Export run…"]
    choose(qtbot, menu, "Copy row")
    assert "Practice shop" in copied().split("\t")
    choose(qtbot, way(qtbot, past, "Runs", "Practice shop"), "Send again to these (1)…")
    review = opened(qtbot, past, ReviewDialog)
    assert [row[0] for row in cells(review, "Recipients")] == [EMAILS[1]]
    press(qtbot, review, "Cancel")


@ways
def test_people_of_the_history_can_be_copied_and_forgotten(qtbot, past, way):
    assert texts(way(qtbot, past, "Run recipients", EMAILS[0])) == [
        "Copy row",
        "Copy advice",
        "Open person",
        "Forget this person",
    ]
