"""The real program in a process of its own, with somebody at it who opens and closes what there is to open.

    program.py DATA_DIR SCENE[*TIMES]...

Meanwhile jobs in the background make garbage, and the collector has hardly any patience. At the end the program tells,
as JSON, how many Qt objects were freed in which thread, and how much
memory it had after each rest. A crash is a status below zero.
"""

import faulthandler
import gc
import json
import resource
import signal
import sys
import weakref
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import watch

watch.watch_everything()

from PySide6.QtCore import QObject, QPoint, Qt, QTimer  # noqa: E402 (watched from the first object on)
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget  # noqa: E402

from confirmdesk.ui.application import Application, Options, make_qt  # noqa: E402

# An allocation in a worker starts a collection there, unless collecting is switched off.
IMPATIENT = (60, 4, 4)
# A scene that does not go on for so long is stuck, in milliseconds.
PATIENCE_MS = 30_000
Condition = Callable[[], object]
Scene = Iterator[Condition]


def found(name: str, kind: type[QWidget] = QAbstractButton) -> QWidget | None:
    """What somebody can press now: nothing that a dialog covers."""
    over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
    for window in [over] if over else [w for w in QApplication.topLevelWidgets() if w.isVisible()]:
        for widget in (window, *window.findChildren(kind)):
            inner = isinstance(widget, QLineEdit) and isinstance(widget.parent(), QComboBox)
            named = isinstance(widget, kind) and (
                widget.accessibleName() == name or (isinstance(widget, QAbstractButton) and plain(widget) == name)
            )
            if named and widget.isVisible() and widget.isEnabled() and not inner:
                return widget
    return None


def plain(button: QAbstractButton) -> str:
    return button.text().replace("&", "")


def click(widget: QWidget, spot: QPoint | None = None) -> None:
    """Where a hand would, through the window system."""
    window = widget.window().windowHandle()
    QTest.mouseClick(
        window, Qt.MouseButton.LeftButton, pos=widget.mapTo(widget.window(), spot or widget.rect().center())
    )


def can_press(name: str) -> Condition:
    return partial(found, name)


def press(name: str) -> None:
    widget = found(name)
    assert widget, name
    click(widget)


def line(name: str) -> str:
    label = found(name, QLabel)
    return label.text() if isinstance(label, QLabel) else ""


def listed() -> bool:
    return "loaded" in line("User counts") and not found("Stop loading") and QApplication.activeModalWidget() is None


class Desk:
    """The scenes. Each yields what it waits for."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self.allocating = True
        self.memory: list[int] = []

    def connections(self) -> Scene:
        """Edit the connection, save it, see its people."""
        yield can_press("Edit connection")
        press("Edit connection")
        yield can_press("Save connection")
        press("Save connection")
        yield listed

    def dialogs(self) -> Scene:
        """What is opened and left again."""
        yield can_press("New connection")
        press("New connection")
        yield can_press("Discard connection")
        press("Discard connection")
        yield can_press("History")
        press("History")
        yield can_press("Close history")
        press("Close history")
        yield listed
        window = self._application.window
        assert window
        window.activateWindow()  # which a window manager does when a dialog goes
        yield window.isActiveWindow
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_F1)
        yield can_press("Close about")
        press("Close about")
        yield listed
        window.activateWindow()
        yield window.isActiveWindow
        QTest.keyClick(window.windowHandle(), Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
        yield can_press("Save settings")
        press("Save settings")
        yield listed

    def runs(self) -> Scene:
        """Somebody is reviewed, sent to, and left again."""
        yield can_press("Pick all shown")
        press("Pick all shown")
        yield can_press("Review and send")
        press("Review and send")
        yield lambda: found("Cancel") or found("Send codes")
        if found("Send codes"):
            press("Send codes")
            yield can_press("Close run")
            press("Close run")
        else:
            press("Cancel")
        yield listed

    def practice(self) -> Scene:
        """Into the practice pool and out again."""
        self._application.window.practice_requested.emit()  # type: ignore[union-attr]
        yield lambda: self._application.session.practice and listed()  # type: ignore[union-attr]
        self._application.window.leave_requested.emit()  # type: ignore[union-attr]
        yield lambda: not self._application.session.practice and listed()  # type: ignore[union-attr]

    def rest(self) -> Scene:
        """Nobody does anything, and nothing is under way, till the oldest garbage is collected."""
        self.allocating = False
        old = QObject()
        gc.collect(1)  # which leaves it among the oldest
        old.itself = old  # type: ignore[attr-defined]
        gone = weakref.ref(old)
        del old
        yield lambda: make_garbage() and gone() is None
        self.memory.append(memory())
        self.allocating = True


class Play:
    """Goes on with the scene as soon as what it waits for is there."""

    def __init__(self, desk: Desk, scenes: list[str], over: Callable[[], None], parent: QObject) -> None:
        self._script = self._act(desk, scenes)
        self._over = over
        self._waits: Condition = listed
        self.stuck = ""
        self._patience = QTimer(parent, interval=PATIENCE_MS, singleShot=True)
        self._patience.timeout.connect(self._give_up)
        self._patience.start()
        self._timer = QTimer(parent)
        self._timer.timeout.connect(self._look)
        self._timer.start(1)

    def _act(self, desk: Desk, scenes: list[str]) -> Scene:
        for scene in scenes:
            name, _, times = scene.partition("*")
            for _ in range(int(times or 1)):
                yield from getattr(desk, name)()

    def _look(self) -> None:
        if not self._waits():
            return
        try:
            self._waits = next(self._script)
            self._patience.start()
        except StopIteration:
            self._timer.stop()
            self._over()

    def _give_up(self) -> None:
        windows = [type(w).__name__ for w in QApplication.topLevelWidgets() if w.isVisible()]
        self.stuck = f"waited for {self._waits}, with {windows} open"
        self._over()


def memory() -> int:
    """In bytes, as the system counts it now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def make_garbage() -> bool:
    for _ in range(1_000):
        circle: list[object] = []
        circle.append(circle)
    return True


def keep_allocating(application: Application, desk: Desk) -> None:
    """Jobs in the background, all the time, that make what a collector looks at."""

    def begin() -> None:
        if desk.allocating:
            application.tasks.run(application, make_garbage, lambda _: None)

    timer = QTimer(application)
    timer.timeout.connect(begin)
    timer.start(5)


def main() -> int:
    faulthandler.enable()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = make_qt([])
    application = Application(app, Options(data_dir=Path(sys.argv[1]), theme="light"))
    application.open(False)
    gc.set_threshold(*IMPATIENT)
    desk = Desk(application)
    keep_allocating(application, desk)
    play = Play(desk, sys.argv[2:], app.quit, application)
    app.exec()
    answer = {
        "stuck": play.stuck,
        "freed": watch.freed,
        "in_workers": watch.in_workers,
        "memory": desk.memory,
    }
    application.close()
    print(json.dumps(answer), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
