"""The client secret in the dialog: typed, read from AWS, kept in the keyring, forgotten."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from confirmdesk.core.cognito.control import ClientFacts
from confirmdesk.core.connections.connection import Connection, SecretSlot
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import Problem
from confirmdesk.core.text import plain
from confirmdesk.core.times import clock, date
from confirmdesk.ui.connections.form import ConnectionForm
from confirmdesk.ui.connections.questions import CLIENT, DialogQuestions, unimportant
from confirmdesk.ui.kit.messages import ask, show_problem


class SecretPart(QObject):
    """`before` is the connection as it is saved, None for a new one."""

    def __init__(
        self, questions: DialogQuestions, form: ConnectionForm, before: Connection | None, is_preset: bool
    ) -> None:
        super().__init__(questions)
        self._questions = questions
        self._session = questions.session
        self._form = form
        self._before = before
        self._is_preset = is_preset
        self._stored: bool | None = None
        form.read_secret.clicked.connect(self._read)
        form.forget_secret.clicked.connect(self._forget)
        form.secret.textChanged.connect(self.show)

    def look_in_keyring(self) -> None:
        if self._before:
            slot, vault = self._before.slot, self._session.vault
            self._session.tasks.run(self, lambda: vault.read(slot) is not None, self._learn_stored, unimportant)

    def _learn_stored(self, stored: bool) -> None:
        self._stored = stored
        self.show()

    def learn_need(self, needed: bool) -> None:
        """Whether the app client that is shown needs a secret."""
        self._form.learn_secret_need(needed)
        self.show()

    def typed(self) -> str:
        return self._form.secret.text().strip()

    def _read(self) -> None:
        self._questions.ask_aws(self._form.read_secret, CLIENT, lambda control: control.client_facts(), self._take)

    def _take(self, facts: ClientFacts) -> None:
        self.learn_need(facts.secret is not None)
        if facts.secret:
            self._form.secret.setText(facts.secret.reveal())
            self._questions.say_good("The secret was read; saving puts it into the keyring.")
        else:
            self._questions.say_good("This app client has no secret and needs none.")

    def _forget(self) -> None:
        slot = self._questions.spelled().slot
        self._form.secret.clear()
        if other := self.other_user_of(slot):
            self._questions.say(f"A stored secret stays in the keyring: {other} uses it too.")
        else:
            self._session.tasks.run(self, lambda: self._session.vault.forget(slot), lambda _: self._forgotten(slot))

    def _forgotten(self, slot: SecretSlot) -> None:
        self._session.secret_changed(slot)
        if self._before and slot == self._before.slot:
            self._learn_stored(False)

    def other_user_of(self, slot: SecretSlot) -> str:
        """Another saved connection that needs the same secret, as a person calls it, or ""."""
        own = self._before.name if self._before else ""
        others = (c.name for c in self._session.connections if c.name != own and c.slot == slot)
        name = next(others, "")
        return name and f"the connection “{plain(name, 60)}”"

    def show(self) -> None:
        """What is known of the secret of the app client that the fields spell."""
        spelled = self._questions.spelled()
        stored = bool(self._stored and self._before and spelled.slot == self._before.slot)
        if self._form.secret.text():
            note = "Saving puts it into the keyring of this computer, and nowhere else."
        elif stored:
            session_only = self._session.vault.only_for_session(spelled.slot)
            where = "kept until the program closes" if session_only else "stored in the keyring"
            note = f"A secret is {where}.{self._worked(spelled.slot)} Type another one to replace it."
        elif spelled.needs_secret is False and self._is_preset:
            note = "Your administrator set that this app client has no secret."
        elif spelled.needs_secret is False:
            note = "This app client has no secret and needs none."
        elif spelled.needs_secret:
            note = "This app client needs its secret. Enter it, or read it from AWS."
        else:
            note = "Only needed where the app client has one."
        self._form.secret_note.setText(note)
        self._form.secret.setPlaceholderText("stored" if stored else "")
        self._form.forget_secret.setEnabled(stored or bool(self._form.secret.text()))

    def _worked(self, slot: SecretSlot) -> str:
        at = self._session.last_worked(slot)
        return f" It last worked on {date(at)} at {clock(at)}." if at else ""

    def last_worked(self) -> str:
        """When a code was last sent with the secret that is used, as a sentence; "" where nobody knows."""
        return "" if self.typed() else self._worked(self._questions.spelled().slot).strip()

    def keep(self, connection: Connection, done: Callable[[Connection], None], failed: Callable[[], None]) -> None:
        """Store what was typed as the secret of `connection`, which then needs it, and go on with `done`."""
        typed, vault = Secret(self.typed()), self._session.vault
        connection = replace(connection, needs_secret=True)

        def kept(connection: Connection) -> None:
            self._session.secret_changed(connection.slot)
            done(connection)

        def offer_session(problem: Problem) -> None:
            failed()
            self._offer_session(connection, typed, problem, kept)

        self._session.tasks.run(
            self, lambda: vault.keep(connection.slot, typed), lambda _: kept(connection), offer_session
        )

    def _offer_session(
        self, connection: Connection, secret: Secret, problem: Problem, done: Callable[[Connection], None]
    ) -> None:
        def keep() -> None:
            self._session.vault.keep_for_session(connection.slot, secret)
            done(connection)

        more = f"{problem.hint} The secret is never written to a file."
        ask(self._form.window(), problem.sentence, more, "Keep for this session only", keep)

    def forget_of_deleted(self, owner: QWidget) -> None:
        """The connection goes, and its secret with it. `owner` is still there when that is over."""
        assert self._before
        slot, vault = self._before.slot, self._session.vault
        if not self.other_user_of(slot):
            # The keyring may be gone; the connection goes all the same, and the leftover is said.
            self._session.tasks.run(
                owner, lambda: vault.forget(slot), lambda _: None, lambda problem: _tell_leftover(owner, problem)
            )


def _tell_leftover(parent: QWidget, problem: Problem) -> None:
    show_problem(parent, Problem("The secret may still be in the keyring.", problem.text(), problem.details))
