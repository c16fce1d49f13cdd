import pytest
from on_screen import boxes, cells, is_shown, line, opened, press, the, visible, wait_for, wait_loaded
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QListView, QTableView

from confirmdesk.ui.sending.put_back_question import PutBackQuestion
from confirmdesk.ui.sending.review_dialog import ReviewDialog

REASON = "Reason for putting back"
EVERYBODY = Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier


def review(qtbot, desk):
    press(qtbot, desk, "Review and send")
    return opened(qtbot, desk, ReviewDialog)


def search_and_pick(qtbot, desk, text, shown):
    search = the(desk, "Search users", QLineEdit)
    search.selectAll()
    qtbot.keyClicks(search, text)
    wait_for(qtbot, lambda: f" {shown} shown" in line(desk, "User counts"))
    press(qtbot, desk, "Pick all shown")


def send_all(qtbot, desk):
    press(qtbot, review(qtbot, desk), "Send codes")
    wait_for(qtbot, lambda: is_shown(desk, "Close run"))
    press(qtbot, desk, "Close run")
    wait_loaded(qtbot, desk)


@pytest.fixture
def served(qtbot, desk):
    """Five people called Lefèvre got a code a moment ago, and everybody called so is picked again with others."""
    search_and_pick(qtbot, desk, "lefevre", 5)
    send_all(qtbot, desk)
    search_and_pick(qtbot, desk, "lefevre", 5)
    search_and_pick(qtbot, desk, "disabled", 3)
    search_and_pick(qtbot, desk, "just.now", 1)
    return desk


def test_they_are_grouped_by_cause(qtbot, served):
    rows = [row[0] for row in cells(review(qtbot, served), "Left out")]
    assert [row for row in rows if ":" in row] == [
        "Account is disabled: 3 people",
        "Sent to less than 24 h ago: 5 people, can be put back",
    ]
    assert rows.index("Sent to less than 24 h ago: 5 people, can be put back") == 4


def choose(table, rows):
    flags = table.selectionModel().SelectionFlag.Select | table.selectionModel().SelectionFlag.Rows
    table.clearSelection()
    for row in rows:
        table.selectionModel().select(table.model().index(row, 0), flags)


def test_many_do_not_go_back_without_a_reason_which_is_asked_for_once(qtbot, served):
    dialog = review(qtbot, served)
    table = the(dialog, "Left out", QTableView)
    choose(table, (5, 6, 7))
    press(qtbot, dialog, "Put back")
    question = opened(qtbot, dialog, PutBackQuestion)
    press(qtbot, question, "Put them back")
    assert question.isVisible()
    press(qtbot, question, "Cancel")
    assert the(dialog, "Send codes").text() == "Send codes (1)"
    press(qtbot, dialog, "Put back")
    question = opened(qtbot, dialog, PutBackQuestion)
    qtbot.keyClicks(the(question, REASON, QLineEdit), "  the first mails bounced ")
    press(qtbot, question, "Put them back")
    assert the(dialog, "Send codes").text() == "Send codes (4)"
    assert the(dialog, REASON, QLineEdit).text() == "the first mails bounced"
    qtbot.keyClick(table, *EVERYBODY)
    press(qtbot, dialog, "Put back")
    assert not boxes(dialog)
    assert the(dialog, "Send codes").text() == "Send codes (6)"
    checks = the(dialog, "Checks", QListView).model()
    wait_for(qtbot, lambda: "5 people are sent to after all" in str([checks.index(0, 0).data()]))
    with qtbot.waitSignal(dialog.confirmed) as sent:
        press(qtbot, dialog, "Send codes")
    assert {r.put_back.rpartition(". ")[2] for r in sent.args[0].recipients} == {"", "the first mails bounced"}


def test_a_cause_goes_back_as_one_with_a_click(qtbot, served):
    dialog = review(qtbot, served)
    table = the(dialog, "Left out", QTableView)
    row = [row[0].split(":")[0] for row in cells(dialog, "Left out")].index("Sent to less than 24 h ago")
    table.scrollTo(table.model().index(row, 0))
    qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(row, 0)).center()
    )
    qtbot.keyClicks(the(dialog, REASON, QLineEdit), "asked for")
    press(qtbot, dialog, "Put back")
    assert not boxes(dialog)
    assert the(dialog, "Send codes").text() == "Send codes (6)"
    assert the(dialog, "Put back").isEnabled() is False


def test_what_a_question_covers_does_nothing(qtbot, served):
    dialog = review(qtbot, served)
    qtbot.keyClick(the(dialog, "Left out", QTableView), *EVERYBODY)
    press(qtbot, dialog, "Put back")
    question = opened(qtbot, dialog, PutBackQuestion)
    [covered] = visible(dialog, "Put back", QAbstractButton)
    covered.click()
    assert boxes(dialog) == [question]


def test_somebody_sent_to_a_moment_ago_is_a_check(qtbot, desk):
    search_and_pick(qtbot, desk, "just.now", 1)
    send_all(qtbot, desk)
    search_and_pick(qtbot, desk, "just.now", 1)
    checks = the(review(qtbot, desk), "Checks", QListView).model()
    wait_for(qtbot, lambda: "just.now@example.com was sent a code" in str(checks.index(0, 0).data()))
    assert str(checks.index(0, 0).data()).startswith("Warning: ")
