"""Somebody with nothing but a start URL, from the fresh program to the list of a pool."""

import pytest
from on_screen import is_shown, line, opened, press, the, visible, wait_for, wait_loaded
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit
from whole_aws import PORTAL, Told

from confirmdesk.ui.connections.dialog import ConnectionDialog


@pytest.fixture
def session(make_session, company, desktop):
    return make_session()


@pytest.fixture
def window(make_window, session):
    """The fresh program."""
    return make_window(session)


@pytest.fixture
def dialog(qtbot, window):
    press(qtbot, window, "Create a connection")
    dialog = opened(qtbot, window, ConnectionDialog)
    wait_for(qtbot, lambda: is_shown(dialog, "Start URL"))
    return dialog


def type_start_url(qtbot, dialog, url=PORTAL):
    wait_for(qtbot, lambda: the(dialog, "Start URL").hasFocus())
    qtbot.keyClicks(dialog.focusWidget(), url)


def check(dialog):
    """What stands beside the buttons; "" where nothing does."""
    return line(dialog, "Connection check") if visible(dialog, "Connection check", QLabel) else ""


def role(dialog):
    return the(dialog, "Account and role", QComboBox)


def test_from_the_fresh_program_to_the_list(qtbot, window, dialog):
    type_start_url(qtbot, dialog)
    press(qtbot, dialog, "Sign in")
    wait_for(qtbot, lambda: "role is chosen" in check(dialog))
    assert role(dialog).currentText() == "Shop · 123456789012 · support"
    press(qtbot, dialog, "Load pools")
    wait_for(qtbot, lambda: "1 user pool in eu-west-1; it is chosen." in check(dialog))
    press(qtbot, dialog, "Load app clients")
    wait_for(qtbot, lambda: "1 app client; it is chosen." in check(dialog))
    assert the(dialog, "Connection name", QLineEdit).text() == "Shop"
    press(qtbot, dialog, "Save connection")
    wait_loaded(qtbot, window, "60 loaded")
    wait_for(qtbot, lambda: "Signed in as jane · until " in line(window, "Connection status"))
    assert not is_shown(window, "Sign in")


def test_with_keys_alone_nobody_loses_their_place(qtbot, dialog):
    type_start_url(qtbot, dialog)
    wait_for(qtbot, lambda: line(dialog, "Sign-in state") == "Sign in, and your accounts and roles can be chosen.")
    qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    wait_for(qtbot, lambda: "role is chosen" in check(dialog))
    for name, answer in (("Load pools", "1 user pool"), ("Load app clients", "1 app client")):
        the(dialog, name).setFocus()
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
        wait_for(qtbot, lambda answer=answer: answer in check(dialog))
        assert dialog.focusWidget() is the(dialog, name)


def test_of_many_roles_one_is_found_by_typing_parts_of_it(qtbot, dialog, company):
    names = {f"9000000000{n:02}": f"Shop {'staging' if n % 2 else 'production'} {n}" for n in range(20)}
    company.portal.accounts, company.portal.roles = names, {known: ["readonly", "support"] for known in names}
    type_start_url(qtbot, dialog)
    press(qtbot, dialog, "Sign in")
    wait_for(qtbot, lambda: "40 roles in 20 accounts" in check(dialog))
    assert dialog.focusWidget() is role(dialog)
    assert role(dialog).currentText() == ""
    dialog.activateWindow()
    edit = dialog.focusWidget().lineEdit()
    qtbot.keyClicks(edit, "supp staging 7")
    popup = edit.completer().popup()
    wait_for(qtbot, popup.isVisible)
    found = [popup.model().index(row, 0).data() for row in range(popup.model().rowCount())]
    assert found == ["Shop staging 17 · 900000000017 · support", "Shop staging 7 · 900000000007 · support"]
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert role(dialog).currentText() == found[0]
    spelled = dialog.form.connection()
    assert (spelled.account_id, spelled.role_name) == ("900000000017", "support")


