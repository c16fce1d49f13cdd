"""The least that a PySide6 program with a table can be, up to its first painted window."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView


class Window(QMainWindow):
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, self._painted)

    def _painted(self) -> None:
        print("painted", flush=True)
        self.close()


app = QApplication(sys.argv)
window = Window()
window.setCentralWidget(QTableView())
free = window.screen().availableGeometry()
window.resize(min(1280, free.width() - 8), min(800, free.height() - 40))
window.show()
sys.exit(app.exec())
