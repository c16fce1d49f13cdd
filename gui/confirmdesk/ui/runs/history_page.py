"""What was sent from this computer: the runs, the people of each, and what can still be done for them."""

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from confirmdesk.core.errors import Problem
from confirmdesk.core.ledger.ledger import RETENTION, Ledger, Operator, Run
from confirmdesk.core.sending.results import Result, left_out_of_again, summary, tally
from confirmdesk.core.text import count, duration, plain
from confirmdesk.ui.kit.clock import clock
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.faces import EmptyState
from confirmdesk.ui.kit.inputs import Combo, button
from confirmdesk.ui.kit.labels import StatusLine, title
from confirmdesk.ui.kit.messages import ask, show_problem
from confirmdesk.ui.kit.tables import RecordsModel, make_table
from confirmdesk.ui.kit.tasks import Task, Tasks
from confirmdesk.ui.runs.history_table import RUNS, RunRow, who
from confirmdesk.ui.sending.people import RunPeople
from confirmdesk.ui.sending.run_tables import PEOPLE_OF_ALL_CAUSES, by_cause

DAYS_KEPT = round(RETENTION / 86400)
NOTE = f"What this computer knows, not what the rest of your team sent from theirs. Runs are kept for {DAYS_KEPT} days."
FORGETTING = (
    "User name, addresses, name and AWS's words about this person are erased from every run of this pool; what became "
    "of each code still counts. A hash stays, so that nobody is sent to twice. Whoever has this record and guesses the "
    "very user name or address can find out that it was forgotten. Exported files stay as they are. That you did this, "
    "and when, is recorded."
)
MINUTE = 60_000