def test_a_region_that_nobody_tells_is_asked_for(qtbot, dialog, company, desktop):
    company.at.answers["x"] = Told(200, "<html></html>", "text/html")
    type_start_url(qtbot, dialog)
    press(qtbot, dialog, "Sign in")
    wait_for(qtbot, lambda: "does not tell its region" in check(dialog))
    assert dialog.focusWidget().accessibleName() == "Portal region"
    assert desktop.opened == []
    qtbot.keyClicks(dialog.focusWidget(), "eu-west-1")
    press(qtbot, dialog, "Sign in")
    wait_for(qtbot, lambda: "role is chosen" in check(dialog))


def test_without_a_role_the_connection_is_not_saved(qtbot, dialog):
    type_start_url(qtbot, dialog)
    the(dialog, "Portal region", QLineEdit).setText("eu-west-1")
    the(dialog, "Connection name", QLineEdit).setText("Shop")
    for name, text in (("Region", "eu-west-1"), ("User pool", "eu-west-1_A"), ("App client", "c")):
        the(dialog, name, QComboBox).setEditText(text)
    press(qtbot, dialog, "Save connection")
    assert "No AWS account is chosen" in check(dialog)
    assert dialog.focusWidget().accessibleName() == "Account and role"
    qtbot.keyClicks(dialog.focusWidget(), "123456789012 support")
    press(qtbot, dialog, "Save connection")
    assert not dialog.isVisible()


def test_nothing_assigned_is_said(qtbot, dialog, company):
    company.portal.roles = {}
    type_start_url(qtbot, dialog)
    press(qtbot, dialog, "Sign in")
    wait_for(qtbot, lambda: "no AWS account is assigned" in check(dialog))


def test_with_the_dialog_below_it_a_sign_in_ends_too(qtbot, window, dialog, desktop, session):
    desktop.leave()
    type_start_url(qtbot, dialog)
    press(qtbot, dialog, "Sign in")
    wait_for(qtbot, lambda: desktop.opened)
    dialog.reject()
    wait_for(qtbot, lambda: not session.tasks.is_busy())
    desktop.sit_down()
    press(qtbot, window, "Create a connection")
    again = opened(qtbot, window, ConnectionDialog)
    wait_for(qtbot, lambda: is_shown(again, "Start URL"))
    type_start_url(qtbot, again)
    press(qtbot, again, "Sign in")
    wait_for(qtbot, lambda: "role is chosen" in check(again))


def test_who_signs_out_in_the_dialog_is_signed_out(qtbot, dialog, company):
    type_start_url(qtbot, dialog)
    press(qtbot, dialog, "Sign in")
    wait_for(qtbot, lambda: is_shown(dialog, "Sign out"))
    press(qtbot, dialog, "Sign out")
    wait_for(qtbot, lambda: not is_shown(dialog, "Sign out"))
    wait_for(qtbot, lambda: company.portal.logged_out)
    assert the(dialog, "Sign in").isEnabled()


def test_what_is_no_address_cannot_be_signed_in_at(qtbot, dialog):
    assert not the(dialog, "Sign in").isEnabled()
    type_start_url(qtbot, dialog, "company")
    assert not the(dialog, "Sign in").isEnabled()
    the(dialog, "Start URL", QLineEdit).clear()
    QApplication.clipboard().setText(f"  {PORTAL}/#/?tab=accounts ")
    qtbot.keyClick(the(dialog, "Start URL"), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert the(dialog, "Sign in").isEnabled()


def test_on_a_computer_with_profiles_these_are_offered_first(qtbot, make_session, make_window, company):
    (company.at.folder / ".aws").mkdir()
    (company.at.folder / ".aws" / "config").write_text("[profile day]\nregion = eu-west-1\n")
    window = make_window(make_session())
    press(qtbot, window, "Create a connection")
    dialog = opened(qtbot, window, ConnectionDialog)
    wait_for(qtbot, lambda: the(dialog, "AWS profile", QComboBox).findText("day") > 0)
    assert not is_shown(dialog, "Start URL")
    assert not is_shown(dialog, "Sign in")
