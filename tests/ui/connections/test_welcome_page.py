from importlib.util import find_spec

import pytest
from on_screen import press, said, show, the

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


def test_without_the_practice_parts_it_says_how_to_get_them(make, qtbot, monkeypatch):
    monkeypatch.setattr(
        "confirmdesk.practice.launch.find_spec", lambda name: None if name == "moto" else find_spec(name)
    )
    page = make()
    assert not the(page, "Try the practice pool").isEnabled()
    assert INSTALL_COMMAND in said(page)
    assert the(page, "Create a connection").isEnabled()
