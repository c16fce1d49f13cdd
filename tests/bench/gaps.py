"""How long the event loop of the real window is held up: a timer of 4 ms, and the gaps between its ticks."""

import sys
import time
from dataclasses import replace

from figures import gaps_of
from parent import answer, given_connections
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from stage import Stage, stage, wait_for

from confirmdesk.practice.launch import PracticeServer
from confirmdesk.ui.sending.review_dialog import ReviewDialog

TICK_MS = 4
PEOPLE = 1_000
# All that AWS allows an account, ten times the usual pace; unpaced, eight threads would fight for the interpreter.
PER_SECOND = 50.0


class Ticker:
    """The moments at which the event loop got to a timer."""

    def __init__(self) -> None:
        self._moments: list[float] = []
        self._timer = QTimer(interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self._moments.append(time.perf_counter()))

    def start(self) -> None:
        self._moments.append(time.perf_counter())
        self._timer.start()

    def finish(self, done: int) -> None:
        """Tell the parent about every gap since `start`, the one up to this moment included."""
        self._timer.stop()
        self._moments.append(time.perf_counter())
        gaps, taken = gaps_of(self._moments), self._moments[-1] - self._moments[0]
        answer({"p99": gaps.p99, "most": gaps.most, "ticks": len(self._moments), "seconds": taken, "done": done})


def loading() -> None:
    large, small = given_connections()
    with stage((large, small)) as made:
        made.load(small)
        made.settle()
        ticker = Ticker()
        ticker.start()
        made.load(large)
        made.settle()
        ticker.finish(made.window.work.users.model.counts().loaded)


def sending_codes() -> None:
    """Everybody, through the review, at the highest pace that makes sense."""
    with PracticeServer.start(PEOPLE) as server, stage() as made:
        made.session.adopt(server)
        made.session.know_secrets({c.client_id: c.secret for pool in server.pools for c in pool.clients if c.secret})
        made.session.ledger, _ = made.session.open_ledger()
        fast = replace(server.connection(), per_second=PER_SECOND)
        made.session.settings = replace(made.session.settings, connections=(fast,))
        made.load(fast)
        made.window.work.users.model.pick_all_shown()
        press(made.window, "Review and send")
        run(made)


def run(made: Stage) -> None:
    dialogs: list[ReviewDialog] = []
    while not dialogs:
        made.settle()
        dialogs = made.window.findChildren(ReviewDialog)
    ticker = Ticker()
    made.window.sending.began.connect(lambda _: ticker.start())
    made.settle()
    press(dialogs[0], "Send codes")
    wait_for(made.window.sending.ended)
    made.settle()
    assert made.window.sending.panel
    ticker.finish(sum(bool(result.at) for result in made.window.sending.panel.results()))


def press(parent: QWidget, name: str) -> None:
    found = next(button for button in parent.findChildren(QPushButton) if button.accessibleName() == name)
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


{"loading": loading, "sending": sending_codes}[sys.argv[-1]]()
