from itertools import pairwise

import pytest
from parts import put
from PySide6.QtCore import QEvent
from PySide6.QtGui import QHelpEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QToolTip, QWidget

from confirmdesk.ui.kit.eliding import ElidedLabel, NarrowRow, tool_tip
from confirmdesk.ui.kit.inputs import button, combo
from confirmdesk.ui.kit.labels import Pill, title

HOSTILE = '<img src=x onerror="alert(1)"> & <b>bold</b>'


def read(rich):
    document = QTextDocument()
    document.setHtml(rich)
    return document.toPlainText()


def tip_over(qtbot, widget):
    """What somebody reads who rests the mouse on it."""
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())
    at = widget.rect().center()
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, at, widget.mapToGlobal(at)))
    return read(QToolTip.text()) if QToolTip.isVisible() else ""


def picture(widget, width):
    widget.setFixedWidth(width)
    return widget.grab().toImage()


@pytest.mark.parametrize("text", [HOSTILE, "a & b", "&lt;b&gt;", "plain", "two\nlines"])
def test_a_tool_tip_shows_its_text_word_for_word(text):
    assert tool_tip(text).startswith("<qt>")  # or Qt guesses whether it is HTML
    assert read(tool_tip(text)) == text


def test_no_text_is_no_tool_tip():
    assert tool_tip("") == ""


def test_what_fits_is_not_elided_and_has_no_tool_tip(window):
    line = ElidedLabel("jane@example.com")
    put(window, line)
    window.resize(400, 60)
    assert line.shown_text() == "jane@example.com"
    assert line.toolTip() == ""
    line.setFixedWidth(line.sizeHint().width())
    assert line.shown_text() == "jane@example.com"


def test_a_button_without_room_shows_the_beginning_of_its_text(window):
    text = "Look in the whole pool"
    made, short = button(text, text), QPushButton()
    put(window, made, short)
    width = made.sizeHint().width() - 40
    seen, beginnings = picture(made, width), []
    for length in range(len(text)):
        short.setText(f"{text[:length].rstrip()}…")
        if picture(short, width) == seen:
            beginnings.append(short.text())
    assert [beginning[:7] for beginning in beginnings] == ["Look in"]


def test_a_button_without_room_tells_its_text_when_asked(window, qtbot):
    made = button("Look in the whole pool", "Look in the whole pool")
    put(window, made)
    made.setFixedWidth(made.sizeHint().width() - 40)
    assert tip_over(qtbot, made) == "Look in the whole pool"
    made.setFixedWidth(made.sizeHint().width())
    assert tip_over(qtbot, made) == ""


def test_a_button_with_a_tool_tip_of_its_own_keeps_it(window, qtbot):
    made = button("Not sent in 24 h", "Not sent in 24 h", "chip")
    made.setToolTip("Leaves some out")
    put(window, made)
    made.setFixedWidth(60)
    assert tip_over(qtbot, made) == "Leaves some out"


def test_a_pill_without_room_keeps_its_colour_and_tells_its_word(window):
    made = Pill("PRODUCTION", kind="environment")
    put(window, made)
    before = made.grab().toImage().pixel(made.width() // 2, 3)
    made.setFixedWidth(60)
    assert made.grab().toImage().pixel(30, 3) == before
    assert made.shown_text().startswith("PR")
    assert made.shown_text().endswith("…")
    assert read(made.toolTip()) == "PRODUCTION"


@pytest.fixture
def row(window, qtbot):
    """As narrow as the window gets, which is not enough for all that is in it."""
    made = NarrowRow()
    window.layout().addLayout(made)
    made.addWidget(title("Some people"))
    for name in ("All of the people in this list", "Nobody", "Clear everything that was picked before"):
        made.addWidget(button(name, name))
    made.addWidget(combo("Within", ["The last twenty-four hours", "Any time"]))
    window.show()
    window.resize(10, 40)
    qtbot.waitExposed(window)
    return window


def test_a_row_fits_into_the_narrowest_window(row):
    assert row.minimumSizeHint().width() <= 600
    assert row.width() <= 600


def test_nothing_in_a_narrow_row_lies_on_something_else(row):
    parts = [w for w in row.findChildren(QWidget) if isinstance(w, QPushButton | QLabel | QComboBox) and w.isVisible()]
    edges = sorted((w.geometry().left(), w.geometry().right()) for w in parts)
    assert len(edges) == 5
    assert all(right < left for (_, right), (left, _) in pairwise(edges))
    assert edges[-1][1] <= row.width()


def test_the_longest_of_a_row_give_way_and_the_short_ones_stay_whole(row, qtbot):
    cut = [b.text() for b in row.findChildren(QPushButton) if tip_over(qtbot, b)]
    assert cut == ["All of the people in this list", "Clear everything that was picked before"]


def test_with_room_nothing_of_a_row_is_cut(row, qtbot):
    row.resize(1200, 40)
    assert [b.text() for b in row.findChildren(QPushButton) if tip_over(qtbot, b)] == []
