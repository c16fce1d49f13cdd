"""From picked people to a finished run: prepare, review, send. One flow, read from top to bottom."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from confirmdesk.core.connections import Connection
from confirmdesk.core.errors import ConfirmdeskError, Problem
from confirmdesk.core.outcomes import Again
from confirmdesk.core.plan import Plan
from confirmdesk.core.secret import Secret
from confirmdesk.core.text import count
from confirmdesk.ui.messages import ask_three, show_problem
from confirmdesk.ui.world import World

# Reviews, runs and what they send with are imported when they come: the first paint needs none of them.
if TYPE_CHECKING:
    from confirmdesk.core.aws_pool import Control
    from confirmdesk.core.results import Result
    from confirmdesk.ui.run_panel import RunPanel

SECRET_MISSING = Problem(
    "This app client needs its client secret, and none is stored on this computer.",
    "Edit the connection and enter the secret, or read it from AWS.",
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A plan and the secret it will be sent with. The secret is read once, for the review and the run after it."""

    plan: Plan
    secret: Secret | None
    blocked: str


class Sending(QObject):
    """`began` carries the panel of a new run, `ended` comes when nobody of it is in flight any more."""

    began = Signal(object)
    ended = Signal()

    def __init__(self, window: QWidget, world: World) -> None:
        super().__init__(window)
        self._window = window
        self._world = world
        self._preparing = False
        self._connection: Connection | None = None
        self.panel: RunPanel | None = None

    @property
    def running(self) -> bool:
        return self.panel is not None and not self.panel.finished

    def prepare(self, connection: Connection, make: Callable[[], Plan], note: str = "") -> None:
        """Make the plan and read the secret in the background, then open the review. A second press changes nothing."""
        if self._preparing or self.running:
            return
        self._preparing = True
        self._connection = connection

        def job() -> Prepared:
            return _prepare(self._world, connection, make())

        self._world.tasks.run(self, job, lambda prepared: self._review(connection, prepared, note), self._not_prepared)

    def _not_prepared(self, problem: Problem) -> None:
        self._preparing = False
        show_problem(self._window, problem)

    def _review(self, connection: Connection, prepared: Prepared, note: str) -> None:
        from confirmdesk.ui.review_dialog import ReviewDialog

        dialog = ReviewDialog(self._window, connection, prepared.plan, prepared.blocked, note)
        dialog.confirmed.connect(lambda plan: self._send(connection, plan, prepared.secret))
        dialog.finished.connect(self._reviewed)
        dialog.open()

    def _reviewed(self) -> None:
        # Not before: an assistive tool can press what the review covers, and a second review would mail people twice.
        self._preparing = False

    def _send(self, connection: Connection, plan: Plan, secret: Secret | None) -> None:
        from confirmdesk.core.aws_resend import open_sender
        from confirmdesk.core.campaign import Campaign
        from confirmdesk.ui.run_panel import RunPanel

        campaign = Campaign(plan)
        self.panel = panel = RunPanel(campaign)
        panel.send_again_requested.connect(self._ask_again)
        panel.export_requested.connect(self._choose_file)
        panel.confirmed_count_requested.connect(self._count_confirmed)
        stream = self._world.tasks.stream(panel, panel.take)
        self.began.emit(panel)

        def job() -> None:
            sender = open_sender(self._world.aws, connection, secret)
            campaign.run(sender.send, stream.put)

        self._world.tasks.run(panel, job, lambda _: self._finish(panel), lambda problem: self._fail(panel, problem))

    def _finish(self, panel: RunPanel) -> None:
        panel.finish()
        self.ended.emit()

    def _fail(self, panel: RunPanel, problem: Problem) -> None:
        panel.fail(problem.text())
        self.ended.emit()

    # After the run

    def _ask_again(self) -> None:
        assert self.panel
        results, now = self.panel.results(), time.time()
        safe = [result for result in results if result.may_go_again(now)]
        risky = [result for result in results if result.verdict.again is Again.ASK]
        if not risky:
            self._again(safe)
            return
        people = count(len(risky), "person", "people")
        ask_three(
            self._window,
            f"{people} may already have got a code.",
            "The answer about them was doubtful or never came. Sending again may mail them twice; asking them to look "
            "first does not.",
            (f"Include them ({len(safe) + len(risky):,})", lambda: self._again([*safe, *risky])),
            (f"Only the others ({len(safe):,})", (lambda: self._again(safe)) if safe else None),
        )

    def _again(self, results: list[Result]) -> None:
        assert self._connection
        plan = Plan(tuple(result.recipient for result in results))
        self.prepare(self._connection, lambda: plan, "The same requests as before, for those who can be sent to again.")

    def _choose_file(self) -> None:
        name = f"confirmdesk {datetime.now().astimezone():%Y-%m-%d %H%M}.csv"
        dialog = QFileDialog(self._window, "Export results", str(Path.home() / name), "CSV files (*.csv)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(self.export_to)
        dialog.open()

    def export_to(self, path: str) -> None:
        """Write the results to `path` in the background."""
        from confirmdesk.core.report import results_csv, write_csv

        panel = self.panel
        assert panel
        results, zone = panel.results(), datetime.now().astimezone().tzinfo
        assert zone
        self._world.tasks.run(
            panel,
            lambda: write_csv(Path(path), results_csv(results, zone)),
            lambda _: panel.mark_exported(Path(path).name),
        )

    def _count_confirmed(self) -> None:
        from confirmdesk.core.aws_pool import Control

        panel, connection = self.panel, self._connection
        assert panel
        assert connection
        served = {result.recipient.user.username for result in panel.results()}
        aws = self._world.aws
        panel.count_confirmed.setEnabled(False)

        def over(number: int) -> None:
            panel.count_confirmed.setEnabled(True)
            panel.show_confirmed(number)

        def failed(problem: Problem) -> None:
            panel.count_confirmed.setEnabled(True)
            panel.say(problem.text())

        self._world.tasks.run(panel, lambda: len(served - _unconfirmed(Control(aws, connection))), over, failed)


def _prepare(world: World, connection: Connection, plan: Plan) -> Prepared:
    if connection.needs_secret is False:
        return Prepared(plan, None, "")
    try:
        secret = world.vault.read(connection.slot)
    except ConfirmdeskError as error:
        return Prepared(plan, None, error.problem.text() if connection.needs_secret else "")
    missing = connection.needs_secret and not secret
    return Prepared(plan, secret, SECRET_MISSING.text() if missing else "")


def _unconfirmed(control: Control) -> set[str]:
    """Everybody who is unconfirmed now. The list costs nothing; AdminGetUser would bill each active user."""
    from confirmdesk.core.aws_pool import pages

    return {user.username for page in pages(control, "", lambda: False) for user in page.users}
