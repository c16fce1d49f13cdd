import pytest
from on_screen import answer, box, boxes, is_shown, line, opened, press, show, the
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from confirmdesk.core.computer.settings import Template
from confirmdesk.ui.metadata.panel import MetadataPanel
from confirmdesk.ui.metadata.template_bar import NONE, NameDialog

MAIL = Template("mail outage", (("reason", "mail outage"), ("lang", "{attr:locale}")))
SMS = Template("Another one", (("reason", "sms"),))


@pytest.fixture
def panel(qtbot, theme):
    made = MetadataPanel(theme)
    made.templates.show_templates([MAIL, SMS])
    made.resize(400, 900)
    return show(qtbot, made)


@pytest.fixture
def saved(panel):
    lists = []
    panel.templates.templates_changed.connect(lists.append)
    return lists


def choice(panel):
    return the(panel, "Template", QComboBox)


def offered(panel):
    return [choice(panel).itemText(at) for at in range(choice(panel).count())]


def name_dialog(qtbot, panel):
    press(qtbot, panel, "Save template")
    dialog = opened(qtbot, panel, NameDialog)
    return dialog, the(dialog, "Template name", QLineEdit)


def test_templates_are_offered_by_name(panel):
    assert offered(panel) == [NONE, "Another one", "mail outage"]
    assert choice(panel).currentText() == NONE


def test_choosing_one_fills_the_rows(panel):
    choice(panel).setCurrentText("mail outage")
    assert panel.rows() == MAIL.rows
    assert not is_shown(panel, "Undo template")


def test_choosing_none_keeps_the_rows(panel):
    choice(panel).setCurrentText("mail outage")
    choice(panel).setCurrentText(NONE)
    assert panel.rows() == MAIL.rows


def test_what_was_typed_can_be_had_back(panel, qtbot):
    typed = (("ticket", "CS-4471"),)
    panel.model.replace(typed)
    choice(panel).setCurrentText("mail outage")
    assert line(panel, "Template status") == "The template replaced what you had typed."
    press(qtbot, panel, "Undo template")
    assert panel.rows() == typed
    assert choice(panel).currentText() == NONE
    assert not is_shown(panel, "Undo template")


def test_from_template_to_template_nothing_can_be_lost(panel):
    choice(panel).setCurrentText("mail outage")
    choice(panel).setCurrentText("Another one")
    assert panel.rows() == SMS.rows
    assert not is_shown(panel, "Undo template")


def test_nothing_is_saved_without_rows(panel):
    assert not the(panel, "Save template").isEnabled()
    panel.model.add()
    assert the(panel, "Save template").isEnabled()


def test_saving_under_a_new_name(panel, saved, qtbot):
    panel.model.replace([("ticket", "{username}")])
    dialog, name = name_dialog(qtbot, panel)
    assert name.text() == ""
    assert not the(dialog, "Save template name").isEnabled()
    qtbot.keyClicks(name, "  Ticket ")
    assert line(dialog, "Template name status") == ""
    qtbot.keyClick(name, Qt.Key.Key_Return)
    assert saved == [(SMS, MAIL, Template("Ticket", (("ticket", "{username}"),)))]
    assert choice(panel).currentText() == "Ticket"
    assert offered(panel) == [NONE, "Another one", "mail outage", "Ticket"]


def test_saving_over_a_template_says_so(panel, saved, qtbot):
    choice(panel).setCurrentText("mail outage")
    panel.model.replace([("reason", "changed")])
    dialog, name = name_dialog(qtbot, panel)
    assert name.text() == "mail outage"
    assert line(dialog, "Template name status") == "The template of this name is replaced."
    press(qtbot, dialog, "Save template name")
    assert saved == [(SMS, Template("mail outage", (("reason", "changed"),)))]


def test_cancelling_the_name_saves_nothing(panel, saved, qtbot):
    panel.model.replace([("a", "1")])
    dialog, name = name_dialog(qtbot, panel)
    qtbot.keyClicks(name, "New")
    press(qtbot, dialog, "Cancel template name")
    assert saved == []
    assert NONE in offered(panel)
    assert "New" not in offered(panel)


def test_deleting_asks_and_keeps_the_rows(panel, saved, qtbot):
    assert not the(panel, "Delete template").isEnabled()
    choice(panel).setCurrentText("mail outage")
    press(qtbot, panel, "Delete template")
    asked = box(qtbot, panel)
    assert "“mail outage”" in asked.text()
    answer(qtbot, asked, "Cancel")
    assert saved == []
    qtbot.waitUntil(lambda: not boxes(panel))
    press(qtbot, panel, "Delete template")
    answer(qtbot, box(qtbot, panel), "Delete template")
    assert saved == [(SMS,)]
    assert offered(panel) == [NONE, "Another one"]
    assert panel.rows() == MAIL.rows


def test_without_templates_there_is_none_to_delete(qtbot, theme):
    bare = show(qtbot, MetadataPanel(theme))
    assert not is_shown(bare, "Delete template")
