from importlib.util import find_spec

import pytest
from on_screen import line, press, said, show, the
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from confirmdesk.core.computer.paths import resource
from confirmdesk.practice.launch import INSTALL_COMMAND
from confirmdesk.ui.connections.welcome_page import WelcomePage


@pytest.fixture
def make(qtbot, theme):
    return lambda: show(qtbot, WelcomePage(resource("icons/confirmdesk.svg")))


def test_two_ways_on(make, qtbot):
    page = make()
    with qtbot.waitSignal(page.create_requested):
        press(qtbot, page, "Create a connection")
    with qtbot.waitSignal(page.practice_requested):
        press(qtbot, page, "Try the practice pool")
    assert "nothing leaves the machine" in said(page)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_each_key_that_presses_a_button_elsewhere_does_so_here(make, qtbot, key):
    page = make()
    with qtbot.waitSignal(page.create_requested):
        qtbot.keyClick(the(page, "Create a connection"), key)


def test_without_the_practice_parts_it_says_how_to_get_them(make, qtbot, monkeypatch):
    monkeypatch.setattr(
        "confirmdesk.practice.launch.find_spec", lambda name: None if name == "moto" else find_spec(name)
    )
    page = make()
    assert not the(page, "Try the practice pool").isEnabled()
    assert INSTALL_COMMAND in said(page)
    assert the(page, "Create a connection").isEnabled()


def test_who_has_nothing_gets_a_text_for_the_it_department(make, qtbot):
    page = make()
    assert "Your IT department knows it" in said(page)
    press(qtbot, page, "Copy request for IT")
    assert "on the clipboard" in line(page, "Request for IT")
    assert "Please set up Confirmdesk for me" in QApplication.clipboard().text()
