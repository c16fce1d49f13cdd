"""What somebody sees who has no connection yet."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, plain_label

PITCH = (
    "People who signed up and never got their code are stuck. Find them in your Amazon Cognito user pool, look at what "
    "will be sent, and send the codes again: to one person, or to everybody after a bad morning."
)
FOR_IT = "Nobody has told you what to enter? Your IT department knows it: this text tells them what you need."
COLUMN = 480


class WelcomePage(QWidget):
    """Two ways on: a connection of one's own, or practice without any AWS account."""

    create_requested = Signal()
    practice_requested = Signal()

    def __init__(self, icon: Path) -> None:
        super().__init__()
        self._icon = icon
        self.create_button = button("Create a connection", "Create a connection", "primary")
        self.practice_button = button("Try the practice pool", "Try the practice pool")
        self.create_button.clicked.connect(self.create_requested)
        self.practice_button.clicked.connect(self.practice_requested)

    def showEvent(self, event: QShowEvent) -> None:
        # Most people never see this page again, and a picture alone takes as long as all the rest of the window.
        if not self.layout():
            self._lay_out()
        super().showEvent(event)

    def _lay_out(self) -> None:
        picture = QLabel()
        picture.setPixmap(QIcon(str(self._icon)).pixmap(72, 72))
        heading = plain_label("Send confirmation codes again", "title")
        pitch = plain_label(PITCH, "quiet", wrap=True)
        note = plain_label(self._practice_note(), "secondary", wrap=True)
        note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for label in (picture, heading, pitch, note):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addStretch()
        row.addWidget(self.create_button)
        row.addWidget(self.practice_button)
        row.addStretch()
        # A column of its own width: wrapped labels get the height they need only from a layout that fills them.
        middle = QWidget()
        middle.setFixedWidth(COLUMN)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addStretch(2)
        for widget in (picture, heading, pitch):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addLayout(row)
        column.addWidget(note)
        column.addSpacing(12)
        self._add_request(column)
        column.addStretch(3)
        whole = QHBoxLayout(self)
        whole.addStretch()
        whole.addWidget(middle)
        whole.addStretch()
        middle.show()  # in the middle of being shown, a page leaves newcomers to the next turn of the event loop

    def _add_request(self, column: QVBoxLayout) -> None:
        told = StatusLine("Request for IT", "secondary", wrap=True)
        told.setAlignment(Qt.AlignmentFlag.AlignCenter)
        told.show_text(FOR_IT)
        copy = button("Copy request for IT", "Copy request for IT", "link")
        copy.clicked.connect(lambda: self._copy_request(told))
        column.addWidget(told)
        column.addWidget(copy, 0, Qt.AlignmentFlag.AlignCenter)

    def _copy_request(self, told: StatusLine) -> None:
        # It knows pools and rights; the first paint needs neither.
        from confirmdesk.ui.connections.for_it import copy_request

        told.show_text(copy_request(Connection("", "", "", "")), announced=True)

    def _practice_note(self) -> str:
        from confirmdesk.practice.launch import INSTALL_COMMAND, available

        if available():
            return (
                "The practice pool runs on this computer: invented people, no AWS account, nothing leaves the machine."
            )
        self.practice_button.setEnabled(False)
        return f"The practice pool is not part of this installation. Add it with: {INSTALL_COMMAND}"
