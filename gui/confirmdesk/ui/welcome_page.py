"""What somebody sees who has no connection yet."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from confirmdesk.practice.launch import INSTALL_COMMAND, available
from confirmdesk.ui.widgets import button, plain_label

PITCH = (
    "People who signed up and never got their code are stuck. Find them in your Amazon Cognito user pool, look at what "
    "will be sent, and send the codes again: to one person, or to everybody after a bad morning."
)


class WelcomePage(QWidget):
    """Two ways on: a connection of one's own, or practice without any AWS account."""

    create_requested = Signal()
    practice_requested = Signal()

    def __init__(self, icon: Path) -> None:
        super().__init__()
        picture = QLabel()
        picture.setPixmap(QIcon(str(icon)).pixmap(72, 72))
        heading = plain_label("Send confirmation codes again", "title")
        pitch = plain_label(PITCH, "quiet", wrap=True)
        pitch.setFixedWidth(480)
        self.create_button = button("Create a connection", "Create a connection", "primary")
        self.practice_button = button("Try the practice pool", "Try the practice pool")
        self.create_button.clicked.connect(self.create_requested)
        self.practice_button.clicked.connect(self.practice_requested)
        note = plain_label(self._practice_note(), "secondary", wrap=True)
        note.setFixedWidth(480)
        note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.create_button)
        row.addWidget(self.practice_button)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (picture, heading, pitch):
            widget.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        row_holder = QWidget()
        row_holder.setLayout(row)
        column.addSpacing(4)
        column.addWidget(row_holder, 0, Qt.AlignmentFlag.AlignHCenter)
        note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(note, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def _practice_note(self) -> str:
        if available():
            return (
                "The practice pool runs on this computer: invented people, no AWS account, nothing leaves the machine."
            )
        self.practice_button.setEnabled(False)
        return f"The practice pool is not part of this installation. Add it with: {INSTALL_COMMAND}"

    def set_busy(self, busy: bool) -> None:
        """While the practice pool starts."""
        self.create_button.setEnabled(not busy)
        self.practice_button.setEnabled(not busy and available())
        self.practice_button.setText("Starting the practice pool…" if busy else "Try the practice pool")
