"""The real main window on a practice server, for processes that measure; it has no start-up of its own."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from painted import Painted
from parent import given_headers
from PySide6.QtCore import QEventLoop, SignalInstance

from confirmdesk.core.computer.paths import find_places, resource
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.keychain import SessionKeychain
from confirmdesk.core.connections.redactor import Redactor
from confirmdesk.core.errors import Problem
from confirmdesk.ui.application import make_qt
from confirmdesk.ui.kit.collector import Collector
from confirmdesk.ui.kit.tasks import Tasks
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.main_window import MainWindow
from confirmdesk.ui.session import Session

# Wide enough for every column of the table.
SIZE = (1600, 900)


class Stage:
    """A painted window in practice, with the connections that were given."""

    def __init__(self, directory: Path, connections: tuple[Connection, ...] = ()) -> None:
        self.app = make_qt([])
        places = find_places(directory, practice=True)
        places.create()
        self.tasks = Tasks(fail, self.app)
        self.collector = Collector(self.app, self.tasks.is_busy)
        self.session = Session(True, places, SessionKeychain(), Redactor(), self.tasks)
        self.session.settings = replace(self.session.settings, connections=connections)
        for connection in connections:
            self.session.aws.send_along(connection.endpoint, given_headers())
        icon = resource("icons/confirmdesk.svg")
        self.theme = Theme(self.app, icon.parent, "light")
        self.window = MainWindow(self.session, self.theme, icon)
        self.window.listing.failed.connect(fail)
        self.window.resize(*SIZE)
        self.window.show()
        self.window.activateWindow()
        wait_for(self.window.painted)

    def load(self, connection: Connection) -> float:
        """List `connection`'s pool; the seconds it took until the whole table was painted."""
        table = Painted(self.window.work.users.table.viewport())
        began = time.perf_counter()
        self.window.open_connection(connection.name)
        wait_for(self.window.listing.finished)
        table.after(self.window.work.users.table.viewport().update)
        return time.perf_counter() - began

    def settle(self) -> None:
        """Let everything happen that is due now."""
        for _ in range(20):
            self.app.processEvents()


@contextmanager
def stage(connections: tuple[Connection, ...] = ()) -> Iterator[Stage]:
    """A `Stage` with a data directory that goes when it goes."""
    with TemporaryDirectory() as directory:
        made = Stage(Path(directory), connections)
        yield made
        made.tasks.shutdown()


def wait_for(signal: SignalInstance) -> None:
    """Run the event loop until `signal` comes."""
    loop = QEventLoop()
    signal.connect(loop.quit)
    loop.exec()


def fail(problem: Problem) -> None:
    """End this process: what follows would measure nothing."""
    print(problem.text(), problem.details, file=sys.stderr, flush=True)
    raise SystemExit(1)
