"""The pages about runs: the one on the screen, interrupted ones, the history. They take turns with the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.sending.outcomes import MAY_HAVE_GOT_ONE, SERVED
from confirmdesk.core.sending.results import names_of, still_open
from confirmdesk.core.text import count
from confirmdesk.ui.kit.messages import ask_three, show_problem
from confirmdesk.ui.sending.flow import Stage
from confirmdesk.ui.sending.sending import Sending
from confirmdesk.ui.session import Session

if TYPE_CHECKING:
    from confirmdesk.core.ledger.ledger import Run
    from confirmdesk.core.people.users import User
    from confirmdesk.core.sending.plan import LeftOut
    from confirmdesk.core.sending.results import Result
    from confirmdesk.ui.runs.interrupted_page import InterruptedPage
    from confirmdesk.ui.sending.people import RunPeople
    from confirmdesk.ui.sending.run_panel import RunPanel


class RunPages(QObject):
    """`changed` whenever another page is shown or a run ends, `served` carries user names that need no further code,
    and with them in `sent_to` those who may have got one, `closed` when the list of users should come back."""

    changed = Signal()
    served = Signal(list)
    sent_to = Signal(list)
    closed = Signal()
    # Through which connection, to whom, and who is left out.
    send_again = Signal(object, object, object)
    # Which table asks, for whom, and through which connection they were sent to; None where it is gone.
    person_requested = Signal(object, object, object)

    def __init__(self, window: QWidget, session: Session, sending: Sending, pages: QStackedWidget) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._sending = sending
        self._pages = pages
        self._page: QWidget | None = None
        self._interrupted: InterruptedPage | None = None
        sending.began.connect(self._show_run)
        sending.ended.connect(self._run_ended)
        sending.entered.connect(self._follow)

    @property
    def run_is_shown(self) -> bool:
        """Whether a run, going on or over, is on the screen: its results must not vanish by a press elsewhere."""
        return self._page is not None and self._page is self._sending.panel

    @property
    def shown(self) -> bool:
        """Whether any of these pages is in front of the list."""
        return self._page is not None

    def _put(self, page: QWidget) -> None:
        self._drop()
        self._page = page
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        self.changed.emit()

    def _drop(self) -> None:
        if self._page is not None:
            self._pages.removeWidget(self._page)
            self._page.deleteLater()
            self._page = None

    def leave(self) -> None:
        """Another page comes to the front."""
        if self._page is not None:
            self._drop()
            self.changed.emit()

    def close(self) -> None:
        """Back to the list of users."""
        self.leave()
        self.closed.emit()

    # The run on the screen

    def _show_run(self, panel: RunPanel) -> None:
        panel.close_requested.connect(self.ask_close_run)

        def count(question: int) -> None:
            connection = self._session.connection(self._sending.connection_name)
            self._count(panel.people, question, connection)

        def person(user: User) -> None:
            connection = self._session.connection(self._sending.connection_name)
            self.person_requested.emit(panel.people, user, connection)

        panel.people.confirmed_count_requested.connect(count)
        panel.people.person_requested.connect(person)
        self._put(panel)
        panel.setFocus()

    def _run_ended(self) -> None:
        panel = self._sending.panel
        assert panel
        # Who was served is not picked any more, whatever happens to this page: picked people get mail.
        self.served.emit(list(names_of(panel.results(), SERVED)))
        self.sent_to.emit(list(names_of(panel.results(), SERVED | MAY_HAVE_GOT_ONE)))
        self.changed.emit()

    def ask_close_run(self) -> None:
        """Close the run on the screen; where somebody is left or unknown that is a decision."""
        panel = self._sending.panel
        if panel is None or self._sending.running:
            return
        unserved = still_open(panel.results())
        if not unserved:
            self._put_away()
            return
        people = count(unserved, "person is", "people are")
        ask_three(
            self._window,
            f"{people} left or unknown.",
            "Keep the run for later? It then waits in the history, where “Resume run” goes on with the very requests "
            "that were reviewed. A run that is ended cannot be resumed. The history tells who was served either way.",
            ("End run", self._end_run),
            ("Keep for later", self._put_away),
        )

    def _end_run(self) -> None:
        self._sending.end_run()
        self._put_away()

    def _put_away(self) -> None:
        self._sending.put_away()
        self.close()

    def _count(self, people: RunPeople, question: int, connection: Connection | None) -> None:
        """How many of `people` who may have a code are not unconfirmed any more."""
        from confirmdesk.ui.runs.after_run import count_confirmed
        from confirmdesk.ui.sending.people import confirmed_since

        def answer(sentence: str) -> None:
            people.answer(question, sentence)

        if connection is None:
            answer("The connection of this run is gone, so nobody can be asked.")
            return
        count_confirmed(
            people,
            self._session,
            connection,
            people.may_have_code(),
            lambda number: answer(confirmed_since(number)),
            lambda problem: answer(problem.text()),
        )

    # Interrupted runs

    def look_for_interrupted(self) -> None:
        """Ask the ledger for a run that never ended, and show it."""
        ledger = self._session.ledger
        if ledger is None:
            return

        def job() -> tuple[Run, list[Result]] | None:
            runs = ledger.runs(open_only=True)
            return (runs[0], ledger.results(runs[0].id)) if runs else None

        self._session.tasks.run(self, job, self._show_interrupted)

    def _show_interrupted(self, found: tuple[Run, list[Result]] | None) -> None:
        if found is None:
            if self.shown and not self.run_is_shown:
                self.close()
            return
        if not self.run_is_shown:
            self._show_open_run(*found)

    def _show_open_run(self, run: Run, results: list[Result]) -> None:
        """One that has not ended: who is left and who is unknown of it."""
        from confirmdesk.ui.runs.interrupted_page import InterruptedPage

        assert self._session.ledger
        page = InterruptedPage(self._session.tasks, self._session.ledger)
        page.resume_requested.connect(self._resume)
        self._interrupted = page
        page.put_off.connect(self.close)
        page.ended.connect(lambda _: self.look_for_interrupted())
        self._put(page)
        # Not to the first button that comes, where the page before had it.
        page.setFocus()
        page.show_run(run, results)

    def _resume(self, run: Run, results: list[Result]) -> None:
        connection = self._connection_of(run)
        if connection is None:
            hint = "Create a connection to the same pool and app client, then resume the run from the history."
            self._free_interrupted()
            show_problem(self._window, Problem("The connection of this run is gone.", hint))
        else:
            self._sending.resume(connection, run, results)

    def _follow(self, stage: Stage) -> None:
        if stage is Stage.IDLE:
            self._free_interrupted()

    def _free_interrupted(self) -> None:
        """The page waits until somebody presses *Resume run* again."""
        if self._interrupted is not None and self._page is self._interrupted:
            self._interrupted.set_busy(False)

    def _connection_of(self, run: Run | None) -> Connection | None:
        """The saved connection to the very pool and app client of `run`: by its name if it still fits, else any."""
        if run is None:
            return None
        fitting = [c for c in self._session.connections if _leads_to(c, run.connection, self._session.practice)]
        return next((c for c in fitting if c.name == run.connection.name), fitting[0] if fitting else None)

    # History

    def show_history(self) -> None:
        """Past runs, in place of the list."""
        from confirmdesk.core.ledger.ledger import this_operator
        from confirmdesk.ui.runs.history_page import HistoryPage

        if self._session.ledger is None:
            show_problem(self._window, self._session.ledger_problem)
            return
        page = HistoryPage(self._session.tasks, self._session.ledger, this_operator(self._session.identity))
        page.close_requested.connect(self.close)
        page.resume_requested.connect(self._show_open_run)
        page.send_again_requested.connect(self._send_again)
        page.people.confirmed_count_requested.connect(
            lambda question: self._count(page.people, question, self._connection_of(page.run))
        )
        page.people.person_requested.connect(
            lambda user: self.person_requested.emit(page.people, user, self._connection_of(page.run))
        )
        self._put(page)
        page.refresh()

    def _send_again(self, run: Run, results: list[Result], left_out: tuple[LeftOut, ...]) -> None:
        connection = self._connection_of(run)
        if connection is None:
            hint = "Create a connection to the same pool and app client first."
            show_problem(self._window, Problem("The connection of this run is gone.", hint))
            return
        self.send_again.emit(connection, [r.recipient.user for r in results], left_out)


def _leads_to(connection: Connection, wanted: Connection, practice: bool) -> bool:
    # The practice server has another port at each start, and the same pools.
    same_endpoint = practice or connection.endpoint == wanted.endpoint
    there = (connection.region, connection.pool_id, connection.client_id)
    return same_endpoint and there == (wanted.region, wanted.pool_id, wanted.client_id)
