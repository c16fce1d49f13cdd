"""The one window: it assembles its zones and leads from one to the next."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from confirmdesk.core.connections.connection import Connection, SecretSlot
from confirmdesk.core.errors import Problem
from confirmdesk.core.people.users import User
from confirmdesk.core.product import NAME
from confirmdesk.core.sending.plan import make_plan
from confirmdesk.ui.about.show import show_about, show_log
from confirmdesk.ui.connections.strip import ConnectionStrip
from confirmdesk.ui.connections.welcome_page import WelcomePage
from confirmdesk.ui.kit.faces import EmptyState
from confirmdesk.ui.kit.messages import ask, show_problem
from confirmdesk.ui.kit.screen import fit
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.runs.pages import RunPages
from confirmdesk.ui.sending.flow import Sending
from confirmdesk.ui.session import Session
from confirmdesk.ui.users.listing import Listing
from confirmdesk.ui.workspace import Workspace

# Dialogs and runs are imported when they are asked for: the first paint needs none of them.
if TYPE_CHECKING:
    from confirmdesk.core.cognito.control import Identity, PoolFacts
    from confirmdesk.core.ledger.ledger import Ledger
    from confirmdesk.core.sending.metadata import Row
    from confirmdesk.ui.practice.outbox_window import OutboxWindow

FIRST_SIZE = (1280, 800)
ASSUMED = (
    "Whether these codes go by e-mail or SMS is assumed: nobody here may look at the pool's settings. SMS cost money."
)


class MainWindow(QMainWindow):
    """`practice_requested` and `leave_requested` are for who made the window: practice has one of its own."""

    practice_requested = Signal()
    leave_requested = Signal()
    painted = Signal()

    def __init__(self, session: Session, theme: Theme, icon: Path) -> None:
        super().__init__()
        self._session = session
        self._theme = theme
        self._connection: Connection | None = None
        self._closing = False
        self._was_painted = False
        self._begun = False
        self._metadata: dict[SecretSlot, tuple[Row, ...]] = {}
        self._outbox: OutboxWindow | None = None
        self.strip = ConnectionStrip(theme, session.practice)
        self.welcome = WelcomePage(icon)
        self.starting = EmptyState()
        self.work = Workspace(theme)
        self.listing = Listing(session, self)
        self.sending = Sending(self, session, theme)
        self.pages = QStackedWidget()
        for page in (self.welcome, self.starting, self.work):
            self.pages.addWidget(page)
        self.runs = RunPages(self, session, self.sending, self.pages)
        self._lay_out()
        self._connect_strip()
        self._connect_work()
        self.work.metadata.templates.show_templates(session.settings.templates)
        self.pages.setCurrentWidget(self.work if session.connections or session.practice else self.welcome)

    def _lay_out(self) -> None:
        self.setWindowTitle(f"{NAME} practice" if self._session.practice else NAME)
        self.setMinimumSize(640, 420)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(whole)
        fit(self, *FIRST_SIZE)
        self.restoreGeometry(QByteArray.fromBase64(self._session.settings.window.encode()))

    def _connect_strip(self) -> None:
        strip = self.strip
        # Assistive tools can press what a dialog covers; none of these may act then.
        for signal, act in (
            (strip.new_requested, self._new_connection),
            (strip.edit_requested, self._edit_connection),
            (strip.refresh_requested, self._refresh),
            (strip.history_requested, self.runs.show_history),
            (strip.leave_requested, self._ask_leave),
            (self.welcome.create_requested, self._new_connection),
            (self.welcome.practice_requested, self.practice_requested.emit),
        ):
            signal.connect(partial(self._unless_covered, act))
        strip.chosen.connect(self._choose_connection)
        strip.outbox_requested.connect(self._show_outbox)
        strip.log_requested.connect(partial(show_log, self, self._session.places))
        strip.about_requested.connect(partial(show_about, self, self._session, self._theme))
        strip.theme_chosen.connect(self._choose_theme)
        QShortcut(QKeySequence.StandardKey.Refresh, self, self._refresh)

    def _unless_covered(self, act: Callable[[], object]) -> None:
        if QApplication.activeModalWidget() is None:
            act()

    def _choose_connection(self, name: str) -> None:
        if QApplication.activeModalWidget() is None:
            self.open_connection(name)

    def _connect_work(self) -> None:
        work, listing, users = self.work, self.listing, self.work.users
        listing.started.connect(users.loading_started)
        listing.came.connect(users.add_page)
        listing.finished.connect(users.loading_finished)
        listing.stopped.connect(users.loading_stopped)
        listing.failed.connect(users.loading_failed)
        listing.facts_known.connect(self._learn_facts)
        listing.identity_known.connect(self._learn_identity)
        users.stop_requested.connect(listing.stop)
        users.load_more_requested.connect(listing.load_more)
        users.refresh_requested.connect(self._refresh)
        users.whole_pool_requested.connect(self._look_in_whole_pool)
        work.review_requested.connect(partial(self._unless_covered, self._review))
        work.metadata.templates.templates_changed.connect(self._keep_templates)
        self.runs.changed.connect(self._pages_changed)
        self.runs.served.connect(self._unpick)
        self.runs.closed.connect(self._back_to_list)
        self.runs.send_again.connect(self._review_again)
        self.sending.busy.connect(work.show_preparing)

    # Connections

    def _show_choice(self) -> None:
        connections, last = self._session.connections, self._session.settings.last_connection
        if connections:
            first = self._session.connection(last) or connections[0]
            self.open_connection(first.name)
        else:
            self._connection = None
            self.listing.forget()
            self.strip.show_connections([], "")
            self.strip.show_status("")
            self.pages.setCurrentWidget(self.welcome)
            self.welcome.create_button.setFocus()

    def show_starting(self) -> None:
        """While the practice pool starts; the window is there before it."""
        self.pages.setCurrentWidget(self.starting)
        self.starting.say(
            "Starting the practice pool…", "A Cognito of its own on this computer. It takes a few seconds."
        )

    def starting_failed(self, problem: Problem) -> None:
        """The practice pool did not start."""
        self.starting.say(problem.sentence, problem.hint)
        self.tell(problem)

    def begin(self) -> None:
        """Read what there is to read. Called when the window is on the screen, and boto3 may take its time."""
        self._begun = True
        self._show_choice()
        self.runs.look_for_interrupted()

    def open_connection(self, name: str) -> None:
        """Show the pool of the connection called `name` and read its users."""
        connection = self._session.connection(name)
        if connection is None or self.runs.run_is_shown:
            return
        other_pool = self._connection is None or self._connection.slot != connection.slot
        if self._session.settings.last_connection != name:
            self._session.change(replace(self._session.settings, last_connection=name))
        self.strip.show_connections(self._session.connections, name)
        if other_pool:
            self._swap_metadata(connection)
            self.work.users.clear()
            self.work.learn_channels(None)
        self._connection = connection
        self.work.metadata.show_connection(connection)
        self.runs.leave()
        self.pages.setCurrentWidget(self.work)
        self.work.users.filters.search.setFocus()
        self._learn_past()
        self._refresh()

    def _swap_metadata(self, connection: Connection) -> None:
        """Each pool has its own metadata: what was typed for one must not reach another one's Lambda."""
        if self._connection:
            self._metadata[self._connection.slot] = self.work.metadata.rows()
            self.work.metadata.replace_rows(self._metadata.get(connection.slot, ()))

    def _refresh(self) -> None:
        if self._connection and self.pages.currentWidget() is self.work:
            self._session.identity = ""
            self.strip.show_connecting()
            self.listing.start(self._connection)

    def _learn_facts(self, facts: PoolFacts | None) -> None:
        self.work.learn_channels(facts.auto_verified if facts else None)
        self.work.metadata.show_connection(self._connection)
        self.work.metadata.show_trigger(facts.custom_message if facts else None)

    def _learn_identity(self, identity: Identity | None) -> None:
        self._session.identity = identity.name if identity else ""
        self.strip.show_identity(identity)

    def _new_connection(self) -> None:
        self._open_dialog(None)

    def _edit_connection(self) -> None:
        self._open_dialog(self._connection)

    def _open_dialog(self, connection: Connection | None) -> None:
        from confirmdesk.ui.connections.dialog import ConnectionDialog

        dialog = ConnectionDialog(self, self._session, connection)
        dialog.saved.connect(self._connection_saved)
        dialog.deleted.connect(self._connection_deleted)
        dialog.open()

    def _connection_saved(self, connection: Connection, before: str) -> None:
        self._session.put_connection(connection, before)
        self.sending.connection_renamed(before, connection.name)
        if self.runs.run_is_shown:
            # The results stay on the screen; the mended connection is for *Send again*, and opened when they close.
            self._connection = connection
            self.strip.show_connections(self._session.connections, connection.name)
        else:
            self.open_connection(connection.name)

    def _connection_deleted(self, name: str) -> None:
        self._session.delete_connection(name)
        self._connection = None
        if self.runs.run_is_shown:
            self.strip.show_connections(self._session.connections, "")
        else:
            self._show_choice()

    # Users

    def _look_in_whole_pool(self, text: str) -> None:
        connection = self._connection
        if connection is None:
            return
        from confirmdesk.core.cognito.control import Control
        from confirmdesk.ui.users.lookup_dialog import LookupDialog

        dialog = LookupDialog(self, text)
        dialog.picked.connect(self._add_person)
        dialog.open()
        self._session.tasks.run(
            dialog,
            lambda: Control(self._session.aws, connection).find(text),
            dialog.show_people,
            dialog.show_problem,
        )

    def _add_person(self, user: User) -> None:
        self.work.users.model.add_user(user, picked=True)

    # Sending

    def _review(self) -> None:
        if self._connection is None:
            return
        # What is still being typed into a cell is meant to be sent.
        self.work.metadata.commit()
        users, rows = self.work.users.model.picked_users(), self.work.metadata.rows()
        auto_verified, advanced = self.work.auto_verified, self.work.metadata.values()
        note = "" if auto_verified is not None else ASSUMED
        self.sending.prepare(self._connection, lambda past: make_plan(users, rows, auto_verified, advanced, past), note)

    def _review_again(self, connection: Connection, users: list[User]) -> None:
        """From the history: the same people, with the metadata that is shown now."""
        rows, advanced = self.work.metadata.rows(), self.work.metadata.values()
        auto_verified = self.work.auto_verified
        note = "The people of that run who can be sent to again, with the metadata that is set now."
        self.sending.prepare(connection, lambda past: make_plan(users, rows, auto_verified, advanced, past), note)

    def _unpick(self, usernames: list[str]) -> None:
        self.work.users.model.pick(usernames, wanted=False)

    def _pages_changed(self) -> None:
        self.strip.show_run_state(self.runs.run_is_shown, self.sending.running)
        if not self.sending.running:
            self._learn_past()
            if self._closing:
                QTimer.singleShot(0, self.close)

    def _back_to_list(self) -> None:
        connection = self._connection and self._session.connection(self._connection.name)
        if connection:
            self.open_connection(connection.name)
        else:
            self._show_choice()

    def ledger_opened(self, opened: tuple[Ledger, Problem | None]) -> None:
        """The record of sent codes is there: what it knows comes into the list, and what was interrupted comes up."""
        self._session.ledger, problem = opened
        if problem:
            self.tell(problem)
        self._learn_past()
        # In practice the pool comes later than the ledger, and a run is resumed through its connection.
        if self._begun:
            self.runs.look_for_interrupted()

    def ledger_failed(self, problem: Problem) -> None:
        """Without a ledger people can be looked at, and nothing is sent."""
        self._session.ledger_problem = problem
        self.tell(problem)

    def _learn_past(self) -> None:
        ledger, connection = self._session.ledger, self._connection
        if ledger is None or connection is None:
            return

        self._session.tasks.run(self, lambda: ledger.past(connection, time.time()), self.work.users.learn)

    # The rest

    def _keep_templates(self, templates: tuple[object, ...]) -> None:
        self._session.change(replace(self._session.settings, templates=templates))  # type: ignore[arg-type]

    def _choose_theme(self, choice: str) -> None:
        self._theme.choose(choice)
        self._session.change(replace(self._session.settings, theme=choice))

    def _show_outbox(self) -> None:
        if self._session.server is None:
            return
        from confirmdesk.ui.practice.outbox_window import OutboxWindow

        if self._outbox is None:
            self._outbox = OutboxWindow(self, self._session.tasks, self._session.server)
            self._outbox.destroyed.connect(lambda: setattr(self, "_outbox", None))
        self._outbox.show()
        self._outbox.raise_()
        self._outbox.activateWindow()

    def _ask_leave(self) -> None:
        if not self.sending.running:
            self.leave_requested.emit()

    def tell(self, problem: Problem) -> None:
        """The visible end of every error that has no better place."""
        show_problem(self, problem)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.sending.running:
            event.ignore()
            if not self._closing:
                self._ask_stop()
            return
        self.listing.forget()
        geometry = self.saveGeometry().toBase64().toStdString()
        self._session.save_now(replace(self._session.settings, window=geometry))
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)

    def _ask_stop(self) -> None:
        ask(
            self,
            "Codes are still being sent.",
            "Stopping sends to nobody else; calls in flight finish first. Everything is written down: at the next "
            "start the run can be resumed with those who are left.",
            "Stop and close",
            self._stop_and_close,
            no="Keep sending",
        )

    def _stop_and_close(self) -> None:
        self._closing = True
        if self.sending.panel and self.sending.running:
            self.sending.panel.stop.click()
        else:
            QTimer.singleShot(0, self.close)
