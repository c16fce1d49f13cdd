"""From picked people to a finished run: prepare, review, send, resume. One flow, read from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.connections.secret import Secret
from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.people.past import Past
from confirmdesk.core.sending.outcomes import Again
from confirmdesk.core.sending.plan import Plan
from confirmdesk.core.sending.results import still_open
from confirmdesk.core.text import count
from confirmdesk.ui.kit.messages import ask_three, show_problem
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.session import Session

# Reviews, runs and what they send with are imported when they come: the first paint needs none of them.
if TYPE_CHECKING:
    from confirmdesk.core.checks.before_sending import Check, ConnectionFacts
    from confirmdesk.core.checks.forecast import Forecast
    from confirmdesk.core.ledger.journal import RunJournal
    from confirmdesk.core.ledger.ledger import Ledger, Run
    from confirmdesk.core.sending.campaign import Campaign
    from confirmdesk.core.sending.results import Result
    from confirmdesk.ui.kit.tasks import Stream, Task
    from confirmdesk.ui.sending.run_panel import RunPanel

SECRET_MISSING = Problem(
    "This app client needs its client secret, and none is stored on this computer.",
    "Edit the connection and enter the secret, or read it from AWS.",
)
KEYRING_SILENT = Problem(
    "The keyring did not answer, so nothing was prepared.",
    "It may wait for its password in a window behind this one. Unlock it, then press Review again.",
)
# How long somebody may take to type the keyring's password, in milliseconds.
PATIENCE_MS = 120_000

MakePlan = Callable[[Past], Plan]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan and the secret it will be sent with. The secret is read once, for the review and the run after it."""

    plan: Plan
    secret: Secret | None
    blocked: str
    sent_today: int = 0


