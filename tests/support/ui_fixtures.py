"""The parts of the program put together as the program does: a dressed application, a session, its window."""

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import shiboken6
from on_screen import show, wait_loaded
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from confirmdesk.core.computer.paths import Places, resource
from confirmdesk.core.connections.keychain import Keychain, SessionKeychain
from confirmdesk.core.connections.presets import Presets
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.errors import Problem
from confirmdesk.practice.launch import PracticeServer
from confirmdesk.ui.application import Application, Options
from confirmdesk.ui.kit.tasks import Tasks
from confirmdesk.ui.kit.theme import TEXT_PIXELS, Theme
from confirmdesk.ui.main_window import MainWindow
from confirmdesk.ui.session import Session

ICON = "icons/confirmdesk.svg"
SAMPLE = "The quick brown fox jumps over the lazy dog. Pick all shown 0123456789"
# In DejaVu Sans of 13 pixels, the widest of the fonts that a system brings by itself.
SAMPLE_PIXELS = 478


def set_text_width(app: QApplication, times: float = 1) -> None:
    """Make text as wide as in DejaVu Sans, or so many times as wide, whichever fonts this computer has."""
    font = QFont(app.font())
    font.setPixelSize(TEXT_PIXELS)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0)
    missing = SAMPLE_PIXELS * times - QFontMetricsF(font).horizontalAdvance(SAMPLE)
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, missing / len(SAMPLE))
    if font != app.font():
        app.setFont(font)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    set_text_width(qapp)
    made = Theme(qapp, resource("icons/check.svg").parent, "light")
    yield made
    shiboken6.delete(made)


@pytest.fixture
def host(qtbot: QtBot, theme: Theme) -> QWidget:
    """A window for dialogs to stand before."""
    return show(qtbot, QWidget())


@dataclass
class Told:
    """Problems that had no better place than a message box."""

    problems: list[Problem] = field(default_factory=list)


@pytest.fixture
def told() -> Iterator[Told]:
    """Nothing unexpected is told: a test that expects something takes it out."""
    made = Told()
    yield made
    assert made.problems == []


@pytest.fixture
def tasks(qapp: QApplication, told: Told) -> Iterator[Tasks]:
    made = Tasks(told.problems.append, qapp)
    yield made
    made.shutdown()
    made.deleteLater()
    gc.collect()


MakeSession = Callable[..., Session]


@pytest.fixture
def make_session(tmp_path: Path, tasks: Tasks) -> Iterator[MakeSession]:
    """A session with a data directory and a ledger of its own; `practice` adopts that server. The next one is as
    after a restart, for one program at a time has the ledger.
    """
    made: list[Session] = []

    def make(
        server: PracticeServer | None = None, keyring: Keychain | None = None, presets: Presets | None = None
    ) -> Session:
        for session in made:
            # One program at a time has the record; the next start comes after the end of this one.
            session.close_ledger()
        places = Places(tmp_path / "data")
        places.create()
        keyring, presets = keyring or SessionKeychain(), presets or Presets()
        session = Session(server is not None, places, keyring, Redactor(), tasks, presets)
        if server:
            session.adopt(server)
            session.know_secrets({c.client_id: c.secret for pool in server.pools for c in pool.clients if c.secret})
        session.ledger, _ = session.open_ledger()
        made.append(session)
        return session

    yield make
    for session in made:
        session.close_ledger()


@pytest.fixture
def practice_session(make_session: MakeSession, practice: PracticeServer) -> Session:
    return make_session(practice)


@pytest.fixture
def make_window(qtbot: QtBot, theme: Theme) -> Iterator[Callable[[Session], MainWindow]]:
    made: list[MainWindow] = []

    def make(session: Session) -> MainWindow:
        window = show(qtbot, MainWindow(session, theme, resource(ICON)))
        made.append(window)
        window.begin()
        return window

    yield make
    for window in made:
        window.sending.stop()


@pytest.fixture
def desk(qtbot: QtBot, make_window: Callable[[Session], MainWindow], practice_session: Session) -> MainWindow:
    """The main window with the practice pool read to its end."""
    window = make_window(practice_session)
    wait_loaded(qtbot, window)
    return window


@pytest.fixture
def make_application(qapp: QApplication, tmp_path: Path) -> Iterator[Callable[..., Application]]:
    """The program as its command makes it, before it opens a window. What it keeps is in `data`."""
    made: list[Application] = []
    before = set(qapp.findChildren(Theme))

    def make(theme: str = "light", **options: object) -> Application:
        application = Application(qapp, Options(data_dir=tmp_path / "data", theme=theme, **options))
        made.append(application)
        return application

    yield make
    for application in made:
        if application.window:
            application.window.close()
        application.close()
        if application.window:
            shiboken6.delete(application.window)
    for theme in set(qapp.findChildren(Theme)) - before:
        shiboken6.delete(theme)
