"""Ctrl+Z and its like, by keys and clicks in the window."""

import pytest
from on_screen import answer, box, line, opened, press, show, the, wait_for, wait_loaded
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QTableView
from samples import JANE, MARY, PEOPLE, TOM

from confirmdesk.core.computer.settings import Template
from confirmdesk.core.connections.connection import Connection
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.users.model import UserColumn
from confirmdesk.ui.workspace import Workspace

SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab1", "c")
OTHER = Connection("Other", "eu-west-1", "eu-west-1_Cd2", "c")
MAIL = Template("mail outage", (("reason", "mail outage"),))
LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def work(qtbot, theme):
    made = Workspace(theme)
    made.resize(1280, 800)
    show(qtbot, made)
    qtbot.waitUntil(made.isActiveWindow)
    for model in (made.users.model, made.metadata.model):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    show_pool(made, SHOP)
    return made


def show_pool(work, connection):
    work.show_pool(connection)
    work.users.loading_started()
    work.users.add_page(PEOPLE)
    work.users.loading_finished()


def hit(qtbot, key, modifiers=CONTROL):
    """Where the focus is, as a hand would: nowhere else."""
    wait_for(qtbot, QApplication.focusWidget)
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def undo(qtbot):
    hit(qtbot, Key.Key_Z)


def picked(work):
    return {user.email or user.name for user in work.users.model.picked_users()}


def everybody():
    return {user.email or user.name for user in PEOPLE}


def click_box(qtbot, work, user):
    table = the(work, "Unconfirmed users", QTableView)
    index = table.model().index(work.users.model.row_of(user.username), UserColumn.PICK)
    qtbot.mouseClick(table.viewport(), LEFT, pos=table.visualRect(index).center())


def status(work):
    return line(work, "Picked people")


# Picks


def test_cleared_picks_come_back_and_go_again(qtbot, work):
    click_box(qtbot, work, JANE)
    click_box(qtbot, work, TOM)
    press(qtbot, work, "Clear picks")
    assert picked(work) == set()
    undo(qtbot)
    assert picked(work) == {JANE.email, TOM.name}
    assert status(work).startswith("2 people are picked again · 2 people picked · ")
    undo(qtbot)
    assert picked(work) == {JANE.email}
    assert status(work).startswith("1 person is not picked any more · 1 person picked · ")
    hit(qtbot, Key.Key_Z, CONTROL | SHIFT)
    hit(qtbot, Key.Key_Y)
    assert picked(work) == set()
    assert status(work) == "2 people are not picked any more · Pick the people who should get a new code."
    hit(qtbot, Key.Key_Y)
    assert picked(work) == set()


def test_the_words_for_what_came_back_go_with_the_next_step(qtbot, work):
    click_box(qtbot, work, JANE)
    undo(qtbot)
    click_box(qtbot, work, TOM)
    assert status(work).startswith("1 person picked · ")
    hit(qtbot, Key.Key_Y)
    assert picked(work) == {TOM.name}


def test_picking_all_is_taken_back_and_leaves_those_of_before(qtbot, work):
    click_box(qtbot, work, JANE)
    press(qtbot, work, "Pick all shown")
    assert picked(work) == everybody()
    undo(qtbot)
    assert picked(work) == {JANE.email}


def test_all_rows_by_key_and_space_is_one_step(qtbot, work):
    click_box(qtbot, work, JANE)
    hit(qtbot, Key.Key_A)
    hit(qtbot, Key.Key_Space, Qt.KeyboardModifier.NoModifier)
    assert picked(work) == everybody()
    undo(qtbot)
    assert picked(work) == {JANE.email}


def test_a_click_that_unpicked_is_taken_back(qtbot, work):
    click_box(qtbot, work, JANE)
    click_box(qtbot, work, JANE)
    undo(qtbot)
    assert picked(work) == {JANE.email}


