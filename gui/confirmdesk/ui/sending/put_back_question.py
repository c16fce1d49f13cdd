"""Why many people who were left out are sent to all the same: asked once, and recorded with each of them."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from confirmdesk.core.text import count
from confirmdesk.ui.kit.inputs import button, text_field
from confirmdesk.ui.kit.labels import plain_label
from confirmdesk.ui.kit.messages import lay_out_typed_question

REASON = "Reason for putting back"


class PutBackQuestion(QDialog):
    """`answered` carries the reason; without one nobody goes back. Opened, never executed."""

    answered = Signal(str)

    def __init__(self, parent: QWidget, people: int) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Put back")
        self.setModal(True)
        self._why = text_field(REASON)
        self._go = button("Put them back", "Put them back", "primary")
        self._go.setEnabled(False)
        self._cancel = button("Cancel", "Cancel")
        self._lay_out(people)
        self._why.textChanged.connect(lambda: self._go.setEnabled(bool(self._why.text().strip())))
        self._go.clicked.connect(self._answer)
        self._cancel.clicked.connect(self.reject)
        self._why.setFocus()

    def _lay_out(self, people: int) -> None:
        said = "They were left out so that nobody gets a second code without need. Why are they sent to all the same?"
        more = plain_label(f"{said} The reason is recorded with each of them.")
        sentence = f"Put {count(people, 'person', 'people')} back?"
        lay_out_typed_question(self, sentence, more, self._why, self._cancel, self._go)

    def _answer(self) -> None:
        why = self._why.text().strip()
        # A second press, or one that an assistive tool makes while the dialog goes away, puts nobody back.
        if why and self.isVisible():
            self.accept()
            self.answered.emit(why)
