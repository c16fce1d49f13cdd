"""On a terminal server whose profiles are wiped, somebody is told that nobody is remembered."""

import sys
import tempfile
from pathlib import Path

import pytest
from on_screen import is_shown, press, said, wait_for
from PySide6.QtWidgets import QApplication

from confirmdesk.core.computer.paths import Places
from confirmdesk.core.computer.settings import SettingsFile
from confirmdesk.core.connections.keychain import SessionKeychain
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.ui.session import Session

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the directories are Linux's")


@pytest.fixture
def wiped():
    with tempfile.TemporaryDirectory(dir="/tmp") as emptied:
        yield Places(Path(emptied) / "data")


@pytest.fixture
def start(wiped, make_window, tasks):
    """The program at a data directory that is wiped, as its start has it."""
    made = []

    def make():
        wiped.create()
        session = Session(False, wiped, SessionKeychain(), Redactor(), tasks)
        made.append(session)
        window = make_window(session)
        window.notice.look()
        return window

    yield make
    for session in made:
        session.close_ledger()


def test_it_is_said_once_and_covers_nothing(qtbot, start, wiped, tasks):
    window = start()
    wait_for(qtbot, lambda: is_shown(window, "Close notice"))
    assert "in a temporary directory, which the system empties" in said(window)
    assert "IT department" in said(window)
    assert QApplication.activeModalWidget() is None
    press(qtbot, window, "Close notice")
    assert not is_shown(window, "Close notice")
    wait_for(qtbot, lambda: SettingsFile(wiped.settings_file).peek().told_place)
    again = start()
    wait_for(qtbot, lambda: not tasks.is_busy())
    assert not is_shown(again, "Close notice")


def test_who_did_not_close_it_is_told_again(qtbot, start):
    start()
    again = start()
    wait_for(qtbot, lambda: is_shown(again, "Close notice"))
