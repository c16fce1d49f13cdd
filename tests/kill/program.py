"""The real program in a process of its own, with somebody at it who only ever wants everybody served.

    program.py DATA_DIR PEOPLE [close]

Starts the application, resumes what was interrupted, else picks everybody and sends; ends with 0 when the run is over.
It is killed from outside at any moment; with `close` it is closed by hand as soon as three calls are in flight.
"""

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMessageBox, QWidget

from confirmdesk.ui.application import Application, Options, make_qt
from confirmdesk.ui.sending.flow import Stage

PRESSED_IN_TURN = ("Resume run", "Send codes", "Resume", "Pick all shown", "Review and send")


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


def main() -> int:
    data, people, closes = Path(sys.argv[1]), f"{int(sys.argv[2]):,}", sys.argv[3:] == ["close"]
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
        ready = window.runs.shown or loaded(window, people)
        if application.session and application.session.ledger and ready and not window.sending.running:
            button = next((found for name in PRESSED_IN_TURN if (found := visible(name))), None)
            if button is not None and not (button.accessibleName() == "Pick all shown" and visible("Review and send")):
                button.click()
            elif (review := visible("Review and send")) is not None:
                review.click()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    status = app.exec()
    application.close()
    return status


if __name__ == "__main__":
    sys.exit(main())
