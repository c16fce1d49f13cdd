"""People of any status in the whole pool, each with what helps them."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from confirmdesk.core.cognito.control import Control
from confirmdesk.core.cognito.lookup import Found, look_up, whom
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.people.statuses import status_words, what_helps
from confirmdesk.core.people.users import UNCONFIRMED, User
from confirmdesk.core.text import count, plain
from confirmdesk.ui.kit.eliding import ElidedLabel, NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine
from confirmdesk.ui.kit.screen import fit, scrolling
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.tables import Column, RecordsModel, make_table
from confirmdesk.ui.session import Session
from confirmdesk.ui.users.model import UsersModel

# Entries of a list that are named when they are not loaded.
NAMED = 8


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant; `near` where the address is another one by a slip."""

    user: User
    near: bool = False

    def advice(self) -> str:
        if self.near and self.user.status == UNCONFIRMED and not self.user.phone:
            return (
                "Nearly this address, perhaps mistyped at sign-up: then a code would not reach the customer, who can "
                "sign up again with the right one."
            )
        if self.near:
            return f"Nearly this address, perhaps mistyped at sign-up. {what_helps(self.user)}"
        return what_helps(self.user)


COLUMNS: tuple[Column[Candidate], ...] = (
    Column("E-mail", lambda candidate: candidate.user.email or "—", 200),
    Column("Name", lambda candidate: candidate.user.name or "—", 120),
    Column("Phone", lambda candidate: candidate.user.phone or "—", 120),
    Column("Status", lambda candidate: status_words(candidate.user), 150),
    Column("What helps", Candidate.advice),
)


def look_in_whole_pool(parent: QWidget, session: Session, connection: Connection, model: UsersModel, text: str) -> None:
    """Look for `text` in the pool of `connection` and show who was found; who is picked there joins `model`."""
    here, loaded = model.matching(text), model.users()
    dialog = LookupDialog(parent, text)
    dialog.picked.connect(lambda user: model.add_user(user, picked=True))
    dialog.open()
    session.tasks.run(
        dialog,
        lambda: look_up(lambda: Control(session.aws, connection), text, here, loaded),
        dialog.show_found,
        dialog.show_problem,
    )


class LookupDialog(QDialog):
    """Opens at once and fills when the answer comes. `picked` carries one unconfirmed person."""

    picked = Signal(object)

    def __init__(self, parent: QWidget, text: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Look in the whole pool")
        self._text = plain(whom(text), 60)
        self._model = RecordsModel(COLUMNS, self)
        self._table = make_table("Whole pool results", self._model)
        self._status = StatusLine("Whole pool status", "quiet", wrap=True)
        # The table cuts what is long; what helps the chosen person is also there in full.
        self._advice = StatusLine("What helps this person", "secondary", wrap=True)
        self._pick = button("Pick this person", "Pick this person", "primary")
        close = button("Close", "Close lookup")
        heading = ElidedLabel(f"“{self._text}” in the whole pool" if self._text else "A pasted list", "title")
        row = NarrowRow()
        row.addStretch()
        row.addWidget(close)
        row.addWidget(self._pick)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(12)
        answer = QVBoxLayout()
        answer.setSpacing(12)
        answer.addWidget(self._status)
        answer.addWidget(self._table, 1)
        answer.addWidget(self._advice)
        column.addWidget(heading)
        column.addWidget(scrolling(answer), 1)
        column.addLayout(row)
        self._pick.setEnabled(False)
        self._pick.clicked.connect(self._pick_chosen)
        close.clicked.connect(self.reject)
        self._table.selectionModel().currentRowChanged.connect(self._show_chosen)
        self._status.show_text("Asking AWS…")
        fit(self, 960, 420)

    def show_found(self, found: Found) -> None:
        """Who was found, those with nearly that address first."""
        near = [Candidate(user, near=True) for user in found.near]
        self._model.show([*near, *map(Candidate, (*found.people, *found.known))])
        if self._model.rowCount():
            self._table.selectRow(0)
            self._table.setFocus()
        said = self._list_sentences(found) if found.listed else self._sentences(found)
        text = " ".join(filter(None, said))
        self._status.show_text(text)
        announce(self, text)

    def show_problem(self, problem: Problem) -> None:
        self._status.show_text(problem.text(), announced=True)

    def _sentences(self, found: Found) -> list[str]:
        near = count(len(found.near), "person among those loaded has", "people among those loaded have")
        said = [f"{near} nearly this address."] if found.near else []
        if found.people:
            said.append(f"{count(len(found.people), 'person', 'people')} found by exact match or beginning.")
        if found.known:
            more = "more " if found.people else ""
            said.append(f"{count(len(found.known), f'{more}person', f'{more}people')} among those loaded.")
        if found.problem:
            return [*said, found.problem.text()]
        if found.people or found.known:
            return said
        who = "Nobody else" if said else "Nobody"
        return [
            *said,
            f"{who} has “{self._text}” as e-mail, phone number, name, user name or ID, nor anything that begins so.",
            "" if said else "The customer may have signed up with another address.",
        ]

    def _list_sentences(self, found: Found) -> list[str]:
        missing = ", ".join(plain(entry, 60) for entry in found.missing[:NAMED])
        more = len(found.missing) - NAMED
        missing += f" and {more:,} more" if more > 0 else ""
        here = found.listed - len(found.missing)
        return [
            f"{here:,} of {found.listed:,} are among those loaded.",
            f"Not loaded: {missing}." if missing else "",
            "A list is not looked for in the whole pool: look for those one at a time." if missing else "",
        ]

    def _chosen(self) -> Candidate | None:
        row = self._table.currentIndex().row()
        return self._model.record(row) if 0 <= row < self._model.rowCount() else None

    def _show_chosen(self) -> None:
        chosen = self._chosen()
        self._pick.setEnabled(chosen is not None and chosen.user.status == UNCONFIRMED)
        self._advice.show_text(chosen.advice() if chosen else "")

    def _pick_chosen(self) -> None:
        if chosen := self._chosen():
            self.picked.emit(chosen.user)
            self.accept()
