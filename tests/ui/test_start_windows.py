"""Only the main window opens at the start."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class Windows(QObject):
    """Notes whatever is shown as a window of its own, however briefly."""

    def __init__(self, app):
        super().__init__()
        self.seen = []
        self._app = app
        app.installEventFilter(self)

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(type(watched).__name__)
        return False

    def close(self):
        self._app.removeEventFilter(self)


def test_the_start_opens_the_main_window_and_no_other(qapp, make_window, practice_session):
    windows = Windows(qapp)
    make_window(practice_session)
    windows.close()
    assert windows.seen == ["MainWindow"]
