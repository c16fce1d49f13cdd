"""The real program in a process of its own, with somebody at it who only ever wants everybody served.

    program.py DATA_DIR PEOPLE [close] [unlocked] [wait]

Starts the application, resumes what was interrupted, else picks everybody and sends; ends with 0 when the run is over
or nobody is left to send to, with 3 when the program has something to tell and with 4 when the run will not go on: what
it says is printed. It is killed from outside at any moment; with `close` it is closed by hand as soon as three calls
are in flight. With `unlocked` no lock holds, as on a file system that has none. With `wait` it says READY before its
first press, and waits for a file called `go`.
"""

import fcntl
import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QWidget

from confirmdesk.ui.application import Application, Options, make_qt
from confirmdesk.ui.sending.flow import Stage

TELLS, STUCK = 3, 4
PRESSED_IN_TURN = ("Resume run", "Send codes", "Pick all shown", "Review and send")


def visible(name: str) -> QAbstractButton | None:
    over = QApplication.activeModalWidget()
    for window in [over] if over else QApplication.topLevelWidgets():
        for button in window.findChildren(QAbstractButton):
            if button.accessibleName() == name and button.isVisible() and button.isEnabled():
                return button
    return None


def close(window: QWidget) -> None:
    """As somebody does in mid-run: at the cross, then in the question."""
    over = QApplication.activeModalWidget()
    if not isinstance(over, QMessageBox):
        window.close()
        return
    next(button for button in over.buttons() if button.text() == "Stop and close").click()


def loaded(window: QWidget, people: str) -> bool:
    counts = [w for w in window.findChildren(QLabel) if w.accessibleName() == "User counts"]
    return any(label.text().startswith(f"{people} loaded") for label in counts)


def texts(window: QWidget) -> list[str]:
    return [label.text() for label in window.findChildren(QLabel) if label.isVisible()]


def end(app: QApplication, status: int, words: str) -> None:
    print(words, flush=True)
    app.exit(status)


class Patience:
    """Says once that everything is ready, and lets nothing be pressed before somebody says go."""

    def __init__(self, go: Path | None) -> None:
        self._go = go
        self._told = False

    def is_over(self) -> bool:
        if self._go and not self._told:
            self._told = True
            print("READY", flush=True)
        return self._go is None or self._go.exists()


def main() -> int:
    data, people, how = Path(sys.argv[1]), f"{int(sys.argv[2]):,}", sys.argv[3:]
    closes, patience, resumed = "close" in how, Patience(data / "go" if "wait" in how else None), [0]
    if "unlocked" in how:
        fcntl.flock = lambda handle, operation: None
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app = make_qt([])
    application = Application(app, Options(data_dir=data))
    application.open(False)

    def look() -> None:
        window = application.window
        assert window
        if window.sending.stage is Stage.OVER:
            app.quit()
            return
        panel = window.sending.panel
        if closes and panel is not None and (panel.campaign.in_flight >= 3 or QApplication.activeModalWidget()):
            close(window)
            return
        over = QApplication.activeModalWidget()
        if isinstance(over, QMessageBox):
            end(app, TELLS, over.text())
            return
        if over and "Nobody to send to" in texts(over):
            app.quit()
            return
        ready = window.runs.shown or loaded(window, people)
        if application.session and application.session.ledger and ready and not window.sending.running:
            if not patience.is_over():
                return
            button = next((found for name in PRESSED_IN_TURN if (found := visible(name))), None)
            if button is not None and not (button.accessibleName() == "Pick all shown" and visible("Review and send")):
                button.click()
            elif (review := visible("Review and send")) is not None:
                review.click()

    def go_on() -> None:
        """A run that paused by itself is resumed, but not for ever."""
        if (button := visible("Resume")) and application.window:
            resumed[0] += 1
            if resumed[0] > 2:
                end(app, STUCK, " ".join(texts(application.window)))
            button.click()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.timeout.connect(go_on)
    timer.start(20)
    status = app.exec()
    application.close()
    return status


if __name__ == "__main__":
    sys.exit(main())
