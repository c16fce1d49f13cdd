"""The one window: it assembles its zones and leads from one to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Kind, Problem
from confirmdesk.core.people.users import User
from confirmdesk.core.product import NAME
from confirmdesk.core.text import plain
from confirmdesk.ui.about.show import show_about, show_log
from confirmdesk.ui.connections.flow import ConnectionFlow
from confirmdesk.ui.connections.strip import ConnectionStrip
from confirmdesk.ui.connections.welcome_page import WelcomePage
from confirmdesk.ui.kit.faces import EmptyState
from confirmdesk.ui.kit.messages import ask, show_problem
from confirmdesk.ui.kit.screen import fit
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.lasting_notice import LastingNotice
from confirmdesk.ui.runs.lost_record import LostRecord
from confirmdesk.ui.runs.pages import RunPages
from confirmdesk.ui.sending.closing import Closing
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.sending import Sending
from confirmdesk.ui.sending.unwritten import Unwritten
from confirmdesk.ui.session import Session
from confirmdesk.ui.sign_in.asking import Asking
from confirmdesk.ui.sign_in.flow import SignInFlow
from confirmdesk.ui.users.listing import Listing
from confirmdesk.ui.view import ScrollingPages, WindowView
from confirmdesk.ui.workspace import Workspace

# Dialogs and runs are imported when they are asked for: the first paint needs none of them.
if TYPE_CHECKING:
    from confirmdesk.core.ledger.ledger import Ledger
    from confirmdesk.core.people.past import Past
    from confirmdesk.core.sending.plan import LeftOut
    from confirmdesk.ui.sending.people import RunPeople

FIRST_SIZE = (1280, 800)
RESETTING = (
    "All people are as they were at the start, and nobody has got a code. What you sent in practice goes: the "
    "messages of the outbox, the results and the history. Nothing outside of practice changes."
)


class MainWindow(QMainWindow):
    """`practice_requested` and `leave_requested` are for who made the window: practice has one of its own."""

    practice_requested = Signal()
    leave_requested = Signal()
    painted = Signal()

    def __init__(self, session: Session, theme: Theme, icon: Path) -> None:
        # Before there is a window: until the event loop runs Qt tells none that is there of another font.
        theme.set_zoom(session.settings.view.zoom)
        super().__init__()
        self._session = session
        self._theme = theme
        self._was_painted = False
        self._begun = False
        self.strip = ConnectionStrip(session.practice)
        self.sign_ins = SignInFlow(session, theme, self)
        self.connections = ConnectionFlow(self, session, self.strip, self.sign_ins)
        self.notice = LastingNotice(session)
        self.welcome = WelcomePage(icon)
        self.starting = EmptyState()
        self.work = Workspace(theme)
        self.listing = Listing(session, self)
        self.sending = Sending(self, session, theme)
        self._asking = Asking(self, session)
        self._closing = Closing(self, self.sending)
        self._unwritten = Unwritten(self, session)
        self.pages = QStackedWidget()
        for page in (self.welcome, self.starting, self.work):
            self.pages.addWidget(page)
        self.runs = RunPages(self, session, self.sending, self.pages)
        self._view = WindowView(self, session, theme, self.work, self.pages)
        self._lay_out()
        self._connect_strip()
        self._connect_pages()
        self.work.show_templates(session.settings.templates)
        self.pages.setCurrentWidget(self.work if session.connections or session.practice else self.welcome)

    def _lay_out(self) -> None:
        self.setWindowTitle(f"{NAME} practice" if self._session.practice else NAME)
        self.setMinimumSize(640, 420)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.notice)
        column.addWidget(ScrollingPages(self.pages), 1)
        self.setCentralWidget(whole)
        fit(self, *FIRST_SIZE)
        self.restoreGeometry(QByteArray.fromBase64(self._session.settings.window.encode()))

    def _connect_strip(self) -> None:
        strip = self.strip
        # Assistive tools can press what a dialog covers; none of these may act then.
        for signal, act in (
            (strip.new_requested, self.connections.make),
            (strip.edit_requested, self.connections.edit),
            (strip.sign_in_requested, self.connections.sign_in),
            (strip.sign_out_requested, self.connections.sign_out),
            (strip.refresh_requested, self._refresh),
            (strip.history_requested, self.runs.show_history),
            (strip.leave_requested, self._ask_leave),
            (strip.reset_requested, self._ask_reset),
            (strip.settings_requested, self._show_settings),
            (self.welcome.create_requested, self.connections.make),
            (self.welcome.practice_requested, self.practice_requested.emit),
        ):
            signal.connect(partial(self._unless_covered, act))
        strip.chosen.connect(lambda name: self._unless_covered(partial(self.connections.open, name)))
        strip.outbox_requested.connect(self._show_outbox)
        strip.log_requested.connect(partial(show_log, self, self._session))
        strip.about_requested.connect(partial(show_about, self, self._session, self._theme))
        strip.zoom_chosen.connect(self._view.zoom_by)
        QShortcut(QKeySequence.StandardKey.Refresh, self, self._refresh)

    def _unless_covered(self, act: Callable[[], object]) -> None:
        if QApplication.activeModalWidget() is None:
            act()

    def _connect_pages(self) -> None:
        connections, work, runs = self.connections, self.work, self.runs
        connections.opened.connect(self._show_pool)
        connections.none_left.connect(self._show_welcome)
        connections.renamed.connect(self.sending.connection_renamed)
        self.listing.identity_known.connect(connections.show_identity)
        self.listing.failed.connect(connections.learn_failure)
        work.follow(self.listing)
        work.users.sign_in_requested.connect(partial(self._unless_covered, connections.sign_in))
        work.users.edit_requested.connect(partial(self._unless_covered, connections.edit))
        connections.mending_known.connect(work.users.offer_mending)
        self.sign_ins.signed_in.connect(self.listing.go_on)
        work.refresh_requested.connect(self._refresh)
        work.whole_pool_requested.connect(self._look_in_whole_pool)
        work.review_requested.connect(partial(self._unless_covered, self._review))
        work.send_requested.connect(self._review_one)
        work.templates_changed.connect(self._keep_templates)
        runs.changed.connect(self._pages_changed)
        runs.served.connect(work.unpick)
        runs.sent_to.connect(work.let_go)
        runs.person_requested.connect(self._open_person)
        runs.closed.connect(connections.open_again)
        runs.send_again.connect(self._review_again)
        self.sending.entered.connect(work.show_stage)
        self.sending.reset_requested.connect(self._ask_reset)

    # Connections

    def _show_welcome(self) -> None:
        self.listing.forget()
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
        self.connections.open_first()
        self.runs.look_for_interrupted()

    def open_connection(self, name: str) -> None:
        """Show the pool of the connection called `name` and read its users."""
        self.connections.open(name)

    def _show_pool(self, connection: Connection) -> None:
        self.runs.leave()
        self.pages.setCurrentWidget(self.work)
        self.work.show_pool(connection)
        self._learn_past()
        self._refresh()

    def _refresh(self) -> None:
        if self.connections.current and self.pages.currentWidget() is self.work:
            self.connections.show_connecting()
            self.listing.start(self.connections.current)

    def _look_in_whole_pool(self, text: str) -> None:
        if connection := self.connections.current:
            self.work.look_in_whole_pool(self._session, connection, text)

    # Sending

    def _review(self) -> None:
        if connection := self.connections.current:
            self.sending.prepare(connection, self.work.plan_for_picked(), self.work.notes())

    def _review_one(self, user: User) -> None:
        if connection := self.connections.current:
            self.sending.prepare(connection, self.work.plan_for([user]), self.work.assumed())

    def _review_again(self, connection: Connection, users: list[User], left_out: tuple[LeftOut, ...]) -> None:
        """From the history: the same people, with the metadata that is shown now."""
        note = "The people of that run who can be sent to again, with the metadata that is set now."
        plan_for = self.work.plan_for(users)
        self.sending.prepare(connection, lambda past: plan_for(past).leaving_out(left_out), note)

    def _open_person(self, people: RunPeople, user: User, connection: Connection | None) -> None:
        """From a run or the history: somebody who is in the list now, and in the pool of that run."""
        current = self.connections.current
        same = connection is not None and current is not None and connection.slot == current.slot
        if not (same and self.work.users.open_person(user.username)):
            people.say(f"{plain(user.label, 80)} is not in the list of users as it is shown now.")

    def _pages_changed(self) -> None:
        self.connections.held = self.runs.run_is_shown
        self.strip.show_run_state(self.runs.run_is_shown, self.sending.running)
        self._session.remember_record()
        if not self.sending.running:
            self._learn_past()

    def ledger_opened(self, opened: tuple[Ledger, Problem | None]) -> None:
        """The record of sent codes is there: what it knows comes into the list, and what was interrupted comes up."""
        self._session.ledger, problem = opened
        if problem:
            self.tell(problem)
        self._session.remember_record()
        self._learn_past()
        # In practice the pool comes later than the ledger, and a run is resumed through its connection.
        if self._begun:
            self.runs.look_for_interrupted()

    def ledger_failed(self, problem: Problem) -> None:
        """Without a ledger people can be looked at, and nothing is sent."""
        self._session.ledger_problem = problem
        if problem.kind is Kind.RECORD_LOST:
            LostRecord(self, self._session, problem, self.ledger_opened).ask()
        else:
            self.tell(problem)

    def _learn_past(self) -> None:
        ledger, connection = self._session.ledger, self.connections.current
        if ledger is None or connection is None:
            return
        # A copy: people still arrive while they are looked up.
        users = tuple(self.work.users.model.users())

        def job() -> Past:
            return ledger.past(connection, ledger.now(), (user.username for user in users))

        self._session.tasks.run(self, job, self.work.users.learn)

    # The rest

    def _keep_templates(self, templates: tuple[object, ...]) -> None:
        self._session.change(replace(self._session.settings, templates=templates))  # type: ignore[arg-type]

    def _show_settings(self) -> None:
        from confirmdesk.ui.settings.dialog import SettingsDialog

        SettingsDialog(self, self._session, self._theme).open()

    def _show_outbox(self) -> None:
        from confirmdesk.ui.practice.outbox_window import show_outbox

        if self._session.server:
            show_outbox(self, self._session.tasks, self._session.server)

    def _ask_leave(self) -> None:
        if not self.sending.running:
            self.leave_requested.emit()

    def _ask_reset(self) -> None:
        if self.sending.stage in (Stage.IDLE, Stage.OVER):
            ask(self, "Reset the practice pool?", RESETTING, "Reset practice", self._reset)

    def _reset(self) -> None:
        self._session.tasks.run(self, self._session.reset_practice, lambda _: self._begin_anew())

    def _begin_anew(self) -> None:
        from confirmdesk.ui.practice.outbox_window import clear_outbox

        clear_outbox(self)
        self.runs.close()

    def tell(self, problem: Problem) -> None:
        """The visible end of every error that has no better place."""
        show_problem(self, problem)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not (self._closing.may_close() and self._unwritten.may_close()):
            event.ignore()
            return
        self.listing.forget()
        self._asking.close()
        self.sign_ins.cancel()
        geometry = self.saveGeometry().toBase64().toStdString()
        self._session.save_now(replace(self._session.settings, window=geometry, view=self._view.now()))
        super().closeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)
