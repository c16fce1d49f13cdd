"""Where a second start rings, and how the window comes forward when it does."""

import os
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from confirmdesk.core.computer.second_start import Bell, Visitor

# Milliseconds. Who rings waits for longer, so a silent visitor keeps nobody else out.
VISIT_MS = 800
# How long a window system may take to bring a window forward before it counts as a refusal.
REFUSAL_MS = 150
PERMISSION = "XDG_ACTIVATION_TOKEN"


class Door(QObject):
    """Watches the bell of `directory` without a thread, one visitor at a time. `rung` carries a Ring."""

    rung = Signal(object)

    def __init__(self, parent: QObject, directory: Path) -> None:
        """Raises OSError where nobody could ring."""
        super().__init__(parent)
        self._bell = Bell(directory)
        self._visitor: Visitor | None = None
        self._ear: QSocketNotifier | None = None
        self._listening = QSocketNotifier(self._bell.socket.fileno(), QSocketNotifier.Type.Read, self)
        self._listening.activated.connect(self._admit)
        self._patience = QTimer(self, singleShot=True, interval=VISIT_MS)
        self._patience.timeout.connect(self._see_out)

    def _admit(self) -> None:
        self._listening.setEnabled(False)
        self._patience.start()
        self._visitor = self._bell.admit()
        if self._visitor:
            self._ear = QSocketNotifier(self._visitor.socket.fileno(), QSocketNotifier.Type.Read, self)
            self._ear.activated.connect(self._hear)

    def _hear(self) -> None:
        visitor = self._visitor
        if visitor is None:
            return
        try:
            ring = visitor.read()
        except OSError:
            self._see_out()
            return
        if ring:
            # First the window, then the answer: who rang lends its right to be in front while it is there.
            self.rung.emit(ring)
            visitor.answer()
            self._see_out()

    def _see_out(self) -> None:
        self._patience.stop()
        if self._ear:
            self._ear.setEnabled(False)
            self._ear.deleteLater()
            self._ear = None
        if self._visitor:
            self._visitor.close()
            self._visitor = None
        self._listening.setEnabled(True)

    def close(self) -> None:
        """Nobody can ring any more. Before the lock of the directory is released."""
        self._see_out()
        self._listening.setEnabled(False)
        self._bell.close()


def come_forward(window: QWidget, activation_token: str = "") -> None:
    """Bring `window` to the front, with the dialog that is open over it; where the window system refuses, the window is
    flagged instead. `activation_token` is the desktop's permission for it, where it gives one."""
    front = QApplication.activeModalWidget() or window
    for widget in dict.fromkeys((window, front)):
        widget.setWindowState(widget.windowState() & ~Qt.WindowState.WindowMinimized)
        widget.show()
        widget.raise_()
    _activate(front, activation_token)
    QTimer.singleShot(REFUSAL_MS, window, lambda: _insist(front))


def _activate(front: QWidget, activation_token: str) -> None:
    wayland = QGuiApplication.platformName().startswith("wayland")
    permitted = bool(activation_token) and activation_token.isprintable() and wayland
    if permitted:  # Qt looks for it there, and takes it out for itself only
        os.environ[PERMISSION] = activation_token
    front.activateWindow()
    if permitted:
        os.environ.pop(PERMISSION, None)


def _insist(front: QWidget) -> None:
    if shiboken6.isValid(front):
        QApplication.alert(front)
        # X11 ranks by when something last happened to a program, and by now something did.
        front.activateWindow()
