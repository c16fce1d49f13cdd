import json

import pytest
from on_screen import cells, is_shown, line, press, said, show, the
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTableView
from samples import JANE, SOFIA, person

from confirmdesk.core.connections.connection import Connection
from confirmdesk.ui.metadata.model import MetadataModel
from confirmdesk.ui.metadata.panel import NOTE, MetadataPanel

KEY, VALUE = 0, 1
SHOP = Connection("Shop", "eu-west-1", "eu-west-1_Ab12Cd34E", "4f9k2client")


@pytest.fixture
def panel(qtbot, theme):
    made = MetadataPanel(theme)
    made.resize(360, 900)
    return show(qtbot, made)


@pytest.fixture
def table(panel):
    return the(panel, "Client metadata", QTableView)


def editor(table):
    """The cell that is being typed into."""
    (found,) = [edit for edit in table.findChildren(QLineEdit) if edit.isVisible()]
    return found


def is_editing(table):
    return any(edit.isVisible() for edit in table.findChildren(QLineEdit))


def commit(qtbot, table):
    qtbot.keyClick(editor(table), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not is_editing(table))


def type_row(qtbot, panel, table, key, value):
    press(qtbot, panel, "Add field")
    qtbot.keyClicks(editor(table), key)
    commit(qtbot, table)
    table.setCurrentIndex(table.model().index(table.model().rowCount() - 1, VALUE))
    qtbot.keyClick(table, Qt.Key.Key_F2)
    qtbot.keyClicks(editor(table), value)
    commit(qtbot, table)


def focus_on(qtbot, table, row, column):
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    table.setCurrentIndex(table.model().index(row, column))


def test_there_is_no_row_that_nobody_added(panel):
    assert cells(panel, "Client metadata") == []
    assert panel.rows() == ()
    assert not the(panel, "Remove field").isEnabled()


def test_add_field_makes_one_row_and_awaits_its_key(panel, table, qtbot):
    press(qtbot, panel, "Add field")
    assert panel.rows() == (("", ""),)
    assert table.currentIndex() == panel.model.index(0, KEY)
    qtbot.keyClicks(editor(table), "lang")
    commit(qtbot, table)
    assert panel.rows() == (("lang", ""),)
    press(qtbot, panel, "Add field")
    assert panel.rows() == (("lang", ""), ("", ""))
    assert table.currentIndex() == panel.model.index(1, KEY)


def test_what_is_typed_is_what_is_sent(panel, table, qtbot):
    type_row(qtbot, panel, table, "ticket", "CS-4471")
    type_row(qtbot, panel, table, "lang", "{attr:locale}")
    assert panel.rows() == (("ticket", "CS-4471"), ("lang", "{attr:locale}"))


