"""Making and changing a connection. Whatever asks AWS or the keyring runs in the background; typing goes on."""

from collections.abc import Callable
from dataclasses import replace
from operator import attrgetter
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from confirmdesk.core.checks.connection import Checked, check_connection
from confirmdesk.core.cognito.control import ClientFacts, Control, Named
from confirmdesk.core.connections.connection import Connection, SecretSlot, refused_fields
from confirmdesk.core.connections.presets import Preset
from confirmdesk.core.connections.secret import Secret, secret_problem
from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.text import plain
from confirmdesk.ui.connections.answers import Answers
from confirmdesk.ui.connections.form import ConnectionForm
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.messages import ask, show_problem
from confirmdesk.ui.kit.screen import fit
from confirmdesk.ui.session import Session

T = TypeVar("T")
MARKS = {True: "✓", False: "✗", None: "–"}

# What an answer about a region's pools, a pool's app clients, or one app client depends on.
Subject = Callable[[Connection], object]
REGION: Subject = attrgetter("profile", "region", "endpoint")
POOL: Subject = attrgetter("profile", "region", "endpoint", "pool_id")
CLIENT: Subject = attrgetter("profile", "slot")


class ConnectionDialog(QDialog):
    """`saved` carries the connection and the name it had before, `deleted` a name."""

    saved = Signal(object, str)
    deleted = Signal(str)

    def __init__(self, parent: QWidget, session: Session, connection: Connection | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Edit connection" if connection else "New connection")
        self._owner = parent
        self._session = session
        self._before = connection
        self._preset = session.preset(connection.name) if connection else None
        self._stored: bool | None = None
        self._questions = 0
        self.form = ConnectionForm(session.practice)
        self.form.show_connection(connection or self._practice_start())
        if self._preset:
            self.form.lock()
        self._page = QScrollArea()
        self._answers = Answers("Connection check")
        self._check_button = button("Check connection", "Check connection")
        self._save = button("Save connection", "Save connection", "primary")
        self._delete = button("Delete connection", "Delete connection", "danger")
        self._discard = button("Cancel", "Discard connection")
        self._lay_out()
        self._connect()
        self._ask_computer()
        self._enable()
        fit(self, 680, 640)

    def _practice_start(self) -> Connection | None:
        server = self._session.server
        return replace(server.connection(), name="", needs_secret=None) if self._session.practice and server else None

    def _lay_out(self) -> None:
        page = QWidget()
        page.setProperty("kind", "page")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(24, 20, 24, 12)
        inner.setSpacing(12)
        inner.addWidget(plain_label(self.windowTitle(), "title"))
        if self._preset:
            inner.addWidget(_preset_note(self._preset))
        inner.addWidget(self.form)
        inner.addStretch()
        self._page.setFrameShape(QFrame.Shape.NoFrame)
        self._page.setWidgetResizable(True)
        self._page.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._page.setWidget(page)
        line = QFrame()
        line.setProperty("kind", "line")
        line.setFixedHeight(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._page, 1)
        column.addWidget(line)
        column.addWidget(self._answers)
        column.addLayout(self._foot())
        self._delete.setVisible(self._before is not None and self._preset is None)

    def _foot(self) -> NarrowRow:
        foot = NarrowRow()
        foot.setContentsMargins(24, 12, 24, 20)
        foot.setSpacing(8)
        foot.addWidget(self._delete)
        foot.addStretch()
        foot.addWidget(self._check_button)
        foot.addWidget(self._discard)
        foot.addWidget(self._save)
        return foot

    def _connect(self) -> None:
        form = self.form
        form.changed.connect(self._enable)
        form.client.activated.connect(self._describe_client)
        form.load_pools.clicked.connect(self._load_pools)
        form.load_clients.clicked.connect(self._load_clients)
        form.read_secret.clicked.connect(self._read_secret)
        form.forget_secret.clicked.connect(self._forget_secret)
        form.secret.textChanged.connect(self._show_secret)
        self._check_button.clicked.connect(self._check_now)
        self._save.clicked.connect(self._save_now)
        self._discard.clicked.connect(self.reject)
        self._delete.clicked.connect(self._ask_delete)

    def _spelled(self) -> Connection:
        """What would be saved. Of a preset every word is IT's; where IT left it open, whether a secret is needed may
        have been learned."""
        spelled = self.form.connection()
        if self._preset is None:
            return spelled
        preset = self._preset.connection
        return replace(preset, needs_secret=spelled.needs_secret) if preset.needs_secret is None else preset

    # Asking this computer and AWS

    def _ask_computer(self) -> None:
        tasks, aws = self._session.tasks, self._session.aws
        if not self._session.practice:
            tasks.run(self, aws.profiles, self.form.offer_profiles, _unimportant)
            tasks.run(self, aws.flaws_of_profiles, self.form.tell_flaws, _unimportant)
        tasks.run(self, aws.regions, self.form.offer_regions, _unimportant)
        if self._before:
            slot = self._before.slot
            tasks.run(self, lambda: self._session.vault.read(slot) is not None, self._learn_stored, _unimportant)

    def _learn_stored(self, stored: bool) -> None:
        self._stored = stored
        self._show_secret()

    def _ask_aws(
        self, pressed: QPushButton, subject: Subject, question: Callable[[Control], T], done: Callable[[T], None]
    ) -> None:
        connection = self._spelled()
        self._ask(pressed, subject, lambda: question(Control(self._session.aws, connection)), done)

    def _ask(self, pressed: QPushButton, subject: Subject, job: Callable[[], T], done: Callable[[T], None]) -> None:
        """An answer about something else than the fields spell by then is dropped, and so is its failure."""
        asked = subject(self._spelled())
        self._questions += 1
        number = self._questions
        pressed.setEnabled(False)

        def over(then: Callable[[], object]) -> None:
            pressed.setEnabled(True)
            self._enable()
            if subject(self._spelled()) == asked:
                then()
            elif number == self._questions:
                self._answers.show_text("The fields were changed meanwhile; the answer was not taken over.")

        self._session.tasks.run(
            self, job, lambda found: over(lambda: done(found)), lambda p: over(lambda: self._say_problem(p))
        )

    def _say_problem(self, problem: Problem) -> None:
        self._answers.show_text(f"{MARKS[False]} {problem.text()}")

    def _load_pools(self) -> None:
        self._answers.show_text("Loading the pools…", announced=False)
        self._ask_aws(self.form.load_pools, REGION, lambda control: control.pools(), self._show_pools)

    def _show_pools(self, pools: list[Named]) -> None:
        self.form.pool.offer(pools)
        region = self._spelled().region
        found = f"{MARKS[True]} {len(pools):,} user pools in {region}; choose one."
        self._answers.show_text(found if pools else f"{region} has no user pools.")
        if pools and not self.form.pool.currentText():
            self.form.pool.setCurrentIndex(0)

    def _load_clients(self) -> None:
        self._answers.show_text("Loading the app clients…", announced=False)
        self._ask_aws(self.form.load_clients, POOL, lambda control: control.app_clients(), self._show_clients)

    def _show_clients(self, clients: list[Named]) -> None:
        self.form.offer_clients(clients)
        found = f"{MARKS[True]} {len(clients):,} app clients; choose the one where people sign up."
        self._answers.show_text(found if clients else "This pool has no app clients.")
        if clients and not self.form.client.currentText():
            self.form.client.setCurrentIndex(0)
            self._describe_client()

    def _describe_client(self) -> None:
        connection = self._spelled()

        def job() -> bool:
            return Control(self._session.aws, connection).client_facts().secret is not None

        self._session.tasks.run(self, job, lambda needed: self._learn_need(needed, connection), _unimportant)

    def _learn_need(self, needed: bool, asked: Connection) -> None:
        # By now the fields may spell another app client, of which this answer says nothing.
        if CLIENT(self._spelled()) == CLIENT(asked):
            self.form.learn_secret_need(needed)
            self._show_secret()

    def _check_now(self) -> None:
        connection, typed = self._spelled(), self.form.secret.text().strip()
        if wrong := secret_problem(typed, connection.endpoint) if typed else None:
            self._say_problem(wrong)
            return
        self._answers.show_text("Checking…", announced=False)

        def subject(spelled: Connection) -> object:
            return CLIENT(spelled), self.form.secret.text().strip()

        def job() -> Checked:
            return check_connection(self._session.aws, connection, Secret(typed) if typed else self._kept(connection))

        self._ask(self._check_button, subject, job, self._show_checked)

    def _kept(self, connection: Connection) -> Secret | None:
        try:
            return self._session.vault.read(connection.slot)
        except ConfirmdeskError:
            return None

    def _show_checked(self, checked: Checked) -> None:
        lines = (f"{MARKS[answer.good]} {answer.what}: {plain(answer.sentence, 400)}" for answer in checked.answers)
        if checked.needs_secret is not None:
            self.form.learn_secret_need(checked.needs_secret)
            self._show_secret()
        self._answers.show_text("\n".join(lines))

    # The secret

    def _read_secret(self) -> None:
        self._ask_aws(self.form.read_secret, CLIENT, lambda control: control.client_facts(), self._take_secret)

    def _take_secret(self, facts: ClientFacts) -> None:
        self.form.learn_secret_need(facts.secret is not None)
        self._show_secret()
        if facts.secret:
            self.form.secret.setText(facts.secret.reveal())
            self._answers.show_text(f"{MARKS[True]} The secret was read; saving puts it into the keyring.")
        else:
            self._answers.show_text(f"{MARKS[True]} This app client has no secret and needs none.")

    def _forget_secret(self) -> None:
        slot = self._spelled().slot
        self.form.secret.clear()
        if other := self._other_user_of(slot):
            self._answers.show_text(f"A stored secret stays in the keyring: {other} uses it too.")
        else:
            self._session.tasks.run(self, lambda: self._session.vault.forget(slot), lambda _: self._forgotten(slot))

    def _forgotten(self, slot: SecretSlot) -> None:
        if self._before and slot == self._before.slot:
            self._learn_stored(False)

    def _other_user_of(self, slot: SecretSlot) -> str:
        """Another saved connection that needs the same secret, as a person calls it, or ""."""
        own = self._before.name if self._before else ""
        others = (c.name for c in self._session.connections if c.name != own and c.slot == slot)
        name = next(others, "")
        return name and f"the connection “{plain(name, 60)}”"

    def _show_secret(self) -> None:
        spelled = self._spelled()
        stored = bool(self._stored and self._before and spelled.slot == self._before.slot)
        if self.form.secret.text():
            note = "Saving puts it into the keyring of this computer, and nowhere else."
        elif stored:
            session_only = self._session.vault.only_for_session(spelled.slot)
            where = "kept until the program closes" if session_only else "stored in the keyring"
            note = f"A secret is {where}. Type another one to replace it."
        elif spelled.needs_secret is False and self._preset:
            note = "Your administrator set that this app client has no secret."
        elif spelled.needs_secret is False:
            note = "This app client has no secret and needs none."
        elif spelled.needs_secret:
            note = "This app client needs its secret. Enter it, or read it from AWS."
        else:
            note = "Only needed where the app client has one."
        self.form.secret_note.setText(note)
        self.form.secret.setPlaceholderText("stored" if stored else "")
        self.form.forget_secret.setEnabled(stored or bool(self.form.secret.text()))

    # The ends

    def _enable(self) -> None:
        spelled = self._spelled()
        self._save.setEnabled(self.form.is_complete())
        self.form.load_pools.setEnabled(bool(spelled.region))
        self.form.load_clients.setEnabled(bool(spelled.region and spelled.pool_id))
        ready = bool(spelled.region and spelled.pool_id and spelled.client_id)
        # A secret that nobody will use is not asked for.
        wanted = not (self._preset and spelled.needs_secret is False)
        self.form.secret.setEnabled(wanted)
        self.form.read_secret.setEnabled(ready and wanted)
        self._check_button.setEnabled(ready)
        self._show_secret()

    def _save_now(self) -> None:
        connection, typed = self._spelled(), self.form.secret.text().strip()
        own_name = self._before.name if self._before else ""
        wrong = {} if self._preset else refused_fields(connection)
        if connection.name != own_name and self._session.connection(connection.name):
            taken = Problem(f"There is already a connection called “{connection.name}”.", "Choose another name.")
            wrong = {"name": taken, **wrong}
        if typed and (refused := secret_problem(typed, connection.endpoint)):
            wrong["secret"] = refused
        if wrong:
            field, problem = next(iter(wrong.items()))
            self._say_problem(problem)
            self._page.ensureWidgetVisible(self.form.mark(field, problem.text()))
            return
        if not typed:
            self._finish(connection)
            return
        connection = replace(connection, needs_secret=True)
        self._save.setEnabled(False)
        self._session.tasks.run(
            self,
            lambda: self._session.vault.keep(connection.slot, Secret(typed)),
            lambda _: self._finish(connection),
            lambda problem: self._offer_session(connection, Secret(typed), problem),
        )

    def _offer_session(self, connection: Connection, secret: Secret, problem: Problem) -> None:
        self._enable()

        def keep() -> None:
            self._session.vault.keep_for_session(connection.slot, secret)
            self._finish(connection)

        more = f"{problem.hint} The secret is never written to a file."
        ask(self, problem.sentence, more, "Keep for this session only", keep)

    def _finish(self, connection: Connection) -> None:
        self.form.secret.clear()
        self.saved.emit(connection, self._before.name if self._before else "")
        self.accept()

    def _ask_delete(self) -> None:
        assert self._before
        other = self._other_user_of(self._before.slot)
        kept = f"A stored client secret stays in the keyring: {other} uses it too."
        secret = kept if other else "Its client secret is forgotten too."
        ask(
            self,
            f"Delete the connection “{plain(self._before.name, 60)}”?",
            f"{secret} The user pool itself is not touched.",
            "Delete connection",
            self._delete_now,
            danger=True,
        )

    def _delete_now(self) -> None:
        assert self._before
        slot, name, vault = self._before.slot, self._before.name, self._session.vault
        if not self._other_user_of(slot):
            # The keyring may be gone; the connection goes all the same, and the leftover is said.
            parent = self._owner
            self._session.tasks.run(
                parent, lambda: vault.forget(slot), lambda _: None, lambda p: _tell_leftover(parent, p)
            )
        self.deleted.emit(name)
        self.accept()


def _unimportant(problem: Problem) -> None:
    """What failed was a help for typing; the same question asked on purpose tells the problem."""


def _tell_leftover(parent: QWidget, problem: Problem) -> None:
    show_problem(parent, Problem("The secret may still be in the keyring.", problem.text(), problem.details))


def _preset_note(preset: Preset) -> StatusLine:
    note = StatusLine("Preset connection", "", wrap=True)
    changeable = "Nothing" if preset.connection.needs_secret is False else "Only the client secret"
    note.show_text(f"Set by your administrator in {plain(preset.file, 120)}. {changeable} can be changed here.")
    return note
