"""The keys that the README lists, pressed where the focus is."""

import pytest
from on_screen import boxes, cells, is_shown, line, opened, the, wait_for, wait_loaded
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from confirmdesk.ui.about.dialog import AboutDialog
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.review_dialog import ReviewDialog
from confirmdesk.ui.settings.dialog import SettingsDialog
from confirmdesk.ui.users.person_dialog import PersonDialog

Key = Qt.Key
NONE, CONTROL, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)


def hit(qtbot, key, modifiers=NONE):
    wait_for(qtbot, QApplication.focusWidget)
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


@pytest.fixture
def front(qtbot, desk):
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    return desk


def test_a_ticket_by_keys_alone(qtbot, front, practice):
    hit(qtbot, Key.Key_F, CONTROL)
    qtbot.keyClicks(QApplication.focusWidget(), "just.now@example.com")
    hit(qtbot, Key.Key_Down)
    hit(qtbot, Key.Key_Space)
    hit(qtbot, Key.Key_Return, CONTROL)
    review = opened(qtbot, front, ReviewDialog)
    qtbot.waitUntil(review.isActiveWindow)
    hit(qtbot, Key.Key_S, ALT)
    wait_for(qtbot, lambda: front.sending.stage is Stage.OVER)
    assert len(practice.outbox()) == 1
    front.activateWindow()
    hit(qtbot, Key.Key_Escape)
    wait_loaded(qtbot, front)
    assert is_shown(front, "Unconfirmed users")


def test_return_opens_somebody_and_escape_closes_them(qtbot, front):
    hit(qtbot, Key.Key_F, CONTROL)
    hit(qtbot, Key.Key_Down)
    hit(qtbot, Key.Key_Return)
    person = opened(qtbot, front, PersonDialog)
    qtbot.waitUntil(person.isActiveWindow)
    hit(qtbot, Key.Key_Escape)
    wait_for(qtbot, lambda: not boxes(front))


def test_escape_clears_the_search_and_all_rows_are_picked_by_two_keys(qtbot, front):
    hit(qtbot, Key.Key_F, CONTROL)
    qtbot.keyClicks(QApplication.focusWidget(), "bounce")
    assert len(cells(front, "Unconfirmed users")) == 2
    hit(qtbot, Key.Key_Escape)
    assert the(front, "Search users", QLineEdit).text() == ""
    hit(qtbot, Key.Key_Down)
    hit(qtbot, Key.Key_A, CONTROL)
    hit(qtbot, Key.Key_Space)
    assert line(front, "User counts") == "200 loaded · 200 shown · 200 picked"


@pytest.mark.parametrize(
    ("key", "modifiers", "kind"), [(Key.Key_F1, NONE, AboutDialog), (Key.Key_Comma, CONTROL, SettingsDialog)]
)
def test_what_opens_by_a_key(qtbot, front, key, modifiers, kind):
    hit(qtbot, key, modifiers)
    dialog = opened(qtbot, front, kind)
    qtbot.waitUntil(dialog.isActiveWindow)
    hit(qtbot, Key.Key_Escape)
    wait_for(qtbot, lambda: not boxes(front))


def test_f5_reads_the_list_again(qtbot, front):
    with qtbot.waitSignal(front.listing.started):
        hit(qtbot, Key.Key_F5)
    wait_loaded(qtbot, front)
