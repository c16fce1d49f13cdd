"""Making and changing a connection. Whatever asks AWS or the keyring runs in the background; typing goes on."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFrame, QScrollArea, QVBoxLayout, QWidget

from confirmdesk.core.cognito.control import Control, Named
from confirmdesk.core.connections.connection import Connection, refused_fields
from confirmdesk.core.connections.presets import Preset
from confirmdesk.core.connections.secret import secret_problem
from confirmdesk.core.errors import Problem
from confirmdesk.core.text import count, plain
from confirmdesk.ui.connections.answers import Answers
from confirmdesk.ui.connections.checking import Checking
from confirmdesk.ui.connections.for_it import ForIt
from confirmdesk.ui.connections.form import ConnectionForm
from confirmdesk.ui.connections.questions import CLIENT, POOL, REGION, DialogQuestions, unimportant
from confirmdesk.ui.connections.secret_part import SecretPart
from confirmdesk.ui.connections.signing_in import SigningIn
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, plain_label
from confirmdesk.ui.kit.messages import ask
from confirmdesk.ui.kit.screen import fit
from confirmdesk.ui.session import Session
from confirmdesk.ui.sign_in.flow import SignInFlow


class ConnectionDialog(QDialog):
    """`saved` carries the connection and the name it had before, `deleted` a name."""

    saved = Signal(object, str)
    deleted = Signal(str)

    def __init__(
        self, parent: QWidget, session: Session, sign_ins: SignInFlow, connection: Connection | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Edit connection" if connection else "New connection")
        self._owner = parent
        self._session = session
        self._before = connection
        self._preset = session.preset(connection.name) if connection else None
        self.form = ConnectionForm(session.practice)
        self.form.show_connection(connection or self._practice_start())
        if self._preset:
            self.form.lock()
        self._page = QScrollArea()
        self._answers = Answers("Connection check")
        self._questions = DialogQuestions(self, session, self._spelled, self._answers)
        self._secret = SecretPart(self._questions, self.form, connection, self._preset is not None)
        self._checking = Checking(self._questions, self._secret)
        self._signing_in = SigningIn(self._questions, self.form, sign_ins)
        self._for_it = ForIt(self._questions, self._sound)
        self._save = button("Save connection", "Save connection", "primary")
        self._delete = button("Delete connection", "Delete connection", "danger")
        self._discard = button("Cancel", "Discard connection")
        self._lay_out()
        self._connect()
        self._ask_computer()
        self._enable()
        fit(self, 680, 640)
        if self._preset:
            self._begin_where_something_can_be_done()

    def _begin_where_something_can_be_done(self) -> None:
        """Qt would begin at what comes first, which may be *Sign out*."""
        (self.form.secret if self.form.secret.isEnabled() else self._checking.button).setFocus()

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
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._page, 1)
        column.addWidget(line)
        column.addWidget(self._answers)
        column.addWidget(self._for_it)
        column.addLayout(self._foot())
        self._delete.setVisible(self._before is not None and self._preset is None)
        self._for_it.setVisible(not self._session.practice)
        # What IT presets is in a file already.
        self._for_it.save.setVisible(self._preset is None)

    def _foot(self) -> NarrowRow:
        foot = NarrowRow()
        foot.setContentsMargins(24, 12, 24, 20)
        foot.setSpacing(8)
        foot.addWidget(self._delete)
        foot.addStretch()
        foot.addWidget(self._checking.button)
        foot.addWidget(self._checking.stop_button)
        foot.addWidget(self._discard)
        foot.addWidget(self._save)
        return foot

    def _connect(self) -> None:
        form = self.form
        form.changed.connect(self._enable)
        self._questions.over.connect(self._enable)
        form.client.activated.connect(self._describe_client)
        form.load_pools.clicked.connect(self._load_pools)
        form.load_clients.clicked.connect(self._load_clients)
        self._save.clicked.connect(self._save_now)
        self._discard.clicked.connect(self.reject)
        self.finished.connect(lambda: self._checking.stop())
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
            tasks.run(self, aws.profiles, self._offer_profiles, unimportant)
            tasks.run(self, aws.flaws_of_profiles, self.form.sign_in.tell_flaws, unimportant)
        tasks.run(self, aws.regions, self.form.offer_regions, unimportant)
        self._secret.look_in_keyring()

    def _offer_profiles(self, profiles: list[str]) -> None:
        self.form.sign_in.offer_profiles(profiles)
        if not profiles and not self._before:
            self.form.sign_in.suggest_portal()

    def _load_pools(self) -> None:
        self._questions.say("Loading the pools…", announced=False)
        self._questions.ask_aws(self.form.load_pools, REGION, lambda control: control.pools(), self._show_pools)

    def _show_pools(self, pools: list[Named]) -> None:
        self.form.pool.offer_named(pools)
        region = self._spelled().region
        if pools:
            self._questions.say_good(f"{count(len(pools), 'user pool')} in {region}; {_choose(pools, 'choose one')}.")
        else:
            self._questions.say(f"{region} has no user pools.")
        if pools and not self.form.pool.currentText():
            self.form.pool.setCurrentIndex(0)

    def _load_clients(self) -> None:
        self._questions.say("Loading the app clients…", announced=False)
        self._questions.ask_aws(self.form.load_clients, POOL, lambda control: control.app_clients(), self._show_clients)

    def _show_clients(self, clients: list[Named]) -> None:
        self.form.offer_clients(clients)
        if clients:
            which = _choose(clients, "choose the one where people sign up")
            self._questions.say_good(f"{count(len(clients), 'app client')}; {which}.")
        else:
            self._questions.say("This pool has no app clients.")
        if clients and not self.form.client.currentText():
            self.form.client.setCurrentIndex(0)
            self._describe_client()

    def _describe_client(self) -> None:
        connection = self._spelled()

        def job() -> bool:
            return Control(self._session.aws, connection).client_facts().secret is not None

        self._session.tasks.run(self, job, lambda needed: self._learn_need(needed, connection), unimportant)

    def _learn_need(self, needed: bool, asked: Connection) -> None:
        # By now the fields may spell another app client, of which this answer says nothing.
        if CLIENT(self._spelled()) == CLIENT(asked):
            self._secret.learn_need(needed)

    # The ends

    def _enable(self) -> None:
        spelled = self._spelled()
        self._save.setEnabled(self.form.is_complete())
        self._for_it.save.setEnabled(self.form.is_complete())
        self.form.load_pools.setEnabled(bool(spelled.region))
        self.form.load_clients.setEnabled(bool(spelled.region and spelled.pool_id))
        self._say_what_lacks(spelled)
        ready = bool(spelled.region and spelled.pool_id and spelled.client_id)
        # A secret that nobody will use is not asked for.
        wanted = not (self._preset and spelled.needs_secret is False)
        self.form.secret.setEnabled(wanted)
        self.form.read_secret.setEnabled(ready and wanted)
        self._checking.button.setEnabled(ready)
        self._secret.show()

    def _say_what_lacks(self, spelled: Connection) -> None:
        """On each button that waits for fields, in its tool tip."""
        fields = (
            ("the region", spelled.region),
            ("the user pool", spelled.pool_id),
            ("the app client", spelled.client_id),
            ("a name", spelled.name),
        )
        waiting = (self.form.load_pools, self.form.load_clients, self._checking.button, self._save)
        for needed, made in enumerate(waiting, start=1):
            missing = ", ".join(words for words, text in fields[:needed] if not text)
            made.setToolTip(f"Needed first: {missing}" if missing else "")

    def _sound(self) -> Connection | None:
        """What the fields spell, to be handed on; None where one of them is refused, which is then marked."""
        spelled = self._spelled()
        wrong = refused_fields(spelled)
        self._mark(wrong)
        return None if wrong else spelled

    def _mark(self, wrong: dict[str, Problem]) -> None:
        for field, problem in list(wrong.items())[:1]:
            self._questions.say_problem(problem)
            # The answer takes its room from the form first.
            self._column.activate()
            self._page.ensureWidgetVisible(self.form.mark(field, problem.text()))

    def _save_now(self) -> None:
        connection, typed = self._spelled(), self._secret.typed()
        own_name = self._before.name if self._before else ""
        wrong = {} if self._preset else refused_fields(connection)
        if connection.name != own_name and self._session.connection(connection.name):
            taken = Problem(f"There is already a connection called “{connection.name}”.", "Choose another name.")
            wrong = {"name": taken, **wrong}
        if typed and (refused := secret_problem(typed, connection.endpoint)):
            wrong["secret"] = refused
        if wrong:
            self._mark(wrong)
        elif typed:
            self._save.setEnabled(False)
            self._secret.keep(connection, self._finish, self._enable)
        else:
            self._finish(connection)

    def _finish(self, connection: Connection) -> None:
        self.form.secret.clear()
        self.saved.emit(connection, self._before.name if self._before else "")
        self.accept()

    def _ask_delete(self) -> None:
        assert self._before
        other = self._secret.other_user_of(self._before.slot)
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
        self._secret.forget_of_deleted(self._owner)
        self.deleted.emit(self._before.name)
        self.accept()


def _choose(found: list[Named], several: str) -> str:
    return several if len(found) > 1 else "it is chosen"


def _preset_note(preset: Preset) -> StatusLine:
    note = StatusLine("Preset connection", "", wrap=True)
    changeable = "Nothing" if preset.connection.needs_secret is False else "Only the client secret"
    by_code = "" if preset.connection.device_code else " Signing in by a code is switched off."
    note.show_text(
        f"Set by your administrator in {plain(preset.file, 120)}. {changeable} can be changed here.{by_code}"
    )
    return note
