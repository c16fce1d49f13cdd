"""Python's cyclic garbage, collected in the GUI thread only.

Left alone, Python collects in whatever thread allocates next. A closed dialog is cyclic garbage, so a worker would
destroy Qt's objects in its own thread: that crashes, or hangs where each thread waits for the other's lock.
"""

import gc
import time
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

LOOK_MS = 100
# Allocations, less what was freed since, after which young objects are looked at: Python's own number.
YOUNG = 700
# Collections of young objects after which the oldest are due: Python's own number.
OLDEST_AFTER = 10
# Nobody has touched anything for so long, in milliseconds, before the oldest are looked at.
QUIET_MS = 3_000
# What took longer than these seconds is not looked at again: modules, and the rows of large pools.
LONG = 0.05
INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.InputMethod,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
    }
)


class Collector(QObject):
    """Make it in the GUI thread, before any worker starts. From then on nothing is collected anywhere else.

    Young objects are looked at ten times a second, which takes a millisecond or two whatever is listed: whoever
    outlives one look is old. The oldest, which may take a tenth of a second, are looked at when nothing is under way
    (`is_busy`) and nobody types or moves the mouse.
    """

    def __init__(self, application: QCoreApplication, is_busy: Callable[[], bool]) -> None:
        super().__init__(application)
        self._application = application
        gc.disable()
        self._is_busy = is_busy
        self._watching = False
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._quiet = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._quiet.timeout.connect(self._collect_oldest)

    def _look(self) -> None:
        if gc.get_count()[0] >= YOUNG:
            gc.collect(1)
        if gc.get_count()[2] >= OLDEST_AFTER and not self._quiet.isActive() and not self._is_busy():
            self._watch(True)
            self._quiet.start()

    def _watch(self, wanted: bool) -> None:
        # Each event passes through Python while it is watched, so only while the oldest are due.
        if wanted != self._watching:
            self._watching = wanted
            (self._application.installEventFilter if wanted else self._application.removeEventFilter)(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: ARG002 (Qt's signature)
        if event.type() in INPUT:
            self._quiet.start()
        return False

    def _collect_oldest(self) -> None:
        self._watch(False)
        if self._is_busy():
            return
        began = time.perf_counter()
        gc.collect()
        if time.perf_counter() - began > LONG:
            gc.freeze()
