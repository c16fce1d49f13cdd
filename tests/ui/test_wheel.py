"""The mouse wheel scrolls; it changes no control that has not the focus, and gives none. The events come from the
window system: that is where Qt hands out the focus.
"""

import pytest
from on_screen import opened, press, the
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QScrollArea, QWidget

from confirmdesk.ui.about.dialog import AboutDialog
from confirmdesk.ui.connections.dialog import ConnectionDialog
from confirmdesk.ui.practice.outbox_window import OutboxWindow
from confirmdesk.ui.sending.review_dialog import ReviewDialog


def turn_wheel(widget, notches=-1):
    """As somebody does whose pointer is over `widget`."""
    window = widget.window()
    middle = QPointF(widget.mapTo(window, widget.rect().center()))
    QTest.wheelEvent(window.windowHandle(), middle, QPoint(0, 120 * notches))
    QApplication.processEvents()


def shown_controls(root):
    found = [*root.findChildren(QComboBox), *root.findChildren(QAbstractSpinBox)]
    return [widget for widget in found if widget.isVisible() and widget.isEnabled()]


def said_by(control):
    return control.currentText() if isinstance(control, QComboBox) else control.text()


@pytest.fixture
def wide(desk):
    desk.resize(1280, 760)
    desk.activateWindow()
    return desk


def test_the_connection_stays_when_somebody_scrolls_over_it(qtbot, two):
    model = two.work.users.model
    model.pick_all_shown()
    choice = the(two, "Connection", QComboBox)
    for notches in (-1, 1, -3, 3):
        turn_wheel(choice, notches)
    assert choice.currentText().startswith("Practice shop")
    assert model.counts().picked == 200


def test_no_control_of_the_window_changes_or_takes_the_focus(wide, qtbot):
    the(wide, "Signed up", QComboBox).setCurrentText("Between…")
    search = the(wide, "Search users")
    search.setFocus()
    controls = shown_controls(wide)
    assert len(controls) >= 6
    before = [said_by(control) for control in controls]
    for control in controls:
        turn_wheel(control)
        turn_wheel(control, 2)
    assert [said_by(control) for control in controls] == before
    assert QApplication.focusWidget() is search


def test_no_field_of_a_connection_changes(wide, qtbot):
    press(qtbot, wide, "Edit connection")
    dialog = opened(qtbot, wide, ConnectionDialog)
    press(qtbot, dialog, "Sending rules")
    the(dialog, "Connection name").setFocus()
    area = dialog.findChild(QScrollArea)
    controls = shown_controls(dialog)
    assert len(controls) >= 5
    before = [said_by(control) for control in controls]
    for control in controls:
        area.ensureWidgetVisible(control)
        turn_wheel(control)
        area.ensureWidgetVisible(control)
        turn_wheel(control, 2)
    assert [said_by(control) for control in controls] == before
    assert dialog.focusWidget() not in controls


def test_over_a_field_the_dialog_scrolls_instead(wide, qtbot):
    press(qtbot, wide, "Edit connection")
    dialog = opened(qtbot, wide, ConnectionDialog)
    dialog.resize(680, 360)
    page, field = dialog.findChild(QScrollArea), the(dialog, "App client", QComboBox)
    page.ensureWidgetVisible(field)
    before = page.verticalScrollBar().value()
    turn_wheel(field)
    assert page.verticalScrollBar().value() > before


def test_what_has_the_focus_follows_the_wheel(wide):
    signed_up = the(wide, "Signed up", QComboBox)
    signed_up.setFocus()
    turn_wheel(signed_up)
    assert signed_up.currentText() == "Today"


def test_scrolling_through_people_leaves_the_focus_where_it_is(wide):
    search = the(wide, "Search users")
    search.setFocus()
    table = the(wide, "Unconfirmed users")
    turn_wheel(table.viewport())
    assert table.verticalScrollBar().value() > 0
    assert QApplication.focusWidget() is search


def wheel_takers(root):
    wheel = Qt.FocusPolicy.WheelFocus
    return [widget.accessibleName() for widget in root.findChildren(QWidget) if widget.focusPolicy() & wheel == wheel]


def test_nothing_anywhere_takes_the_focus_by_the_wheel(wide, qtbot):
    press(qtbot, wide, "Practice outbox")
    opened(qtbot, wide, OutboxWindow).close()
    press(qtbot, wide, "Edit connection")
    opened(qtbot, wide, ConnectionDialog).reject()
    wide.strip.about_requested.emit()
    opened(qtbot, wide, AboutDialog).reject()
    press(qtbot, wide, "Pick all shown")
    press(qtbot, wide, "Review and send")
    opened(qtbot, wide, ReviewDialog)
    assert wheel_takers(wide) == []
