"""Help: versions, licences, what goes into a ticket, and where the log is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from on_screen import answer, box, boxes, is_shown, line, opened, press, said, the, wait_for
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QPlainTextEdit, QTabBar, QWidget

from confirmdesk.core.computer.paths import Places
from confirmdesk.core.errors import failure
from confirmdesk.core.product import product_version
from confirmdesk.ui.about import dialog as about_dialog
from confirmdesk.ui.about.dialog import AboutDialog
from confirmdesk.ui.about.show import open_folder, show_about, show_log

SOURCE = str(Path(__file__).parents[3] / "gui")
SELECT_ALL, COPY = Qt.Key.Key_A, Qt.Key.Key_C
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def session(make_session, keyring_missing):
    made = make_session()
    made.places.log_file.write_text("a line\n")
    return made


@pytest.fixture
def dialog(qtbot, host, session, theme):
    show_about(host, session, theme)
    return opened(qtbot, host, AboutDialog)


def area(dialog, name):
    return the(dialog, name, QPlainTextEdit)


def turn_to(qtbot, dialog, name):
    tabs = dialog.findChild(QTabBar)
    at = [tabs.tabText(i) for i in range(tabs.count())].index(name)
    qtbot.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(at).center())


def read(qtbot, dialog, name, words):
    turn_to(qtbot, dialog, name)
    wait_for(qtbot, lambda: words in area(dialog, name).toPlainText())
    return area(dialog, name).toPlainText()


def test_it_says_what_this_is_and_which_versions(qtbot, dialog):
    assert dialog.windowTitle() == dialog.accessibleName() == "About Confirmdesk"
    wait_for(qtbot, lambda: the(dialog, "Versions", QFrame).accessibleDescription())
    assert line(dialog, "Version") == f"Version {product_version()} · MIT licence"
    described = the(dialog, "Versions", QFrame).accessibleDescription()
    parts = [part.rsplit(" ", 1) for part in described.split(", ")]
    assert {name for name, _ in parts} >= {"Confirmdesk", "Python", "Qt", "PySide6", "boto3", "botocore", "keyring"}
    words = {word for part in parts for word in part}
    # A layout shows what is added to it in the next turn of the event loop.
    wait_for(qtbot, lambda: words <= set(said(dialog).split("\n")))


def test_it_says_that_it_phones_nobody(dialog):
    assert "never looks for updates by itself and sends nothing home" in said(dialog)


def test_licences_are_read_when_somebody_wants_them(qtbot, dialog):
    assert dialog.findChild(QPlainTextEdit).toPlainText() == ""
    text = read(qtbot, dialog, "Licences", "SOFTWARE.")
    assert "Permission is hereby granted" in text
    assert "boto3 " in text


def test_licences_that_cannot_be_read_are_told_in_their_place(qtbot, dialog, monkeypatch):
    def fail():
        raise failure("The licences cannot be read.", "Install the program again.")

    monkeypatch.setattr(about_dialog, "licence_text", fail)
    assert read(qtbot, dialog, "Licences", "cannot") == "The licences cannot be read. Install the program again."


def test_diagnostics_are_copied_and_that_is_said(qtbot, dialog):
    QGuiApplication.clipboard().setText("before")
    turn_to(qtbot, dialog, "Diagnostics")
    assert not the(dialog, "Copy diagnostics").isEnabled()
    text = read(qtbot, dialog, "Diagnostics", "Data directory: ")
    assert "Keyring: none, missing" in text
    assert "Record of sent codes: open" in text
    assert line(dialog, "Diagnostics status") == ""
    press(qtbot, dialog, "Copy diagnostics")
    assert QGuiApplication.clipboard().text() == text
    assert line(dialog, "Diagnostics status") == "Copied."


def test_diagnostics_name_no_connection(qtbot, host, session, theme, monkeypatch):
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    custom = about_dialog_connection()
    session.put_connection(custom)
    show_about(host, session, theme)
    text = read(qtbot, opened(qtbot, host, AboutDialog), "Diagnostics", "Data directory: ")
    assert "Connections: 1 (1 with a custom endpoint)" in text
    assert "Endpoint: custom" in text
    for private in ("canary", "Acme", "eu-west-1", "c0ffee", "corp.example.com"):
        assert private not in text


def about_dialog_connection():
    from confirmdesk.core.connections.connection import Connection

    return Connection("Acme", "eu-west-1", "eu-west-1_c0ffee", "c0ffee", endpoint="https://corp.example.com")


def test_diagnostics_in_practice(qtbot, host, practice_session, theme):
    show_about(host, practice_session, theme)
    text = read(qtbot, opened(qtbot, host, AboutDialog), "Diagnostics", "Data directory: ")
    assert "Endpoint: practice pool on this computer" in text
    assert "Keyring: This session only, usable" in text
    assert "127.0.0.1" not in text


# Keyboard


def test_tab_leads_through_every_page_and_out_of_the_texts(qtbot, dialog):
    for name, wanted in (
        ("About", {"Log file", "Show log file", "Open folder"}),
        ("Licences", {"Licences"}),
        ("Diagnostics", {"Diagnostics", "Copy diagnostics"}),
    ):
        turn_to(qtbot, dialog, name)
        if name != "About":
            read(qtbot, dialog, name, "0")
        start = dialog.findChild(QTabBar)
        start.setFocus()
        qtbot.waitUntil(start.hasFocus)
        seen = []
        while (at := QApplication.focusWidget()) not in seen:
            seen.append(at)
            qtbot.keyClick(at, Qt.Key.Key_Tab)
        assert QApplication.focusWidget() is start
        assert {w.accessibleName() for w in seen} == wanted | {"Pages", "Close about"}


def test_the_arrow_keys_turn_the_pages(qtbot, dialog):
    tabs = dialog.findChild(QTabBar)
    tabs.setFocus()
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    assert is_shown(dialog, "Licences")
    assert not is_shown(dialog, "Versions")


@pytest.mark.parametrize("name", ["Licences", "Diagnostics"])
def test_texts_can_be_selected_and_copied_by_keyboard(qtbot, dialog, name):
    text = read(qtbot, dialog, name, "0")
    QGuiApplication.clipboard().clear()
    field = area(dialog, name)
    field.setFocus()
    qtbot.keyClick(field, SELECT_ALL, CONTROL)
    qtbot.keyClick(field, COPY, CONTROL)
    assert QGuiApplication.clipboard().text() == text
    assert field.isReadOnly()


@pytest.mark.parametrize("name", ["About", "Licences"])
def test_escape_closes_from_wherever_the_focus_is(qtbot, host, dialog, name):
    turn_to(qtbot, dialog, name)
    field = the(dialog, "Log file", QLineEdit) if name == "About" else area(dialog, name)
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not host.findChildren(AboutDialog))


def test_f1_opens_it_and_no_second_one(qtbot, make_window, session):
    window = make_window(session)
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    opened(qtbot, window, AboutDialog)
    qtbot.keyClick(window, Qt.Key.Key_F1)
    window.strip.about_requested.emit()
    assert len(window.findChildren(AboutDialog)) == 1


def test_it_opens_over_no_other_dialog(qtbot, host, session, theme):
    session.places = Places(session.places.data / "none")
    show_log(host, session)
    box(qtbot, host)
    show_about(host, session, theme)
    assert not host.findChildren(AboutDialog)


# Accessibility


def test_whatever_takes_the_focus_has_a_name(qtbot, dialog):
    wait_for(qtbot, lambda: the(dialog, "Versions", QFrame).accessibleDescription())
    takes_focus = [w for w in dialog.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert len(takes_focus) > 6
    assert [w for w in takes_focus if not w.accessibleName()] == []


def test_the_pages_are_tabs_for_a_screen_reader(dialog):
    tabs = QAccessible.queryAccessibleInterface(dialog.findChild(QTabBar))
    children = [tabs.child(at) for at in range(tabs.childCount())]
    found = [c.text(QAccessible.Text.Name) for c in children if c.role() == QAccessible.Role.PageTab]
    assert found == ["About", "Licences", "Diagnostics"]


# The log


def test_the_log_file_can_be_found_and_its_path_copied(qtbot, dialog, session):
    field = the(dialog, "Log file", QLineEdit)
    assert field.text() == str(session.places.log_file)
    assert field.isReadOnly()
    field.setFocus()
    qtbot.keyClick(field, SELECT_ALL, CONTROL)
    qtbot.keyClick(field, COPY, CONTROL)
    assert QGuiApplication.clipboard().text() == str(session.places.log_file)


def test_log_and_folder_are_opened(qtbot, dialog, session, programs):
    programs.put_opener()
    press(qtbot, dialog, "Show log file")
    wait_for(qtbot, lambda: programs.opened == [str(session.places.log_file)])
    press(qtbot, dialog, "Open folder")
    wait_for(qtbot, lambda: programs.opened[1:] == [str(session.places.data)])
    assert boxes(dialog) == []


def test_the_menu_shows_the_log_too(qtbot, make_window, session, programs):
    programs.put_opener()
    make_window(session).strip.log_requested.emit()
    wait_for(qtbot, lambda: programs.opened == [str(session.places.log_file)])


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Show log file", "The log file could not be opened."),
        ("Open folder", "The folder could not be opened."),
    ],
)
def test_a_desktop_that_opens_nothing_is_told_with_the_path(qtbot, dialog, session, programs, name, sentence):
    press(qtbot, dialog, name)
    told = box(qtbot, dialog)
    assert told.text() == sentence
    path = session.places.log_file if name == "Show log file" else session.places.data
    assert told.informativeText().endswith(f": {path}")
    answer(qtbot, told, "OK")
    qtbot.waitUntil(lambda: not boxes(dialog))


def test_no_log_file_yet(qtbot, host, session, tmp_path, programs):
    session.places = Places(tmp_path)
    show_log(host, session)
    told = box(qtbot, host)
    assert told.text() == "There is no log file yet."
    assert str(tmp_path / "confirmdesk.log") in told.informativeText()
    assert programs.opened == []


def test_a_hostile_directory_stays_text(qtbot, host, session, tmp_path, programs):
    odd = tmp_path / "<b>\u202ex"
    odd.mkdir()
    session.places = Places(odd)
    open_folder(host, session)
    told = box(qtbot, host)
    assert told.textFormat() == Qt.TextFormat.PlainText
    assert told.informativeText().endswith("<b>⟨U+202E⟩x")


def test_nothing_of_it_is_loaded_before_it_is_asked_for():
    code = "import sys, confirmdesk.ui.application; print(*sys.modules)"
    environment = {**os.environ, "PYTHONPATH": SOURCE}
    loaded = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    modules = set(loaded.stdout.split())
    assert "confirmdesk.ui.about.show" in modules
    late = ("ui.about.dialog", "core.computer.diagnostics", "core.computer.licences", "core.computer.self_check")
    assert modules & {"importlib.metadata", *(f"confirmdesk.{name}" for name in late)} == set()