class Sending(QObject):
    """`began` carries the panel of a run, `ended` comes when nobody of it is in flight any more, `busy` while a review
    is being prepared, `not_begun` where nothing comes of what was asked for."""

    began = Signal(object)
    ended = Signal()
    busy = Signal(bool)
    not_begun = Signal()

    def __init__(self, window: QWidget, session: Session, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._session = session
        self._preparing = False
        self._task: Task | None = None
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._give_up)
        self._connection = ""
        self.panel: RunPanel | None = None

    @property
    def running(self) -> bool:
        """Whether a run is not over yet; a paused one is not."""
        return self.panel is not None and not self.panel.finished

    @property
    def connection_name(self) -> str:
        """The name of the connection that the run on the screen goes through."""
        return self._connection

    # Before the run

    def prepare(self, connection: Connection, make: MakePlan, note: str = "") -> None:
        """Make the plan and read the secret in the background, then open the review; a second press is ignored."""
        if self._preparing or self.running:
            return
        session = self._session
        if session.ledger is None:
            show_problem(self._window, session.ledger_problem)
            return
        ledger = session.ledger
        self._set_preparing(True)
        self._task = session.tasks.run(
            self,
            lambda: _prepare(session, ledger, connection, make),
            lambda prepared: self._review(connection, prepared, note),
            self._not_prepared,
        )

    def _set_preparing(self, preparing: bool) -> None:
        self._preparing = preparing
        self.busy.emit(preparing)
        if preparing:
            self._patience.start()
        else:
            self._patience.stop()

    def _give_up(self) -> None:
        if self._task:
            self._task.cancel()
        self._not_prepared(KEYRING_SILENT)

    def _not_prepared(self, problem: Problem) -> None:
        self._set_preparing(False)
        self.not_begun.emit()
        show_problem(self._window, problem)

    def _review(self, connection: Connection, prepared: Prepared, note: str) -> None:
        from confirmdesk.core.checks import before_sending as checks
        from confirmdesk.core.checks.forecast import forecast
        from confirmdesk.core.cognito.control import Control, PoolFacts
        from confirmdesk.ui.sending.review_dialog import ReviewDialog

        self._patience.stop()

        def judge(facts: ConnectionFacts, plan: Plan) -> tuple[tuple[Check, ...], Forecast]:
            pool = facts.pool if isinstance(facts.pool, PoolFacts) else None
            checked = checks.checks_of(facts, connection, prepared.secret, plan, prepared.sent_today)
            return checked, forecast(plan, connection.per_second, pool, prepared.sent_today)

        session = self._session
        dialog = ReviewDialog(self._window, self._theme, connection, prepared.plan, judge, prepared.blocked, note)
        session.tasks.run(
            dialog, lambda: checks.read_facts(Control(session.aws, connection)), dialog.show_facts, dialog.unchecked
        )
        dialog.confirmed.connect(lambda plan, first: self._write_down(connection, plan, prepared.secret, first))
        dialog.finished.connect(self._reviewed)
        dialog.open()
        # The keyring has answered. Still nobody begins another one: `_preparing` stays until the review is over.
        self.busy.emit(False)

    def _reviewed(self) -> None:
        # Not before: an assistive tool can press what the review covers, and a second review would mail people twice.
        self._set_preparing(False)

    def _write_down(self, connection: Connection, plan: Plan, secret: Secret | None, first: bool) -> None:
        """The whole run goes to the ledger before its first call."""
        from confirmdesk.core.ledger.ledger import this_operator

        ledger, before = self._session.ledger, self.panel.run if self.panel else 0
        assert ledger
        operator = this_operator(self._session.identity)
        # Until the run is on the screen a second review must not open.
        self._set_preparing(True)

        def job() -> RunJournal:
            if before:
                # Whoever is left of the run before is in this one: it must not come back as interrupted.
                ledger.end(before, time.time())
            return ledger.begin(connection, operator, plan, connection.per_second, time.time())

        self._session.tasks.run(
            self, job, lambda journal: self._send(connection, plan, secret, journal, None, first), self._not_prepared
        )

    # The run

    def resume(self, connection: Connection, run: Run, results: list[Result]) -> None:
        """Go on with an interrupted run: those who are left get the very requests that were reviewed."""
        if self._preparing or self.running:
            self.not_begun.emit()
            return
        ledger = self._session.ledger
        assert ledger
        plan = Plan(tuple(result.recipient for result in results))

        def job() -> tuple[Prepared, RunJournal]:
            return _with_secret(self._session, connection, plan), ledger.journal(run.id)

        def ready(made: tuple[Prepared, RunJournal]) -> None:
            prepared, journal = made
            if prepared.blocked:
                self._set_preparing(False)
                self.not_begun.emit()
                show_problem(self._window, Problem(prepared.blocked))
            else:
                self._send(connection, plan, prepared.secret, journal, results, False)

        self._set_preparing(True)
        self._task = self._session.tasks.run(self, job, ready, self._not_prepared)

    def _send(
        self,
        connection: Connection,
        plan: Plan,
        secret: Secret | None,
        journal: RunJournal,
        results: list[Result] | None,
        first: bool,
    ) -> None:
        from confirmdesk.core.cognito.resend import open_sender
        from confirmdesk.core.sending.campaign import Campaign
        from confirmdesk.core.sending.pace import Pace
        from confirmdesk.ui.sending.run_panel import RunPanel

        self._set_preparing(False)
        campaign = Campaign(plan, journal, Pace(connection.per_second), results)
        if first:
            campaign.pause_after(1)
        self._connection = connection.name
        self.panel = panel = RunPanel(self._session.tasks, campaign, journal.run)
        panel.send_again_requested.connect(self._ask_again)
        stream: Stream[None] = self._session.tasks.stream(panel, panel.take)
        self.began.emit(panel)

        def job() -> None:
            campaign.run(lambda: open_sender(self._session.aws, connection, secret).send, lambda: stream.put(None))

        self._session.tasks.run(panel, job, lambda _: self._finish(panel), lambda problem: self._fail(panel, problem))

    def _finish(self, panel: RunPanel) -> None:
        panel.finish()
        self._end_if_complete(panel.campaign, panel.run)
        self.ended.emit()

    def _fail(self, panel: RunPanel, problem: Problem) -> None:
        panel.fail(problem.text())
        self.ended.emit()

    def _end_if_complete(self, campaign: Campaign, run: int) -> None:
        if not still_open(campaign.results()):
            self.end_run(run)

    def end_run(self, run: int) -> None:
        """Nobody of this run is sent to any more; the values of its requests are erased."""
        ledger = self._session.ledger
        if ledger:
            self._session.tasks.run(self, lambda: ledger.end(run, time.time()), lambda _: None)

    # After the run

    def _ask_again(self) -> None:
        assert self.panel
        results, now = self.panel.results(), time.time()
        safe = [result for result in results if result.may_go_again(now)]
        risky = [result for result in results if result.verdict.again is Again.ASK]
        if not risky:
            self.again(safe)
            return
        people = count(len(risky), "person", "people")
        ask_three(
            self._window,
            f"{people} may already have got a code.",
            "The answer about them was doubtful or never came. Sending again may mail them twice; asking them to look "
            "first does not.",
            (f"Include them ({len(safe) + len(risky):,})", lambda: self.again([*safe, *risky])),
            (f"Only the others ({len(safe):,})", (lambda: self.again(safe)) if safe else None),
        )

    def again(self, results: list[Result]) -> None:
        """A review with the same requests. The connection is looked up anew: it may have been mended meanwhile."""
        connection = self._session.connection(self._connection)
        if connection is None:
            show_problem(self._window, Problem("The connection of this run is gone.", "Create it again to send."))
            return
        plan = Plan(tuple(result.recipient for result in results))
        note = "The same requests as before, for those who can be sent to again."
        self.prepare(connection, lambda _: plan, note)

    def connection_renamed(self, before: str, now: str) -> None:
        if self._connection == before:
            self._connection = now


def _prepare(session: Session, ledger: Ledger, connection: Connection, make: MakePlan) -> Prepared:
    from confirmdesk.core.checks.forecast import mail_day

    now = time.time()
    plan, sent_today = make(ledger.past(connection, now)), ledger.mails_since(mail_day(now))
    return replace(_with_secret(session, connection, plan), sent_today=sent_today)


def _with_secret(session: Session, connection: Connection, plan: Plan) -> Prepared:
    if connection.read_only:
        return Prepared(plan, None, "This connection is read-only: it lists people and sends nothing.")
    if connection.needs_secret is False:
        return Prepared(plan, None, "")
    try:
        secret = session.vault.read(connection.slot)
    except ConfirmdeskError as error:
        return Prepared(plan, None, error.problem.text() if connection.needs_secret else "")
    missing = connection.needs_secret and not secret
    return Prepared(plan, secret, SECRET_MISSING.text() if missing else "")