@pytest.mark.parametrize("key", [Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_keys_that_edit(panel, table, qtbot, key):
    type_row(qtbot, panel, table, "ticket", "CS-1")
    focus_on(qtbot, table, 0, VALUE)
    assert not is_editing(table)
    qtbot.keyClick(table, key)
    assert editor(table).text() == "CS-1"
    qtbot.keyClick(editor(table), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(editor(table), "CS-2")
    commit(qtbot, table)
    assert panel.rows() == (("ticket", "CS-2"),)


def test_escape_leaves_the_cell_as_it_was(panel, table, qtbot):
    type_row(qtbot, panel, table, "ticket", "CS-1")
    focus_on(qtbot, table, 0, VALUE)
    qtbot.keyClick(table, Qt.Key.Key_F2)
    qtbot.keyClicks(editor(table), "oops")
    qtbot.keyClick(editor(table), Qt.Key.Key_Escape)
    assert panel.rows() == (("ticket", "CS-1"),)


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Backtab])
def test_tab_leaves_the_table(panel, table, qtbot, key):
    type_row(qtbot, panel, table, "a", "1")
    type_row(qtbot, panel, table, "b", "2")
    focus_on(qtbot, table, 0, KEY)
    qtbot.keyClick(table, key)
    qtbot.waitUntil(lambda: not table.hasFocus())
    assert not table.isAncestorOf(panel.window().focusWidget())


def test_remove_takes_the_chosen_row(panel, table, qtbot):
    for key in "abc":
        type_row(qtbot, panel, table, key, "1")
    focus_on(qtbot, table, 1, VALUE)
    press(qtbot, panel, "Remove field")
    assert panel.rows() == (("a", "1"), ("c", "1"))
    table.setCurrentIndex(QModelIndex())
    press(qtbot, panel, "Remove field")
    assert panel.rows() == (("a", "1"),)
    press(qtbot, panel, "Remove field")
    assert panel.rows() == ()
    assert not the(panel, "Remove field").isEnabled()


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("", "1")], "Row 1: This field has no key."),
        ([("a", "1"), ("a", "2")], "Row 2: The key “a” is there twice; only one value could be sent."),
        ([("a", "{nick}")], "Row 1: {nick} is not a placeholder."),
    ],
)
def test_what_cannot_be_sent_is_said_and_marked(panel, table, rows, sentence, theme):
    panel.model.replace(rows)
    assert line(panel, "Metadata problems").startswith(sentence)
    assert panel.refusal()
    at = panel.model.index(len(rows) - 1, KEY)
    assert at.data(Qt.ItemDataRole.BackgroundRole).name() == theme.colours.red.back
    assert at.data(Qt.ItemDataRole.AccessibleDescriptionRole) in line(panel, "Metadata problems")
    panel.model.replace([("a", "1")])
    assert panel.refusal() == ""
    assert not is_shown(panel, "Metadata problems")
    assert panel.model.index(0, KEY).data(Qt.ItemDataRole.BackgroundRole) is None


def test_what_looks_like_a_secret_is_a_warning_only(panel, table, qtbot, theme):
    type_row(qtbot, panel, table, "password", "hunter2")
    assert "looks like a password" in line(panel, "Metadata problems")
    assert panel.refusal() == ""
    at = panel.model.index(0, KEY)
    assert at.data(Qt.ItemDataRole.BackgroundRole).name() == theme.colours.amber.back


def test_a_refusal_is_said_before_a_warning(panel):
    panel.model.replace([("password", "hunter2"), ("", "x")])
    assert line(panel, "Metadata problems").startswith("Row 2: This field has no key.")


def test_the_standing_sentence_stands(panel):
    assert NOTE in said(panel)


def received(panel):
    text = the(panel, "Lambda preview", QPlainTextEdit).toPlainText()
    return json.loads(text)["request"]["clientMetadata"]


def test_the_preview_shows_exactly_what_the_focused_person_gets(panel, table, qtbot):
    panel.show_connection(SHOP)
    assert "Choose somebody in the list" in said(panel)
    panel.show_user(JANE)
    assert received(panel) == {}
    type_row(qtbot, panel, table, "to", "{email} {{x}} {attr:locale}")
    assert received(panel) == {"to": "jane.doe@example.com {x} "}
    assert "for jane.doe@example.com · {attr:locale} is empty" in said(panel)
    panel.show_user(SOFIA)
    assert received(panel) == {"to": "sofia@example.net {x} "}
    panel.show_user(None)
    assert the(panel, "Lambda preview", QPlainTextEdit).toPlainText() == ""


def test_a_hostile_name_stays_text(panel):
    panel.show_connection(SHOP)
    panel.show_user(person("u-evil", "<b>x</b>@example.com", "\u202etxt.exe"))
    panel.model.replace([("who", "{name}")])
    text = the(panel, "Lambda preview", QPlainTextEdit).toPlainText()
    assert "\u202e" not in text
    assert "⟨U+202E⟩txt.exe" in text
    assert "for <b>x</b>@example.com" in said(panel)


def test_the_model_keeps_qts_rules(theme):
    model = MetadataModel(theme, theme)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.replace([("a", "1"), ("b", "2")])
    model.add()
    assert model.setData(model.index(2, KEY), "c")
    model.remove(0)
    model.remove(7)
    assert model.rows() == (("b", "2"), ("c", ""))
    model.replace([])
    assert model.rowCount() == 0
