"""Deadlines that let a test see the calls under way: it ends one at the moment that counts, and no clock decides."""

from collections.abc import Iterator
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
