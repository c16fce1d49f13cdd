"""One person of the list: what is known, what helps, and a code for nobody else."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QFormLayout, QVBoxLayout, QWidget

from confirmdesk.core.people.statuses import what_helps
from confirmdesk.core.people.users import User
from confirmdesk.core.text import plain
from confirmdesk.ui.kit.eliding import ElidedLabel, NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.screen import fit, scrolling

Fact = tuple[str, str]
WIDTH = 460


class PersonDialog(QDialog):
    """`send_requested` carries the person; it sends nothing itself."""

    send_requested = Signal(object)

    def __init__(self, parent: QWidget, user: User, facts: Sequence[Fact]) -> None:
        """`facts` are what the list shows of `user`, each with its heading."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Person")
        self._user = user
        self._send = button("Send code…", "Send code", "primary")
        self._send.setDefault(True)
        self._close = button("Close", "Close person")
        helps = StatusLine("What helps this person", "", wrap=True)
        helps.show_text(what_helps(user))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        for heading, text in facts:
            form.addRow(plain_label(heading, "quiet"), ElidedLabel(text))
        foot = NarrowRow()
        foot.addStretch()
        foot.addWidget(self._close)
        foot.addWidget(self._send)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        known = QVBoxLayout()
        known.setSpacing(12)
        known.addLayout(form)
        known.addWidget(helps)
        known.addStretch()
        column.addWidget(ElidedLabel(plain(user.label, 200), "title"))
        column.addWidget(scrolling(known), 1)
        column.addLayout(foot)
        self.setMinimumWidth(WIDTH)
        fit(self, WIDTH)
        self._close.clicked.connect(self.reject)
        self._send.clicked.connect(self._ask_to_send)
        self._send.setFocus()

    def _ask_to_send(self) -> None:
        self.accept()
        self.send_requested.emit(self._user)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The key that opened this may still be held.
        if not event.isAutoRepeat():
            super().keyPressEvent(event)
