"""A run that the program did not live to finish: who is left, about whom nobody knows, and what to do with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMessageBox, QStackedWidget, QVBoxLayout, QWidget

from confirmdesk.core.errors import Problem
from confirmdesk.core.ledger.journal import RunJournal
from confirmdesk.core.ledger.ledger import Ledger, Run
from confirmdesk.core.people.users import Channel
from confirmdesk.core.sending.outcomes import Outcome
from confirmdesk.core.sending.results import Result, still_open, summary, tally
from confirmdesk.core.text import count, plain
from confirmdesk.core.times import moment
from confirmdesk.ui.kit.cards import Card, CardRow
from confirmdesk.ui.kit.clock import clock
from confirmdesk.ui.kit.colours import ToneName, environment_tone
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.faces import EmptyState
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import Pill, StatusLine, plain_label, title
from confirmdesk.ui.kit.messages import ask, show_problem
from confirmdesk.ui.kit.tables import Column, RecordsModel, make_table
from confirmdesk.ui.kit.tasks import Tasks
from confirmdesk.ui.kit.theme import set_kind
from confirmdesk.ui.sending.run_figures import TONES

SAFE = (
    "It is safe to resume: only those who are left are sent to, with the very requests that were reviewed, and nobody "
    "who was served gets a second code."
)
IN_FLIGHT = (
    "Those who were in flight when the program ended may have got theirs or not. Nobody knows, so they wait for your "
    "decision."
)
ALL_DONE = "Nobody is left and nobody is unknown any more. End the run, and it goes to the history."


@dataclass(frozen=True, slots=True)
class Unknown:
    """Somebody who may have got a code, with the place in the run's plan."""

    position: int
    result: Result


UNKNOWN: tuple[Column[Unknown], ...] = (
    Column("User", lambda u: u.result.recipient.user.label, 260),
    Column("Channel", lambda u: str(u.result.recipient.channel), 80),
    Column("Started", lambda u: clock(u.result.at), 110),
    Column("What is known", lambda u: f"{u.result.verdict.cause}. {u.result.verdict.advice}"),
)


