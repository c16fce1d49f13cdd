"""People of any status in the whole pool, each with what helps them."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.people.statuses import status_words, what_helps
from confirmdesk.core.people.users import UNCONFIRMED, User
from confirmdesk.core.text import count, plain
from confirmdesk.ui.kit.eliding import ElidedLabel, NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine
from confirmdesk.ui.kit.screen import fit
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.tables import Column, RecordsModel, make_table
from confirmdesk.ui.session import Session

COLUMNS: tuple[Column[User], ...] = (
    Column("E-mail", lambda user: user.email or "—", 200),
    Column("Name", lambda user: user.name or "—", 120),
    Column("Phone", lambda user: user.phone or "—", 120),
    Column("Status", status_words, 150),
    Column("What helps", what_helps),
)


class LookupDialog(QDialog):
    """Opens at once and fills when the answer comes. `picked` carries one unconfirmed person."""

    picked = Signal(object)

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Look in the whole pool")
        self._text = plain(text, 60)
        self._model = RecordsModel(COLUMNS, self)
        self._table = make_table("Whole pool results", self._model)
        self._status = StatusLine("Whole pool status", "quiet", wrap=True)
        self._pick = button("Pick this person", "Pick this person", "primary")
        close = button("Close", "Close lookup")
        heading = ElidedLabel(f"“{self._text}” in the whole pool", "title")
        row = NarrowRow()
        row.addStretch()
        row.addWidget(close)
        row.addWidget(self._pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        column.addWidget(heading)
        column.addWidget(self._status)
        column.addWidget(self._table, 1)
        column.addLayout(row)
        self._pick.setEnabled(False)
        self._pick.clicked.connect(self._pick_chosen)
        close.clicked.connect(self.reject)
        self._table.selectionModel().currentRowChanged.connect(self._enable)
        self._status.show_text("Asking AWS…")
        fit(self, 960, 380)

    def show_people(self, users: Sequence[User]) -> None:
        self._model.show(users)
        if users:
            text = f"{count(len(users), 'person', 'people')} found by exact match or beginning."
            self._table.selectRow(0)
            self._table.setFocus()
        else:
            text = (
                f"Nobody has “{self._text}” as e-mail, phone number, user name or ID, nor anything that begins so. "
                "Names cannot be searched here. The customer may have signed up with another address."
            )
        self._status.show_text(text)
        announce(self, text)

    def show_problem(self, problem: Problem) -> None:
        self._status.show_text(problem.text(), announced=True)

    def _chosen(self) -> User | None:
        row = self._table.currentIndex().row()
        return self._model.record(row) if 0 <= row < self._model.rowCount() else None

    def _enable(self) -> None:
        chosen = self._chosen()
        self._pick.setEnabled(chosen is not None and chosen.status == UNCONFIRMED)

    def _pick_chosen(self) -> None:
        if chosen := self._chosen():
            self.picked.emit(chosen)
            self.accept()


def look_in_whole_pool(
    window: QWidget, session: Session, connection: Connection, text: str, picked: Callable[[User], None]
) -> LookupDialog:
    """Ask `connection`'s pool for whoever `text` names; who is picked there goes to `picked`."""
    from confirmdesk.core.cognito.control import Control

    dialog = LookupDialog(window, text)
    dialog.picked.connect(picked)
    dialog.open()
    session.tasks.run(
        dialog, lambda: Control(session.aws, connection).find(text), dialog.show_people, dialog.show_problem
    )
    return dialog
