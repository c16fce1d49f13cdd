"""A run while it goes on and after it: how far, what happened to whom, what to tell them, what to do next."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QProgressBar, QPushButton, QSplitter, QVBoxLayout, QWidget

from confirmdesk.core.errors import Kind
from confirmdesk.core.sending.campaign import Campaign, State
from confirmdesk.core.sending.outcomes import Again, Outcome
from confirmdesk.core.sending.results import Result, tally
from confirmdesk.core.text import count, duration
from confirmdesk.ui.kit.clock import clock
from confirmdesk.ui.kit.eliding import NarrowRow
from confirmdesk.ui.kit.faces import Banner
from confirmdesk.ui.kit.inputs import button
from confirmdesk.ui.kit.labels import StatusLine, title
from confirmdesk.ui.kit.screen_reader import announce
from confirmdesk.ui.kit.tables import RecordsModel, make_table
from confirmdesk.ui.kit.tasks import Tasks
from confirmdesk.ui.kit.theme import set_kind
from confirmdesk.ui.sending.people import RunPeople
from confirmdesk.ui.sending.run_figures import Rate, RunFigures
from confirmdesk.ui.sending.run_tables import CAUSES, PEOPLE, Cause, by_cause, customer_words_for
from confirmdesk.ui.sending.secret_row import SecretRow


class RunPanel(QWidget):
    """Shows one campaign. It neither sends nor stops anything itself: others do what its buttons ask for."""

    pause_requested = Signal()
    resume_requested = Signal()
    stop_requested = Signal()
    send_again_requested = Signal()
    close_requested = Signal()

    def __init__(self, tasks: Tasks, campaign: Campaign, secret: SecretRow | None = None) -> None:
        """`secret` is where somebody can enter the client secret that the run waits for."""
        super().__init__()
        self.campaign = campaign
        self._rate = Rate()
        self._results = campaign.results()
        self._causes = RecordsModel(CAUSES, self)
        self._title = title("Sending codes")
        self._line = StatusLine("Run progress", "quiet")
        self._progress = QProgressBar()
        self._progress.setAccessibleName("Send progress")
        self._progress.setTextVisible(False)
        self._progress.setRange(0, max(len(self._results), 1))
        self._began, self._ended = campaign.now(), 0.0
        self._summary = RunFigures(len(self._results))
        self._trouble = Banner()
        self._secret = secret
        self._causes_table = make_table("Run results", self._causes)
        self.people = RunPeople(tasks, button("Export results…", "Export results"), "secondary", PEOPLE)
        self._customer_words = StatusLine("Words for the customer", "quiet")
        self._make_buttons()
        # Where a key that was meant for what came before does no harm.
        self.setFocusProxy(self._causes_table)
        self._lay_out()
        self._connect()
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(500)
        # News comes with each answer; a picture of it five times a second is enough.
        self._soon = QTimer(self, singleShot=True, interval=200)
        self._soon.timeout.connect(self.refresh)
        self.refresh()

    def _make_buttons(self) -> None:
        self.pause = button("Pause", "Pause")
        self.resume = button("Resume", "Resume", "primary")
        self.stop = button("Stop", "Stop", "danger")
        self.again = button("Send again…", "Send again")
        self.copy_advice = button("Copy advice", "Copy advice", "link")
        self.close_run = button("Close run", "Close run", "primary")

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(12)
        head = NarrowRow()
        head.setSpacing(12)
        head.addWidget(self._title)
        head.addWidget(self._line, 1)
        for made in (self.pause, self.resume, self.stop):
            head.addWidget(made)
        column.addLayout(head)
        for widget in filter(None, (self._progress, self._summary, self._trouble, self._secret)):
            column.addWidget(widget)
        tables = QSplitter(Qt.Orientation.Vertical)
        tables.setObjectName("run")
        tables.setChildrenCollapsible(False)
        tables.addWidget(self._causes_table)
        self.people.texts.addWidget(self._customer_words)
        self.people.head.addWidget(self.copy_advice)
        tables.addWidget(self.people)
        tables.setStretchFactor(0, 2)
        tables.setStretchFactor(1, 3)
        column.addWidget(tables, 1)
        foot = NarrowRow()
        foot.setSpacing(8)
        foot.addWidget(self.people.export)
        foot.addWidget(self.again)
        foot.addWidget(self.people.count_confirmed)
        foot.addWidget(self.people.said, 1)
        foot.addWidget(self.people.open_folder)
        foot.addWidget(self.close_run)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.stop.clicked.connect(self._stop)
        self.pause.clicked.connect(self._pause)
        self.resume.clicked.connect(self._resume)
        if self._secret:
            self._secret.entered.connect(self._resume)
        self.again.clicked.connect(self.send_again_requested)
        self.copy_advice.clicked.connect(self._copy_advice)
        self.close_run.clicked.connect(self.close_requested)
        self.people.free_changed.connect(self._tick)
        self._causes_table.selectionModel().currentRowChanged.connect(self._show_people)
        self._causes_table.menu_opening.connect(lambda menu: menu.addAction("Copy advice", self._copy_advice))

    def take(self, news: object) -> None:
        """Something changed; what is shown is always counted anew from the campaign itself."""
        del news
        if not self._soon.isActive():
            self._soon.start()

    @property
    def _over(self) -> bool:
        return self.campaign.state is State.OVER

    def show_over(self) -> None:
        """Nobody is in flight any more."""
        self._soon.stop()
        # From now on only *waiting* people change: their time comes.
        self._clock.start(5000)
        self._ended = self.campaign.now()
        self.refresh()
        # Whoever needs somebody stands first, and is looked at first.
        self._causes_table.selectRow(0)
        announce(self, f"{self._title.text()}: {self._summary.text()}")

    def fail(self, sentence: str) -> None:
        """The run could not go on at all."""
        self.show_over()
        if not any(result.at for result in self._results):
            self._title.setText("Nothing was sent")
        self._trouble.say(sentence, "error")

    def results(self) -> list[Result]:
        return list(self._results)

    def _stop(self) -> None:
        self.setFocus()
        self.stop_requested.emit()
        self.refresh()

    def _pause(self) -> None:
        self.pause_requested.emit()
        self.refresh()
        self.resume.setFocus()

    def _resume(self) -> None:
        self.resume_requested.emit()
        self._rate = Rate()
        self.refresh()
        self.pause.setFocus()

    def _tick(self) -> None:
        done = len(self._results) - tally(self._results)[Outcome.LEFT]
        state = self.campaign.state
        if state is State.RUNNING:
            self._rate.note(done)
        self._line.show_text(self._progress_text(done))
        self._say_state()
        self.close_run.setEnabled(self.people.free)
        self.again.setEnabled(
            self._over and self.people.free and any(_worth_asking(r, self.campaign.now()) for r in self._results)
        )
        self.again.setToolTip(self._why_not_again())

    def _say_state(self) -> None:
        """Title, banner and buttons of the state; a change is announced."""
        state, reason = self.campaign.state, self.campaign.reason
        words = {
            State.RUNNING: "Sending codes",
            State.PAUSED: "Paused",
            State.STOPPING: "Stopping",
            State.OVER: "Stopped" if tally(self._results)[Outcome.LEFT] else "Done",
        }
        if self._title.text() != words[state]:
            self._title.setText(words[state])
            if state is not State.OVER:
                announce(self, words[state])
        paused = state is State.PAUSED
        if reason and (paused or self._over):
            wait = self.campaign.waits_for_network
            again = f" Trying again in {duration(wait)}." if paused and wait else ""
            self._trouble.say(f"{reason.text()}{again}", "error")
        elif paused:
            self._trouble.say("Nobody is sent to until you resume. Closing the program now loses nothing.", "info")
        else:
            self._trouble.say("")
        if self._secret:
            wanted = paused and reason is not None and reason.kind is Kind.SECRET_WANTED
            self._secret.want(wanted)
            # One button is the one to press next.
            kind = "plain" if wanted else "primary"
            if self.resume.property("kind") != kind:
                set_kind(self.resume, kind=kind)
        self._offer({self.pause: state is State.RUNNING, self.resume: paused, self.stop: state is not State.OVER})
        self.stop.setEnabled(state is not State.STOPPING)

    def _offer(self, wanted: dict[QPushButton, bool]) -> None:
        """Show those buttons and hide the others. Qt hands the focus of one that goes to its neighbour: to Stop."""
        for button_, shown in wanted.items():
            if not shown and button_.hasFocus():
                self.setFocus()
            button_.setVisible(shown)

    def _why_not_again(self) -> str:
        if self.again.isEnabled() or not self._over:
            return ""
        waiting = [r.at + r.verdict.wait for r in self._results if r.verdict.again is Again.LATER]
        return f"From about {clock(min(waiting))} on." if waiting else "Nobody is left who could be sent to again."

    def _progress_text(self, done: int) -> str:
        total = len(self._results)
        if self._over:
            reached = f"{done:,} of " if done < total else ""
            took = duration(self._ended - self._began)
            return f"{reached}{count(total, 'person', 'people')} · ended {clock(self._ended)} after {took}"
        flight = count(self.campaign.in_flight, "call")
        if self.campaign.state is State.STOPPING:
            return f"Stopping, {flight} in flight"
        if self.campaign.state is State.PAUSED:
            flying = f" · {flight} in flight" if self.campaign.in_flight else ""
            return f"{done:,} of {total:,}{flying}"
        pace = self.campaign.pace.per_second
        rate = f" · {self._rate.per_second:.1f} per second" if self._rate.per_second else ""
        left = f" · {duration((total - done) / pace)} left" if pace and done < total else ""
        return f"{done:,} of {total:,}{rate}{left}"

    def refresh(self) -> None:
        """Show how things stand now."""
        self._results = self.campaign.results()
        self.people.take(self._results)
        # Codes for somebody else would have to wait for this run.
        self.people.openable = self._over
        counts = self._summary.show_results(self._results, self._over)
        self._progress.setValue(len(self._results) - counts[Outcome.LEFT])
        self._show_causes()
        for widget in (self.again, self.people.export, self.close_run, self.people.count_confirmed):
            widget.setVisible(self._over)
        self._tick()

    def _show_causes(self) -> None:
        chosen = self._chosen()
        causes = by_cause(self._results, self._over)
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
        self.people.show_people(chosen.results if chosen else ())
        people = f"{chosen.cause}: {count(len(chosen.results), 'person', 'people')}" if chosen else ""
        self.people.heading.show_text(people)
        # While a run goes on people are counted five times a second; words can wait for its end.
        words = f"For the customer: {customer_words_for(chosen.results)}" if chosen and self._over else ""
        self._customer_words.show_text(words)
        self._customer_words.setVisible(bool(words))
        self.copy_advice.setEnabled(chosen is not None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.close_run.isVisible():
            self.close_run.click()
        else:
            super().keyPressEvent(event)

    def _copy_advice(self) -> None:
        if chosen := self._chosen():
            QGuiApplication.clipboard().setText(customer_words_for(chosen.results))


def _worth_asking(result: Result, now: float) -> bool:
    return result.may_go_again(now) or result.verdict.again is Again.ASK
