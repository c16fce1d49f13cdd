from dataclasses import dataclass

import pytest
from on_screen import cells, show, the
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QTableView, QVBoxLayout, QWidget

from confirmdesk.ui.kit.tables import ROW_HEIGHT, Column, RecordsModel, make_table


@dataclass(frozen=True, slots=True)
class Parcel:
    name: str
    weight: int


COLUMNS = (Column("Name", lambda p: p.name, 120), Column("Weight", lambda p: f"{p.weight:,}", right=True))
A, B, C = Parcel("a", 1), Parcel("b", 2000), Parcel("c", 3)


@pytest.fixture
def model(qapp):
    made = RecordsModel(COLUMNS, qapp)
    QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
    return made


@pytest.fixture
def window(qtbot, theme, model):
    made = QWidget()
    column = QVBoxLayout(made)
    column.addWidget(make_table("Parcels", model))
    column.addWidget(QLineEdit())
    return show(qtbot, made)


def test_rows_come_change_and_go(model, window):
    for records in ([], [A, B], [B, C], [A, B, C], [C], []):
        model.show(records)
        assert cells(window, "Parcels") == [[p.name, f"{p.weight:,}"] for p in records]
        assert model.records() == records


def test_who_stays_at_his_place_keeps_the_focus(model, window):
    model.show([A, B])
    table = the(window, "Parcels", QTableView)
    table.selectRow(1)
    model.show([A, B, C])
    assert table.currentIndex().row() == 1
    assert [i.row() for i in table.selectionModel().selectedRows()] == [1]


def test_the_focus_stays_when_the_end_goes(model, window):
    model.show([A, B, C])
    table = the(window, "Parcels", QTableView)
    table.selectRow(1)
    model.show([A, B])
    assert table.currentIndex().row() == 1
    assert [i.row() for i in table.selectionModel().selectedRows()] == [1]


def test_strangers_text_is_shown_word_for_word_on_one_line(model, window):
    evil = Parcel("<b>x</b>\n\u202eevil" + "y" * 4000, 1)
    model.show([evil])
    shown = model.index(0, 0).data()
    assert shown.startswith("<b>x</b>⏎⟨U+202E⟩evil")
    assert len(shown) < 320
    assert "&lt;b&gt;x&lt;/b&gt;" in model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_numbers_stand_on_the_right(model, window):
    model.show([B])
    side = Qt.ItemDataRole.TextAlignmentRole
    assert model.index(0, 1).data(side) & Qt.AlignmentFlag.AlignRight
    assert model.headerData(1, Qt.Orientation.Horizontal, side) & Qt.AlignmentFlag.AlignRight
    assert model.index(0, 0).data(side) is None


def test_tab_leads_out(model, window, qtbot):
    model.show([A, B])
    table = the(window, "Parcels", QTableView)
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    qtbot.keyClick(table, Qt.Key.Key_Tab)
    qtbot.waitUntil(lambda: not table.hasFocus())


@pytest.mark.parametrize(("many", "rows"), [(True, [0, 1]), (False, [1])])
def test_how_many_can_be_chosen(model, qtbot, theme, many, rows):
    model.show([A, B])
    table = show(qtbot, make_table("Parcels", model, many))
    table.resize(400, 300)
    for row in (0, 1):
        at = table.visualRect(model.index(row, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier, at)
    assert sorted(i.row() for i in table.selectionModel().selectedRows()) == rows


def test_whole_rows_are_copied_by_key_and_by_menu(qtbot, theme, model):
    table = show(qtbot, make_table("Parcels", model, many=True))
    model.show([A, B, C])
    clipboard = QGuiApplication.clipboard()
    table.selectRow(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "b\t2,000"
    qtbot.keyClick(table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    point = table.visualRect(model.index(2, 0)).center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, table.viewport().mapToGlobal(point))
    QApplication.sendEvent(table.viewport(), event)
    menu = table.findChild(QMenu)
    [action] = menu.actions()
    assert action.text() == "Copy rows"
    action.trigger()
    assert clipboard.text() == "b\t2,000\nc\t3"
    menu.close()


def test_return_and_a_double_click_open_a_row_and_a_chord_does_not(qtbot, theme, model):
    table = show(qtbot, make_table("Parcels", model))
    model.show([A, B])
    table.selectRow(0)
    with qtbot.waitSignal(table.opened) as told:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told.args == [0]
    with qtbot.assertNotEmitted(table.opened):
        qtbot.keyClick(table, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    point = table.visualRect(model.index(1, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    with qtbot.waitSignal(table.opened) as told:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert told.args == [1]


def left_edge(widget, width):
    """Where the first letter begins, in pixels: what is above and below it is empty."""
    image, middle = widget.grab().toImage(), ROW_HEIGHT // 2
    empty = image.pixelColor(2, middle)
    rows = range(middle - 4, middle + 4)
    return next(x for x in range(2, width) if any(image.pixelColor(x, y) != empty for y in rows))


def test_a_heading_stands_over_its_cells(qtbot, theme, model):
    table = show(qtbot, make_table("Parcels", model))
    model.show([Parcel("Name", 1)])
    assert abs(left_edge(table.horizontalHeader(), 100) - left_edge(table.viewport(), 100)) <= 1
