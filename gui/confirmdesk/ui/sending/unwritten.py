"""Closing the window while outcomes are not on the disk: they are written first, or somebody knows how many are not."""

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from confirmdesk.core.text import count
from confirmdesk.ui.kit.messages import ask_three
from confirmdesk.ui.session import Session


class Unwritten(QObject):
    """Asked by a window whether it may close."""

    def __init__(self, window: QWidget, session: Session) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._trying = self._given_up = False

    def may_close(self) -> bool:
        """Whether everything is on the disk. Else it is tried again, and the window may close later by itself."""
        ledger = self._session.ledger
        if ledger is None or not ledger.unwritten or self._given_up:
            return True
        self._try()
        return False

    def _try(self) -> None:
        ledger = self._session.ledger
        if ledger and not self._trying:
            self._trying = True
            self._session.tasks.run(self, ledger.write_rest, self._tried)

    def _tried(self, left: int) -> None:
        if not left:
            self._close()
            return
        box = ask_three(
            self._window,
            f"{count(left, 'outcome is', 'outcomes are')} not on the disk yet.",
            "The disk is full, or the record of sent codes cannot be written. Make room, then try again. If you close "
            "now, the next start knows nothing of what became of these people and asks about each.",
            ("Close all the same", self._give_up),
            ("Try again", self._try_again),
        )
        box.finished.connect(self._answered)

    def _answered(self) -> None:
        self._trying = False

    def _try_again(self) -> None:
        self._trying = False
        self._try()

    def _give_up(self) -> None:
        self._given_up = True
        self._close()

    def _close(self) -> None:
        self._trying = False
        QTimer.singleShot(0, self._window, self._window.close)
