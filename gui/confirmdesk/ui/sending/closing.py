"""Closing the window in a run: somebody is asked, the run stops, and the window goes when the last call is back."""

from enum import Enum

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from confirmdesk.ui.kit.messages import ask
from confirmdesk.ui.sending.sending import Sending


class _Step(Enum):
    OPEN = "nobody wants to close"
    ASKED = "the question stands"
    STOPPING = "the window goes when the run is over"


class Closing(QObject):
    """Asked by a window whether it may close."""

    def __init__(self, window: QWidget, sending: Sending) -> None:
        super().__init__(window)
        self._window = window
        self._sending = sending
        self._step = _Step.OPEN
        sending.ended.connect(self._ended)

    def may_close(self) -> bool:
        """Whether the window may close at once. In a run somebody is asked, and it may close later by itself."""
        if not self._sending.running:
            return True
        if self._step is _Step.OPEN:
            self._ask()
        return False

    def _ask(self) -> None:
        self._step = _Step.ASKED
        box = ask(
            self._window,
            "Codes are still being sent.",
            "Stopping sends to nobody else; calls in flight finish first. Everything is written down: at the next "
            "start the run can be resumed with those who are left.",
            "Stop and close",
            self._stop,
            no="Keep sending",
        )
        box.finished.connect(self._answered)

    def _stop(self) -> None:
        self._step = _Step.STOPPING
        if self._sending.running:
            self._sending.stop()
        else:
            self._ended()

    def _answered(self) -> None:
        if self._step is _Step.ASKED:
            self._step = _Step.OPEN

    def _ended(self) -> None:
        if self._step is _Step.STOPPING:
            # Not at once: others hear of the end of the run first.
            QTimer.singleShot(0, self._window, self._window.close)
