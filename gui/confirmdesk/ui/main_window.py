"""The one window: it assembles its zones and leads from one to the next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices, QKeySequence, QPaintEvent, QShortcut
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from confirmdesk.core.connections import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.outcomes import Outcome
from confirmdesk.core.plan import make_plan
from confirmdesk.core.product import NAME, product_version
from confirmdesk.core.text import plain
from confirmdesk.core.users import User
from confirmdesk.ui.connection_strip import ConnectionStrip
from confirmdesk.ui.listing import Listing
from confirmdesk.ui.messages import ask, show_problem
from confirmdesk.ui.sending import Sending
from confirmdesk.ui.theme import Theme
from confirmdesk.ui.welcome_page import WelcomePage
from confirmdesk.ui.widgets import EmptyState, fit
from confirmdesk.ui.workspace import Workspace
from confirmdesk.ui.world import World

# Dialogs and runs are imported when they are asked for: the first paint needs none of them.
if TYPE_CHECKING:
    from confirmdesk.core.aws_pool import PoolFacts
    from confirmdesk.ui.outbox_window import OutboxWindow
    from confirmdesk.ui.run_panel import RunPanel

FIRST_SIZE = (1280, 800)


class MainWindow(QMainWindow):
    """`practice_requested` and `leave_requested` are for who made the window: another world is another window."""

    practice_requested = Signal()
    leave_requested = Signal()
    painted = Signal()

    def __init__(self, world: World, theme: Theme, icon: Path) -> None:
        super().__init__()
        self._world = world
        self._theme = theme
        self._connection: Connection | None = None
        self._closing = False
        self._was_painted = False
        self._outbox: OutboxWindow | None = None
        self.strip = ConnectionStrip(theme, world.practice)
        self.welcome = WelcomePage(icon)
        self.starting = EmptyState()
        self.work = Workspace(theme)
        self.listing = Listing(world, self)
        self.sending = Sending(self, world)
        self.pages = QStackedWidget()
        for page in (self.welcome, self.starting, self.work):
            self.pages.addWidget(page)
        self._lay_out()
        self._connect_strip()
        self._connect_work()
        self.work.metadata.templates.show_templates(world.settings.templates)
        self.pages.setCurrentWidget(self.work if world.settings.connections or world.practice else self.welcome)

    def _lay_out(self) -> None:
        self.setWindowTitle(f"{NAME} practice" if self._world.practice else NAME)
        self.setMinimumSize(640, 420)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(whole)
        fit(self, *FIRST_SIZE)
        self.restoreGeometry(QByteArray.fromBase64(self._world.settings.window.encode()))

    def _connect_strip(self) -> None:
        strip = self.strip
        strip.chosen.connect(self.open_connection)
        strip.new_requested.connect(self._new_connection)
        strip.edit_requested.connect(self._edit_connection)
        strip.refresh_requested.connect(self._refresh)
        strip.outbox_requested.connect(self._show_outbox)
        strip.leave_requested.connect(self._ask_leave)
        strip.log_requested.connect(self._show_log)
        strip.about_requested.connect(self._show_about)
        strip.theme_chosen.connect(self._choose_theme)
        self.welcome.create_requested.connect(self._new_connection)
        self.welcome.practice_requested.connect(self.practice_requested)
        QShortcut(QKeySequence.StandardKey.Refresh, self, self._refresh)

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
        work.review_requested.connect(self._review)
        work.metadata.templates.templates_changed.connect(self._keep_templates)
        self.sending.began.connect(self._show_run)
        self.sending.ended.connect(self._run_ended)

    # Connections

    def _show_choice(self) -> None:
        connections, last = self._world.settings.connections, self._world.settings.last_connection
        if connections:
            first = self._world.connection(last) or connections[0]
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
        self._show_choice()

    def open_connection(self, name: str) -> None:
        """Show the pool of the connection called `name` and read its users."""
        connection = self._world.connection(name)
        if connection is None or self.sending.running:
            return
        other_pool = self._connection is None or self._connection.slot != connection.slot
        self._connection = connection
        if self._world.settings.last_connection != name:
            self._world.change(replace(self._world.settings, last_connection=name))
        self.strip.show_connections(self._world.settings.connections, name)
        if other_pool:
            self.work.users.clear()
            self.work.learn_channels(None)
        self.work.metadata.show_connection(connection)
        self.pages.setCurrentWidget(self.work)
        self.work.users.filters.search.setFocus()
        self._refresh()

    def _refresh(self) -> None:
        if self._connection and not self.sending.running and self.pages.currentWidget() is self.work:
            self._learn_identity("Connecting…")
            self.listing.start(self._connection)

    def _learn_facts(self, facts: PoolFacts | None) -> None:
        self.work.learn_channels(facts.auto_verified if facts else None)
        self.work.metadata.show_connection(self._connection)
        self.work.metadata.show_trigger(facts.custom_message if facts else None)

    def _learn_identity(self, words: str) -> None:
        self.strip.show_status("Practice: nothing leaves this computer" if self._world.practice else words)

    def _new_connection(self) -> None:
        self._open_dialog(None)

    def _edit_connection(self) -> None:
        self._open_dialog(self._connection)

    def _open_dialog(self, connection: Connection | None) -> None:
        from confirmdesk.ui.connection_dialog import ConnectionDialog

        dialog = ConnectionDialog(self, self._world, connection)
        dialog.saved.connect(self._connection_saved)
        dialog.deleted.connect(self._connection_deleted)
        dialog.open()

    def _connection_saved(self, connection: Connection, before: str) -> None:
        self._world.put_connection(connection, before)
        self.open_connection(connection.name)

    def _connection_deleted(self, name: str) -> None:
        self._world.delete_connection(name)
        self._connection = None
        self._show_choice()

    # Users

    def _look_in_whole_pool(self, text: str) -> None:
        connection = self._connection
        if connection is None:
            return
        from confirmdesk.core.aws_pool import Control
        from confirmdesk.ui.lookup_dialog import LookupDialog

        dialog = LookupDialog(self, text)
        dialog.picked.connect(self._add_person)
        dialog.open()
        self._world.tasks.run(
            dialog,
            lambda: Control(self._world.aws, connection).find(text),
            dialog.show_people,
            dialog.show_problem,
        )

    def _add_person(self, user: User) -> None:
        self.work.users.model.add_user(user, picked=True)

    # Sending

    def _review(self) -> None:
        if self._connection is None:
            return
        users, rows = self.work.users.model.picked_users(), self.work.metadata.rows()
        auto_verified, advanced = self.work.auto_verified, self.work.metadata.values()
        self.sending.prepare(self._connection, lambda: make_plan(users, rows, auto_verified, advanced))

    def _show_run(self, panel: RunPanel) -> None:
        self._drop_run()
        panel.close_requested.connect(self._ask_close_run)
        self.pages.addWidget(panel)
        self.pages.setCurrentWidget(panel)
        self.strip.set_busy_with_run(True)
        panel.stop.setFocus()

    def _run_ended(self) -> None:
        self.strip.set_busy_with_run(False)
        if self._closing:
            self.close()

    def _ask_close_run(self) -> None:
        panel = self.sending.panel
        if panel is None or panel.exported or len(panel.results()) == 1:
            self._close_run()
            return
        ask(
            self,
            "Close these results?",
            "They are not kept anywhere else. Export them first if somebody may ask who was served.",
            "Close run",
            self._close_run,
        )

    def _close_run(self) -> None:
        # Who still needs something stays picked.
        served = (Outcome.ACCEPTED, Outcome.NOT_NEEDED)
        results = self.sending.panel.results() if self.sending.panel else []
        done = [r.recipient.user.username for r in results if r.verdict.outcome in served]
        self.work.users.model.pick(done, wanted=False)
        self.pages.setCurrentWidget(self.work)
        self._drop_run()
        self._refresh()

    def _drop_run(self) -> None:
        """Take the run before this one off the screen."""
        for page in (self.pages.widget(at) for at in reversed(range(self.pages.count()))):
            if page and page not in (self.welcome, self.starting, self.work):
                self.pages.removeWidget(page)
                page.deleteLater()

    # The rest

    def _keep_templates(self, templates: tuple[object, ...]) -> None:
        self._world.change(replace(self._world.settings, templates=templates))  # type: ignore[arg-type]

    def _choose_theme(self, choice: str) -> None:
        self._theme.choose(choice)
        self._world.change(replace(self._world.settings, theme=choice))

    def _show_outbox(self) -> None:
        if self._world.server is None:
            return
        from confirmdesk.ui.outbox_window import OutboxWindow

        if self._outbox is None:
            self._outbox = OutboxWindow(self, self._world.tasks, self._world.server)
            self._outbox.destroyed.connect(lambda: setattr(self, "_outbox", None))
        self._outbox.show()
        self._outbox.raise_()
        self._outbox.activateWindow()

    def _show_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._world.places.log_file)))

    def _show_about(self) -> None:
        data = plain(str(self._world.places.data), 200)
        show_problem(self, Problem(f"{NAME} {product_version()}", f"Settings and log file are in {data}."))

    def _ask_leave(self) -> None:
        if not self.sending.running:
            self.leave_requested.emit()

    def tell(self, problem: Problem) -> None:
        """The visible end of every error that has no better place."""
        show_problem(self, problem)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.sending.running and not self._closing:
            event.ignore()
            self._ask_stop()
            return
        if self.sending.running:
            event.ignore()
            return
        self.listing.forget()
        geometry = self.saveGeometry().toBase64().toStdString()
        self._world.save_now(replace(self._world.settings, window=geometry))
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
            "Stopping sends to nobody else; calls in flight finish first. Who was not reached stays unsent, and the "
            "results are lost unless you export them.",
            "Stop and close",
            self._stop_and_close,
            no="Keep sending",
        )

    def _stop_and_close(self) -> None:
        self._closing = True
        if self.sending.panel and self.sending.running:
            self.sending.panel.stop.click()
        else:
            self.close()
