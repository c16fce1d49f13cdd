"""Deadlines that let a test see the calls under way: it ends one at the moment that counts, and no clock decides."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from confirmdesk.core.aws.deadlines import Call, Deadlines


class SeenDeadlines(Deadlines):
    """`calls` are all that have begun, the first first."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[Call] = []

    @contextmanager
    def within(self, seconds: float) -> Iterator[Call]:
        with super().within(seconds) as call:
            self.calls.append(call)
            yield call


def when(there: Callable[[], object], act: Callable[[], object]) -> threading.Thread:
    """Do `act` as soon as `there` says so, in a thread of its own."""

    def wait() -> None:
        while not there():
            threading.Event().wait(0.01)
        act()

    thread = threading.Thread(target=wait, daemon=True)
    thread.start()
    return thread