class InterruptedPage(QWidget):
    """Decides nothing by itself. After `resume_requested` its buttons stay disabled, so that no run is resumed twice,
    until `show_run` or `set_busy(False)`.
    """

    resume_requested = Signal(object, object)
    put_off = Signal()
    ended = Signal(object)

    def __init__(self, tasks: Tasks, ledger: Ledger) -> None:
        super().__init__()
        self._tasks = tasks
        self._ledger = ledger
        self._run: Run | None = None
        self._results: list[Result] = []
        self._interrupted = ""
        self._busy = self._asking = False
        self._pill = Pill(kind="environment")
        self._line = StatusLine("Interrupted run", "heading", wrap=True)
        self._explanation = plain_label(kind="quiet", wrap=True)
        self._cards = {outcome: Card(str(outcome), TONES.get(outcome, ToneName.NEUTRAL)) for outcome in Outcome}
        self._summary = CardRow("Run summary", self._cards.values())
        self._unknown = RecordsModel(UNKNOWN, self)
        self._table = make_table("Unknown recipients", self._unknown, many=True)
        self._nobody = EmptyState()
        self._nobody.say("Nobody is unknown.", "It is certain of everybody whether a code was sent.", announced=False)
        self._faces = QStackedWidget()
        self.resume = button("Resume run", "Resume run", "primary")
        self.send_again = button("Send unknown again…", "Send unknown again")
        self.count_as_sent = button("Count unknown as sent", "Count unknown as sent")
        self.not_now = button("Not now", "Not now")
        self.not_now.setToolTip("The run waits in the history, where it can be resumed.")
        self.end = button("End run…", "End run", "danger")
        self._lay_out()
        self._connect()
        self._enable()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        head = NarrowRow()
        head.addWidget(title("A run was interrupted"))
        head.addStretch()
        head.addWidget(self._pill)
        column.addLayout(head)
        for widget in (self._line, self._explanation, self._summary):
            column.addWidget(widget)
        column.addLayout(self._decisions())
        self._faces.addWidget(self._nobody)
        self._faces.addWidget(self._table)
        column.addWidget(self._faces, 1)
        foot = NarrowRow()
        foot.addWidget(self.end)
        foot.addStretch()
        foot.addWidget(self.not_now)
        foot.addWidget(self.resume)
        column.addLayout(foot)
        # The first to have the focus is nothing that Space could set off by mistake, and *End run* is the last.
        chain = (self._table, self.send_again, self.count_as_sent, self.not_now, self.resume, self.end)
        for before, after in pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _decisions(self) -> NarrowRow:
        row = NarrowRow()
        row.setSpacing(8)
        heading = plain_label("Unknown recipients", "heading")
        heading.setBuddy(self._table)
        row.addWidget(heading)
        row.addStretch()
        row.addWidget(self.send_again)
        row.addWidget(self.count_as_sent)
        return row

    def _connect(self) -> None:
        self._table.selectionModel().selectionChanged.connect(self._enable)
        self.resume.clicked.connect(self._resume)
        self.send_again.clicked.connect(self._ask_to_send_again)
        self.count_as_sent.clicked.connect(lambda: self._decide(_count_as_sent))
        self.not_now.clicked.connect(self.put_off)
        self.end.clicked.connect(self._ask_to_end)

    def show_run(self, run: Run, results: list[Result]) -> None:
        """Show `run`, which has not ended, with all its results in the order of its plan."""
        self._run = run
        # Not taken again after a decision: who is decided about has no time of interruption any more.
        last = max((result.at for result in results), default=0.0) or run.started
        when = moment(last, self._ledger.now())
        self._interrupted = f"Interrupted {'on' if ' ' in when else 'at'} {when}: {plain(run.connection.name, 80)}"
        environment = run.connection.environment
        self._pill.set(plain(environment, 40).upper(), environment_tone(environment))
        self._busy = False
        self._show(results)

    def set_busy(self, busy: bool) -> None:
        """Disable all buttons while `busy`: a resumed run is being prepared, or was not after all."""
        self._busy = busy
        self._enable()

    def _show(self, results: list[Result]) -> None:
        self._results = results
        counts = tally(results)
        self._line.show_text(f"{self._interrupted}, {_figures(counts)}.", announced=True)
        for outcome, card in self._cards.items():
            card.show_number(f"{counts[outcome]:,}")
        self._summary.show_text(summary(counts))
        unknown = [Unknown(position, r) for position, r in enumerate(results) if r.verdict.outcome is Outcome.UNKNOWN]
        self._unknown.show(unknown)
        # A selection stays at its rows, and other people may have moved there.
        self._table.clearSelection()
        self._faces.setCurrentWidget(self._table if unknown else self._nobody)
        sentences = [SAFE] if counts[Outcome.LEFT] else []
        sentences += [IN_FLIGHT] if unknown else []
        self._explanation.setText(" ".join(sentences) or ALL_DONE)
        self._enable()

    def _enable(self) -> None:
        free = self._run is not None and not self._busy and not self._asking
        left, chosen = tally(self._results)[Outcome.LEFT], len(self._chosen())
        self.resume.setText(f"Resume run ({left:,})")
        self.resume.setAccessibleDescription(_by_channel(self._results))
        self.resume.setEnabled(free and left > 0)
        self.resume.setToolTip("" if left else "Nobody is left to send to.")
        number = f" ({chosen:,})" if chosen else ""
        self.send_again.setText(f"Send unknown again{number}…")
        self.count_as_sent.setText(f"Count unknown as sent{number}")
        for decision in (self.send_again, self.count_as_sent):
            decision.setEnabled(free and chosen > 0)
            decision.setToolTip("" if chosen else "Nobody is unknown.")
        self.not_now.setEnabled(free)
        self.end.setEnabled(free)
        done = not left and not chosen
        self.end.setText("End run" if done else "End run…")
        set_kind(self.end, kind="primary" if done else "danger")

    def _chosen(self) -> list[Unknown]:
        """The selected ones; all where none is selected."""
        rows = sorted(index.row() for index in self._table.selectionModel().selectedRows())
        return [self._unknown.record(row) for row in rows] or self._unknown.records()

    def _resume(self) -> None:
        self.set_busy(True)
        self.resume_requested.emit(self._run, list(self._results))

    def _ask_to_send_again(self) -> None:
        chosen = self._chosen()
        box = ask(
            self,
            f"{count(len(chosen), 'person', 'people')} may already have got a code.",
            "Sending again may mail them twice; asking them to look first does not. Nothing is sent yet: they join "
            "those who are left, and “Resume run” sends to them.",
            f"Send again ({len(chosen):,})",
            lambda: self._decide(_reopen, chosen),
            danger=True,
        )
        self._wait_for(box)

    def _decide(self, decision: "Decision", chosen: Sequence[Unknown] | None = None) -> None:
        run, people = self._run, self._chosen() if chosen is None else chosen
        if run is None or self._busy:
            return

        def job() -> list[Result]:
            journal = self._ledger.journal(run.id)
            for unknown in people:
                decision(journal, unknown)
            return self._ledger.results(run.id)

        self.set_busy(True)
        self._tasks.run(self, job, self._decided, self._failed)

    def _decided(self, results: list[Result]) -> None:
        self._busy = False
        self._show(results)

    def _failed(self, problem: Problem) -> None:
        self.set_busy(False)
        show_problem(self, problem)

    def _ask_to_end(self) -> None:
        counts = tally(self._results)
        left, unknown = counts[Outcome.LEFT], counts[Outcome.UNKNOWN]
        if not still_open(self._results):
            self._end()
            return
        open_ones = [f"{count(left, 'person', 'people')} left without a code"] if left else []
        open_ones += [f"{unknown:,} unknown"] if unknown else []
        box = ask(
            self,
            f"End this run with {' and '.join(open_ones)}?",
            "Nobody else is sent to, and the run cannot be resumed: the values of its client metadata are erased. "
            "It stays in the history with all its people.",
            "End run",
            self._end,
            danger=True,
        )
        self._wait_for(box)

    def _end(self) -> None:
        run = self._run
        if run is None or self._busy:
            return
        self.set_busy(True)
        self._tasks.run(
            self, lambda: self._ledger.end(run.id, self._ledger.now()), lambda _: self.ended.emit(run), self._failed
        )

    def _wait_for(self, box: QMessageBox) -> None:
        # Assistive tools can press what a question covers.
        self._asking = True
        self._enable()
        box.finished.connect(self._answered)

    def _answered(self) -> None:
        self._asking = False
        self._enable()


