"""Hears second starts of the program, and brings the window forward."""

import os
from pathlib import Path

import shiboken6
from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from confirmdesk.core.computer.second_start import Caller, Listener

# Milliseconds. A second start waits for longer, so a silent caller keeps nobody else out.
CALL_MS = 800
# How long a window system may take to bring a window forward before it counts as a refusal.
REFUSAL_MS = 150
PERMISSION = "XDG_ACTIVATION_TOKEN"


class SecondStartServer(QObject):
    """Listens for `directory` without a thread, to one caller at a time. `called` carries a Call."""

    called = Signal(object)

    def __init__(self, parent: QObject, directory: Path) -> None:
        """Raises OSError where nobody could call."""
        super().__init__(parent)
        self._listener = Listener(directory)
        self._caller: Caller | None = None
        self._incoming: QSocketNotifier | None = None
        self._connecting = QSocketNotifier(self._listener.socket.fileno(), QSocketNotifier.Type.Read, self)
        self._connecting.activated.connect(self._accept)
        self._patience = QTimer(self, singleShot=True, interval=CALL_MS)
        self._patience.timeout.connect(self._hang_up)

    def _accept(self) -> None:
        self._connecting.setEnabled(False)
        self._patience.start()
        self._caller = self._listener.accept()
        if self._caller:
            self._incoming = QSocketNotifier(self._caller.socket.fileno(), QSocketNotifier.Type.Read, self)
            self._incoming.activated.connect(self._read)

    def _read(self) -> None:
        caller = self._caller
        if caller is None:
            return
        try:
            call = caller.read()
        except OSError:
            self._hang_up()
            return
        if call:
            # First the window, then the answer: the caller lends its right to be in front while it is there.
            self.called.emit(call)
            caller.answer()
            self._hang_up()

    def _hang_up(self) -> None:
        self._patience.stop()
        if self._incoming:
            self._incoming.setEnabled(False)
            self._incoming.deleteLater()
            self._incoming = None
        if self._caller:
            self._caller.close()
            self._caller = None
        self._connecting.setEnabled(True)

    def close(self) -> None:
        """Nobody can call any more. Before the lock of the directory is released."""
        self._hang_up()
        self._connecting.setEnabled(False)
        self._listener.close()


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
