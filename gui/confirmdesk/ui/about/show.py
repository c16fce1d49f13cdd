"""What the program is and where it keeps its log."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from confirmdesk.core.computer.desktop import open_path
from confirmdesk.core.errors import Problem
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.messages import show_fact, show_problem
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.session import Session

PATH_LIMIT = 400


def show_log(window: QWidget, session: Session) -> None:
    """Open the log file with whatever this desktop opens text with."""
    log_file = session.places.log_file
    if not log_file.is_file():
        path = plain(str(log_file), PATH_LIMIT)
        show_fact(window, "There is no log file yet.", f"What happens is written to {path} from the next start on.")
        return
    _open(window, session, log_file, "The log file could not be opened.", "Open it with a text editor")


def open_folder(window: QWidget, session: Session) -> None:
    """Show the directory of the log file in this desktop's file manager."""
    _open(window, session, session.places.data, "The folder could not be opened.", "Open it with a file manager")


def _open(window: QWidget, session: Session, path: Path, sentence: str, hint: str) -> None:
    def tell(opened: bool) -> None:
        if not opened:
            show_problem(window, Problem(sentence, f"{hint}: {plain(str(path), PATH_LIMIT)}"))

    session.tasks.run(window, lambda: open_path(path), tell)


def show_about(window: QWidget, session: Session, theme: Theme) -> None:
    """Versions, licences and diagnostics. What a dialog covers opens nothing over it."""
    if QApplication.activeModalWidget() is None:
        from confirmdesk.ui.about.dialog import AboutDialog

        dialog = AboutDialog(window, session, theme)
        dialog.log_requested.connect(partial(show_log, dialog, session))
        dialog.folder_requested.connect(partial(open_folder, dialog, session))
        dialog.open()
