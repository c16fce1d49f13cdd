"""The client secret of a run, where the run cannot go on without somebody: asked for in place, kept once it works."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret, secret_problem
from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.patience import bounded
from confirmdesk.core.sending.run_secret import RunSecret
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button, mark_refused, text_field
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.tasks import Stream
from confirmdesk.ui.session import Session

# For how many seconds somebody may look for the keyring's password.
KEYRING_PATIENCE = 120.0
KEYRING_SILENT = Problem(
    "The keyring did not answer, so the run waits.",
    "It may want its password in a window behind this one. Unlock it and resume, or enter the secret here.",
)
WHILE_WANTED = "It goes into the keyring once AWS has taken it. Resume without one looks into the keyring again."
KEPT = "The new client secret works, and is in the keyring now."


class SecretRow(QWidget):
    """`secret` is what the run sends with. `entered` comes when somebody has typed one, `learned` when one has worked
    that was not the stored one."""

    entered = Signal()
    learned = Signal()

    def __init__(self, session: Session, connection: Connection, secret: Secret | None) -> None:
        """`secret` is the stored one where it has been read already."""
        super().__init__()
        self._session = session
        self._connection = connection
        worked: Stream[tuple[Secret, bool]] = session.tasks.stream(self, self._take_worked)
        self.secret = RunSecret(
            secret,
            connection.needs_secret,
            lambda: _stored(session, connection),
            lambda: _shown(session, connection),
            lambda secret, is_new: worked.put((secret, is_new)),
        )
        self._label = plain_label("Client secret")
        self._field = text_field("Client secret")
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._label.setBuddy(self._field)
        self._use = button("Use it and resume", "Use secret", "primary")
        self._note = StatusLine("Secret note", "secondary", wrap=True)
        self._lay_out()
        self._wanted = False
        self._show_wanted(False)
        self._field.textChanged.connect(self._typed)
        self._field.returnPressed.connect(self._enter)
        self._use.clicked.connect(self._enter)

    def _lay_out(self) -> None:
        row = NarrowRow()
        row.setSpacing(8)
        row.addWidget(self._label)
        row.addWidget(self._field, 1)
        row.addWidget(self._use)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self._note)

    def want(self, wanted: bool) -> None:
        """Whether the run waits for the secret."""
        if wanted is not self._wanted:
            self._show_wanted(wanted)
            if wanted:
                self._field.setFocus()

    def _show_wanted(self, wanted: bool) -> None:
        self._wanted = wanted
        self._field.clear()
        self._use.setEnabled(False)
        for part in (self._label, self._field, self._use):
            part.setVisible(wanted)
        self._say(WHILE_WANTED if wanted else "")

    def _say(self, text: str) -> None:
        self._note.show_text(text, announced=not self._wanted)
        self.setVisible(self._wanted or bool(text))

    def _typed(self) -> None:
        mark_refused(self._field)
        self._use.setEnabled(bool(self._field.text().strip()))

    def _enter(self) -> None:
        typed = self._field.text().strip()
        if not (self._wanted and typed):
            return
        if wrong := secret_problem(typed, self._connection.endpoint):
            mark_refused(self._field, wrong.text())
            self._say(wrong.text())
            return
        self.secret.enter(Secret(typed))
        self._field.clear()
        self.entered.emit()

    # Once it works

    def _take_worked(self, worked: list[tuple[Secret, bool]]) -> None:
        for secret, is_new in worked:
            self._session.secret_worked(self._connection.slot)
            if is_new:
                self._keep(secret)
                self.learned.emit()

    def _keep(self, secret: Secret) -> None:
        vault, slot = self._session.vault, self._connection.slot

        def for_session(problem: Problem) -> None:
            vault.keep_for_session(slot, secret)
            self._say(f"The new client secret works, and is kept until the program closes. {problem.sentence}")

        self._session.tasks.run(self, lambda: vault.keep(slot, secret), lambda _: self._say(KEPT), for_session)


def _stored(session: Session, connection: Connection) -> Secret | None:
    """In a worker: what the keyring has. It may ask somebody for its password, and never come back."""

    def read() -> Secret | Problem | None:
        try:
            return session.vault.read(connection.slot)
        except ConfirmdeskError as error:
            return error.problem

    silent: Secret | Problem | None = KEYRING_SILENT
    found = bounded(read, KEYRING_PATIENCE, silent)
    if isinstance(found, Problem):
        raise ConfirmdeskError(found)
    return found


def _shown(session: Session, connection: Connection) -> Secret | None:
    """In a worker: the one that AWS shows to whoever may read it."""
    from confirmdesk.core.cognito.control import Control

    return Control(session.aws, connection).client_facts().secret
