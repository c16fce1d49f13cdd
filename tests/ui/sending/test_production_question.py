import pytest
from on_screen import press, said, the
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit

from confirmdesk.ui.sending.production_question import ProductionQuestion


@pytest.fixture
def ask(qtbot, host):
    def make(pool_name="Shop <b>pool</b>", people=1500):
        made = ProductionQuestion(host, pool_name, people)
        made.answers = []
        made.accepted.connect(lambda: made.answers.append("send"))
        made.rejected.connect(lambda: made.answers.append("back"))
        made.open()
        qtbot.waitExposed(made)
        return made

    return make


def field(dialog):
    return the(dialog, "Type the pool name", QLineEdit)


def send(dialog):
    return the(dialog, "Send to production", QAbstractButton)


def test_it_says_how_many_and_which_name_word_for_word(ask):
    dialog = ask()
    assert "Send to 1,500 people in production?" in said(dialog)
    assert "Shop <b>pool</b>" in said(dialog)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in dialog.findChildren(QLabel) if label.text())
    assert dialog.focusWidget() is field(dialog)


@pytest.mark.parametrize("typed", ["", "Shop", "shop", "Shop pools", "SHOP POOL", "Shop  pool", "pool"])
def test_only_the_very_name_sends(ask, qtbot, typed):
    dialog = ask("Shop pool")
    qtbot.keyClicks(field(dialog), typed)
    assert not send(dialog).isEnabled()
    send(dialog).click()
    assert dialog.answers == []


@pytest.mark.parametrize("typed", ["Shop pool", "  Shop pool "])
def test_the_name_typed_sends_once(ask, qtbot, typed):
    dialog = ask("Shop pool")
    qtbot.keyClicks(field(dialog), typed)
    button = send(dialog)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    button.click()
    assert dialog.answers == ["send"]
    assert not dialog.isVisible()


def test_a_name_put_in_by_an_assistive_tool_counts_and_one_taken_out_again_does_not(ask):
    dialog = ask("Shop pool")
    field(dialog).setText("Shop pool")
    assert send(dialog).isEnabled()
    field(dialog).setText("Shop pool 2")
    assert not send(dialog).isEnabled()


def test_return_sends_with_the_right_name_and_does_nothing_before(ask, qtbot):
    dialog = ask("Shop pool")
    for letter in "Shop pool":
        qtbot.keyClick(field(dialog), Qt.Key.Key_Return)
        assert dialog.answers == []
        qtbot.keyClick(field(dialog), letter)
    qtbot.keyClick(field(dialog), Qt.Key.Key_Return)
    assert dialog.answers == ["send"]


def test_a_key_that_is_held_sends_nothing(ask):
    dialog = ask("Shop pool")
    field(dialog).setText("Shop pool")
    none = Qt.KeyboardModifier.NoModifier
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, none, "\r", autorep=True)
    QApplication.sendEvent(dialog.windowHandle(), held)
    assert dialog.answers == []


def test_escape_leads_back(ask, qtbot):
    dialog = ask("Shop pool")
    qtbot.keyClicks(field(dialog), "Shop pool")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.answers == ["back"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_key_on_back_leads_back_although_the_name_is_right(ask, qtbot, key):
    dialog = ask("Shop pool")
    qtbot.keyClicks(field(dialog), "Shop pool")
    the(dialog, "Back to review", QAbstractButton).setFocus()
    qtbot.keyClick(dialog.focusWidget(), key)
    assert dialog.answers == ["back"]


def test_back_leads_back(ask, qtbot):
    dialog = ask()
    press(qtbot, dialog, "Back to review")
    assert dialog.answers == ["back"]


def test_a_pool_without_a_name_is_not_sent_to_by_typing_nothing(ask):
    dialog = ask("  ")
    field(dialog).setText(" ")
    assert not send(dialog).isEnabled()


def test_nothing_behind_it_can_be_pressed_however_it_is_opened(host):
    assert ProductionQuestion(host, "Shop pool", 60).isModal()


def test_one_person_is_one_person(ask):
    assert "Send to 1 person in production?" in said(ask(people=1))
