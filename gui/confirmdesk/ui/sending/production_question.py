"""The last question before many people in production are sent to: the pool's name, typed."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QWidget

from confirmdesk.core.text import count, plain
from confirmdesk.ui.kit.eliding import foldable
from confirmdesk.ui.kit.inputs import button, text_field
from confirmdesk.ui.kit.labels import plain_label
from confirmdesk.ui.kit.messages import lay_out_typed_question


class ProductionQuestion(QDialog):
    """Accepted only with the very name; until it is typed Return does nothing. Opened, never executed."""

    def __init__(self, parent: QWidget, pool_name: str, people: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Send to production")
        self.setModal(True)
        self._pool_name = pool_name.strip()
        self._name = text_field("Type the pool name")
        self._send = button("Send to production", "Send to production", "primary")
        self._back = button("Back to review", "Back to review")
        self._lay_out(people)
        self._send.setEnabled(False)
        self._name.textChanged.connect(self._enable)
        self._send.clicked.connect(self._accept_once)
        self._back.clicked.connect(self.reject)
        self._name.setFocus()

    def _lay_out(self, people: int) -> None:
        shown = foldable(plain(self._pool_name, 200))
        more = plain_label(f"Type the pool's name, “{shown}”, to send. A code that was sent cannot be called back.")
        sentence = f"Send to {count(people, 'person', 'people')} in production?"
        lay_out_typed_question(self, sentence, more, self._name, self._back, self._send)

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