class HistoryPage(QWidget):
    """Reads everything in the background. It sends and asks AWS nothing itself: signals carry what its buttons want."""

    resume_requested = Signal(object, object)
    # The run, those who are sent to again, and those shown who are left out.
    send_again_requested = Signal(object, object, object)
    close_requested = Signal()

    def __init__(self, tasks: Tasks, ledger: Ledger, operator: Operator) -> None:
        super().__init__()
        self._tasks = tasks
        self._ledger = ledger
        self._operator = operator
        self._chosen: Run | None = None
        self._running = 0
        self._groups: list[list[Result]] = []
        self._reading: Task | None = None
        self._runs = RecordsModel(RUNS, self)
        self._runs_table = make_table("Runs", self._runs)
        self.people = RunPeople(tasks, button("Export run…", "Export run"), "heading", PEOPLE_OF_ALL_CAUSES)
        self._summary = StatusLine("Run summary", "secondary")
        self._filter = Combo("Cause filter")
        self._make_buttons()
        self._face = EmptyState(self.read_again)
        self._faces = QStackedWidget()
        self._lay_out()
        self._connect()
        self._say_face("Reading the history…")

    def _make_buttons(self) -> None:
        self.resume = button("Resume run…", "Resume run")
        self.send_again = button("Send again to these…", "Send again to these")
        self.delete = button("Delete history…", "Delete history", "danger")
        self.back = button("Back", "Close history")
        self.read_again = button("Try again", "Read history again")
        self.forget = QAction("Forget this person", self)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setObjectName("history")
        both.setChildrenCollapsible(False)
        both.addWidget(self._runs_table)
        self._filter.least = 260
        self.people.texts.addWidget(self._summary)
        self.people.head.addWidget(self._filter)
        both.addWidget(self.people)
        both.setStretchFactor(0, 2)
        both.setStretchFactor(1, 3)
        self._faces.addWidget(self._face)
        self._faces.addWidget(both)
        column.addWidget(self._faces, 1)
        foot = NarrowRow()
        foot.setSpacing(8)
        for made in (self.resume, self.send_again, self.people.export, self.people.count_confirmed):
            foot.addWidget(made)
        foot.addWidget(self.people.said, 1)
        foot.addWidget(self.people.open_folder)
        foot.addWidget(self.back)
        column.addLayout(foot)
        # At the top, and the last to have the focus: it deletes.
        column.insertLayout(0, self._head())

    def _head(self) -> NarrowRow:
        head = NarrowRow()
        head.setSpacing(12)
        head.addWidget(title("History"))
        note = StatusLine("About the history", "quiet")
        note.show_text(NOTE)
        head.addWidget(note, 1)
        head.addWidget(self.delete)
        return head

    def _connect(self) -> None:
        self._runs_table.selectionModel().currentRowChanged.connect(self._choose)
        self._filter.currentTextChanged.connect(self._show_people)
        self.resume.clicked.connect(self._resume)
        self.send_again.clicked.connect(self._send_again)
        self.people.free_changed.connect(self._enable)
        self.delete.clicked.connect(self._count_deletable)
        self.forget.triggered.connect(self._ask_to_forget)
        self.people.table.menu_opening.connect(lambda menu: menu.addAction(self.forget))
        self._runs_table.menu_opening.connect(self._add_to_menu)
        self.people.table.selectionModel().currentRowChanged.connect(self._enable)
        self.read_again.clicked.connect(lambda: self.refresh(self._running))
        self.back.clicked.connect(self.close_requested)
        # Somebody's hourly limit passes while the page is open.
        timer = QTimer(self)
        timer.timeout.connect(self._enable)
        timer.start(MINUTE)

    def _add_to_menu(self, menu: QMenu) -> None:
        """What the buttons below do with the chosen run."""
        for made in (self.resume, self.send_again, self.people.export):
            if made.isVisibleTo(self):
                menu.addAction(made.text(), made.click).setEnabled(made.isEnabled())

    @property
    def run(self) -> Run | None:
        """The chosen run."""
        return self._chosen

    def refresh(self, running: int = 0) -> None:
        """Read the runs again. `running` is the id of the run that is under way now, 0 for none."""
        self._running = running
        if not self._runs.rowCount():
            self._say_face("Reading the history…")
        self._tasks.run(self, self._ledger.runs, self._show_runs, self._not_read)

    def _say_face(self, sentence: str, more: str = "", failed: bool = False) -> None:
        self._face.say(sentence, more)
        self.read_again.setVisible(failed)
        self._faces.setCurrentWidget(self._face)
        self._enable()

    def _show_runs(self, runs: list[Run]) -> None:
        chosen = self._chosen.id if self._chosen else 0
        self._runs.show([RunRow(run, run.id == self._running) for run in runs])
        if not runs:
            self._forget()
            self._say_face(
                "Nothing was sent from this computer yet.", "Every run appears here, whatever becomes of it."
            )
            return
        self._faces.setCurrentIndex(1)
        if self.back.hasFocus():
            # Only because nothing else was there while the history was read.
            self._runs_table.setFocus()
        ids = [run.id for run in runs]
        self._runs_table.selectRow(ids.index(chosen) if chosen in ids else 0)
        self._choose()

    def _not_read(self, problem: Problem) -> None:
        self._forget()
        self._runs.show(())
        self._say_face(problem.sentence, problem.hint, failed=True)
        show_problem(self, problem)

    def _forget(self) -> None:
        """What was or would be shown of a run."""
        self._chosen = None
        self.people.forget()
        if self._reading:
            self._reading.cancel()
        self._show_results([])

    def _choose(self) -> None:
        row = self._runs_table.currentIndex().row()
        run = self._runs.record(row).run if 0 <= row < self._runs.rowCount() else None
        if run is None or run == self._chosen:
            return
        self._forget()
        self._chosen = run
        self.people.heading.show_text("Reading…")
        self._enable()
        self._reading = self._tasks.run(self, lambda: self._read(run), self._take, self._not_read)

    def _read(self, run: Run) -> list[Result]:
        """In a worker. The requests of an ended run are erased; for its export the keys of the metadata are known."""
        results = self._ledger.results(run.id)
        if not run.ended:
            return results
        keys = tuple((key, "") for key in run.metadata_keys)
        return [
            replace(r, recipient=replace(r.recipient, request=replace(r.recipient.request, metadata=keys)))
            for r in results
        ]

    def _take(self, results: list[Result]) -> None:
        run = self._chosen
        assert run
        parts = (run.connection.name, who(run.operator), run.operator.identity)
        when = clock(run.started)
        if last := max((result.at for result in results), default=0.0):
            when = f"{when} to {clock(last)}, {duration(last - run.started)}"
        self.people.heading.show_text(plain(" · ".join((when, *filter(None, parts))), 300))
        self.people.take(results, run.started)
        self._show_results(results)

    def _show_results(self, results: list[Result]) -> None:
        self._summary.show_text(summary(tally(results)) if results else "")
        causes: dict[str, list[Result]] = {}
        for cause in by_cause(results, finished=True):
            causes.setdefault(cause.cause, []).extend(cause.results)
        self._groups = [results, *causes.values()]
        texts = [f"{name} ({len(group):,})" for name, group in zip(("Everybody", *causes), self._groups, strict=True)]
        self._filter.blockSignals(True)
        self._filter.clear()
        self._filter.addItems(texts)
        self._filter.blockSignals(False)
        self._show_people()

    def _show_people(self) -> None:
        self.people.show_people(self._shown())
        self.people.table.clearSelection()
        self.people.table.scrollToTop()
        self._enable()

    def _shown(self) -> list[Result]:
        index = self._filter.currentIndex()
        return self._groups[index] if 0 <= index < len(self._groups) else []

    def _enable(self) -> None:
        free, again = self.people.free, self._may_go_again()
        self.send_again.setText(f"Send again to these ({len(again):,})…")
        self.send_again.setAccessibleDescription(f"{count(len(again), 'person', 'people')} of those shown")
        self.send_again.setEnabled(free and bool(again))
        self.send_again.setToolTip("" if again else self._why_not())
        self.resume.setVisible(self._is_open())
        self.resume.setEnabled(free and bool(self.people.results))
        self.delete.setEnabled(free and bool(self._runs.rowCount()))
        current = self.people.current()
        self.forget.setEnabled(free and current is not None and not current.recipient.user.is_forgotten)
        for made in (self.send_again, self.people.export, self.people.count_confirmed):
            made.setVisible(self._chosen is not None)

    def _is_open(self) -> bool:
        """Whether the chosen run waits for somebody to go on with it."""
        return self._chosen is not None and not self._chosen.ended and self._chosen.id != self._running

    def _resume(self) -> None:
        self.resume_requested.emit(self._chosen, self.people.results)

    def _may_go_again(self) -> list[Result]:
        """Those shown who can be sent to again without a question; in a run that has not ended nobody."""
        now = self._ledger.now()
        ended = self._chosen is not None and self._chosen.ended
        return [result for result in self._shown() if result.may_go_again(now)] if ended else []

    def _why_not(self) -> str:
        if self._chosen is not None and not self._chosen.ended:
            return "This run has not ended. Resume it or end it first."
        return "None of those shown can be sent to again now."

    def _send_again(self) -> None:
        # Asked anew: what the button reads may be a minute old.
        if again := self._may_go_again():
            left_out = left_out_of_again(self._shown(), again, self._ledger.now())
            self.send_again_requested.emit(self._chosen, again, left_out)

    # Delete

    def _count_deletable(self) -> None:
        now = self._ledger.now()
        self.people.set_busy(True)
        self._tasks.run(
            self, lambda: self._ledger.deletable(now), lambda number: self._ask_to_delete(number, now), self._not_done
        )

    def _ask_to_delete(self, number: int, now: float) -> None:
        self.people.set_busy(False)
        if not number:
            self.people.say("There is nothing to delete: only finished runs older than 24 hours can go.")
            return
        box = ask(
            self,
            f"Delete {count(number, 'run')} from this computer's history?",
            "Finished runs older than 24 hours go, with all their people and results; export first what you still "
            "need. Later runs and interrupted ones stay. That you deleted them, and when, is recorded.",
            f"Delete {count(number, 'run')}",
            lambda: self._delete(number, now),
            danger=True,
        )
        self.people.wait_for(box)

    def _delete(self, number: int, now: float) -> None:
        self.people.set_busy(True)

        def job() -> list[Run]:
            # At the moment of the question, so that what goes is what was asked about.
            self._ledger.delete_history(self._operator, now)
            return self._ledger.runs()

        self._tasks.run(self, job, lambda runs: self._deleted(number, runs), self._not_done)

    def _deleted(self, number: int, runs: list[Run]) -> None:
        self.people.set_busy(False)
        self._show_runs(runs)
        self.people.say(f"{count(number, 'run')} deleted. That is recorded.")

    # Forget

    def _ask_to_forget(self) -> None:
        result = self.people.current()
        if result is None or self._chosen is None:
            return
        pool_id, user = self._chosen.connection.pool_id, result.recipient.user
        box = ask(
            self,
            f"Forget {plain(user.label, 80)}?",
            FORGETTING,
            "Forget this person",
            lambda: self._forget_person(pool_id, user.username),
            danger=True,
        )
        self.people.wait_for(box)

    def _forget_person(self, pool_id: str, username: str) -> None:
        self.people.set_busy(True)
        self._tasks.run(
            self,
            lambda: self._ledger.forget(self._operator, pool_id, username, self._ledger.now()),
            lambda _: self._forgotten(),
            self._not_done,
        )

    def _forgotten(self) -> None:
        self.people.set_busy(False)
        # Read anew: what is on the screen still has the name.
        self._chosen = None
        self._choose()
        self.people.say("Forgotten. That is recorded.")

    def _not_done(self, problem: Problem) -> None:
        self.people.set_busy(False)
        show_problem(self, problem)
