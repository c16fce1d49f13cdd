"""Puts the parts together: one Qt application, one session at a time and its window."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from confirmdesk.core.aws.network.way import nobody_knows
from confirmdesk.core.computer.lock import DirectoryLock
from confirmdesk.core.computer.logs import LogFile, start_logging
from confirmdesk.core.computer.paths import find_places, resource
from confirmdesk.core.computer.rights import close_to_others
from confirmdesk.core.connections.keychain import Keychain, SessionKeychain, system_keychain
from confirmdesk.core.connections.presets import Presets, load_presets, preset_directories
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.patience import bounded
from confirmdesk.core.product import APP_ID, NAME
from confirmdesk.core.text import plain
from confirmdesk.ui.display import Ending, display_needed, tell_and_end
from confirmdesk.ui.kit.collector import Collector
from confirmdesk.ui.kit.messages import show_problem
from confirmdesk.ui.kit.numbers import program_locale
from confirmdesk.ui.kit.tasks import Tasks
from confirmdesk.ui.kit.theme import SYSTEM, Theme
from confirmdesk.ui.main_window import MainWindow
from confirmdesk.ui.own_file_dialogs import own_file_dialogs
from confirmdesk.ui.session import Session
from confirmdesk.ui.system_proxy import system_proxy

# It brings sockets, and nobody can call before the first paint.
if TYPE_CHECKING:
    from confirmdesk.core.computer.second_start import Call
    from confirmdesk.ui.second_start import SecondStartServer


# For how many seconds the end of the program waits for jobs under way, and then for ledger and practice server.
LAST_JOBS, LAST_ONES = 0.5, 1.0


@dataclass(frozen=True, slots=True)
class Options:
    """The command line. `theme` "" means what the settings say."""

    practice: bool = False
    connection: str = ""
    data_dir: Path | None = None
    theme: str = ""


class Application(QObject):
    """Owns the session and its window; practice and real work take turns.

    `lock` is that of the first session, where it has been taken already.
    """

    # From whatever thread failed to the one that may open a dialog.
    _crashed = Signal(object)

    def __init__(self, app: QApplication, options: Options, lock: DirectoryLock | None = None) -> None:
        super().__init__(app)
        self._options = options
        self._first_lock = lock
        self._redactor = Redactor()
        self._icon = resource("icons/confirmdesk.svg")
        app.setWindowIcon(QIcon(str(self._icon)))
        self._theme = Theme(app, self._icon.parent, options.theme or SYSTEM, dressed=False)
        self._log: LogFile | None = None
        self._lock: DirectoryLock | None = None
        self._second_starts: SecondStartServer | None = None
        self._open_to_others: Problem | None = None
        self._crashed.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self.tasks = Tasks(self._tell, self)
        self._collector = Collector(app, self.tasks.is_busy)
        self.session: Session | None = None
        self.window: MainWindow | None = None

    def open(self, practice: bool) -> None:
        """Open the window of a session. Raises ConfirmdeskError where its data directory cannot be used."""
        places = find_places(self._options.data_dir, practice)
        places.create()
        lock, self._first_lock = self._first_lock or DirectoryLock(places.data), None
        lock.take()
        self._leave()
        self._lock = lock
        log, self._log = self._log, None
        if log:
            log.stop()
        self._open_to_others = close_to_others(places)
        self._log = start_logging(places, self._redactor, self._crashed.emit)
        keyring: Keychain = SessionKeychain() if practice else system_keychain()
        presets = Presets() if practice else load_presets(preset_directories(self._options.data_dir))
        for problem in filter(None, (self._open_to_others, *presets.problems)):
            logging.getLogger(__name__).warning("%s", problem.text())
        # On Linux the environment is all that is known of a proxy, and nobody need be asked for that.
        system = nobody_knows if sys.platform == "linux" else system_proxy
        session = Session(practice, places, keyring, self._redactor, self.tasks, presets, self, system)
        if self._options.connection and session.connection(self._options.connection):
            session.settings = replace(session.settings, last_connection=self._options.connection)
        if not self._options.theme:
            self._theme.choose(session.settings.theme)
        self._show(session)

    def _switch(self, practice: bool) -> None:
        """To the other one; where it cannot be entered, this one stays."""
        try:
            self.open(practice)
        except ConfirmdeskError as error:
            self._tell(error.problem)

    def _leave(self) -> None:
        """The data directory is free for others."""
        if self._second_starts:
            self._second_starts.close()
            self._second_starts = None
        if self._lock:
            self._lock.release()
            self._lock = None

    def _show(self, session: Session) -> None:
        old_window, old_session = self.window, self.session
        self.session = session
        self.window = window = MainWindow(session, self._theme, self._icon)
        window.practice_requested.connect(lambda: self._switch(True))
        window.leave_requested.connect(lambda: self._switch(False))
        window.painted.connect(lambda: self._begin(session, window))
        self._theme.dress()
        window.show()
        if old_window:
            old_window.close()
            old_window.deleteLater()
        if old_session:
            old_session.close_ledger()
            if old_session.server:
                self.tasks.run(self, old_session.server.stop, lambda _: None)
            old_session.deleteLater()

    def _begin(self, session: Session, window: MainWindow) -> None:
        """The window is on the screen: now what takes long."""
        self._listen(session)
        for problem in (self._open_to_others, session.settings_problem, session.presets.problem()):
            if problem:
                window.tell(problem)
        self._find(self._options.connection, session, window)
        window.notice.look()
        self.tasks.run(window, session.open_ledger, window.ledger_opened, window.ledger_failed)
        if not session.practice:
            window.begin()
            return
        window.show_starting()

        from confirmdesk.practice.launch import PracticeServer

        def started(server: PracticeServer) -> None:
            if self.session is not session:
                server.stop()
                return
            session.adopt(server)
            secrets = {c.client_id: c.secret for pool in server.pools for c in pool.clients if c.secret}
            session.know_secrets(secrets)
            window.begin()

        self.tasks.run(window, PracticeServer.start, started, window.starting_failed)

    def _listen(self, session: Session) -> None:
        from confirmdesk.ui.second_start import SecondStartServer

        try:
            self._second_starts = SecondStartServer(self, session.places.data)
        except OSError as error:
            # A second start then says that the program is open.
            logging.getLogger(__name__).warning("No second start can call this one: %s", error)
            return
        self._second_starts.called.connect(self._answer)

    def _answer(self, call: Call) -> None:
        """The program was started a second time."""
        from confirmdesk.ui.second_start import come_forward

        if self.window is None or self.session is None:
            return
        come_forward(self.window, call.activation_token)
        chosen = self.session.settings.last_connection
        # Dialogs, runs and what was interrupted wait for somebody, and none of them may vanish.
        if call.connection == chosen or QApplication.activeModalWidget() or self.window.runs.shown:
            return
        if self._find(call.connection, self.session, self.window):
            self.window.open_connection(call.connection)

    def _find(self, name: str, session: Session, window: MainWindow) -> bool:
        """Whether there is a connection of that name. One that was asked for and is not there is told of."""
        found = session.connection(name) is not None
        if name and not found and not session.practice:
            hint = "Choose one at the top left." if session.connections else "Create one to begin."
            window.tell(Problem(f"There is no connection called “{plain(name, 60)}”.", hint))
        return found

    def _tell(self, problem: Problem) -> None:
        if self.window:
            self.window.tell(problem)
        else:
            self.tell_alone(problem)

    def tell_alone(self, problem: Problem) -> QMessageBox:
        """Show `problem` where there is no window yet."""
        self._theme.dress()
        return show_problem(None, problem)

    def close(self) -> None:
        """The end: nothing is waited for longer than a moment."""
        if self._second_starts:
            self._second_starts.close()
        self.tasks.shutdown(LAST_JOBS)
        if self.session:
            # A program that gives keys has a group of its own, and would outlive this one.
            self.session.aws.deadlines.shut_all()
        # A ledger that somebody else has locked is whole at any moment, and the practice server dies with this process.
        bounded(self._close_session, LAST_ONES, None)
        self._leave()
        if self._log:
            self._log.stop()

    def _close_session(self) -> None:
        if self.session:
            self.session.close_ledger()
        if self.session and self.session.server:
            self.session.server.stop()


def make_qt(arguments: Sequence[str], without_display: Ending = tell_and_end) -> QApplication:
    """The Qt application under the product's name, as desktops and window managers know it.

    Where there is no display for it the process ends, with what `without_display` says.
    """
    with display_needed(without_display), own_file_dialogs():
        # X11 takes the window class from the name of the command, Wayland from the desktop file.
        app = QApplication([APP_ID, *arguments])
    # Whatever the system speaks: the program is English, and so are its digits, in Qt's own dialogs too.
    QLocale.setDefault(program_locale())
    app.setApplicationName(NAME)
    app.setDesktopFileName(APP_ID)
    return app


def run(options: Options, lock: DirectoryLock | None = None) -> int:
    """Show the window and stay until it is closed; the exit status."""
    # Ctrl+C in a terminal ends the program instead of waiting for Python to get a turn.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = make_qt([])
    application = Application(app, options, lock)
    try:
        application.open(options.practice)
    except ConfirmdeskError as error:
        box = application.tell_alone(error.problem)
        box.finished.connect(app.quit)
        app.exec()
        return 1
    status = app.exec()
    application.close()
    return status
