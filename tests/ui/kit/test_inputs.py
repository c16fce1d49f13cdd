import pytest
from parts import put, spoken
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QSpinBox,
    QStyle,
    QStyleOptionComboBox,
    QVBoxLayout,
    QWidget,
)

from confirmdesk.ui.kit.inputs import button, combo, name_spin
from confirmdesk.ui.kit.labels import plain_label


def label_names(widget):
    """What screen readers take for the name of a combo box."""
    relations = QAccessible.queryAccessibleInterface(widget).relations(QAccessible.RelationFlag.Label)
    return [interface.text(QAccessible.Text.Name) for interface, _ in relations]


def test_a_combo_box_is_called_by_a_hidden_label(window):
    made = combo("Channel filter", ["Any", "SMS"])
    put(window, made)
    assert label_names(made) == ["Channel filter"]
    assert spoken(made)[0] == "Any"  # why the label is needed
    visible = [label for label in window.findChildren(QLabel) if label.isVisible()]
    assert visible == []


def test_its_name_follows_a_combo_box_into_another_window(window, qtbot):
    made = combo("Channel filter", ["Any"])
    put(window, made)
    other = QWidget()
    QVBoxLayout(other).addWidget(made)
    qtbot.addWidget(other)
    other.show()
    assert label_names(made) == ["Channel filter"]
    labels = other.findChildren(QLabel)
    assert [label.buddy() for label in labels] == [made]
    assert not any(label.isVisible() for label in labels)


def test_a_visible_label_names_its_combo_box(window):
    label = plain_label("Where")
    made = combo("Region", ["eu-west-1"], label)
    put(window, label, made)
    assert label_names(made) == ["Region"]


def test_an_editable_combo_box_also_names_its_line_edit(window):
    made = combo("User pool", ["a"], editable=True)
    put(window, made)
    assert spoken(made.lineEdit())[0] == "User pool"
    made.lineEdit().setText("typed")
    assert made.currentText() == "typed"
    assert made.count() == 1


def test_scrolling_past_a_combo_box_changes_nothing(window):
    made = combo("Channel filter", ["Any", "SMS"])
    put(window, button("Elsewhere", "Elsewhere"), made)
    made.clearFocus()
    at = QPointF(made.rect().center())
    none, mods = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    down = QPoint(0, -120)
    event = QWheelEvent(at, made.mapToGlobal(at), down, down, none, mods, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(made, event)
    assert made.currentText() == "Any"


def test_a_spin_box_has_its_name_inside_and_out(window):
    made = QSpinBox()
    name_spin(made, "Sends per second")
    put(window, made)
    assert spoken(made)[0] == spoken(made.lineEdit())[0] == "Sends per second"


def test_a_chip_stays_pressed(window, qtbot):
    chip = button("Enabled only", "Enabled only", "chip")
    put(window, chip)
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert chip.isChecked()
    assert QAccessible.queryAccessibleInterface(chip).state().checked


def test_the_list_of_a_narrow_box_shows_its_texts_whole(qtbot, host):
    names = [f"Resend after the incident of the morning, {number}" for number in range(3)]
    made = combo("Template", names)
    made.setParent(host)
    made.least = 84
    made.resize(100, 32)
    made.show()
    made.showPopup()
    qtbot.waitUntil(made.view().isVisible)
    room = made.view().viewport().width()
    made.hidePopup()
    assert room >= max(made.fontMetrics().horizontalAdvance(name) for name in names)


@pytest.mark.parametrize("text", ["Practice shop    us-east-1 · web-app", "Incident in the morning", "Any channel"])
def test_a_box_that_has_the_room_it_asks_for_shows_its_text_whole(qtbot, host, text):
    made = combo("Connection", [text])
    made.setSizeAdjustPolicy(made.SizeAdjustPolicy.AdjustToContents)
    made.setParent(host)
    made.show()
    made.resize(made.sizeHint())
    option = QStyleOptionComboBox()
    made.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    field = made.style().subControlRect(control, option, part, made)
    # Less a pixel on each side, which the style keeps free.
    assert made.fontMetrics().horizontalAdvance(text) <= field.width() - 2
