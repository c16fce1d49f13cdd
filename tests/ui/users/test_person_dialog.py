import pytest
from on_screen import press, said, show, the
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from samples import JANE, person

from confirmdesk.core.people.statuses import what_helps
from confirmdesk.ui.users.person_dialog import PersonDialog

FACTS = [("E-mail", JANE.email), ("Name", JANE.name), ("Phone", "—")]


@pytest.fixture
def dialog(qtbot, host):
    made = PersonDialog(host, JANE, FACTS)
    made.open()
    qtbot.waitExposed(made)
    return made


def test_what_the_list_knows_and_what_helps(dialog):
    for heading, text in FACTS:
        assert heading in said(dialog)
        assert text in said(dialog)
    assert what_helps(JANE) in said(dialog)


def test_return_asks_to_send(dialog, qtbot):
    with qtbot.waitSignal(dialog.send_requested) as asked:
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert asked.args == [JANE]


def test_the_key_that_opened_it_asks_for_nothing_while_it_is_held(dialog, qtbot):
    held = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", autorep=True)
    with qtbot.assertNotEmitted(dialog.send_requested):
        QApplication.sendEvent(dialog.windowHandle(), held)
    assert dialog.isVisible()


@pytest.mark.parametrize("leave", ["button", "return on the button", "escape"])
def test_closing_asks_for_nothing(dialog, qtbot, leave):
    with qtbot.assertNotEmitted(dialog.send_requested):
        if leave == "button":
            press(qtbot, dialog, "Close person")
        elif leave == "return on the button":
            qtbot.keyClick(the(dialog, "Close person"), Qt.Key.Key_Return)
        else:
            qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_hostile_names_stay_text(qtbot, host):
    dialog = show(qtbot, PersonDialog(host, person("u-x", "\u202e<i>x@example.com"), []))
    assert "⟨U+202E⟩<i>x@example.com" in said(dialog)
    assert the(dialog, "Send code").isEnabled()
