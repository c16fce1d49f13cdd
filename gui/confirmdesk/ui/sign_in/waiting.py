"""A program that gives keys takes its time: which one, and a way to end it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from confirmdesk.core.aws.questions import ProgramWait
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, plain_label

WIDTH = 440
WHY = (
    "It gives the AWS keys of the connection's profile, and may want something from you in a window of its own, "
    "perhaps behind this one. After a minute it is ended."
)


class WaitingDialog(QDialog):
    """Covers nothing and takes no focus: whoever waits can do something else. However it is closed by somebody, the
    program is ended."""

    def __init__(self, parent: QWidget, wait: ProgramWait) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle("Signing in")
        status = StatusLine("Sign-in status", "title")
        cancel = button("Cancel", "Cancel sign-in")
        foot = NarrowRow()
        foot.addStretch()
        foot.addWidget(cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(status)
        column.addWidget(plain_label(WHY, "quiet", wrap=True))
        column.addSpacing(4)
        column.addLayout(foot)
        self.setFixedWidth(WIDTH)
        cancel.clicked.connect(self.reject)
        self.rejected.connect(wait.cancel)
        status.show_text(f"Waiting for {wait.name}…", announced=True)
