"""When a widget has been painted."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QWidget


class Painted(QObject):
    """Knows whether one of `widgets` has been painted since it was last asked to forget."""

    def __init__(self, *widgets: QWidget) -> None:
        super().__init__()
        self.seen = False
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.seen = self.seen or event.type() == QEvent.Type.Paint
        return False

    def after(self, act: Callable[[], object], over: Callable[[], bool] | None = None) -> float:
        """Do `act` and turn the event loop until the painting is over; the seconds both took.

        Qt paints all that is due in one turn, so when a turn with a paint event has ended the picture is complete.
        """
        self.seen = False
        began = time.perf_counter()
        act()
        while not (over() if over else self.seen):
            QApplication.processEvents()
        return time.perf_counter() - began
