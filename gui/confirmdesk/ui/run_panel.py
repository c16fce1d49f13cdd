"""A run while it goes on and after it: how far, what happened to whom, what to tell them, what to do next."""

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QSplitter, QTableView, QVBoxLayout, QWidget

from confirmdesk.core.campaign import Campaign
from confirmdesk.core.results import Result, summary, tally
from confirmdesk.core.outcomes import Again, Outcome
from confirmdesk.core.pace import SENDS_PER_SECOND
from confirmdesk.core.text import count, duration
from confirmdesk.ui.cards import Card, CardRow
from confirmdesk.ui.colours import ToneName
from confirmdesk.ui.run_tables import CAUSES, PEOPLE, Cause, advice_for, by_cause
from confirmdesk.ui.tables import RecordsModel, make_table
from confirmdesk.ui.widgets import Banner, StatusLine, announce, button, plain_label

TONES = {
    Outcome.ACCEPTED: ToneName.GREEN,
    Outcome.DOUBTFUL: ToneName.AMBER,
    Outcome.WAITING: ToneName.AMBER,
    Outcome.FAILED: ToneName.RED,
    Outcome.UNKNOWN: ToneName.RED,
}


class RunPanel(QWidget):
    """Shows one campaign. It sends nothing itself: the main window starts what its buttons ask for."""

    send_again_requested = Signal()
    export_requested = Signal()
    confirmed_count_requested = Signal()
    close_requested = Signal()

    def __init__(self, campaign: Campaign) -> None:
        super().__init__()
        self.campaign = campaign
        self.finished = False
        self.exported = False
        self._began = time.monotonic()
        self._took = 0.0
        self._results = campaign.results()
        self._causes = RecordsModel(CAUSES, self)
        self._people = RecordsModel(PEOPLE, self)
        self._title = plain_label("Sending codes", "title")
        self._line = StatusLine("Run progress", "quiet")
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Send progress")
        self._progress.setTextVisible(False)
        self._progress.setRange(0, max(len(self._results), 1))
        self._cards = {outcome: Card(str(outcome), TONES.get(outcome, ToneName.NEUTRAL)) for outcome in Outcome}
        self._summary = CardRow("Run summary", self._cards.values())
        self._trouble = Banner()
        self._causes_table = make_table("Run results", self._causes)
        self._people_table = make_table("Run recipients", self._people)
        self._people_title = StatusLine("Run recipients heading", "secondary")
        self._confirmed = StatusLine("Confirmed since", "quiet")
        self._make_buttons()
        self._lay_out()
        self._connect()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(500)
        self._refresh()

    def _make_buttons(self) -> None:
        self.stop = button("Stop", "Stop", "danger")
        self.again = button("Send again…", "Send again")
        self.export = button("Export results…", "Export results")
        self.count_confirmed = button("Who has confirmed since?", "Count confirmed", "link")
        self.copy_advice = button("Copy advice", "Copy advice", "link")
        self.close_run = button("Close run", "Close run", "primary")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._line, 1)
        head.addWidget(self.stop)
        column.addLayout(head)
        for widget in (self._progress, self._summary, self._trouble):
            column.addWidget(widget)
        tables = QSplitter(Qt.Orientation.Vertical)
        tables.setChildrenCollapsible(False)
        tables.addWidget(self._causes_table)
        tables.addWidget(self._people_zone())
        tables.setStretchFactor(0, 2)
        tables.setStretchFactor(1, 3)
        column.addWidget(tables, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.export)
        foot.addWidget(self.again)
        foot.addWidget(self.count_confirmed)
        foot.addWidget(self._confirmed, 1)
        foot.addWidget(self.close_run)
        column.addLayout(foot)

    def _people_zone(self) -> QWidget:
        zone = QWidget()
        column = QVBoxLayout(zone)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.addWidget(self._people_title, 1)
        row.addWidget(self.copy_advice)
        column.addLayout(row)
        column.addWidget(self._people_table, 1)
        return zone

    def _connect(self) -> None:
        self.stop.clicked.connect(self._stop)
        self.again.clicked.connect(self.send_again_requested)
        self.export.clicked.connect(self.export_requested)
        self.count_confirmed.clicked.connect(self.confirmed_count_requested)
        self.copy_advice.clicked.connect(self._copy_advice)
        self.close_run.clicked.connect(self.close_requested)
        self._causes_table.selectionModel().currentRowChanged.connect(self._show_people)
        self._causes_table.installEventFilter(_CopyKey(self._causes_table, self))

    def take(self, results: Sequence[Result]) -> None:
        """News from the run; the counters are always recounted from the campaign itself."""
        del results
        self._refresh()

    def finish(self) -> None:
        """Nobody is in flight any more."""
        self.finished = True
        self._took = time.monotonic() - self._began
        self._clock.stop()
        trouble = self.campaign.trouble
        if trouble:
            self._title.setText("The run has ended early")
            self._trouble.say(f"{trouble.verdict.cause}. {trouble.verdict.advice}", "error")
        else:
            self._title.setText("Stopped" if self.campaign.stopping else "Done")
        self._refresh()
        announce(self, f"{self._title.text()}: {self._summary.text()}")

    def fail(self, sentence: str) -> None:
        """The run could not even begin: nothing was sent."""
        self.campaign.stop()
        self.finish()
        self._title.setText("Nothing was sent")
        self._trouble.say(sentence, "error")

    def say(self, sentence: str) -> None:
        """A sentence about something that did not work, beside the results."""
        self._confirmed.show_text(sentence, announced=True)

    def mark_exported(self, name: str) -> None:
        self.exported = True
        self._confirmed.show_text(f"Exported to {name}.", announced=True)

    def show_confirmed(self, number: int) -> None:
        people = "No one of them has" if number == 0 else f"{count(number, 'person has', 'people have')}"
        self._confirmed.show_text(f"{people} confirmed or been deleted since.", announced=True)

    def results(self) -> list[Result]:
        return list(self._results)

    def _stop(self) -> None:
        self.campaign.stop()
        self._tick()

    def _tick(self) -> None:
        done = len(self._results) - tally(self._results)[Outcome.LEFT]
        self._line.show_text(self._progress_text(done))
        self.stop.setEnabled(not self.campaign.stopping)

    def _progress_text(self, done: int) -> str:
        total = len(self._results)
        if self.finished:
            reached = f"{done:,} of " if done < total else ""
            return f"{reached}{count(total, 'person', 'people')} in {duration(self._took)}"
        if self.campaign.stopping:
            return f"Stopping, {count(self.campaign.in_flight, 'call')} in flight"
        passed = time.monotonic() - self._began
        rate = f" · {done / passed:.1f} per second" if passed > 2 else ""
        left = duration((total - done) / SENDS_PER_SECOND)
        return f"{done:,} of {total:,}{rate} · {left} left"

    def _refresh(self) -> None:
        self._results = self.campaign.results()
        counts = tally(self._results)
        for outcome, card in self._cards.items():
            card.show_number(f"{counts[outcome]:,}")
        self._summary.show_text(summary(counts))
        self._progress.setValue(len(self._results) - counts[Outcome.LEFT])
        self._show_causes()
        for widget in (self.again, self.export, self.close_run, self.count_confirmed):
            widget.setVisible(self.finished)
        self.stop.setVisible(not self.finished)
        self.again.setEnabled(any(_worth_asking(r) for r in self._results))
        self.again.setToolTip("" if self.again.isEnabled() else "Nobody is left who could be sent to again.")
        self._tick()

    def _show_causes(self) -> None:
        chosen = self._chosen()
        causes = by_cause(self._results, self.finished)
        self._causes.show(causes)
        keys = [(cause.outcome, cause.cause, cause.advice) for cause in causes]
        key = (chosen.outcome, chosen.cause, chosen.advice) if chosen else None
        row = keys.index(key) if key in keys else 0
        if causes and row != self._causes_table.currentIndex().row():
            self._causes_table.selectRow(row)
        self._show_people()

    def _chosen(self) -> Cause | None:
        row = self._causes_table.currentIndex().row()
        return self._causes.record(row) if 0 <= row < self._causes.rowCount() else None

    def _show_people(self) -> None:
        chosen = self._chosen()
        self._people.show(chosen.results if chosen else ())
        people = f"{chosen.cause}: {count(len(chosen.results), 'person', 'people')}" if chosen else ""
        self._people_title.show_text(people)
        self.copy_advice.setEnabled(chosen is not None)

    def _copy_advice(self) -> None:
        if chosen := self._chosen():
            QGuiApplication.clipboard().setText(advice_for(chosen.results))


def _worth_asking(result: Result) -> bool:
    return result.may_go_again(time.time()) or result.verdict.again is Again.ASK


class _CopyKey(QObject):
    """Ctrl+C on a cause copies its advice, not the cell."""

    def __init__(self, table: QTableView, panel: RunPanel) -> None:
        super().__init__(table)
        self._panel = panel

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.matches(QKeySequence.StandardKey.Copy)
        ):
            self._panel.copy_advice.click()
            return True
        return super().eventFilter(watched, event)
