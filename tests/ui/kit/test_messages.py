import pytest
from on_screen import answer, box, boxes
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from confirmdesk.core.errors import Problem
from confirmdesk.ui.kit.messages import ask, ask_three, open_file_dialog, show_problem


@pytest.fixture
def window(host):
    return host


@pytest.fixture
def done():
    return []


def ask_it(window, done):
    ask(window, "Delete <b>it</b>?", "It is gone then.", "Delete", lambda: done.append("deleted"))


def test_a_problem_is_told_word_for_word_with_its_details_behind_a_button(window, qtbot):
    show_problem(window, Problem("<b>It</b> failed.", "Try again.", "Traceback: no"))
    told = box(qtbot, window)
    assert told.text() == "<b>It</b> failed."
    assert told.textFormat() == Qt.TextFormat.PlainText
    assert told.informativeText() == "Try again."
    assert told.detailedText() == "Traceback: no"
    assert any("Show Details" in button.text() for button in told.buttons())
    answer(qtbot, told, "OK")
    qtbot.waitUntil(lambda: not boxes(window))


def test_without_details_there_is_no_button_for_them(window, qtbot):
    show_problem(window, Problem("It failed."))
    assert [button.text().replace("&", "") for button in box(qtbot, window).buttons()] == ["OK"]


def test_only_yes_does_it(window, qtbot, done):
    ask_it(window, done)
    answer(qtbot, box(qtbot, window), "Cancel")
    assert done == []
    qtbot.waitUntil(lambda: not boxes(window))
    ask_it(window, done)
    answer(qtbot, box(qtbot, window), "Delete")
    assert done == ["deleted"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_a_key_pressed_without_reading_does_nothing(window, qtbot, done, key):
    ask_it(window, done)
    asked = box(qtbot, window)
    qtbot.keyClick(asked, key)
    qtbot.waitUntil(lambda: not boxes(window))
    assert done == []


@pytest.mark.parametrize(("text", "expected"), [("All", ["bold"]), ("Some", ["careful"]), ("Cancel", [])])
def test_three_answers(window, qtbot, done, text, expected):
    ask_three(window, "Who?", "", ("All", lambda: done.append("bold")), ("Some", lambda: done.append("careful")))
    answer(qtbot, box(qtbot, window), text)
    assert done == expected


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_three_answers_and_a_careless_key(window, qtbot, done, key):
    ask_three(window, "Who?", "", ("All", lambda: done.append("bold")), ("Some", lambda: done.append("careful")))
    qtbot.keyClick(box(qtbot, window), key)
    qtbot.waitUntil(lambda: not boxes(window))
    assert done == []


def test_an_answer_that_leads_nowhere_is_not_offered(window, qtbot, done):
    ask_three(window, "Who?", "", ("All", lambda: done.append("bold")), ("Some", None))
    assert {b.text().replace("&", "") for b in box(qtbot, window).buttons()} == {"All", "Cancel"}


def from_left(dialog):
    return [b.text().replace("&", "") for b in sorted(dialog.buttons(), key=lambda made: made.x())]


def test_what_does_it_stands_at_the_end_as_in_all_dialogs(window, qtbot, done):
    ask_it(window, done)
    assert from_left(box(qtbot, window)) == ["Cancel", "Delete"]


def test_of_three_answers_the_bold_one_stands_at_the_end(window, qtbot, done):
    ask_three(window, "Who?", "", ("All", lambda: done.append("bold")), ("Some", lambda: done.append("careful")))
    assert from_left(box(qtbot, window)) == ["Cancel", "Some", "All"]


def test_a_file_dialog_that_is_cancelled_says_so_and_is_gone(window, qtbot):
    told = []
    dialog = QFileDialog(window)
    open_file_dialog(dialog, lambda: told.append("cancelled"))
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert told == ["cancelled"]
    assert not boxes(window)
