"""What the window knows of sending: the order that is under way, the run on the screen, and what follows from it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import Problem
from confirmdesk.core.sending.outcomes import Again
from confirmdesk.core.sending.plan import Plan
from confirmdesk.core.sending.results import left_out_of_again
from confirmdesk.core.text import count
from confirmdesk.ui.kit.messages import ask_three, show_problem
from confirmdesk.ui.kit.theme import Theme
from confirmdesk.ui.sending.flow import SendFlow, Stage
from confirmdesk.ui.sending.order import MakePlan
from confirmdesk.ui.session import Session

if TYPE_CHECKING:
    from confirmdesk.core.ledger.ledger import Run
    from confirmdesk.core.sending.results import Result
    from confirmdesk.ui.sending.run_panel import RunPanel

# How long somebody may take to type the keyring's password, in milliseconds.
PATIENCE_MS = 120_000


class Sending(QObject):
    """One order at a time, up to the end of its run. `entered` carries each stage of it, `began` the panel of a run;
    `ended` comes when nobody of it is in flight any more."""

    entered = Signal(object)
    began = Signal(object)
    ended = Signal()
    # Practice only: see `SendFlow`.
    reset_requested = Signal()

    def __init__(self, window: QWidget, session: Session, theme: Theme, patience_ms: int = PATIENCE_MS) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._theme = theme
        self.patience_ms = patience_ms
        # Before its run an order is not yet what the screen shows: where nothing comes of it the run before stays.
        self._order: SendFlow | None = None
        self._run: SendFlow | None = None

    @property
    def stage(self) -> Stage:
        """Of the order that is under way, else of the run on the screen."""
        flow = self._order or self._run
        return flow.stage if flow else Stage.IDLE

    @property
    def running(self) -> bool:
        """Whether a run is not over yet; a paused one is not."""
        return self._run is not None and self._run.stage is Stage.RUNNING

    @property
    def committed(self) -> bool:
        """Whether codes are sent, or will be as soon as the run is written down."""
        return self.stage in (Stage.WRITING, Stage.RUNNING)

    @property
    def panel(self) -> RunPanel | None:
        """The panel of the latest run."""
        return self._run.panel if self._run else None

    @property
    def connection_name(self) -> str:
        """The name of the connection that the run on the screen goes through."""
        return self._run.connection_name if self._run else ""

    def prepare(self, connection: Connection, make: MakePlan, note: str = "") -> None:
        """Open a review; a second press while one is under way is ignored."""
        before = self._run.run if self._run else 0
        if flow := self._new_flow():
            flow.start(connection, make, note, before)

    def resume(self, connection: Connection, run: Run, results: list[Result]) -> None:
        """Go on with an interrupted run: those who are left get the very requests that were reviewed."""
        if flow := self._new_flow():
            flow.start_again(connection, run, results)

    def give_up(self) -> None:
        """The window goes: no review comes of what is being prepared."""
        if self._order:
            self._order.give_up()

    def stop(self) -> None:
        """Send to nobody else; `ended` comes when the calls in flight are back."""
        if self._run:
            self._run.stop()

    def end_run(self) -> None:
        """Nobody of the run on the screen is sent to any more; the values of its requests are erased."""
        if self._run:
            self._run.end_for_good()

    def put_away(self) -> None:
        """The run leaves the screen. What is still open of it stays in the record, and the next run does not end it."""
        flow, self._run = self._run, None
        if flow:
            flow.deleteLater()

    def connection_renamed(self, before: str, now: str) -> None:
        if self._run and self._run.connection_name == before:
            self._run.connection_name = now

    # One order

    def _new_flow(self) -> SendFlow | None:
        """None while one is under way: an assistive tool can press what a review covers, and a second review would
        mail people twice."""
        if self.stage not in (Stage.IDLE, Stage.OVER):
            return None
        self._order = flow = SendFlow(self._window, self._session, self._theme, self.patience_ms)
        flow.entered.connect(partial(self._follow, flow))
        flow.reset_requested.connect(self.reset_requested)
        return flow

    def _follow(self, flow: SendFlow, stage: Stage) -> None:
        if stage is Stage.IDLE:
            self._order = None
            flow.deleteLater()
        elif stage is Stage.RUNNING:
            self._put_up(flow)
        self.entered.emit(self.stage)
        if stage is Stage.OVER:
            self.ended.emit()

    def _put_up(self, flow: SendFlow) -> None:
        """The run takes the screen, from whichever was there before."""
        before, self._run, self._order = self._run, flow, None
        assert flow.panel
        flow.panel.send_again_requested.connect(self._ask_again)
        self.began.emit(flow.panel)
        if before:
            before.deleteLater()

    # After the run

    def _ask_again(self) -> None:
        assert self.panel
        results, now = self.panel.results(), self._session.clock.now()
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
        connection = self._session.connection(self.connection_name)
        if connection is None:
            show_problem(self._window, Problem("The connection of this run is gone.", "Create it again to send."))
            return
        everybody = self.panel.results() if self.panel else results
        left_out = left_out_of_again(everybody, results, self._session.clock.now())
        plan = Plan(tuple(result.recipient for result in results), left_out)
        note = "The same requests as before, for those who can be sent to again."
        self.prepare(connection, lambda _: plan, note)
