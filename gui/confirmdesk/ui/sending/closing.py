"""Closing the window in a run: somebody is asked, the run stops, and the window goes when the last call is back, or
when that takes too long."""

from enum import Enum

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from confirmdesk.ui.kit.messages import ask
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.sending import Sending

# How long calls in flight may take after *Stop and close*, in milliseconds. The program is to be gone 5 s after the
# press, and what it closes at its end takes up to 1.5 s more.
PATIENCE_MS = 2_500


class _Step(Enum):
    OPEN = "nobody wants to close"
    ASKED = "the question stands"
    STOPPING = "the window goes when the run is over"
    LEAVING = "the window goes, and calls in flight are left behind"


class Closing(QObject):
    """Asked by a window whether it may close."""

    def __init__(self, window: QWidget, sending: Sending, patience_ms: int = PATIENCE_MS) -> None:
        super().__init__(window)
        self._window = window
        self._sending = sending
        self._step = _Step.OPEN
        self._patience = QTimer(self, singleShot=True, interval=patience_ms)
        self._patience.timeout.connect(self._leave)
        sending.entered.connect(self._entered)
        sending.ended.connect(self._ended)

    def may_close(self) -> bool:
        """Whether the window may close at once. In a run somebody is asked, also in one that is just written down, and
        it may close later by itself."""
        if not self._sending.committed or self._step is _Step.LEAVING:
            self._sending.give_up()
            return True
        if self._step is _Step.OPEN:
            self._ask()
        return False

    def _ask(self) -> None:
        self._step = _Step.ASKED
        box = ask(
            self._window,
            "Codes are still being sent.",
            "Stopping sends to nobody else, and calls in flight get a few seconds to finish. Whoever is in flight even "
            "then is unknown at the next start: the code may have been sent. Everything is written down: the run can "
            "be resumed with those who are left.",
            "Stop and close",
            self._stop,
            no="Keep sending",
        )
        box.finished.connect(self._answered)

    def _stop(self) -> None:
        self._step = _Step.STOPPING
        if self._sending.committed:
            self._entered(self._sending.stage)
        else:
            self._ended()

    def _entered(self, stage: Stage) -> None:
        if self._step is not _Step.STOPPING:
            return
        if stage is Stage.RUNNING:
            self._sending.stop()
            self._patience.start()
        elif stage is Stage.IDLE:
            self._ended()

    def _answered(self) -> None:
        if self._step is _Step.ASKED:
            self._step = _Step.OPEN

    def _ended(self) -> None:
        if self._step is _Step.STOPPING:
            # Not at once: others hear of the end of the run first.
            QTimer.singleShot(0, self._window, self._window.close)

    def _leave(self) -> None:
        # Their intents are on the disk, so at the next start they are unknown; their threads end with the program.
        self._step = _Step.LEAVING
        self._window.close()
