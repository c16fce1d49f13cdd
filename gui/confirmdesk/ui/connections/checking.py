"""*Check connection*: what AWS says of each part of it."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QPushButton

from confirmdesk.core.checks.connection import Checked, check_connection
from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret, secret_problem
from confirmdesk.core.errors import ConfirmdeskError
from confirmdesk.core.text import plain
from confirmdesk.ui.connections.questions import CLIENT, MARKS, Questions
from confirmdesk.ui.connections.secret_part import SecretPart
from confirmdesk.ui.kit.inputs import button


class Checking(QObject):
    """Owns the button; what it finds stands beside the buttons of the dialog."""

    def __init__(self, questions: Questions, secret: SecretPart) -> None:
        super().__init__(questions)
        self._questions = questions
        self._session = questions.session
        self._secret = secret
        self.button: QPushButton = button("Check connection", "Check connection")
        self.button.clicked.connect(self._check)

    def _check(self) -> None:
        connection, typed = self._questions.spelled(), self._secret.typed()
        if wrong := secret_problem(typed, connection.endpoint) if typed else None:
            self._questions.say_problem(wrong)
            return
        self._questions.say("Checking…", announced=False)

        def subject(spelled: Connection) -> object:
            return CLIENT(spelled), self._secret.typed()

        def job() -> Checked:
            return check_connection(self._session.aws, connection, Secret(typed) if typed else self._kept(connection))

        self._questions.ask(self.button, subject, job, self._show)

    def _kept(self, connection: Connection) -> Secret | None:
        try:
            return self._session.vault.read(connection.slot)
        except ConfirmdeskError:
            return None

    def _show(self, checked: Checked) -> None:
        lines = (f"{MARKS[answer.good]} {answer.what}: {plain(answer.sentence, 400)}" for answer in checked.answers)
        if checked.needs_secret is not None:
            self._secret.learn_need(checked.needs_secret)
        worked = self._secret.last_worked() if checked.needs_secret is not False else ""
        # Only a code that was sent proves it; a check sends none.
        told = [f"{MARKS[None]} Client secret: {worked}"] if worked else []
        self._questions.say("\n".join([*lines, *told]))