def test_the_box_in_the_heading_is_taken_back_after_a_search(qtbot, work):
    qtbot.keyClicks(the(work, "Search users", QLineEdit), "jane")
    header = the(work, "Unconfirmed users", QTableView).horizontalHeader()
    qtbot.mouseClick(header.viewport(), LEFT, pos=header.viewport().rect().topLeft() + QPoint(18, 17))
    assert picked(work) == {JANE.email}
    undo(qtbot)
    assert picked(work) == set()
    assert the(work, "Search users", QLineEdit).text() == "jane"


def test_in_a_text_field_the_text_comes_back_and_no_pick(qtbot, work):
    click_box(qtbot, work, JANE)
    press(qtbot, work, "Clear picks")
    search = the(work, "Search users", QLineEdit)
    search.setFocus()
    qtbot.keyClicks(search, "tom")
    search.selectAll()
    qtbot.keyClick(search, Key.Key_Delete)
    undo(qtbot)
    assert search.text() == "tom"
    assert picked(work) == set()
    undo(qtbot)
    undo(qtbot)
    assert picked(work) == set()


def test_each_pool_has_its_own_history(qtbot, work):
    click_box(qtbot, work, JANE)
    press(qtbot, work, "Clear picks")
    show_pool(work, OTHER)
    the(work, "Unconfirmed users").setFocus()
    undo(qtbot)
    assert picked(work) == set()
    click_box(qtbot, work, TOM)
    show_pool(work, SHOP)
    the(work, "Unconfirmed users").setFocus()
    undo(qtbot)
    assert picked(work) == {JANE.email}


def test_who_is_gone_from_the_pool_does_not_come_back(qtbot, work):
    click_box(qtbot, work, JANE)
    click_box(qtbot, work, MARY)
    press(qtbot, work, "Clear picks")
    work.users.loading_started()
    work.users.add_page([JANE])
    work.users.loading_finished()
    undo(qtbot)
    assert picked(work) == {JANE.email}


def test_cleared_while_the_list_is_read_again_they_come_back_all_the_same(qtbot, work):
    click_box(qtbot, work, JANE)
    click_box(qtbot, work, MARY)
    work.users.loading_started()
    work.users.add_page([TOM])
    press(qtbot, work, "Clear picks")
    undo(qtbot)
    assert picked(work) == {JANE.email, MARY.email}
    work.users.add_page([JANE])
    work.users.loading_finished()
    assert picked(work) == {JANE.email}


def test_who_got_a_code_meanwhile_is_not_picked_again_and_who_failed_is(qtbot, desk):
    emails = {"just.now@example.com", "bounce.barnaby@example.com"}
    desk.activateWindow()
    model = desk.work.users.model
    model.pick([user.username for user in model.users() if user.email in emails])
    press(qtbot, desk, "Clear picks")
    undo(qtbot)
    assert picked(desk.work) == emails
    press(qtbot, desk, "Review and send")
    press(qtbot, opened(qtbot, desk, ReviewDialog), "Send codes")
    wait_for(qtbot, lambda: desk.sending.panel and desk.sending.stage is Stage.OVER)
    press(qtbot, desk, "Close run")
    wait_loaded(qtbot, desk)
    desk.activateWindow()
    press(qtbot, desk, "Clear picks")
    for _ in range(3):
        undo(qtbot)
        assert picked(desk.work) <= {"bounce.barnaby@example.com"}
    hit(qtbot, Key.Key_Y)
    assert picked(desk.work) == {"bounce.barnaby@example.com"}


def test_who_may_have_got_one_comes_back_only_by_what_was_done_after_that(qtbot, work):
    click_box(qtbot, work, JANE)
    click_box(qtbot, work, TOM)
    press(qtbot, work, "Clear picks")
    work.let_go([JANE.username])
    undo(qtbot)
    assert picked(work) == {TOM.name}
    click_box(qtbot, work, JANE)
    press(qtbot, work, "Clear picks")
    undo(qtbot)
    assert picked(work) == {JANE.email, TOM.name}
    for _ in range(3):
        undo(qtbot)
    assert picked(work) == set()


# Client metadata


def table(work):
    return the(work, "Client metadata", QTableView)


