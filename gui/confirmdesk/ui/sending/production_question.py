"""The last question before many people in production are sent to: the pool's name, typed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from confirmdesk.core.text import count, plain
from confirmdesk.ui.kit.eliding import foldable
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import plain_label, warning_icon


class ProductionQuestion(QDialog):
    """Accepted only with the very name; until it is typed Return does nothing. Opened, never executed."""

    def __init__(self, parent: QWidget, pool_name: str, people: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Send to production")
        self.setModal(True)
        self._pool_name = pool_name.strip()
        self._name = QLineEdit()
        self._name.setAccessibleName("Type the pool name")
        self._send = button("Send to production", "Send to production", "primary")
        self._back = button("Back to review", "Back to review")
        self._lay_out(people)
        self._send.setEnabled(False)
        self._name.textChanged.connect(self._enable)
        self._send.clicked.connect(self._accept_once)
        self._back.clicked.connect(self.reject)
        self._name.setFocus()

    def _lay_out(self, people: int) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(warning_icon(self))
        head.addWidget(
            plain_label(f"Send to {count(people, 'person', 'people')} in production?", "title", wrap=True), 1
        )
        shown = foldable(plain(self._pool_name, 200))
        label = plain_label(f"Type the pool's name, “{shown}”, to send. A code that was sent cannot be called back.")
        label.setWordWrap(True)
        label.setBuddy(self._name)
        label.setAccessibleName("Type the pool name")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addStretch()
        foot.addWidget(self._back)
        foot.addWidget(self._send)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(label)
        column.addWidget(self._name)
        column.addSpacing(4)
        column.addLayout(foot)
        self.setMinimumWidth(440)

    def _matches(self) -> bool:
        return bool(self._pool_name) and self._name.text().strip() == self._pool_name

    def _enable(self) -> None:
        self._send.setEnabled(self._matches())
        self._send.setDefault(self._matches())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # A key that is held from another window sends nothing here.
        if not event.isAutoRepeat():
            super().keyPressEvent(event)

    def _accept_once(self) -> None:
        # A second press, or one that an assistive tool makes while the dialog goes away, sends nothing.
        if self._matches() and self.isVisible():
            self.accept()
