"""What was sent from this computer: the runs, the people of each, and what can still be done for them."""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from confirmdesk.core.errors import Problem
from confirmdesk.core.ledger.ledger import RETENTION, Ledger, Operator, Run
from confirmdesk.core.ledger.report import results_csv, write_csv
from confirmdesk.core.sending.results import Result, summary, tally
from confirmdesk.core.text import count, plain
from confirmdesk.ui.kit.clock import clock
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.faces import EmptyState
from confirmdesk.ui.kit.inputs import Combo, button
from confirmdesk.ui.kit.labels import StatusLine, title
from confirmdesk.ui.kit.messages import ask, show_problem
from confirmdesk.ui.kit.tables import RecordsModel, make_table
from confirmdesk.ui.kit.tasks import Task, Tasks
from confirmdesk.ui.runs.history_table import RUNS, RunRow, who
from confirmdesk.ui.sending.run_tables import PEOPLE, by_cause

DAYS_KEPT = round(RETENTION / 86400)
NOTE = f"What this computer knows, not what the rest of your team sent from theirs. Runs are kept for {DAYS_KEPT} days."
MINUTE = 60_000


class HistoryPage(QWidget):
    """Reads everything in the background. It sends and asks AWS nothing itself: signals carry what its buttons want."""

    send_again_requested = Signal(object, object)
    confirmed_count_requested = Signal(object, object)
    close_requested = Signal()

    def __init__(self, tasks: Tasks, ledger: Ledger, operator: Operator) -> None:
        super().__init__()
        self._tasks = tasks
        self._ledger = ledger
        self._operator = operator
        self._chosen: Run | None = None
        self._running = self._counting = 0
        self._results: list[Result] = []
        self._groups: list[list[Result]] = []
        self._reading: Task | None = None
        self._busy = self._asking = False
        self._runs = RecordsModel(RUNS, self)
        self._people = RecordsModel(PEOPLE, self)
        self._runs_table = make_table("Runs", self._runs)
        self._people_table = make_table("Run recipients", self._people)
        # In a past run the time carries its day.
        self._people_table.setColumnWidth([c.heading for c in PEOPLE].index("Time"), 104)
        self._heading = StatusLine("Run recipients heading", "heading")
        self._summary = StatusLine("Run summary", "secondary")
        self._filter = Combo("Cause filter")
        self._confirmed = StatusLine("Confirmed since", "quiet")
        self._make_buttons()
        self._face = EmptyState(self.read_again)
        self._faces = QStackedWidget()
        self._lay_out()
        self._connect()
        self._say_face("Reading the history…")

    def _make_buttons(self) -> None:
        self.send_again = button("Send again to these…", "Send again to these")
        self.export = button("Export run…", "Export run")
        self.count_confirmed = button("Who has confirmed since?", "Count confirmed", "link")
        self.delete = button("Delete history…", "Delete history", "danger")
        self.back = button("Back", "Close history")
        self.read_again = button("Try again", "Read history again")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        both = QSplitter(Qt.Orientation.Vertical)
        both.setChildrenCollapsible(False)
        both.addWidget(self._runs_table)
        both.addWidget(self._people_zone())
        both.setStretchFactor(0, 2)
        both.setStretchFactor(1, 3)
        self._faces.addWidget(self._face)
        self._faces.addWidget(both)
        column.addWidget(self._faces, 1)
        foot = NarrowRow()
        foot.setSpacing(8)
        for made in (self.send_again, self.export, self.count_confirmed):
            foot.addWidget(made)
        foot.addWidget(self._confirmed, 1)
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

    def _people_zone(self) -> QWidget:
        zone = QWidget()
        column = QVBoxLayout(zone)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        row = NarrowRow()
        row.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self._heading)
        texts.addWidget(self._summary)
        row.addLayout(texts, 1)
        self._filter.least = 260
        row.addWidget(self._filter)
        column.addLayout(row)
        column.addWidget(self._people_table, 1)
        return zone

    def _connect(self) -> None:
        self._runs_table.selectionModel().currentRowChanged.connect(self._choose)
        self._filter.currentTextChanged.connect(self._show_people)
        self.send_again.clicked.connect(self._send_again)
        self.export.clicked.connect(self._choose_file)
        self.count_confirmed.clicked.connect(self._count_confirmed)
        self.delete.clicked.connect(self._count_deletable)
        self.read_again.clicked.connect(lambda: self.refresh(self._running))
        self.back.clicked.connect(self.close_requested)
        # Somebody's hourly limit passes while the page is open.
        timer = QTimer(self)
        timer.timeout.connect(self._enable)
        timer.start(MINUTE)

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
        self._counting = 0
        self._confirmed.show_text("")
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
        self._heading.show_text("Reading…")
        self._enable()
        self._reading = self._tasks.run(self, lambda: self._ledger.results(run.id), self._take, self._not_read)

    def _take(self, results: list[Result]) -> None:
        run = self._chosen
        assert run
        parts = (run.connection.name, who(run.operator), run.operator.identity)
        self._heading.show_text(plain(" · ".join((clock(run.started), *filter(None, parts))), 300))
        self._show_results(results)

    def _show_results(self, results: list[Result]) -> None:
        self._results = results
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
        self._people.show(self._shown())
        self._people_table.clearSelection()
        self._people_table.scrollToTop()
        self._enable()

    def _shown(self) -> list[Result]:
        at = self._filter.currentIndex()
        return self._groups[at] if 0 <= at < len(self._groups) else []

    def _enable(self) -> None:
        run, free = self._chosen, not self._asking and not self._busy
        again = self._may_go_again()
        self.send_again.setText(f"Send again to these ({len(again):,})…")
        self.send_again.setAccessibleDescription(f"{count(len(again), 'person', 'people')} of those shown")
        self.send_again.setEnabled(free and bool(again))
        self.send_again.setToolTip("" if again else self._why_not())
        self.export.setEnabled(free and bool(self._results))
        self.count_confirmed.setEnabled(free and bool(self._results) and not self._counting)
        self.delete.setEnabled(free and bool(self._runs.rowCount()))
        for made in (self.send_again, self.export, self.count_confirmed):
            made.setVisible(run is not None)

    def _may_go_again(self) -> list[Result]:
        """Those shown who can be sent to again without a question; in a run that has not ended nobody."""
        now = time.time()
        ended = self._chosen is not None and self._chosen.ended
        return [result for result in self._shown() if result.may_go_again(now)] if ended else []

    def _why_not(self) -> str:
        if self._chosen is not None and not self._chosen.ended:
            return "This run has not ended. Resume it or end it first."
        return "None of those shown can be sent to again now."

    def _send_again(self) -> None:
        # Asked anew: what the button reads may be a minute old.
        if again := self._may_go_again():
            self.send_again_requested.emit(self._chosen, again)

    # How many have confirmed

    def _count_confirmed(self) -> None:
        assert self._chosen
        self._counting = self._chosen.id
        self._enable()
        self.confirmed_count_requested.emit(self._chosen, list(self._results))

    def show_confirmed(self, number: int) -> None:
        """Of the run for which it was asked; nothing if another one was chosen since."""
        people = "No one of them has" if number == 0 else f"{count(number, 'person has', 'people have')}"
        if self._counting:
            self.say(f"{people} confirmed or been deleted since.")

    def say(self, sentence: str) -> None:
        """A sentence about what came of the last thing that was asked for."""
        self._counting = 0
        self._confirmed.show_text(sentence, announced=True)
        self._enable()

    # Export

    def _choose_file(self) -> None:
        assert self._chosen
        started = datetime.fromtimestamp(self._chosen.started).astimezone()
        path = Path.home() / f"confirmdesk {started:%Y-%m-%d %H%M}.csv"
        dialog = QFileDialog(self, "Export run", str(path), "CSV files (*.csv)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.export_to)
        self._wait_for(dialog)
        dialog.open()

    def export_to(self, path: str) -> None:
        """Write everybody of the chosen run to `path` in the background."""
        run, results, zone = self._chosen, self._results, datetime.now().astimezone().tzinfo
        assert run
        assert zone

        def job() -> None:
            write_csv(Path(path), results_csv(_with_keys(run, results), zone))

        self._tasks.run(self, job, lambda _: self.say(f"Exported to {Path(path).name}."))

    # Delete

    def _count_deletable(self) -> None:
        now = time.time()
        self._set_busy(True)
        self._tasks.run(
            self, lambda: self._ledger.deletable(now), lambda number: self._ask_to_delete(number, now), self._not_done
        )

    def _ask_to_delete(self, number: int, now: float) -> None:
        self._set_busy(False)
        if not number:
            self.say("There is nothing to delete: only finished runs older than 24 hours can go.")
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
        self._wait_for(box)

    def _delete(self, number: int, now: float) -> None:
        self._set_busy(True)

        def job() -> list[Run]:
            # At the moment of the question, so that what goes is what was asked about.
            self._ledger.delete_history(self._operator, now)
            return self._ledger.runs()

        self._tasks.run(self, job, lambda runs: self._deleted(number, runs), self._not_done)

    def _deleted(self, number: int, runs: list[Run]) -> None:
        self._set_busy(False)
        self._show_runs(runs)
        self.say(f"{count(number, 'run')} deleted. That is recorded.")

    def _not_done(self, problem: Problem) -> None:
        self._set_busy(False)
        show_problem(self, problem)

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self._enable()

    def _wait_for(self, dialog: QDialog) -> None:
        # Assistive tools can press what a dialog covers.
        self._asking = True
        self._enable()
        dialog.finished.connect(self._answered)

    def _answered(self) -> None:
        self._asking = False
        self._enable()


def _with_keys(run: Run, results: Sequence[Result]) -> list[Result]:
    """For an export: an ended run's requests are erased, but the keys of its metadata are still known."""
    if not run.ended:
        return list(results)
    keys = tuple((key, "") for key in run.metadata_keys)
    return [
        replace(r, recipient=replace(r.recipient, request=replace(r.recipient.request, metadata=keys))) for r in results
    ]
