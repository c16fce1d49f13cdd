"""The dialog of a sign-in, against a whole portal and a browser that somebody may sit at."""

import urllib.error
import urllib.request

import pytest
from access_portal import asked_in
from on_screen import is_shown, line, opened, press, the, wait_for, wait_loaded
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from confirmdesk.ui.sign_in.dialog import SignInDialog


@pytest.fixture
def dialog(qtbot, window, desktop):
    """It waits for somebody in the browser, where nobody sits."""
    desktop.leave()
    return begin(qtbot, window, desktop)


def begin(qtbot, window, desktop):
    before = len(desktop.opened)
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window.strip, "Sign in")
    dialog = opened(qtbot, window, SignInDialog)
    wait_for(qtbot, lambda: len(desktop.opened) > before)
    wait_for(qtbot, lambda: the(dialog, "Copy address").isEnabled())
    return dialog


def status(dialog):
    return line(dialog, "Sign-in status")


def is_gone(window):
    return not window.findChildren(SignInDialog)


def test_it_says_what_to_do_and_goes_by_itself(qtbot, window, dialog, desktop, session):
    assert "sign in there" in status(dialog)
    desktop.sit_down()
    desktop.visit(desktop.opened[0])
    wait_loaded(qtbot, window, "60 loaded")
    wait_for(qtbot, lambda: is_gone(window))


def test_the_browser_can_be_opened_again_and_its_address_copied(qtbot, dialog, desktop):
    press(qtbot, dialog, "Open browser again")
    wait_for(qtbot, lambda: len(desktop.opened) == 2)
    press(qtbot, dialog, "Copy address")
    assert QApplication.clipboard().text() == desktop.opened[0] == desktop.opened[1]


def test_with_a_code(qtbot, window, dialog, company):
    company.portal.slow_downs = 1
    press(qtbot, dialog, "Use a code instead")
    wait_for(qtbot, lambda: is_shown(dialog, "Copy code"))
    assert line(dialog, "Sign-in code") == "ABCD-EFGH"
    code = the(dialog, "Sign-in code", QLabel)
    assert code.fontMetrics().height() > 2 * the(dialog, "Sign-in status", QLabel).fontMetrics().height()
    assert code.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    press(qtbot, dialog, "Copy code")
    assert QApplication.clipboard().text() == "ABCD-EFGH"
    assert not is_shown(dialog, "Use a code instead")
    company.portal.devices[-1].allowed = True
    wait_loaded(qtbot, window, "60 loaded")


def test_a_code_that_is_refused_in_the_browser(qtbot, window, dialog, company):
    press(qtbot, dialog, "Use a code instead")
    wait_for(qtbot, lambda: company.portal.devices)
    company.portal.devices[-1].allowed = False
    wait_for(qtbot, lambda: "was not allowed in the browser" in status(dialog))
    assert not is_shown(dialog, "Copy code")
    press(qtbot, dialog, "Cancel sign-in")
    wait_for(qtbot, lambda: is_gone(window))


@pytest.mark.parametrize("shop", [False], indirect=True)
def test_where_the_company_forbids_codes_there_is_no_button_for_one(qtbot, dialog):
    assert not is_shown(dialog, "Use a code instead")


@pytest.fixture
def shop(shop, request):
    from dataclasses import replace

    return replace(shop, device_code=getattr(request, "param", True))


def test_who_refuses_in_the_browser_can_try_again(qtbot, window, dialog, desktop, company):
    company.portal.denies = True
    desktop.sit_down()
    desktop.visit(desktop.opened[0])
    wait_for(qtbot, lambda: is_shown(dialog, "Try sign-in again"))
    assert "not allowed in the browser" in status(dialog)
    assert not is_shown(dialog, "Open browser again")
    company.portal.denies = False
    press(qtbot, dialog, "Try sign-in again")
    wait_loaded(qtbot, window, "60 loaded")


@pytest.mark.parametrize("leave", ["button", "escape", "window"])
def test_who_cancels_is_rid_of_it(qtbot, window, dialog, desktop, session, leave):
    back = asked_in(desktop.opened[0])["redirect_uri"]
    if leave == "button":
        press(qtbot, dialog, "Cancel sign-in")
    elif leave == "escape":
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        dialog.close()
    wait_for(qtbot, lambda: is_gone(window))
    wait_for(qtbot, lambda: not session.tasks.is_busy())
    with pytest.raises(urllib.error.URLError):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(back)
    assert is_shown(window.strip, "Sign in")


def test_closing_the_window_ends_it(qtbot, window, dialog, desktop, session):
    back = asked_in(desktop.opened[0])["redirect_uri"]
    window.close()
    wait_for(qtbot, lambda: not session.tasks.is_busy())
    with pytest.raises(urllib.error.URLError):
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(back)


def test_whoever_wants_one_meanwhile_joins_in(qtbot, window, dialog, desktop, company):
    """As assistive tools can press what a dialog covers, and programs what they like."""
    for _ in range(3):
        window.sign_ins.sign_in(window, window.connections.current)
    wait_for(qtbot, lambda: not window.connections.parent().findChildren(SignInDialog)[1:])
    desktop.sit_down()
    desktop.visit(desktop.opened[0])
    wait_loaded(qtbot, window, "60 loaded")
    assert company.sign_ins == 1
    assert len(desktop.opened) == 2


def test_a_computer_without_a_browser(qtbot, window, desktop, monkeypatch):
    (desktop.folder_of_programs / "xdg-open").write_text("#!/bin/sh\nexit 3\n")
    monkeypatch.setenv("PATH", str(desktop.folder_of_programs))
    wait_for(qtbot, lambda: is_shown(window.strip, "Sign in"))
    press(qtbot, window.strip, "Sign in")
    dialog = opened(qtbot, window, SignInDialog)
    wait_for(qtbot, lambda: "No web browser could be opened" in status(dialog))
    assert the(dialog, "Copy address").isEnabled()
