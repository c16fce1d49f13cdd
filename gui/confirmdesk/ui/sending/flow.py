"""One order on its way from what somebody asked for to the end of its run. Read it from top to bottom: each step
starts the next."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.sending.plan import Plan
from confirmdesk.core.sending.results import still_open
from confirmdesk.ui.kit.messages import show_problem
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.sending.order import MakePlan, Order, new_order, order_to_resume, write_down
from confirmdesk.ui.session import Session

# Reviews, runs and what they send with are imported when they come: the first paint needs none of them.
if TYPE_CHECKING:
    from collections.abc import Callable

    from confirmdesk.core.checks.before_sending import ConnectionFacts
    from confirmdesk.core.checks.check import Check
    from confirmdesk.core.ledger.journal import RunJournal
    from confirmdesk.core.ledger.ledger import Run
    from confirmdesk.core.sending.campaign import Campaign
    from confirmdesk.core.sending.results import Result
    from confirmdesk.ui.kit.tasks import Stream, Task
    from confirmdesk.ui.sending.run_panel import RunPanel

KEYRING_SILENT = Problem(
    "The keyring did not answer, so nothing was prepared.",
    "It may wait for its password in a window behind this one. Unlock it, then press Review again.",
)


class Stage(Enum):
    """How far an order is."""

    IDLE = "nothing is asked for"
    PREPARING = "the plan is made and the secret read"
    REVIEWING = "somebody looks at it"
    WRITING = "it goes to the ledger"
    RUNNING = "codes are sent, or the run is paused"
    OVER = "nobody is in flight any more"


class SendFlow(QObject):
    """Leads one order. Where nothing comes of it, it is idle again.

    `entered` carries each new stage.
    """

    entered = Signal(object)
    # Somebody would rather have the practice pool as it was at the start.
    reset_requested = Signal()

    def __init__(self, window: QWidget, session: Session, theme: Theme, patience_ms: int) -> None:
        """`patience_ms` is how long somebody may take to type the keyring's password."""
        super().__init__(window)
        self._window = window
        self._session = session
        self._theme = theme
        self._replaces = 0
        self._preparation: Task | None = None
        self._patience = QTimer(self, singleShot=True, interval=patience_ms)
        self._patience.timeout.connect(partial(self.give_up, KEYRING_SILENT))
        self._campaign: Campaign | None = None
        # The run's number in the ledger, 0 before it has one.
        self.run = 0
        self.stage = Stage.IDLE
        self.panel: RunPanel | None = None
        # Under which name the connection is found now: somebody may mend and rename it in mid-run.
        self.connection_name = ""

    # First the plan is made and the secret read, both in the background

    def start(self, connection: Connection, make: MakePlan, note: str, replaces: int) -> None:
        """Make an order and review it. `replaces` is the run on the screen, 0 for none: it ends as this one begins."""
        session, ledger = self._session, self._session.ledger
        if ledger is None:
            self._drop(session.ledger_problem)
            return
        self._replaces = replaces
        self._prepare(lambda: new_order(session, ledger, connection, make, note), self._review)

    def start_again(self, connection: Connection, run: Run, results: list[Result]) -> None:
        """Go on with an interrupted run. It was reviewed; what may have changed is its connection."""
        session = self._session
        self._prepare(lambda: order_to_resume(session, connection, run, results), self._resume)

    def _prepare(self, job: Callable[[], Order], then: Callable[[Order], None]) -> None:
        self._enter(Stage.PREPARING)
        self._patience.start()
        self._preparation = self._session.tasks.run(self, job, partial(self._prepared, then), self._drop)

    def give_up(self, why: Problem | None = None) -> None:
        """Nothing comes of what is being prepared."""
        if self.stage is Stage.PREPARING and self._preparation:
            self._preparation.cancel()
            self._drop(why)

    def _prepared(self, then: Callable[[Order], None], order: Order) -> None:
        self._patience.stop()
        then(order)

    # Then somebody looks at it

    def _review(self, order: Order) -> None:
        from confirmdesk.core.checks import before_sending as checks
        from confirmdesk.core.checks.forecast import forecast
        from confirmdesk.core.checks.plan import too_many
        from confirmdesk.core.cognito.control import Control, PoolFacts
        from confirmdesk.ui.sending.review_dialog import ReviewDialog

        connection = order.connection

        def judge(facts: ConnectionFacts, plan: Plan) -> tuple[tuple[Check, ...], str]:
            pool = facts.pool if isinstance(facts.pool, PoolFacts) else None
            checked = checks.checks_of(facts, connection, order.secret, plan, order.sent_today)
            return checked, forecast(plan, pool, order.sent_today, self._session.clock.now())

        self._enter(Stage.REVIEWING)
        limit = partial(too_many, connection, self._session.preset(connection.name) is not None)
        plan, blocked, note = order.plan, order.blocked, order.note
        dialog = ReviewDialog(self._window, self._theme, connection, plan, judge, blocked, note, limit)
        aws = self._session.aws
        self._session.tasks.run(
            dialog, lambda: checks.read_facts(Control(aws, connection)), dialog.show_facts, dialog.unchecked
        )
        dialog.confirmed.connect(lambda plan, first: self._write(replace(order, plan=plan, first_only=first)))
        dialog.rejected.connect(self._drop)
        if self._session.practice and order.plan.mostly_served_before:
            dialog.reset_requested.connect(self.reset_requested)
            dialog.offer_reset()
        dialog.open()

    def _resume(self, order: Order) -> None:
        if order.blocked:
            self._drop(Problem(order.blocked))
        else:
            self._write(order)

    # What was reviewed goes to the ledger, whole, before the first call

    def _write(self, order: Order) -> None:
        ledger = self._session.ledger
        assert ledger
        self._enter(Stage.WRITING)
        self._session.tasks.run(
            self, lambda: write_down(ledger, order, self._replaces), partial(self._send, order), self._drop
        )

    # The run

    def _send(self, order: Order, journal: RunJournal) -> None:
        from confirmdesk.core.cognito.resend import open_sender
        from confirmdesk.core.sending.campaign import Campaign
        from confirmdesk.core.sending.pace import Pace
        from confirmdesk.ui.sending.run_panel import RunPanel
        from confirmdesk.ui.sending.secret_row import SecretRow

        self.run, self.connection_name = journal.run, order.connection.name
        pace, row = Pace(order.connection.per_second), SecretRow(self._session, order.connection, order.secret)
        self._campaign = campaign = Campaign(
            order.plan, journal, pace, order.results, self._session.clock.now, renew_secret=row.secret.renew
        )
        if order.first_only:
            campaign.pause_after(1)
        self.panel = panel = RunPanel(self._session.tasks, campaign, row)
        row.learned.connect(self._learn_need)
        panel.pause_requested.connect(campaign.pause)
        panel.resume_requested.connect(campaign.resume)
        panel.stop_requested.connect(campaign.stop)
        stream: Stream[None] = self._session.tasks.stream(panel, panel.take)
        self._enter(Stage.RUNNING)
        aws = self._session.aws
        open_send = row.secret.bind(lambda secret: open_sender(aws, order.connection, secret).send)

        def job() -> None:
            campaign.run(open_send, lambda: stream.put(None))

        self._session.tasks.run(self, job, lambda _: self._finish(campaign, panel), partial(self._fail, panel))

    def _learn_need(self) -> None:
        """A secret has worked in this run of which the connection did not know that it is needed."""
        connection = self._session.connection(self.connection_name)
        if connection and not connection.needs_secret:
            self._session.put_connection(replace(connection, needs_secret=True), connection.name)

    def stop(self) -> None:
        """Send to nobody else. Calls in flight finish, and then the run is over."""
        if self.stage is Stage.RUNNING and self._campaign and self.panel:
            self._campaign.stop()
            self.panel.refresh()

    def _finish(self, campaign: Campaign, panel: RunPanel) -> None:
        panel.show_over()
        if not still_open(campaign.results()):
            self.end_for_good()
        self._enter(Stage.OVER)

    def _fail(self, panel: RunPanel, problem: Problem) -> None:
        panel.fail(problem.text())
        self._enter(Stage.OVER)

    def end_for_good(self) -> None:
        """Nobody of this run is sent to any more; the values of its requests are erased."""
        ledger, run = self._session.ledger, self.run
        if ledger:
            self._session.tasks.run(self, lambda: ledger.end(run, ledger.now()), lambda _: None)

    # Where nothing comes of it

    def _drop(self, problem: Problem | None = None) -> None:
        self._patience.stop()
        self._enter(Stage.IDLE)
        if problem:
            show_problem(self._window, problem)

    def _enter(self, stage: Stage) -> None:
        self.stage = stage
        self.entered.emit(stage)
