"""Why many people who were left out are sent to all the same: asked once, and recorded with each of them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from confirmdesk.core.text import count
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import plain_label, warning_icon

REASON = "Reason for putting back"


class PutBackQuestion(QDialog):
    """`answered` carries the reason; without one nobody goes back. Opened, never executed."""

    answered = Signal(str)

    def __init__(self, parent: QWidget, people: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Put back")
        self.setModal(True)
        self._why = QLineEdit()
        self._why.setAccessibleName(REASON)
        self._go = button("Put them back", "Put them back", "primary")
        self._go.setEnabled(False)
        self._cancel = button("Cancel", "Cancel")
        self._lay_out(people)
        self._why.textChanged.connect(lambda: self._go.setEnabled(bool(self._why.text().strip())))
        self._go.clicked.connect(self._answer)
        self._cancel.clicked.connect(self.reject)
        self._why.setFocus()

    def _lay_out(self, people: int) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(warning_icon(self))
        head.addWidget(plain_label(f"Put {count(people, 'person', 'people')} back?", "title", wrap=True), 1)
        said = "They were left out so that nobody gets a second code without need. Why are they sent to all the same?"
        label = plain_label(f"{said} The reason is recorded with each of them.", wrap=True)
        label.setBuddy(self._why)
        label.setAccessibleName(REASON)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch()
        foot.addWidget(self._cancel)
        foot.addWidget(self._go)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(label)
        column.addWidget(self._why)
        column.addSpacing(4)
        column.addLayout(foot)
        self.setMinimumWidth(440)

    def _answer(self) -> None:
        why = self._why.text().strip()
        # A second press, or one that an assistive tool makes while the dialog goes away, puts nobody back.
        if why and self.isVisible():
            self.accept()
            self.answered.emit(why)
