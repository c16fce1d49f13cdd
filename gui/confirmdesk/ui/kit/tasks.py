"""Work off the GUI thread, and its results back on it. The only module that knows threads and windows both."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from confirmdesk.core.errors import ConfirmdeskError, Problem

T = TypeVar("T")

COALESCE_MS = 50
_LOG = logging.getLogger(__name__)


class Task:
    """One piece of work under way."""

    def __init__(self, owner: QObject) -> None:
        self.owner = owner
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Drop the result; a job that has not begun never will. A job under way is not interrupted."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def is_wanted(self) -> bool:
        """Whether anybody is left to hear of it. GUI thread only."""
        return not self.cancelled and shiboken6.isValid(self.owner)


class Stream(Generic[T]):
    """A box that a worker fills and the GUI thread empties."""

    def __init__(self, task: Task, intake: Callable[[list[T]], None], wake: Callable[["Stream[Any]"], None]) -> None:
        self._task = task
        self._intake = intake
        self._wake = wake
        self._lock = threading.Lock()
        self._items: list[T] = []
        self._awaited = False
        self._emptied_at = -1.0

    def put(self, item: T) -> None:
        """From any thread. The GUI thread is woken once per batch, not once per item."""
        with self._lock:
            self._items.append(item)
            # Not whether the box is empty: a job's end empties it too, while a timer is still on its way.
            first, self._awaited = not self._awaited, True
        if first:
            self._wake(self)

    def close(self) -> None:
        """Nothing is delivered any more."""
        self._task.cancel()

    def timer_fired(self) -> None:
        """Hand over what has gathered; the next item wakes the GUI thread again. GUI thread only."""
        with self._lock:
            self._awaited = False
        self.deliver()

    def deliver(self) -> None:
        """Hand over what has gathered. GUI thread only."""
        with self._lock:
            items, self._items = self._items, []
        if not items:
            return
        self._emptied_at = time.monotonic()
        if self._task.is_wanted():
            self._intake(items)

    def milliseconds_to_wait(self) -> int:
        waited = (time.monotonic() - self._emptied_at) * 1000
        return max(0, round(COALESCE_MS - waited)) if self._emptied_at >= 0 else 0

    @property
    def owner(self) -> QObject:
        return self._task.owner

    def is_wanted(self) -> bool:
        return self._task.is_wanted()


@dataclass(frozen=True, slots=True)
class _Entry:
    task: Task
    job: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Problem], None]


@dataclass(frozen=True, slots=True)
class _Outcome:
    number: int
    result: Any = None
    problem: Problem | None = None


class Tasks(QObject):
    """Runs jobs in daemon threads: whoever closes the window does not wait for a server that never answers, which the
    executor of the standard library makes the interpreter do at its end. Make it in the GUI thread, and give it a
    parent: threads that still hang when it goes hold it too.

    Without a `failed` of its own a job's error is shown by `show_problem`: nothing fails in silence.
    """

    _ended = Signal(object)
    _filled = Signal(object)

    def __init__(
        self, show_problem: Callable[[Problem], None], parent: QObject | None = None, workers: int = 8
    ) -> None:
        super().__init__(parent)
        self._show_problem = show_problem
        self._most = workers
        self._threads: list[threading.Thread] = []
        self._numbers: queue.SimpleQueue[int | None] = queue.SimpleQueue()
        # Jobs and callbacks stay here until they are delivered, for they hold widgets: a thread that dropped the last
        # reference to one would destroy it in the wrong thread.
        self._entries: dict[int, _Entry] = {}
        self._count = 0
        self._closed = False
        self._streams: list[Stream[Any]] = []
        # Queued whoever emits: nothing is ever delivered in the middle of the call that asked for it.
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._filled.connect(self._schedule, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        owner: QObject,
        job: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Problem], None] | None = None,
    ) -> Task:
        """Do `job` in a thread, then call `done` or `failed` in this one, unless `owner` is gone by then."""
        task = Task(owner)
        if not self._closed:
            self._count += 1
            self._entries[self._count] = _Entry(task, job, done, failed or self._show_problem)
            self._numbers.put(self._count)
            self._grow()
        return task

    def stream(self, owner: QObject, intake: Callable[[list[T]], None]) -> Stream[T]:
        """A box whose items reach `intake` in this thread, in order, at most every 50 ms.

        What a job of the same owner put before it ended arrives before its `done`.
        """
        made: Stream[T] = Stream(Task(owner), intake, self._wake)
        self._streams = [stream for stream in self._streams if stream.is_wanted()]
        self._streams.append(made)
        return made

    def is_busy(self) -> bool:
        """Whether a job is under way or its result still on the way."""
        return bool(self._entries)

    def shutdown(self, patience: float = 1.0) -> None:
        """Deliver nothing more and give jobs under way `patience` seconds, all together, to end."""
        self._closed = True
        for stream in self._streams:
            stream.close()
        for entry in self._entries.values():
            entry.task.cancel()
        for _ in self._threads:
            self._numbers.put(None)
        end = time.monotonic() + patience
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))

    def _grow(self) -> None:
        # One thread for each job not yet delivered: a long job never holds up a short one while there is room.
        if len(self._threads) < min(self._most, len(self._entries)):
            thread = threading.Thread(target=self._work, name=f"task-{len(self._threads) + 1}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def _work(self) -> None:
        while (number := self._numbers.get()) is not None and not self._closed:
            outcome = self._attempt(number)
            if not self._closed and shiboken6.isValid(self):
                self._ended.emit(outcome)
            # Or this thread would hold the result until its next job, and free it then.
            del outcome

    def _attempt(self, number: int) -> _Outcome:
        entry = self._entries[number]
        if entry.task.cancelled:
            return _Outcome(number)
        try:
            return _Outcome(number, entry.job())
        except ConfirmdeskError as error:
            return _Outcome(number, problem=error.problem)
        except Exception as error:
            _LOG.exception("A background job failed")
            return _Outcome(number, problem=unexpected(error))

    def _wake(self, stream: Stream[Any]) -> None:
        if not self._closed and shiboken6.isValid(self):
            self._filled.emit(stream)

    def _deliver(self, outcome: _Outcome) -> None:
        entry = self._entries.pop(outcome.number)
        if self._closed or not entry.task.is_wanted():
            return
        for stream in [s for s in self._streams if s.owner is entry.task.owner]:
            stream.deliver()
        if not entry.task.is_wanted():  # the intake may have cancelled it
            return
        if outcome.problem is None:
            entry.done(outcome.result)
        else:
            entry.failed(outcome.problem)

    def _schedule(self, stream: Stream[Any]) -> None:
        # Not the method itself: Qt would not keep the stream, and call into freed memory once it is forgotten.
        QTimer.singleShot(stream.milliseconds_to_wait(), self, lambda: stream.timer_fired())


def unexpected(error: BaseException) -> Problem:
    """For what nobody foresaw. Only the kind of error is told: its text may hold anything."""
    return Problem(
        "Something went wrong inside the program.",
        "Try again; if it happens again, an administrator finds the details in the log file.",
        type(error).__name__,
    )