def type_field(qtbot, work, key, value):
    press(qtbot, work, "Add field")
    type_cell(qtbot, work, key)
    hit(qtbot, Key.Key_Right, Qt.KeyboardModifier.NoModifier)
    hit(qtbot, Key.Key_F2, Qt.KeyboardModifier.NoModifier)
    type_cell(qtbot, work, value)


def type_cell(qtbot, work, text):
    editor = table(work).viewport().findChild(QLineEdit)
    qtbot.keyClicks(editor, text)
    qtbot.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: table(work).viewport().findChild(QLineEdit) is None)


def test_a_removed_field_comes_back_where_it_was(qtbot, work):
    type_field(qtbot, work, "reason", "mail outage")
    type_field(qtbot, work, "ticket", "CS-1")
    table(work).setCurrentIndex(table(work).model().index(0, 0))
    press(qtbot, work, "Remove field")
    assert work.metadata.rows() == (("ticket", "CS-1"),)
    undo(qtbot)
    assert work.metadata.rows() == (("reason", "mail outage"), ("ticket", "CS-1"))
    assert status(work).startswith("The field “reason” is back · ")
    assert table(work).currentIndex().row() == 0
    hit(qtbot, Key.Key_Y)
    assert work.metadata.rows() == (("ticket", "CS-1"),)


def test_a_changed_text_comes_back_and_in_the_open_cell_only_what_is_typed(qtbot, work):
    type_field(qtbot, work, "ticket", "CS-1")
    hit(qtbot, Key.Key_F2, Qt.KeyboardModifier.NoModifier)
    type_cell(qtbot, work, "CS-2")
    assert work.metadata.rows() == (("ticket", "CS-2"),)
    hit(qtbot, Key.Key_F2, Qt.KeyboardModifier.NoModifier)
    editor = table(work).viewport().findChild(QLineEdit)
    qtbot.keyClicks(editor, "CS-3")
    qtbot.keyClick(editor, Key.Key_Z, CONTROL)
    assert work.metadata.rows() == (("ticket", "CS-2"),)
    assert editor.text() == "CS-2"
    qtbot.keyClick(editor, Key.Key_Escape)
    undo(qtbot)
    assert work.metadata.rows() == (("ticket", "CS-1"),)


def test_metadata_of_one_pool_never_comes_into_another(qtbot, work):
    type_field(qtbot, work, "ticket", "CS-1")
    press(qtbot, work, "Remove field")
    show_pool(work, OTHER)
    the(work, "Unconfirmed users").setFocus()
    undo(qtbot)
    assert work.metadata.rows() == ()
    show_pool(work, SHOP)
    the(work, "Unconfirmed users").setFocus()
    undo(qtbot)
    assert work.metadata.rows() == (("ticket", "CS-1"),)


# Templates


def choose(work, name):
    the(work, "Template", QComboBox).setCurrentText(name)


def test_a_deleted_template_comes_back_with_its_name_and_is_saved(qtbot, work):
    saved = []
    work.templates_changed.connect(saved.append)
    work.show_templates([MAIL])
    choose(work, "mail outage")
    press(qtbot, work, "Delete template")
    answer(qtbot, box(qtbot, work), "Delete template")
    assert saved == [()]
    the(work, "Unconfirmed users").setFocus()
    undo(qtbot)
    assert saved[-1] == (MAIL,)
    assert the(work, "Template", QComboBox).currentText() == "mail outage"
    assert status(work).startswith("The template “mail outage” is back · ")
    hit(qtbot, Key.Key_Y)
    assert saved[-1] == ()


def test_what_a_template_replaced_comes_back(qtbot, work):
    work.show_templates([MAIL])
    type_field(qtbot, work, "ticket", "CS-1")
    choose(work, "mail outage")
    assert work.metadata.rows() == MAIL.rows
    undo(qtbot)
    assert work.metadata.rows() == (("ticket", "CS-1"),)
    assert the(work, "Template", QComboBox).currentIndex() == 0
