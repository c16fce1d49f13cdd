"""Reading a pool's unconfirmed users in the background, page by page, and what else is known of the pool."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from confirmdesk.core.connections.connection import Connection
from confirmdesk.core.errors import ConfirmdeskError, Kind, Problem
from confirmdesk.core.people.users import User
from confirmdesk.ui.kit.tasks import Stream, Task
from confirmdesk.ui.session import Session

if TYPE_CHECKING:
    from confirmdesk.core.cognito.control import Control, Identity, PoolFacts
    from confirmdesk.core.cognito.pages import Page

# Each portion makes the table paint itself anew, and the worker waits meanwhile.
PORTION_MS = 120


class Listing(QObject):
    """One pool at a time. A new `start` forgets the one before, whatever still arrives from it.

    `identity_known` carries whose credentials the connection uses, None where that could not be learned.
    """

    started = Signal(bool)
    came = Signal(list)
    finished = Signal()
    stopped = Signal()
    failed = Signal(object)
    facts_known = Signal(object)
    identity_known = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._connection: Connection | None = None
        self._token = ""
        # What the last reading failed for: a sign-in that was missing, or had expired.
        self._wants_sign_in = False
        self._stop = threading.Event()
        self._jobs: list[Task] = []
        self._stream: Stream[Page] | None = None
        self._arrived: list[User] = []
        self._portion = QTimer(self, interval=PORTION_MS, singleShot=True)
        self._portion.timeout.connect(self._hand_over)

    def start(self, connection: Connection) -> None:
        """Read `connection`'s pool from its first page on, with fresh credentials."""
        self._connection, self._token = connection, ""
        self._begin(anew=True)

    def load_more(self) -> None:
        """Ask again for the page that failed or was not asked for; tokens live for an hour."""
        if self._connection and self._stream is None:
            self._begin(anew=False)

    def go_on(self) -> None:
        """Somebody has signed in: a list that failed for want of it goes on with the page that failed."""
        if self._wants_sign_in:
            self._begin(anew=not self._token)

    def stop(self) -> None:
        """Ask for no further page. What has come stays; a call that hangs is not waited for."""
        if self._stream is not None:
            self._hand_over()
            self.forget()
            self.stopped.emit()

    def forget(self) -> None:
        """Nothing that is under way is of interest any more."""
        self._wants_sign_in = False
        self._stop.set()
        for job in self._jobs:
            job.cancel()
        if self._stream:
            self._stream.close()
        self._jobs, self._stream, self._arrived = [], None, []
        self._portion.stop()

    def _begin(self, anew: bool) -> None:
        self.forget()
        assert self._connection
        connection, self._stop = self._connection, threading.Event()
        self._stream = self._session.tasks.stream(self, self._take)
        self.started.emit(anew)
        make = self._session.tasks.run(
            self, lambda: _control(self._session, connection), lambda control: self._ask(control, anew), self._not_begun
        )
        self._jobs.append(make)

    def _ask(self, control: Control, anew: bool) -> None:
        tasks, stream, stop, token = self._session.tasks, self._stream, self._stop, self._token
        assert stream
        self._jobs.append(tasks.run(self, lambda: _read(control, stream, token, stop), self._end, self._fail))
        if anew:
            self._jobs.append(tasks.run(self, lambda: _facts(control), self.facts_known.emit))
            self._jobs.append(tasks.run(self, lambda: _identity(control), self.identity_known.emit))

    def _take(self, pages: list[Page]) -> None:
        for page in pages:
            self._arrived += page.users
        # Kept here and not by the worker: one whose listing is forgotten must not move the place of the next.
        self._token = pages[-1].token
        if not self._portion.isActive():
            self._hand_over()

    def _hand_over(self) -> None:
        if self._arrived:
            arrived, self._arrived = self._arrived, []
            self._portion.start()
            self.came.emit(arrived)

    def _end(self, complete: bool) -> None:
        self._rest()
        (self.finished if complete else self.stopped).emit()

    def _not_begun(self, problem: Problem) -> None:
        self.identity_known.emit(None)
        self._fail(problem)

    def _fail(self, problem: Problem) -> None:
        self._rest()
        self._wants_sign_in = problem.kind in (Kind.NO_SIGN_IN, Kind.EXPIRED)
        self.failed.emit(problem)

    def _rest(self) -> None:
        self._hand_over()
        self._stream = None


def _control(session: Session, connection: Connection) -> Control:
    from confirmdesk.core.cognito.control import Control

    return Control(session.aws, connection)


def _read(control: Control, stream: Stream[Page], token: str, stop: threading.Event) -> bool:
    """In a worker: every page from `token` on; True if the list was read to its end."""
    from confirmdesk.core.cognito.control import pages

    complete = False
    for page in pages(control, token, stop.is_set):
        stream.put(page)
        complete = not page.token
    return complete


def _facts(control: Control) -> PoolFacts | None:
    try:
        return control.pool_facts()
    except ConfirmdeskError:
        return None  # no right to describe: the window says what follows from that


def _identity(control: Control) -> Identity | None:
    try:
        return control.identity()
    except ConfirmdeskError:
        return None