Decision = Callable[[RunJournal, Unknown], None]


def _reopen(journal: RunJournal, unknown: Unknown) -> None:
    journal.reopen(unknown.position)


def _count_as_sent(journal: RunJournal, unknown: Unknown) -> None:
    journal.count_as_sent(unknown.position, unknown.result)


def _figures(counts: dict[Outcome, int]) -> str:
    """`4,312 of 5,000 served, 3 failed, 686 left, 2 unknown`: together they are everybody."""
    last = (Outcome.LEFT, Outcome.UNKNOWN)
    others = [outcome for outcome in Outcome if outcome not in (Outcome.ACCEPTED, *last) and counts[outcome]]
    parts = [f"{counts[outcome]:,} {outcome}" for outcome in (*others, *last)]
    return ", ".join((f"{counts[Outcome.ACCEPTED]:,} of {sum(counts.values()):,} served", *parts))


def _by_channel(results: Sequence[Result]) -> str:
    """What `Resume run` would send, as its description says it."""
    channels = [r.recipient.channel for r in results if r.verdict.outcome is Outcome.LEFT]
    mails, texts = channels.count(Channel.EMAIL), channels.count(Channel.SMS)
    return f"{count(len(channels), 'person', 'people')}: {mails:,} by e-mail, {texts:,} by SMS"
